// SPDX-License-Identifier: GPL-2.0-only
/*
 * trace.dat files, trace-cmd.dat.v6(5) and trace-cmd.dat.v7(5). The frame is
 * walked from end to end when a file is opened, so that one that was cut off is
 * known as such. Nothing that stands in the file is trusted.
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
#include <zstd.h>

#include "datfile.h"
#include "names.h"
#include "util.h"

enum { OPT_DONE = 0, OPT_CPUSTAT = 2, OPT_BUFFER = 3, OPT_CLOCK = 4, OPT_UNAME = 5, OPT_CPUCOUNT = 8, OPT_HEADER_INFO = 16,
       OPT_EVENTS = 18, OPT_CMDLINES = 21, OPT_TEXT = 22 };
enum { SECTION_COMPRESSED = 1 };
enum { MAX_OPTION_SECTIONS = 1024, MAX_BUFFERS = 64, MAX_CPUS = 8192, MAX_PAGE = 1 << 24 };
/* Of all sections that are of use, or of a chunk, unpacked: more is damage, not data */
#define MAX_UNPACKED (64UL << 20)
/* Read at once; at least a page */
#define STREAM_ROOM (64UL << 10)

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
		      (unsigned long long)w->dat->size);
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

	return p ? read_number(p, bytes, w->big_endian) : 0;
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

/* What trace-cmd makes of a latency tracer */
static int only_text(struct walk *w)
{
	return broken(w, "a latency trace (text), not events; record with `trace-cmd record -e asoc_dpcm -e snd_pcm:xrun`");
}

/* The number after "KEY:" in @text, or @otherwise */
static unsigned long value_after(const char *text, size_t len, const char *key, unsigned long otherwise)
{
	const char *at = len ? memmem(text, len, key, strlen(key)) : NULL;
	unsigned long v = 0;

	if (!at)
		return otherwise;
	for (at += strlen(key); at < text + len && *at == ' '; at++)
		;
	if (at == text + len || *at < '0' || *at > '9')
		return otherwise;
	for (; at < text + len && *at >= '0' && *at <= '9' && v < UINT32_MAX; at++)
		v = v * 10 + (*at - '0');
	return v;
}

void page_layout_parse(struct page_layout *l, const char *text, size_t size)
{
	const char *at;

	at = size ? memmem(text, size, " commit;", 8) : NULL;
	l->commit_size = at && value_after(at, text + size - at, "size:", 8) == 4 ? 4 : 8;
	at = size ? memmem(text, size, " data;", 6) : NULL;
	l->data_offset = at ? value_after(at, text + size - at, "offset:", 0) : 0;
	if (l->data_offset < 8 + l->commit_size || l->data_offset > 64)
		l->data_offset = 8 + l->commit_size;
}

static void read_header_page(struct walk *w)
{
	uint64_t size;
	const char *text;

	if (!expect(w, "header_page", 12)) {
		w->bad = true;
		return;
	}
	size = number(w, 8);
	text = (const char *)take(w, size);
	if (text)
		page_layout_parse(&w->dat->layout, text, size);
}

static void take_format(struct walk *w, const char *system)
{
	struct datfile *dat = w->dat;
	uint64_t size = number(w, 8);
	const char *text = (const char *)take(w, size), *end;
	struct dat_event *ev;
	size_t len;

	if (!text || size < 6 || memcmp(text, "name: ", 6))
		return;
	end = memchr(text, '\n', size);
	if (!(dat->nr_events & (dat->nr_events + 1)))
		dat->event = xrealloc(dat->event, dat->nr_events * 2 + 2, sizeof(*dat->event));
	ev = &dat->event[dat->nr_events++];
	*ev = (struct dat_event) { .text = text, .size = size, .id = value_after(text, size, "\nID:", UINT32_MAX) };
	snprintf(ev->system, sizeof(ev->system), "%s", system);
	len = end ? end - text - 6 : 0;
	snprintf(ev->name, sizeof(ev->name), "%.*s", (int)(len < 63 ? len : 63), text + 6);
}

