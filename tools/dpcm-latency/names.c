// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "util.h"

/* Open addressing: slots hold id + 1, at most half of them are in use. */
static char **names;
static uint32_t nr_names, *slots, nr_slots;

static uint32_t hash_of(const char *s, size_t len)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619U;
	return h;
}

static uint32_t *slot_of(const char *s, size_t len)
{
	uint32_t i = hash_of(s, len) & (nr_slots - 1);

	while (slots[i] && (strncmp(names[slots[i] - 1], s, len) || names[slots[i] - 1][len]))
		i = (i + 1) & (nr_slots - 1);
	return &slots[i];
}

static uint32_t add_name(const char *s, size_t len)
{
	if (nr_names * 2 >= nr_slots) {
		nr_slots = nr_slots ? nr_slots * 2 : 64;
		names = xrealloc(names, nr_slots, sizeof(*names));
		free(slots);
		slots = xcalloc(nr_slots, sizeof(*slots));
		for (uint32_t i = 0; i < nr_names; i++)
			*slot_of(names[i], strlen(names[i])) = i + 1;
	}
	names[nr_names] = xcalloc(len + 1, 1);
	memcpy(names[nr_names], s, len);
	*slot_of(s, len) = nr_names + 1;
	return nr_names++;
}

uint32_t name_id(const char *s, size_t len)
{
	uint32_t *slot;

	if (!nr_names)
		add_name("-", 1);
	slot = slot_of(s, len);
	return *slot ? *slot - 1 : add_name(s, len);
}

const char *name_of(uint32_t id)
{
	return id < nr_names ? names[id] : "-";
}

static const char * const cmds[] = {
	"STOP", "START", NULL, "PAUSE_PUSH", "PAUSE_RELEASE", "SUSPEND", "RESUME", "DRAIN",
};

const char *cmd_name(uint32_t cmd)
{
	static char number[24];

	if (cmd == NO_CMD)
		return "-";
	if (cmd < ARRAY_SIZE(cmds) && cmds[cmd])
		return cmds[cmd];
	snprintf(number, sizeof(number), "%d", (int)cmd);
	return number;
}

bool cmds_are_new(const char *release)
{
	return strtoul(release, NULL, 10) >= 7;
}

uint32_t cmd_of_new(uint32_t cmd)
{
	return cmd >= 2 && cmd + 1 < ARRAY_SIZE(cmds) ? cmd + 1 : cmd;
}

bool cmd_of(const char *name, uint32_t *cmd)
{
	char *end;

	for (*cmd = 0; *cmd < ARRAY_SIZE(cmds); ++*cmd)
		if (cmds[*cmd] && !strcmp(cmds[*cmd], name))
			return true;
	*cmd = NO_CMD;
	if (!strcmp(name, "-"))
		return true;
	*cmd = strtol(name, &end, 10);
	return end != name && !*end;
}

const char *stream_name(uint64_t stream)
{
	return stream == 0 ? "playback" : stream == 1 ? "capture" : "-";
}

int cmd_starts(uint32_t cmd)
{
	return cmd == 1 || cmd == 4 || cmd == 6;
}
