/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TABLE_H
#define TABLE_H

#include <stdio.h>

#include "results.h"

void print_table(FILE *f, const struct lines *lines);
/* "card FE playback STOP worker total", without what is not known */
char *line_title(const struct line *l);

/* And a comma; in quotes if it has to be */
void csv_field(FILE *f, const char *s);

/* What the columns are; for the help of every command that prints them */
#define TABLE_HELP \
"Columns:\n" \
"  card, fe         the card and the front end (FE); - where the event does not say. On a stock\n" \
"                   kernel an address tells FEs apart\n" \
"  stream           playback or capture\n" \
"  mode             what is deferred, as it shows in what the FE's stream did: off, stop (starts are\n" \
"                   synchronous), all, stop/all (no start was seen), mixed (it changed meanwhile)\n" \
"  cmd              the trigger: START STOP PAUSE_PUSH PAUSE_RELEASE SUSPEND RESUME DRAIN\n" \
"  how              worker: deferred, run by the work item\n" \
"                   inline: deferred, run by another who took the mutex first\n" \
"                   sync:   not deferred, run in the trigger itself\n" \
"                   irq:    the interrupt that found an xrun\n" \
"                   floor:  an empty work item, measured by the virtual card\n" \
"  phase            xrun:    from the xrun found to queued; sync: to the first BE's start (on a\n" \
"                            stock kernel: to dpcm_be_dai_trigger())\n" \
"                   wait:    from queued to run, which is wake and lock:\n" \
"                   wake:    from queued to the worker (or whoever runs it) asking for the mutex;\n" \
"                            of the floor, from queued to running\n" \
"                   lock:    waiting for the mutex\n" \
"                   run:     from run to done: all BEs\n" \
"                   be:NAME: the trigger of that back end (BE)\n" \
"                   total:   worker, inline: from queued to done;\n" \
"                            sync: from the first BE's start to the last one's end, of the BE\n" \
"                            calls of one task for one card, FE, stream and command until a BE\n" \
"                            comes again (stock kernels: the whole of dpcm_be_dai_trigger())\n" \
"                   since_xrun: from the xrun found to done\n" \
"                   irq_off: snd_pcm_period_elapsed() in the interrupt that finds an xrun\n" \
"                   queue:   queue_work() in an interrupt\n" \
"  count            how many were measured\n" \
"  p50 p90 p99 p99.9 max  percentiles by nearest rank, and the longest; p99.9 of 1000 values or more\n" \
"                   only. Exact up to 4096 values; of more (marked ~) up to 0.2 % too high.\n" \
"                   text: in us; csv: p50_ns p90_ns p99_ns p999_ns max_ns, in ns\n"

#endif
