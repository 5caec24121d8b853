// SPDX-License-Identifier: MPL-2.0
// Everything is computed from the arguments: no clock, no environment, nothing kept. Taking from the arena may leave
// the call, so each function first prepares what it needs there and only then fills a buffer that must be given back.
#include "aws/sigv4.h"

#include "aws/percent.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HASH_BYTES 32

static const size_t date_chars = 8; // of a timestamp
static const struct text algorithm = TEXT("AWS4-HMAC-SHA256");
static const struct text scope_end = TEXT("aws4_request");

// One canonical pair: a header, or a name and value of the query.
struct pair {
	struct text name;
	struct text value;
	size_t position; // in the request; keeps repeated headers in their order
};

struct pairs {
	struct pair *at;
	size_t count;
};

static void to_hex(const unsigned char bytes[HASH_BYTES], char ret_hex[SIGV4_HEX_CHARS + 1])
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < HASH_BYTES; i++) {
		ret_hex[2 * i] = digits[bytes[i] >> 4];
		ret_hex[2 * i + 1] = digits[bytes[i] & 0x0F];
	}
	ret_hex[SIGV4_HEX_CHARS] = '\0';
}

bool sigv4_hash(struct text bytes, char ret_hex[SIGV4_HEX_CHARS + 1])
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	ret_hex[0] = '\0';
	if (EVP_Digest(bytes.at, bytes.length, hash, NULL, EVP_sha256(), NULL) != 1)
		return false;
	to_hex(hash, ret_hex);
	return true;
}

void sigv4_timestamp(int64_t realtime_us, char ret_timestamp[SIGV4_TIMESTAMP_CHARS + 1])
{
	const time_t seconds = (time_t)(realtime_us / 1000000);
	struct tm utc;
	if (!gmtime_r(&seconds, &utc) || utc.tm_year < -1900 || utc.tm_year > 9999 - 1900)
		utc = (struct tm){ .tm_year = 70, .tm_mday = 1 };
	char wide[7 * 12]; // what the compiler fears the numbers could need
	(void)snprintf(wide, sizeof wide, "%04d%02d%02dT%02d%02d%02dZ", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
		       utc.tm_hour, utc.tm_min, utc.tm_sec);
	memcpy(ret_timestamp, wide, SIGV4_TIMESTAMP_CHARS);
	ret_timestamp[SIGV4_TIMESTAMP_CHARS] = '\0';
}

static int by_name_then_position(const void *a, const void *b)
{
	const struct pair *left = a;
	const struct pair *right = b;
	const int order = text_compare(left->name, right->name);
	return order != 0 ? order : (left->position > right->position) - (left->position < right->position);
}

static int by_name_then_value(const void *a, const void *b)
{
	const struct pair *left = a;
	const struct pair *right = b;
	const int order = text_compare(left->name, right->name);
	return order != 0 ? order : text_compare(left->value, right->value);
}

static struct pairs sorted_headers(struct arena *scratch, const struct sigv4_request *request)
{
	struct pairs headers = { ARENA_ARRAY(scratch, struct pair, request->header_count), request->header_count };
	for (size_t i = 0; i < headers.count; i++)
		headers.at[i] = (struct pair){ text_lower(scratch, text_trim(request->headers[i].name)),
					       request->headers[i].value, i };
	if (headers.count > 1)
		qsort(headers.at, headers.count, sizeof headers.at[0], by_name_then_position);
	return headers;
}

// The canonical form of one wire form: decoded, then encoded by the one rule.
static struct text reencode(struct arena *scratch, struct text wire)
{
	char *plain = arena_take(scratch, wire.length);
	const struct text decoded = { plain, (size_t)(percent_decode(plain, wire) - plain) };
	char *encoded = arena_take(scratch, percent_encoded_length(decoded));
	return (struct text){ encoded, (size_t)(percent_encode(encoded, decoded) - encoded) };
}

static struct pairs sorted_query(struct arena *scratch, struct text query)
{
	size_t most = 1;
	for (size_t i = 0; i < query.length; i++)
		most += query.at[i] == '&';
	struct pairs parameters = { ARENA_ARRAY(scratch, struct pair, most), 0 };
	struct text parameter;
	while (text_take_until(&query, '&', &parameter)) {
		if (parameter.length == 0)
			continue;
		const size_t equals = text_find_char(parameter, '=');
		struct pair *pair = &parameters.at[parameters.count++];
		pair->name = reencode(scratch, text_part(parameter, 0, equals));
		pair->value = equals == SIZE_MAX
				      ? T("")
				      : reencode(scratch, text_part(parameter, equals + 1, parameter.length));
	}
	if (parameters.count > 1)
		qsort(parameters.at, parameters.count, sizeof parameters.at[0], by_name_then_value);
	return parameters;
}

