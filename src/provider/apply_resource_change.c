// SPDX-License-Identifier: MPL-2.0
// Whatever happens, the answer tells the host what exists: between an effect on AWS and the answer nothing here takes
// memory that was not set aside before.
#include "base/limits.h"
#include "ec2/error.h"
#include "engine/create.h"
#include "engine/remove.h"
#include "engine/update.h"
#include "provider/configured.h"
#include "provider/handlers.h"
#include "provider/identity.h"
#include "provider/known.h"
#include "provider/module.h"
#include "provider/subject.h"
#include "provider/wire.h"
#include "schema/private.h"
#include "value/msgpack.h"

struct work {
	const struct provider *provider;
	struct configured *configured;
	const Tfplugin6__ApplyResourceChange__Request *request;
	Tfplugin6__ApplyResourceChange__Response response;
	struct buffer state_bytes; // what new_state points to
	Tfplugin6__DynamicValue new_state;
};

struct change {
	struct operation operation;
	struct value prior;
	struct value planned;
	struct value config;
};

// Room for the state to come: the plan's size, with ids, ARNs and addresses in place of what is unknown.
static bool reserve_state(struct call *call, struct work *work, const struct value *planned)
{
	struct buffer *bytes = &work->state_bytes;
	msgpack_write(planned, bytes);
	const size_t length = bytes->length;
	bytes->length = 0;
	buffer_reserve(bytes, 2 * length + 8192);
	if (!bytes->failed)
		return true;
	diag_error(call, NULL, "Out of memory", "There is no memory for the answer, so nothing was changed.");
	return false;
}

static void answer_state(struct call *call, struct work *work, const struct value *state)
{
	struct buffer *bytes = &work->state_bytes;
	bytes->length = 0;
	msgpack_write(state, bytes);
	if (bytes->failed) {
		diag_error(call, NULL, "The answer is too large", "The new state does not fit into %zu bytes.",
			   LIMIT_MESSAGE_BYTES);
		return;
	}
	work->new_state.msgpack = (ProtobufCBinaryData){ .len = bytes->length, .data = (uint8_t *)bytes->bytes };
	work->response.new_state = &work->new_state;
}

// What was done, to be remembered. Where there is no memory for that, what was remembered before stays.
struct outcome {
	struct work *work;
	const struct change *change;
	const struct value *state;
};

// What EC2 assigned, to know what others set instead.
static void remember_assigned(struct call *call, void *argument)
{
	const struct outcome *outcome = argument;
	const struct row *rows = outcome->change->operation.resource->set.rows;
	struct text stored = wire_text(outcome->work->response.private_);
	outcome->work->response.private_ =
		wire_bytes(call->arena, private_with_assigned(call->arena, stored, rows, outcome->state));
}

// Whatever there is was created now, and the token has served.
static void remember_creation(struct call *call, void *argument)
{
	struct work *work = ((const struct outcome *)argument)->work;
	const int64_t now_s = clock_realtime_us(call->clock) / 1000000;
	const struct text planned = wire_text(work->request->planned_private);
	work->response.private_ = wire_bytes(call->arena, private_after_create(call->arena, planned, now_s));
}

static void remember_failure(struct call *call, void *argument)
{
	struct work *work = ((const struct outcome *)argument)->work;
	const struct text planned = wire_text(work->request->planned_private);
	work->response.private_ = wire_bytes(call->arena, private_after_failure(call->arena, planned));
}

static void create(struct work *work, struct change *change)
{
	struct call *call = change->operation.call;
	struct value state;
	struct outcome outcome = { work, change, &state };
	struct text planned_private = wire_text(work->request->planned_private);
	change->operation.client_token = private_token(call->arena, planned_private);
	// Now as well as after the effect: this takes memory.
	remember_creation(call, &outcome);
	const bool done = create_object(&change->operation, &change->planned, &state);
	answer_state(call, work, &state);
	(void)call_run(call, remember_creation, &outcome); // it may have waited for minutes until EC2 took it
	if (done)
		(void)call_run(call, remember_assigned, &outcome);
	work->response.new_identity = identity_answer(call, work->configured, work->request->planned_identity, &state);
}

