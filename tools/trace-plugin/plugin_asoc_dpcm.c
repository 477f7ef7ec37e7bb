// SPDX-License-Identifier: GPL-2.0-only
/* DPCM's trace events in words, for all that reads traces with libtraceevent: trace-cmd, KernelShark. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <traceevent/event-parse.h>
#include <traceevent/trace-seq.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct fields {
	struct trace_seq *s;
	struct tep_record *record;
	struct tep_event *event;
};

static unsigned long long number(const struct fields *f, const char *name)
{
	unsigned long long v = 0;

	tep_get_field_val(f->s, f->event, name, f->record, &v, 0);
	return v;
}

static void put_string(const struct fields *f, const char *name)
{
	int len = 0;
	const char *text = tep_get_field_raw(f->s, f->event, name, f->record, &len, 0);

	if (text)
		trace_seq_printf(f->s, "%.*s", (int)strnlen(text, len), text);
	else
		trace_seq_puts(f->s, "?");
}

static void put_us(const struct fields *f, const char *name)
{
	unsigned long long ns = number(f, name);

	trace_seq_printf(f->s, "%llu.%03llu us", ns / 1000, ns % 1000);
}

/* Linux 7.0 has numbered most commands anew, and a plugin is not told the kernel's release. */
static void put_cmd(const struct fields *f)
{
	static const char * const words[] = {
		"STOP", "START", "PAUSE_PUSH (7.0)", "PAUSE_PUSH (7.0: PAUSE_RELEASE)", "PAUSE_RELEASE (7.0: SUSPEND)",
		"SUSPEND (7.0: RESUME)", "RESUME (7.0: DRAIN)", "DRAIN",
	};
	unsigned long long cmd = number(f, "cmd");

	if (cmd < ARRAY_SIZE(words))
		trace_seq_printf(f->s, " %s", words[cmd]);
	else
		trace_seq_printf(f->s, " command %lld", cmd);
}

static void put_stream(const struct fields *f)
{
	trace_seq_puts(f->s, number(f, "stream") ? " capture" : " playback");
}

/* "card FE0 playback STOP #5" */
static void put_trigger(const struct fields *f)
{
	unsigned long long seq = number(f, "seq");

	put_string(f, "card");
	trace_seq_putc(f->s, ' ');
	put_string(f, "fe");
	put_stream(f);
	put_cmd(f);
	if (seq)
		trace_seq_printf(f->s, " #%llu", seq);
}

static void put_result(const struct fields *f)
{
	int ret = number(f, "ret");

	if (ret)
		trace_seq_printf(f->s, ", failed: %d (%s)", ret, strerror(ret < 0 ? (int)-(unsigned int)ret : ret));
}

static int queue(struct trace_seq *s, struct tep_record *record, struct tep_event *event, void *context)
{
	struct fields f = { s, record, event };

	(void)context;
	put_trigger(&f);
	trace_seq_printf(s, " queued, %llu in the queue", number(&f, "depth"));
	return 0;
}

static int run(struct trace_seq *s, struct tep_record *record, struct tep_event *event, void *context)
{
	struct fields f = { s, record, event };

	(void)context;
	put_trigger(&f);
	trace_seq_printf(s, " run %s after ", number(&f, "inline") ? "in line, by another holder of the mutex," : "by the worker");
	put_us(&f, "wait_ns");
	trace_seq_puts(s, ", ");
	put_us(&f, "lock_ns");
	trace_seq_puts(s, " of it for the mutex");
	return 0;
}

/* @context: what happens */
static int be(struct trace_seq *s, struct tep_record *record, struct tep_event *event, void *context)
{
	struct fields f = { s, record, event };

	put_trigger(&f);
	trace_seq_puts(s, ": ");
	put_string(&f, "be");
	trace_seq_printf(s, " %s%s", (const char *)context, number(&f, "seq") ? "" : ", not deferred");
	put_result(&f);
	return 0;
}

