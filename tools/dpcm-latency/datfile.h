/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DATFILE_H
#define DATFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the frame of a trace.dat file says, read without libtracecmd: the library
 * (3.1.6) does not survive every truncated file, and does not hand out the
 * per-CPU statistics.
 */
struct datfile {
	char clock[32];		/* "" if the file does not say */
	uint64_t stat_lost;	/* overrun + commit overrun + dropped, over all CPUs and buffers */
	bool has_stats;
};

/* Returns 0, or -1 with a message for the user (without the file's name) in @err. */
int datfile_check(const char *path, struct datfile *dat, char *err, size_t err_size);

#endif
