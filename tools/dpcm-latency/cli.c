// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "util.h"

#define MAX_NAME 32

/* The number of letters to change, add, leave out or swap with the next to get from @a to @b. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int d[MAX_NAME + 1][MAX_NAME + 1];
	size_t la = strlen(a), lb = strlen(b);

	if (la > MAX_NAME || lb > MAX_NAME)
		return MAX_NAME;
	for (size_t i = 0; i <= la; i++) {
		for (size_t j = 0; j <= lb; j++) {
			unsigned int best;

			if (!i || !j) {
				d[i][j] = i + j;
				continue;
			}
			best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			if (d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
	return d[la][lb];
}

const char *near_name(const char *word, const void *names, size_t n, size_t stride)
{
	unsigned int best = strlen(word) > 3 ? 3 : 2;	/* nearer than this, or not near */
	const char *found = NULL;

	for (size_t i = 0; i < n; i++) {
		const char *name = *(const char *const *)((const char *)names + i * stride);
		unsigned int d = distance(word, name);

		if (strlen(word) > 1 && !strncmp(name, word, strlen(word)))
			d = 1;
		if (d < best) {
			best = d;
			found = name;
		}
	}
	return found;
}

static size_t nr_options(const struct option_desc *options)
{
	size_t n = 0;

	while (options[n].name)
		n++;
	return n;
}

static int unknown_option(const struct option_desc *options, const char *name)
{
	const char *near = near_name(name, options, nr_options(options), sizeof(*options));

	if (near)
		complain("unknown option --%s; did you mean --%s?", name, near);
	else
		complain("unknown option --%s; see --help", name);
	return -1;
}

static int set_choice(const struct option_desc *o, const char *value, unsigned int *where)
{
	char list[128] = "";
	size_t n;

	for (n = 0; o->choices[n]; n++) {
		if (!strcmp(o->choices[n], value)) {
			*where = n;
			return 0;
		}
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", n ? ", " : "", o->choices[n]);
	}
	complain("--%s %s: must be one of: %s", o->name, value, list);
	return -1;
}

static int set_number(const struct option_desc *o, const char *value, unsigned int *where)
{
	unsigned long v;
	char *end;

	errno = 0;
	v = strtoul(value, &end, 10);
	if (*value < '0' || *value > '9' || *end || errno || v < o->min || v > o->max) {
		complain("--%s %s: must be a number from %u to %u", o->name, value, o->min, o->max);
		return -1;
	}
	*where = v;
	return 0;
}

/* Sets the option @arg ("name" or "name=value"); @next is the argument after it. Returns the arguments used, or -1. */
static int set_option(const struct option_desc *options, const char *arg, const char *next, void *base)
{
	const struct option_desc *o;
	const char *value = strchr(arg, '=');
	char name[MAX_NAME + 1];
	int used = 1, ret;

	snprintf(name, sizeof(name), "%.*s", (int)(value ? value - arg : (long)strlen(arg)), arg);
	for (o = options; o->name && strcmp(o->name, name); o++)
		;
	if (!o->name)
		return unknown_option(options, name);
	if (o->type == OPT_FLAG) {
		if (value) {
			complain("--%s takes no value", name);
			return -1;
		}
		*(bool *)((char *)base + o->offset) = true;
		return 1;
	}
	if (value) {
		value++;
	} else {
		value = next;
		used = 2;
	}
	if (!value) {
		complain("--%s needs a value", name);
		return -1;
	}
	ret = (o->type == OPT_CHOICE ? set_choice : set_number)(o, value, (unsigned int *)((char *)base + o->offset));
	return ret ? ret : used;
}

int parse_options(const struct option_desc *options, int argc, char **argv, void *base, char **args, int *nr_args)
{
	bool only_args = false;
	int used;

	*nr_args = 0;
	for (int i = 0; i < argc; i += used) {
		const char *arg = argv[i];

		used = 1;
		if (only_args || arg[0] != '-' || !arg[1]) {
			args[(*nr_args)++] = argv[i];
		} else if (!strcmp(arg, "--")) {
			only_args = true;
		} else if (!strcmp(arg, "-h")) {
			used = set_option(options, "help", NULL, base);
		} else if (arg[1] != '-') {
			complain("unknown option %s; options have two dashes, see --help", arg);
			return -1;
		} else {
			used = set_option(options, arg + 2, i + 1 < argc ? argv[i + 1] : NULL, base);
		}
		if (used < 0)
			return -1;
	}
	return 0;
}

void print_options(const struct option_desc *options)
{
	for (const struct option_desc *o = options; o->name; o++) {
		char left[64];
		int n = snprintf(left, sizeof(left), "--%s", o->name);

		if (o->type == OPT_NUMBER)
			snprintf(left + n, sizeof(left) - n, " %u-%u", o->min, o->max);
		for (size_t i = 0; o->type == OPT_CHOICE && o->choices[i]; i++)
			n += snprintf(left + n, sizeof(left) - n, "%c%s", i ? '|' : ' ', o->choices[i]);
		printf("  %-20s %s\n", left, o->help);
	}
}
