/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UTIL_H
#define UTIL_H

#include <stddef.h>

#define TOOL "dpcm-latency"
#define TOOL_VERSION "0.2"
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define __printf(f, v) __attribute__((format(printf, f, v)))

/* Exit codes are an interface: see dpcm-latency(1). */
enum { RC_OK = 0, RC_ERROR = 1, RC_USAGE = 2, RC_LOSSY = 3, RC_WORSE = 4 };

/* One line to stderr, with the tool's name before it. */
void complain(const char *fmt, ...) __printf(1, 2);

/* These end the program when there is no memory. */
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n, size_t size);
char *xasprintf(const char *fmt, ...) __printf(1, 2);

#endif
