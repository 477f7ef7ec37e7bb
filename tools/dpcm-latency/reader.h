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
	EV_STOCK, EV_STOCK_RET,						/* stock_dpcm: the harness's kprobes */
	EV_KINDS
};

/* One event, decoded. Which fields are set depends on the kind: see the table in reader.c. */
struct event {
	enum ev_kind kind;
	int cpu;
	int pid;
	uint64_t ts;
	uint64_t card, fe, be;		/* name_id() */
	uint64_t stream, cmd, seq;
	uint64_t in_line;		/* the field is called inline */
	uint64_t wait_ns, lock_ns, total_ns, ns;
	uint64_t queue_ns, wake_ns;
	uint64_t hardirq;
	int64_t ret;
};

/* What was read, summed over files by the caller's choice of when to clear it. */
struct reading {
	uint64_t count[EV_KINDS];
	uint64_t has_format[EV_KINDS];	/* files whose kernel knows the event and whose recording asked for it */
	uint64_t gaps, lost;		/* places where events were lost; how many, as far as the buffer says */
	uint64_t gaps_uncounted;	/* gaps of unknown size */
	uint64_t stat_lost;		/* the per-CPU statistics' word on the same */
	unsigned int files, buffers, no_stats, compressed;
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

/* Reads all buffers of the file. 0, or -1 after a message on stderr. @dat is filled in, and closed again. */
int read_trace(const char *path, struct reading *r, struct datfile *dat, const struct sink *sink, void *ctx);

#endif
