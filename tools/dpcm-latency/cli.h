/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stddef.h>

/* What the options of all commands are parsed into. */
struct params {
	bool help;
	bool strict;
	unsigned int format;	/* enum format */
	char **args;		/* what is not an option: points into argv */
	int nr_args;
};

enum format { FORMAT_TEXT, FORMAT_CSV };

enum option_type { OPT_FLAG, OPT_CHOICE, OPT_NUMBER };

struct option_desc {
	const char *name;		/* without its two dashes; NULL ends a table */
	enum option_type type;
	size_t offset;			/* where it goes: a bool (flag) or an unsigned int */
	const char *const *choices;	/* ends with NULL; the value is the index */
	unsigned int min, max;		/* of a number, both allowed */
	const char *help;
};

/* 0, or -1 after a message on stderr. @base is what the offsets count from; the rest goes to @args. */
int parse_options(const struct option_desc *options, int argc, char **argv, void *base, char **args, int *nr_args);
void print_options(const struct option_desc *options);

/* The one of @n names (@stride bytes apart) that @word is most likely meant to be, or NULL. */
const char *near_name(const char *word, const void *names, size_t n, size_t stride);

#endif
