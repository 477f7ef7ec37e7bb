/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RESULTS_H
#define RESULTS_H

#include <stdio.h>

#include "cli.h"
#include "dist.h"
#include "map.h"
#include "pair.h"
#include "reader.h"

#define SCHEMA "dpcm-latency/1"

/* p99.9 of fewer values would be one of the longest few by another name */
enum { ENOUGH_FOR_P999 = 1000 };

/* What was measured, from traces or from exports of them: all that a verb needs to print. */
struct results {
	struct map rows, warm_up;	/* struct row_key -> struct dist */
	struct reading reading;
	struct pair_counts counts;
	struct results_file {
		char *name, *clock;
	} *file;
	unsigned int nr_files;
	bool is_export;			/* said_better() was asked when it was made */
	bool hidden_be, hidden_sync, hidden_irq;	/* rows that another source in the same file said better */
};

/* A row to print */
struct line {
	struct row_key key;
	struct dist *dist;
	const char *mode;
	char phase[64];
};

struct lines {
	struct line *line;
	size_t n;
};

void results_init(struct results *res);
void results_free(struct results *res);
void results_sample(struct results *res, const struct row_key *key, enum part part, uint64_t ns);
void results_add_file(struct results *res, const char *name, const char *clock);

/* Adds what one file gave, without what another source in that file says better. */
void results_absorb(struct results *to, struct results *from);

/* Reads, and writes, an export; 0, or -1 after a message. */
int results_load(struct results *res, const char *path);
int results_save(const struct results *res, const struct lines *lines, FILE *f);

/* The rows that @par asks for, sorted. Free line. */
struct lines results_lines(struct map *rows, const struct params *par);
/* Says that nothing is as @par asks for, and what there is. Returns RC_ERROR. */
int results_no_match(struct results *res, const struct params *par);
void results_notes(const struct results *res, FILE *f);
void print_losses(FILE *f, const struct reading *r);

int line_compare(const void *a, const void *b);
bool wants_trigger(const struct params *par, const struct trigger *t);

extern const char * const how_names[], * const phase_names[], * const source_names[];

/* Options that say which rows and triggers */
extern const char * const stream_choices[], * const cmd_choices[], * const how_choices[];
#define OPTIONS_SELECT \
	{ "card", OPT_STRING, PARAM(card), NULL, 0, 0, "only this card" }, \
	{ "fe", OPT_STRING, PARAM(fe), NULL, 0, 0, "only this front end" }, \
	{ "stream", OPT_CHOICE, PARAM(stream), stream_choices, 0, 0, "only this direction" }, \
	{ "cmd", OPT_CHOICE, PARAM(cmd), cmd_choices, 0, 0, "only this command" }, \
	{ "how", OPT_CHOICE, PARAM(how), how_choices, 0, 0, "only what was run like this" }
#define OPTIONS_PHASE(what) \
	{ "phase", OPT_STRING, PARAM(phase), NULL, 0, 0, what }
#define OPTIONS_WINDOW \
	{ "skip", OPT_NUMBER, PARAM(skip), NULL, 0, 1000000, \
	  "so many triggers of each FE, stream and command are warm-up: apart, and not in the table" }, \
	{ "from", OPT_MOMENT, PARAM(from), NULL, 0, 0, "only triggers that began then or later; +N: N seconds into the file" }, \
	{ "to", OPT_MOMENT, PARAM(to), NULL, 0, 0, "only triggers that began before" }, \
	{ "strict", OPT_FLAG, PARAM(strict), NULL, 0, 0, \
	  "exit with 3 if the traces lost events (the output is printed all the same)" }

#endif
