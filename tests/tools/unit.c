// SPDX-License-Identifier: GPL-2.0-only
/* Tests of the analyser's parts: arithmetic, pairing, option parser. No files, no root. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cli.h"
#include "dist.h"
#include "map.h"
#include "names.h"
#include "page.h"
#include "pair.h"
#include "util.h"
#include "who.h"

static void dist_is_nearest_rank(void **state)
{
	static const struct {
		unsigned int n, permille, want;	/* of the values 1..n */
	} cases[] = {
		{ 1, 500, 1 }, { 1, 990, 1 }, { 1, 1000, 1 }, { 2, 500, 1 }, { 2, 501, 2 }, { 3, 500, 2 }, { 10, 900, 9 },
		{ 10, 901, 10 }, { 10, 990, 10 }, { 99, 990, 99 }, { 100, 990, 99 }, { 101, 990, 100 }, { 200, 990, 198 },
		{ 201, 500, 101 }, { 1000, 900, 900 }, { 1001, 900, 901 }, { 1000, 999, 999 }, { 2000, 999, 1998 },
		{ 1000, 0, 1 }, { 0, 500, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct dist d = {};

		for (unsigned int v = 0; v < cases[i].n; v++)
			dist_add(&d, (v * 7919ULL) % cases[i].n + 1);	/* all of 1..n, mixed: 7919 is prime */
		assert_int_equal(dist_count(&d), cases[i].n);
		assert_int_equal(dist_quantile(&d, cases[i].permille), cases[i].want);
		dist_free(&d);
	}
}

static void dist_sorts_again(void **state)
{
	struct dist d = {};

	(void)state;
	dist_add(&d, UINT64_MAX);
	dist_add(&d, 5);
	assert_int_equal(dist_quantile(&d, 500), 5);
	dist_add(&d, 1);
	dist_add(&d, 0);
	assert_int_equal(dist_quantile(&d, 500), 1);
	assert_true(dist_quantile(&d, 1000) == UINT64_MAX);
	dist_free(&d);
}

/* The same values, too many to keep: at most 0.2 % too high, never too low; the ends exact */
static void dist_is_bounded(void **state)
{
	static const unsigned int permilles[] = { 1, 10, 500, 900, 990, 999 };
	struct dist d = {}, half[2] = {};
	const uint64_t n = 5 * DIST_EXACT + 7;

	(void)state;
	for (uint64_t v = 0; v < n; v++) {
		uint64_t value = (v * 7919) % n * 1000 + 3;

		dist_add(&d, value);
		dist_add(&half[v & 1], value);
	}
	assert_false(dist_exact(&d));
	dist_merge(&half[0], &half[1]);
	for (size_t i = 0; i < ARRAY_SIZE(permilles); i++) {
		uint64_t want = (n * permilles[i] + 999) / 1000 * 1000 - 997, got = dist_quantile(&d, permilles[i]);

		assert_in_range(got, want, want + want / 500);
		assert_int_equal(dist_quantile(&half[0], permilles[i]), got);
	}
	assert_int_equal(dist_rank(&d, 1), 3);
	assert_int_equal(dist_quantile(&d, 1000), (n - 1) * 1000 + 3);
	assert_int_equal(dist_count(&half[0]), n);
	assert_int_equal(half[0].min, 3);
	dist_free(&d);
	dist_free(&half[0]);
	dist_free(&half[1]);
}

/* Of 1..1000 the interval of the median is about 1.96 * sqrt(250) = 31 ranks to either side. */
static void dist_has_confidence(void **state)
{
	struct dist d = {};
	uint64_t low, high;

	(void)state;
	for (unsigned int v = 1; v <= 1000; v++)
		dist_add(&d, v);
	dist_confidence(&d, 500, &low, &high);
	assert_in_range(low, 468, 470);
	assert_in_range(high, 531, 533);
	dist_confidence(&d, 999, &low, &high);
	assert_int_equal(high, 1000);
	dist_free(&d);
}

static void count_entry(const void *key, void *value, void *arg)
{
	assert_int_equal(*(const uint32_t *)key * 3, *(uint32_t *)value);
	++*(unsigned int *)arg;
}

static void map_keeps_what_is_added(void **state)
{
	struct map m = MAP_INIT(uint32_t, uint32_t);
	unsigned int n = 0;

	(void)state;
	for (uint32_t k = 0; k < 10000; k++)
		*(uint32_t *)map_get(&m, &k) = k * 3;
	for (uint32_t k = 0; k < 10000; k += 2)
		map_del(&m, &k);
	for (uint32_t k = 0; k < 10000; k++)
		assert_true(!map_find(&m, &k) == !(k & 1));
	map_each(&m, count_entry, &n);
	assert_int_equal(n, 5000);
	map_clear(&m);
	assert_null(map_find(&m, &n));
	map_del(&m, &n);
}

