// SPDX-License-Identifier: MPL-2.0
#include "scenes.h"

#include "allocations.h"
#include "rpcs.h"
#include "small_ec2.h"
#include "stand_in.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

// host.c asks for them; nothing stands in here.
void stand_in_reset(void)
{
}

int stand_in_leaks(void)
{
	return 0;
}

// The request that is played; it lives in the host's arena.
static struct {
	enum scene_kind kind;
	Tfplugin6__ValidateResourceConfig__Request validate;
	Tfplugin6__PlanResourceChange__Request plan;
	Tfplugin6__ApplyResourceChange__Request apply;
	Tfplugin6__ReadResource__Request read;
} request;

// Time that passes only when somebody waits.
static int64_t now_ms;

static int64_t realtime_us(void *context)
{
	(void)context;
	return (1790000000000 + now_ms) * 1000;
}

static int64_t monotonic_ms(void *context)
{
	(void)context;
	return now_ms;
}

static bool sleep_ms(void *context, int64_t duration_ms, const struct cancel *cancel)
{
	(void)context;
	(void)cancel;
	now_ms += duration_ms;
	return true;
}

static const struct clock quick_clock = { realtime_us, monotonic_ms, sleep_ms, NULL };

// The test's own part of an RPC.
void scenes_keep(const ProtobufCMessage *message, void *closure_data)
{
	allocations_pause();
	host_keep(message, closure_data);
	allocations_go_on();
}

static void plan_request(struct host *host, const struct scene *scene, const char *config,
			 Tfplugin6__DynamicValue *prior, struct text private_data)
{
	tfplugin6__plan_resource_change__request__init(&request.plan);
	request.plan.type_name = scene->type_name;
	request.plan.prior_state = prior;
	request.plan.config = host_dynamic(host, scene->type_name, config);
	request.plan.proposed_new_state = request.plan.config;
	const struct text kept = text_copy(&host->arena, private_data);
	request.plan.prior_private = (ProtobufCBinaryData){ kept.length, (uint8_t *)(uintptr_t)kept.at };
}

static Tfplugin6__DynamicValue *keep_dynamic(struct host *host, const Tfplugin6__DynamicValue *dynamic)
{
	Tfplugin6__DynamicValue *kept = ARENA_NEW(&host->arena, Tfplugin6__DynamicValue);
	tfplugin6__dynamic_value__init(kept);
	kept->msgpack.len = dynamic->msgpack.len;
	kept->msgpack.data = arena_take(&host->arena, dynamic->msgpack.len);
	memcpy(kept->msgpack.data, dynamic->msgpack.data, dynamic->msgpack.len);
	return kept;
}

// Plans, and makes the request to apply that plan.
static void apply_request(struct host *host, const struct scene *scene, const char *config,
			  Tfplugin6__DynamicValue *prior, struct text private_data)
{
	plan_request(host, scene, config, prior, private_data);
	const Tfplugin6__PlanResourceChange__Response *planned =
		HOST_CALL(host, plan_resource_change, PlanResourceChange, &request.plan);
	assert_no_diagnostics(planned);
	tfplugin6__apply_resource_change__request__init(&request.apply);
	request.apply.type_name = scene->type_name;
	request.apply.prior_state = prior;
	request.apply.planned_state = keep_dynamic(host, planned->planned_state);
	request.apply.config = request.plan.config;
	const struct text kept = text_copy(&host->arena, (struct text){ (const char *)planned->planned_private.data,
									planned->planned_private.len });
	request.apply.planned_private = (ProtobufCBinaryData){ kept.length, (uint8_t *)(uintptr_t)kept.at };
}

static void remove_request(struct host *host, const struct scene *scene, Tfplugin6__DynamicValue *prior)
{
	const struct value nothing = value_null(host_type(host, scene->type_name));
	tfplugin6__apply_resource_change__request__init(&request.apply);
	request.apply.type_name = scene->type_name;
	request.apply.prior_state = prior;
	request.apply.planned_state = host_encode(host, &nothing);
	request.apply.config = request.apply.planned_state;
}

// The requests that need an object.
static void prepare_later(struct host *host, const struct scene *scene)
{
	apply_request(host, scene, scene->config, NULL, T(""));
	const Tfplugin6__ApplyResourceChange__Response *created =
		HOST_CALL(host, apply_resource_change, ApplyResourceChange, &request.apply);
	assert_no_diagnostics(created);
	Tfplugin6__DynamicValue *prior = keep_dynamic(host, created->new_state);
	const struct text private_data =
		text_copy(&host->arena, (struct text){ (const char *)created->private_.data, created->private_.len });
	if (scene->kind == SCENE_PLANS_A_CHANGE)
		plan_request(host, scene, scene->changed, prior, private_data);
	else if (scene->kind == SCENE_UPDATES)
		apply_request(host, scene, scene->changed, prior, private_data);
	else if (scene->kind == SCENE_REMOVES)
		remove_request(host, scene, prior);
	tfplugin6__read_resource__request__init(&request.read);
	request.read.type_name = scene->type_name;
	request.read.current_state = prior;
}

