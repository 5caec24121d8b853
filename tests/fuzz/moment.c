// SPDX-License-Identifier: MPL-2.0
#include "moment.h"

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool moment_exists(const struct moment *moment)
{
	return moment->year >= 1970 && moment->year <= 9999 && moment->month >= 1 && moment->month <= 12 &&
	       moment->day >= 1 && moment->day <= days_in(moment->year, moment->month) && moment->hour >= 0 &&
	       moment->hour <= 23 && moment->minute >= 0 && moment->minute <= 59 && moment->second >= 0 &&
	       moment->second <= 60;
}

int64_t moment_seconds(const struct moment *moment)
{
	int64_t days = moment->day - 1;
	for (int year = 1970; year < moment->year; year++)
		days += is_leap(year) ? 366 : 365;
	for (int month = 1; month < moment->month; month++)
		days += days_in(moment->year, month);
	return ((days * 24 + moment->hour) * 60 + moment->minute) * 60 + moment->second;
}

int moment_digits(struct text text, size_t at, size_t length)
{
	int number = 0;
	for (size_t i = at; i < at + length; i++) {
		if (i >= text.length || text.at[i] < '0' || text.at[i] > '9')
			return -1;
		number = number * 10 + (text.at[i] - '0');
	}
	return number;
}