static void names_are_words(void **state)
{
	(void)state;
	assert_string_equal(cmd_name(0), "STOP");
	assert_string_equal(cmd_name(1), "START");
	assert_string_equal(cmd_name(2), "2");
	assert_string_equal(cmd_name(3), "PAUSE_PUSH");
	assert_string_equal(cmd_name(7), "DRAIN");
	assert_string_equal(cmd_name(8), "8");
	for (uint32_t cmd = 0, back; cmd < 12; cmd++)
		assert_true(cmd_of(cmd_name(cmd), &back) && back == cmd);
	assert_true(cmd_of("-", &(uint32_t) { 0 }));
	assert_false(cmd_of("STOPP", &(uint32_t) { 0 }));
	assert_false(cmd_of("", &(uint32_t) { 0 }));
	assert_int_equal(name_id("BE1", 3), name_id("BE10", 3));
	assert_int_not_equal(name_id("BE1", 3), name_id("BE10", 4));
	assert_int_equal(name_id("-", 1), 0);
	assert_string_equal(name_of(name_id("FE0xx", 3)), "FE0");
}

/* A trace, event by event */
#define CARD name_id("card", 4)
#define FE0 name_id("FE0", 3)
struct trace {
	struct pair pair;
	struct map rows;
	unsigned int triggers, warm;
	struct trigger last;
};

static void add_sample(const struct row_key *key, enum part part, uint64_t ns, void *arg)
{
	struct trace *t = arg;

	if (part == PART_WARM_UP)
		t->warm++;
	else
		dist_add(map_get(&t->rows, key), ns);
}

static void take_trigger(const struct trigger *trigger, void *arg)
{
	struct trace *t = arg;

	t->triggers++;
	t->last = *trigger;
}

static void trace_init(struct trace *t, unsigned int skip, uint64_t from)
{
	struct params par = { .from.ns = from, .to.ns = NOT_SET, .skip = skip };
	struct pair_sink sink = { add_sample, take_trigger, t };

	*t = (struct trace) { .rows = MAP_INIT(struct row_key, struct dist) };
	pair_init(&t->pair, &par, &sink);
}

static void free_row(const void *key, void *value, void *arg)
{
	(void)key;
	(void)arg;
	dist_free(value);
}

static void trace_free(struct trace *t)
{
	pair_free(&t->pair);
	map_each(&t->rows, free_row, NULL);
	map_clear(&t->rows);
}

#define EV(k, t, c, p, s, ...) \
	pair_event(&p_.pair, &(struct event) { .kind = k, .ts = t, .cpu = c, .pid = p, .card = CARD, .fe = FE0, .seq = s, __VA_ARGS__ })

static uint64_t values(struct trace *p, uint32_t cmd, enum how how, enum phase phase, uint32_t be, uint64_t *max)
{
	struct row_key key = { .card = CARD, .fe = FE0, .cmd = cmd, .how = how, .phase = phase, .be = be };
	struct dist *d = map_find(&p->rows, &key);

	if (!d)
		return 0;
	if (max)
		*max = dist_quantile(d, 1000);
	return dist_count(d);
}

static void pairs_deferred(void **state)
{
	struct trace p_;
	uint64_t max = 0;

	(void)state;
	trace_init(&p_, 0, NOT_SET);
	EV(EV_QUEUE, 100, 0, 0, 1);
	EV(EV_QUEUE, 150, 0, 0, 2, .cmd = 1);
	EV(EV_RUN, 200, 1, 9, 1, .wait_ns = 100, .lock_ns = 10);
	EV(EV_BE_START, 210, 1, 9, 1, .be = 7);
	EV(EV_BE_END, 260, 1, 9, 1, .be = 7);
	EV(EV_DONE, 270, 1, 9, 1, .total_ns = 170);
	EV(EV_RUN, 300, 0, 8, 2, .cmd = 1, .wait_ns = 150, .in_line = 1);
	EV(EV_BE_START, 310, 0, 8, 2, .be = 7, .cmd = 1);
	EV(EV_BE_END, 330, 0, 8, 2, .be = 7, .cmd = 1, .ret = -5);
	EV(EV_DONE, 340, 0, 8, 2, .cmd = 1, .total_ns = 190, .ret = -5);
	pair_end_buffer(&p_.pair);
	assert_int_equal(values(&p_, 0, HOW_WORKER, PH_WAIT, 0, &max), 1);
	assert_int_equal(max, 100);
	assert_int_equal(values(&p_, 0, HOW_WORKER, PH_LOCK, 0, &max), 1);
	assert_int_equal(max, 10);
	assert_int_equal(values(&p_, 0, HOW_WORKER, PH_BE, 7, &max), 1);
	assert_int_equal(max, 50);
	assert_int_equal(values(&p_, 0, HOW_WORKER, PH_TOTAL, 0, &max), 1);
	assert_int_equal(max, 170);
	assert_int_equal(values(&p_, 1, HOW_INLINE, PH_BE, 7, &max), 1);
	assert_int_equal(max, 20);
	assert_int_equal(values(&p_, 1, HOW_INLINE, PH_TOTAL, 0, &max), 1);
	assert_int_equal(values(&p_, 1, HOW_WORKER, PH_TOTAL, 0, &max), 0);
	assert_int_equal(p_.pair.counts.failed, 1);
	assert_int_equal(p_.pair.counts.no_start + p_.pair.counts.no_end + p_.pair.counts.never_run + p_.pair.counts.discarded, 0);
	trace_free(&p_);
}

