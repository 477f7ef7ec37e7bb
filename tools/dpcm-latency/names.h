/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NO_STREAM 2
#define NO_CMD UINT32_MAX

/* Strings as small numbers, equal if and only if the strings are; 0 is "-". */
uint32_t name_id(const char *s, size_t len);
const char *name_of(uint32_t id);

/* SNDRV_PCM_TRIGGER_* as words; a number for those that have none, "-" for NO_CMD. */
const char *cmd_name(uint32_t cmd);
bool cmd_of(const char *name, uint32_t *cmd);	/* the reverse; false if it is none */
/*
 * Linux 7.0 numbers all commands from PAUSE_PUSH on anew, one lower. Here they have
 * the numbers of before.
 */
bool cmds_are_new(const char *release);
uint32_t cmd_of_new(uint32_t cmd);
const char *stream_name(uint64_t stream);

/* The commands that make a stream run: START, PAUSE_RELEASE and RESUME. */
int cmd_starts(uint32_t cmd);

#endif
