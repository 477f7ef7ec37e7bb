/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef READER_H
#define READER_H

#include <stdbool.h>
#include <stdint.h>

#include "datfile.h"

enum ev_kind {
	EV_QUEUE, EV_RUN, EV_BE_START, EV_BE_END, EV_DONE, EV_CANCEL,	/* asoc_dpcm */
	EV_PCM_XRUN,							/* snd_pcm */
	EV_VCARD_XRUN, EV_VCARD_BE, EV_VCARD_FLOOR,			/* dpcm_vcard */
	EV_STOCK, EV_STOCK_RET, EV_STOCK_BE, EV_STOCK_BE_RET,		/* stock_dpcm: kprobes, see trace-configs/stock */
	EV_STOCK_PERIOD, EV_STOCK_PERIOD_RET, EV_STOCK_XRUN,
	EV_OTHERS,		/* from here on: not of triggers, but they say what stood in their way */
	EV_SWITCH = EV_OTHERS, EV_WAKING, EV_LOCK_RELEASE, EV_IRQ, EV_IRQ_END, EV_SOFTIRQ, EV_SOFTIRQ_END,
	EV_KINDS
};

/* One event, decoded. Which fields are set depends on the kind: see the table in reader.c. */
struct event {
	enum ev_kind kind;
	int cpu;
	int pid;
	bool in_irq;			/* hard interrupt, by the event's own flags */
	uint64_t ts;
	uint64_t card, fe, be;		/* name_id() */
	uint64_t stream, cmd, seq;
	uint64_t in_line;		/* the field is called inline */
	uint64_t wait_ns, lock_ns, total_ns, ns;
	uint64_t queue_ns, wake_ns;
	uint64_t hardirq;
	uint64_t other_pid, name;	/* of the other task; of the task, lock or interrupt */
	int64_t ret;
};

/* What was read, summed over files. */
struct reading {
	uint64_t count[EV_KINDS];
	uint64_t has_format[EV_KINDS];	/* files whose kernel knows the event and whose recording asked for it */
	uint64_t events;		/* all that stand in the files, ours or not */
	uint64_t gaps, lost;		/* places where events were lost; how many, as far as the buffer says */
	uint64_t gaps_uncounted;	/* gaps of unknown size */
	uint64_t stat_lost;		/* the per-CPU statistics' word on the same */
	uint64_t files, buffers, no_stats;
	uint64_t twice[EV_KINDS];	/* files with this event in several buffers */
};

/* Called for the events of one buffer in the order of time; gap() before the first event after it. */
struct sink {
	void (*event)(const struct event *ev, void *ctx);
	void (*gap)(int cpu, uint64_t ts, void *ctx);
	void (*buffer_end)(void *ctx);
};

const char *event_name(enum ev_kind kind);	/* "system:event" */
bool reading_lossy(const struct reading *r);

/* Turns records into events. Fields are looked up once for each event id. */
struct decoder;

struct decoder *decoder_new(const char *path, const struct page_layout *layout, const struct dat_event *events,
			    unsigned int nr_events, bool others);
void decoder_free(struct decoder *d);
/* 1: @ev is set, 0: not ours, -1: damaged, after a message. Names the event after @cpu and @ts. */
int decode_event(struct decoder *d, const struct page_event *rec, int cpu, uint64_t ts, struct event *ev);
void no_events(const char *path);	/* the message for a trace without any of ours */

/* A place that pages of one CPU come from, and its next event of interest */
struct source {
	int (*page)(struct source *s, const void **page, size_t *size);	/* 1, 0: no more (for now), -1 */
	void *arg;
	int cpu;
	struct page cur;
	bool open;		/* cur is being read */
	bool ready;		/* next is there */
	bool gap;		/* next is a gap, at next.ts */
	uint64_t lost;
	uint64_t events;
	struct event next;
};

/*
 * Merges the @n sources by time up to @until, as far as they have pages, and counts what was read in @r
 * and, by kind, in @count. 0, or -1 after a message.
 */
int merge_sources(struct source *sources, unsigned int n, struct decoder *d, const struct page_layout *layout,
		  uint64_t until, struct reading *r, uint64_t *count, const struct sink *sink, void *ctx);

/*
 * Reads all buffers of the open file. 0, or -1 after a message on stderr. With @others also the events
 * from EV_OTHERS on.
 */
int read_trace(const char *path, struct datfile *dat, struct reading *r, const struct sink *sink, void *ctx,
	       bool others);

#endif