static void counts_what_does_not_pair(void **state)
{
	struct trace p_;

	(void)state;
	trace_init(&p_, 0, NOT_SET);
	EV(EV_QUEUE, 100, 0, 0, 1);			/* never run */
	EV(EV_QUEUE, 110, 0, 0, 2);			/* cancelled */
	EV(EV_CANCEL, 120, 0, 0, 2);
	EV(EV_QUEUE, 130, 0, 0, 3);
	EV(EV_RUN, 140, 0, 9, 3);			/* no done */
	EV(EV_BE_START, 150, 0, 9, 3, .be = 7);		/* no end */
	EV(EV_BE_END, 160, 0, 9, 3, .be = 8);		/* no start */
	EV(EV_DONE, 170, 0, 9, 4);			/* no run */
	pair_end_buffer(&p_.pair);
	EV(EV_DONE, 180, 0, 9, 3);			/* the run was in another buffer */
	assert_int_equal(p_.pair.counts.never_run, 1);
	assert_int_equal(p_.pair.counts.cancelled, 1);
	assert_int_equal(p_.pair.counts.no_end, 2);
	assert_int_equal(p_.pair.counts.no_start, 3);
	assert_int_equal(p_.pair.counts.discarded, 0);
	trace_free(&p_);
}

static void groups_synchronous(void **state)
{
	struct trace p_;
	uint64_t max = 0;

	(void)state;
	trace_init(&p_, 0, NOT_SET);
	/* START of two BEs by task 5, while an idle CPU's interrupt stops the stream of the same name */
	EV(EV_BE_START, 100, 0, 5, 0, .be = 7, .cmd = 1);
	EV(EV_BE_END, 110, 0, 5, 0, .be = 7, .cmd = 1);
	EV(EV_BE_START, 115, 1, 0, 0, .be = 7);
	EV(EV_BE_START, 120, 0, 5, 0, .be = 8, .cmd = 1);
	EV(EV_BE_END, 118, 1, 0, 0, .be = 7);
	EV(EV_BE_END, 150, 0, 5, 0, .be = 8, .cmd = 1);
	/* again, the first BE comes again: another trigger */
	EV(EV_BE_START, 200, 0, 5, 0, .be = 7, .cmd = 1);
	EV(EV_BE_END, 205, 0, 5, 0, .be = 7, .cmd = 1);
	/* a deferred STOP between: another trigger though the BE is another */
	EV(EV_QUEUE, 300, 1, 0, 1);
	EV(EV_BE_START, 900, 0, 5, 0, .be = 8, .cmd = 1);
	EV(EV_BE_END, 907, 0, 5, 0, .be = 8, .cmd = 1);
	/* without end: no total */
	EV(EV_BE_START, 1000, 0, 5, 0, .be = 7, .cmd = 3);
	pair_end_buffer(&p_.pair);
	assert_int_equal(values(&p_, 1, HOW_SYNC, PH_TOTAL, 0, &max), 3);
	assert_int_equal(max, 50);
	assert_int_equal(values(&p_, 1, HOW_SYNC, PH_BE, 7, &max), 2);
	assert_int_equal(max, 10);
	assert_int_equal(values(&p_, 0, HOW_SYNC, PH_TOTAL, 0, &max), 1);
	assert_int_equal(max, 3);
	assert_int_equal(values(&p_, 3, HOW_SYNC, PH_TOTAL, 0, &max), 0);
	assert_int_equal(p_.pair.counts.no_end, 1);
	assert_int_equal(p_.pair.counts.never_run, 1);
	trace_free(&p_);
}

