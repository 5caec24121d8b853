// SPDX-License-Identifier: MPL-2.0
#include "mirror.h"

#include "place.h"
#include "tags.h"
#include "world.h"

json_t *mirror_find(struct exchange *exchange, enum kind kind, const char *parameter)
{
	const struct kind_row *row = kinds_row(kind);
	const char *id = exchange_text(exchange, parameter);
	json_t *object = place_find(exchange->place, kind, id);
	if (!object && !kinds_id_is_well_formed(kind, id))
		exchange_refuse(exchange, row->malformed, "Invalid id: \"%s\" (expecting \"%s...\")", id,
				row->id_prefix);
	else if (!object)
		exchange_refuse(exchange, row->not_found, "The %s ID '%s' does not exist", row->noun, id);
	return object;
}

bool mirror_check_quota(struct exchange *exchange, size_t count, int64_t quota, const char *code, const char *what)
{
	if (quota == 0 || count < (size_t)quota)
		return true;
	return exchange_refuse(exchange, code, "%s limit reached (%lld)", what, (long long)quota);
}

json_t *mirror_make(struct exchange *exchange, enum kind kind)
{
	json_t *tags = tags_of_new(exchange, kind);
	if (!tags)
		return NULL;
	char id[WORLD_ID_SIZE];
	world_new_id(exchange->world, kinds_row(kind)->id_prefix, id);
	return json_pack("{s:s, s:o}", kinds_row(kind)->id_field, id, "tagSet", tags);
}

bool mirror_put_and_answer(struct exchange *exchange, enum kind kind, json_t *object, const char *element)
{
	place_put(exchange->place, kind, object);
	return exchange_answer(exchange, element, place_view(exchange->place, kind, object));
}

bool mirror_remove_and_answer(struct exchange *exchange, enum kind kind, const json_t *object)
{
	const struct kind_row *row = kinds_row(kind);
	json_t *id = json_incref(json_object_get(object, row->id_field));
	place_remove(exchange->place, kind, json_string_value(id));
	return exchange_answer(exchange, row->id_field, id);
}
