// SPDX-License-Identifier: MPL-2.0
// Encoding and decoding by the rows, against what botocore makes of the same (tests/cases/encode, tests/cases/decode).
// With a file as the program's argument, its cases are encoded instead (tests/differential/encoding).
#include "unit/engine/harness.h"

#include "ec2/decode.h"
#include "ec2/encode.h"
#include "ec2/tags.h"
#include "resources/mirror_filter.h"
#include "resources/mirror_session.h"
#include "resources/mirror_target.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct row *rows_of(const json_t *one_case)
{
	const char *name = json_string_value(json_object_get(one_case, "rows"));
	if (strcmp(name, "rule") == 0)
		return row_find(mirror_filter.set.rows, T("ingress_rules"))->fields;
	if (strcmp(name, "filter") == 0)
		return mirror_filter.set.rows;
	return strcmp(name, "target") == 0 ? mirror_target.set.rows : mirror_session.set.rows;
}

// The object under that key; {"unknown": true} stands for an unknown.
static struct value object_of(struct harness *harness, const json_t *one_case, const char *key, const struct row *rows)
{
	json_t *json = json_object_get(one_case, key);
	if (!json_is_object(json))
		return value_null(row_type(&harness->arena, rows));
	char *text = json_dumps(json, 0);
	json_t *known = json_loads(text, 0, NULL);
	free(text);
	const char *name;
	json_t *item;
	json_object_foreach(json, name, item)
	{
		if (json_is_true(json_object_get(item, "unknown")))
			json_object_set_new(known, name, json_null());
	}
	text = json_dumps(known, 0);
	char *lasting = text_to_c_string(&harness->arena, text_of(text));
	free(text);
	json_decref(known);
	struct value object = harness_value_of(harness, rows, lasting);
	json_object_foreach(json, name, item)
	{
		struct value *slot = value_field(&object, text_of(name));
		if (json_is_true(json_object_get(item, "unknown")))
			*slot = value_unknown(slot->type);
	}
	return object;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void check_query(struct harness *harness, const struct query *query, const json_t *expected)
{
	const char **lines = ARENA_ARRAY(&harness->arena, const char *, query->count + 1);
	size_t count = 0;
	for (const struct query_parameter *each = query->first; each; each = each->next)
		lines[count++] =
			text_to_c_string(&harness->arena, text_print(&harness->arena, "%.*s=%.*s", TEXT_ARG(each->name),
								     TEXT_ARG(each->value)));
	qsort(lines, count, sizeof *lines, compare_lines);
	for (size_t i = 0; i < count; i++) {
		const char *line = json_string_value(json_array_get(expected, i));
		assert_string_equal(lines[i], line ? line : "(nothing)");
	}
	assert_int_equal(count, json_array_size(expected));
}

static void add_tags(struct harness *harness, struct query *query, const json_t *one_case)
{
	json_t *tags = json_object_get(one_case, "planned");
	struct value map = value_map(&harness->arena, &type_string_map, json_object_size(tags));
	size_t count = 0;
	const char *key;
	json_t *item;
	json_object_foreach(tags, key, item)
	{
		map.keys[count] = text_of(key);
		map.items[count++] = value_string(text_of(json_string_value(item)));
	}
	value_sort_map(&map);
	const char *type = json_string_value(json_object_get(one_case, "tag_type"));
	tags_encode(query, type ? type : "traffic-mirror-session", &map);
}

static json_t *load(const char *path, struct harness *harness)
{
	harness_open(harness, &mirror_session, NULL);
	json_error_t error;
	json_t *cases = json_load_file(path, 0, &error);
	if (!cases)
		fail_msg("%s: %s", path, error.text);
	assert_true(json_array_size(cases) > 5);
	return cases;
}

static void encodes_as_botocore(void **file)
{
	const char *other = *file;
	struct harness harness;
	json_t *cases = load(other ? other : VNS_CASES "/encode/encode.json", &harness), *one_case;
	size_t i;
	json_array_foreach(cases, i, one_case)
	{
		print_message("encoding %s\n", json_string_value(json_object_get(one_case, "name")));
		json_t *expected = json_object_get(one_case, "expected");
		struct query query;
		query_init(&query, &harness.arena);
		if (strcmp(json_string_value(json_object_get(one_case, "rows")), "tags") == 0) {
			add_tags(&harness, &query, one_case);
			check_query(&harness, &query, expected);
			continue;
		}
		const struct row *rows = rows_of(one_case);
		struct value planned = object_of(&harness, one_case, "planned", rows);
		struct value state = object_of(&harness, one_case, "state", rows);
		struct value config = object_of(&harness, one_case, "config", rows);
		if (value_is_null(&state))
			encode_create(&query, rows, &planned);
		else
			assert_int_equal(encode_modify(&query, rows, &state, &planned, &config),
					 json_array_size(expected) > 0);
		check_query(&harness, &query, expected);
	}
	json_decref(cases);
	harness_close(&harness);
}

// Sets have no order, and slots that answers do not fill stay null.
static void check_decoded(json_t *decoded, const json_t *expected)
{
	const char *key;
	json_t *item;
	json_object_foreach(decoded, key, item)
	{
		json_t *wanted = json_object_get(expected, key);
		if (wanted ? json_equal(item, wanted) : json_is_null(item))
			continue;
		print_error("%s is %s\n", key, json_dumps(item, JSON_ENCODE_ANY));
		fail();
	}
	assert_true(json_object_size(decoded) >= json_object_size(expected));
}

// Core wants map keys in byte order.
static void check_key_order(const struct value *object)
{
	for (size_t i = 0; i < object->count; i++) {
		const struct value *map = &object->items[i];
		for (size_t j = 1; value_is_known(map) && map->type->kind == TYPE_MAP && j < map->count; j++)
			assert_true(text_compare(map->keys[j - 1], map->keys[j]) < 0);
	}
}

static void decodes_as_botocore(void **unused)
{
	(void)unused;
	struct harness harness;
	json_t *cases = load(VNS_CASES "/decode/decode.json", &harness), *one_case;
	size_t i;
	json_array_foreach(cases, i, one_case)
	{
		print_message("%s\n", json_string_value(json_object_get(one_case, "name")));
		const struct row *rows = rows_of(one_case);
		struct text problem, xml = text_print(&harness.arena, "<item>%s</item>",
						      json_string_value(json_object_get(one_case, "xml")));
		const struct xml_node *item = xml_parse(&harness.arena, xml, &problem);
		assert_non_null(item);
		struct value object = value_object(&harness.arena, row_type(&harness.arena, rows));
		assert_true(decode_object(&harness.call, rows, item, &object));
		check_key_order(&object);
		json_t *decoded = json_loads(harness_print(&harness, &object), 0, NULL);
		check_decoded(decoded, json_object_get(one_case, "expected"));
		json_decref(decoded);
	}
	json_decref(cases);
	harness_close(&harness);
}

static void nonsense_is_an_error(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_session, NULL);
	struct text problem;
	const struct xml_node *item = xml_parse(&harness.arena,
						T("<item><sessionNumber>first</sessionNumber>"
						  "<networkInterfaceId>eni-1</networkInterfaceId></item>"),
						&problem);
	struct value object = value_object(&harness.arena, row_type(&harness.arena, mirror_session.set.rows));
	assert_false(decode_object(&harness.call, mirror_session.set.rows, item, &object));
	assert_int_equal(harness.diagnostics.errors, 1);
	assert_contains(harness_told(&harness), "\"first\" in <sessionNumber>");
	assert_true(text_equal(value_field(&object, T("network_interface_id"))->string, T("eni-1")));
	harness_close(&harness);
}

// A map has each key once: core refuses anything else.
static void a_number_that_stands_twice_is_an_error(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	struct text problem;
	const struct xml_node *item =
		xml_parse(&harness.arena,
			  T("<item><ingressFilterRuleSet><item><ruleNumber>7</ruleNumber></item>"
			    "<item><ruleNumber>100</ruleNumber></item><item><ruleNumber>7</ruleNumber></item>"
			    "</ingressFilterRuleSet></item>"),
			  &problem);
	struct value object = value_object(&harness.arena, row_type(&harness.arena, mirror_filter.set.rows));
	assert_false(decode_object(&harness.call, mirror_filter.set.rows, item, &object));
	assert_int_equal(harness.diagnostics.errors, 1);
	assert_contains(harness_told(&harness), "\"7\" in <ingressFilterRuleSet>");
	assert_int_equal(value_field(&object, T("ingress_rules"))->count, 2);
	check_key_order(&object);
	harness_close(&harness);
}

int main(int count, char **arguments)
{
	char *other = count > 1 ? arguments[1] : NULL;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(encodes_as_botocore, other),
		cmocka_unit_test(decodes_as_botocore),
		cmocka_unit_test(nonsense_is_an_error),
		cmocka_unit_test(a_number_that_stands_twice_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