// Without "." and ".." and empty segments, each segment encoded once more on top of its wire form.
static struct text canonical_path(struct arena *scratch, struct text path)
{
	char *normal = arena_take(scratch, path.length + 2);
	size_t length = 0;
	const bool folder = path.length && path.at[path.length - 1] == '/';
	struct text segment;
	while (text_take_until(&path, '/', &segment)) {
		if (segment.length == 0 || text_equal(segment, T(".")))
			continue;
		if (text_equal(segment, T(".."))) {
			while (length && normal[--length] != '/')
				continue;
			continue;
		}
		normal[length++] = '/';
		memcpy(normal + length, segment.at, segment.length);
		length += segment.length;
	}
	if (folder || length == 0)
		normal[length++] = '/';
	struct text rest = { normal, length };
	char *canonical = arena_take(scratch, percent_encoded_length(rest));
	char *at = canonical;
	for (size_t i = 0; i < length; i++) {
		if (normal[i] == '/')
			*at++ = '/';
		else
			at = percent_encode(at, text_part(rest, i, 1));
	}
	return (struct text){ canonical, (size_t)(at - canonical) };
}

// The value without blanks around it; runs of blanks inside become one space.
static void append_squeezed(struct buffer *buffer, struct text value)
{
	value = text_trim(value);
	for (size_t i = 0; i < value.length; i++) {
		const bool blank = value.at[i] == ' ' || value.at[i] == '\t';
		const bool after_blank = i && (value.at[i - 1] == ' ' || value.at[i - 1] == '\t');
		if (!blank)
			buffer_append_char(buffer, value.at[i]);
		else if (!after_blank)
			buffer_append_char(buffer, ' ');
	}
}

static bool repeats_name(const struct pairs *headers, size_t i)
{
	return i > 0 && text_equal(headers->at[i].name, headers->at[i - 1].name);
}

static void append_header_block(struct buffer *buffer, const struct pairs *headers)
{
	for (size_t i = 0; i < headers->count; i++) {
		if (repeats_name(headers, i)) {
			buffer_append_char(buffer, ',');
		} else {
			if (i)
				buffer_append_char(buffer, '\n');
			buffer_append_text(buffer, headers->at[i].name);
			buffer_append_char(buffer, ':');
		}
		append_squeezed(buffer, headers->at[i].value);
	}
	if (headers->count)
		buffer_append_char(buffer, '\n');
}

static struct text join_names(struct arena *scratch, const struct pairs *headers)
{
	size_t most = 0;
	for (size_t i = 0; i < headers->count; i++)
		most += headers->at[i].name.length + 1;
	char *names = arena_take(scratch, most);
	size_t length = 0;
	for (size_t i = 0; i < headers->count; i++) {
		const struct text name = headers->at[i].name;
		if (repeats_name(headers, i))
			continue;
		if (length)
			names[length++] = ';';
		if (name.length)
			memcpy(names + length, name.at, name.length);
		length += name.length;
	}
	return (struct text){ names, length };
}

struct text sigv4_signed_headers(struct arena *scratch, const struct sigv4_request *request)
{
	const struct pairs headers = sorted_headers(scratch, request);
	return join_names(scratch, &headers);
}

void sigv4_canonical_request(struct arena *scratch, const struct sigv4_request *request,
			     struct buffer *ret_canonical_request)
{
	const struct text path = canonical_path(scratch, request->path);
	const struct pairs parameters = sorted_query(scratch, request->query);
	const struct pairs headers = sorted_headers(scratch, request);
	const struct text names = join_names(scratch, &headers);
	struct buffer *buffer = ret_canonical_request;
	buffer_append_text(buffer, request->method);
	buffer_append_char(buffer, '\n');
	buffer_append_text(buffer, path);
	buffer_append_char(buffer, '\n');
	for (size_t i = 0; i < parameters.count; i++) {
		if (i)
			buffer_append_char(buffer, '&');
		buffer_append_text(buffer, parameters.at[i].name);
		buffer_append_char(buffer, '=');
		buffer_append_text(buffer, parameters.at[i].value);
	}
	buffer_append_char(buffer, '\n');
	append_header_block(buffer, &headers);
	buffer_append_char(buffer, '\n');
	buffer_append_text(buffer, names);
	buffer_append_char(buffer, '\n');
	buffer_append_text(buffer, request->body_hash);
}

