// SPDX-License-Identifier: MPL-2.0
// What of the provider's own configuration plans and tags depend on. Each value may be unknown during a plan.
#ifndef VNS_SCHEMA_SETTINGS_H
#define VNS_SCHEMA_SETTINGS_H

#include "value/value.h"

enum deviation_severity { DEVIATION_WARNING, DEVIATION_ERROR, DEVIATION_NONE };

struct settings {
	struct value region;          // string; null when none is known
	struct value default_tags;    // map of strings; null when none
	struct value ignore_keys;     // set of strings; null when none
	struct value ignore_prefixes; // set of strings; null when none
	enum deviation_severity deviation_severity;
	bool skip_preflight; // plans do not look for what a killed run left behind
};

#endif
