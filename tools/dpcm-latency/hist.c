// SPDX-License-Identifier: GPL-2.0-only
/* dpcm-latency hist: log-linear histograms, in the terminal or as SVG */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "names.h"
#include "svg.h"
#include "table.h"
#include "util.h"

enum { FORMAT_TEXT, FORMAT_SVG };
enum { MAX_PARTS = 64, MAX_BUCKETS = 64 * MAX_PARTS, TEXT_ROWS = 24, SVG_BARS = 70, MIN_WIDTH = 40, MAX_WIDTH = 400 };
static const char *const formats[] = { [FORMAT_TEXT] = "text", [FORMAT_SVG] = "svg", NULL };

static const struct option_desc options[] = {
	{ "format", OPT_CHOICE, PARAM(format), formats, 0, 0, "text: for the terminal; svg: a drawing, all on one scale" },
	{ "output", OPT_STRING, PARAM(output), NULL, 0, 0, "the file to write, instead of the terminal" },
	{ "columns", OPT_NUMBER, PARAM(columns), NULL, MIN_WIDTH, MAX_WIDTH, "the width of text; 80 without it" },
	OPTIONS_WINDOW, OPTIONS_SELECT, OPTIONS_PHASE("which phase (see report); total without it"),
	OPTION_HELP, { }
};

static const char output[] =
"For each FE, stream, command and way of running: how many took how long. Each power of two is\n"
"divided into equal parts; [ belongs to a bucket, ) to the next.\n";

/* Bucket o * parts + i: from 2^o * (1 + i / parts) on; the first one from 0 on */
struct histogram {
	unsigned int parts;
	unsigned int first, last;
	uint64_t count[MAX_BUCKETS], most, n;
};

static void count(uint64_t value, uint64_t times, void *arg)
{
	struct histogram *h = arg;
	unsigned int o = value ? 63 - __builtin_clzll(value) : 0, b;

	b = o * h->parts + (value ? ((unsigned __int128)(value - (1ULL << o)) * h->parts) >> o : 0);
	h->count[b] += times;
	h->n += times;
	if (h->count[b] > h->most)
		h->most = h->count[b];
	if (b < h->first)
		h->first = b;
	if (b > h->last)
		h->last = b;
}

static double edge(const struct histogram *h, unsigned int bucket)
{
	return ldexp(1 + (double)(bucket % h->parts) / h->parts, bucket / h->parts);
}

/* As fine as fits in @most buckets from the smallest value to the greatest */
static unsigned int parts_for(uint64_t min, uint64_t max, unsigned int most)
{
	double octaves = log2((max ? max : 1) / (double)(min ? min : 1)) + 1;
	unsigned int parts = MAX_PARTS;

	while (parts > 1 && octaves * parts > most)
		parts /= 2;
	return parts;
}

static struct histogram histogram_of(struct dist *d, unsigned int parts)
{
	struct histogram h = { .parts = parts, .first = MAX_BUCKETS };

	dist_each(d, count, &h);
	return h;
}

static void print_text(struct analysis *a, const struct lines *lines)
{
	unsigned int columns = a->par->columns ? a->par->columns : 80;

	for (size_t i = 0; i < lines->n; i++) {
		struct dist *d = lines->line[i].dist;
		struct histogram h = histogram_of(d, parts_for(d->min, d->max, TEXT_ROWS));
		char *title = line_title(&lines->line[i]);

		fprintf(a->out, "%s%s: %llu, from %.2f to %.2f us\n", i ? "\n" : "", title, (unsigned long long)h.n, d->min / 1e3,
			d->max / 1e3);
		for (unsigned int b = h.first; b <= h.last; b++) {
			unsigned int bar = h.count[b] * (columns - 38) / h.most;

			if (h.count[b] && !bar)
				bar = 1;
			fprintf(a->out, "[%10.2f, %10.2f) us %9llu |", edge(&h, b) / 1e3, edge(&h, b + 1) / 1e3,
				(unsigned long long)h.count[b]);
			while (bar--)
				fputc('#', a->out);
			fputc('\n', a->out);
		}
		free(title);
	}
}

enum { SVG_WIDTH = 860, LEFT = 60, RIGHT = 30, PANEL = 160, BARS_AT = 40, BARS_HIGH = 90, TOP = 14, AXIS = 44 };

struct scale {
	double from, octaves;	/* log2 of ns */
};

static double x_of(const struct scale *s, double ns)
{
	return LEFT + (log2(ns) - s->from) / s->octaves * (SVG_WIDTH - LEFT - RIGHT);
}

/* Its name stands above the bars, its value in the title */
static void draw_mark(FILE *f, const struct scale *s, double y, uint64_t ns, const char *name, const char *anchor)
{
	double x = x_of(s, ns ? ns : 1);

	svg_line(f, x, y + BARS_AT - 4, x, y + BARS_AT + BARS_HIGH, "#b03030");
	svg_text(f, x, y + BARS_AT - 7, 10, anchor, "#b03030", "%s", name);
}

