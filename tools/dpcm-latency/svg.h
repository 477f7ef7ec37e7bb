/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SVG_H
#define SVG_H

#include <stdio.h>

#include "util.h"

/* Just what two kinds of drawing need. Text is escaped. Anchors: "start", "middle", "end" */
void svg_begin(FILE *f, double width, double height);
void svg_rect(FILE *f, double x, double y, double w, double h, const char *fill, const char *tip);
void svg_line(FILE *f, double x1, double y1, double x2, double y2, const char *colour);
void svg_text(FILE *f, double x, double y, double size, const char *anchor, const char *colour, const char *fmt, ...)
	__printf(7, 8);
void svg_end(FILE *f);

/* The width that @text takes, about */
double svg_width(const char *text, double size);
/* A round step so that @span takes at most @most of them */
double svg_step(double span, unsigned int most);
/* "250 ns", "1.5 us", "12 ms": a time in the unit that suits it */
const char *time_text(double ns);

#endif