static void pairs_nothing_across_a_gap(void **state)
{
	struct trace p_;

	(void)state;
	trace_init(&p_, 0, NOT_SET);
	EV(EV_QUEUE, 90, 0, 0, 1);
	EV(EV_RUN, 100, 1, 9, 1);
	EV(EV_BE_START, 110, 1, 9, 1, .be = 7);
	EV(EV_BE_START, 120, 0, 5, 0, .be = 7, .cmd = 1);
	pair_gap(&p_.pair, 1, 130);
	EV(EV_BE_END, 130, 1, 9, 1, .be = 7);		/* across: discarded */
	EV(EV_BE_END, 140, 0, 5, 0, .be = 7, .cmd = 1);	/* the other CPU lost nothing */
	EV(EV_DONE, 150, 1, 9, 1);			/* across */
	EV(EV_QUEUE, 160, 0, 0, 2);
	EV(EV_RUN, 170, 1, 9, 2);
	EV(EV_BE_START, 180, 1, 9, 2, .be = 7);
	EV(EV_BE_END, 190, 1, 9, 2, .be = 7);
	EV(EV_DONE, 200, 1, 9, 2);
	pair_end_buffer(&p_.pair);
	assert_int_equal(p_.pair.counts.no_start, 0);
	assert_int_equal(values(&p_, 0, HOW_WORKER, PH_BE, 7, NULL), 1);
	assert_int_equal(values(&p_, 0, HOW_WORKER, PH_TOTAL, 0, NULL), 1);
	assert_int_equal(values(&p_, 1, HOW_SYNC, PH_TOTAL, 0, NULL), 1);
	assert_int_equal(p_.pair.counts.discarded, 2);
	trace_free(&p_);
}

/* In a damaged file only: no time is 2^64 ns less some */
static void pairs_nothing_back_in_time(void **state)
{
	struct trace p_;

	(void)state;
	trace_init(&p_, 0, NOT_SET);
	EV(EV_RUN, 100, 0, 9, 1);
	EV(EV_BE_START, 110, 0, 9, 1, .be = 7);
	EV(EV_BE_END, 90, 0, 9, 1, .be = 7);
	EV(EV_DONE, 95, 0, 9, 1, .total_ns = 5);
	EV(EV_BE_START, 200, 0, 5, 0, .be = 7);
	EV(EV_BE_END, 190, 0, 5, 0, .be = 7);
	EV(EV_STOCK, 300, 0, 6, 0);
	EV(EV_STOCK_RET, 290, 0, 6, 0);
	pair_end_buffer(&p_.pair);
	assert_int_equal(values(&p_, 0, HOW_WORKER, PH_BE, 7, NULL), 0);
	assert_int_equal(values(&p_, 0, HOW_WORKER, PH_TOTAL, 0, NULL), 0);
	assert_int_equal(values(&p_, 0, HOW_SYNC, PH_BE, 7, NULL), 0);
	assert_int_equal(values(&p_, 0, HOW_SYNC, PH_TOTAL, 0, NULL), 0);
	assert_int_equal(p_.pair.counts.discarded, 5);
	assert_int_equal(p_.triggers, 0);
	trace_free(&p_);
}

static void pairs_stock_calls_by_task(void **state)
{
	struct row_key key = { .fe = FE0, .cmd = 1, .how = HOW_SYNC, .phase = PH_TOTAL, .source = FROM_STOCK };
	struct trace p_;
	struct dist *d;

	(void)state;
	trace_init(&p_, 0, NOT_SET);
	EV(EV_STOCK, 100, 0, 5, 0, .cmd = 1);
	EV(EV_STOCK, 110, 0, 5, 0, .cmd = 0);	/* an interrupt on top of it */
	EV(EV_STOCK, 115, 1, 6, 0, .cmd = 1);
	EV(EV_STOCK_RET, 120, 0, 5, 0);
	EV(EV_STOCK_RET, 150, 0, 5, 0);
	EV(EV_STOCK_RET, 151, 0, 5, 0);		/* no start */
	pair_end_buffer(&p_.pair);			/* task 6: no end */
	d = map_find(&p_.rows, &key);
	assert_non_null(d);
	assert_int_equal(dist_count(d), 1);
	assert_int_equal(dist_quantile(d, 1000), 50);
	key.cmd = 0;
	assert_int_equal(dist_quantile(map_find(&p_.rows, &key), 1000), 10);
	assert_int_equal(p_.pair.counts.no_start, 1);
	assert_int_equal(p_.pair.counts.no_end, 1);
	trace_free(&p_);
}

