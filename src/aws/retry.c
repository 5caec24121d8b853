// SPDX-License-Identifier: MPL-2.0
#include "aws/retry.h"

#include <stddef.h>

// "no such host" and "connection refused" stop here (the AWS provider's constant).
static const int most_unreachable_attempts = 9;
// What was damaged once arrives whole the next time; a portal in between does not change its mind.
static const int most_doubtful_attempts = 4;
static const int64_t least_delay_ms = 30;
static const int64_t least_throttled_delay_ms = 500;
static const int64_t longest_delay_ms = 300 * 1000;

static const struct text throttle_codes[] = {
	TEXT("Throttling"),
	TEXT("ThrottlingException"),
	TEXT("ThrottledException"),
	TEXT("RequestThrottledException"),
	TEXT("RequestThrottled"),
	TEXT("TooManyRequestsException"),
	TEXT("ProvisionedThroughputExceededException"),
	TEXT("TransactionInProgressException"),
	TEXT("RequestLimitExceeded"),
	TEXT("BandwidthLimitExceeded"),
	TEXT("LimitExceededException"),
	TEXT("SlowDown"),
	TEXT("PriorRequestNotComplete"),
	TEXT("EC2ThrottledException"),
};

// The last four are EC2's names for its own faults; it sends them with a status of 500 or 503.
static const struct text transient_codes[] = {
	TEXT("RequestTimeout"),  TEXT("RequestTimeoutException"), TEXT("InternalError"),
	TEXT("InternalFailure"), TEXT("ServiceUnavailable"),      TEXT("Unavailable"),
};

// Refusals that pass by themselves, told apart from lasting ones by their message.
static const struct {
	struct text code;
	struct text part_of_message;
} passing_refusals[] = {
	{ TEXT("InvalidParameterValue"), TEXT("pending VPNs or Virtual Interfaces") },
	{ TEXT("InsufficientInstanceCapacity"), TEXT("") },
	{ TEXT("OperationNotPermitted"), TEXT("another endpoint is being created") },
	{ TEXT("ConcurrentMutationLimitExceeded"), TEXT("Cannot initiate another change") },
	{ TEXT("VpnConnectionLimitExceeded"), TEXT("maximum number of mutating objects") },
	{ TEXT("VpnGatewayLimitExceeded"), TEXT("maximum number of mutating objects") },
	{ TEXT("ConcurrentTagAccess"), TEXT("") },
	// AssumeRoleWithWebIdentity: the identity provider was slow, or its keys had just been changed.
	{ TEXT("InvalidIdentityToken"), TEXT("") },
	{ TEXT("IDPCommunicationError"), TEXT("") },
};

static const struct text clock_codes[] = {
	TEXT("InvalidSignatureException"), TEXT("SignatureDoesNotMatch"), TEXT("AuthFailure"),
	TEXT("RequestTimeTooSkewed"),      TEXT("AccessDeniedException"), TEXT("RequestExpired"),
};

static const struct text expiry_codes[] = {
	TEXT("ExpiredToken"),
	TEXT("ExpiredTokenException"),
	TEXT("RequestExpired"),
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool is_listed(struct text code, const struct text *codes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (text_equal(code, codes[i]))
			return true;
	}
	return false;
}

enum retry_kind retry_classify(int http_status, struct text code, struct text message)
{
	if (is_listed(code, throttle_codes, COUNT(throttle_codes)) || http_status == 429)
		return RETRY_THROTTLED;
	if (is_listed(code, transient_codes, COUNT(transient_codes)))
		return RETRY_TRANSIENT;
	for (size_t i = 0; i < COUNT(passing_refusals); i++) {
		if (text_equal(code, passing_refusals[i].code) &&
		    text_find(message, passing_refusals[i].part_of_message) != SIZE_MAX)
			return RETRY_TRANSIENT;
	}
	const bool server_fault = http_status == 500 || http_status == 502 || http_status == 503 || http_status == 504;
	return server_fault ? RETRY_TRANSIENT : RETRY_NEVER;
}

bool retry_blames_clock(struct text code)
{
	return is_listed(code, clock_codes, COUNT(clock_codes));
}

bool retry_blames_expiry(struct text code)
{
	return is_listed(code, expiry_codes, COUNT(expiry_codes));
}

bool retry_goes_on(enum retry_kind kind, int attempt, int most_attempts)
{
	if (kind == RETRY_NEVER || attempt >= most_attempts)
		return false;
	if (kind == RETRY_DOUBTFUL)
		return attempt < most_doubtful_attempts;
	return kind != RETRY_UNREACHABLE || attempt < most_unreachable_attempts;
}

// A part of `span` from 0 up to, not including, span itself.
static int64_t spread(int64_t span, uint32_t random)
{
	return (int64_t)(((uint64_t)span * random) >> 32);
}

int64_t retry_delay_ms(enum retry_kind kind, int attempt, uint32_t random)
{
	const int64_t least = kind == RETRY_THROTTLED ? least_throttled_delay_ms : least_delay_ms;
	// 2^14 times the smallest step is past the longest delay, so a larger shift says nothing more.
	const int doublings = attempt <= 1 ? 0 : attempt > 15 ? 14 : attempt - 1;
	const int64_t delay = (least + spread(least, random)) * ((int64_t)1 << doublings);
	if (delay <= longest_delay_ms)
		return delay;
	return longest_delay_ms / 2 + spread(longest_delay_ms / 2, random);
}
