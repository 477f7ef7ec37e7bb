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

static int set_choice(const struct option_desc *o, const char *value, void *where)
{
	char list[128] = "";
	size_t n;

	for (n = 0; o->choices[n]; n++) {
		if (!strcmp(o->choices[n], value)) {
			*(unsigned int *)where = n;
			return 0;
		}
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", n ? ", " : "", o->choices[n]);
	}
	complain("--%s %s: must be one of: %s", o->name, value, list);
	return -1;
}

static int set_number(const struct option_desc *o, const char *value, void *where)
{
	unsigned long v;
	char *end;

	errno = 0;
	v = strtoul(value, &end, 10);
	if (*value < '0' || *value > '9' || *end || errno || v < o->min || v > o->max) {
		complain("--%s %s: must be a number from %u to %u", o->name, value, o->min, o->max);
		return -1;
	}
	*(unsigned int *)where = v;
	return 0;
}

static int set_string(const struct option_desc *o, const char *value, void *where)
{
	if (!*value) {
		complain("--%s: must not be empty", o->name);
		return -1;
	}
	*(const char **)where = value;
	return 0;
}

/* A decimal number times @unit, in integers: not a nanosecond may be lost. NULL, or where it ends. */
static const char *decimal(const char *s, uint64_t unit, uint64_t *v)
{
	if (*s < '0' || *s > '9')
		return NULL;
	for (*v = 0; *s >= '0' && *s <= '9'; s++)
		if (__builtin_mul_overflow(*v, 10, v) || __builtin_add_overflow(*v, (uint64_t)(*s - '0'), v))
			return NULL;
	if (__builtin_mul_overflow(*v, unit, v))
		return NULL;
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9'; s++) {
			unit /= 10;
			if (__builtin_add_overflow(*v, unit * (*s - '0'), v))
				return NULL;
		}
	return s;
}

static int set_duration(const struct option_desc *o, const char *value, void *where)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = { { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 } };

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		const char *end = decimal(value, units[i].ns, where);

		if (end && !strcmp(end, units[i].name))
			return 0;
	}
	complain("--%s %s: must be a time with its unit, as 200us (ns, us, ms, s)", o->name, value);
	return -1;
}

static int set_moment(const struct option_desc *o, const char *value, void *where)
{
	struct moment *m = where;
	const char *end;

	m->relative = *value == '+';
	end = decimal(value + m->relative, 1000000000, &m->ns);
	if (end && !*end && m->ns < NOT_SET)
		return 0;
	complain("--%s %s: must be seconds, as 12.5 (the time stamps of the trace) or +2.5 (from its first event)",
		 o->name, value);
	return -1;
}

/* Sets the option @arg ("name" or "name=value"); @next is the argument after it. Returns the arguments used, or -1. */
static int set_option(const struct option_desc *options, const char *arg, const char *next, void *base)
{
	static int (* const set[])(const struct option_desc *o, const char *value, void *where) = {
		[OPT_CHOICE] = set_choice, [OPT_NUMBER] = set_number, [OPT_STRING] = set_string,
		[OPT_DURATION] = set_duration, [OPT_MOMENT] = set_moment,
	};
	const struct option_desc *o;
	const char *value = strchr(arg, '=');
	char name[MAX_NAME + 1];
	int used = 1;

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
	return set[o->type](o, value, (char *)base + o->offset) ? -1 : used;
}

/* Only what trace-cmd has the letters for, and means the same by */
static int set_short(const struct option_desc *options, char letter, const char *next, void *base)
{
	for (const struct option_desc *o = options; o->name; o++)
		if ((letter == 'o' && !strcmp(o->name, "output")) || (letter == 'c' && !strcmp(o->name, "config")))
			return set_option(options, o->name, next, base);
	complain("unknown option -%c; see --help", letter);
	return -1;
}

int parse_options(const struct option_desc *options, int argc, char **argv, void *base, char **args, int *nr_args,
		  bool command)
{
	bool only_args = false;
	int used;

	*nr_args = 0;
	for (int i = 0; i < argc; i += used) {
		const char *arg = argv[i];

		used = 1;
		if (only_args || arg[0] != '-' || !arg[1]) {
			args[(*nr_args)++] = argv[i];
			only_args = only_args || command;
		} else if (!strcmp(arg, "--")) {
			only_args = true;
		} else if (!strcmp(arg, "-h")) {
			used = set_option(options, "help", NULL, base);
		} else if (arg[1] != '-' && !arg[2]) {
			used = set_short(options, arg[1], i + 1 < argc ? argv[i + 1] : NULL, base);
		} else if (arg[1] == '-') {
			used = set_option(options, arg + 2, i + 1 < argc ? argv[i + 1] : NULL, base);
		} else {
			complain("unknown option %s; options have two dashes, see --help", arg);
			used = -1;
		}
		if (used < 0)
			return -1;
	}
	return 0;
}

void print_options(const struct option_desc *options)
{
	for (const struct option_desc *o = options; o->name; o++) {
		static const char * const values[] = {
			[OPT_FLAG] = "", [OPT_CHOICE] = "", [OPT_NUMBER] = "", [OPT_STRING] = " NAME",
			[OPT_DURATION] = " TIME", [OPT_MOMENT] = " SECONDS",
		};
		char left[128];
		int n = snprintf(left, sizeof(left), "--%s%s", o->name, values[o->type]);

		if (o->type == OPT_NUMBER)
			snprintf(left + n, sizeof(left) - n, " %u-%u", o->min, o->max);
		for (size_t i = 0; o->type == OPT_CHOICE && o->choices[i]; i++)
			n += snprintf(left + n, sizeof(left) - n, "%c%s", i ? '|' : ' ', o->choices[i]);
		printf("  %-22s %s%s\n", left, n > 22 ? "\n                         " : "", o->help);
	}
}