static void joins_xruns_with_their_stops(void **state)
{
	struct trace p_;
	uint64_t max = 0;

	(void)state;
	trace_init(&p_, 0, NOT_SET);
	EV(EV_PCM_XRUN, 100, 0, 5, 0, .in_irq = true);
	EV(EV_QUEUE, 130, 0, 5, 1, .in_irq = true);
	EV(EV_RUN, 200, 1, 9, 1, .wait_ns = 70);
	EV(EV_DONE, 250, 1, 9, 1, .total_ns = 120);
	/* not of an xrun: another command, direction, context, CPU or task; then the same xrun again */
	EV(EV_PCM_XRUN, 300, 0, 5, 0, .in_irq = true);
	EV(EV_QUEUE, 310, 0, 5, 2, .cmd = 1, .in_irq = true);
	EV(EV_QUEUE, 320, 0, 5, 1, .stream = 1, .in_irq = true);
	EV(EV_QUEUE, 330, 0, 5, 3);
	EV(EV_QUEUE, 340, 1, 5, 4, .in_irq = true);
	EV(EV_QUEUE, 350, 0, 6, 5, .in_irq = true);
	EV(EV_BE_START, 360, 0, 5, 0, .be = 7, .in_irq = true);
	EV(EV_BE_END, 370, 0, 5, 0, .be = 7, .in_irq = true);
	EV(EV_BE_START, 380, 0, 5, 0, .be = 7, .in_irq = true);
	EV(EV_BE_END, 390, 0, 5, 0, .be = 7, .in_irq = true);
	pair_end_buffer(&p_.pair);
	assert_int_equal(values(&p_, 0, HOW_WORKER, PH_XRUN, 0, &max), 1);
	assert_int_equal(max, 30);
	assert_int_equal(values(&p_, 0, HOW_WORKER, PH_SINCE_XRUN, 0, &max), 1);
	assert_int_equal(max, 150);
	assert_int_equal(values(&p_, 0, HOW_WORKER, PH_RUN, 0, &max), 1);
	assert_int_equal(max, 50);
	assert_int_equal(values(&p_, 0, HOW_SYNC, PH_XRUN, 0, &max), 1);
	assert_int_equal(max, 60);
	assert_int_equal(values(&p_, 0, HOW_SYNC, PH_SINCE_XRUN, 0, &max), 1);
	assert_int_equal(max, 70);
	assert_int_equal(values(&p_, 0, HOW_SYNC, PH_TOTAL, 0, &max), 2);
	trace_free(&p_);
}

static void knows_what_is_asked_for(void **state)
{
	struct trace p_;

	(void)state;
	trace_init(&p_, 2, 1000);
	for (unsigned int i = 0; i < 6; i++) {
		EV(EV_QUEUE, 900 + i * 100, 0, 0, i + 1);
		EV(EV_RUN, 910 + i * 100, 1, 9, i + 1, .wait_ns = i);
		EV(EV_DONE, 950 + i * 100, 1, 9, i + 1, .total_ns = 50);
	}
	pair_end_buffer(&p_.pair);
	/* one before, two of warm-up (wait, wake, lock, total, run each), three */
	assert_int_equal(p_.pair.counts.outside, 1);
	assert_int_equal(p_.warm, 10);
	assert_int_equal(values(&p_, 0, HOW_WORKER, PH_TOTAL, 0, NULL), 3);
	assert_int_equal(p_.triggers, 3);
	assert_int_equal(p_.last.wait_ns, 5);
	trace_free(&p_);
}

static void nests_stock_calls(void **state)
{
	struct row_key key = { .fe = FE0, .how = HOW_SYNC, .phase = PH_BE, .be = 7, .source = FROM_STOCK };
	struct row_key irq = { .fe = FE0, .stream = NO_STREAM, .cmd = NO_CMD, .how = HOW_IRQ, .phase = PH_IRQ_OFF,
			       .source = FROM_STOCK };
	struct trace p_;

	(void)state;
	trace_init(&p_, 0, NOT_SET);
	EV(EV_STOCK_PERIOD, 100, 0, 5, 0);
	EV(EV_STOCK_XRUN, 110, 0, 5, 0);
	EV(EV_STOCK, 120, 0, 5, 0, .in_irq = true);	/* by a breakpoint */
	EV(EV_STOCK_BE, 130, 0, 5, 0, .be = 7);
	EV(EV_STOCK_BE_RET, 155, 0, 5, 0);
	EV(EV_STOCK_RET, 160, 0, 5, 0);
	EV(EV_STOCK_BE, 170, 0, 5, 0, .be = 8);	/* the FE's half: not under be_dai_trigger */
	EV(EV_STOCK_BE_RET, 175, 0, 5, 0);
	EV(EV_STOCK_PERIOD_RET, 180, 0, 5, 0);
	EV(EV_STOCK_PERIOD, 200, 0, 5, 0);	/* no xrun: not counted */
	EV(EV_STOCK_PERIOD_RET, 210, 0, 5, 0);
	EV(EV_STOCK, 220, 0, 5, 0);
	EV(EV_STOCK_BE, 230, 0, 5, 0, .be = 7);	/* its return was missed */
	EV(EV_STOCK_RET, 240, 0, 5, 0);
	pair_end_buffer(&p_.pair);
	assert_non_null(map_find(&p_.rows, &key));
	assert_int_equal(dist_quantile(map_find(&p_.rows, &key), 1000), 25);
	assert_int_equal(dist_count(map_find(&p_.rows, &key)), 1);
	assert_int_equal(dist_quantile(map_find(&p_.rows, &irq), 1000), 80);
	assert_int_equal(dist_count(map_find(&p_.rows, &irq)), 1);
	assert_int_equal(p_.triggers, 2);
	key.phase = PH_XRUN;
	key.be = 0;
	assert_int_equal(dist_quantile(map_find(&p_.rows, &key), 1000), 10);
	assert_int_equal(p_.pair.counts.no_end, 1);
	trace_free(&p_);
}

