// SPDX-License-Identifier: MPL-2.0
// Checks of values in the provider block, as the AWS provider makes them.
#ifndef VNS_RESOURCES_PROVIDER_CHECKS_H
#define VNS_RESOURCES_PROVIDER_CHECKS_H

#include "schema/row.h"

#include <stdbool.h>
#include <stdint.h>

// "1h30m", as Go writes durations, in whole seconds. False when it is none.
bool provider_checks_parse_duration(struct text duration, int64_t *ret_seconds);

row_check_fn provider_checks_duration;      // 15 minutes to 12 hours
row_check_fn provider_checks_role_arn;      // arn:<partition>:iam:...
row_check_fn provider_checks_policy_arns;   // a set of them
row_check_fn provider_checks_policy;        // a JSON object
row_check_fn provider_checks_session_name;  // 2 to 64 letters, digits and _+=,.@-
row_check_fn provider_checks_external_id;   // 2 to 1224, with : and / too
row_check_fn provider_checks_token;         // 4 to 20000 characters
row_check_fn provider_checks_account_ids;   // a set of 12 digits each
row_check_fn provider_checks_metadata_mode; // IPv4 or IPv6, in any case
row_check_fn provider_checks_proxy;         // a proxy's URL, or empty
row_check_fn provider_checks_url;           // of an endpoint

#endif
