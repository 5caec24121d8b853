// SPDX-License-Identifier: MPL-2.0
#include "provider/module.h"

#include "provider/wire.h"
#include "resources/provider_meta.h"

bool module_products(struct call *call, const struct provider *provider, const char *where,
		     const Tfplugin6__DynamicValue *meta, struct text *ret_products)
{
	struct value block;
	if (!wire_read(call, where, meta, provider->meta_type, &block))
		return false;
	*ret_products = provider_meta_products(call->arena, &block);
	return true;
}
