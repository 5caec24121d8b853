// SPDX-License-Identifier: MPL-2.0
// The generated descriptors against the protocol's tables (tests/cases/proto), and the presence of optional scalars.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"
#include "health.pb-c.h"
#include "plugin.pb-c.h"
#include "tfplugin6.pb-c.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGES 512

// Everything that the service's methods reach.
struct registry {
	const ProtobufCMessageDescriptor *messages[MESSAGES];
	size_t message_count;
	const ProtobufCEnumDescriptor *enums[64];
	size_t enum_count;
	unsigned next_method; // of the table's order
};

static void collect_enum(struct registry *registry, const ProtobufCEnumDescriptor *one)
{
	for (size_t i = 0; i < registry->enum_count; i++) {
		if (registry->enums[i] == one)
			return;
	}
	assert_true(registry->enum_count < 64);
	registry->enums[registry->enum_count++] = one;
}

static void collect(struct registry *registry, const ProtobufCMessageDescriptor *message)
{
	for (size_t i = 0; i < registry->message_count; i++) {
		if (registry->messages[i] == message)
			return;
	}
	assert_true(registry->message_count < MESSAGES);
	registry->messages[registry->message_count++] = message;
	for (unsigned i = 0; i < message->n_fields; i++) {
		if (message->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
			collect(registry, message->fields[i].descriptor);
		if (message->fields[i].type == PROTOBUF_C_TYPE_ENUM)
			collect_enum(registry, message->fields[i].descriptor);
	}
}

static void collect_all(struct registry *registry)
{
	memset(registry, 0, sizeof *registry);
	const ProtobufCServiceDescriptor *service = &tfplugin6__provider__descriptor;
	for (unsigned i = 0; i < service->n_methods; i++) {
		collect(registry, service->methods[i].input);
		collect(registry, service->methods[i].output);
	}
}

// "tfplugin6.Schema.Block" is what the tables call Schema.Block.
static struct text short_name(const char *name)
{
	struct text whole = text_of(name);
	assert_true(text_starts_with(whole, T("tfplugin6.")));
	return text_part(whole, 10, whole.length);
}

static const ProtobufCMessageDescriptor *find_message(const struct registry *registry, struct text name)
{
	for (size_t i = 0; i < registry->message_count; i++) {
		if (text_equal(short_name(registry->messages[i]->name), name))
			return registry->messages[i];
	}
	fail_msg("no message %.*s", TEXT_ARG(name));
	return NULL;
}

// Calls `check` with the cells of every line; gives the number of lines.
static size_t each_line(const char *file, size_t cells, void (*check)(struct registry *registry, struct text *cells))
{
	char path[4096], line[512];
	struct registry registry;
	size_t count = 0;
	collect_all(&registry);
	(void)snprintf(path, sizeof path, VNS_CASES "/proto/%s", file);
	FILE *stream = fopen(path, "r");
	assert_non_null(stream);
	while (fgets(line, sizeof line, stream)) {
		struct text rest = text_trim(text_of(line));
		struct text parts[8];
		for (size_t i = 0; i < cells; i++)
			assert_true(text_take_until(&rest, '\t', &parts[i]));
		assert_int_equal(rest.length, 0);
		check(&registry, parts);
		count++;
	}
	(void)fclose(stream);
	return count;
}

static void check_method(struct registry *registry, struct text *cells)
{
	const ProtobufCServiceDescriptor *service = &tfplugin6__provider__descriptor;
	assert_true(registry->next_method < service->n_methods);
	const ProtobufCMethodDescriptor *method = &service->methods[registry->next_method++];
	assert_true(text_equal(text_of(method->name), cells[0]));
	assert_true(text_equal(short_name(method->input->name), cells[1]));
	assert_true(text_equal(short_name(method->output->name), cells[2]));
}

static void methods_test(void **state)
{
	(void)state;
	assert_string_equal(tfplugin6__provider__descriptor.name, "tfplugin6.Provider");
	assert_int_equal(tfplugin6__provider__descriptor.n_methods, 36);
	assert_int_equal(each_line("methods.tsv", 3, check_method), 36);
}

// The short name of a field's type: "string", "Block", ...
static struct text type_name(const ProtobufCFieldDescriptor *field)
{
	static const struct {
		ProtobufCType type;
		const char *name;
	} scalars[] = {
		{ PROTOBUF_C_TYPE_STRING, "string" },
		{ PROTOBUF_C_TYPE_BYTES, "bytes" },
		{ PROTOBUF_C_TYPE_BOOL, "bool" },
		{ PROTOBUF_C_TYPE_INT64, "int64" },
	};
	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return text_of(((const ProtobufCMessageDescriptor *)field->descriptor)->short_name);
	if (field->type == PROTOBUF_C_TYPE_ENUM)
		return text_of(((const ProtobufCEnumDescriptor *)field->descriptor)->short_name);
	for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++) {
		if (scalars[i].type == field->type)
			return text_of(scalars[i].name);
	}
	return T("?");
}

static struct text label_name(const ProtobufCFieldDescriptor *field)
{
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return T("repeated");
	return field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF ? T("oneof") : T("single");
}

