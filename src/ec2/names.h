// SPDX-License-Identifier: MPL-2.0
// What EC2 calls things: everything follows from struct resource's ec2_name (ec2/resource.h), and is derived here only.
#ifndef VNS_EC2_NAMES_H
#define VNS_EC2_NAMES_H

#include "ec2/resource.h"

// "Create" gives "CreateTrafficMirrorSession".
struct text names_action(struct arena *arena, const char *verb, const struct resource *resource);
// "DescribeTrafficMirrorSessions".
struct text names_describe(struct arena *arena, const struct resource *resource);
// The parameter of actions, "TrafficMirrorSessionId".
struct text names_id_parameter(struct arena *arena, const struct resource *resource);
// The element of answers, "trafficMirrorSession" and a suffix: "", "Id" or "Set".
struct text names_element(struct arena *arena, const struct resource *resource, const char *suffix);
// Where the answers to Create and Modify have the id, "trafficMirrorSession/trafficMirrorSessionId".
struct text names_id_path(struct arena *arena, const struct resource *resource);
// The code of EC2 for one that does not exist, "InvalidTrafficMirrorSessionId.NotFound".
struct text names_not_found(struct arena *arena, const struct resource *resource);
// What `terraform import` takes: the id, and "@REGION" when the object is in another region than the provider's.
struct text names_import_id(const struct operation *operation, struct text id);

#endif
