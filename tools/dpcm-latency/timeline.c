// SPDX-License-Identifier: GPL-2.0-only
/* dpcm-latency timeline: a drawing of one trigger */
#include <string.h>

#include "command.h"
#include "names.h"
#include "svg.h"
#include "util.h"

static const struct option_desc options[] = {
	{ "seq", OPT_NUMBER, PARAM(seq), NULL, 1, UINT32_MAX, "the deferred trigger of this number; the longest without it" },
	{ "output", OPT_STRING, PARAM(output), NULL, 0, 0, "the file to write, instead of the terminal" },
	OPTIONS_WINDOW, OPTIONS_SELECT,
	OPTION_HELP, { }
};

static const char output[] =
"An SVG of the longest trigger that is as asked for: from the xrun found, or the queue, to the last BE.\n"
"Below it, if sched, lock and irq events were recorded: what stood in its way.\n";

enum { WIDTH = 1000, LEFT = 150, RIGHT = 110, LANE = 26, BAR = 18, TOP = 52 };

struct drawing {
	FILE *f;
	double y;
	uint64_t from, to;
};

static double x_of(const struct drawing *d, uint64_t ts)
{
	return LEFT + (double)(ts - d->from) / (d->to - d->from) * (WIDTH - LEFT - RIGHT);
}

/* The time of a bar stands in it where it fits, else beside it */
static void draw_bar(const struct drawing *d, uint64_t from, uint64_t to, const char *colour, const char *what)
{
	double x = x_of(d, from), w = x_of(d, to) - x;
	char text[128], tip[160];

	snprintf(text, sizeof(text), "%s%s%s", what, *what ? " " : "", time_text(to - from));
	snprintf(tip, sizeof(tip), "%s, from %.3f us on", text, (from - d->from) / 1e3);
	svg_rect(d->f, x, d->y, w < 1 ? 1 : w, BAR, colour, tip);
	if (w > svg_width(text, 11) + 6)
		svg_text(d->f, x + w / 2, d->y + 13, 11, "middle", "#ffffff", "%s", text);
	else if (x + w + svg_width(text, 11) + 8 < WIDTH)
		svg_text(d->f, x + w + 4, d->y + 13, 11, "start", "#202020", "%s", text);
	else
		svg_text(d->f, x - 4, d->y + 13, 11, "end", "#202020", "%s", text);
}

static void draw_lane(struct drawing *d, const char *name)
{
	d->y += LANE;
	svg_text(d->f, LEFT - 8, d->y + 13, 12, "end", "#202020", "%s", name);
}

static void draw_axis(const struct drawing *d)
{
	double span = d->to - d->from, step = svg_step(span, 8);

	for (double t = 0; t <= span; t += step) {
		double x = x_of(d, d->from + t);

		svg_line(d->f, x, TOP, x, d->y, "#e0e0e0");
		svg_text(d->f, x, d->y + 16, 11, "middle", "#404040", "%s", t ? time_text(t) : "0");
	}
	svg_line(d->f, LEFT, d->y, WIDTH - RIGHT, d->y, "#606060");
}

static void draw_title(FILE *f, const struct trigger *t)
{
	char seq[32] = "";

	if (t->seq)
		snprintf(seq, sizeof(seq), ", seq %u", t->seq);
	svg_text(f, 16, 22, 15, "start", "#202020", "%s%s%s %s %s, %s%s: %s %s", t->card ? name_of(t->card) : "",
		 t->card ? " " : "", name_of(t->fe), stream_name(t->stream), cmd_name(t->cmd), how_names[t->how], seq,
		 time_text(t->total_ns), t->run ? "from queued to done" : "for all BEs");
	svg_text(f, 16, 41, 11, "start", "#606060", "starts at %llu.%09llu s%s", (unsigned long long)(t->start / 1000000000),
		 (unsigned long long)(t->start % 1000000000), t->ret ? "; it failed" : "");
}

static void draw(FILE *f, const struct shown_trigger *w)
{
	const struct trigger *t = &w->t;
	struct drawing d = { .f = f, .from = t->xrun ? t->xrun : t->start, .to = t->end };
	unsigned int lanes = t->nr_bes + (t->xrun != 0) + 1, notes = 0;
	const char *line, *end;
	uint64_t asked;
	char lane[64];

	if (d.to <= d.from)
		d.to = d.from + 1;
	for (line = w->why; *line; line++)
		notes += *line == '\n';
	svg_begin(f, WIDTH, TOP + (lanes + 1) * LANE + 20 + notes * 17);
	draw_title(f, t);
	/* the grid first: bars stand on it */
	d.y = TOP + lanes * LANE + 6;
	draw_axis(&d);
	d.y = TOP - LANE + 4;
	if (t->xrun) {
		snprintf(lane, sizeof(lane), "xrun, CPU %d", t->cpu);
		draw_lane(&d, lane);
		draw_bar(&d, t->xrun, t->start, "#b03030", "");
	}
	snprintf(lane, sizeof(lane), "%s, CPU %d", t->run ? how_names[t->how] : "trigger", t->run_cpu);
	draw_lane(&d, lane);
	if (t->run) {
		asked = t->run - (t->lock_ns < t->run - t->start ? t->lock_ns : t->run - t->start);
		draw_bar(&d, t->start, asked, "#c08020", "wake");
		if (t->lock_ns)
			draw_bar(&d, asked, t->run, "#805090", "mutex");
	} else {
		draw_bar(&d, t->start, t->end, "#808080", "all BEs");
	}
	for (unsigned int i = 0; i < t->nr_bes; i++) {
		draw_lane(&d, name_of(t->be[i].be));
		draw_bar(&d, t->be[i].start, t->be[i].end, t->be[i].ret < 0 ? "#b03030" : "#4878a8",
			 t->be[i].ret < 0 ? "failed" : "");
	}
	d.y += LANE + 26;
	for (line = w->why; *line; line = end + 1) {
		end = strchrnul(line, '\n');
		d.y += 17;
		svg_text(f, 16, d.y, 11, "start", "#404040", "%.*s", (int)(end - line), line);
		if (!*end)
			break;
	}
	svg_end(f);
}

static int start(struct analysis *a)
{
	a->traces_only = true;
	return RC_OK;
}

static int finish(struct analysis *a)
{
	if (!a->nr_worst) {
		if (a->par->seq)
			complain("no whole trigger with seq %u as asked for; `" TOOL " report` shows those of the longest",
				 a->par->seq);
		else
			complain("no whole trigger as asked for; `" TOOL " report` shows what there is");
		return RC_ERROR;
	}
	if (reading_lossy(&a->set[0].reading))
		print_losses(stderr, &a->set[0].reading);
	draw(a->out, &a->worst[0]);
	return RC_OK;
}

const struct command timeline_command = {
	.name = "timeline",
	.args = "TRACE...",
	.about = "an SVG of one trigger, from the interrupt to the last BE",
	.output = output,
	.options = options,
	.min_args = 1,
	.max_args = MANY_ARGS,
	.wants_others = true,
	.start = start,
	.finish = finish,
};
