// SPDX-License-Identifier: MPL-2.0
// The rows as JSON, for checks in other languages.
#ifndef VNS_TESTS_ROWS_JSON_H
#define VNS_TESTS_ROWS_JSON_H

#include <jansson.h>

json_t *rows_json_all(void); // all resources; to be given back with json_decref

#endif
