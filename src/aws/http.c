// SPDX-License-Identifier: MPL-2.0
#include "aws/http.h"

#include "base/limits.h"

#include <stdio.h>

void http_response_init(struct http_response *response)
{
	*response = (struct http_response){ .problem = HTTP_UNUSABLE };
	buffer_init(&response->header_lines, LIMIT_RESPONSE_HEADER_BYTES);
	buffer_init(&response->body, LIMIT_RESPONSE_BYTES);
	response->body.secret = true; // answers of STS carry keys
}

void http_response_free(struct http_response *response)
{
	buffer_free(&response->header_lines);
	buffer_free(&response->body);
}

void http_response_fail(struct http_response *response, enum http_problem problem, const char *explanation)
{
	response->problem = problem;
	(void)snprintf(response->explanation, sizeof response->explanation, "%s", explanation);
}

bool http_response_add_header_line(struct http_response *response, struct text line)
{
	if (text_starts_with(line, T("HTTP/")))
		response->header_lines.length = 0;
	response->header_bytes += line.length;
	if (response->header_bytes > LIMIT_RESPONSE_HEADER_BYTES)
		response->header_lines.failed = true;
	buffer_append_text(&response->header_lines, line);
	return !response->header_lines.failed;
}

bool http_response_add_body(struct http_response *response, struct text bytes)
{
	buffer_append_text(&response->body, bytes);
	return !response->body.failed;
}

uint64_t http_origin(struct text url)
{
	uint64_t hash = 14695981039346656037u; // FNV-1a
	int slashes = 0;
	for (size_t i = 0; i < url.length && slashes < 3; i++) {
		slashes += url.at[i] == '/';
		hash = (hash ^ (unsigned char)url.at[i]) * 1099511628211u;
	}
	return hash;
}

struct text http_response_header(const struct http_response *response, struct text name)
{
	struct text rest = buffer_text(&response->header_lines);
	struct text line;
	while (text_take_until(&rest, '\n', &line)) {
		const size_t colon = text_find_char(line, ':');
		if (colon != SIZE_MAX && text_equal_ignore_case(text_part(line, 0, colon), name))
			return text_trim(text_part(line, colon + 1, line.length));
	}
	return T("");
}
