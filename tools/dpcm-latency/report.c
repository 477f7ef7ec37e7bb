// SPDX-License-Identifier: GPL-2.0-only
/* dpcm-latency report: where the time of the triggers goes */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "names.h"
#include "pair.h"
#include "util.h"

static const char *const formats[] = { [FORMAT_TEXT] = "text", [FORMAT_CSV] = "csv", NULL };

static const struct option_desc options[] = {
	{ "strict", OPT_FLAG, offsetof(struct params, strict), NULL, 0, 0,
	  "exit with 3 if the traces lost events (the report is printed all the same)" },
	{ "format", OPT_CHOICE, offsetof(struct params, format), formats, 0, 0,
	  "text: a table for people, in us; csv: in ns, and all that is not the table goes to stderr" },
	{ "help", OPT_FLAG, offsetof(struct params, help), NULL, 0, 0, "this text" },
	{ }
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
"Columns:\n"
"  card, fe         the card and the front end (FE); - where the event does not say\n"
"  stream           playback or capture\n"
"  cmd              the trigger: START STOP PAUSE_PUSH PAUSE_RELEASE SUSPEND RESUME DRAIN\n"
"  how              worker: deferred, run by the work item\n"
"                   inline: deferred, run by another who took the mutex first\n"
"                   sync:   not deferred, run in the trigger itself\n"
"                   irq:    the interrupt that found an xrun\n"
"                   floor:  an empty work item, measured by the virtual card\n"
"  phase            wait:    from queued to run\n"
"                   lock:    of wait, the time spent on waiting for the mutex\n"
"                   be:NAME: the trigger of that back end (BE)\n"
"                   total:   worker, inline: from queued to done;\n"
"                            sync: from the first BE's start to the last one's end, of the BE\n"
"                            calls of one task for one card, FE, stream and command until a BE\n"
"                            comes again (stock kernels: the whole of dpcm_be_dai_trigger())\n"
"                   irq_off: snd_pcm_period_elapsed() in that interrupt\n"
"                   queue:   queue_work() in an interrupt\n"
"                   wake:    from queued to running\n"
"  count            how many were measured\n"
"  p50 p90 p99 max  percentiles (exact, nearest rank) and the longest\n"
"                   text: in us; csv: p50_ns p90_ns p99_ns max_ns, in ns\n";

struct report {
	const struct params *par;
	struct pair pair;
	FILE *notes;
	char *files;		/* lines about the files, as they are read */
};

struct line {
	struct row_key key;
	struct dist *dist;
	char phase[64];
};

static void on_event(const struct event *ev, void *ctx)
{
	struct report *rep = ctx;

	pair_event(&rep->pair, ev);
}

static void on_gap(int cpu, uint64_t ts, void *ctx)
{
	struct report *rep = ctx;

	pair_gap(&rep->pair, cpu, ts);
}

static void on_buffer_end(void *ctx)
{
	struct report *rep = ctx;

	pair_end_buffer(&rep->pair);
}

static const struct sink sink = { .event = on_event, .gap = on_gap, .buffer_end = on_buffer_end };

static void *start(const struct params *par)
{
	struct report *rep = xcalloc(1, sizeof(*rep));

	rep->par = par;
	rep->notes = par->format == FORMAT_TEXT ? stdout : stderr;
	pair_init(&rep->pair);
	return rep;
}

/* Clocks that count ns, the same on all CPUs */
static bool good_clock(const char *clock)
{
	static const char *const good[] = { "", "global", "mono", "mono_raw", "boot", "tai", "perf" };

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		if (!strcmp(clock, good[i]))
			return true;
	return false;
}

static void file(void *ctx, const char *path, const struct datfile *dat)
{
	struct report *rep = ctx;
	const char *clock = dat->clock;
	char *more;

	if (asprintf(&more, "%sfile: %s, clock %s%s\n", rep->files ? rep->files : "", path, *clock ? clock : "not said",
		     good_clock(clock) ? "" : !strcmp(clock, "local") ?
		     "\nwarning: the local clock differs between CPUs: a pair with its ends on two CPUs may be wrong; record with `trace-cmd record -C mono`" :
		     "\nwarning: this clock does not count ns: times of BEs and of sync are not to be trusted; record with `trace-cmd record -C mono`") < 0)
		exit(RC_ERROR);
	free(rep->files);
	rep->files = more;
}

static void print_losses(FILE *f, const struct reading *r)
{
	if (!reading_lossy(r)) {
		fprintf(f, "lost events: none%s\n", r->no_stats ? " seen (not every file has per-CPU statistics)" : "");
		return;
	}
	fprintf(f, "LOST EVENTS: %s%llu at %llu gap%s", r->gaps_uncounted ? "at least " : "",
		(unsigned long long)(r->lost + r->gaps_uncounted), (unsigned long long)r->gaps, r->gaps == 1 ? "" : "s");
	if (r->no_stats < r->files)
		fprintf(f, "; by the per-CPU statistics %llu", (unsigned long long)r->stat_lost);
	fprintf(f, "\n  counts are too low and the longest may be missing; record with a larger buffer (trace-cmd record -b)\n");
	if (r->compressed && r->stat_lost > r->lost)
		fprintf(f, "  compressed files do not show every gap, so sync triggers may be joined across one (trace-cmd record --compression none)\n");
}

static bool has_be_events(const struct reading *r)
{
	return r->count[EV_BE_START] || r->count[EV_BE_END];
}

static void print_unknowns(FILE *f, const struct reading *r)
{
	bool deferred = r->count[EV_QUEUE] || r->count[EV_RUN] || r->count[EV_DONE];

	if (!r->count[EV_PCM_XRUN])
		fprintf(f, "not known: xruns: %s\n", r->has_format[EV_PCM_XRUN] ?
			"snd_pcm:xrun was recorded, and none came" :
			"no event snd_pcm:xrun (record with -e snd_pcm:xrun; the kernel needs SND_PCM_XRUN_DEBUG)");
	if (!r->has_format[EV_QUEUE] && !deferred)
		fprintf(f, "not known: queue, mutex and worker: no asoc_dpcm events (a stock kernel, or record with -e asoc_dpcm)\n");
	else if (!deferred)
		fprintf(f, "not known: queue, mutex and worker: no trigger was deferred\n");
	if (has_be_events(r) && r->count[EV_VCARD_BE])
		fprintf(f, "note: BEs are measured by asoc_dpcm; dpcm_vcard:vcard_be_trigger measures the same and is not counted\n");
	if (has_be_events(r) && r->count[EV_STOCK])
		fprintf(f, "note: sync is measured by asoc_dpcm; stock_dpcm measures the same and is not counted\n");
	if (!has_be_events(r) && r->count[EV_VCARD_BE])
		fprintf(f, "note: BEs are measured by dpcm_vcard, which does not know the FE; taken for sync\n");
	if (!has_be_events(r) && r->count[EV_STOCK])
		fprintf(f, "note: sync total is measured by stock_dpcm, which does not know card and FE\n");
}

static void print_notes(struct report *rep, const struct reading *r)
{
	const struct pair_counts *c = &rep->pair.counts;
	FILE *f = rep->notes;

	print_losses(f, r);
	fputs(rep->files, f);
	fprintf(f, "sources:");
	for (int kind = 0; kind < EV_KINDS; kind++)
		if (r->count[kind])
			fprintf(f, " %s %llu", event_name(kind), (unsigned long long)r->count[kind]);
	fputc('\n', f);
	for (int kind = 0; kind < EV_KINDS; kind++)
		if (r->twice[kind])
			fprintf(f, "warning: %s is in several buffers of a file: what both recorded counts twice\n",
				event_name(kind));
	print_unknowns(f, r);
	if (c->threaded_xruns)
		fprintf(f, "note: %llu of %llu vcard_xrun came from a thread, with interrupts on\n",
			(unsigned long long)c->threaded_xruns, (unsigned long long)r->count[EV_VCARD_XRUN]);
	fprintf(f, "pairs: cancelled %llu, never run %llu, without end %llu, without start %llu, discarded %llu, failed %llu\n",
		(unsigned long long)c->cancelled, (unsigned long long)c->never_run, (unsigned long long)c->no_end,
		(unsigned long long)c->no_start, (unsigned long long)c->discarded, (unsigned long long)c->failed);
}

static const char *how_name(uint32_t how)
{
	static const char *const names[] = { [HOW_WORKER] = "worker", [HOW_INLINE] = "inline", [HOW_SYNC] = "sync",
					     [HOW_IRQ] = "irq", [HOW_FLOOR] = "floor" };
	return names[how];
}

static void phase_text(struct line *l)
{
	static const char *const names[] = { [PH_WAIT] = "wait", [PH_LOCK] = "lock", [PH_BE] = "be:", [PH_TOTAL] = "total",
					     [PH_IRQ_OFF] = "irq_off", [PH_QUEUE] = "queue", [PH_WAKE] = "wake" };

	snprintf(l->phase, sizeof(l->phase), "%s%s", names[l->key.phase], l->key.phase == PH_BE ? name_of(l->key.be) : "");
}

static int compare_lines(const void *a, const void *b)
{
	const struct row_key *x = &((const struct line *)a)->key, *y = &((const struct line *)b)->key;
	int ret = strverscmp(name_of(x->card), name_of(y->card));

	ret = ret ? : strverscmp(name_of(x->fe), name_of(y->fe));
	ret = ret ? : (x->stream > y->stream) - (x->stream < y->stream);
	ret = ret ? : (x->cmd > y->cmd) - (x->cmd < y->cmd);
	ret = ret ? : (x->how > y->how) - (x->how < y->how);
	ret = ret ? : (x->phase > y->phase) - (x->phase < y->phase);
	return ret ? : strverscmp(name_of(x->be), name_of(y->be));
}

struct lines {
	struct line *line;
	size_t n;
	bool asoc_only;
};

static void take_line(const void *key, void *value, void *arg)
{
	const struct row_key *k = key;
	struct lines *lines = arg;
	bool same_as_asoc = k->source == FROM_STOCK || (k->source == FROM_VCARD && k->phase == PH_BE);

	if (lines->asoc_only && same_as_asoc)
		return;
	lines->line[lines->n] = (struct line) { .key = *k, .dist = value };
	phase_text(&lines->line[lines->n++]);
}

static const char *cmd_text(uint32_t cmd)
{
	return cmd == NO_CMD ? "-" : cmd_name(cmd);
}

static void csv_field(const char *s)
{
	if (!strpbrk(s, ",\"\n")) {
		printf("%s,", s);
		return;
	}
	putchar('"');
	for (; *s; s++)
		printf(*s == '"' ? "\"\"" : "%c", *s);
	printf("\",");
}

static void print_csv(const struct lines *lines)
{
	printf("card,fe,stream,cmd,how,phase,count,p50_ns,p90_ns,p99_ns,max_ns\n");
	for (size_t i = 0; i < lines->n; i++) {
		const struct row_key *k = &lines->line[i].key;
		struct dist *d = lines->line[i].dist;

		csv_field(name_of(k->card));
		csv_field(name_of(k->fe));
		csv_field(stream_name(k->stream));
		csv_field(cmd_text(k->cmd));
		csv_field(how_name(k->how));
		csv_field(lines->line[i].phase);
		printf("%llu,%llu,%llu,%llu,%llu\n", (unsigned long long)dist_count(d),
		       (unsigned long long)dist_quantile(d, 50), (unsigned long long)dist_quantile(d, 90),
		       (unsigned long long)dist_quantile(d, 99), (unsigned long long)dist_quantile(d, 100));
	}
}

static int wider(int width, const char *s)
{
	int n = strlen(s);

	return n > width ? n : width;
}

static void print_text(const struct lines *lines)
{
	int card = 4, fe = 2, phase = 5;

	for (size_t i = 0; i < lines->n; i++) {
		card = wider(card, name_of(lines->line[i].key.card));
		fe = wider(fe, name_of(lines->line[i].key.fe));
		phase = wider(phase, lines->line[i].phase);
	}
	printf("\n%-*s  %-*s  %-8s  %-13s  %-6s  %-*s  %9s  %12s  %12s  %12s  %12s\n", card, "card", fe, "fe", "stream",
	       "cmd", "how", phase, "phase", "count", "p50 us", "p90 us", "p99 us", "max us");
	for (size_t i = 0; i < lines->n; i++) {
		const struct row_key *k = &lines->line[i].key;
		struct dist *d = lines->line[i].dist;

		printf("%-*s  %-*s  %-8s  %-13s  %-6s  %-*s  %9llu  %12.2f  %12.2f  %12.2f  %12.2f\n",
		       card, name_of(k->card), fe, name_of(k->fe), stream_name(k->stream), cmd_text(k->cmd),
		       how_name(k->how), phase, lines->line[i].phase, (unsigned long long)dist_count(d),
		       dist_quantile(d, 50) / 1e3, dist_quantile(d, 90) / 1e3, dist_quantile(d, 99) / 1e3,
		       dist_quantile(d, 100) / 1e3);
	}
}

static int finish(void *ctx, const struct reading *r)
{
	struct report *rep = ctx;
	struct lines lines = { .line = xcalloc(rep->pair.rows.n + 1, sizeof(struct line)), .asoc_only = has_be_events(r) };
	int ret = rep->par->strict && reading_lossy(r) ? RC_LOSSY : RC_OK;

	map_each(&rep->pair.rows, take_line, &lines);
	qsort(lines.line, lines.n, sizeof(*lines.line), compare_lines);
	print_notes(rep, r);
	(rep->par->format == FORMAT_CSV ? print_csv : print_text)(&lines);
	if (ret == RC_LOSSY)
		complain("events were lost, and --strict was given");
	free(lines.line);
	return ret;
}

static void free_report(void *ctx)
{
	struct report *rep = ctx;

	pair_free(&rep->pair);
	free(rep->files);
	free(rep);
}

const struct command report_command = {
	.name = "report",
	.args = "FILE...",
	.about = "where the time of DPCM triggers goes: percentiles for every FE, stream and command",
	.output = output,
	.options = options,
	.sink = &sink,
	.start = start,
	.file = file,
	.finish = finish,
	.free = free_report,
};
