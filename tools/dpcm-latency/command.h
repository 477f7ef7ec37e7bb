/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef COMMAND_H
#define COMMAND_H

#include "cli.h"
#include "results.h"
#include "who.h"

/* A trigger worth showing, with what is known of what stood in its way */
struct shown_trigger {
	struct trigger t;
	char *why;
};

struct analysis {
	const struct command *cmd;
	const struct params *par;
	struct results set[2];		/* the second: of diff */
	/* of the file being read: */
	struct results one;
	struct pair pair;
	struct who *who;
	/* the longest that were asked for, the longest first */
	struct shown_trigger *worst;
	unsigned int nr_worst;
	FILE *out;			/* par->output, or stdout */
	char *part;			/* what is written in place of par->output until all is well; or NULL */
	bool traces_only;		/* an export does not have what it takes */
	void *priv;			/* the command's own */
};

enum { MANY_ARGS = 100000 };

/*
 * A command is what differs: main.c parses the options, reads the traces and maps
 * what happens to exit codes. Nothing is printed before all is read, so half a
 * result is never seen, but for what trigger() prints.
 */
struct command {
	const char *name;
	const char *args;			/* for the usage line */
	const char *about;			/* one line */
	const char *output;			/* what is printed, every column of it; NULL if that is plain */
	const struct option_desc *options;
	int min_args, max_args;
	bool takes_command;			/* options after the first argument are not ours */
	/* Commands that read traces: */
	bool apart;				/* each file is a set of its own */
	bool wants_others;			/* also sched, lock and irq events */
	int (*start)(struct analysis *a);
	void (*trigger)(struct analysis *a, const struct trigger *t);
	int (*finish)(struct analysis *a);	/* returns the exit code */
	void (*free)(struct analysis *a);	/* also after an error */
	/* Others */
	int (*run)(const struct params *par);
};

extern const struct command report_command, hist_command, timeline_command, diff_command, check_command, export_command,
	merge_command, record_command, top_command;

#endif
