// SPDX-License-Identifier: GPL-2.0-only
/*
 * The frame of trace.dat files, trace-cmd.dat.v6(5) and trace-cmd.dat.v7(5):
 * walked from end to end, so that a file that was cut off is known as such.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "datfile.h"
#include "util.h"

enum { OPT_DONE = 0, OPT_CPUSTAT = 2, OPT_BUFFER = 3, OPT_CLOCK = 4, OPT_CPUCOUNT = 8,
       OPT_SECTION_FIRST = 15, OPT_HEADER_INFO = 16, OPT_SECTION_LAST = 22 };
enum { SECTION_COMPRESSED = 1 };
#define MAX_OPTION_SECTIONS 1024

/* In the ring buffer page's second word, beside the length of what follows */
#define MISSED_EVENTS (1UL << 31)
#define MISSED_STORED (1UL << 30)	/* and how many, after the data */
#define MAX_PAGE_DATA ((1UL << 27) - 1)

struct walk {
	const unsigned char *data;
	uint64_t size;
	uint64_t pos;
	bool big_endian;
	bool bad;		/* read past the end */
	uint32_t cpus;
	struct datfile *dat;
	char *err;
	size_t err_size;
};

static int __printf(2, 3) broken(struct walk *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(w->err, w->err_size, fmt, ap);
	va_end(ap);
	return -1;
}

static int cut_off(struct walk *w)
{
	return broken(w, "cut off or damaged: its %llu bytes are not a whole trace; copy it again, or record again (an interrupted recording: `trace-cmd restore`)",
		      (unsigned long long)w->size);
}

static const unsigned char *take(struct walk *w, uint64_t n)
{
	const unsigned char *p = w->data + w->pos;

	if (w->bad || n > w->size - w->pos) {
		w->bad = true;
		return NULL;
	}
	w->pos += n;
	return p;
}

static uint64_t number(struct walk *w, unsigned int bytes)
{
	const unsigned char *p = take(w, bytes);
	uint64_t v = 0;

	for (unsigned int i = 0; p && i < bytes; i++)
		v = v << 8 | p[w->big_endian ? i : bytes - 1 - i];
	return v;
}

static const char *string(struct walk *w)
{
	const char *s = (const char *)w->data + w->pos;
	uint64_t len = w->bad ? 0 : strnlen(s, w->size - w->pos);

	return take(w, len + 1) ? s : "";
}

static bool expect(struct walk *w, const char *bytes, size_t n)
{
	const unsigned char *p = take(w, n);

	return p && !memcmp(p, bytes, n);
}

static void seek(struct walk *w, uint64_t pos)
{
	w->pos = pos <= w->size ? pos : w->size;
	w->bad = w->bad || pos > w->size;
}

/* The text of events/header_page: says how long the page's second word is, the kernel's long. */
static void read_header_page(struct walk *w)
{
	uint64_t size;
	const char *text, *commit;

	if (!expect(w, "header_page", 12)) {
		w->bad = true;
		return;
	}
	size = number(w, 8);
	text = (const char *)take(w, size);
	commit = text ? memmem(text, size, "commit;", 7) : NULL;
	commit = commit ? memmem(commit, text + size - commit, "size:", 5) : NULL;
	if (commit && commit + 5 < text + size && (commit[5] == '4' || commit[5] == '8'))
		w->dat->commit_size = commit[5] - '0';
}

/* @n format files, each after its size */
static void skip_formats(struct walk *w, uint32_t n)
{
	while (n-- && !w->bad)
		take(w, number(w, 8));
}

/* The text of /sys/kernel/tracing/per_cpu/cpuN/stats */
static void read_stats(struct walk *w, const char *text, uint64_t len)
{
	static const char * const keys[] = { "overrun:", "commit overrun:", "dropped events:" };
	const char *line = text, *end = text + len, *next;

	for (; line < end; line = next) {
		char buf[64];

		next = memchr(line, '\n', end - line);
		next = next ? next + 1 : end;
		snprintf(buf, sizeof(buf), "%.*s", (int)(next - line < 63 ? next - line : 63), line);
		for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
			size_t n = strlen(keys[i]);

			if (!strncmp(buf, keys[i], n)) {
				w->dat->stat_lost += strtoull(buf + n, NULL, 10);
				w->dat->has_stats = true;
			}
		}
	}
}

