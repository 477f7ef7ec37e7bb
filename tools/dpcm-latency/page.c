// SPDX-License-Identifier: GPL-2.0-only
#include <byteswap.h>
#include <endian.h>
#include <string.h>

#include "page.h"

enum { TYPE_LONG = 0, TYPE_PADDING = 29, TYPE_TIME_EXTEND = 30, TYPE_TIME_STAMP = 31 };
enum { TYPE_BITS = 5, DELTA_BITS = 27 };

/* In the page's second word, beside the length of what follows */
#define MISSED_EVENTS (1UL << 31)
#define MISSED_STORED (1UL << 30)	/* and how many, after the data */
#define LENGTH_MASK ((1UL << 27) - 1)
/* A time stamp has 59 bits; the rest is that of the time before */
#define STAMP_HIGH (0xf8ULL << 56)

uint64_t read_number(const void *data, unsigned int size, bool big_endian)
{
	const unsigned char *p = data;
	uint64_t v = 0;

	for (unsigned int i = 0; i < size; i++)
		v = v << 8 | p[big_endian ? i : size - 1 - i];
	return v;
}

static uint32_t word(const struct page *p, const unsigned char *at)
{
	uint32_t v;

	memcpy(&v, at, 4);
	return p->swap ? bswap_32(v) : v;
}

bool page_open(struct page *p, const struct page_layout *layout, const void *data, size_t size)
{
	const unsigned char *at = data;
	uint64_t commit, length;

	if (size < layout->data_offset)
		return false;
	*p = (struct page) { .pos = at + layout->data_offset, .big_endian = layout->big_endian,
			     .swap = layout->big_endian != (__BYTE_ORDER == __BIG_ENDIAN) };
	p->ts = read_number(at, 8, layout->big_endian);
	commit = read_number(at + 8, layout->commit_size, layout->big_endian);
	length = commit & LENGTH_MASK;
	if (length > size - layout->data_offset)
		return false;
	p->end = p->pos + length;
	p->missed = commit & MISSED_EVENTS;
	if (p->missed && (commit & MISSED_STORED) && layout->commit_size <= size - layout->data_offset - length)
		p->lost = read_number(p->end, layout->commit_size, layout->big_endian);
	return true;
}

int page_next(struct page *p, struct page_event *ev)
{
	while (p->end - p->pos >= 4) {
		uint32_t head = word(p, p->pos), type, delta, length;
		uint64_t time;

		type = p->big_endian ? head >> DELTA_BITS : head & ((1 << TYPE_BITS) - 1);
		delta = p->big_endian ? head & ((1 << DELTA_BITS) - 1) : head >> TYPE_BITS;
		p->pos += 4;
		if (type && type < TYPE_PADDING) {
			length = type * 4;
			p->ts += delta;
			if (length > p->end - p->pos)
				return -1;
			*ev = (struct page_event) { .data = p->pos, .size = length };
			p->pos += length;
			return 1;
		}
		if (type == TYPE_PADDING && !delta)
			break;
		if (p->end - p->pos < 4)
			return -1;
		length = word(p, p->pos);
		if (type >= TYPE_TIME_EXTEND) {
			time = (uint64_t)length << DELTA_BITS | delta;
			p->ts = type == TYPE_TIME_EXTEND ? p->ts + time : (p->ts & STAMP_HIGH) | (time & ~STAMP_HIGH);
			p->pos += 4;
			continue;
		}
		/* the length counts itself */
		if (length < 4 || length > p->end - p->pos)
			return -1;
		p->ts += delta;
		if (type == TYPE_LONG)
			*ev = (struct page_event) { .data = p->pos + 4, .size = length - 4 };
		p->pos += (length + 3) & ~3U;
		if (p->pos > p->end)
			p->pos = p->end;
		if (type == TYPE_LONG)
			return 1;
	}
	p->pos = p->end;
	return 0;
}