/* A page as the kernel lays it out: @words little endian after the header */
static size_t make_page(unsigned char *page, uint64_t ts, uint32_t flags, const uint32_t *words, size_t n)
{
	memset(page, 0, 256);
	for (size_t i = 0; i < 8; i++)
		page[i] = ts >> 8 * i;
	for (size_t i = 0; i < 4; i++)
		page[8 + i] = (flags | n * 4) >> 8 * i;
	for (size_t i = 0; i < n * 4; i++)
		page[16 + i] = words[i / 4] >> i % 4 * 8;
	return 16 + n * 4;
}

static void reads_pages(void **state)
{
	static const struct page_layout layout = { .commit_size = 8, .data_offset = 16 };
	/* 4 bytes after 5 ns; an extension of 1 << 27 and 3; 8 bytes by length; padding ends it */
	static const uint32_t good[] = { 1 | 5 << 5, 0xabcd, 30 | 3 << 5, 1, 0 | 2 << 5, 12, 0x1111, 0x2222, 29, 0 };
	static const uint32_t stamp[] = { 31 | 7 << 5, 2, 1, 0x77 };
	static const struct {
		uint32_t word[3];
		unsigned int n;
	} bad[] = {
		{ { 28 }, 1 }, { { 2, 0 }, 2 }, { { 0, 3 }, 2 }, { { 0, 400 }, 2 }, { { 30 }, 1 }, { { 0 }, 1 }, { { 29 | 1 << 5, 900 }, 2 },
	};
	unsigned char page[256];
	struct page_event ev;
	struct page p;

	(void)state;
	assert_true(page_open(&p, &layout, page, make_page(page, 1000, 0, good, ARRAY_SIZE(good))));
	assert_false(p.missed);
	assert_int_equal(page_next(&p, &ev), 1);
	assert_int_equal(p.ts, 1005);
	assert_int_equal(ev.size, 4);
	assert_int_equal(read_number(ev.data, 4, false), 0xabcd);
	assert_int_equal(page_next(&p, &ev), 1);
	assert_int_equal(p.ts, 1005 + (1 << 27) + 3 + 2);
	assert_int_equal(ev.size, 8);
	assert_int_equal(page_next(&p, &ev), 0);
	assert_int_equal(page_next(&p, &ev), 0);
	assert_true(page_open(&p, &layout, page, make_page(page, 1000, 1U << 31, stamp, ARRAY_SIZE(stamp))));
	assert_true(p.missed);
	assert_int_equal(p.lost, 0);
	assert_int_equal(page_next(&p, &ev), 1);
	assert_int_equal(p.ts, (2 << 27) + 7);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		int ret;

		assert_true(page_open(&p, &layout, page, make_page(page, 0, 0, bad[i].word, bad[i].n)));
		while ((ret = page_next(&p, &ev)) > 0)
			;
		assert_int_equal(ret, -1);
	}
	/* longer than what there is */
	make_page(page, 0, 0, good, ARRAY_SIZE(good));
	assert_false(page_open(&p, &layout, page, 30));
	assert_false(page_open(&p, &layout, page, 15));
}

