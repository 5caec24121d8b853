// SPDX-License-Identifier: MPL-2.0
#include "provider/known.h"

#include "ec2/recent.h"
#include "provider/configured.h"
#include "provider/wire.h"
#include "schema/private.h"

void known_object(struct call *call, struct configured *configured, const struct value *object,
		  ProtobufCBinaryData private_data)
{
	if (!value_is_known(object))
		return;
	const struct value *id = value_field(object, T("id"));
	if (!value_is_known(id))
		return;
	(void)id_set_add(&configured->preflight.known, id->string);
	int64_t created_s;
	if (private_created(call->arena, wire_text(private_data), &created_s))
		recent_recall(call->clock, id->string, created_s);
}

// In a replacement the private data is that of the plan, which has the token of the new object. It is told when the old
// one was created, but not by hosts that have it planned as a mere create since it is tainted: then nobody knows.
void known_doomed(struct call *call, struct configured *configured, const struct value *object,
		  ProtobufCBinaryData private_data)
{
	known_object(call, configured, object, private_data);
	const struct text planned = wire_text(private_data);
	const struct value *id = value_field(object, T("id"));
	int64_t created_s;
	if (value_is_known(id) && private_token(call->arena, planned).length > 0 &&
	    !private_created(call->arena, planned, &created_s))
		recent_doubt(call->clock, id->string);
}
