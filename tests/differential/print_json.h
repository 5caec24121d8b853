// SPDX-License-Identifier: MPL-2.0
// One line of JSON, as both programs of this folder answer.
#ifndef DIFFERENTIAL_PRINT_JSON_H
#define DIFFERENTIAL_PRINT_JSON_H

#include "base/text.h"

// "name": "value", after a comma unless it is the first.
void print_json_member(const char *name, struct text value, bool first);

#endif
