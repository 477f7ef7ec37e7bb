/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef COMMAND_H
#define COMMAND_H

#include "cli.h"
#include "reader.h"

/*
 * A command is what differs: main.c parses the options, reads the traces and
 * maps what happens to exit codes.
 */
struct command {
	const char *name;
	const char *args;			/* for the usage line */
	const char *about;			/* one line */
	const char *output;			/* what is printed, every column of it; NULL if that is plain */
	const struct option_desc *options;
	/*
	 * Commands that read traces: start, the sink's calls for every file, finish (returns the exit code),
	 * and at the end of all, also of an error, free.
	 */
	const struct sink *sink;
	void *(*start)(const struct params *par);
	void (*file)(void *ctx, const char *path, const struct datfile *dat);	/* after each one */
	int (*finish)(void *ctx, const struct reading *r);
	void (*free)(void *ctx);
	/* Others */
	int (*run)(const struct params *par);
};

extern const struct command report_command;

#endif
