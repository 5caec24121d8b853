// SPDX-License-Identifier: MPL-2.0
#include "aws/percent.h"

bool percent_unreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
	       c == '.' || c == '~';
}

size_t percent_encoded_length(struct text plain)
{
	size_t length = 0;
	for (size_t i = 0; i < plain.length; i++)
		length += percent_unreserved(plain.at[i]) ? 1 : 3;
	return length;
}

char *percent_encode(char *at, struct text plain)
{
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < plain.length; i++) {
		const unsigned char byte = (unsigned char)plain.at[i];
		if (percent_unreserved(plain.at[i])) {
			*at++ = plain.at[i];
			continue;
		}
		*at++ = '%';
		*at++ = digits[byte >> 4];
		*at++ = digits[byte & 0x0F];
	}
	return at;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

char *percent_decode(char *at, struct text encoded)
{
	for (size_t i = 0; i < encoded.length; i++) {
		const bool escaped = encoded.at[i] == '%' && encoded.length - i > 2 &&
				     digit_value(encoded.at[i + 1]) >= 0 && digit_value(encoded.at[i + 2]) >= 0;
		if (!escaped) {
			*at++ = encoded.at[i];
			continue;
		}
		*at++ = (char)(digit_value(encoded.at[i + 1]) * 16 + digit_value(encoded.at[i + 2]));
		i += 2;
	}
	return at;
}
