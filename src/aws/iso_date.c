// SPDX-License-Identifier: MPL-2.0
#include "aws/iso_date.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

// Reads `length` digits off the front.
static bool take_number(struct text *rest, size_t length, int low, int high, int *ret_number)
{
	int number = 0;
	if (rest->length < length)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (rest->at[i] < '0' || rest->at[i] > '9')
			return false;
		number = number * 10 + (rest->at[i] - '0');
	}
	*rest = text_part(*rest, length, rest->length);
	*ret_number = number;
	return number >= low && number <= high;
}

// Reads one of the characters off the front.
static bool take_one_of(struct text *rest, struct text wanted, char *ret_found)
{
	if (rest->length == 0 || text_find_char(wanted, rest->at[0]) == SIZE_MAX)
		return false;
	*ret_found = rest->at[0];
	*rest = text_part(*rest, 1, rest->length);
	return true;
}

static bool take_day(struct text *rest, struct tm *utc)
{
	char mark = 0;
	if (!take_number(rest, 4, 1970, 9999, &utc->tm_year) || !take_one_of(rest, T("-"), &mark) ||
	    !take_number(rest, 2, 1, 12, &utc->tm_mon) || !take_one_of(rest, T("-"), &mark) ||
	    !take_number(rest, 2, 1, 31, &utc->tm_mday))
		return false;
	utc->tm_year -= 1900;
	utc->tm_mon -= 1;
	return true;
}

static bool take_time(struct text *rest, struct tm *utc)
{
	char mark = 0;
	return take_number(rest, 2, 0, 23, &utc->tm_hour) && take_one_of(rest, T(":"), &mark) &&
	       take_number(rest, 2, 0, 59, &utc->tm_min) && take_one_of(rest, T(":"), &mark) &&
	       take_number(rest, 2, 0, 60, &utc->tm_sec);
}

// Microseconds of ".25", cut after the sixth digit; none is fine.
static bool take_fraction(struct text *rest, int64_t *ret_us)
{
	char mark = 0;
	int64_t worth = 100000;
	*ret_us = 0;
	if (!take_one_of(rest, T("."), &mark))
		return true;
	size_t digits = 0;
	while (take_one_of(rest, T("0123456789"), &mark)) {
		*ret_us += worth * (mark - '0');
		worth /= 10;
		digits++;
	}
	return digits > 0;
}

static bool take_offset(struct text *rest, int64_t *ret_seconds)
{
	char sign = 0;
	int hours = 0;
	int minutes = 0;
	*ret_seconds = 0;
	if (text_equal_ignore_case(*rest, T("Z")) || text_equal(*rest, T("UTC"))) {
		*rest = T("");
		return true;
	}
	if (!take_one_of(rest, T("+-"), &sign) || !take_number(rest, 2, 0, 23, &hours))
		return false;
	char colon = 0;
	(void)take_one_of(rest, T(":"), &colon);
	if (!take_number(rest, 2, 0, 59, &minutes))
		return false;
	*ret_seconds = ((int64_t)hours * 60 + minutes) * 60 * (sign == '-' ? -1 : 1);
	return true;
}

bool iso_date_parse(struct text date, int64_t *ret_us)
{
	struct text rest = text_trim(date);
	struct tm utc = { .tm_isdst = 0 };
	char mark = 0;
	int64_t fraction_us = 0;
	int64_t offset_s = 0;
	if (!take_day(&rest, &utc) || !take_one_of(&rest, T("Tt "), &mark) || !take_time(&rest, &utc) ||
	    !take_fraction(&rest, &fraction_us) || !take_offset(&rest, &offset_s) || rest.length)
		return false;
	const int month = utc.tm_mon;
	struct tm day = { .tm_year = utc.tm_year, .tm_mon = month, .tm_mday = utc.tm_mday };
	if (timegm(&day) < 0 || day.tm_mon != month)
		return false; // the 31st of a shorter month
	const int64_t seconds = (int64_t)timegm(&utc);
	*ret_us = (seconds - offset_s) * 1000000 + fraction_us;
	return true;
}

bool iso_date_print(int64_t realtime_us, char ret_date[ISO_DATE_CHARS + 1])
{
	const time_t seconds = (time_t)(realtime_us / 1000000);
	struct tm utc;
	if (realtime_us < 0 || !gmtime_r(&seconds, &utc) || utc.tm_year > 9999 - 1900)
		return false;
	char wide[7 * 12]; // what the compiler fears the numbers could need
	(void)snprintf(wide, sizeof wide, "%04d-%02d-%02dT%02d:%02d:%02dZ", utc.tm_year + 1900, utc.tm_mon + 1,
		       utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
	memcpy(ret_date, wide, ISO_DATE_CHARS);
	ret_date[ISO_DATE_CHARS] = '\0';
	return true;
}
