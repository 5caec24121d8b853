// SPDX-License-Identifier: MPL-2.0
// The rows of the provider block: names, shapes and meanings are the AWS provider's.
#ifndef VNS_RESOURCES_PROVIDER_ROWS_H
#define VNS_RESOURCES_PROVIDER_ROWS_H

#include "schema/row.h"

extern const struct row provider_rows[];

#endif
