// SPDX-License-Identifier: MPL-2.0
#include "value/number.h"

#include "base/limits.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The smallest double has 1074 digits behind the point, the largest 309 before it.
#define DOUBLE_FRACTION_DIGITS 1074
#define DOUBLE_ROOM            (DOUBLE_FRACTION_DIGITS + 309 + 3)

// A number taken apart: 0.DIGITS times ten to the power of `point`, neither first nor last digit a zero.
struct parts {
	bool negative;
	char *digits;
	size_t count; // 0: the number is zero
	int64_t point;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

// Takes the digits at the front of *rest and appends them; gives how many there were.
static size_t take_digits(struct text *rest, struct parts *parts)
{
	size_t taken = 0;
	while (taken < rest->length && is_digit(rest->at[taken]))
		parts->digits[parts->count++] = rest->at[taken++];
	*rest = text_part(*rest, taken, rest->length);
	return taken;
}

static bool take_char(struct text *rest, char a, char b)
{
	if (rest->length == 0 || (rest->at[0] != a && rest->at[0] != b))
		return false;
	*rest = text_part(*rest, 1, rest->length);
	return true;
}

// What remains behind the mantissa: nothing, or an exponent. One that is out of all bounds is held at the bound.
static bool take_exponent(struct text *rest, int64_t *ret_exponent)
{
	const int64_t bound = INT64_C(1) << 40;
	*ret_exponent = 0;
	if (rest->length == 0)
		return true;
	if (!take_char(rest, 'e', 'E'))
		return false;
	bool negative = rest->length && rest->at[0] == '-';
	(void)take_char(rest, '+', '-');
	if (rest->length == 0)
		return false;
	for (; rest->length; *rest = text_part(*rest, 1, rest->length)) {
		if (!is_digit(rest->at[0]))
			return false;
		if (*ret_exponent < bound)
			*ret_exponent = *ret_exponent * 10 + (rest->at[0] - '0');
	}
	if (negative)
		*ret_exponent = -*ret_exponent;
	return true;
}

static bool take_apart(struct arena *arena, struct text rest, struct parts *ret_parts)
{
	*ret_parts = (struct parts){ .digits = arena_take(arena, rest.length + 1) };
	ret_parts->negative = rest.length && rest.at[0] == '-';
	(void)take_char(&rest, '+', '-');
	size_t whole = take_digits(&rest, ret_parts);
	if (whole == 0 || (take_char(&rest, '.', '.') && take_digits(&rest, ret_parts) == 0))
		return false;
	int64_t exponent;
	if (!take_exponent(&rest, &exponent))
		return false;
	ret_parts->point = (int64_t)whole + exponent;
	while (ret_parts->count && ret_parts->digits[0] == '0') {
		ret_parts->digits++;
		ret_parts->count--;
		ret_parts->point--;
	}
	while (ret_parts->count && ret_parts->digits[ret_parts->count - 1] == '0')
		ret_parts->count--;
	return true;
}

// An exponent says in a few characters what is spelled with any number of zeros; what comes with its zeros may have
// them.
static bool is_too_long(const struct parts *parts, size_t came_with)
{
	const int64_t most = came_with > LIMIT_NUMBER_DIGITS ? (int64_t)came_with : LIMIT_NUMBER_DIGITS;
	return (int64_t)parts->count > most || parts->point > most || parts->point < -most;
}

// The one spelling of the number: before the point at least one digit, behind it as many as it has.
static struct text spell(struct arena *arena, const struct parts *parts)
{
	int64_t end = parts->point > (int64_t)parts->count ? parts->point : (int64_t)parts->count;
	int64_t start = parts->point < 1 ? parts->point - 1 : 0;
	char *spelled = arena_take(arena, (size_t)(end - start) + 3);
	size_t length = 0;
	if (parts->negative)
		spelled[length++] = '-';
	for (int64_t i = start; i < end; i++) {
		if (i == parts->point)
			spelled[length++] = '.';
		spelled[length++] = i < 0 || i >= (int64_t)parts->count ? '0' : parts->digits[i];
	}
	return (struct text){ spelled, length };
}

bool number_read(struct arena *arena, struct text digits, struct number *ret_number)
{
	struct parts parts;
	if (!take_apart(arena, digits, &parts))
		return false;
	*ret_number = (struct number){ .is_integer = true };
	if (parts.count == 0)
		return true;
	if (is_too_long(&parts, digits.length))
		return false;
	struct text spelled = spell(arena, &parts);
	ret_number->is_integer = text_to_int64(spelled, &ret_number->integer);
	if (!ret_number->is_integer)
		*ret_number = (struct number){ .decimal = spelled };
	return true;
}

struct number number_from_unsigned(struct arena *arena, uint64_t whole)
{
	if (whole <= INT64_MAX)
		return (struct number){ .is_integer = true, .integer = (int64_t)whole };
	return (struct number){ .decimal = text_print(arena, "%" PRIu64, whole) };
}

bool number_from_double(struct arena *arena, double real, struct number *ret_number)
{
	if (!isfinite(real))
		return false;
	char exact[DOUBLE_ROOM];
	(void)snprintf(exact, sizeof exact, "%.*f", DOUBLE_FRACTION_DIGITS, real);
	return number_read(arena, text_of(exact), ret_number);
}

// The only strtod of the program. The process never leaves the "C" locale, so the point is a point.
bool number_to_double(const struct number *number, double *ret_real)
{
	char text[DOUBLE_ROOM];
	if (number->is_integer || number->decimal.length >= sizeof text ||
	    text_find_char(number->decimal, '.') == SIZE_MAX)
		return false;
	memcpy(text, number->decimal.at, number->decimal.length);
	text[number->decimal.length] = 0;
	double real = strtod(text, NULL);
	if (!isfinite(real))
		return false;
	(void)snprintf(text, sizeof text, "%.*f", DOUBLE_FRACTION_DIGITS, real);
	size_t length = strlen(text);
	while (text[length - 1] == '0')
		length--;
	*ret_real = real;
	return text_equal((struct text){ text, length }, number->decimal);
}

bool number_equal(const struct number *a, const struct number *b)
{
	if (a->is_integer != b->is_integer)
		return false;
	return a->is_integer ? a->integer == b->integer : text_equal(a->decimal, b->decimal);
}

void number_write(const struct number *number, struct buffer *out)
{
	if (number->is_integer)
		buffer_append_int64(out, number->integer);
	else
		buffer_append_text(out, number->decimal);
}

struct text number_print(struct arena *arena, const struct number *number)
{
	return number->is_integer ? text_print(arena, "%" PRId64, number->integer) : number->decimal;
}
