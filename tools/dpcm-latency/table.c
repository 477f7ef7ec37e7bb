// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "table.h"
#include "util.h"

static int wider(int width, const char *s)
{
	int n = strlen(s);

	return n > width ? n : width;
}

void print_table(FILE *f, const struct lines *lines)
{
	int card = 4, fe = 2, phase = 5;
	bool estimated = false;

	for (size_t i = 0; i < lines->n; i++) {
		card = wider(card, name_of(lines->line[i].key.card));
		fe = wider(fe, name_of(lines->line[i].key.fe));
		phase = wider(phase, lines->line[i].phase);
	}
	fprintf(f, "\n%-*s  %-*s  %-8s  %-8s  %-13s  %-6s  %-*s  %8s  %11s  %11s  %11s  %11s  %11s\n", card, "card", fe, "fe",
		"stream", "mode", "cmd", "how", phase, "phase", "count", "p50 us", "p90 us", "p99 us", "p99.9 us", "max us");
	for (size_t i = 0; i < lines->n; i++) {
		const struct row_key *k = &lines->line[i].key;
		struct dist *d = lines->line[i].dist;

		fprintf(f, "%-*s  %-*s  %-8s  %-8s  %-13s  %-6s  %-*s %c%8llu  %11.2f  %11.2f  %11.2f  ",
			card, name_of(k->card), fe, name_of(k->fe), stream_name(k->stream), lines->line[i].mode,
			cmd_name(k->cmd), how_names[k->how], phase, lines->line[i].phase, dist_exact(d) ? ' ' : '~',
			(unsigned long long)dist_count(d), dist_quantile(d, 500) / 1e3, dist_quantile(d, 900) / 1e3,
			dist_quantile(d, 990) / 1e3);
		if (dist_count(d) < ENOUGH_FOR_P999)
			fprintf(f, "%11s", "-");
		else
			fprintf(f, "%11.2f", dist_quantile(d, 999) / 1e3);
		fprintf(f, "  %11.2f\n", dist_quantile(d, 1000) / 1e3);
		estimated = estimated || !dist_exact(d);
	}
	if (estimated)
		fprintf(f, "~: of more than %d values; percentiles are up to 0.2 %% too high, count and max are exact\n", DIST_EXACT);
}

char *line_title(const struct line *l)
{
	const struct row_key *k = &l->key;
	char text[256] = "";
	const char *words[] = { name_of(k->card), name_of(k->fe), stream_name(k->stream), cmd_name(k->cmd),
				how_names[k->how], l->phase };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(words[i], "-"))
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", *text ? " " : "", words[i]);
	return xasprintf("%s", text);
}

void csv_field(FILE *f, const char *s)
{
	if (!strpbrk(s, ",\"\n")) {
		fprintf(f, "%s,", s);
		return;
	}
	fputc('"', f);
	for (; *s; s++)
		fprintf(f, *s == '"' ? "\"\"" : "%c", *s);
	fputs("\",", f);
}
