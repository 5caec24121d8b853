// SPDX-License-Identifier: MPL-2.0
#include "host.h"

#include "base/limits.h"
#include "provider/identity.h"
#include "resources/provider_meta.h"
#include "resources/provider_settings.h"
#include "resources/resources.h"
#include "stand_in.h"
#include "value/json.h"
#include "value/msgpack.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static int64_t moved_realtime_us(void *context)
{
	return clock_realtime_us(&clock_system) + ((const struct host *)context)->slept_ms * 1000;
}

static int64_t moved_monotonic_ms(void *context)
{
	return clock_monotonic_ms(&clock_system) + ((const struct host *)context)->slept_ms;
}

static bool move_ms(void *context, int64_t duration_ms, const struct cancel *cancel)
{
	(void)cancel;
	((struct host *)context)->slept_ms += duration_ms;
	return true;
}

int host_setup(void **state)
{
	struct host *host = calloc(1, sizeof *host);
	assert_non_null(host);
	host->provider = provider_new("1.2.3");
	host->service = (Tfplugin6__Provider_Service *)provider_service(host->provider);
	host->cancel_source = cancel_source_new();
	host->clock = (struct clock){ moved_realtime_us, moved_monotonic_ms, move_ms, host };
	host->blocks_to_grant = -1;
	arena_init(&host->arena, 0);
	arena_init(&host->call_arena, 0);
	stand_in_reset();
	*state = host;
	return 0;
}

static void forget_answer(struct host *host)
{
	if (host->answer)
		protobuf_c_message_free_unpacked(host->answer, NULL);
	host->answer = NULL;
	arena_free(&host->call_arena);
}

int host_teardown(void **state)
{
	struct host *host = *state;
	forget_answer(host);
	arena_free(&host->arena);
	provider_free(host->provider);
	cancel_source_free(host->cancel_source);
	free(host);
	return stand_in_leaks();
}

static void *grant(void *context, size_t size)
{
	struct host *host = context;
	const int number = host->blocks_asked_for++;
	return host->blocks_to_grant >= 0 && number >= host->blocks_to_grant ? NULL : malloc(size);
}

void host_begin(struct host *host)
{
	forget_answer(host);
	arena_init(&host->call_arena, 0);
	host->call_arena.system_take = grant;
	host->call_arena.system_context = host;
	host->blocks_asked_for = 0;
	host->answers = 0;
	host->diagnostics = (struct diagnostics){ .first = NULL };
	host->call = (struct call){
		.arena = &host->call_arena,
		.diagnostics = &host->diagnostics,
		.log = &log_none,
		.clock = &host->clock,
		.cancel_source = host->cancel_source,
	};
}

void host_end(struct host *host)
{
	assert_int_equal(host->answers, 1);
	assert_non_null(host->answer);
}

// Over the wire and back, so that every message is known to be packable.
void host_keep(const ProtobufCMessage *message, void *closure_data)
{
	struct host *host = closure_data;
	const size_t size = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = malloc(size + 1);
	assert_non_null(bytes);
	assert_int_equal(protobuf_c_message_pack(message, bytes), size);
	host->answer = protobuf_c_message_unpack(message->descriptor, NULL, size, bytes);
	free(bytes);
	host->answers++;
}

void host_configure_with(struct host *host, const char *json)
{
	char version[] = "1.11.4";
	Tfplugin6__ConfigureProvider__Request request;
	tfplugin6__configure_provider__request__init(&request);
	request.terraform_version = version;
	request.config = host_dynamic(host, "vns", json);
	assert_no_diagnostics(HOST_CALL(host, configure_provider, ConfigureProvider, &request));
}

void host_configure(struct host *host)
{
	host_configure_with(host, "{\"region\":\"eu-central-1\"}");
}