static void update(struct work *work, struct change *change)
{
	struct call *call = change->operation.call;
	struct value state;
	struct outcome outcome = { work, change, &state };
	const bool done = update_object(&change->operation, &change->prior, &change->planned, &change->config, &state);
	answer_state(call, work, &state);
	(void)call_run(call, done ? remember_assigned : remember_failure, &outcome);
	work->response.new_identity = identity_answer(call, work->configured, work->request->planned_identity, &state);
}

static void remove_prior(struct work *work, struct change *change)
{
	const struct operation *operation = &change->operation;
	if (!remove_object(operation, &change->prior)) {
		const struct value *id = value_field(&change->prior, T("id"));
		error_name_object(operation->call, operation->resource->set.noun, id->string);
		return;
	}
	answer_state(change->operation.call, work, &change->planned);
	work->response.private_ = (ProtobufCBinaryData){ .len = 0 };
	work->response.new_identity = NULL;
}

static bool read_change(struct call *call, const struct work *work, const struct type *type, struct change *change)
{
	const Tfplugin6__ApplyResourceChange__Request *request = work->request;
	if (!wire_read(call, "prior_state of ApplyResourceChange", request->prior_state, type, &change->prior) ||
	    !wire_read(call, "planned_state of ApplyResourceChange", request->planned_state, type, &change->planned) ||
	    !wire_read(call, "config of ApplyResourceChange", request->config, type, &change->config))
		return false;
	if (!value_is_null(&change->prior) || !value_is_null(&change->planned))
		return true;
	diag_error(call, NULL, "Nothing to apply",
		   "The host requested a change from no object to no object. This is a bug in the host.");
	return false;
}

static void answer(struct call *call, void *argument)
{
	struct work *work = argument;
	struct subject subject;
	struct change change;
	struct text products;
	if (!subject_find(call, work->provider, work->request->type_name, &subject) ||
	    !configured_present(call, work->configured) || !read_change(call, work, subject.type, &change) ||
	    !module_products(call, work->provider, "provider_meta of ApplyResourceChange", work->request->provider_meta,
			     &products))
		return;
	preflight_end(&work->configured->preflight);
	const struct value *where = value_is_null(&change.prior) ? &change.planned : &change.prior;
	change.operation = (struct operation){
		.call = call,
		.client = configured_client(call, work->configured, value_field(where, T("region"))),
		.reads = work->configured->reads,
		.changes = &work->configured->changes,
		.known = &work->configured->preflight.known,
		.resource = subject.resource,
		.settings = &work->configured->settings,
		.products = products,
	};
	const bool deletes = value_is_null(&change.planned);
	(deletes ? known_doomed : known_object)(call, work->configured, &change.prior, work->request->planned_private);
	if (!change.operation.client || !reserve_state(call, work, &change.planned))
		return;
	if (value_is_null(&change.prior))
		create(work, &change);
	else if (deletes)
		remove_prior(work, &change);
	else
		update(work, &change);
}

HANDLER(apply_resource_change, ApplyResourceChange)
{
	struct provider *provider = subject_provider(service);
	struct work work = {
		.provider = provider,
		.configured = configured_acquire(provider),
		.request = request,
		.response = TFPLUGIN6__APPLY_RESOURCE_CHANGE__RESPONSE__INIT,
		.new_state = TFPLUGIN6__DYNAMIC_VALUE__INIT,
	};
	buffer_init(&work.state_bytes, LIMIT_MESSAGE_BYTES);
	// Until something was done, what was is what is.
	work.response.new_state = request->prior_state;
	work.response.private_ = request->planned_private;
	work.response.new_identity = request->planned_identity;
	struct wire_outcome outcome;
	wire_run(closure_data, answer, &work, &outcome);
	work.response.n_diagnostics = outcome.count;
	work.response.diagnostics = outcome.list;
	closure(&work.response, closure_data);
	buffer_free(&work.state_bytes);
	configured_release(provider, work.configured);
}
