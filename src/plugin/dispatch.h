// SPDX-License-Identifier: MPL-2.0
// From packed request to packed answer by way of a handler; knows protobuf-c and nothing of connections.
// Private to plugin/.
#ifndef VNS_PLUGIN_DISPATCH_H
#define VNS_PLUGIN_DISPATCH_H

#include "base/text.h"

#include <protobuf-c/protobuf-c.h>

#include <stdbool.h>

struct rpc;

// The method that a gRPC path ("/package.Service/Method") names, when it is one of `service` and has a handler.
bool dispatch_find(const ProtobufCService *service, struct text path, unsigned *ret_method);
// Name of the RPC's method; the empty text for routes that are not the service's.
struct text dispatch_method_name(const struct rpc *rpc);
// Runs the RPC's handler; leaves rpc->answer, or a status that says why there is none.
void dispatch_run(struct rpc *rpc);

#endif
