// SPDX-License-Identifier: MPL-2.0
// Name, tags, default tags and ignored tags: planned, read back, and changed with the fewest calls.
#include "unit/engine/harness.h"

#include "ec2/tags.h"
#include "resources/mirror_target.h"
#include "value/json.h"

#define RECOMMENDED "VirtualNetworkSensor-TrafficMirrorTarget"

static struct value json_value(struct harness *harness, const struct type *type, const char *json)
{
	struct value value;
	struct text problem;
	assert_true(json_read(&harness->arena, text_of(json), type, &value, &problem));
	return value;
}

static void open_with(struct harness *harness, const char *defaults, const char *ignored_keys, const char *prefixes)
{
	harness_open(harness, &mirror_target, NULL);
	harness->settings.default_tags = json_value(harness, &type_string_map, defaults);
	harness->settings.ignore_keys = json_value(harness, &type_string_set, ignored_keys);
	harness->settings.ignore_prefixes = json_value(harness, &type_string_set, prefixes);
}

static const char *print_field(struct harness *harness, const struct value *object, const char *name)
{
	const struct value *field = value_field(object, text_of(name));
	return value_is_unknown(field) ? "unknown" : harness_print(harness, field);
}

struct plan_case {
	const char *defaults, *ignored_keys, *prefixes;
	const char *config; // more of it, after the interface
	const char *name, *tags_all;
};

