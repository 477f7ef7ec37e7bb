// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "dist.h"
#include "util.h"

void dist_add(struct dist *d, uint64_t value)
{
	if (d->n == d->size) {
		d->size = d->size ? d->size * 2 : 16;
		d->v = xrealloc(d->v, d->size, sizeof(*d->v));
	}
	d->v[d->n++] = value;
	d->sorted = false;
}

uint64_t dist_count(const struct dist *d)
{
	return d->n;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

uint64_t dist_quantile(struct dist *d, unsigned int percent)
{
	size_t rank;

	if (!d->n)
		return 0;
	if (!d->sorted) {
		qsort(d->v, d->n, sizeof(*d->v), compare);
		d->sorted = true;
	}
	/* ceil(n * percent / 100), without overflow for any n */
	rank = d->n / 100 * percent + (d->n % 100 * percent + 99) / 100;
	if (rank < 1)
		rank = 1;
	if (rank > d->n)
		rank = d->n;
	return d->v[rank - 1];
}

void dist_free(struct dist *d)
{
	free(d->v);
	*d = (struct dist){};
}
