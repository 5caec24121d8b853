// SPDX-License-Identifier: MPL-2.0
// What names an object among all others of its kind: account, region and id. Hosts that know identities (Terraform and
// OpenTofu 1.12) store it beside the state and import by it; older ones skip it. Private to provider/.
#ifndef VNS_PROVIDER_IDENTITY_H
#define VNS_PROVIDER_IDENTITY_H

#include "base/call.h"
#include "provider/configured.h"
#include "tfplugin6.pb-c.h"
#include "value/value.h"

#include <stdbool.h>

// What the type's field does not say of an attribute.
struct identity_attribute {
	const char *doc;
	bool required_for_import; // the others may be left out
};

enum { IDENTITY_ACCOUNT_ID, IDENTITY_REGION, IDENTITY_ID, IDENTITY_ATTRIBUTES };

extern const struct identity_attribute identity_attributes[IDENTITY_ATTRIBUTES];
extern const struct type identity_type; // an object of strings, in the order of identity_attributes
extern const int64_t identity_version;

// The identity that a request carries: a null when there is none. False, with an error, when it cannot be read.
bool identity_read(struct call *call, const char *where, const Tfplugin6__ResourceIdentityData *data,
		   struct value *ret_identity);
// For a response. NULL with an error.
Tfplugin6__ResourceIdentityData *identity_write(struct call *call, const struct value *identity);

// Of an object, by its state.
struct value identity_of(struct arena *arena, struct text account_id, const struct value *object);

// The identity to answer with: the one that the request carried, since it never changes, or one made from the object.
// `object` is a state, wholly known. NULL: none can be told.
Tfplugin6__ResourceIdentityData *identity_answer(struct call *call, struct configured *configured,
						 Tfplugin6__ResourceIdentityData *carried, const struct value *object);

#endif
