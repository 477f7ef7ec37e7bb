// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "map.h"
#include "util.h"

static size_t hash_of(const struct map *m, const void *key)
{
	const unsigned char *p = key;
	size_t h = 14695981039346656037UL;

	for (size_t i = 0; i < m->key_size; i++)
		h = (h ^ p[i]) * 1099511628211UL;
	return h ^ h >> 32;
}

static void *value_of(const struct map *m, struct map_node *node)
{
	size_t align = _Alignof(max_align_t);

	return node->data + (m->key_size + align - 1) / align * align;
}

/* The link that points to the node of @key, or to the NULL where it belongs. */
static struct map_node **link_of(const struct map *m, const void *key, size_t hash)
{
	struct map_node **link = &m->bucket[hash & (m->nr_buckets - 1)];

	while (*link && ((*link)->hash != hash || memcmp((*link)->data, key, m->key_size)))
		link = &(*link)->next;
	return link;
}

static void grow(struct map *m)
{
	struct map_node **old = m->bucket, *node, *next, **head;
	size_t nr_old = m->nr_buckets;

	m->nr_buckets = nr_old ? nr_old * 2 : 64;
	m->bucket = xcalloc(m->nr_buckets, sizeof(*m->bucket));
	for (size_t i = 0; i < nr_old; i++) {
		for (node = old[i]; node; node = next) {
			next = node->next;
			head = &m->bucket[node->hash & (m->nr_buckets - 1)];
			node->next = *head;
			*head = node;
		}
	}
	free(old);
}

void *map_find(const struct map *m, const void *key)
{
	struct map_node *node;

	if (!m->n)
		return NULL;
	node = *link_of(m, key, hash_of(m, key));
	return node ? value_of(m, node) : NULL;
}

void *map_get(struct map *m, const void *key)
{
	size_t hash = hash_of(m, key);
	struct map_node **link, *node;

	if (m->n >= m->nr_buckets)
		grow(m);
	link = link_of(m, key, hash);
	if (!*link) {
		node = xcalloc(1, sizeof(*node) + m->key_size + _Alignof(max_align_t) + m->value_size);
		node->hash = hash;
		memcpy(node->data, key, m->key_size);
		*link = node;
		m->n++;
	}
	return value_of(m, *link);
}

void map_del(struct map *m, const void *key)
{
	struct map_node **link, *node;

	if (!m->n)
		return;
	link = link_of(m, key, hash_of(m, key));
	node = *link;
	if (!node)
		return;
	*link = node->next;
	free(node);
	m->n--;
}

void map_each(struct map *m, void (*fn)(const void *key, void *value, void *arg), void *arg)
{
	for (size_t i = 0; i < m->nr_buckets; i++)
		for (struct map_node *node = m->bucket[i]; node; node = node->next)
			fn(node->data, value_of(m, node), arg);
}

void map_clear(struct map *m)
{
	struct map_node *node, *next;

	for (size_t i = 0; i < m->nr_buckets; i++) {
		for (node = m->bucket[i]; node; node = next) {
			next = node->next;
			free(node);
		}
	}
	free(m->bucket);
	m->bucket = NULL;
	m->nr_buckets = 0;
	m->n = 0;
}
