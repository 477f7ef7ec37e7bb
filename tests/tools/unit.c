// SPDX-License-Identifier: GPL-2.0-only
/* Tests of the analyser's parts: arithmetic, pairing, option parser. No files, no root. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "cli.h"
#include "dist.h"
#include "map.h"
#include "names.h"
#include "pair.h"
#include "util.h"

static void dist_is_nearest_rank(void **state)
{
	static const struct {
		unsigned int n, percent, want;	/* of the values 1..n */
	} cases[] = {
		{ 1, 50, 1 }, { 1, 99, 1 }, { 1, 100, 1 }, { 2, 50, 1 }, { 2, 51, 2 }, { 3, 50, 2 }, { 10, 90, 9 },
		{ 10, 91, 10 }, { 10, 99, 10 }, { 99, 99, 99 }, { 100, 99, 99 }, { 101, 99, 100 }, { 200, 99, 198 },
		{ 201, 50, 101 }, { 1000, 90, 900 }, { 1001, 90, 901 }, { 1000, 0, 1 }, { 0, 50, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct dist d = {};

		for (unsigned int v = 0; v < cases[i].n; v++)
			dist_add(&d, (v * 7919ULL) % cases[i].n + 1);	/* all of 1..n, mixed: 7919 is prime */
		assert_int_equal(dist_count(&d), cases[i].n);
		assert_int_equal(dist_quantile(&d, cases[i].percent), cases[i].want);
		dist_free(&d);
	}
}

static void dist_sorts_again(void **state)
{
	struct dist d = {};

	(void)state;
	dist_add(&d, UINT64_MAX);
	dist_add(&d, 5);
	assert_int_equal(dist_quantile(&d, 50), 5);
	dist_add(&d, 1);
	dist_add(&d, 0);
	assert_int_equal(dist_quantile(&d, 50), 1);
	assert_true(dist_quantile(&d, 100) == UINT64_MAX);
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
	assert_int_equal(name_id("BE1", 3), name_id("BE10", 3));
	assert_int_not_equal(name_id("BE1", 3), name_id("BE10", 4));
	assert_int_equal(name_id("-", 1), 0);
	assert_string_equal(name_of(name_id("FE0xx", 3)), "FE0");
}

/* A trace, event by event */
#define CARD name_id("card", 4)
#define FE0 name_id("FE0", 3)
#define EV(k, t, c, p, s, ...) \
	pair_event(&p_, &(struct event) { .kind = k, .ts = t, .cpu = c, .pid = p, .card = CARD, .fe = FE0, .seq = s, __VA_ARGS__ })

static uint64_t values(struct pair *p, uint32_t cmd, enum how how, enum phase phase, uint32_t be, uint64_t *max)
{
	struct row_key key = { .card = CARD, .fe = FE0, .cmd = cmd, .how = how, .phase = phase, .be = be };
	struct dist *d = map_find(&p->rows, &key);

	if (!d)
		return 0;
	if (max)
		*max = dist_quantile(d, 100);
	return dist_count(d);
}

static void pairs_deferred(void **state)
{
	struct pair p_;
	uint64_t max = 0;

	(void)state;
	pair_init(&p_);
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
	pair_end_buffer(&p_);
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
	assert_int_equal(p_.counts.failed, 1);
	assert_int_equal(p_.counts.no_start + p_.counts.no_end + p_.counts.never_run + p_.counts.discarded, 0);
	pair_free(&p_);
}

static void counts_what_does_not_pair(void **state)
{
	struct pair p_;

	(void)state;
	pair_init(&p_);
	EV(EV_QUEUE, 100, 0, 0, 1);			/* never run */
	EV(EV_QUEUE, 110, 0, 0, 2);			/* cancelled */
	EV(EV_CANCEL, 120, 0, 0, 2);
	EV(EV_QUEUE, 130, 0, 0, 3);
	EV(EV_RUN, 140, 0, 9, 3);			/* no done */
	EV(EV_BE_START, 150, 0, 9, 3, .be = 7);		/* no end */
	EV(EV_BE_END, 160, 0, 9, 3, .be = 8);		/* no start */
	EV(EV_DONE, 170, 0, 9, 4);			/* no run */
	pair_end_buffer(&p_);
	EV(EV_DONE, 180, 0, 9, 3);			/* the run was in another buffer */
	assert_int_equal(p_.counts.never_run, 1);
	assert_int_equal(p_.counts.cancelled, 1);
	assert_int_equal(p_.counts.no_end, 2);
	assert_int_equal(p_.counts.no_start, 3);
	assert_int_equal(p_.counts.discarded, 0);
	pair_free(&p_);
}

static void groups_synchronous(void **state)
{
	struct pair p_;
	uint64_t max = 0;

	(void)state;
	pair_init(&p_);
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
	pair_end_buffer(&p_);
	assert_int_equal(values(&p_, 1, HOW_SYNC, PH_TOTAL, 0, &max), 3);
	assert_int_equal(max, 50);
	assert_int_equal(values(&p_, 1, HOW_SYNC, PH_BE, 7, &max), 2);
	assert_int_equal(max, 10);
	assert_int_equal(values(&p_, 0, HOW_SYNC, PH_TOTAL, 0, &max), 1);
	assert_int_equal(max, 3);
	assert_int_equal(values(&p_, 3, HOW_SYNC, PH_TOTAL, 0, &max), 0);
	assert_int_equal(p_.counts.no_end, 1);
	assert_int_equal(p_.counts.never_run, 1);
	pair_free(&p_);
}

