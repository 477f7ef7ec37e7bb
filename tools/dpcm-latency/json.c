// SPDX-License-Identifier: GPL-2.0-only
/* Results as JSON: what export writes, and every verb that reads traces reads. */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "names.h"
#include "results.h"
#include "util.h"

struct number {
	const char *name;
	size_t offset;
};

#define LOST(n, member) { n, offsetof(struct reading, member) }
static const struct number losses[] = {
	LOST("events", lost), LOST("gaps", gaps), LOST("gaps_of_unknown_size", gaps_uncounted),
	LOST("events_by_cpu_statistics", stat_lost), LOST("files_without_cpu_statistics", no_stats),
	LOST("files", files), LOST("buffers", buffers),
};

#define COUNT(member) { #member, offsetof(struct pair_counts, member) }
static const struct number pairs[] = {
	COUNT(cancelled), COUNT(never_run), COUNT(no_end), COUNT(no_start), COUNT(discarded), COUNT(failed),
	COUNT(threaded_xruns), COUNT(outside),
};

static json_t *numbers_to_json(const struct number *n, size_t nr, const void *base)
{
	json_t *o = json_object();

	for (size_t i = 0; i < nr; i++)
		json_object_set_new(o, n[i].name, json_integer(*(const uint64_t *)((const char *)base + n[i].offset)));
	return o;
}

static json_t *kinds_to_json(const uint64_t *count)
{
	json_t *o = json_object();

	for (int kind = 0; kind < EV_OTHERS; kind++)
		if (count[kind])
			json_object_set_new(o, event_name(kind), json_integer(count[kind]));
	return o;
}

static void add_value(uint64_t value, uint64_t times, void *arg)
{
	json_array_append_new(arg, json_pack("[I, I]", (json_int_t)value, (json_int_t)times));
}

static json_t *row_to_json(const struct line *l)
{
	json_t *values = json_array();
	uint64_t n = dist_count(l->dist);

	dist_each(l->dist, add_value, values);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:o, s:I, s:b, s:o}",
			 "card", name_of(l->key.card), "fe", name_of(l->key.fe), "stream", stream_name(l->key.stream),
			 "cmd", cmd_name(l->key.cmd), "mode", l->mode, "how", how_names[l->key.how],
			 "phase", phase_names[l->key.phase], "be", name_of(l->key.be), "source", source_names[l->key.source],
			 "count", (json_int_t)n, "min_ns", (json_int_t)l->dist->min,
			 "p50_ns", (json_int_t)dist_quantile(l->dist, 500), "p90_ns", (json_int_t)dist_quantile(l->dist, 900),
			 "p99_ns", (json_int_t)dist_quantile(l->dist, 990),
			 "p999_ns", n < ENOUGH_FOR_P999 ? json_null() : json_integer(dist_quantile(l->dist, 999)),
			 "max_ns", (json_int_t)l->dist->max, "exact", dist_exact(l->dist), "values_ns", values);
}

