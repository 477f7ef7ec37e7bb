/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NAMES_H
#define NAMES_H

#include <stddef.h>
#include <stdint.h>

/* Strings as small numbers, equal if and only if the strings are; 0 is "-". */
uint32_t name_id(const char *s, size_t len);
const char *name_of(uint32_t id);

/* SNDRV_PCM_TRIGGER_* as words; a number for those that have none. */
const char *cmd_name(uint64_t cmd);
const char *stream_name(uint64_t stream);

#endif