static void reads_formats(void **state)
{
	static const char text[] =
		"name: x\nID: 12\nformat:\n\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n"
		"\tfield:__data_loc char[] card;\toffset:8;\tsize:4;\tsigned:0;\n"
		"\tfield:__rel_loc char[] fe;\toffset:12;\tsize:4;\tsigned:0;\n"
		"\tfield:char comm[16];\toffset:16;\tsize:16;\tsigned:1;\n"
		"\tfield:const char * p;\toffset:32;\tsize:8;\tsigned:0;\n"
		"\tfield:int cmd;\toffset:40;\tsize:4;\tsigned:1;\n"
		"\tfield:broken\n\tfield:;\toffset:1;\n"
		"\nprint fmt: \"field:int no;\"\n";
	static const struct dat_field want[] = {
		{ "common_type", 0, 2, DAT_NUMBER, false }, { "card", 8, 4, DAT_DATA_LOC, false },
		{ "fe", 12, 4, DAT_REL_LOC, false }, { "comm", 16, 16, DAT_ARRAY, true },
		{ "p", 32, 8, DAT_NUMBER, false }, { "cmd", 40, 4, DAT_NUMBER, true },
	};
	struct dat_event ev = { .text = text, .size = sizeof(text) - 1 };
	struct dat_field got[16];

	(void)state;
	assert_int_equal(datfile_fields(&ev, got, 16), ARRAY_SIZE(want));
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		assert_string_equal(got[i].name, want[i].name);
		assert_int_equal(got[i].offset, want[i].offset);
		assert_int_equal(got[i].size, want[i].size);
		assert_int_equal(got[i].kind, want[i].kind);
		assert_int_equal(got[i].is_signed, want[i].is_signed);
	}
	assert_int_equal(datfile_fields(&ev, got, 2), 2);
}

static void explains_waits(void **state)
{
	struct trigger t = { .start = 100, .run = 200, .run_cpu = 1, .run_pid = 9, .lock_ns = 50 };
	struct who *w = who_new();
	char *why;

	(void)state;
#define OTHER(k, t, c, p, ...) who_event(w, &(struct event) { .kind = k, .ts = t, .cpu = c, .pid = p, __VA_ARGS__ })
	OTHER(EV_SWITCH, 50, 1, 0, .other_pid = 7, .name = name_id("aplay", 5));
	OTHER(EV_IRQ, 120, 1, 7, .name = name_id("timer", 5));
	OTHER(EV_IRQ_END, 130, 1, 7);
	OTHER(EV_SWITCH, 140, 1, 7, .other_pid = 9, .name = name_id("kworker", 7));
	OTHER(EV_WAKING, 170, 0, 3, .other_pid = 9);
	OTHER(EV_LOCK_RELEASE, 160, 0, 4, .name = name_id("&card->pcm_mutex", 16));
	OTHER(EV_LOCK_RELEASE, 165, 0, 5, .name = name_id("&other", 6));
	why = who_explain(w, &t);
	assert_string_equal(why, "mutex: held by task-4 until 0.04 us before the run (lock_release)\n"
			    "on CPU 1 from queued to run: kworker-9 0.06 us, aplay-7 0.04 us, in interrupts (timer) 0.01 us\n");
	free(why);
	t.lock_ns = 35;	/* the release was before the wait */
	why = who_explain(w, &t);
	assert_non_null(strstr(why, "held by task-3 until 0.03 us before the run (it woke the waiting task)"));
	free(why);
	t.start = 10;
	why = who_explain(w, &t);
	assert_non_null(strstr(why, "(not all of it is known)"));
	free(why);
	who_gap(w, 1);
	OTHER(EV_SWITCH, 190, 1, 7, .other_pid = 9, .name = name_id("kworker", 7));
	t.start = 150;
	why = who_explain(w, &t);
	assert_non_null(strstr(why, "on CPU 1 from queued to run: (not all of it is known) kworker-9 0.01 us\n"));
	free(why);
	who_free(w);
}

struct values {
	bool flag;
	unsigned int choice, number;
	uint64_t time;
	struct moment moment;
	const char *text;
};

static const char *const colours[] = { "red", "green", NULL };
static const struct option_desc table[] = {
	{ "flag", OPT_FLAG, offsetof(struct values, flag), NULL, 0, 0, "" },
	{ "colour", OPT_CHOICE, offsetof(struct values, choice), colours, 0, 0, "" },
	{ "number", OPT_NUMBER, offsetof(struct values, number), NULL, 3, 40, "" },
	{ "time", OPT_DURATION, offsetof(struct values, time), NULL, 0, 0, "" },
	{ "moment", OPT_MOMENT, offsetof(struct values, moment), NULL, 0, 0, "" },
	{ "output", OPT_STRING, offsetof(struct values, text), NULL, 0, 0, "" },
	{ }
};

