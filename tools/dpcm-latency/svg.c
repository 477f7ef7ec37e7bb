// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "svg.h"

void svg_begin(FILE *f, double width, double height)
{
	fprintf(f, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\">\n",
		width, height, width, height);
	svg_rect(f, 0, 0, width, height, "#ffffff", NULL);
}

static void escape(FILE *f, const char *s)
{
	for (; *s; s++) {
		if (*s == '<')
			fputs("&lt;", f);
		else if (*s == '&')
			fputs("&amp;", f);
		else if (*s == '"')
			fputs("&quot;", f);
		else
			fputc((unsigned char)*s < ' ' ? '?' : *s, f);
	}
}

void svg_rect(FILE *f, double x, double y, double w, double h, const char *fill, const char *tip)
{
	fprintf(f, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"", x, y, w, h, fill);
	if (!tip) {
		fputs("/>\n", f);
		return;
	}
	fputs("><title>", f);
	escape(f, tip);
	fputs("</title></rect>\n", f);
}

void svg_line(FILE *f, double x1, double y1, double x2, double y2, const char *colour)
{
	fprintf(f, "<line x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\" stroke=\"%s\"/>\n", x1, y1, x2, y2, colour);
}

void svg_text(FILE *f, double x, double y, double size, const char *anchor, const char *colour, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fprintf(f, "<text x=\"%.2f\" y=\"%.2f\" font-size=\"%.0f\" text-anchor=\"%s\" fill=\"%s\">", x, y, size, anchor, colour);
	escape(f, text);
	fputs("</text>\n", f);
}

void svg_end(FILE *f)
{
	fputs("</svg>\n", f);
}

double svg_width(const char *text, double size)
{
	return strlen(text) * size * 0.62;
}

double svg_step(double span, unsigned int most)
{
	double step = pow(10, floor(log10(span / most)));

	if (span / step > most)
		step *= 2;
	if (span / step > most)
		step *= 2.5;
	if (span / step > most)
		step *= 2;
	return step;
}

const char *time_text(double ns)
{
	static const struct {
		double ns;
		const char *name;
	} units[] = { { 1e9, "s" }, { 1e6, "ms" }, { 1e3, "us" }, { 1, "ns" } };
	static char text[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(units) - 1 && fabs(ns) < units[i].ns; i++)
		;
	snprintf(text, sizeof(text), "%.4g %s", ns / units[i].ns, units[i].name);
	return text;
}