static void read_systems(struct walk *w)
{
	for (uint32_t systems = number(w, 4); systems && !w->bad; systems--) {
		const char *system = string(w);

		for (uint32_t n = number(w, 4); n && !w->bad; n--)
			take_format(w, system);
	}
}

static void read_comms(struct walk *w)
{
	uint64_t size = number(w, 8);

	w->dat->comms = (const char *)take(w, size);
	w->dat->comms_size = w->dat->comms ? size : 0;
}

/* The text of /sys/kernel/tracing/per_cpu/cpuN/stats */
static void read_stats(struct walk *w, const char *text, uint64_t len)
{
	static const char * const keys[] = { "overrun:", "commit overrun:", "dropped events:" };
	const char *line = text, *end = text + len, *next;

	for (; line < end; line = next) {
		next = memchr(line, '\n', end - line);
		next = next ? next + 1 : end;
		for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
			size_t n = strlen(keys[i]);

			if ((size_t)(next - line) > n && !memcmp(line, keys[i], n)) {
				w->dat->stat_lost += value_after(line, next - line, keys[i], 0);
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

/* "Linux NODE RELEASE VERSION MACHINE" */
static void read_uname(struct walk *w, const char *text, uint64_t len)
{
	char node[66], release[66], copy[400];

	snprintf(copy, sizeof(copy), "%.*s", (int)(len < sizeof(copy) ? len : sizeof(copy) - 1), text);
	if (sscanf(copy, "%*s %65s %65s", node, release) == 2)
		w->dat->layout.new_cmds = cmds_are_new(release);
}

/* An option that is the same in both versions */
static void read_option(struct walk *w, uint32_t option, const char *data, uint64_t size)
{
	if (option == OPT_CPUSTAT)
		read_stats(w, data, size);
	else if (option == OPT_CLOCK)
		read_clock(w, data, size);
	else if (option == OPT_UNAME)
		read_uname(w, data, size);
}

static bool outside(const struct datfile *dat, uint64_t offset, uint64_t size)
{
	return offset > dat->size || size > dat->size - offset;
}

static bool bad_page_size(uint32_t size)
{
	return size < 64 || size > MAX_PAGE;
}

static struct dat_buffer *add_buffer(struct datfile *dat, const char *name, size_t len, unsigned int nr_cpus, uint32_t page_size)
{
	struct dat_buffer *b;

	dat->buffer = xrealloc(dat->buffer, dat->nr_buffers + 1, sizeof(*dat->buffer));
	b = &dat->buffer[dat->nr_buffers++];
	*b = (struct dat_buffer) { .nr_cpus = nr_cpus, .page_size = page_size };
	snprintf(b->name, sizeof(b->name), "%.*s", (int)(len < 63 ? len : 63), name);
	b->cpu = xcalloc(nr_cpus ? : 1, sizeof(*b->cpu));
	return b;
}

/* Where the data of one CPU is */
static int read_extent(struct walk *w, unsigned int cpu, struct dat_cpu *c)
{
	c->cpu = cpu;
	c->offset = number(w, 8);
	c->size = number(w, 8);
	return w->bad || cpu >= MAX_CPUS || outside(w->dat, c->offset, c->size) ? -1 : 0;
}

/* Version 6: "flyrecord", and for each CPU where its data is. */
static int read_v6_buffer(struct walk *w, const char *name, size_t len)
{
	const unsigned char *kind = take(w, 10);
	struct dat_buffer *b;

	if (!kind)
		return cut_off(w);
	if (!memcmp(kind, "latency", 7))
		return only_text(w);
	if (memcmp(kind, "flyrecord", 9) || w->cpus > MAX_CPUS)
		return cut_off(w);
	b = add_buffer(w->dat, name, len, w->cpus, w->dat->page_size);
	for (uint32_t cpu = 0; cpu < w->cpus; cpu++) {
		if (read_extent(w, cpu, &b->cpu[cpu]))
			return cut_off(w);
	}
	return 0;
}

struct v6_buffer {
	uint64_t offset;
	const char *name;
	size_t len;
};

static int read_v6(struct walk *w)
{
	struct v6_buffer buffers[MAX_BUFFERS];
	unsigned int nr_buffers = 0;
	uint32_t option;
	uint64_t pos;

	read_header_page(w);
	if (!expect(w, "header_event", 13))
		return cut_off(w);
	take(w, number(w, 8));
	for (uint32_t n = number(w, 4); n && !w->bad; n--)	/* ftrace's own formats */
		take(w, number(w, 8));
	read_systems(w);
	take(w, number(w, 4));		/* kallsyms */
	take(w, number(w, 4));		/* printk */
	read_comms(w);
	w->cpus = number(w, 4);
	pos = w->pos;
	if (expect(w, "options  ", 10)) {
		while (!w->bad && (option = number(w, 2)) != OPT_DONE) {
			uint64_t size = number(w, 4), start = w->pos;
			const char *data = (const char *)take(w, size);

			if (!data)
				break;
			read_option(w, option, data, size);
			if (option == OPT_CPUCOUNT && size >= 4)
				w->cpus = read_number(data, 4, w->big_endian);
			else if (option == OPT_BUFFER && size >= 8 && nr_buffers < MAX_BUFFERS)
				buffers[nr_buffers++] = (struct v6_buffer) {
					read_number(data, 8, w->big_endian), data + 8, strnlen(data + 8, size - 8),
				};
			seek(w, start + size);
		}
	} else {
		seek(w, pos);
	}
	if (w->bad)
		return cut_off(w);
	if (read_v6_buffer(w, "", 0))
		return -1;
	for (unsigned int i = 0; i < nr_buffers; i++) {
		seek(w, buffers[i].offset);
		if (read_v6_buffer(w, buffers[i].name, buffers[i].len))
			return -1;
	}
	return 0;
}

static int unpack(const void *from, size_t size, void *to, size_t room)
{
	size_t n = ZSTD_decompress(to, room, from, size);

	return ZSTD_isError(n) || n != room ? -1 : 0;
}

/* The section at @offset, which must be whole, as a walk of its own if it is @wanted. */
static int open_section(struct walk *w, uint64_t offset, bool wanted, struct walk *section)
{
	struct datfile *dat = w->dat;
	uint64_t size, packed, unpacked;
	unsigned int flags;
	void *blob;

	*section = (struct walk) { .data = dat->map, .size = dat->size, .big_endian = w->big_endian, .dat = dat,
				   .err = w->err, .err_size = w->err_size };
	seek(section, offset);
	number(section, 2);
	flags = number(section, 2);
	number(section, 4);
	size = number(section, 8);
	if (section->bad || outside(dat, section->pos, size))
		return cut_off(w);
	section->size = section->pos + size;
	if (!wanted)
		return 0;
	if (!(flags & SECTION_COMPRESSED)) {
		if (size > MAX_UNPACKED - dat->unpacked)
			return cut_off(w);
		dat->unpacked += size;
		return 0;
	}
	packed = number(section, 4);
	unpacked = number(section, 4);
	if (section->bad || outside(dat, section->pos, packed) || unpacked > MAX_UNPACKED - dat->unpacked)
		return cut_off(w);
	dat->unpacked += unpacked;
	blob = xcalloc(unpacked ? : 1, 1);
	dat->blob = xrealloc(dat->blob, dat->nr_blobs + 1, sizeof(*dat->blob));
	dat->blob[dat->nr_blobs++] = blob;
	if (unpack(dat->map + section->pos, packed, blob, unpacked))
		return cut_off(w);
	section->data = blob;
	section->size = unpacked;
	section->pos = 0;
	return 0;
}

/* The section of trace data itself is compressed page by page: look at its header only. */
static int read_v7_buffer(struct walk *w)
{
	struct walk data = { .data = w->dat->map, .size = w->dat->size, .big_endian = w->big_endian, .dat = w->dat };
	const char *name, *clock;
	struct dat_buffer *b;
	uint32_t page_size, cpus, flags;
	uint64_t size;

	seek(&data, number(w, 8));
	name = string(w);
	clock = string(w);
	if (!w->dat->clock[0])
		read_clock(w, clock, strlen(clock));
	page_size = number(w, 4);
	cpus = number(w, 4);
	number(&data, 2);
	flags = number(&data, 2);
	number(&data, 4);
	size = number(&data, 8);
	if (w->bad || bad_page_size(page_size) || cpus > MAX_CPUS || w->dat->nr_buffers == MAX_BUFFERS || data.bad ||
	    outside(w->dat, data.pos, size))
		return cut_off(w);
	b = add_buffer(w->dat, name, strlen(name), cpus, page_size);
	b->compressed = flags & SECTION_COMPRESSED;
	for (uint32_t i = 0; i < cpus; i++) {
		if (read_extent(w, number(w, 4), &b->cpu[i]))
			return cut_off(w);
	}
	return 0;
}

static int read_v7_option(struct walk *w, uint32_t option, uint64_t size, bool *text)
{
	struct walk section;
	bool wanted;

	read_option(w, option, (const char *)w->data + w->pos, size);
	if (option == OPT_BUFFER)
		return read_v7_buffer(w);
	if (option < OPT_HEADER_INFO || option > OPT_TEXT)
		return 0;
	*text = *text || option == OPT_TEXT;
	wanted = option == OPT_HEADER_INFO || option == OPT_EVENTS || option == OPT_CMDLINES;
	if (size < 8 || open_section(w, number(w, 8), wanted, &section))
		return cut_off(w);
	if (option == OPT_HEADER_INFO)
		read_header_page(&section);
	else if (option == OPT_EVENTS)
		read_systems(&section);
	else if (option == OPT_CMDLINES)
		read_comms(&section);
	return section.bad ? cut_off(w) : 0;
}

static int read_v7(struct walk *w)
{
	uint64_t seen[MAX_OPTION_SECTIONS];
	unsigned int sections = 0;
	uint64_t offset, size;
	const char *packer = string(w);
	struct walk options;
	uint32_t option;
	bool text = false;

	string(w);	/* its version */
	offset = number(w, 8);
	if (w->bad || !offset)
		return cut_off(w);
	if (strcmp(packer, "none") && strcmp(packer, "zstd"))
		return broken(w, "compressed with '%.16s', which is not known (zstd is); convert it where it was recorded: `trace-cmd convert --compression none`",
			      packer);
	while (offset) {
		/* one after the other, not in a circle */
		for (unsigned int i = 0; i < sections; i++)
			if (seen[i] == offset)
				return cut_off(w);
		if (sections == MAX_OPTION_SECTIONS || open_section(w, offset, true, &options))
			return cut_off(w);
		seen[sections++] = offset;
		offset = 0;
		do {
			uint64_t start;

			option = number(&options, 2);
			size = number(&options, 4);
			start = options.pos;
			if (options.bad || size > options.size - options.pos)
				return cut_off(w);
			if (option == OPT_DONE)
				offset = size >= 8 ? number(&options, 8) : 0;
			else if (read_v7_option(&options, option, size, &text))
				return -1;
			seek(&options, start + size);
		} while (option != OPT_DONE);
	}
	return text && !w->dat->nr_buffers ? only_text(w) : 0;
}

static int read_frame(struct walk *w)
{
	struct datfile *dat = w->dat;
	const char *version;

	if (!w->size)
		return broken(w, "the file is empty; record again");
	if (!expect(w, "\x17\x08\x44tracing", 10))
		return broken(w, w->bad && !memcmp(w->data, "\x17\x08\x44tracing", w->size) ?
			      "cut off: only the start of a trace.dat file; copy it again, or record again" :
			      "not a trace.dat file; give the output file of `trace-cmd record`");
	version = string(w);
	w->big_endian = number(w, 1) == 1;
	number(w, 1);		/* size of user space's long */
	if (w->bad)
		return cut_off(w);
	if (strcmp(version, "6") && strcmp(version, "7"))
		return broken(w, "trace.dat version '%.8s' is not known (6 and 7 are); convert it: `trace-cmd convert --file-version 7`", version);
	dat->page_size = number(w, 4);
	dat->layout.big_endian = w->big_endian;
	if (w->bad || bad_page_size(dat->page_size))
		return cut_off(w);
	return version[0] == '6' ? read_v6(w) : read_v7(w);
}

int datfile_open_fd(int fd, struct datfile *dat, char *err, size_t err_size)
{
	struct walk w = { .dat = dat, .err = err, .err_size = err_size };
	struct stat st;
	void *map;

	*dat = (struct datfile) { .fd = fd, .layout = { .commit_size = 8, .data_offset = 16 } };
	err[0] = '\0';
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		broken(&w, "%s; give the output file of `trace-cmd record`",
		       S_ISDIR(st.st_mode) ? "a directory" : "not a regular file");
		goto fail;
	}
	dat->size = st.st_size;
	map = dat->size ? mmap(NULL, dat->size, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
	if (map == MAP_FAILED) {
		broken(&w, "cannot map it: %s", strerror(errno));
		goto fail;
	}
	dat->map = map;
	w.data = map;
	w.size = dat->size;
	if (!read_frame(&w))
		return 0;
fail:
	datfile_close(dat);
	return -1;
}

int datfile_open(const char *path, struct datfile *dat, char *err, size_t err_size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0)
		return datfile_open_fd(fd, dat, err, err_size);
	snprintf(err, err_size, "%s; give the output file of `trace-cmd record`", strerror(errno));
	return -1;
}

void datfile_close(struct datfile *dat)
{
	if (dat->map)
		munmap((void *)dat->map, dat->size);
	close(dat->fd);
	for (unsigned int i = 0; i < dat->nr_blobs; i++)
		free(dat->blob[i]);
	for (unsigned int i = 0; i < dat->nr_buffers; i++)
		free(dat->buffer[i].cpu);
	free(dat->blob);
	free(dat->buffer);
	free(dat->event);
	dat->map = NULL;
	dat->event = NULL;
	dat->nr_events = 0;
	dat->nr_buffers = 0;
	dat->nr_blobs = 0;
}

/* "\tfield:__data_loc char[] card;\toffset:8;\tsize:4;\tsigned:0;" */
static bool parse_field(const char *line, size_t len, struct dat_field *f)
{
	const char *type, *end, *name, *name_end;

	type = memmem(line, len, "field:", 6);
	if (!type)
		return false;
	type += 6;
	end = memchr(type, ';', line + len - type);
	if (!end)
		return false;
	name_end = end;
	if (end[-1] == ']')
		while (name_end > type && *--name_end != '[')
			;
	for (name = name_end; name > type && name[-1] != ' ' && name[-1] != '*'; name--)
		;
	if (name == name_end || (size_t)(name_end - name) >= sizeof(f->name))
		return false;
	*f = (struct dat_field) { .offset = value_after(end, line + len - end, "offset:", UINT32_MAX),
				  .size = value_after(end, line + len - end, "size:", 0),
				  .is_signed = value_after(end, line + len - end, "signed:", 0) };
	memcpy(f->name, name, name_end - name);
	if (memmem(type, end - type, "__data_loc", 10))
		f->kind = DAT_DATA_LOC;
	else if (memmem(type, end - type, "__rel_loc", 9))
		f->kind = DAT_REL_LOC;
	else if (end[-1] == ']')
		f->kind = DAT_ARRAY;
	return true;
}

unsigned int datfile_fields(const struct dat_event *ev, struct dat_field *field, unsigned int max)
{
	const char *line = ev->text, *end = ev->text + ev->size, *next;
	unsigned int n = 0;

	for (; line < end && n < max; line = next) {
		next = memchr(line, '\n', end - line);
		next = next ? next + 1 : end;
		if (next - line > 9 && !memcmp(line, "print fmt", 9))
			break;
		n += parse_field(line, next - line, &field[n]);
	}
	return n;
}

void datfile_comms(const struct datfile *dat, void (*fn)(int pid, const char *name, size_t len, void *arg), void *arg)
{
	const char *line = dat->comms, *end, *next, *space;

	if (!line)
		return;
	for (end = line + dat->comms_size; line < end; line = next + 1) {
		next = memchr(line, '\n', end - line);
		if (!next)
			return;
		space = memchr(line, ' ', next - line);
		if (space)
			fn(value_after(line, space - line, "", 0), space + 1, strnlen(space + 1, next - space - 1), arg);
	}
}

/* pread() that reads all of it */
static int read_at(int fd, void *buf, size_t size, uint64_t offset)
{
	while (size) {
		ssize_t n = pread(fd, buf, size, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		buf = (char *)buf + n;
		size -= n;
		offset += n;
	}
	return 0;
}

static void make_room(unsigned char **buf, size_t *room, size_t size)
{
	if (size > *room) {
		free(*buf);
		*buf = xcalloc(size, 1);
		*room = size;
	}
}

int dat_stream_open(struct dat_stream *s, const struct datfile *dat, const struct dat_buffer *b, unsigned int i)
{
	const struct dat_cpu *cpu = &b->cpu[i];
	unsigned char count[4];

	*s = (struct dat_stream) { .dat = dat, .pos = cpu->offset, .end = cpu->offset + cpu->size,
				   .page_size = b->page_size, .compressed = b->compressed };
	if (!b->compressed || cpu->size < 4)
		return 0;
	if (read_at(dat->fd, count, 4, s->pos))
		return -1;
	s->chunks = read_number(count, 4, dat->layout.big_endian);
	s->pos += 4;
	/* the size that the file gives leaves out this count (trace-cmd 3.1.6): the count is what ends it */
	s->end = dat->size;
	return 0;
}

static int read_chunk(struct dat_stream *s)
{
	unsigned char sizes[8];
	uint32_t packed, unpacked;

	if (!s->chunks)
		return 0;
	if (s->end - s->pos < 8 || read_at(s->dat->fd, sizes, 8, s->pos))
		return -1;
	packed = read_number(sizes, 4, s->dat->layout.big_endian);
	unpacked = read_number(sizes + 4, 4, s->dat->layout.big_endian);
	s->pos += 8;
	if (packed > s->end - s->pos || unpacked > MAX_UNPACKED)
		return -1;
	make_room(&s->packed, &s->packed_room, packed);
	make_room(&s->buf, &s->room, unpacked);
	if (read_at(s->dat->fd, s->packed, packed, s->pos) || unpack(s->packed, packed, s->buf, unpacked))
		return -1;
	s->pos += packed;
	s->fill = unpacked;
	s->chunks--;
	return 1;
}

static int read_pages(struct dat_stream *s)
{
	size_t page = s->page_size, n = page < STREAM_ROOM ? STREAM_ROOM - STREAM_ROOM % page : page;

	if (s->pos >= s->end)
		return 0;
	if (n > s->end - s->pos)
		n = s->end - s->pos;
	make_room(&s->buf, &s->room, n);
	if (read_at(s->dat->fd, s->buf, n, s->pos))
		return -1;
	s->pos += n;
	s->fill = n;
	return 1;
}

int dat_stream_page(struct dat_stream *s, const void **page, size_t *size)
{
	while (s->at >= s->fill) {
		int ret = s->compressed ? read_chunk(s) : read_pages(s);

		if (ret <= 0)
			return ret;
		s->at = 0;
	}
	*page = s->buf + s->at;
	*size = s->fill - s->at < s->page_size ? s->fill - s->at : s->page_size;
	s->at += *size;
	return 1;
}

void dat_stream_close(struct dat_stream *s)
{
	free(s->buf);
	free(s->packed);
}