void scenes_prepare(struct host *host, const struct scene *scene)
{
	small_ec2_reset(false);
	if (!rpcs_of_provider(scene->kind))
		host_configure_with(host, SCENES_PROVIDER(SCENES_KEYS ",\"skip_preflight\":true"));
	request.kind = scene->kind;
	if (rpcs_has(scene->kind)) {
		rpcs_prepare(host, scene);
	} else if (scene->kind == SCENE_VALIDATES) {
		tfplugin6__validate_resource_config__request__init(&request.validate);
		request.validate.type_name = scene->type_name;
		request.validate.config = host_dynamic(host, scene->type_name, scene->config);
	} else if (scene->kind == SCENE_PLANS) {
		plan_request(host, scene, scene->config, NULL, T(""));
	} else if (scene->kind == SCENE_CREATES) {
		apply_request(host, scene, scene->config, NULL, T(""));
	} else {
		prepare_later(host, scene);
	}
	small_ec2_reset(small_ec2.exists);
	host_begin(host);
	host->call.clock = &quick_clock;
}

void scenes_tell(struct ending *ending, Tfplugin6__Diagnostic **list, size_t count)
{
	for (size_t i = 0; i < count && !ending->failed; i++) {
		ending->failed = list[i]->severity == TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR;
		(void)snprintf(ending->told, sizeof ending->told, "%s: %s", list[i]->summary, list[i]->detail);
	}
}

struct ending scenes_play(struct host *host)
{
	struct ending ending = { .failed = false };
	if (rpcs_has(request.kind))
		return rpcs_play(host, request.kind);
	if (request.kind == SCENE_VALIDATES) {
		const Tfplugin6__ValidateResourceConfig__Response *answer =
			SCENES_PLAY(host, validate_resource_config, ValidateResourceConfig, &request.validate);
		scenes_tell(&ending, answer->diagnostics, answer->n_diagnostics);
		ending.says_nothing = true;
	} else if (request.kind == SCENE_PLANS || request.kind == SCENE_PLANS_A_CHANGE) {
		const Tfplugin6__PlanResourceChange__Response *answer =
			SCENES_PLAY(host, plan_resource_change, PlanResourceChange, &request.plan);
		scenes_tell(&ending, answer->diagnostics, answer->n_diagnostics);
		ending.state = answer->planned_state;
		ending.lacks = answer->planned_private.len == 0;
	} else if (request.kind == SCENE_READS) {
		const Tfplugin6__ReadResource__Response *answer =
			SCENES_PLAY(host, read_resource, ReadResource, &request.read);
		scenes_tell(&ending, answer->diagnostics, answer->n_diagnostics);
		ending.state = answer->new_state;
	} else {
		const Tfplugin6__ApplyResourceChange__Response *answer =
			SCENES_PLAY(host, apply_resource_change, ApplyResourceChange, &request.apply);
		scenes_tell(&ending, answer->diagnostics, answer->n_diagnostics);
		ending.state = answer->new_state;
		ending.lacks = request.kind != SCENE_REMOVES && answer->private_.len == 0;
	}
	return ending;
}

bool scenes_outcome_is_unknown(const struct ending *ending)
{
	return ending->failed && (strstr(ending->told, "it may exist now") ||  // engine/create.c
				  strstr(ending->told, "outcome is unknown")); // aws/complaint.c
}

// An answer that could not be read for want of memory leaves an object whose id nobody knows: the user is told.
static void check_created(const struct value *state, const struct ending *ending)
{
	assert_true(small_ec2.creates <= 1); // no double
	if (!small_ec2.exists || value_is_null(state)) {
		assert_true(ending->failed);
		assert_true(value_is_null(state));
	}
	if (small_ec2.exists && value_is_null(state) && !scenes_outcome_is_unknown(ending))
		fail_msg("EC2 holds what neither the state nor the error knows of: %s", ending->told);
}

void scenes_check(struct host *host, const struct scene *scene, const struct ending *ending)
{
	if (rpcs_has(scene->kind)) {
		rpcs_check(host, scene, ending);
		return;
	}
	if (ending->says_nothing)
		return;
	const struct value state = host_decode(host, host_type(host, scene->type_name), ending->state);
	assert_false(ending->lacks && (!ending->failed || !value_is_null(&state)));
	const bool is_apply =
		scene->kind == SCENE_CREATES || scene->kind == SCENE_UPDATES || scene->kind == SCENE_REMOVES;
	if (!is_apply)
		assert_true(small_ec2.changes == 0 && small_ec2.creates == 0);
	if (scene->kind == SCENE_CREATES)
		check_created(&state, ending);
	else if (scene->kind == SCENE_REMOVES)
		assert_true(ending->failed ? !value_is_null(&state) : value_is_null(&state) && !small_ec2.exists);
	else if (scene->kind != SCENE_PLANS)
		assert_false(value_is_null(&state)); // what exists is not forgotten
	else
		assert_true(ending->failed || !value_is_null(&state));
	if (value_is_null(&state) || scene->kind == SCENE_PLANS)
		return;
	assert_string_equal(host_string(host, &state, "id"), scene->id);
	if (is_apply)
		assert_true(value_is_wholly_known(&state));
}
