// SPDX-License-Identifier: GPL-2.0-only
/* dpcm-latency report: where the time of the triggers goes */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "names.h"
#include "table.h"
#include "util.h"

enum { FORMAT_TEXT, FORMAT_CSV };
static const char *const formats[] = { [FORMAT_TEXT] = "text", [FORMAT_CSV] = "csv", NULL };

static const struct option_desc options[] = {
	{ "format", OPT_CHOICE, PARAM(format), formats, 0, 0,
	  "text: a table for people, in us; csv: in ns, and all that is not the table goes to stderr" },
	{ "worst", OPT_NUMBER, PARAM(worst), NULL, 0, 100, "show so many of the longest triggers; 5 without it" },
	OPTIONS_WINDOW, OPTIONS_SELECT, OPTIONS_PHASE("only this phase; be: all BEs, be:NAME: one"),
	OPTION_HELP, { }
};

static const char output[] =
"Before the table: events that were lost, the files, which events the report was made\n"
"from, what it cannot know for want of others, and how the events went together:\n"
"  cancelled        commands that left the queue before they ran: a pause and a release that\n"
"                   met there (two), or what a failed start made void\n"
"  never run        queued, and neither run nor cancelled before the trace ended\n"
"  without end      a start (of a BE, of a run, of a trigger) whose end is not there\n"
"  without start    an end whose start is not there, as at the beginning of a trace\n"
"  discarded        what may have lost its other half, or a part, where events were lost\n"
"  failed           deferred triggers that ended with an error\n"
"\n"
TABLE_HELP
"\n"
"After the table: the longest triggers, each with the time of its start, its phases, and as far as\n"
"sched, lock and irq events were recorded (trace-configs/full) what ran on the CPU until it ran and\n"
"who held the mutex. Then the warm-up (--skip), in a table of its own.\n";

static void print_csv(FILE *f, const struct lines *lines)
{
	fprintf(f, "card,fe,stream,mode,cmd,how,phase,count,p50_ns,p90_ns,p99_ns,p999_ns,max_ns\n");
	for (size_t i = 0; i < lines->n; i++) {
		const struct line *l = &lines->line[i];
		uint64_t n = dist_count(l->dist);

		csv_field(f, name_of(l->key.card));
		csv_field(f, name_of(l->key.fe));
		csv_field(f, stream_name(l->key.stream));
		csv_field(f, l->mode);
		csv_field(f, cmd_name(l->key.cmd));
		csv_field(f, how_names[l->key.how]);
		csv_field(f, l->phase);
		fprintf(f, "%llu,%llu,%llu,%llu,", (unsigned long long)n, (unsigned long long)dist_quantile(l->dist, 500),
			(unsigned long long)dist_quantile(l->dist, 900), (unsigned long long)dist_quantile(l->dist, 990));
		if (n >= ENOUGH_FOR_P999)
			fprintf(f, "%llu", (unsigned long long)dist_quantile(l->dist, 999));
		fprintf(f, ",%llu\n", (unsigned long long)dist_quantile(l->dist, 1000));
	}
}

static void print_trigger(FILE *f, const struct shown_trigger *w)
{
	const struct trigger *t = &w->t;
	const struct be_span *slowest = NULL;
	const char *line = w->why, *end;

	fprintf(f, "  %.2f us at %llu.%09llu: %s %s %s %s %s", t->total_ns / 1e3, (unsigned long long)(t->start / 1000000000),
		(unsigned long long)(t->start % 1000000000), name_of(t->card), name_of(t->fe), stream_name(t->stream),
		cmd_name(t->cmd), how_names[t->how]);
	if (t->seq)
		fprintf(f, " seq %u", t->seq);
	fputs("\n    ", f);
	if (t->xrun)
		fprintf(f, "xrun %.2f, ", (t->start - t->xrun) / 1e3);
	if (t->run)
		fprintf(f, "wake %.2f, lock %.2f, ", (t->wait_ns > t->lock_ns ? t->wait_ns - t->lock_ns : 0) / 1e3, t->lock_ns / 1e3);
	fprintf(f, "%u BE%s", t->nr_bes, t->nr_bes == 1 ? "" : "s");
	for (unsigned int i = 0; i < t->nr_bes; i++)
		if (!slowest || t->be[i].end - t->be[i].start > slowest->end - slowest->start)
			slowest = &t->be[i];
	if (slowest)
		fprintf(f, ", the slowest %s %.2f us", name_of(slowest->be), (slowest->end - slowest->start) / 1e3);
	if (t->ret)
		fprintf(f, ", failed: %lld", (long long)t->ret);
	fputc('\n', f);
	for (; *line; line = end + 1) {
		end = strchrnul(line, '\n');
		fprintf(f, "    %.*s\n", (int)(end - line), line);
		if (!*end)
			break;
	}
}

static void print_worst(const struct analysis *a, FILE *f)
{
	bool explained = false;

	if (!a->nr_worst)
		return;
	fprintf(f, "\nthe longest %u, by total:\n", a->nr_worst);
	for (unsigned int i = 0; i < a->nr_worst; i++) {
		explained = explained || *a->worst[i].why;
		print_trigger(f, &a->worst[i]);
	}
	if (!explained)
		fprintf(f, "not known: what ran on the CPUs meanwhile and who held the mutex (record as trace-configs/full says)\n");
}

static void print_warm_up(struct analysis *a, FILE *f)
{
	struct lines lines = results_lines(&a->set[0].warm_up, a->par);

	if (lines.n) {
		fprintf(f, "\nwarm-up: the first %u of each, not in the table above:\n", a->par->skip);
		print_table(f, &lines);
	}
	free(lines.line);
}

static int finish(struct analysis *a)
{
	struct results *res = &a->set[0];
	struct lines lines = results_lines(&res->rows, a->par);
	bool text = a->par->format == FORMAT_TEXT;
	FILE *rest = text ? a->out : stderr;

	if (!lines.n && (res->rows.n || res->counts.outside)) {
		free(lines.line);
		return results_no_match(res, a->par);
	}
	results_notes(res, rest);
	(text ? print_table : print_csv)(a->out, &lines);
	print_worst(a, rest);
	print_warm_up(a, rest);
	free(lines.line);
	return RC_OK;
}

const struct command report_command = {
	.name = "report",
	.args = "FILE...",
	.about = "where the time of DPCM triggers goes: percentiles for every FE, stream and command",
	.output = output,
	.options = options,
	.min_args = 1,
	.max_args = MANY_ARGS,
	.wants_others = true,
	.finish = finish,
};
