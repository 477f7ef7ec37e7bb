/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WHO_H
#define WHO_H

#include "pair.h"

/*
 * Who stood in a trigger's way: what ran on the worker's CPU while it waited, and
 * who let go of the mutex. From sched, lock and irq events, as far as they were
 * recorded; the latest few thousand of each are remembered.
 */
struct who;

struct who *who_new(void);
void who_free(struct who *w);
/* Another file: its tasks have other names. */
void who_begin_file(struct who *w, const struct datfile *dat);
void who_event(struct who *w, const struct event *ev);
void who_end_buffer(struct who *w);
/* Events were lost on that CPU: what is remembered of it may be wrong. */
void who_gap(struct who *w, int cpu);
/* Of the trigger that was just done: lines to print, "" if nothing is known. Free it. */
char *who_explain(struct who *w, const struct trigger *t);

#endif
