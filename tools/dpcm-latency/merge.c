// SPDX-License-Identifier: GPL-2.0-only
/* dpcm-latency merge: many machines' results in one */
#include <stdlib.h>

#include "command.h"
#include "util.h"

static const struct option_desc options[] = {
	{ "output", OPT_STRING, PARAM(output), NULL, 0, 0, "the file to write, instead of the terminal" },
	OPTIONS_WINDOW, OPTION_HELP, { }
};

static const char output[] =
"JSON as of export, made from all the traces and exports. Rows of the same card, FE, stream, command,\n"
"way of running and phase become one; losses, counts and names of files are kept.\n";

static int finish(struct analysis *a)
{
	struct lines lines = results_lines(&a->set[0].rows, a->par);
	int ret = results_save(&a->set[0], &lines, a->out) ? RC_ERROR : RC_OK;

	free(lines.line);
	return ret;
}

const struct command merge_command = {
	.name = "merge",
	.args = "FILE...",
	.about = "one export from those, or the traces, of many machines",
	.output = output,
	.options = options,
	.min_args = 1,
	.max_args = MANY_ARGS,
	.finish = finish,
};