static void draw_panel(FILE *f, const struct line *l, const struct scale *s, unsigned int parts, double y)
{
	uint64_t p50 = dist_quantile(l->dist, 500), p99 = dist_quantile(l->dist, 990);
	struct histogram h = histogram_of(l->dist, parts);
	double base = y + BARS_AT + BARS_HIGH;
	char *title = line_title(l), tip[128];
	bool close = fabs(x_of(s, p99 + 1) - x_of(s, p50 + 1)) < 30;

	svg_text(f, LEFT, y + 16, 13, "start", "#202020", "%s: %llu", title, (unsigned long long)h.n);
	snprintf(tip, sizeof(tip), "%s", time_text(p50));
	svg_text(f, SVG_WIDTH - RIGHT, y + 16, 12, "end", "#b03030", "p50 %s, p99 %s", tip, time_text(p99));
	svg_text(f, LEFT - 6, y + BARS_AT + 9, 10, "end", "#606060", "%llu", (unsigned long long)h.most);
	svg_text(f, LEFT - 6, base, 10, "end", "#606060", "0");
	for (unsigned int b = h.first; b <= h.last; b++) {
		double x = x_of(s, edge(&h, b)), w = x_of(s, edge(&h, b + 1)) - x, high = (double)h.count[b] / h.most * BARS_HIGH;

		if (!h.count[b])
			continue;
		snprintf(tip, sizeof(tip), "%.2f to %.2f us: %llu", edge(&h, b) / 1e3, edge(&h, b + 1) / 1e3,
			 (unsigned long long)h.count[b]);
		svg_rect(f, x, base - (high < 1 ? 1 : high), w > 1.5 ? w - 0.5 : w, high < 1 ? 1 : high, "#4878a8", tip);
	}
	svg_line(f, LEFT, base, SVG_WIDTH - RIGHT, base, "#808080");
	draw_mark(f, s, y, p50, "p50", close ? "end" : "middle");
	draw_mark(f, s, y, p99, "p99", close ? "start" : "middle");
	free(title);
}

static void draw_tick(FILE *f, const struct scale *s, double y, double ns, bool named)
{
	double x = x_of(s, ns);

	if (x < LEFT - 1 || x > SVG_WIDTH - RIGHT + 1)
		return;
	svg_line(f, x, y, x, y + 5, "#606060");
	if (named)
		svg_text(f, x, y + 18, 11, "middle", "#404040", "%s", time_text(ns));
}

static void draw_ticks(FILE *f, const struct scale *s, double y)
{
	static const int steps[] = { 1, 2, 5 };
	double from = exp2(s->from), to = exp2(s->from + s->octaves), step = svg_step(to - from, 7);

	/* of less than three octaves 1, 2 and 5 would be too few */
	for (double t = ceil(from / step) * step; s->octaves < 3 && t <= to; t += step)
		draw_tick(f, s, y, t, true);
	for (double decade = 1; s->octaves >= 3 && decade < 1e12; decade *= 10)
		for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
			draw_tick(f, s, y, decade * steps[i], s->octaves < 12 || steps[i] == 1);
}

static void print_svg(struct analysis *a, const struct lines *lines)
{
	double bottom = TOP + PANEL * lines->n;
	struct histogram ends = { .first = MAX_BUCKETS };
	uint64_t min = UINT64_MAX, max = 1;
	struct scale s;

	for (size_t i = 0; i < lines->n; i++) {
		min = lines->line[i].dist->min < min ? lines->line[i].dist->min : min;
		max = lines->line[i].dist->max > max ? lines->line[i].dist->max : max;
	}
	ends.parts = parts_for(min, max, SVG_BARS);
	count(min, 1, &ends);
	count(max, 1, &ends);
	s.from = log2(edge(&ends, ends.first));
	s.octaves = log2(edge(&ends, ends.last + 1)) - s.from;
	svg_begin(a->out, SVG_WIDTH, bottom + AXIS);
	for (size_t i = 0; i < lines->n; i++)
		draw_panel(a->out, &lines->line[i], &s, ends.parts, TOP + PANEL * i);
	draw_ticks(a->out, &s, bottom);
	svg_line(a->out, LEFT, bottom, SVG_WIDTH - RIGHT, bottom, "#606060");
	svg_text(a->out, (LEFT + SVG_WIDTH - RIGHT) / 2.0, bottom + 36, 11, "middle", "#404040", "time, logarithmic");
	svg_end(a->out);
}

static int start(struct analysis *a)
{
	if (a->par->format != FORMAT_SVG || !a->par->columns)
		return RC_OK;
	complain("hist: --columns is of text, and --format svg was given: leave one of them out");
	return RC_USAGE;
}

static int finish(struct analysis *a)
{
	struct params par = *a->par;
	struct lines lines;

	if (!par.phase)
		par.phase = "total";
	lines = results_lines(&a->set[0].rows, &par);
	if (!lines.n) {
		free(lines.line);
		return results_no_match(&a->set[0], &par);
	}
	if (reading_lossy(&a->set[0].reading))
		print_losses(stderr, &a->set[0].reading);
	(par.format == FORMAT_SVG ? print_svg : print_text)(a, &lines);
	free(lines.line);
	return RC_OK;
}

const struct command hist_command = {
	.name = "hist",
	.args = "FILE...",
	.about = "histograms of one phase, for the terminal or as SVG",
	.output = output,
	.options = options,
	.min_args = 1,
	.max_args = MANY_ARGS,
	.start = start,
	.finish = finish,
};
