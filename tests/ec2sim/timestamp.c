// SPDX-License-Identifier: MPL-2.0
#include "timestamp.h"

#include "aws/sigv4.h"

#include <time.h>

static bool parse_field(struct text timestamp, size_t start, size_t length, int low, int high, int *ret_field)
{
	int64_t number = 0;
	if (!text_to_int64(text_part(timestamp, start, length), &number) || number < low || number > high)
		return false;
	*ret_field = (int)number;
	return true;
}

bool timestamp_parse(struct text timestamp, int64_t *ret_seconds)
{
	struct tm utc = { .tm_isdst = 0 };
	if (timestamp.length != SIGV4_TIMESTAMP_CHARS || timestamp.at[8] != 'T' || timestamp.at[15] != 'Z')
		return false;
	if (!parse_field(timestamp, 0, 4, 1900, 9999, &utc.tm_year) ||
	    !parse_field(timestamp, 4, 2, 1, 12, &utc.tm_mon) || !parse_field(timestamp, 6, 2, 1, 31, &utc.tm_mday) ||
	    !parse_field(timestamp, 9, 2, 0, 23, &utc.tm_hour) || !parse_field(timestamp, 11, 2, 0, 59, &utc.tm_min) ||
	    !parse_field(timestamp, 13, 2, 0, 60, &utc.tm_sec))
		return false;
	utc.tm_year -= 1900;
	utc.tm_mon -= 1;
	*ret_seconds = (int64_t)timegm(&utc);
	return true;
}
