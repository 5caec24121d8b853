// SPDX-License-Identifier: MPL-2.0
// From an XML element of an answer to a value, by the rows that have an element name.
#ifndef VNS_EC2_DECODE_H
#define VNS_EC2_DECODE_H

#include "aws/xml.h"
#include "base/call.h"
#include "schema/row.h"
#include "value/value.h"

#include <stdbool.h>

// Sets the items of `object` (known, of the rows' type) that answers have; leaves the others. What the answer lacks is
// null, or "" for a text whose row has a default, since there "" is how a user says none; a set or map is then empty.
// False, with an error, when the answer has something that is no number where one belongs, or the same number twice
// where each stands once; the rest is set all the same.
bool decode_object(struct call *call, const struct row *rows, const struct xml_node *item, struct value *object);

#endif
