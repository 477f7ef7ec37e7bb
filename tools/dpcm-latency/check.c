// SPDX-License-Identifier: GPL-2.0-only
/* dpcm-latency check: limits, for CI */
#include <stdlib.h>

#include "command.h"
#include "names.h"
#include "table.h"
#include "util.h"

static const struct option_desc options[] = {
	{ "max-p50", OPT_DURATION, PARAM(max_p50), NULL, 0, 0, "a limit with its unit, as 200us" },
	{ "max-p90", OPT_DURATION, PARAM(max_p90), NULL, 0, 0, "the same for p90" },
	{ "max-p99", OPT_DURATION, PARAM(max_p99), NULL, 0, 0, "the same for p99" },
	{ "max-p999", OPT_DURATION, PARAM(max_p999), NULL, 0, 0, "the same for p99.9; needs 1000 values" },
	{ "max", OPT_DURATION, PARAM(max_max), NULL, 0, 0, "the same for the longest" },
	OPTIONS_WINDOW, OPTIONS_SELECT, OPTIONS_PHASE("which phase (see report); total without it"),
	OPTION_HELP, { }
};

static const char output[] =
"A line for every limit and row that it is for: ok, or EXCEEDED and exit code 4. That nothing was\n"
"measured, or too little for p99.9, is an error: a check that checks nothing does not pass.\n";

static const struct limit {
	const char *name;
	size_t offset;
	unsigned int permille;
} limits[] = {
	{ "p50", PARAM(max_p50), 500 }, { "p90", PARAM(max_p90), 900 }, { "p99", PARAM(max_p99), 990 },
	{ "p99.9", PARAM(max_p999), 999 }, { "max", PARAM(max_max), 1000 },
};

static uint64_t limit_of(const struct params *par, const struct limit *l)
{
	return *(const uint64_t *)((const char *)par + l->offset);
}

static int start(struct analysis *a)
{
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if (limit_of(a->par, &limits[i]) != NOT_SET)
			return RC_OK;
	complain("check: which limit? as --max-p99 200us");
	return RC_USAGE;
}

static int check_row(struct analysis *a, const struct line *line, const struct limit *l)
{
	uint64_t limit = limit_of(a->par, l), value = dist_quantile(line->dist, l->permille), n = dist_count(line->dist);
	char *title = line_title(line);
	int ret = value > limit ? RC_WORSE : RC_OK;

	if (l->permille == 999 && n < ENOUGH_FOR_P999) {
		complain("%s: %llu values are too few for p99.9: record longer, %d are needed", title, (unsigned long long)n, ENOUGH_FOR_P999);
		ret = RC_ERROR;
	} else {
		fprintf(a->out, "%s %s: %s %.3f us, limit %.3f us, of %llu%s\n", ret ? "EXCEEDED" : "ok", title, l->name,
			value / 1e3, limit / 1e3, (unsigned long long)n,
			l->permille == 990 && n < 100 ? " (of fewer than 100 it is the longest)" : "");
	}
	free(title);
	return ret;
}

static int finish(struct analysis *a)
{
	struct params par = *a->par;
	struct lines lines;
	int ret = RC_OK, rc;

	if (!par.phase)
		par.phase = "total";
	lines = results_lines(&a->set[0].rows, &par);
	if (!lines.n)
		ret = results_no_match(&a->set[0], &par);
	for (size_t i = 0; i < lines.n; i++) {
		for (size_t l = 0; l < ARRAY_SIZE(limits); l++) {
			if (limit_of(a->par, &limits[l]) == NOT_SET)
				continue;
			rc = check_row(a, &lines.line[i], &limits[l]);
			/* an error outweighs a limit */
			if (rc && ret != RC_ERROR)
				ret = rc;
		}
	}
	if (reading_lossy(&a->set[0].reading))
		print_losses(stderr, &a->set[0].reading);
	free(lines.line);
	return ret;
}

const struct command check_command = {
	.name = "check",
	.args = "FILE...",
	.about = "for CI: are the latencies within limits? exit code 4 if not",
	.output = output,
	.options = options,
	.min_args = 1,
	.max_args = MANY_ARGS,
	.start = start,
	.finish = finish,
};
