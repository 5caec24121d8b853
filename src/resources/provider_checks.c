// SPDX-License-Identifier: MPL-2.0
#include "resources/provider_checks.h"

#include "aws/endpoint.h"
#include "aws/proxy.h"
#include "schema/check.h"
#include "value/json_token.h"

static const int64_t shortest_session_s = 15 * 60;
static const int64_t longest_session_s = 12 * 60 * 60;

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Takes a number with an optional fraction off the front, in thousandths; digits beyond are dropped.
static bool take_number(struct text *rest, int64_t *ret_thousandths)
{
	size_t end = 0;
	int digits = 0;
	int decimals = -1; // none yet
	*ret_thousandths = 0;
	for (; end < rest->length && digits < 16; end++) {
		const char c = rest->at[end];
		if (c == '.' && decimals < 0) {
			decimals = 0;
		} else if (c >= '0' && c <= '9') {
			digits++;
			if (decimals < 3)
				*ret_thousandths = *ret_thousandths * 10 + (c - '0');
			decimals += decimals >= 0;
		} else {
			break;
		}
	}
	for (int i = decimals < 0 ? 0 : decimals; i < 3; i++)
		*ret_thousandths *= 10;
	*rest = text_part(*rest, end, rest->length);
	return digits > 0 && digits < 16;
}

// The longer names first: "ms" is not a minute.
static bool take_unit(struct text *rest, int64_t *ret_ns)
{
	static const struct {
		struct text name;
		int64_t ns;
	} units[] = {
		{ TEXT("ns"), 1 },           { TEXT("us"), 1000 },         { TEXT("\xC2\xB5s"), 1000 },
		{ TEXT("\xCE\xBCs"), 1000 }, { TEXT("ms"), 1000000 },      { TEXT("s"), 1000000000 },
		{ TEXT("m"), 60000000000 },  { TEXT("h"), 3600000000000 },
	};
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (text_starts_with(*rest, units[i].name)) {
			*rest = text_part(*rest, units[i].name.length, rest->length);
			*ret_ns = units[i].ns;
			return true;
		}
	}
	return false;
}

bool provider_checks_parse_duration(struct text duration, int64_t *ret_seconds)
{
	const int64_t longest_ns = (int64_t)1000 * 60 * 60 * 1000000000; // far beyond what is allowed
	struct text rest = text_starts_with(duration, T("+")) ? text_part(duration, 1, duration.length) : duration;
	const bool is_empty = rest.length == 0;
	int64_t sum_ns = 0;
	while (rest.length) {
		int64_t thousandths = 0;
		int64_t unit_ns = 0;
		if (!take_number(&rest, &thousandths) || !take_unit(&rest, &unit_ns))
			return false;
		if (thousandths > longest_ns / unit_ns * 1000)
			return false;
		sum_ns += unit_ns >= 1000 ? thousandths * (unit_ns / 1000) : thousandths * unit_ns / 1000;
		if (sum_ns > longest_ns)
			return false;
	}
	*ret_seconds = sum_ns / 1000000000;
	return !is_empty;
}

const char *provider_checks_duration(struct arena *arena, const struct value *value)
{
	(void)arena;
	int64_t seconds = 0;
	const bool good = provider_checks_parse_duration(value->string, &seconds) && seconds >= shortest_session_s &&
			  seconds <= longest_session_s;
	return good ? NULL : "must be a duration from 15 minutes to 12 hours, such as \"1h\" or \"1h30m\"";
}

static bool is_iam_arn(struct text arn)
{
	struct text parts[6];
	struct text rest = arn;
	for (size_t i = 0; i < 5; i++) {
		if (!text_take_until(&rest, ':', &parts[i]))
			return false;
	}
	return text_equal(parts[0], T("arn")) && text_starts_with(parts[1], T("aws")) &&
	       text_equal(parts[2], T("iam")) && rest.length > 0;
}

const char *provider_checks_role_arn(struct arena *arena, const struct value *value)
{
	(void)arena;
	return is_iam_arn(value->string) ? NULL
					 : "must be the ARN of a role, such as \"arn:aws:iam::123456789012:role/name\"";
}

const char *provider_checks_policy_arns(struct arena *arena, const struct value *value)
{
	(void)arena;
	for (size_t i = 0; i < value->count; i++) {
		if (value_is_known(&value->items[i]) && !is_iam_arn(value->items[i].string))
			return "must hold ARNs of policies, such as \"arn:aws:iam::aws:policy/ReadOnlyAccess\"";
	}
	return NULL;
}

const char *provider_checks_policy(struct arena *arena, const struct value *value)
{
	struct json_cursor cursor;
	const bool is_object = json_token_start(arena, value->string, &cursor) &&
			       json_token_kind(&cursor) == JSON_OBJECT && json_token_skip(&cursor) &&
			       json_token_at_end(&cursor);
	return is_object ? NULL : "must be an IAM policy, a JSON object";
}

static bool is_made_of(struct text whole, struct text punctuation, size_t shortest, size_t longest)
{
	for (size_t i = 0; i < whole.length; i++) {
		if (!is_alphanumeric(whole.at[i]) && text_find_char(punctuation, whole.at[i]) == SIZE_MAX)
			return false;
	}
	return whole.length >= shortest && whole.length <= longest;
}

const char *provider_checks_session_name(struct arena *arena, const struct value *value)
{
	(void)arena;
	return is_made_of(value->string, T("_+=,.@-"), 2, 64)
		       ? NULL
		       : "must have 2 to 64 letters, digits and characters of _+=,.@-";
}

const char *provider_checks_external_id(struct arena *arena, const struct value *value)
{
	(void)arena;
	return is_made_of(value->string, T("_+=,.@:/-"), 2, 1224)
		       ? NULL
		       : "must have 2 to 1224 letters, digits and characters of _+=,.@:/-";
}

// It says nothing of the token itself, which is a secret.
const char *provider_checks_token(struct arena *arena, const struct value *value)
{
	(void)arena;
	const size_t length = value->string.length;
	return length >= 4 && length <= 20000 ? NULL : "must have 4 to 20000 characters";
}

const char *provider_checks_account_ids(struct arena *arena, const struct value *value)
{
	(void)arena;
	for (size_t i = 0; i < value->count; i++) {
		const struct value *id = &value->items[i];
		int64_t number = 0;
		// An empty one is nobody's.
		if (value_is_known(id) && id->string.length > 0 &&
		    (id->string.length != 12 || !text_to_int64(id->string, &number) || number < 0))
			return "must hold ids of AWS accounts, 12 digits each";
	}
	return NULL;
}

const char *provider_checks_metadata_mode(struct arena *arena, const struct value *value)
{
	(void)arena;
	const bool good =
		text_equal_ignore_case(value->string, T("IPv4")) || text_equal_ignore_case(value->string, T("IPv6"));
	return good ? NULL : "must be \"IPv4\" or \"IPv6\"";
}

const char *provider_checks_proxy(struct arena *arena, const struct value *value)
{
	const char *problem = proxy_problem(value->string);
	return problem ? text_print(arena, "is not a usable proxy: %s", problem).at : NULL;
}

const char *provider_checks_url(struct arena *arena, const struct value *value)
{
	struct endpoint endpoint;
	const char *problem = endpoint_parse(arena, value->string, &endpoint);
	return problem ? text_print(arena, "is not a usable endpoint: %s", problem).at : NULL;
}
