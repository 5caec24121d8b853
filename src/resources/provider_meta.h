// SPDX-License-Identifier: MPL-2.0
// The block provider_meta, with which a module says who it is: its rows, and what they mean.
#ifndef VNS_RESOURCES_PROVIDER_META_H
#define VNS_RESOURCES_PROVIDER_META_H

#include "base/arena.h"
#include "base/text.h"
#include "schema/row.h"
#include "value/value.h"

extern const struct row_set provider_meta;

// The products that the block names, for the User-Agent header; empty when there is no block. In the arena.
struct text provider_meta_products(struct arena *arena, const struct value *meta);
// The texts of a list of products, one after the other; those that are null or unknown are left out. In the arena.
struct text provider_meta_join(struct arena *arena, const struct value *products);

#endif
