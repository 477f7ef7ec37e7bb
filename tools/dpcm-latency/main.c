// SPDX-License-Identifier: GPL-2.0-only
/* dpcm-latency: what deferring DPCM triggers costs and saves, from trace.dat files */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "util.h"

static int run_help(const struct params *par);
static int run_version(const struct params *par);

static const struct option_desc help_option[] = {
	{ "help", OPT_FLAG, offsetof(struct params, help), NULL, 0, 0, "this text" },
	{ }
};

static const struct command help_command = {
	.name = "help", .args = "[COMMAND]", .about = "this list, or all about a command", .options = help_option,
	.run = run_help,
};

static const struct command version_command = {
	.name = "version", .args = "", .about = "the version", .options = help_option, .run = run_version,
};

static const struct command *const commands[] = { &report_command, &help_command, &version_command };

static const struct command *find_command(const char *name)
{
	const char *names[ARRAY_SIZE(commands)], *near;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		names[i] = commands[i]->name;
		if (!strcmp(names[i], name))
			return commands[i];
	}
	near = near_name(name, names, ARRAY_SIZE(names), sizeof(names[0]));
	if (near)
		complain("unknown command '%s'; did you mean '%s'?", name, near);
	else
		complain("unknown command '%s'; see `" TOOL " help`", name);
	return NULL;
}

static int print_command_help(const struct command *cmd)
{
	printf("usage: " TOOL " %s [options] %s\n\n%s\n\noptions:\n", cmd->name, cmd->args, cmd->about);
	print_options(cmd->options);
	if (cmd->output)
		printf("\n%s", cmd->output);
	printf("\nexit codes: 0 done, 1 error, 2 usage, 3 events were lost and --strict was given\n");
	return RC_OK;
}

static int run_help(const struct params *par)
{
	const struct command *cmd;

	if (par->nr_args) {
		cmd = find_command(par->args[0]);
		return cmd ? print_command_help(cmd) : RC_USAGE;
	}
	printf("usage: " TOOL " COMMAND [options] [FILE...]\n\ncommands:\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %-10s %s\n", commands[i]->name, commands[i]->about);
	printf("\nRecord with: trace-cmd record -C mono -e asoc_dpcm -e snd_pcm:xrun\n"
	       "All about a command: " TOOL " help COMMAND\n");
	return RC_OK;
}

static int run_version(const struct params *par)
{
	(void)par;
	printf(TOOL " " TOOL_VERSION "\n");
	return RC_OK;
}

static uint64_t sum_counts(const struct reading *r)
{
	uint64_t n = 0;

	for (int kind = 0; kind < EV_KINDS; kind++)
		n += r->count[kind];
	return n;
}

static int read_files(const struct command *cmd, const struct params *par, void *ctx, volatile int *reading_now)
{
	struct reading r = {};

	for (int i = 0; i < par->nr_args; i++) {
		uint64_t before = sum_counts(&r);
		struct datfile dat;

		*reading_now = i;
		if (read_trace(par->args[i], &r, &dat, cmd->sink, ctx))
			return RC_ERROR;
		if (sum_counts(&r) == before) {
			complain("%s: no events of DPCM triggers in it; record with `trace-cmd record -e asoc_dpcm -e snd_pcm:xrun`",
				 par->args[i]);
			return RC_ERROR;
		}
		cmd->file(ctx, par->args[i], &dat);
	}
	*reading_now = -1;
	return cmd->finish(ctx, &r);
}

static int read_and_print(const struct command *cmd, const struct params *par, volatile int *reading_now)
{
	void *ctx = cmd->start(par);
	int ret = read_files(cmd, par, ctx, reading_now);

	cmd->free(ctx);
	return ret;
}

static int end_output(int ret)
{
	if (!fflush(stdout) && !ferror(stdout))
		return ret;
	complain("cannot write the output");
	return RC_ERROR;
}

/*
 * libtracecmd may crash on damaged files: read them in a process of its own, so
 * that the last word is a message that says so. Nothing is printed before all is
 * read, so half a report is never seen.
 */
static int read_files_guarded(const struct command *cmd, const struct params *par)
{
	int *reading_now = mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;
	pid_t pid;

	if (reading_now == MAP_FAILED) {
		complain("out of memory");
		return RC_ERROR;
	}
	*reading_now = -1;
	fflush(NULL);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		exit(end_output(read_and_print(cmd, par, reading_now)));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		complain("cannot start a process to read the files in");
		return RC_ERROR;
	}
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	complain("%s: damaged: libtracecmd crashed on it (%s); record again",
		 *reading_now < 0 ? "?" : par->args[*reading_now], strsignal(WTERMSIG(status)));
	return RC_ERROR;
}

/* The life of every command */
static int run_command(const struct command *cmd, int argc, char **argv)
{
	struct params par = { .args = argv };

	if (parse_options(cmd->options, argc, argv, &par, par.args, &par.nr_args)) {
		fprintf(stderr, "usage: " TOOL " %s [options] %s\n", cmd->name, cmd->args);
		return RC_USAGE;
	}
	if (par.help)
		return print_command_help(cmd);
	if (!cmd->sink)
		return cmd->run(&par);
	if (!par.nr_args) {
		complain("%s: which file? usage: " TOOL " %s [options] %s", cmd->name, cmd->name, cmd->args);
		return RC_USAGE;
	}
	return read_files_guarded(cmd, &par);
}

int main(int argc, char **argv)
{
	const struct command *cmd;
	const char *name = argc > 1 ? argv[1] : NULL;

	if (!name) {
		complain("which command? see `" TOOL " help`");
		return RC_USAGE;
	}
	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		name = "help";
	else if (!strcmp(name, "--version"))
		name = "version";
	cmd = find_command(name);
	if (!cmd)
		return RC_USAGE;
	return end_output(run_command(cmd, argc - 2, argv + 2));
}