const struct type *host_type(struct host *host, const char *type_name)
{
	if (strcmp(type_name, "vns") == 0)
		return row_type(&host->arena, provider_settings.rows);
	if (strcmp(type_name, "provider_meta") == 0)
		return row_type(&host->arena, provider_meta.rows);
	const struct resource *resource = resources_find(text_of(type_name));
	assert_non_null(resource);
	return row_type(&host->arena, resource->set.rows);
}

static struct value value_of_json(struct host *host, const struct type *type, const char *json)
{
	struct value value;
	struct text problem = T("");
	if (!json_read(&host->arena, text_of(json), type, &value, &problem))
		fail_msg("%.*s", TEXT_ARG(problem));
	return value;
}

struct value host_value(struct host *host, const char *type_name, const char *json)
{
	return value_of_json(host, host_type(host, type_name), json);
}

Tfplugin6__DynamicValue *host_encode(struct host *host, const struct value *value)
{
	Tfplugin6__DynamicValue *made = ARENA_NEW(&host->arena, Tfplugin6__DynamicValue);
	tfplugin6__dynamic_value__init(made);
	struct buffer buffer;
	buffer_init(&buffer, LIMIT_MESSAGE_BYTES);
	msgpack_write(value, &buffer);
	assert_false(buffer.failed);
	made->msgpack.len = buffer.length;
	made->msgpack.data = arena_take(&host->arena, buffer.length);
	memcpy(made->msgpack.data, buffer.bytes, buffer.length);
	buffer_free(&buffer);
	return made;
}

Tfplugin6__DynamicValue *host_dynamic(struct host *host, const char *type_name, const char *json)
{
	const struct value value = host_value(host, type_name, json);
	return host_encode(host, &value);
}

struct value host_decode(struct host *host, const struct type *type, const Tfplugin6__DynamicValue *dynamic)
{
	struct value value = value_null(type);
	struct text problem = T("");
	if (!dynamic)
		return value;
	const struct text bytes = { (const char *)dynamic->msgpack.data, dynamic->msgpack.len };
	const struct text copy = text_copy(&host->arena, bytes);
	if (!msgpack_read(&host->arena, copy, type, &value, &problem))
		fail_msg("%.*s", TEXT_ARG(problem));
	return value;
}

void host_make_unknown(struct value *object, const char *field)
{
	struct value *value = value_field(object, text_of(field));
	*value = value_unknown(value->type);
}

const char *host_string(struct host *host, const struct value *object, const char *field)
{
	const struct value *value = value_field(object, text_of(field));
	assert_true(value_is_known(value));
	return text_to_c_string(&host->arena, value->string);
}

Tfplugin6__ResourceIdentityData *host_identity(struct host *host, const char *json)
{
	Tfplugin6__ResourceIdentityData *made = ARENA_NEW(&host->arena, Tfplugin6__ResourceIdentityData);
	tfplugin6__resource_identity_data__init(made);
	const struct value identity = value_of_json(host, &identity_type, json);
	made->identity_data = host_encode(host, &identity);
	return made;
}

ProtobufCBinaryData host_bytes(const char *string)
{
	static uint8_t room[256];
	const size_t length = strlen(string);
	assert_true(length <= sizeof room);
	memcpy(room, string, length);
	return (ProtobufCBinaryData){ .len = length, .data = room };
}

void host_assert_none(Tfplugin6__Diagnostic **list, size_t count)
{
	if (count > 0)
		fail_msg("%s: %s", list[0]->summary, list[0]->detail);
}

void host_assert_diagnostic(Tfplugin6__Diagnostic **list, size_t count, int severity, const char *part)
{
	for (size_t i = 0; i < count; i++) {
		if ((int)list[i]->severity != severity)
			continue;
		if (!strstr(list[i]->summary, part) && !strstr(list[i]->detail, part))
			fail_msg("\"%s\" is not in %s: %s", part, list[i]->summary, list[i]->detail);
		return;
	}
	fail_msg("no diagnostic of severity %d (looked for \"%s\")", severity, part);
}
