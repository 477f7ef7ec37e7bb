// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stdlib.h>

#include "dist.h"
#include "util.h"

/* Octave 0 holds the values below DIST_SUB, one each; octave o > 0 those from DIST_SUB << (o - 1) on. */
static unsigned int octave_of(uint64_t value)
{
	return value < DIST_SUB ? 0 : 64 - __builtin_clzll(value) - DIST_SUB_BITS;
}

static void count_in_bucket(struct dist *d, uint64_t value, uint64_t times)
{
	unsigned int o = octave_of(value);

	if (!d->octave[o])
		d->octave[o] = xcalloc(DIST_SUB, sizeof(uint64_t));
	d->octave[o][(o ? value >> (o - 1) : value) & (DIST_SUB - 1)] += times;
}

/* The greatest value of a bucket */
static uint64_t bucket_value(const struct dist *d, unsigned int o, unsigned int i)
{
	uint64_t v = o ? ((uint64_t)(DIST_SUB + i + 1) << (o - 1)) - 1 : i;

	return v > d->max ? d->max : v < d->min ? d->min : v;
}

void dist_set_bucketed(struct dist *d)
{
	if (d->bucketed)
		return;
	for (uint64_t i = 0; i < d->n; i++)
		count_in_bucket(d, d->v[i], 1);
	free(d->v);
	d->v = NULL;
	d->size = 0;
	d->bucketed = true;
}

void dist_add_many(struct dist *d, uint64_t value, uint64_t times)
{
	if (!times)
		return;
	if (!d->bucketed && (times > DIST_EXACT || d->n + times > DIST_EXACT))
		dist_set_bucketed(d);
	if (d->bucketed) {
		count_in_bucket(d, value, times);
	} else {
		if (d->n + times > d->size) {
			d->size = (d->n + times) * 2 > DIST_EXACT ? DIST_EXACT : (d->n + times) * 2;
			d->v = xrealloc(d->v, d->size, sizeof(*d->v));
		}
		for (uint64_t i = 0; i < times; i++)
			d->v[d->n + i] = value;
		d->sorted = false;
	}
	if (!d->n || value < d->min)
		d->min = value;
	if (!d->n || value > d->max)
		d->max = value;
	d->n += times;
}

void dist_add(struct dist *d, uint64_t value)
{
	dist_add_many(d, value, 1);
}

static void add_to(uint64_t value, uint64_t times, void *arg)
{
	dist_add_many(arg, value, times);
}

void dist_merge(struct dist *to, struct dist *from)
{
	if (from->bucketed)
		dist_set_bucketed(to);
	dist_each(from, add_to, to);
	/* a bucket's greatest value stands for all of it: only these two are exact */
	if (from->n && from->min < to->min)
		to->min = from->min;
}

bool dist_exact(const struct dist *d)
{
	return !d->bucketed;
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

void dist_each(struct dist *d, void (*fn)(uint64_t value, uint64_t times, void *arg), void *arg)
{
	if (d->bucketed) {
		for (unsigned int o = 0; o <= DIST_OCTAVES; o++)
			for (unsigned int i = 0; d->octave[o] && i < DIST_SUB; i++)
				if (d->octave[o][i])
					fn(bucket_value(d, o, i), d->octave[o][i], arg);
		return;
	}
	if (!d->sorted && d->n)
		qsort(d->v, d->n, sizeof(*d->v), compare);
	d->sorted = true;
	for (uint64_t i = 0, times; i < d->n; i += times) {
		for (times = 1; i + times < d->n && d->v[i + times] == d->v[i]; times++)
			;
		fn(d->v[i], times, arg);
	}
}

struct rank_search {
	uint64_t left, value;
};

static void find_rank(uint64_t value, uint64_t times, void *arg)
{
	struct rank_search *s = arg;

	if (s->left)
		s->value = value;
	s->left -= times < s->left ? times : s->left;
}

uint64_t dist_rank(struct dist *d, uint64_t rank)
{
	struct rank_search s = { .left = rank < 1 ? 1 : rank > d->n ? d->n : rank };

	if (!d->n)
		return 0;
	dist_each(d, find_rank, &s);
	return s.value;
}

/* ceil(n * permille / 1000), without overflow for any n */
static uint64_t rank_of(uint64_t n, unsigned int permille)
{
	return n / 1000 * permille + (n % 1000 * permille + 999) / 1000;
}

uint64_t dist_quantile(struct dist *d, unsigned int permille)
{
	return dist_rank(d, rank_of(d->n, permille));
}

void dist_confidence(const struct dist *d, unsigned int permille, uint64_t *low, uint64_t *high)
{
	double p = permille / 1000.0, mid = d->n * p, half = 1.96 * sqrt(d->n * p * (1 - p));

	*low = mid - half < 1 ? 1 : floor(mid - half);
	*high = mid + half + 1 > d->n ? d->n : ceil(mid + half) + 1;
	if (*high > d->n)
		*high = d->n;
}

void dist_free(struct dist *d)
{
	for (unsigned int o = 0; o <= DIST_OCTAVES; o++)
		free(d->octave[o]);
	free(d->v);
	*d = (struct dist){};
}
