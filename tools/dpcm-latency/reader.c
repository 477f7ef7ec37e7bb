// SPDX-License-Identifier: GPL-2.0-only
/* From the pages of a trace to struct event. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "names.h"
#include "reader.h"
#include "util.h"

enum { MAX_FIELDS = 10, MAX_FORMAT_FIELDS = 64, MAX_EVENT_IDS = 65536 };
enum { FLAG_HARDIRQ = 8 };	/* in common_flags */

struct field_desc {
	const char *name;
	size_t offset;		/* in struct event */
	bool is_name, optional;
};

#define NUM_AS(n, member) { .name = n, .offset = offsetof(struct event, member) }
#define NUM(member) NUM_AS(#member, member)
#define STR_AS(n, member) { .name = n, .offset = offsetof(struct event, member), .is_name = true }
#define STR(member) STR_AS(#member, member)
#define OPTIONAL(n, member) { .name = n, .offset = offsetof(struct event, member), .is_name = true, .optional = true }
#define TRIGGER STR(card), STR(fe), NUM(stream), NUM(cmd), NUM(seq)

/* Only what the analysis uses is asked for, so that an event may grow or lose the rest. */
static const struct event_desc {
	const char *system, *event;
	struct field_desc field[MAX_FIELDS + 1];
} events[EV_KINDS] = {
	[EV_QUEUE]	= { "asoc_dpcm", "dpcm_trigger_queue", { TRIGGER } },
	[EV_RUN]	= { "asoc_dpcm", "dpcm_trigger_run",
			    { TRIGGER, NUM_AS("inline", in_line), NUM(wait_ns), NUM(lock_ns) } },
	[EV_BE_START]	= { "asoc_dpcm", "dpcm_be_trigger_start", { TRIGGER, STR(be) } },
	[EV_BE_END]	= { "asoc_dpcm", "dpcm_be_trigger_end", { TRIGGER, STR(be), NUM(ret) } },
	[EV_DONE]	= { "asoc_dpcm", "dpcm_trigger_done", { TRIGGER, NUM(ret), NUM(total_ns) } },
	[EV_CANCEL]	= { "asoc_dpcm", "dpcm_trigger_cancel", { TRIGGER } },
	[EV_PCM_XRUN]	= { "snd_pcm", "xrun", { NUM(stream) } },
	[EV_VCARD_XRUN]	= { "dpcm_vcard", "vcard_xrun",
			    { STR(card), STR(fe), NUM(stream), NUM_AS("irq_ns", ns), NUM(hardirq) } },
	[EV_VCARD_BE]	= { "dpcm_vcard", "vcard_be_trigger",
			    { STR(card), STR(be), NUM(stream), NUM(cmd), NUM(ns), NUM(ret) } },
	[EV_VCARD_FLOOR] = { "dpcm_vcard", "vcard_floor", { NUM(queue_ns), NUM(wake_ns) } },
	[EV_STOCK]	= { "stock_dpcm", "be_dai_trigger", { NUM(stream), NUM(cmd), OPTIONAL("fe", fe) } },
	[EV_STOCK_RET]	= { "stock_dpcm", "be_dai_trigger_ret", { NUM(ret) } },
	[EV_STOCK_BE]	= { "stock_dpcm", "pcm_trigger", { STR_AS("substream", be), NUM(cmd) } },
	[EV_STOCK_BE_RET] = { "stock_dpcm", "pcm_trigger_ret", { NUM(ret) } },
	[EV_STOCK_PERIOD] = { "stock_dpcm", "period_elapsed", { STR_AS("substream", fe) } },
	[EV_STOCK_PERIOD_RET] = { "stock_dpcm", "period_elapsed_ret", { } },
	[EV_STOCK_XRUN]	= { "stock_dpcm", "pcm_xrun", { STR_AS("substream", fe) } },
	[EV_SWITCH]	= { "sched", "sched_switch", { NUM_AS("next_pid", other_pid), STR_AS("next_comm", name) } },
	[EV_WAKING]	= { "sched", "sched_waking", { NUM_AS("pid", other_pid) } },
	[EV_LOCK_RELEASE] = { "lock", "lock_release", { STR(name) } },
	[EV_IRQ]	= { "irq", "irq_handler_entry", { STR(name) } },
	[EV_IRQ_END]	= { "irq", "irq_handler_exit", { } },
	[EV_SOFTIRQ]	= { "irq", "softirq_entry", { } },
	[EV_SOFTIRQ_END] = { "irq", "softirq_exit", { } },
};

