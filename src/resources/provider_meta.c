// SPDX-License-Identifier: MPL-2.0
#include "resources/provider_meta.h"

static const struct row rows[] = {
	{
		.name = "user_agent",
		.kind = ROW_STRING_LIST,
		.flags = ROW_OPTIONAL,
		.doc = "Products to add to the User-Agent header of the EC2 requests that the module's resources make, "
		       "for example `my-module/1.2`. They come last. A request that several modules' resources share, "
		       "as refreshes do, names the products of one of them.",
	},
	{ .name = NULL },
};

const struct row_set provider_meta = {
	.name = "provider_meta",
	.noun = "provider_meta block",
	.doc = "A module can say who it is in its own `terraform` block, without the help of whoever configures the "
	       "provider.",
	.rows = rows,
};

struct text provider_meta_join(struct arena *arena, const struct value *products)
{
	struct text joined = T("");
	for (size_t i = 0; value_is_known(products) && i < products->count; i++) {
		if (value_is_known(&products->items[i]))
			joined = text_print(arena, "%.*s%s%.*s", TEXT_ARG(joined), joined.length ? " " : "",
					    TEXT_ARG(products->items[i].string));
	}
	return joined;
}

struct text provider_meta_products(struct arena *arena, const struct value *meta)
{
	return value_is_known(meta) ? provider_meta_join(arena, value_field(meta, T("user_agent"))) : T("");
}
