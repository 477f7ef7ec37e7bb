/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DATFILE_H
#define DATFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "page.h"

/*
 * A trace.dat file, read without libtracecmd: that (3.1.6) does not survive every
 * damaged file, does not hand out the per-CPU statistics, misses losses (see
 * page.h), and spends more time on a record than all that is done with it here.
 */
enum dat_kind { DAT_NUMBER, DAT_ARRAY, DAT_DATA_LOC, DAT_REL_LOC };

struct dat_field {
	char name[48];
	uint32_t offset, size;
	enum dat_kind kind;
	bool is_signed;
};

struct dat_event {
	const char *text;	/* the format file, not ended by a NUL */
	size_t size;
	char system[48], name[64];
	unsigned int id;
};

struct dat_cpu {
	unsigned int cpu;
	uint64_t offset, size;
};

struct dat_buffer {
	char name[64];
	struct dat_cpu *cpu;
	unsigned int nr_cpus;
	uint32_t page_size;
	bool compressed;
};

struct datfile {
	char clock[32];		/* "" if the file does not say */
	uint64_t stat_lost;	/* overrun + commit overrun + dropped, over all CPUs and buffers */
	bool has_stats;
	struct page_layout layout;
	struct dat_event *event;
	unsigned int nr_events;
	struct dat_buffer *buffer;
	unsigned int nr_buffers;
	/* private: */
	int fd;
	const unsigned char *map;
	uint64_t size;
	uint32_t page_size;	/* of the machine, and of version 6's buffers */
	void **blob;		/* sections unpacked */
	unsigned int nr_blobs;
	uint64_t unpacked;	/* bytes in these, and in those that need no unpacking */
	const char *comms;	/* lines "PID NAME" */
	size_t comms_size;
};

/* One CPU's pages, a few at a time */
struct dat_stream {
	const struct datfile *dat;
	uint64_t pos, end;
	uint32_t page_size;
	bool compressed;
	uint32_t chunks;	/* left */
	unsigned char *buf, *packed;
	size_t fill, at, room, packed_room;
};

/* Returns 0, or -1 with a message for the user (without the file's name) in @err. */
int datfile_open(const char *path, struct datfile *dat, char *err, size_t err_size);
int datfile_open_fd(int fd, struct datfile *dat, char *err, size_t err_size);
void datfile_close(struct datfile *dat);

/* From the text of events/header_page, which says how long the kernel's long is */
void page_layout_parse(struct page_layout *l, const char *text, size_t size);

/* The fields of an event's format, at most @max. Returns how many. */
unsigned int datfile_fields(const struct dat_event *ev, struct dat_field *field, unsigned int max);
/* Calls @fn for every task whose name the file has. */
void datfile_comms(const struct datfile *dat, void (*fn)(int pid, const char *name, size_t len, void *arg), void *arg);

int dat_stream_open(struct dat_stream *s, const struct datfile *dat, const struct dat_buffer *b, unsigned int cpu);
/* 1: there is one, 0: no more, -1: damaged. It stays until the next call. */
int dat_stream_page(struct dat_stream *s, const void **page, size_t *size);
void dat_stream_close(struct dat_stream *s);

#endif