/* "local [global] counter": the clock in use is the one in brackets; v7's buffers name just that */
static void read_clock(struct walk *w, const char *text, uint64_t len)
{
	const char *from = memchr(text, '[', len), *to = NULL;

	if (from)
		to = memchr(from, ']', text + len - from);
	if (to)
		from++;
	else
		from = text, to = text + strnlen(text, len);
	snprintf(w->dat->clock, sizeof(w->dat->clock), "%.*s", (int)(to - from < 31 ? to - from : 31), from);
}

static int check_extent(struct walk *w, uint64_t offset, uint64_t size)
{
	return offset > w->size || size > w->size - offset ? cut_off(w) : 0;
}

/* Version 6: "flyrecord", and for each CPU where its data is. */
static int check_cpu_data(struct walk *w)
{
	const unsigned char *kind = take(w, 10);

	if (!kind)
		return cut_off(w);
	if (!memcmp(kind, "latency", 7))
		return broken(w, "a latency trace (text), not events; record with `trace-cmd record -e asoc_dpcm -e snd_pcm:xrun`");
	if (memcmp(kind, "flyrecord", 9))
		return cut_off(w);
	for (uint32_t cpu = 0; cpu < w->cpus; cpu++) {
		uint64_t offset = number(w, 8), size = number(w, 8);

		if (w->bad || check_extent(w, offset, size))
			return cut_off(w);
	}
	return 0;
}

static int check_v6_buffer(struct walk *w, uint64_t offset)
{
	uint64_t pos = w->pos;
	int ret;

	seek(w, offset);
	ret = check_cpu_data(w);
	seek(w, pos);
	return ret;
}

static int check_v6(struct walk *w)
{
	uint64_t buffers[64];
	unsigned int nr_buffers = 0;
	uint32_t systems, option;
	uint64_t pos;

	w->dat->raw_pages = true;
	read_header_page(w);
	if (!expect(w, "header_event", 13))
		return cut_off(w);
	take(w, number(w, 8));
	skip_formats(w, number(w, 4));
	for (systems = number(w, 4); systems && !w->bad; systems--) {
		string(w);
		skip_formats(w, number(w, 4));
	}
	take(w, number(w, 4));		/* kallsyms */
	take(w, number(w, 4));		/* printk */
	take(w, number(w, 8));		/* cmdlines */
	w->cpus = number(w, 4);
	pos = w->pos;
	if (expect(w, "options  ", 10)) {
		while (!w->bad && (option = number(w, 2)) != OPT_DONE) {
			uint64_t size = number(w, 4), start = w->pos;
			const char *data = (const char *)take(w, size);

			if (!data)
				break;
			if (option == OPT_CPUSTAT)
				read_stats(w, data, size);
			else if (option == OPT_CLOCK)
				read_clock(w, data, size);
			else if (option == OPT_CPUCOUNT || (option == OPT_BUFFER && nr_buffers < ARRAY_SIZE(buffers))) {
				w->pos = start;
				if (option == OPT_CPUCOUNT)
					w->cpus = number(w, 4);
				else
					buffers[nr_buffers++] = number(w, 8);
				seek(w, start + size);
			}
		}
	} else {
		seek(w, pos);
	}
	if (w->bad || check_cpu_data(w))
		return w->err[0] ? -1 : cut_off(w);
	while (nr_buffers--)
		if (check_v6_buffer(w, buffers[nr_buffers]))
			return -1;
	return 0;
}

/* The header of the section at @offset, which must be whole. */
static int check_section(struct walk *w, uint64_t offset, unsigned int *flags)
{
	uint64_t size;

	seek(w, offset);
	number(w, 2);
	*flags = number(w, 2);
	number(w, 4);
	size = number(w, 8);
	if (w->bad || check_extent(w, w->pos, size))
		return cut_off(w);
	return 0;
}

static int check_v7_option(struct walk *w, uint32_t option, uint64_t size)
{
	uint64_t start = w->pos, offset;
	unsigned int flags;
	int ret = 0;

	if (option == OPT_CPUSTAT) {
		read_stats(w, (const char *)w->data + start, size);
	} else if (option == OPT_CLOCK) {
		read_clock(w, (const char *)w->data + start, size);
	} else if (option == OPT_BUFFER) {
		offset = number(w, 8);
		string(w);
		if (!w->dat->clock[0])
			read_clock(w, (const char *)w->data + w->pos, w->size - w->pos);
		string(w);
		number(w, 4);
		for (uint32_t cpus = number(w, 4); cpus && !w->bad && !ret; cpus--) {
			uint64_t at, len;

			number(w, 4);
			at = number(w, 8);
			len = number(w, 8);
			ret = check_extent(w, at, len);
		}
		if (w->bad)
			return cut_off(w);
		ret = ret ? : check_section(w, offset, &flags);
	} else if (option >= OPT_SECTION_FIRST && option <= OPT_SECTION_LAST) {
		offset = number(w, 8);
		ret = check_section(w, offset, &flags);
		if (!ret && option == OPT_HEADER_INFO && !(flags & SECTION_COMPRESSED))
			read_header_page(w);
	}
	seek(w, start + size);
	return ret;
}

