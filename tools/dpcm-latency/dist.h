/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DIST_H
#define DIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A set of measured values in bounded memory. Up to DIST_EXACT values are kept
 * as they are, and a quantile is one of them. Beyond that they are counted in
 * buckets, 512 for each power of two, and a quantile is at most 0.2 % too high;
 * count, smallest and greatest stay exact. Only dist.c knows how they are kept.
 */
enum { DIST_EXACT = 4096, DIST_SUB_BITS = 9, DIST_SUB = 1 << DIST_SUB_BITS, DIST_OCTAVES = 64 - DIST_SUB_BITS };

struct dist {
	uint64_t n, min, max;
	uint64_t *v;			/* while exact */
	size_t size;
	bool sorted;
	uint64_t *octave[DIST_OCTAVES + 1];	/* DIST_SUB counters each; there as soon as needed */
	bool bucketed;
};

void dist_add(struct dist *d, uint64_t value);
void dist_add_many(struct dist *d, uint64_t value, uint64_t times);
void dist_merge(struct dist *to, struct dist *from);
/* Of a set whose values stand for buckets, as one read from a file */
void dist_set_bucketed(struct dist *d);
bool dist_exact(const struct dist *d);
uint64_t dist_count(const struct dist *d);
/* The value of that rank, 1 to the count, in order of size; 0 if there are none. */
uint64_t dist_rank(struct dist *d, uint64_t rank);
/* Nearest rank: the smallest value that at least @permille of 1000 do not exceed; 0 if there are none. */
uint64_t dist_quantile(struct dist *d, unsigned int permille);
/* Ranks of an interval that holds the true quantile with 95 % confidence. */
void dist_confidence(const struct dist *d, unsigned int permille, uint64_t *low, uint64_t *high);
/* Calls @fn with each value and how often it is there, in order of size. */
void dist_each(struct dist *d, void (*fn)(uint64_t value, uint64_t times, void *arg), void *arg);
void dist_free(struct dist *d);

#endif