static void parses_options(void **state)
{
	static const struct {
		const char *argv[4];
		int ret;
		struct values want;
		int nr_args;
	} cases[] = {
		{ { "a", "--flag", "b" }, 0, { .flag = true }, 2 },
		{ { "--colour", "green", "b" }, 0, { .choice = 1 }, 1 },
		{ { "--colour=green" }, 0, { .choice = 1 }, 0 },
		{ { "--number=3", "--", "--flag" }, 0, { .number = 3 }, 1 },
		{ { "--number", "40", "-" }, 0, { .number = 40 }, 1 },
		{ { "--number=2" }, -1, { }, 0 },
		{ { "--number=41" }, -1, { }, 0 },
		{ { "--number=-1" }, -1, { }, 0 },
		{ { "--number=5x" }, -1, { }, 0 },
		{ { "--number=99999999999999999999" }, -1, { }, 0 },
		{ { "--number=" }, -1, { }, 0 },
		{ { "--number" }, -1, { }, 0 },
		{ { "--colour=blue" }, -1, { }, 0 },
		{ { "--flag=1" }, -1, { }, 0 },
		{ { "--flaag" }, -1, { }, 0 },
		{ { "-f" }, -1, { }, 0 },
		{ { "--" }, 0, { }, 0 },
		{ { "--time=200us" }, 0, { .time = 200000 }, 0 },
		{ { "--time=1.5ms" }, 0, { .time = 1500000 }, 0 },
		{ { "--time=0.1us" }, 0, { .time = 100 }, 0 },
		{ { "--time=3s" }, 0, { .time = 3000000000 }, 0 },
		{ { "--time=7ns" }, 0, { .time = 7 }, 0 },
		{ { "--time=200" }, -1, { }, 0 },
		{ { "--time=us" }, -1, { }, 0 },
		{ { "--time=1e3us" }, -1, { }, 0 },
		{ { "--time=99999999999999999999s" }, -1, { }, 0 },
		{ { "--moment=12.345678901" }, 0, { .moment = { 12345678901, false } }, 0 },
		{ { "--moment=+2.5" }, 0, { .moment = { 2500000000, true } }, 0 },
		{ { "--moment=-1" }, -1, { }, 0 },
		{ { "--moment=+" }, -1, { }, 0 },
		{ { "-o", "x" }, 0, { .text = "x" }, 0 },
		{ { "-o" }, -1, { }, 0 },
		{ { "--output=" }, -1, { }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct values got = {};
		char *argv[4], *args[4];
		int argc = 0, nr_args;

		for (; argc < 4 && cases[i].argv[argc]; argc++)
			argv[argc] = (char *)cases[i].argv[argc];
		assert_int_equal(parse_options(table, argc, argv, &got, args, &nr_args, false), cases[i].ret);
		if (cases[i].ret)
			continue;
		assert_int_equal(got.flag, cases[i].want.flag);
		assert_int_equal(got.choice, cases[i].want.choice);
		assert_int_equal(got.number, cases[i].want.number);
		assert_int_equal(got.time, cases[i].want.time);
		assert_int_equal(got.moment.ns, cases[i].want.moment.ns);
		assert_int_equal(got.moment.relative, cases[i].want.moment.relative);
		if (cases[i].want.text)
			assert_string_equal(got.text, cases[i].want.text);
		assert_int_equal(nr_args, cases[i].nr_args);
	}
}

static void finds_near_names(void **state)
{
	static const char *const names[] = { "report", "help", "version" };
	static const struct {
		const char *word, *want;
	} cases[] = {
		{ "reprot", "report" }, { "rep", "report" }, { "hlep", "help" }, { "halp", "help" }, { "versions", "version" },
		{ "x", NULL }, { "", NULL }, { "export", "report" }, { "frobnicate", NULL },
		{ "a-word-that-is-much-longer-than-any-name-there-is", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *got = near_name(cases[i].word, names, ARRAY_SIZE(names), sizeof(names[0]));

		if (cases[i].want) {
			assert_non_null(got);
			assert_string_equal(got, cases[i].want);
		} else {
			assert_null(got);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dist_is_nearest_rank),
		cmocka_unit_test(dist_sorts_again),
		cmocka_unit_test(dist_is_bounded),
		cmocka_unit_test(dist_has_confidence),
		cmocka_unit_test(map_keeps_what_is_added),
		cmocka_unit_test(names_are_words),
		cmocka_unit_test(pairs_deferred),
		cmocka_unit_test(counts_what_does_not_pair),
		cmocka_unit_test(groups_synchronous),
		cmocka_unit_test(pairs_nothing_across_a_gap),
		cmocka_unit_test(pairs_nothing_back_in_time),
		cmocka_unit_test(pairs_stock_calls_by_task),
		cmocka_unit_test(joins_xruns_with_their_stops),
		cmocka_unit_test(knows_what_is_asked_for),
		cmocka_unit_test(nests_stock_calls),
		cmocka_unit_test(reads_pages),
		cmocka_unit_test(reads_formats),
		cmocka_unit_test(explains_waits),
		cmocka_unit_test(parses_options),
		cmocka_unit_test(finds_near_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
