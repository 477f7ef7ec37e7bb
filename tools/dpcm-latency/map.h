/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MAP_H
#define MAP_H

#include <stddef.h>

/*
 * A hash map from keys of one size (compared as bytes, so clear their padding)
 * to values of one size, which it holds and clears when they are added.
 */
struct map {
	size_t key_size;
	size_t value_size;
	struct map_node **bucket;
	size_t nr_buckets;
	size_t n;
};

struct map_node {
	struct map_node *next;
	size_t hash;
	_Alignas(max_align_t) unsigned char data[];
};

#define MAP_INIT(key_type, value_type) { .key_size = sizeof(key_type), .value_size = sizeof(value_type) }

void *map_find(const struct map *m, const void *key);
void *map_get(struct map *m, const void *key);	/* added if it is not there */
void map_del(struct map *m, const void *key);
/* Calls @fn for every entry, in no order. */
void map_each(struct map *m, void (*fn)(const void *key, void *value, void *arg), void *arg);
void map_clear(struct map *m);

#endif