struct decoder {
	const char *path;
	bool big_endian, new_cmds;
	unsigned char kind_of_id[MAX_EVENT_IDS];
	bool has[EV_KINDS];
	struct dat_field field[EV_KINDS][MAX_FIELDS];	/* size 0: the trace lacks an optional one */
	struct dat_field flags, pid;			/* of all events */
	bool ready[EV_KINDS];				/* field[] is set */
	const struct dat_event *format[EV_KINDS];
};

const char *event_name(enum ev_kind kind)
{
	static char name[64];

	snprintf(name, sizeof(name), "%s:%s", events[kind].system, events[kind].event);
	return name;
}

bool reading_lossy(const struct reading *r)
{
	return r->gaps || r->stat_lost;
}

void no_events(const char *path)
{
	complain("%s: no events of DPCM triggers in it; record with `trace-cmd record -e asoc_dpcm -e snd_pcm:xrun`, on a stock kernel as trace-configs/stock says",
		 path);
}

static int kind_of(const struct dat_event *ev)
{
	for (int kind = 0; kind < EV_KINDS; kind++)
		if (!strcmp(ev->system, events[kind].system) && !strcmp(ev->name, events[kind].event))
			return kind;
	return EV_KINDS;
}

/* An event of a system of ours that is none of ours: a probe with a name of its own, most likely. */
static void unknown_event(const char *path, const struct dat_event *ev)
{
	const char *names[EV_OTHERS], *near;
	unsigned int n = 0;

	for (int kind = 0; kind < EV_OTHERS; kind++)
		if (!strcmp(ev->system, events[kind].system))
			names[n++] = events[kind].event;
	near = near_name(ev->name, names, n, sizeof(names[0]));
	if (n)
		complain("%s: warning: event %s:%s is not known and not used%s%s%s", path, ev->system, ev->name,
			 near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

struct decoder *decoder_new(const char *path, const struct page_layout *layout, const struct dat_event *formats,
			    unsigned int nr_events, bool others)
{
	struct decoder *d = xcalloc(1, sizeof(*d));

	d->path = path;
	d->big_endian = layout->big_endian;
	d->new_cmds = layout->new_cmds;
	memset(d->kind_of_id, EV_KINDS, sizeof(d->kind_of_id));
	for (unsigned int i = 0; i < nr_events; i++) {
		int kind = kind_of(&formats[i]);

		if (kind == EV_KINDS)
			unknown_event(path, &formats[i]);
		if (kind == EV_KINDS || formats[i].id >= MAX_EVENT_IDS)
			continue;
		d->has[kind] = true;
		d->format[kind] = &formats[i];
		if (kind < EV_OTHERS || others)
			d->kind_of_id[formats[i].id] = kind;
	}
	return d;
}

void decoder_free(struct decoder *d)
{
	free(d);
}

static const struct dat_field *find_field(const struct dat_field *fields, unsigned int n, const char *name)
{
	for (unsigned int i = 0; i < n; i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

static int no_field(const struct decoder *d, enum ev_kind kind, const char *name, const struct dat_field *fields,
		    unsigned int n)
{
	const char *names[MAX_FORMAT_FIELDS], *near;

	for (unsigned int i = 0; i < n; i++)
		names[i] = fields[i].name;
	near = near_name(name, names, n, sizeof(names[0]));
	complain("%s: event %s has no field '%s'%s%s%s: it was recorded by another version of the kernel patches (use the tool that came with them), or is damaged",
		 d->path, event_name(kind), name, near ? " (but '" : "", near ? near : "", near ? "')" : "");
	return -1;
}

static int look_up(struct decoder *d, enum ev_kind kind)
{
	struct dat_field fields[MAX_FORMAT_FIELDS];
	unsigned int n = datfile_fields(d->format[kind], fields, MAX_FORMAT_FIELDS);
	const struct field_desc *f = events[kind].field;
	const struct dat_field *found;

	for (unsigned int i = 0; f[i].name; i++) {
		found = find_field(fields, n, f[i].name);
		if (!found && !f[i].optional)
			return no_field(d, kind, f[i].name, fields, n);
		d->field[kind][i] = found ? *found : (struct dat_field) {};
	}
	found = find_field(fields, n, "common_flags");
	d->flags = found ? *found : (struct dat_field) {};
	found = find_field(fields, n, "common_pid");
	if (!found)
		return no_field(d, kind, "common_pid", fields, n);
	d->pid = *found;
	d->ready[kind] = true;
	return 0;
}

static bool decode_number(const struct decoder *d, const struct dat_field *f, const struct page_event *rec, uint64_t *value)
{
	if (f->size > 8 || (uint64_t)f->offset + f->size > rec->size)
		return false;
	*value = read_number(rec->data + f->offset, f->size, d->big_endian);
	if (f->is_signed && f->size && f->size < 8)
		*value = (int64_t)(*value << (64 - 8 * f->size)) >> (64 - 8 * f->size);
	return true;
}

static bool decode_name(const struct decoder *d, const struct dat_field *f, const struct page_event *rec, uint64_t *value)
{
	uint64_t offset = f->offset, len = f->size, loc;
	char number[24];

	if (f->kind == DAT_NUMBER) {
		/* a pointer, most likely, of a kprobe: only tells one from another */
		if (!decode_number(d, f, rec, &loc))
			return false;
		*value = f->size ? name_id(number, snprintf(number, sizeof(number), f->size == 8 ? "0x%llx" : "%lld",
							     (unsigned long long)loc)) : 0;
		return true;
	}
	if (f->kind != DAT_ARRAY) {
		if (offset + 4 > rec->size)
			return false;
		loc = read_number(rec->data + offset, 4, d->big_endian);
		offset = loc & 0xffff;
		len = loc >> 16;
		if (f->kind == DAT_REL_LOC)
			offset += f->offset + f->size;
	}
	if (offset + len > rec->size)
		return false;
	*value = name_id((const char *)rec->data + offset, strnlen((const char *)rec->data + offset, len));
	return true;
}

static bool decode(const struct decoder *d, enum ev_kind kind, const struct page_event *rec, struct event *ev)
{
	const struct field_desc *f = events[kind].field;
	uint64_t pid, flags;

	if (!decode_number(d, &d->pid, rec, &pid) || !decode_number(d, &d->flags, rec, &flags))
		return false;
	ev->pid = pid;
	ev->in_irq = flags & FLAG_HARDIRQ;
	for (unsigned int i = 0; f[i].name; i++) {
		uint64_t *member = (uint64_t *)((char *)ev + f[i].offset);

		if (!(f[i].is_name ? decode_name : decode_number)(d, &d->field[kind][i], rec, member))
			return false;
	}
	return true;
}

int decode_event(struct decoder *d, const struct page_event *rec, int cpu, uint64_t ts, struct event *ev)
{
	enum ev_kind kind;

	if (rec->size < 8)
		return 0;
	kind = d->kind_of_id[read_number(rec->data, 2, d->big_endian)];
	if (kind == EV_KINDS)
		return 0;
	if (!d->ready[kind] && look_up(d, kind))
		return -1;
	*ev = (struct event) { .kind = kind, .cpu = cpu, .ts = ts };
	if (decode(d, kind, rec, ev)) {
		if (d->new_cmds)
			ev->cmd = cmd_of_new(ev->cmd);
		return 1;
	}
	complain("%s: damaged: an event %s at %llu ns is shorter than its fields; record again", d->path, event_name(kind),
		 (unsigned long long)ts);
	return -1;
}

static int damaged(const struct decoder *d, int cpu)
{
	complain("%s: damaged: the events of CPU %d cannot be read; record again", d->path, cpu);
	return -1;
}

/* The next event of interest, or gap. 1, 0: none, -1. */
static int advance(struct source *s, struct decoder *d, const struct page_layout *layout)
{
	struct page_event rec;
	const void *page;
	size_t size;
	int ret;

	for (;;) {
		while (s->open && (ret = page_next(&s->cur, &rec)) > 0) {
			bool first = s->cur.missed;

			s->events++;
			/* the record comes again, after the gap before it */
			if (first) {
				s->cur.missed = false;
				s->gap = true;
				s->lost = s->cur.lost;
				s->next.ts = s->cur.ts;
			}
			ret = decode_event(d, &rec, s->cpu, s->cur.ts, &s->next);
			if (ret < 0)
				return -1;
			s->ready = ret;
			if (ret || first)
				return 1;
		}
		if (s->open && ret < 0)
			return damaged(d, s->cpu);
		s->open = false;
		ret = s->page(s, &page, &size);
		if (ret < 0)
			return damaged(d, s->cpu);
		if (!ret)
			return 0;
		if (!page_open(&s->cur, layout, page, size))
			return damaged(d, s->cpu);
		s->open = true;
	}
}

static bool pending(const struct source *s)
{
	return s->ready || s->gap;
}

static void deliver(struct source *s, struct reading *r, uint64_t *count, const struct sink *sink, void *ctx)
{
	if (s->gap) {
		r->gaps++;
		r->lost += s->lost;
		r->gaps_uncounted += !s->lost;
		sink->gap(s->cpu, s->next.ts, ctx);
	}
	if (s->ready) {
		count[s->next.kind]++;
		sink->event(&s->next, ctx);
	}
	s->gap = false;
	s->ready = false;
}

int merge_sources(struct source *sources, unsigned int n, struct decoder *d, const struct page_layout *layout,
		  uint64_t until, struct reading *r, uint64_t *count, const struct sink *sink, void *ctx)
{
	for (unsigned int i = 0; i < n; i++)
		if (!pending(&sources[i]) && advance(&sources[i], d, layout) < 0)
			return -1;
	for (;;) {
		struct source *best = NULL;
		uint64_t next = until;		/* when another has its turn */

		for (struct source *s = sources; s < sources + n; s++) {
			if (!pending(s))
				continue;
			if (!best || s->next.ts < best->next.ts) {
				if (best && best->next.ts < next)
					next = best->next.ts;
				best = s;
			} else if (s->next.ts < next) {
				next = s->next.ts;
			}
		}
		if (!best || best->next.ts > until)
			return 0;
		do {
			deliver(best, r, count, sink, ctx);
			if (advance(best, d, layout) < 0)
				return -1;
		} while (pending(best) && best->next.ts < next);
	}
}

static int file_page(struct source *s, const void **page, size_t *size)
{
	return dat_stream_page(s->arg, page, size);
}

static int read_buffer(struct datfile *dat, const struct dat_buffer *b, struct decoder *d, struct reading *r,
		       uint64_t *count, const struct sink *sink, void *ctx)
{
	struct dat_stream *streams = xcalloc(b->nr_cpus, sizeof(*streams));
	struct source *sources = xcalloc(b->nr_cpus, sizeof(*sources));
	int ret = 0;

	for (unsigned int i = 0; i < b->nr_cpus && !ret; i++) {
		sources[i] = (struct source) { .page = file_page, .arg = &streams[i], .cpu = b->cpu[i].cpu };
		if (dat_stream_open(&streams[i], dat, b, i))
			ret = damaged(d, b->cpu[i].cpu);
	}
	if (!ret)
		ret = merge_sources(sources, b->nr_cpus, d, &dat->layout, UINT64_MAX, r, count, sink, ctx);
	for (unsigned int i = 0; i < b->nr_cpus; i++) {
		r->events += sources[i].events;
		dat_stream_close(&streams[i]);
	}
	free(sources);
	free(streams);
	if (!ret) {
		sink->buffer_end(ctx);
		r->buffers++;
	}
	return ret;
}

int read_trace(const char *path, struct datfile *dat, struct reading *r, const struct sink *sink, void *ctx, bool others)
{
	struct decoder *d = decoder_new(path, &dat->layout, dat->event, dat->nr_events, others);
	unsigned int buffers_with[EV_KINDS] = {};
	int ret = 0;

	r->files++;
	r->stat_lost += dat->stat_lost;
	r->no_stats += !dat->has_stats;
	for (unsigned int i = 0; i < dat->nr_buffers && !ret; i++) {
		uint64_t count[EV_KINDS] = {};

		ret = read_buffer(dat, &dat->buffer[i], d, r, count, sink, ctx);
		for (int kind = 0; kind < EV_KINDS; kind++) {
			r->count[kind] += count[kind];
			buffers_with[kind] += count[kind] > 0;
		}
	}
	for (int kind = 0; kind < EV_KINDS; kind++) {
		r->twice[kind] += buffers_with[kind] > 1;
		r->has_format[kind] += d->has[kind];
	}
	decoder_free(d);
	return ret;
}
