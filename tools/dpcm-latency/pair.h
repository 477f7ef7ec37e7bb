/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PAIR_H
#define PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "cli.h"
#include "map.h"
#include "names.h"
#include "reader.h"

enum how { HOW_WORKER, HOW_INLINE, HOW_SYNC, HOW_IRQ, HOW_FLOOR };
enum phase { PH_XRUN, PH_WAIT, PH_WAKE, PH_LOCK, PH_RUN, PH_BE, PH_TOTAL, PH_SINCE_XRUN, PH_IRQ_OFF, PH_QUEUE };
/* Where a row's values come from; asoc_dpcm says more than the other two, so they do not count beside it. */
enum source_kind { FROM_ASOC, FROM_VCARD, FROM_STOCK };

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
	uint64_t outside;		/* triggers before --from or after --to */
};

enum part { PART_MAIN, PART_WARM_UP, PART_OUTSIDE };
enum { MAX_BES = 64 };

/* One trigger of one FE, whole or becoming so. Times are the trace's. */
struct trigger {
	uint32_t card, fe, stream, cmd, how, seq, source;
	enum part part;
	uint64_t xrun;			/* found, which this stops; 0: none, or not known */
	uint64_t start;			/* queued; of a synchronous one the first BE's start, on a stock kernel the call */
	uint64_t run, end;		/* run: 0 for a synchronous one */
	uint64_t wait_ns, lock_ns, total_ns;
	int64_t ret;
	int cpu, run_cpu, run_pid;	/* cpu: where it started */
	unsigned int nr_bes;
	struct be_span {
		uint32_t be;
		uint64_t start, end;
		int64_t ret;
	} be[MAX_BES];
};

struct pair_sink {
	void (*sample)(const struct row_key *key, enum part part, uint64_t ns, void *arg);
	void (*trigger)(const struct trigger *t, void *arg);	/* when it is done, if it is whole */
	void *arg;
};

/*
 * Joins events to durations. Files and buffers one after the other: nothing is
 * joined across pair_end_buffer().
 */
struct pair {
	struct pair_sink sink;
	struct pair_counts counts;
	struct moment from, to;		/* ns NOT_SET: no limit */
	unsigned int skip;		/* so many of a command are warm-up */
	uint64_t base;			/* the file's first event; NOT_SET before it */
	struct map seen;		/* of an FE, stream and command: how many, for skip */
	/* of the buffer being read: */
	struct map triggers;		/* queued or running, by seq */
	struct map be_calls;		/* started */
	struct map groups;		/* synchronous triggers: BE calls made in one go */
	struct map epochs;		/* of an FE's stream: the number of triggers queued */
	struct map stock;		/* of a task: the calls it is in */
	struct map xruns;		/* of a task: the latest that was found */
	struct pair_cpu *cpu;
	int nr_cpus;
	uint64_t last_gap;		/* on any CPU */
	bool gap_seen;
};

void pair_init(struct pair *p, const struct params *par, const struct pair_sink *sink);
void pair_begin_file(struct pair *p);
void pair_event(struct pair *p, const struct event *ev);
void pair_gap(struct pair *p, int cpu, uint64_t ts);
void pair_end_buffer(struct pair *p);
void pair_free(struct pair *p);

#endif
