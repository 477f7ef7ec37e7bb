// SPDX-License-Identifier: GPL-2.0-only
/* From trace.dat to struct event. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <trace-cmd.h>

#include "names.h"
#include "reader.h"
#include "util.h"

#define MAX_FIELDS 10
#define MAX_EVENT_IDS 65536

struct field_desc {
	const char *name;
	size_t offset;		/* in struct event */
	bool is_name;
};

#define NUM_AS(n, member) { .name = n, .offset = offsetof(struct event, member) }
#define NUM(member) NUM_AS(#member, member)
#define STR(member) { .name = #member, .offset = offsetof(struct event, member), .is_name = true }
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
	[EV_PCM_XRUN]	= { "snd_pcm", "xrun", { } },
	[EV_VCARD_XRUN]	= { "dpcm_vcard", "vcard_xrun",
			    { STR(card), STR(fe), NUM(stream), NUM_AS("irq_ns", ns), NUM(hardirq) } },
	[EV_VCARD_BE]	= { "dpcm_vcard", "vcard_be_trigger",
			    { STR(card), STR(be), NUM(stream), NUM(cmd), NUM(ns), NUM(ret) } },
	[EV_VCARD_FLOOR] = { "dpcm_vcard", "vcard_floor", { NUM(queue_ns), NUM(wake_ns) } },
	[EV_STOCK]	= { "stock_dpcm", "be_dai_trigger", { NUM(stream), NUM(cmd) } },
	[EV_STOCK_RET]	= { "stock_dpcm", "be_dai_trigger_ret", { NUM(ret) } },
};

struct reader {
	const char *path;
	struct reading *r;
	const struct sink *sink;
	void *ctx;
	struct tep_handle *tep;
	struct tep_format_field *field[EV_KINDS][MAX_FIELDS];	/* found once for each event id */
	unsigned char kind_of_id[MAX_EVENT_IDS];		/* EV_KINDS: not ours; UNKNOWN: not looked up yet */
	uint64_t count[EV_KINDS];				/* of this buffer */
	const struct datfile *dat;
	uint64_t *page;						/* that each CPU's latest record was in */
	int nr_pages;
	bool failed;
};

#define UNKNOWN 255

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

static enum ev_kind look_up(struct reader *rd, int id)
{
	struct tep_event *event = tep_find_event(rd->tep, id);
	const struct field_desc *f;
	int kind;

	for (kind = 0; event && kind < EV_KINDS; kind++)
		if (!strcmp(event->system, events[kind].system) && !strcmp(event->name, events[kind].event))
			break;
	if (!event || kind == EV_KINDS)
		return EV_KINDS;
	for (f = events[kind].field; f->name; f++) {
		struct tep_format_field *field = tep_find_field(event, f->name);

		if (!field) {
			complain("%s: event %s has no field '%s': it was recorded by another version of the kernel patches (use the tool that came with them), or is damaged",
				 rd->path, event_name(kind), f->name);
			rd->failed = true;
			return EV_KINDS;
		}
		rd->field[kind][f - events[kind].field] = field;
	}
	return kind;
}

static bool decode_number(struct tep_format_field *field, struct tep_record *record, uint64_t *value)
{
	unsigned long long v;

	if (field->offset < 0 || field->size < 0 || (uint64_t)field->offset + field->size > (uint64_t)record->size ||
	    tep_read_number_field(field, record->data, &v))
		return false;
	if ((field->flags & TEP_FIELD_IS_SIGNED) && field->size == 4)
		v = (int32_t)v;
	*value = v;
	return true;
}

static bool decode_name(struct tep_format_field *field, struct tep_record *record, uint64_t *value)
{
	const char *data = record->data;
	uint64_t loc, offset, len;
	char number[24];

	if (!(field->flags & (TEP_FIELD_IS_DYNAMIC | TEP_FIELD_IS_ARRAY))) {
		if (!decode_number(field, record, &loc))
			return false;
		snprintf(number, sizeof(number), "%lld", (long long)loc);
		*value = name_id(number, strlen(number));
		return true;
	}
	offset = field->offset;
	len = field->size;
	if (field->flags & TEP_FIELD_IS_DYNAMIC) {
		if (offset + 4 > (uint64_t)record->size)
			return false;
		loc = tep_read_number(field->event->tep, data + offset, 4);
		offset = loc & 0xffff;
		len = loc >> 16;
		if (field->flags & TEP_FIELD_IS_RELATIVE)
			offset += field->offset + field->size;
	}
	if (offset + len > (uint64_t)record->size)
		return false;
	*value = name_id(data + offset, strnlen(data + offset, len));
	return true;
}

static bool decode(struct reader *rd, enum ev_kind kind, struct tep_record *record, struct event *ev)
{
	const struct field_desc *f = events[kind].field;

	*ev = (struct event){ .kind = kind, .cpu = record->cpu, .ts = record->ts,
			      .pid = tep_data_pid(rd->tep, record) };
	for (size_t i = 0; f[i].name; i++) {
		uint64_t *member = (uint64_t *)((char *)ev + f[i].offset);

		if (!(f[i].is_name ? decode_name : decode_number)(rd->field[kind][i], record, member))
			return false;
	}
	return true;
}

