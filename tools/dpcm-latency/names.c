// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "util.h"

/* A trace has tens of names, so a list is enough; the last one found is most often the next one too. */
static char **names;
static uint32_t nr_names;

uint32_t name_id(const char *s, size_t len)
{
	if (!nr_names) {
		names = xrealloc(NULL, 1, sizeof(*names));
		names[nr_names++] = strdup("-");
	}
	for (uint32_t i = 0; i < nr_names; i++)
		if (!strncmp(names[i], s, len) && !names[i][len])
			return i;
	names = xrealloc(names, nr_names + 1, sizeof(*names));
	names[nr_names] = strndup(s, len);
	return nr_names++;
}

const char *name_of(uint32_t id)
{
	return id < nr_names ? names[id] : "-";
}

const char *cmd_name(uint64_t cmd)
{
	static const char * const words[] = {
		"STOP", "START", NULL, "PAUSE_PUSH", "PAUSE_RELEASE", "SUSPEND", "RESUME", "DRAIN",
	};
	static char number[24];

	if (cmd < ARRAY_SIZE(words) && words[cmd])
		return words[cmd];
	snprintf(number, sizeof(number), "%lld", (long long)cmd);
	return number;
}

const char *stream_name(uint64_t stream)
{
	return stream == 0 ? "playback" : stream == 1 ? "capture" : "-";
}