static void pairs_nothing_across_a_gap(void **state)
{
	struct pair p_;

	(void)state;
	pair_init(&p_);
	EV(EV_QUEUE, 90, 0, 0, 1);
	EV(EV_RUN, 100, 1, 9, 1);
	EV(EV_BE_START, 110, 1, 9, 1, .be = 7);
	EV(EV_BE_START, 120, 0, 5, 0, .be = 7, .cmd = 1);
	pair_gap(&p_, 1, 130);
	EV(EV_BE_END, 130, 1, 9, 1, .be = 7);		/* across: discarded */
	EV(EV_BE_END, 140, 0, 5, 0, .be = 7, .cmd = 1);	/* the other CPU lost nothing */
	EV(EV_DONE, 150, 1, 9, 1);			/* across */
	EV(EV_QUEUE, 160, 0, 0, 2);
	EV(EV_RUN, 170, 1, 9, 2);
	EV(EV_BE_START, 180, 1, 9, 2, .be = 7);
	EV(EV_BE_END, 190, 1, 9, 2, .be = 7);
	EV(EV_DONE, 200, 1, 9, 2);
	pair_end_buffer(&p_);
	assert_int_equal(p_.counts.no_start, 0);
	assert_int_equal(values(&p_, 0, HOW_WORKER, PH_BE, 7, NULL), 1);
	assert_int_equal(values(&p_, 0, HOW_WORKER, PH_TOTAL, 0, NULL), 1);
	assert_int_equal(values(&p_, 1, HOW_SYNC, PH_TOTAL, 0, NULL), 1);
	assert_int_equal(p_.counts.discarded, 2);
	pair_free(&p_);
}

static void pairs_stock_calls_by_task(void **state)
{
	struct row_key key = { .cmd = 1, .how = HOW_SYNC, .phase = PH_TOTAL, .source = FROM_STOCK };
	struct pair p_;
	struct dist *d;

	(void)state;
	pair_init(&p_);
	EV(EV_STOCK, 100, 0, 5, 0, .cmd = 1);
	EV(EV_STOCK, 110, 0, 5, 0, .cmd = 0);	/* an interrupt on top of it */
	EV(EV_STOCK, 115, 1, 6, 0, .cmd = 1);
	EV(EV_STOCK_RET, 120, 0, 5, 0);
	EV(EV_STOCK_RET, 150, 0, 5, 0);
	EV(EV_STOCK_RET, 151, 0, 5, 0);		/* no start */
	pair_end_buffer(&p_);			/* task 6: no end */
	d = map_find(&p_.rows, &key);
	assert_non_null(d);
	assert_int_equal(dist_count(d), 1);
	assert_int_equal(dist_quantile(d, 100), 50);
	key.cmd = 0;
	assert_int_equal(dist_quantile(map_find(&p_.rows, &key), 100), 10);
	assert_int_equal(p_.counts.no_start, 1);
	assert_int_equal(p_.counts.no_end, 1);
	pair_free(&p_);
}

struct values {
	bool flag;
	unsigned int choice, number;
};

static const char *const colours[] = { "red", "green", NULL };
static const struct option_desc table[] = {
	{ "flag", OPT_FLAG, offsetof(struct values, flag), NULL, 0, 0, "" },
	{ "colour", OPT_CHOICE, offsetof(struct values, choice), colours, 0, 0, "" },
	{ "number", OPT_NUMBER, offsetof(struct values, number), NULL, 3, 40, "" },
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
		{ { "a", "--flag", "b" }, 0, { true, 0, 0 }, 2 },
		{ { "--colour", "green", "b" }, 0, { false, 1, 0 }, 1 },
		{ { "--colour=green" }, 0, { false, 1, 0 }, 0 },
		{ { "--number=3", "--", "--flag" }, 0, { false, 0, 3 }, 1 },
		{ { "--number", "40", "-" }, 0, { false, 0, 40 }, 1 },
		{ { "--number=2" }, -1, { false, 0, 0 }, 0 },
		{ { "--number=41" }, -1, { false, 0, 0 }, 0 },
		{ { "--number=-1" }, -1, { false, 0, 0 }, 0 },
		{ { "--number=5x" }, -1, { false, 0, 0 }, 0 },
		{ { "--number=99999999999999999999" }, -1, { false, 0, 0 }, 0 },
		{ { "--number=" }, -1, { false, 0, 0 }, 0 },
		{ { "--number" }, -1, { false, 0, 0 }, 0 },
		{ { "--colour=blue" }, -1, { false, 0, 0 }, 0 },
		{ { "--flag=1" }, -1, { false, 0, 0 }, 0 },
		{ { "--flaag" }, -1, { false, 0, 0 }, 0 },
		{ { "-f" }, -1, { false, 0, 0 }, 0 },
		{ { "--" }, 0, { false, 0, 0 }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct values got = {};
		char *argv[4], *args[4];
		int argc = 0, nr_args;

		for (; argc < 4 && cases[i].argv[argc]; argc++)
			argv[argc] = (char *)cases[i].argv[argc];
		assert_int_equal(parse_options(table, argc, argv, &got, args, &nr_args), cases[i].ret);
		if (cases[i].ret)
			continue;
		assert_int_equal(got.flag, cases[i].want.flag);
		assert_int_equal(got.choice, cases[i].want.choice);
		assert_int_equal(got.number, cases[i].want.number);
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
		cmocka_unit_test(map_keeps_what_is_added),
		cmocka_unit_test(names_are_words),
		cmocka_unit_test(pairs_deferred),
		cmocka_unit_test(counts_what_does_not_pair),
		cmocka_unit_test(groups_synchronous),
		cmocka_unit_test(pairs_nothing_across_a_gap),
		cmocka_unit_test(pairs_stock_calls_by_task),
		cmocka_unit_test(parses_options),
		cmocka_unit_test(finds_near_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