static void names_and_tags_are_planned(void **unused)
{
	(void)unused;
	static const struct plan_case cases[] = {
		{ "null", "null", "null", "", "\"" RECOMMENDED "\"", "{\"Name\":\"" RECOMMENDED "\"}" },
		{ "null", "null", "null", ",\"name\":\"a\"", "\"a\"", "{\"Name\":\"a\"}" },
		{ "null", "null", "null", ",\"name\":\"\"", "\"\"", "{}" },
		{ "null", "null", "null", ",\"tags\":{\"Name\":\"t\"}", "\"t\"", "{\"Name\":\"t\"}" },
		{ "null", "null", "null", ",\"tags\":{\"Name\":\"\"}", "\"\"", "{\"Name\":\"\"}" },
		{ "{\"Name\":\"d\",\"k\":\"1\"}", "null", "null", "", "\"d\"", "{\"Name\":\"d\",\"k\":\"1\"}" },
		{ "{\"Name\":\"d\",\"k\":\"1\"}", "null", "null", ",\"tags\":{\"Name\":\"t\",\"k\":\"2\"}", "\"t\"",
		  "{\"Name\":\"t\",\"k\":\"2\"}" },
		{ "{\"Name\":\"d\",\"z\":\"1\"}", "null", "null", ",\"name\":\"\"", "\"\"", "{\"z\":\"1\"}" },
		{ "{\"a\":\"1\",\"kube/x\":\"2\"}", "[\"a\"]", "[\"kube/\"]", ",\"tags\":{\"b\":\"3\"},\"name\":\"n\"",
		  "\"n\"", "{\"Name\":\"n\",\"b\":\"3\"}" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct harness harness;
		open_with(&harness, cases[i].defaults, cases[i].ignored_keys, cases[i].prefixes);
		struct text config = text_print(
			&harness.arena, "{\"network_interface_id\":\"eni-0a1b2c3d4e5f60718\"%s}", cases[i].config);
		struct plan_result plan = harness_plan(&harness, NULL, text_to_c_string(&harness.arena, config), T(""));
		assert_string_equal(print_field(&harness, &plan.planned, "name"), cases[i].name);
		assert_string_equal(print_field(&harness, &plan.planned, "tags_all"), cases[i].tags_all);
		harness_close(&harness);
	}
}

static void unknown_tags_leave_all_unknown(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	harness.settings.default_tags = value_unknown(&type_string_map);
	struct plan_result plan = harness_plan(&harness, NULL,
					       "{\"network_interface_id\":\"eni-0a1b2c3d4e5f60718\","
					       "\"tags\":{\"Name\":\"x\"}}",
					       T(""));
	assert_string_equal(print_field(&harness, &plan.planned, "name"), "\"x\"");
	assert_string_equal(print_field(&harness, &plan.planned, "tags_all"), "unknown");
	plan = harness_plan(&harness, NULL, "{\"network_interface_id\":\"eni-0a1b2c3d4e5f60718\"}", T(""));
	assert_string_equal(print_field(&harness, &plan.planned, "name"), "unknown");
	harness_close(&harness);
}

// Each of what decides about a tag.
static void one_unknown_leaves_all_unknown(void **unused)
{
	(void)unused;
	for (int unknown = 0; unknown < 4; unknown++) {
		struct harness harness;
		open_with(&harness, "{\"a\":\"1\"}", "[\"b\"]", "[\"c/\"]");
		struct value *const settings[] = { &harness.settings.default_tags, &harness.settings.ignore_keys,
						   &harness.settings.ignore_prefixes };
		if (unknown < 3)
			*settings[unknown] = value_unknown(settings[unknown]->type);
		struct plan_result plan = harness_plan(
			&harness, NULL, "{\"network_interface_id\":\"eni-0a1b2c3d4e5f60718\",\"name\":\"n\"}", T(""));
		assert_string_equal(print_field(&harness, &plan.planned, "tags_all"),
				    unknown < 3 ? "unknown" : "{\"Name\":\"n\",\"a\":\"1\"}");
		harness_close(&harness);
	}
}

// 50 tags are allowed; the Name tag is one more.
static void the_name_tag_counts(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	struct buffer config;
	buffer_init(&config, 65536);
	buffer_print(&config, "{\"network_interface_id\":\"eni-0a1b2c3d4e5f60718\",\"tags\":{\"t0\":\"\"");
	for (int i = 1; i < 49; i++)
		buffer_print(&config, ",\"t%d\":\"\"", i);
	struct text fits = text_print(&harness.arena, "%.*s}}", TEXT_ARG(buffer_text(&config)));
	buffer_print(&config, ",\"t49\":\"\"}}");
	struct value most = harness_value(&harness, fits.at);
	struct value more = harness_value(&harness, text_to_c_string(&harness.arena, buffer_text(&config)));
	buffer_free(&config);
	struct value nothing = value_null(most.type);
	struct plan_request request = {
		.set = &mirror_target.set, .prior = &nothing, .config = &most, .settings = &harness.settings
	};
	struct plan_result result;
	assert_true(plan_resource(&harness.call, &request, &result));
	request.config = &more;
	assert_false(plan_resource(&harness.call, &request, &result));
	assert_contains(harness_told(&harness), "[tags] Too many tags");
	harness_close(&harness);
}

static void two_names_are_refused(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	struct value config = harness_value(&harness, "{\"name\":\"a\",\"tags\":{\"Name\":\"b\"}}");
	tags_validate_name(&harness.call, &config);
	assert_contains(harness_told(&harness), "[name] Two different names");
	config = harness_value(&harness, "{\"name\":\"a\",\"tags\":{\"Name\":\"a\"}}");
	tags_validate_name(&harness.call, &config);
	*value_field(&config, T("name")) = value_unknown(&type_string);
	tags_validate_name(&harness.call, &config);
	assert_string_equal(harness_told(&harness), "");
	harness_close(&harness);
}

struct read_case {
	const char *defaults, *ignored_keys;
	const char *prior; // name, tags, tags_all before
	const char *items; // key=value pairs, separated by blanks
	const char *name, *tags, *tags_all;
};

static const struct xml_node *tag_set_of(struct harness *harness, const char *items)
{
	struct text rest = text_of(items), item, key, xml = T("<tagSet>"), problem;
	while (text_take_until(&rest, ' ', &item)) {
		(void)text_take_until(&item, '=', &key);
		xml = text_print(&harness->arena, "%.*s<item><key>%.*s</key><value>%.*s</value></item>", TEXT_ARG(xml),
				 TEXT_ARG(key), TEXT_ARG(item));
	}
	xml = text_print(&harness->arena, "%.*s</tagSet>", TEXT_ARG(xml));
	return xml_parse(&harness->arena, xml, &problem);
}

static void tags_are_read(void **unused)
{
	(void)unused;
	static const struct read_case cases[] = {
		// An import: what the provider's defaults do not explain is the object's own.
		{ "{\"d\":\"1\"}", "null", "{}", "Name=n d=1 own=2", "\"n\"", "{\"own\":\"2\"}",
		  "{\"Name\":\"n\",\"d\":\"1\",\"own\":\"2\"}" },
		{ "null", "null", "{}", "", "\"\"", "null", "{}" },
		{ "null", "null", "{}", "aws:cloud=x Name=n", "\"n\"", "null", "{\"Name\":\"n\"}" },
		// An empty name is none, unless the configuration has it in `tags`.
		{ "null", "null", "{}", "Name= own=2", "\"\"", "{\"own\":\"2\"}", "{\"own\":\"2\"}" },
		{ "null", "null", "{\"name\":\"n\",\"tags_all\":{\"Name\":\"n\"}}", "Name=", "\"\"", "null", "{}" },
		{ "null", "null", "{\"tags\":{\"Name\":\"\"},\"tags_all\":{\"Name\":\"\"}}", "Name=", "\"\"",
		  "{\"Name\":\"\"}", "{\"Name\":\"\"}" },
		{ "null", "null", "{\"tags\":{\"Name\":\"n\"},\"tags_all\":{\"Name\":\"n\"}}", "Name=", "\"\"",
		  "{\"Name\":\"\"}", "{\"Name\":\"\"}" },
		// As configured.
		{ "null", "null", "{\"tags\":{},\"tags_all\":{\"Name\":\"n\"}}", "Name=n", "\"n\"", "{}",
		  "{\"Name\":\"n\"}" },
		{ "null", "null", "{\"tags\":{\"Name\":\"n\"},\"tags_all\":{\"Name\":\"n\"}}", "Name=n", "\"n\"",
		  "{\"Name\":\"n\"}", "{\"Name\":\"n\"}" },
		{ "{\"k\":\"1\"}", "null", "{\"tags\":{\"k\":\"1\"},\"tags_all\":{\"k\":\"1\"}}", "k=1", "\"\"",
		  "{\"k\":\"1\"}", "{\"k\":\"1\"}" },
		// A default tag of before is not the object's own now.
		{ "null", "null", "{\"tags\":null,\"tags_all\":{\"k\":\"1\"}}", "k=1", "\"\"", "null",
		  "{\"k\":\"1\"}" },
		// Drift: added, changed, removed outside.
		{ "null", "null", "{\"tags\":{\"a\":\"1\",\"b\":\"1\"},\"tags_all\":{\"a\":\"1\",\"b\":\"1\"}}",
		  "a=2 new=x", "\"\"", "{\"a\":\"2\",\"new\":\"x\"}", "{\"a\":\"2\",\"new\":\"x\"}" },
		// Ignored: whatever EC2 has, nothing is seen.
		{ "null", "[\"i\",\"Name\"]", "{\"name\":\"kept\",\"tags\":{\"i\":\"mine\"},\"tags_all\":{}}",
		  "i=theirs Name=theirs", "\"kept\"", "{\"i\":\"mine\"}", "{}" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct harness harness;
		open_with(&harness, cases[i].defaults, cases[i].ignored_keys, "null");
		struct value prior = harness_value(&harness, cases[i].prior);
		struct value state = harness_value(&harness, "{}");
		tags_decode(&harness.arena, tag_set_of(&harness, cases[i].items), &harness.settings, &prior, &state);
		assert_string_equal(print_field(&harness, &state, "name"), cases[i].name);
		assert_string_equal(print_field(&harness, &state, "tags"), cases[i].tags);
		assert_string_equal(print_field(&harness, &state, "tags_all"), cases[i].tags_all);
		harness_close(&harness);
	}
}

static void only_differences_are_sent(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	static const struct reply replies[] = {
		{ .action = "DeleteTags", .body = "<return>true</return>" },
		{ .action = "CreateTags", .body = "<return>true</return>" },
	};
	harness_script(&harness, replies);
	struct value from = json_value(&harness, &type_string_map, "{\"gone\":\"1\",\"same\":\"2\",\"new\":\"3\"}");
	struct value to = json_value(&harness, &type_string_map, "{\"same\":\"2\",\"new\":\"4\",\"empty\":\"\"}");
	const struct text ids[] = { T("tmf-1"), T("tmfr-2") };
	assert_true(tags_change(&harness.operation, ids, 2, &from, &from));
	assert_true(tags_change(&harness.operation, ids, 2, &from, &to));
	assert_string_equal(harness_form(&harness, 0), "Action=DeleteTags&Version=2016-11-15&ResourceId.1=tmf-1&"
						       "ResourceId.2=tmfr-2&Tag.1.Key=gone");
	assert_string_equal(harness_form(&harness, 1),
			    "Action=CreateTags&Version=2016-11-15&ResourceId.1=tmf-1&ResourceId.2=tmfr-2&"
			    "Tag.1.Key=empty&Tag.1.Value=&Tag.2.Key=new&Tag.2.Value=4");
	harness_end_script(&harness);

	static const struct reply refused[] = {
		{ .action = "DeleteTags",
		  .status = 400,
		  .body = "<Code>TagPolicyViolation</Code><Message>no</Message>" },
	};
	harness_script(&harness, refused);
	assert_false(tags_change(&harness.operation, ids, 2, &from, &to));
	assert_contains(harness_told(&harness), "[tags] A tag policy forbids the tags");
	harness_end_script(&harness);

	static const struct reply silent[] = {
		{ .action = "DeleteTags", .problem = HTTP_UNTRUSTED },
		{ .action = "DeleteTags", .body = "<return>true</return>" },
		{ .action = "CreateTags", .problem = HTTP_UNTRUSTED },
	};
	harness_script(&harness, silent);
	for (int i = 0; i < 2; i++) {
		assert_false(tags_change(&harness.operation, ids, 2, &from, &to));
		assert_int_equal(harness.diagnostics.errors, 1);
		(void)harness_told(&harness);
	}
	harness_end_script(&harness);
	harness_close(&harness);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_tags_are_planned),     cmocka_unit_test(unknown_tags_leave_all_unknown),
		cmocka_unit_test(one_unknown_leaves_all_unknown), cmocka_unit_test(the_name_tag_counts),
		cmocka_unit_test(two_names_are_refused),          cmocka_unit_test(tags_are_read),
		cmocka_unit_test(only_differences_are_sent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
