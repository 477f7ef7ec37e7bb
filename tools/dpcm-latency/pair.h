/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PAIR_H
#define PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "dist.h"
#include "map.h"
#include "reader.h"

enum how { HOW_WORKER, HOW_INLINE, HOW_SYNC, HOW_IRQ, HOW_FLOOR };
enum phase { PH_WAIT, PH_LOCK, PH_BE, PH_TOTAL, PH_IRQ_OFF, PH_QUEUE, PH_WAKE };
/* Where a row's values come from; asoc_dpcm says more than the other two, so they do not count beside it. */
enum source { FROM_ASOC, FROM_VCARD, FROM_STOCK };

#define NO_STREAM 2
#define NO_CMD UINT32_MAX

/* What a distribution is of. Names are name_id()s. */
struct row_key {
	uint32_t card, fe, stream, cmd, how, phase, be, source;
};

struct pair_counts {
	uint64_t cancelled;		/* commands, so two for a pause and a release that meet */
	uint64_t never_run;		/* queued, and neither run nor cancelled */
	uint64_t no_end, no_start;	/* one half of a pair only */
	uint64_t discarded;		/* a pair or half whose other half may have been lost */
	uint64_t failed;		/* deferred triggers done with an error */
	uint64_t threaded_xruns;	/* vcard_xrun not in hard interrupt */
};

/*
 * Joins events to durations. Files and buffers one after the other: nothing is
 * joined across pair_end_buffer().
 */
struct pair {
	struct map rows;		/* struct row_key -> struct dist */
	struct pair_counts counts;
	/* of the buffer being read: */
	struct map triggers;		/* queued or running, by seq */
	struct map be_calls;		/* started */
	struct map groups;		/* synchronous triggers: BE calls made in one go */
	struct map epochs;		/* of an FE's stream: the number of triggers queued */
	struct map stock;		/* of a task: the calls it is in */
	struct pair_cpu *cpu;
	int nr_cpus;
	uint64_t last_gap;		/* on any CPU */
	bool gap_seen;
};

void pair_init(struct pair *p);
void pair_event(struct pair *p, const struct event *ev);
void pair_gap(struct pair *p, int cpu, uint64_t ts);
void pair_end_buffer(struct pair *p);
void pair_free(struct pair *p);

#endif
