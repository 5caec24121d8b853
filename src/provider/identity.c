// SPDX-License-Identifier: MPL-2.0
#include "provider/identity.h"

#include "provider/wire.h"

static const struct type_field fields[IDENTITY_ATTRIBUTES] = {
	[IDENTITY_ACCOUNT_ID] = { TEXT("account_id"), &type_string },
	[IDENTITY_REGION] = { TEXT("region"), &type_string },
	[IDENTITY_ID] = { TEXT("id"), &type_string },
};

const struct identity_attribute identity_attributes[IDENTITY_ATTRIBUTES] = {
	[IDENTITY_ACCOUNT_ID] = { "The AWS account id. Defaults to the provider's.", false },
	[IDENTITY_REGION] = { "The AWS region. Defaults to the provider's.", false },
	[IDENTITY_ID] = { "The id that EC2 assigned.", true },
};

const struct type identity_type = { .kind = TYPE_OBJECT, .fields = fields, .field_count = IDENTITY_ATTRIBUTES };
const int64_t identity_version = 0;

bool identity_read(struct call *call, const char *where, const Tfplugin6__ResourceIdentityData *data,
		   struct value *ret_identity)
{
	return wire_read(call, where, data ? data->identity_data : NULL, &identity_type, ret_identity);
}

Tfplugin6__ResourceIdentityData *identity_write(struct call *call, const struct value *identity)
{
	Tfplugin6__ResourceIdentityData *made = ARENA_NEW(call->arena, Tfplugin6__ResourceIdentityData);
	tfplugin6__resource_identity_data__init(made);
	made->identity_data = wire_write(call, identity);
	return made->identity_data ? made : NULL;
}

struct value identity_of(struct arena *arena, struct text account_id, const struct value *object)
{
	struct value identity = value_object(arena, &identity_type);
	identity.items[IDENTITY_ACCOUNT_ID] = value_string(account_id);
	identity.items[IDENTITY_REGION] = *value_field(object, T("region"));
	identity.items[IDENTITY_ID] = *value_field(object, T("id"));
	return identity;
}

// EC2 tells the owner of what it describes; without that, whose credentials these are.
static struct text account_of(struct call *call, struct configured *configured, const struct value *object)
{
	const size_t owner = type_field_index(object->type, T("owner_id"));
	if (owner != SIZE_MAX && value_is_known(&object->items[owner]))
		return object->items[owner].string;
	return configured_account_id(call, configured, value_field(object, T("region")));
}

Tfplugin6__ResourceIdentityData *identity_answer(struct call *call, struct configured *configured,
						 Tfplugin6__ResourceIdentityData *carried, const struct value *object)
{
	struct value identity;
	if (!identity_read(call, "the identity of the object", carried, &identity))
		return NULL;
	if (!value_is_null(&identity) && value_is_wholly_known(&identity))
		return carried;
	if (value_is_null(object))
		return NULL;
	const struct text account_id = account_of(call, configured, object);
	if (account_id.length == 0)
		return NULL;
	identity = identity_of(call->arena, account_id, object);
	return identity_write(call, &identity);
}
