// SPDX-License-Identifier: MPL-2.0
#include "ec2/id_set.h"

#include "base/limits.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

struct kept_id {
	struct text id; // first: a struct text alone is looked up
	char bytes[];
};

static int compare(const void *a, const void *b)
{
	return text_compare(*(const struct text *)a, *(const struct text *)b);
}

void id_set_init(struct id_set *set)
{
	*set = (struct id_set){ .root = NULL };
	(void)pthread_mutex_init(&set->lock, NULL);
}

void id_set_free(struct id_set *set)
{
	tdestroy(set->root, free);
	(void)pthread_mutex_destroy(&set->lock);
}

static struct kept_id *make_entry(struct id_set *set, struct text id)
{
	if (id.length > LIMIT_KNOWN_BYTES - set->bytes)
		return NULL;
	struct kept_id *entry = malloc(sizeof *entry + id.length);
	if (!entry)
		return NULL;
	if (id.length > 0)
		memcpy(entry->bytes, id.at, id.length);
	entry->id = (struct text){ entry->bytes, id.length };
	return entry;
}

static bool may_have(const struct id_set *set, struct text id)
{
	return set->is_full || tfind(&id, &set->root, compare);
}

static void add(struct id_set *set, struct text id)
{
	struct kept_id *entry = make_entry(set, id);
	set->is_full = !entry || !tsearch(entry, &set->root, compare);
	if (set->is_full)
		free(entry);
	else
		set->bytes += id.length;
}

bool id_set_add(struct id_set *set, struct text id)
{
	(void)pthread_mutex_lock(&set->lock);
	const bool is_new = !may_have(set, id);
	if (is_new)
		add(set, id);
	(void)pthread_mutex_unlock(&set->lock);
	return is_new;
}

bool id_set_may_have(struct id_set *set, struct text id)
{
	(void)pthread_mutex_lock(&set->lock);
	const bool has = may_have(set, id);
	(void)pthread_mutex_unlock(&set->lock);
	return has;
}
