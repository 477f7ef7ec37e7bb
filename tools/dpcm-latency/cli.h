/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NOT_SET UINT64_MAX

/* A point of the trace's time: ns, or ns after the file's first event */
struct moment {
	uint64_t ns;
	bool relative;
};

/* What the options of all commands are parsed into. */
struct params {
	bool help;
	bool strict;
	unsigned int format;	/* index into the command's own list */
	/* which triggers */
	const char *card, *fe, *phase;
	unsigned int stream, cmd, how;		/* 0: all */
	struct moment from, to;
	unsigned int skip;
	/* what to make of them */
	unsigned int worst, columns, seq;
	unsigned int tolerance;
	bool across;
	uint64_t max_p50, max_p90, max_p99, max_p999, max_max;
	const char *output, *svg, *config;
	unsigned int interval, times, samples;
	char **args;		/* what is not an option: points into argv */
	int nr_args;
};

enum option_type { OPT_FLAG, OPT_CHOICE, OPT_NUMBER, OPT_STRING, OPT_DURATION, OPT_MOMENT };

struct option_desc {
	const char *name;		/* without its two dashes; NULL ends a table */
	enum option_type type;
	size_t offset;			/* where it goes: a bool, unsigned int, const char *, uint64_t (ns), struct moment */
	const char *const *choices;	/* ends with NULL; the value is the index */
	unsigned int min, max;		/* of a number, both allowed */
	const char *help;
};

#define PARAM(member) offsetof(struct params, member)
#define OPTION_HELP { "help", OPT_FLAG, PARAM(help), NULL, 0, 0, "this text" }

/*
 * 0, or -1 after a message on stderr. @base is what the offsets count from; the rest goes to @args.
 * With @command all after the first of these belongs to it, options too.
 */
int parse_options(const struct option_desc *options, int argc, char **argv, void *base, char **args, int *nr_args,
		  bool command);
void print_options(const struct option_desc *options);

/* The one of @n names (@stride bytes apart) that @word is most likely meant to be, or NULL. */
const char *near_name(const char *word, const void *names, size_t n, size_t stride);

#endif
