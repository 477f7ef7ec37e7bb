/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DATFILE_H
#define DATFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the frame of a trace.dat file says, read without libtracecmd: the library
 * (3.1.6) does not survive every truncated file, does not hand out the per-CPU
 * statistics, and misses losses (see datfile_page_missed()).
 */
struct datfile {
	char clock[32];		/* "" if the file does not say */
	uint64_t stat_lost;	/* overrun + commit overrun + dropped, over all CPUs and buffers */
	bool has_stats;
	bool raw_pages;		/* the ring buffer's pages stand in the file as they are */
	/* private: */
	const unsigned char *data;
	uint64_t size;
	uint32_t page_size;
	unsigned int commit_size;
	bool big_endian;
};

/* Returns 0, or -1 with a message for the user (without the file's name) in @err. */
int datfile_open(const char *path, struct datfile *dat, char *err, size_t err_size);
void datfile_close(struct datfile *dat);

/*
 * The start of the ring buffer page that holds the record at @offset of the file,
 * and whether events were lost before that page: @lost is how many, 0 if that is
 * not known. Only for raw_pages. libtraceevent (1.7.1) does not see the loss if
 * the page begins with a time stamp, as all do while histograms are in use.
 */
uint64_t datfile_page(const struct datfile *dat, uint64_t offset);
bool datfile_page_missed(const struct datfile *dat, uint64_t page, uint64_t *lost);

#endif
