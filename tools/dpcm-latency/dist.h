/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DIST_H
#define DIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A set of measured values. Exact: every value is kept, so a quantile is one of
 * the values that were added. Only dist.c knows how they are kept.
 */
struct dist {
	uint64_t *v;
	size_t n;
	size_t size;
	bool sorted;
};

void dist_add(struct dist *d, uint64_t value);
uint64_t dist_count(const struct dist *d);
/* Nearest rank: the smallest value that at least @percent of the values do not exceed; 0 if there are none. */
uint64_t dist_quantile(struct dist *d, unsigned int percent);
void dist_free(struct dist *d);

#endif
