// SPDX-License-Identifier: MPL-2.0
// Numbers as decimal text, in one spelling each: no leading or trailing zeros, no exponent, no "-0". So two numbers are
// equal when their texts are, and a number goes back to Terraform exactly as it came (facts: protocol, 4.3).
#ifndef VNS_VALUE_NUMBER_H
#define VNS_VALUE_NUMBER_H

#include "base/arena.h"
#include "base/buffer.h"
#include "value/value.h"

#include <stdbool.h>
#include <stdint.h>

// Reads "-12", "0.50", "1e3". False when it is no such number, or when it is longer than LIMIT_NUMBER_DIGITS by its
// exponent.
bool number_read(struct arena *arena, struct text digits, struct number *ret_number);
struct number number_from_unsigned(struct arena *arena, uint64_t whole);
// All the digits that the double stands for. False for infinities and NaN.
bool number_from_double(struct arena *arena, double real, struct number *ret_number);
// True when a double holds exactly this number and it is no whole one: what Terraform itself sends as a double.
bool number_to_double(const struct number *number, double *ret_real);

bool number_equal(const struct number *a, const struct number *b);
void number_write(const struct number *number, struct buffer *out); // decimal
struct text number_print(struct arena *arena, const struct number *number);

#endif
