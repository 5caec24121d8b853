// SPDX-License-Identifier: MPL-2.0
#include "print_json.h"

#include <stdio.h>

void print_json_member(const char *name, struct text value, bool first)
{
	printf("%s\"%s\": \"", first ? "" : ", ", name);
	for (size_t i = 0; i < value.length; i++) {
		const unsigned char c = (unsigned char)value.at[i];
		if (c < ' ' || c == '"' || c == '\\' || c > '~')
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}