static int check_v7(struct walk *w)
{
	unsigned int flags, sections = 0;
	uint64_t offset, size;
	uint32_t option;

	w->dat->raw_pages = !strcmp(string(w), "none");	/* the name of the compression, */
	string(w);					/* and its version */
	offset = number(w, 8);
	if (w->bad || !offset)
		return cut_off(w);
	while (offset) {
		if (++sections > MAX_OPTION_SECTIONS || check_section(w, offset, &flags))
			return cut_off(w);
		if (flags & SECTION_COMPRESSED)
			return 0;	/* the library unpacks it, and sees for itself */
		offset = 0;
		do {
			option = number(w, 2);
			size = number(w, 4);
			if (w->bad || check_extent(w, w->pos, size))
				return cut_off(w);
			if (option == OPT_DONE)
				offset = size >= 8 ? number(w, 8) : 0;
			else if (check_v7_option(w, option, size))
				return -1;
		} while (option != OPT_DONE);
	}
	return w->bad ? cut_off(w) : 0;
}

static int check_frame(struct walk *w)
{
	const char *version;
	unsigned int endian;

	if (!w->size)
		return broken(w, "the file is empty; record again");
	if (!expect(w, "\x17\x08\x44tracing", 10))
		return broken(w, w->bad && !memcmp(w->data, "\x17\x08\x44tracing", w->size) ?
			      "cut off: only the start of a trace.dat file; copy it again, or record again" :
			      "not a trace.dat file; give the output file of `trace-cmd record`");
	version = string(w);
	endian = number(w, 1);
	number(w, 1);		/* size of long */
	w->big_endian = endian == 1;
	if (w->bad)
		return cut_off(w);
	if (strcmp(version, "6") && strcmp(version, "7"))
		return broken(w, "trace.dat version '%.8s' is not known (6 and 7 are); convert it: `trace-cmd convert --file-version 7`", version);
	w->dat->page_size = number(w, 4);
	w->dat->big_endian = w->big_endian;
	return version[0] == '6' ? check_v6(w) : check_v7(w);
}

int datfile_open(const char *path, struct datfile *dat, char *err, size_t err_size)
{
	struct walk w = { .dat = dat, .err = err, .err_size = err_size };
	struct stat st;
	void *map;
	int fd;

	*dat = (struct datfile){ .commit_size = 8 };
	err[0] = '\0';
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return broken(&w, "%s; give the output file of `trace-cmd record`", strerror(errno));
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return broken(&w, "%s; give the output file of `trace-cmd record`",
			      S_ISDIR(st.st_mode) ? "a directory" : "not a regular file");
	}
	w.size = st.st_size;
	map = w.size ? mmap(NULL, w.size, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
	close(fd);
	if (map == MAP_FAILED)
		return broken(&w, "cannot map it: %s", strerror(errno));
	w.data = map;
	dat->data = map;
	dat->size = w.size;
	if (!check_frame(&w))
		return 0;
	datfile_close(dat);
	return -1;
}

void datfile_close(struct datfile *dat)
{
	if (dat->data)
		munmap((void *)dat->data, dat->size);
	dat->data = NULL;
}

uint64_t datfile_page(const struct datfile *dat, uint64_t offset)
{
	return dat->page_size ? offset - offset % dat->page_size : offset;
}

bool datfile_page_missed(const struct datfile *dat, uint64_t page, uint64_t *lost)
{
	struct walk w = { .data = dat->data, .size = dat->size, .big_endian = dat->big_endian };
	uint64_t commit;

	*lost = 0;
	seek(&w, page);
	number(&w, 8);		/* time stamp */
	commit = number(&w, dat->commit_size);
	if (w.bad || !(commit & MISSED_EVENTS))
		return false;
	if (commit & MISSED_STORED) {
		take(&w, commit & MAX_PAGE_DATA);
		*lost = number(&w, dat->commit_size);
	}
	return true;
}
