// SPDX-License-Identifier: GPL-2.0-only
/* dpcm-latency export: for other programs */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "names.h"
#include "table.h"
#include "util.h"

enum { FORMAT_JSON, FORMAT_CSV, FORMAT_PERFETTO };
static const char *const formats[] = { "json", "csv", "perfetto", NULL };

static const struct option_desc options[] = {
	{ "format", OPT_CHOICE, PARAM(format), formats, 0, 0, "json without it" },
	{ "output", OPT_STRING, PARAM(output), NULL, 0, 0, "the file to write, instead of the terminal" },
	OPTIONS_WINDOW, OPTIONS_SELECT, OPTION_HELP, { }
};

static const char output[] =
"json: the rows of report with all their values, losses and counts: \"schema\": \"" SCHEMA "\". Every\n"
"      key with a time ends in _ns. Every verb that reads traces reads it too, but for timeline.\n"
"      values_ns is a list of [value, times]; where \"exact\" is false each value stands for a bucket\n"
"      that it is the greatest of, at most 0.2 % wide.\n"
"csv: one line for each phase of each trigger: start_ns (the trace's time), card, fe, stream, cmd,\n"
"      how, seq (0: synchronous), phase, ns.\n"
"perfetto: JSON for the UI of Perfetto (ui.perfetto.dev) and chrome://tracing: a process for each\n"
"      card of each file, a track for each FE's stream with the runs and BEs, and the waiting above\n"
"      it; start_ns is the trace's time.\n"
"The last two hold whole triggers only, and need traces.\n";

struct export {
	bool any;		/* something was written */
	bool no_text;		/* a name in the trace is none */
	unsigned int waits;	/* triggers with one: they need an id each */
	struct map tracks;	/* struct track_key -> its number */
	int pid, tid;		/* of the trigger that is written */
};

/* A card of a file, which is shown as a process, or a stream of an FE of it, a thread */
struct track_key {
	uint32_t file, card, fe, stream;
};

static int start(struct analysis *a)
{
	struct export *e = xcalloc(1, sizeof(*e));

	e->tracks = (struct map) MAP_INIT(struct track_key, int);
	a->priv = e;
	a->traces_only = a->par->format != FORMAT_JSON;
	return RC_OK;
}

static void csv_phase(FILE *f, const struct trigger *t, const char *phase, const char *be, uint64_t ns)
{
	char name[96];

	fprintf(f, "%llu,", (unsigned long long)t->start);
	csv_field(f, name_of(t->card));
	csv_field(f, name_of(t->fe));
	fprintf(f, "%s,%s,%s,%u,", stream_name(t->stream), cmd_name(t->cmd), how_names[t->how], t->seq);
	snprintf(name, sizeof(name), "%s%s", phase, be);
	csv_field(f, name);
	fprintf(f, "%llu\n", (unsigned long long)ns);
}

static void csv_trigger(struct analysis *a, const struct trigger *t)
{
	struct export *e = a->priv;
	FILE *f = a->out;

	if (!e->any)
		fprintf(f, "start_ns,card,fe,stream,cmd,how,seq,phase,ns\n");
	e->any = true;
	if (t->xrun)
		csv_phase(f, t, "xrun", "", t->start - t->xrun);
	if (t->run) {
		csv_phase(f, t, "wait", "", t->wait_ns);
		csv_phase(f, t, "lock", "", t->lock_ns);
	}
	for (unsigned int i = 0; i < t->nr_bes; i++)
		csv_phase(f, t, "be:", name_of(t->be[i].be), t->be[i].end - t->be[i].start);
	csv_phase(f, t, "total", "", t->total_ns);
	if (t->xrun)
		csv_phase(f, t, "since_xrun", "", t->end - t->xrun);
}

/* One object of the list; takes it. */
static void emit(struct analysis *a, json_t *o)
{
	struct export *e = a->priv;

	if (!o) {
		e->no_text = true;
		return;
	}
	fputs(e->any ? ",\n" : "{\"displayTimeUnit\": \"ns\", \"otherData\": {\"schema\": \"" SCHEMA "\"},\n\"traceEvents\": [\n",
	      a->out);
	e->any = true;
	json_dumpf(o, a->out, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(17));
	json_decref(o);
}

/* Of a process (@pid 0) or a thread; says its name when it is met first */
static int number_of(struct analysis *a, const struct track_key *key, int pid, const char *name)
{
	struct export *e = a->priv;
	int *number = map_get(&e->tracks, key);

	if (!*number) {
		*number = e->tracks.n;
		emit(a, json_pack("{s:s, s:s, s:i, s:i, s:{s:s}}", "name", pid ? "thread_name" : "process_name", "ph", "M",
				  "pid", pid ? : *number, "tid", pid ? *number : 0, "args", "name", name));
	}
	return *number;
}

/*
 * Begin and end apart, not one complete event ("X"): slices of a track must nest, and readers round a
 * duration by itself, so that a BE could end after its trigger and be dropped.
 */
