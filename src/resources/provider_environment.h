// SPDX-License-Identifier: MPL-2.0
// Tags that the environment adds to those of the provider block, as with the AWS provider.
#ifndef VNS_RESOURCES_PROVIDER_ENVIRONMENT_H
#define VNS_RESOURCES_PROVIDER_ENVIRONMENT_H

#include "aws/environment.h"
#include "base/call.h"
#include "schema/settings.h"

// TF_AWS_DEFAULT_TAGS_<key>, TF_AWS_IGNORE_TAGS_KEYS and TF_AWS_IGNORE_TAGS_KEY_PREFIXES. What the block says wins, and
// what is not known yet stays so.
void provider_environment_add_tags(struct call *call, const struct environment *environment, struct settings *settings);

#endif
