// SPDX-License-Identifier: MPL-2.0
#include "aws/skew.h"

#include <stddef.h>
#include <time.h>

static const int64_t longest_trip_ms = 15 * 60 * 1000;
// AWS takes signatures up to five minutes old; less than this is no explanation.
static const int64_t tolerated_ms = 4 * 60 * 1000;

static bool parse_number(struct text date, size_t start, size_t length, int *ret_number)
{
	int64_t number = 0;
	const struct text digits = text_part(date, start, length);
	if (digits.length == 0 || digits.at[0] == '-' || !text_to_int64(digits, &number))
		return false;
	*ret_number = (int)number;
	return true;
}

static bool parse_month(struct text name, int *ret_month)
{
	static const struct text months = TEXT("JanFebMarAprMayJunJulAugSepOctNovDec");
	const size_t at = name.length == 3 ? text_find(months, name) : SIZE_MAX;
	if (at == SIZE_MAX || at % 3 != 0)
		return false;
	*ret_month = (int)(at / 3);
	return true;
}

bool skew_parse_date(struct text date, int64_t *ret_ms)
{
	static const struct text shape = TEXT("???, ?? ??? ???? ??:??:?? GMT");
	struct tm utc = { .tm_isdst = 0 };
	if (date.length != shape.length)
		return false;
	for (size_t i = 0; i < shape.length; i++) {
		if (shape.at[i] != '?' && shape.at[i] != date.at[i])
			return false;
	}
	if (!parse_number(date, 5, 2, &utc.tm_mday) || !parse_month(text_part(date, 8, 3), &utc.tm_mon) ||
	    !parse_number(date, 12, 4, &utc.tm_year) || !parse_number(date, 17, 2, &utc.tm_hour) ||
	    !parse_number(date, 20, 2, &utc.tm_min) || !parse_number(date, 23, 2, &utc.tm_sec))
		return false;
	if (utc.tm_mday < 1 || utc.tm_mday > 31 || utc.tm_year < 1970 || utc.tm_hour > 23 || utc.tm_min > 59 ||
	    utc.tm_sec > 60)
		return false;
	utc.tm_year -= 1900;
	struct tm day = { .tm_year = utc.tm_year, .tm_mon = utc.tm_mon, .tm_mday = utc.tm_mday };
	if (timegm(&day) < 0 || day.tm_mday != utc.tm_mday)
		return false; // the 31st of a shorter month
	*ret_ms = (int64_t)timegm(&utc) * 1000;
	return true;
}

bool skew_measure(struct text date, struct text age, int64_t sent_ms, int64_t received_ms, int64_t *ret_skew_ms)
{
	int64_t service_ms = 0;
	if (age.length || received_ms < sent_ms || received_ms - sent_ms > longest_trip_ms ||
	    !skew_parse_date(date, &service_ms))
		return false;
	*ret_skew_ms = service_ms - (sent_ms + (received_ms - sent_ms) / 2);
	return true;
}

bool skew_explains(int64_t used_ms, int64_t measured_ms)
{
	const int64_t off_by = measured_ms - used_ms;
	return off_by > tolerated_ms || off_by < -tolerated_ms;
}
