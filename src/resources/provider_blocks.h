// SPDX-License-Identifier: MPL-2.0
// The rows inside the provider's blocks.
#ifndef VNS_RESOURCES_PROVIDER_BLOCKS_H
#define VNS_RESOURCES_PROVIDER_BLOCKS_H

#include "schema/row.h"

extern const struct row provider_blocks_endpoints[];
extern const struct row provider_blocks_assume_role[];
extern const struct row provider_blocks_web_identity[];
extern const struct row provider_blocks_default_tags[];
extern const struct row provider_blocks_ignore_tags[];

#endif