static void begin(struct analysis *a, const struct trigger *t, const char *name, uint64_t ts, int64_t ret)
{
	const struct export *e = a->priv;

	emit(a, json_pack("{s:s, s:s, s:s, s:f, s:i, s:i, s:{s:s, s:I, s:I, s:I}}", "name", name, "cat", "dpcm", "ph", "B",
			  "ts", ts / 1e3, "pid", e->pid, "tid", e->tid,
			  "args", "how", how_names[t->how], "seq", (json_int_t)t->seq, "ret", (json_int_t)ret,
			  "start_ns", (json_int_t)ts));
}

static void end(struct analysis *a, const char *name, uint64_t ts)
{
	const struct export *e = a->priv;

	emit(a, json_pack("{s:s, s:s, s:s, s:f, s:i, s:i}", "name", name, "cat", "dpcm", "ph", "E", "ts", ts / 1e3,
			  "pid", e->pid, "tid", e->tid));
}

/* Waits overlap with other triggers of the stream, so they are no slices of its track. */
static void wait_slice(struct analysis *a, const char *id, const char *name, uint64_t from, uint64_t to)
{
	const char *ends[] = { "b", "e" };
	const struct export *e = a->priv;

	for (int i = 0; i < 2; i++)
		emit(a, json_pack("{s:s, s:s, s:s, s:s, s:f, s:i, s:i}", "name", name, "cat", "dpcm-wait", "ph", ends[i], "id", id,
				  "ts", (i ? to : from) / 1e3, "pid", e->pid, "tid", 0));
}

static void perfetto_trigger(struct analysis *a, const struct trigger *t)
{
	struct export *e = a->priv;
	struct track_key key = { .file = a->set[0].nr_files, .card = t->card, .fe = UINT32_MAX };
	bool one = a->par->nr_args == 1;
	uint64_t asked;
	char name[256], id[16];

	snprintf(name, sizeof(name), "card %s%s%s", name_of(t->card), one ? "" : " of ", one ? "" : a->par->args[key.file]);
	e->pid = number_of(a, &key, 0, name);
	key.fe = t->fe;
	key.stream = t->stream;
	snprintf(name, sizeof(name), "%s %s", name_of(t->fe), stream_name(t->stream));
	e->tid = number_of(a, &key, e->pid, name);
	snprintf(name, sizeof(name), "%s %s %s", name_of(t->fe), stream_name(t->stream), cmd_name(t->cmd));
	if (t->run) {
		asked = t->run - (t->lock_ns < t->run - t->start ? t->lock_ns : t->run - t->start);
		snprintf(id, sizeof(id), "%u", ++e->waits);
		if (t->xrun)
			wait_slice(a, id, "xrun to queue", t->xrun, t->start);
		wait_slice(a, id, "wake", t->start, asked);
		wait_slice(a, id, "mutex", asked, t->run);
	} else if (t->xrun) {
		begin(a, t, "xrun", t->xrun, 0);
		end(a, "xrun", t->start);
	}
	begin(a, t, name, t->run ? t->run : t->start, t->ret);
	for (unsigned int i = 0; i < t->nr_bes; i++) {
		begin(a, t, name_of(t->be[i].be), t->be[i].start, t->be[i].ret);
		end(a, name_of(t->be[i].be), t->be[i].end);
	}
	end(a, name, t->end);
}

static void trigger(struct analysis *a, const struct trigger *t)
{
	if (a->par->format == FORMAT_CSV)
		csv_trigger(a, t);
	else if (a->par->format == FORMAT_PERFETTO)
		perfetto_trigger(a, t);
}

static int save_rows(struct analysis *a)
{
	struct lines lines = results_lines(&a->set[0].rows, a->par);
	int ret = RC_OK;

	if (!lines.n)
		ret = results_no_match(&a->set[0], a->par);
	else if (results_save(&a->set[0], &lines, a->out))
		ret = RC_ERROR;
	free(lines.line);
	return ret;
}

static int finish(struct analysis *a)
{
	const struct export *e = a->priv;

	if (reading_lossy(&a->set[0].reading))
		print_losses(stderr, &a->set[0].reading);
	if (a->par->format == FORMAT_JSON)
		return save_rows(a);
	if (!e->any)
		return results_no_match(&a->set[0], a->par);
	if (e->no_text) {
		complain("a name in the trace is not text: damaged, record again");
		return RC_ERROR;
	}
	if (a->par->format == FORMAT_PERFETTO)
		fputs("\n]}\n", a->out);
	return RC_OK;
}

static void free_export(struct analysis *a)
{
	struct export *e = a->priv;

	if (e)
		map_clear(&e->tracks);
	free(e);
}

const struct command export_command = {
	.name = "export",
	.args = "FILE...",
	.about = "json, csv or a file for the UI of Perfetto",
	.output = output,
	.options = options,
	.min_args = 1,
	.max_args = MANY_ARGS,
	.start = start,
	.trigger = trigger,
	.finish = finish,
	.free = free_export,
};
