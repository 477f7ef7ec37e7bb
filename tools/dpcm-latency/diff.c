// SPDX-License-Identifier: GPL-2.0-only
/* dpcm-latency diff: what got slower, and how sure that is */
#include <stdlib.h>

#include "command.h"
#include "names.h"
#include "table.h"
#include "util.h"

static const struct option_desc options[] = {
	{ "tolerance", OPT_NUMBER, PARAM(tolerance), NULL, 0, 1000, "percent that a percentile may grow by; 10 without it" },
	{ "across", OPT_FLAG, PARAM(across), NULL, 0, 0,
	  "compare by stream, command and phase only: sync with deferred, a stock kernel with a patched one" },
	OPTIONS_WINDOW, OPTIONS_SELECT, OPTIONS_PHASE("only this phase (see report)"),
	OPTION_HELP, { }
};

static const char output[] =
"For each row that both have, percentiles of A and B with their 95 % confidence intervals in\n"
"brackets (from the ranks, without assumptions about the distribution), the change, and a word:\n"
"  same      the intervals overlap, or it changed by no more than the tolerance\n"
"  faster    by more than the tolerance, and the intervals do not overlap\n"
"  SLOWER    the same, but it got worse: exit code 4\n"
"  unsure    beyond the tolerance, but with too few values to tell it from chance\n"
"Intervals ask for values on both sides: 10 for p50, 50 for p90, 500 for p99, 5000 for p99.9.\n"
"The longest (max) is shown and not judged.\n";

static const struct {
	const char *name;
	unsigned int permille;
} percentiles[] = { { "p50", 500 }, { "p90", 900 }, { "p99", 990 }, { "p99.9", 999 }, { "max", 1000 } };

struct estimate {
	double value, low, high;
	bool sure;
};

static struct estimate estimate(struct dist *d, unsigned int permille)
{
	struct estimate e = { .value = dist_quantile(d, permille) };
	uint64_t low, high;

	dist_confidence(d, permille, &low, &high);
	e.low = dist_rank(d, low);
	e.high = dist_rank(d, high);
	/* at least five values beyond the percentile, on either side */
	e.sure = dist_count(d) * (1000 - permille) >= 5000 && dist_count(d) * permille >= 5000;
	return e;
}

static const char *judge(const struct estimate *a, const struct estimate *b, unsigned int tolerance)
{
	double limit = tolerance / 100.0;
	bool slower = b->value > a->value * (1 + limit), faster = b->value < a->value * (1 - limit);

	if (!slower && !faster)
		return "same";
	if (!a->sure || !b->sure)
		return "unsure";
	if (a->high >= b->low && b->high >= a->low)
		return "same";
	return slower ? "SLOWER" : "faster";
}

/* Returns how many got slower for sure. */
static unsigned int compare_row(struct analysis *an, const struct line *a, const struct line *b)
{
	char *title = line_title(a);
	unsigned int slower = 0;

	fprintf(an->out, "%s: %llu and %llu\n", title, (unsigned long long)dist_count(a->dist),
		(unsigned long long)dist_count(b->dist));
	for (size_t i = 0; i < ARRAY_SIZE(percentiles); i++) {
		struct estimate x = estimate(a->dist, percentiles[i].permille), y = estimate(b->dist, percentiles[i].permille);
		bool is_max = percentiles[i].permille == 1000;
		const char *word = is_max ? "" : judge(&x, &y, an->par->tolerance);

		if (percentiles[i].permille == 999 &&
		    (dist_count(a->dist) < ENOUGH_FOR_P999 || dist_count(b->dist) < ENOUGH_FOR_P999))
			continue;
		fprintf(an->out, "  %-5s  %10.2f us", percentiles[i].name, x.value / 1e3);
		if (!is_max)
			fprintf(an->out, " [%10.2f, %10.2f]", x.low / 1e3, x.high / 1e3);
		else
			fprintf(an->out, " %24s", "");
		fprintf(an->out, "  %10.2f us", y.value / 1e3);
		if (!is_max)
			fprintf(an->out, " [%10.2f, %10.2f]", y.low / 1e3, y.high / 1e3);
		else
			fprintf(an->out, " %24s", "");
		if (x.value)
			fprintf(an->out, "  %+8.1f %%  %s\n", (y.value / x.value - 1) * 100, word);
		else
			fprintf(an->out, "  %8s    %s\n", "-", word);
		slower += *word == 'S';
	}
	free(title);
	return slower;
}

static void only_in(struct analysis *a, const struct line *l, int which)
{
	char *title = line_title(l);

	fprintf(a->out, "only in %s: %s\n", a->par->args[which], title);
	free(title);
}

static void add_across(const void *key, void *value, void *arg)
{
	const struct row_key *k = key;
	struct row_key to = { .stream = k->stream, .cmd = k->cmd, .phase = k->phase,
			      .how = k->how <= HOW_SYNC ? HOW_SYNC : k->how };

	dist_merge(map_get(arg, &to), value);
}

static void free_row(const void *key, void *value, void *arg)
{
	(void)key;
	(void)arg;
	dist_free(value);
}

static int compare(struct analysis *a, const struct lines *x, const struct lines *y)
{
	unsigned int slower = 0, common = 0;
	size_t i = 0, j = 0;

	while (i < x->n || j < y->n) {
		int order = i == x->n ? 1 : j == y->n ? -1 : line_compare(&x->line[i], &y->line[j]);

		if (!order) {
			slower += compare_row(a, &x->line[i], &y->line[j]);
			common++;
		} else {
			only_in(a, order < 0 ? &x->line[i] : &y->line[j], order > 0);
		}
		i += order <= 0;
		j += order >= 0;
	}
	if (!common) {
		complain("the two have no row in common; --across compares whatever way they were run");
		return RC_ERROR;
	}
	fprintf(a->out, "rows compared: %u; percentiles that got slower by more than %u %%, for sure: %u\n", common,
		a->par->tolerance, slower);
	return slower ? RC_WORSE : RC_OK;
}

static int finish(struct analysis *a)
{
	struct map across[2] = { MAP_INIT(struct row_key, struct dist), MAP_INIT(struct row_key, struct dist) };
	struct lines lines[2];
	int ret = RC_OK;

	for (int i = 0; i < 2; i++) {
		struct map *rows = &a->set[i].rows;

		if (a->par->across) {
			struct lines wanted = results_lines(rows, a->par);

			for (size_t l = 0; l < wanted.n; l++)
				add_across(&wanted.line[l].key, wanted.line[l].dist, &across[i]);
			free(wanted.line);
			rows = &across[i];
			lines[i] = results_lines(rows, &(struct params) {});
		} else {
			lines[i] = results_lines(rows, a->par);
		}
		if (!lines[i].n && !ret)
			ret = results_no_match(&a->set[i], a->par);
	}
	for (int i = 0; i < 2 && !ret; i++) {
		fprintf(a->out, "%c: %s; ", 'A' + i, a->par->args[i]);
		print_losses(a->out, &a->set[i].reading);
	}
	if (!ret)
		ret = compare(a, &lines[0], &lines[1]);
	for (int i = 0; i < 2; i++) {
		free(lines[i].line);
		map_each(&across[i], free_row, NULL);
		map_clear(&across[i]);
	}
	return ret;
}

const struct command diff_command = {
	.name = "diff",
	.args = "A B",
	.about = "what got slower from A to B, and how sure that is",
	.output = output,
	.options = options,
	.min_args = 2,
	.max_args = 2,
	.apart = true,
	.finish = finish,
};