static void check_field(struct registry *registry, struct text *cells)
{
	int64_t number;
	assert_true(text_to_int64(cells[1], &number));
	const ProtobufCMessageDescriptor *message = find_message(registry, cells[0]);
	const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(message, (unsigned)number);
	if (!field || !text_equal(text_of(field->name), cells[2]))
		fail_msg("%.*s has no field %.*s with that number", TEXT_ARG(cells[0]), TEXT_ARG(cells[2]));
	struct text type = type_name(field);
	struct text label = label_name(field);
	if (text_equal(cells[3], T("map"))) { // on the wire, a repeated pair of key and value
		assert_true(text_equal(label, T("repeated")) && text_ends_with(type, T("Entry")));
		const ProtobufCMessageDescriptor *entry = field->descriptor;
		assert_int_equal(entry->n_fields, 2);
		assert_true(entry->fields[0].id == 1 && entry->fields[0].type == PROTOBUF_C_TYPE_STRING);
		assert_int_equal(entry->fields[1].id, 2);
		type = type_name(&entry->fields[1]);
		label = T("map");
	}
	if (!text_equal(type, cells[4]) || !text_equal(label, cells[3]))
		fail_msg("%.*s.%s is %.*s %.*s", TEXT_ARG(cells[0]), field->name, TEXT_ARG(label), TEXT_ARG(type));
}

// All of the table is there, and nothing else is (but the two fields of Timestamp and those of map entries).
static void fields_test(void **state)
{
	(void)state;
	struct registry registry;
	collect_all(&registry);
	size_t fields = 0;
	for (size_t i = 0; i < registry.message_count; i++) {
		struct text name = short_name(registry.messages[i]->name);
		if (!text_ends_with(name, T("Entry")) && !text_equal(name, T("Timestamp")))
			fields += registry.messages[i]->n_fields;
	}
	assert_int_equal(each_line("fields.tsv", 5, check_field), 296);
	assert_int_equal(fields, 296);
}

static void check_enum(struct registry *registry, struct text *cells)
{
	int64_t number;
	assert_true(text_to_int64(cells[1], &number));
	for (size_t i = 0; i < registry->enum_count; i++) {
		const ProtobufCEnumDescriptor *one = registry->enums[i];
		if (!text_equal(short_name(one->name), cells[0]))
			continue;
		const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(one, (int)number);
		assert_non_null(value);
		assert_true(text_equal(text_of(value->name), cells[2]));
		return;
	}
	fail_msg("no enum %.*s", TEXT_ARG(cells[0]));
}

static void enums_test(void **state)
{
	(void)state;
	assert_int_equal(each_line("enums.tsv", 3, check_enum), 20);
}

// Argument 0 is an argument: it must go over the wire, unlike no argument.
static void presence_test(void **state)
{
	(void)state;
	Tfplugin6__FunctionError error;
	uint8_t packed[16];
	tfplugin6__function_error__init(&error);
	assert_int_equal(tfplugin6__function_error__get_packed_size(&error), 0);
	error.optional_function_argument_case = TFPLUGIN6__FUNCTION_ERROR__OPTIONAL_FUNCTION_ARGUMENT_FUNCTION_ARGUMENT;
	error.function_argument = 0;
	assert_int_equal(tfplugin6__function_error__pack(&error, packed), 2);
	assert_memory_equal(packed, "\x10\x00", 2);
}

// A newer host's fields are passed over.
static void unknown_field_test(void **state)
{
	(void)state;
	static const uint8_t bytes[] = { 0x0A, 1, 'a', 0xFA, 0x01, 2, 'x', 'y', 0x12, 1, 'b' };
	Tfplugin6__DynamicValue *value = tfplugin6__dynamic_value__unpack(NULL, sizeof bytes, bytes);
	assert_non_null(value);
	assert_int_equal(value->msgpack.len, 1);
	assert_memory_equal(value->json.data, "b", 1);
	tfplugin6__dynamic_value__free_unpacked(value, NULL);
}

static void plugin_services_test(void **state)
{
	(void)state;
	static const struct {
		const ProtobufCServiceDescriptor *service;
		const char *name, *first_method;
	} services[] = {
		{ &plugin__grpcbroker__descriptor, "plugin.GRPCBroker", "StartStream" },
		{ &plugin__grpccontroller__descriptor, "plugin.GRPCController", "Shutdown" },
		{ &plugin__grpcstdio__descriptor, "plugin.GRPCStdio", "StreamStdio" },
		{ &grpc__health__v1__health__descriptor, "grpc.health.v1.Health", "Check" },
	};
	for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
		assert_string_equal(services[i].service->name, services[i].name);
		assert_string_equal(services[i].service->methods[0].name, services[i].first_method);
	}
	assert_int_equal(GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING, 1);
	assert_int_equal(PLUGIN__STDIO_DATA__CHANNEL__STDERR, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(methods_test),       cmocka_unit_test(fields_test),
		cmocka_unit_test(enums_test),         cmocka_unit_test(presence_test),
		cmocka_unit_test(unknown_field_test), cmocka_unit_test(plugin_services_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