static int done(struct trace_seq *s, struct tep_record *record, struct tep_event *event, void *context)
{
	struct fields f = { s, record, event };
	unsigned long long bes = number(&f, "bes");

	(void)context;
	put_trigger(&f);
	trace_seq_puts(s, " done in ");
	put_us(&f, "total_ns");
	trace_seq_printf(s, ", %llu BE%s", bes, bes == 1 ? "" : "s");
	put_result(&f);
	return 0;
}

static int cancel(struct trace_seq *s, struct tep_record *record, struct tep_event *event, void *context)
{
	struct fields f = { s, record, event };

	(void)context;
	put_trigger(&f);
	trace_seq_puts(s, " cancelled");
	return 0;
}

static int vcard_xrun(struct trace_seq *s, struct tep_record *record, struct tep_event *event, void *context)
{
	struct fields f = { s, record, event };

	(void)context;
	put_string(&f, "card");
	trace_seq_putc(s, ' ');
	put_string(&f, "fe");
	put_stream(&f);
	trace_seq_puts(s, " xrun, ");
	put_us(&f, "irq_ns");
	trace_seq_puts(s, number(&f, "hardirq") ? " in the interrupt" : " in a thread");
	return 0;
}

static int vcard_be(struct trace_seq *s, struct tep_record *record, struct tep_event *event, void *context)
{
	struct fields f = { s, record, event };

	(void)context;
	put_string(&f, "card");
	trace_seq_putc(s, ' ');
	put_string(&f, "be");
	put_stream(&f);
	put_cmd(&f);
	trace_seq_puts(s, " in ");
	put_us(&f, "ns");
	trace_seq_puts(s, number(&f, "hardirq") ? ", in an interrupt" : "");
	put_result(&f);
	return 0;
}

static int vcard_floor(struct trace_seq *s, struct tep_record *record, struct tep_event *event, void *context)
{
	struct fields f = { s, record, event };

	(void)context;
	trace_seq_puts(s, "empty work item: queued in ");
	put_us(&f, "queue_ns");
	trace_seq_puts(s, ", ran after ");
	put_us(&f, "wake_ns");
	return 0;
}

static int stock(struct trace_seq *s, struct tep_record *record, struct tep_event *event, void *context)
{
	struct fields f = { s, record, event };

	(void)context;
	trace_seq_printf(s, "FE %#llx", number(&f, "fe"));
	put_stream(&f);
	put_cmd(&f);
	trace_seq_puts(s, ": all BEs");
	return 0;
}

static const struct {
	char *system, *event;
	tep_event_handler_func handler;
	void *context;
} handlers[] = {
	{ "asoc_dpcm", "dpcm_trigger_queue", queue, NULL },
	{ "asoc_dpcm", "dpcm_trigger_run", run, NULL },
	{ "asoc_dpcm", "dpcm_be_trigger_start", be, "starts" },
	{ "asoc_dpcm", "dpcm_be_trigger_end", be, "ends" },
	{ "asoc_dpcm", "dpcm_trigger_done", done, NULL },
	{ "asoc_dpcm", "dpcm_trigger_cancel", cancel, NULL },
	{ "dpcm_vcard", "vcard_xrun", vcard_xrun, NULL },
	{ "dpcm_vcard", "vcard_be_trigger", vcard_be, NULL },
	{ "dpcm_vcard", "vcard_floor", vcard_floor, NULL },
	{ "stock_dpcm", "be_dai_trigger", stock, NULL },
};

int TEP_PLUGIN_LOADER(struct tep_handle *tep)
{
	for (size_t i = 0; i < ARRAY_SIZE(handlers); i++)
		tep_register_event_handler(tep, -1, handlers[i].system, handlers[i].event, handlers[i].handler,
					   handlers[i].context);
	return 0;
}

void TEP_PLUGIN_UNLOADER(struct tep_handle *tep)
{
	for (size_t i = 0; i < ARRAY_SIZE(handlers); i++)
		tep_unregister_event_handler(tep, -1, handlers[i].system, handlers[i].event, handlers[i].handler,
					     handlers[i].context);
}