static void append_scope(struct buffer *buffer, const struct sigv4_scope *scope)
{
	buffer_append_text(buffer, text_part(scope->timestamp, 0, date_chars));
	buffer_append_char(buffer, '/');
	buffer_append_text(buffer, scope->region);
	buffer_append_char(buffer, '/');
	buffer_append_text(buffer, scope->service);
	buffer_append_char(buffer, '/');
	buffer_append_text(buffer, scope_end);
}

bool sigv4_string_to_sign(const struct sigv4_scope *scope, struct text canonical_request,
			  struct buffer *ret_string_to_sign)
{
	char hash[SIGV4_HEX_CHARS + 1];
	if (!sigv4_hash(canonical_request, hash))
		return false;
	buffer_append_text(ret_string_to_sign, algorithm);
	buffer_append_char(ret_string_to_sign, '\n');
	buffer_append_text(ret_string_to_sign, scope->timestamp);
	buffer_append_char(ret_string_to_sign, '\n');
	append_scope(ret_string_to_sign, scope);
	buffer_append_char(ret_string_to_sign, '\n');
	buffer_append(ret_string_to_sign, hash, SIGV4_HEX_CHARS);
	return !ret_string_to_sign->failed;
}

static bool hmac(struct text key, struct text message, unsigned char ret_mac[HASH_BYTES])
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned int length = 0;
	if (key.length > INT32_MAX || !HMAC(EVP_sha256(), key.at, (int)key.length, (const unsigned char *)message.at,
					    message.length, mac, &length))
		return false;
	memcpy(ret_mac, mac, HASH_BYTES);
	OPENSSL_cleanse(mac, sizeof mac);
	return true;
}

// The chain secret -> date -> region -> service -> end -> string to sign; every link but the last is a secret.
static bool sign(struct text secret_key, const struct sigv4_scope *scope, struct text string_to_sign,
		 char ret_signature[SIGV4_HEX_CHARS + 1])
{
	struct buffer first_key;
	buffer_init(&first_key, SIZE_MAX / 2);
	first_key.secret = true;
	buffer_append_text(&first_key, T("AWS4"));
	buffer_append_text(&first_key, secret_key);
	unsigned char key[HASH_BYTES];
	const struct text chained = { (const char *)key, sizeof key };
	const bool signed_well = !first_key.failed &&
				 hmac(buffer_text(&first_key), text_part(scope->timestamp, 0, date_chars), key) &&
				 hmac(chained, scope->region, key) && hmac(chained, scope->service, key) &&
				 hmac(chained, scope_end, key) && hmac(chained, string_to_sign, key);
	buffer_free(&first_key);
	ret_signature[0] = '\0';
	if (signed_well)
		to_hex(key, ret_signature);
	OPENSSL_cleanse(key, sizeof key);
	return signed_well;
}

bool sigv4_signature(struct arena *scratch, const struct sigv4_request *request, const struct sigv4_scope *scope,
		     struct text secret_key, char ret_signature[SIGV4_HEX_CHARS + 1])
{
	struct buffer canonical;
	struct buffer to_sign;
	buffer_init(&canonical, SIZE_MAX / 2);
	canonical.secret = true;
	buffer_init(&to_sign, SIZE_MAX / 2);
	sigv4_canonical_request(scratch, request, &canonical);
	const bool signed_well = !canonical.failed && sigv4_string_to_sign(scope, buffer_text(&canonical), &to_sign) &&
				 sign(secret_key, scope, buffer_text(&to_sign), ret_signature);
	buffer_free(&canonical);
	buffer_free(&to_sign);
	return signed_well;
}

bool sigv4_authorization(struct arena *scratch, const struct sigv4_request *request, const struct sigv4_scope *scope,
			 struct text access_key_id, struct text secret_key, struct buffer *ret_value)
{
	const struct text names = sigv4_signed_headers(scratch, request);
	char signature[SIGV4_HEX_CHARS + 1];
	if (!sigv4_signature(scratch, request, scope, secret_key, signature))
		return false;
	buffer_append_text(ret_value, algorithm);
	buffer_append_text(ret_value, T(" Credential="));
	buffer_append_text(ret_value, access_key_id);
	buffer_append_char(ret_value, '/');
	append_scope(ret_value, scope);
	buffer_append_text(ret_value, T(", SignedHeaders="));
	buffer_append_text(ret_value, names);
	buffer_append_text(ret_value, T(", Signature="));
	buffer_append(ret_value, signature, SIGV4_HEX_CHARS);
	return !ret_value->failed;
}