int results_save(const struct results *res, const struct lines *lines, FILE *f)
{
	json_t *root = json_object(), *rows = json_array(), *files = json_array();
	int ret;

	for (unsigned int i = 0; i < res->nr_files; i++)
		json_array_append_new(files, json_pack("{s:s, s:s}", "name", res->file[i].name, "clock", res->file[i].clock));
	for (size_t i = 0; i < lines->n; i++) {
		json_t *row = row_to_json(&lines->line[i]);

		if (!row) {	/* names that are no UTF-8 */
			complain("a name in the trace is not text: damaged, record again");
			ret = -1;
			goto out;
		}
		json_array_append_new(rows, row);
	}
	json_object_set_new(root, "schema", json_string(SCHEMA));
	json_object_set_new(root, "tool", json_string(TOOL " " TOOL_VERSION));
	json_object_set(root, "files", files);
	json_object_set_new(root, "lost", numbers_to_json(losses, ARRAY_SIZE(losses), &res->reading));
	json_object_set_new(root, "events", kinds_to_json(res->reading.count));
	json_object_set_new(root, "events_recorded", kinds_to_json(res->reading.has_format));
	json_object_set_new(root, "events_in_several_buffers", kinds_to_json(res->reading.twice));
	json_object_set_new(root, "pairs", numbers_to_json(pairs, ARRAY_SIZE(pairs), &res->counts));
	json_object_set(root, "rows", rows);
	ret = json_dumpf(root, f, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
	if (ret)
		complain("cannot write the output: %s", strerror(errno));
	fputc('\n', f);
out:
	json_decref(files);
	json_decref(rows);
	json_decref(root);
	return ret;
}

static int not_ours(const char *path, const char *what)
{
	complain("%s: not an export of this tool, or damaged: %s; make it with `" TOOL " export --format json`", path, what);
	return -1;
}

static int numbers_from_json(const json_t *o, const struct number *n, size_t nr, void *base)
{
	for (size_t i = 0; i < nr; i++) {
		const json_t *v = json_object_get(o, n[i].name);

		if (!json_is_integer(v) || json_integer_value(v) < 0)
			return -1;
		*(uint64_t *)((char *)base + n[i].offset) += json_integer_value(v);
	}
	return 0;
}

static int kinds_from_json(const json_t *o, uint64_t *count)
{
	for (int kind = 0; kind < EV_OTHERS; kind++) {
		const json_t *v = json_object_get(o, event_name(kind));

		if (v && (!json_is_integer(v) || json_integer_value(v) < 0))
			return -1;
		count[kind] += json_integer_value(v);
	}
	return 0;
}

static uint32_t name_from_json(const json_t *row, const char *key, bool *bad)
{
	const char *s = json_string_value(json_object_get(row, key));

	*bad = *bad || !s;
	return s ? name_id(s, strlen(s)) : 0;
}

static uint32_t choice_from_json(const json_t *row, const char *key, const char * const *names, bool *bad)
{
	const char *s = json_string_value(json_object_get(row, key));

	for (uint32_t i = 0; s && names[i]; i++)
		if (!strcmp(s, names[i]))
			return i;
	*bad = true;
	return 0;
}

static uint32_t cmd_from_json(const json_t *row, bool *bad)
{
	const char *s = json_string_value(json_object_get(row, "cmd"));
	uint32_t cmd = 0;

	*bad = *bad || !s || !cmd_of(s, &cmd);
	return cmd;
}

static int row_from_json(struct results *res, const json_t *row)
{
	static const char * const streams[] = { "playback", "capture", "-", NULL };
	const json_t *values = json_object_get(row, "values_ns"), *pair;
	const json_t *smallest = json_object_get(row, "min_ns"), *exact = json_object_get(row, "exact");
	json_int_t min = json_integer_value(smallest);
	bool bad = !json_is_array(values) || !json_is_integer(smallest) || min < 0 || !json_is_boolean(exact);
	struct row_key key = {
		.card = name_from_json(row, "card", &bad), .fe = name_from_json(row, "fe", &bad),
		.be = name_from_json(row, "be", &bad), .stream = choice_from_json(row, "stream", streams, &bad),
		.how = choice_from_json(row, "how", how_names, &bad), .cmd = cmd_from_json(row, &bad),
		.phase = choice_from_json(row, "phase", phase_names, &bad),
		.source = choice_from_json(row, "source", source_names, &bad),
	};
	struct dist one = {};
	size_t i;

	if (bad)
		return -1;
	json_array_foreach(values, i, pair) {
		json_int_t value = json_integer_value(json_array_get(pair, 0)), times = json_integer_value(json_array_get(pair, 1));

		if (value < 0 || times <= 0)
			goto fail;
		dist_add_many(&one, value, times);
	}
	if (json_is_false(exact))
		dist_set_bucketed(&one);
	/* a bucket's greatest value stood for it */
	if (one.n && (uint64_t)min < one.min)
		one.min = min;
	if ((json_int_t)one.n != json_integer_value(json_object_get(row, "count")))
		goto fail;
	if (one.n)
		dist_merge(map_get(&res->rows, &key), &one);
	dist_free(&one);
	return 0;
fail:
	dist_free(&one);
	return -1;
}

static int from_json(struct results *res, const char *path, const json_t *root)
{
	const char *schema = json_string_value(json_object_get(root, "schema")), *clock;
	const json_t *entry, *rows = json_object_get(root, "rows");
	size_t i;

	if (!schema)
		return not_ours(path, "it has no \"schema\"");
	if (strcmp(schema, SCHEMA)) {
		complain("%s: its schema is %s, and this tool reads " SCHEMA "; export it again with this version", path, schema);
		return -1;
	}
	if (numbers_from_json(json_object_get(root, "lost"), losses, ARRAY_SIZE(losses), &res->reading) ||
	    numbers_from_json(json_object_get(root, "pairs"), pairs, ARRAY_SIZE(pairs), &res->counts))
		return not_ours(path, "\"lost\" or \"pairs\" lacks a count");
	if (kinds_from_json(json_object_get(root, "events"), res->reading.count) ||
	    kinds_from_json(json_object_get(root, "events_recorded"), res->reading.has_format) ||
	    kinds_from_json(json_object_get(root, "events_in_several_buffers"), res->reading.twice))
		return not_ours(path, "a count of events is none");
	json_array_foreach(json_object_get(root, "files"), i, entry) {
		const char *name = json_string_value(json_object_get(entry, "name"));

		clock = json_string_value(json_object_get(entry, "clock"));
		results_add_file(res, name ? name : path, clock ? clock : "");
	}
	res->is_export = true;
	if (!json_is_array(rows))
		return not_ours(path, "it has no \"rows\"");
	json_array_foreach(rows, i, entry)
		if (row_from_json(res, entry))
			return not_ours(path, "a row is not as it should be");
	return 0;
}

int results_load(struct results *res, const char *path)
{
	json_error_t error;
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	int ret;

	if (!root) {
		complain("%s: not JSON, or damaged: line %d: %s", path, error.line, error.text);
		return -1;
	}
	ret = from_json(res, path, root);
	json_decref(root);
	return ret;
}
