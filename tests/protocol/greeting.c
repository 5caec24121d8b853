// SPDX-License-Identifier: MPL-2.0
#include "greeting.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

enum { FIELDS = 6, FIELDS_WITH_FLAG = 7, SHORTEST_CERTIFICATE = 51 };

static bool all_of(struct text view, const char *allowed)
{
	for (size_t i = 0; i < view.length; i++) {
		if (text_find_char(text_of(allowed), view.at[i]) == SIZE_MAX)
			return false;
	}
	return true;
}

static bool is_number(struct text digits, int64_t most, int64_t *ret_number)
{
	return digits.length > 0 && all_of(digits, "0123456789") && digits.at[0] != '0' &&
	       text_to_int64(digits, ret_number) && *ret_number <= most;
}

static const char *check_socket(struct text address)
{
	if (address.length < 2)
		return "the socket has no name";
	if (address.at[0] != '/' && address.at[0] != '@')
		return "the socket is neither an absolute path nor an abstract name";
	if (address.length >= sizeof((struct sockaddr_un *)NULL)->sun_path)
		return "the socket's name is longer than the system takes";
	return NULL;
}

static const char *check_address(struct text network, struct text address)
{
	if (text_equal(network, T("unix")))
		return check_socket(address);
	if (!text_equal(network, T("tcp")))
		return "the network is neither unix nor tcp";
	struct text loopback = T("127.0.0.1:");
	int64_t port;
	if (!text_starts_with(address, loopback) ||
	    !is_number(text_part(address, loopback.length, address.length), 65535, &port))
		return "the address is no port of 127.0.0.1";
	return NULL;
}

static const char *check_certificate(struct text certificate)
{
	if (certificate.length == 0)
		return NULL;
	if (certificate.length < SHORTEST_CERTIFICATE)
		return "hosts ignore so short a certificate";
	if (!all_of(certificate, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
		return "the certificate is not in base64's standard alphabet without padding";
	return certificate.length % 4 == 1 ? "the certificate's base64 is cut" : NULL;
}

// Takes the fields apart. False when there are too few or too many.
static bool split(struct text line, struct text fields[FIELDS_WITH_FLAG], size_t *ret_count)
{
	for (*ret_count = 0;; (*ret_count)++) {
		size_t end = text_find_char(line, '|');
		if (*ret_count == FIELDS_WITH_FLAG)
			return false;
		fields[*ret_count] = text_part(line, 0, end);
		if (end == SIZE_MAX)
			break;
		line = text_part(line, end + 1, line.length);
	}
	(*ret_count)++;
	return *ret_count >= FIELDS;
}

const char *greeting_parse(struct text line, struct greeting *ret_greeting)
{
	if (!text_ends_with(line, T("\n")))
		return "the line does not end in a line feed";
	line = text_part(line, 0, line.length - 1);
	if (text_utf8_prefix(line) != line.length || text_find_char(line, '\0') != SIZE_MAX)
		return "the line is no text";
	if (!text_equal(text_trim(line), line) || text_find_char(line, '\n') != SIZE_MAX)
		return "there is space around the line or a second line";
	struct text fields[FIELDS_WITH_FLAG];
	if (!split(line, fields, &ret_greeting->field_count))
		return "the line has neither six nor seven fields";
	if (!text_equal(fields[0], T("1")))
		return "the core protocol is not 1";
	if (!is_number(fields[1], 99, &ret_greeting->protocol))
		return "the application's protocol is no number";
	if (!text_equal(fields[4], T("grpc")))
		return "the wire protocol is not grpc";
	if (ret_greeting->field_count == FIELDS_WITH_FLAG && !text_equal(fields[6], T("true")) &&
	    !text_equal(fields[6], T("false")))
		return "the multiplexing flag is neither true nor false";
	ret_greeting->network = fields[2];
	ret_greeting->address = fields[3];
	ret_greeting->certificate = fields[5];
	const char *problem = check_address(ret_greeting->network, ret_greeting->address);
	return problem ? problem : check_certificate(ret_greeting->certificate);
}

void greeting_target(const struct greeting *greeting, char *ret_target, size_t size)
{
	struct text address = greeting->address;
	const char *scheme = "";
	if (text_equal(greeting->network, T("unix")))
		scheme = text_starts_with(address, T("@")) ? "unix-abstract:" : "unix:";
	if (text_starts_with(address, T("@")))
		address = text_part(address, 1, address.length);
	size_t length = (size_t)snprintf(ret_target, size, "%s", scheme);
	for (size_t i = 0; i < address.length && length + sizeof "%25" <= size; i++) {
		const char byte = address.at[i];
		const bool plain = isalnum((unsigned char)byte) || strchr("/:.-_", byte);
		length += (size_t)snprintf(ret_target + length, size - length, plain ? "%c" : "%%%02X",
					   (unsigned char)byte);
	}
}
