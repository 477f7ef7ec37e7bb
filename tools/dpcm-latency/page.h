/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PAGE_H
#define PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How the machine that recorded lays out a ring buffer page */
struct page_layout {
	bool big_endian;
	bool new_cmds;			/* see cmd_of_new() */
	unsigned int commit_size;	/* its long: 4 or 8 */
	unsigned int data_offset;
};

/*
 * The events of one ring buffer page. Own code, not libtraceevent's kbuffer: that
 * (1.7.1) trusts the lengths in the page, and does not see a loss where the page
 * begins with a time stamp, as all do while histograms are in use.
 */
struct page {
	const unsigned char *pos, *end;
	uint64_t ts;			/* of the event last returned */
	bool swap, big_endian;
	bool missed;			/* events were lost before this page; */
	uint64_t lost;			/* how many, 0 if that is not known */
};

struct page_event {
	const unsigned char *data;
	uint32_t size;
};

/* False if that is no page: it says it is longer than @size. */
bool page_open(struct page *p, const struct page_layout *layout, const void *data, size_t size);
/* 1: there is one, 0: no more, -1: damaged. p->ts is its time. */
int page_next(struct page *p, struct page_event *ev);

uint64_t read_number(const void *data, unsigned int size, bool big_endian);

#endif
