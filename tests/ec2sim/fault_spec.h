// SPDX-License-Identifier: MPL-2.0
// A fault as JSON: the names, ranges and defaults of its keys.
#ifndef EC2SIM_FAULT_SPEC_H
#define EC2SIM_FAULT_SPEC_H

#include "faults.h"

// NULL, or what is wrong. The fault keeps a reference to the JSON.
const char *fault_spec_read(json_t *spec, struct fault *ret_fault);

#endif