/* Were events lost before @record? *lost: how many, 0 if that is not known. */
static bool lost_before(struct reader *rd, const struct tep_record *record, uint64_t *lost)
{
	uint64_t page = datfile_page(rd->dat, record->offset);

	if (!rd->dat->raw_pages) {
		*lost = record->missed_events > 0 ? record->missed_events : 0;
		return record->missed_events;
	}
	if (record->cpu >= rd->nr_pages) {
		rd->page = xrealloc(rd->page, record->cpu + 1, sizeof(*rd->page));
		memset(rd->page + rd->nr_pages, 0, (record->cpu + 1 - rd->nr_pages) * sizeof(*rd->page));
		rd->nr_pages = record->cpu + 1;
	}
	if (rd->page[record->cpu] == page)
		return false;
	rd->page[record->cpu] = page;
	return datfile_page_missed(rd->dat, page, lost);
}

static int on_record(struct tracecmd_input *handle, struct tep_record *record, int cpu, void *arg)
{
	struct reader *rd = arg;
	struct event ev;
	uint64_t lost;
	int id;

	(void)handle;
	(void)cpu;
	if (lost_before(rd, record, &lost)) {
		rd->r->gaps++;
		rd->r->lost += lost;
		rd->r->gaps_uncounted += !lost;
		rd->sink->gap(record->cpu, record->ts, rd->ctx);
	}
	id = record->size >= 8 ? tep_data_type(rd->tep, record) : -1;
	if (id < 0 || id >= MAX_EVENT_IDS)
		return 0;
	if (rd->kind_of_id[id] == UNKNOWN)
		rd->kind_of_id[id] = look_up(rd, id);
	if (rd->failed)
		return -1;
	if (rd->kind_of_id[id] == EV_KINDS)
		return 0;
	if (!decode(rd, rd->kind_of_id[id], record, &ev)) {
		complain("%s: damaged: an event %s at %llu ns is shorter than its fields; record again", rd->path,
			 event_name(rd->kind_of_id[id]), (unsigned long long)record->ts);
		rd->failed = true;
		return -1;
	}
	rd->count[ev.kind]++;
	rd->sink->event(&ev, rd->ctx);
	return 0;
}

static int read_buffer(struct reader *rd, struct tracecmd_input *handle)
{
	int ret;

	rd->tep = tracecmd_get_tep(handle);
	memset(rd->count, 0, sizeof(rd->count));
	ret = tracecmd_iterate_events(handle, NULL, 0, on_record, rd);
	free(rd->page);
	rd->page = NULL;
	rd->nr_pages = 0;
	if (rd->failed)
		return -1;
	if (ret < 0) {
		complain("%s: damaged: its events cannot be read; record again", rd->path);
		return -1;
	}
	rd->sink->buffer_end(rd->ctx);
	rd->r->buffers++;
	return 0;
}

static int read_buffers(struct reader *rd, struct tracecmd_input *top)
{
	unsigned int buffers_with[EV_KINDS] = {};
	int nr = tracecmd_buffer_instances(top);
	int ret = 0;

	for (int i = -1; i < nr && !ret; i++) {
		struct tracecmd_input *handle = i < 0 ? top : tracecmd_buffer_instance_handle(top, i);

		if (!handle) {
			complain("%s: damaged: its buffer '%s' cannot be read; record again", rd->path,
				 tracecmd_buffer_instance_name(top, i));
			return -1;
		}
		ret = read_buffer(rd, handle);
		for (int kind = 0; kind < EV_KINDS; kind++) {
			rd->r->count[kind] += rd->count[kind];
			buffers_with[kind] += rd->count[kind] > 0;
		}
		if (i >= 0)
			tracecmd_close(handle);
	}
	for (int kind = 0; kind < EV_KINDS; kind++) {
		rd->r->twice[kind] += buffers_with[kind] > 1;
		if (tep_find_event_by_name(rd->tep, events[kind].system, events[kind].event))
			rd->r->has_format[kind]++;
	}
	return ret;
}

int read_trace(const char *path, struct reading *r, struct datfile *dat, const struct sink *sink, void *ctx)
{
	struct reader rd = { .path = path, .r = r, .sink = sink, .ctx = ctx, .dat = dat };
	struct tracecmd_input *handle;
	char err[256];
	int ret;

	if (datfile_open(path, dat, err, sizeof(err))) {
		complain("%s: %s", path, err);
		return -1;
	}
	r->files++;
	r->stat_lost += dat->stat_lost;
	r->no_stats += !dat->has_stats;
	r->compressed += !dat->raw_pages;
	tracecmd_set_loglevel(TEP_LOG_NONE);
	handle = tracecmd_open(path, TRACECMD_FL_LOAD_NO_PLUGINS);
	if (!handle) {
		complain("%s: damaged: libtracecmd cannot open it; see what `trace-cmd report` says, or record again", path);
		datfile_close(dat);
		return -1;
	}
	memset(rd.kind_of_id, UNKNOWN, sizeof(rd.kind_of_id));
	ret = read_buffers(&rd, handle);
	tracecmd_close(handle);
	datfile_close(dat);
	return ret;
}
