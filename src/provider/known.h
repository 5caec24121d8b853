// SPDX-License-Identifier: MPL-2.0
// What requests tell in passing of objects that the state holds. A provider is never shown the state, but for two
// decisions it must know of it: whether "not found" may be believed (ec2/recent.h), and whether an object that EC2 has
// is managed (ec2/preflight.h).
#ifndef VNS_PROVIDER_KNOWN_H
#define VNS_PROVIDER_KNOWN_H

#include "base/call.h"
#include "tfplugin6.pb-c.h"
#include "value/value.h"

struct configured;

// The state holds `object` (a null: it does not) with that private data.
void known_object(struct call *call, struct configured *configured, const struct value *object,
		  ProtobufCBinaryData private_data);

// The same of one that is to be deleted.
void known_doomed(struct call *call, struct configured *configured, const struct value *object,
		  ProtobufCBinaryData private_data);

#endif
