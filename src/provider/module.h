// SPDX-License-Identifier: MPL-2.0
// What the module of a resource says of itself, in its block provider_meta. Private to provider/.
#ifndef VNS_PROVIDER_MODULE_H
#define VNS_PROVIDER_MODULE_H

#include "base/call.h"
#include "provider/subject.h"
#include "tfplugin6.pb-c.h"

#include <stdbool.h>

// Its products, for operation.products (ec2/resource.h). False, with an error that names `where` ("provider_meta of
// ReadResource"), when `meta` does not encode such a block.
bool module_products(struct call *call, const struct provider *provider, const char *where,
		     const Tfplugin6__DynamicValue *meta, struct text *ret_products);

#endif
