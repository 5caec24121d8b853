// SPDX-License-Identifier: MPL-2.0
// The provider block: its rows, and what they mean.
#ifndef VNS_RESOURCES_PROVIDER_SETTINGS_H
#define VNS_RESOURCES_PROVIDER_SETTINGS_H

#include "aws/client.h"
#include "base/call.h"
#include "schema/row.h"
#include "schema/settings.h"

extern const struct row_set provider_settings;

// From the configured block to what AWS and plans need; texts are views of `config`. Unknown values are allowed:
// aws->unknown then names one of those that AWS calls need, and settings carry theirs as unknown.
void provider_settings_read(struct call *call, const struct value *config, struct aws_settings *ret_aws,
			    struct settings *ret_settings);

#endif
