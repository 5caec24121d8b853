// SPDX-License-Identifier: MPL-2.0
#include "ec2/error.h"

#include "ec2/encode.h"

enum { MOST_PARAMETERS = 3 };

struct meaning {
	struct text code; // matched as a prefix, since EC2 spells some with and some without "Exception"
	const char *summary;
	const char *advice;                      // what it means and what to do
	const char *parameters[MOST_PARAMETERS]; // EC2's names of the arguments that may be at fault
	bool is_vague;                           // the code is used for many faults
};

#define NO_CREDENTIALS "AWS did not accept the credentials"
#define QUOTA          "EC2 quota exceeded"
#define NOT_FOUND      "The object does not exist"
#define BUSY           "EC2 is unavailable"

static const struct meaning meanings[] = {
	// Permissions and credentials. UnauthorizedOperation has a text of its own below.
	{ .code = TEXT("AuthFailure"),
	  .summary = NO_CREDENTIALS,
	  .advice = "The access key is unknown or inactive, the secret key does not belong to it, or the region is not "
		    "enabled for the account. Check the credentials and the region of the provider." },
	{ .code = TEXT("InvalidClientTokenId"),
	  .summary = NO_CREDENTIALS,
	  .advice = "The access key does not exist, or the session token of temporary credentials is missing." },
	{ .code = TEXT("SignatureDoesNotMatch"),
	  .summary = NO_CREDENTIALS,
	  .advice = "The secret key does not belong to the access key." },
	{ .code = TEXT("ExpiredToken"),
	  .summary = NO_CREDENTIALS,
	  .advice = "The temporary credentials have expired. Get new ones and run again." },
	{ .code = TEXT("RequestExpired"),
	  .summary = NO_CREDENTIALS,
	  .advice =
		  "The temporary credentials have expired, or this machine's clock is wrong by more than 15 minutes." },
	{ .code = TEXT("OptInRequired"),
	  .summary = "The account may not use EC2 here",
	  .advice = "The account is not subscribed to the service, or the region is not enabled for it." },

	// Quotas (none can be raised).
	{ .code = TEXT("TrafficMirrorSessionsPerInterfaceLimitExceeded"),
	  .summary = QUOTA,
	  .advice = "A network interface can have up to 3 sessions. Remove one of them.",
	  .parameters = { "NetworkInterfaceId" } },
	{ .code = TEXT("TrafficMirrorSessionsPerTargetLimitExceeded"),
	  .summary = QUOTA,
	  .advice = "The target has as many sessions as EC2 allows. Use another target, or a network load balancer "
		    "as the target, which allows any number.",
	  .parameters = { "TrafficMirrorTargetId" } },
	{ .code = TEXT("TrafficMirrorSourcesPerTargetLimitExceeded"),
	  .summary = QUOTA,
	  .advice = "A network interface as the target receives packets from up to 10 interfaces, or 100 if its "
		    "instance has the largest size of its type. Use another target, or a network load balancer as the "
		    "target, which allows any number.",
	  .parameters = { "TrafficMirrorTargetId" } },
	{ .code = TEXT("TrafficMirrorFilterRuleLimitExceeded"),
	  .summary = QUOTA,
	  .advice = "A filter can have up to 10 rules, both directions together; rules created elsewhere count too." },
	{ .code = TEXT("TrafficMirrorSessionLimitExceeded"),
	  .summary = QUOTA,
	  .advice = "An account can have up to 10,000 traffic mirror sessions per region." },
	{ .code = TEXT("TrafficMirrorTargetLimitExceeded"),
	  .summary = QUOTA,
	  .advice = "An account can have up to 10,000 traffic mirror targets per region." },
	{ .code = TEXT("TrafficMirrorFilterLimitExceeded"),
	  .summary = QUOTA,
	  .advice = "An account can have up to 10,000 traffic mirror filters per region." },
	{ .code = TEXT("TagLimitExceeded"),
	  .summary = QUOTA,
	  .advice = "An object can have up to 50 tags; tags added elsewhere count too." },

	// What cannot be mirrored, or cannot be a target.
	{ .code = TEXT("NetworkInterfaceNotSupported"),
	  .summary = "The network interface cannot be mirrored",
	  .advice = "The interface must be attached to an instance of a type that supports traffic mirroring (T2, bare "
		    "metal and most types of the 6th and 7th generation do not), and must not be a target itself.",
	  .parameters = { "NetworkInterfaceId" } },
	{ .code = TEXT("TrafficMirrorFilterRuleAlreadyExists"),
	  .summary = "The rule number is taken",
	  .advice = "The filter already has a rule with this number and direction, which is not in the state. Plan "
		    "again: the plan then shows it." },

	// What is referred to.
	{ .code = TEXT("InvalidTrafficMirrorTargetId"),
	  .summary = NOT_FOUND,
	  .advice = "There is no such target in this region, or it is not shared with this account.",
	  .parameters = { "TrafficMirrorTargetId" } },
	{ .code = TEXT("InvalidTrafficMirrorFilterId"),
	  .summary = NOT_FOUND,
	  .advice = "There is no such filter in this account and region.",
	  .parameters = { "TrafficMirrorFilterId" } },
	{ .code = TEXT("InvalidTrafficMirrorTarget"),
	  .summary = "EC2 cannot send packets there",
	  .advice = "The interface, load balancer or endpoint must exist in this region and be visible to this "
		    "account.",
	  .parameters = { "NetworkInterfaceId", "NetworkLoadBalancerArn", "GatewayLoadBalancerEndpointId" } },
	{ .code = TEXT("InvalidTrafficMirrorFilterRuleId"),
	  .summary = NOT_FOUND,
	  .advice = "The rule was deleted outside of Terraform. Plan again." },
	{ .code = TEXT("InvalidTrafficMirrorSessionId"),
	  .summary = NOT_FOUND,
	  .advice = "The session was deleted outside of Terraform, or its network interface was. Plan again." },
	{ .code = TEXT("InvalidNetworkInterfaceI"), // EC2 spells it both ID and Id
	  .summary = NOT_FOUND,
	  .advice = "There is no such network interface in this account and region.",
	  .parameters = { "NetworkInterfaceId" } },

	// Others.
	{ .code = TEXT("IdempotentParameterMismatch"),
	  .summary = "Client token already used",
	  .advice = "EC2 has already received this request's client token with other parameters. Run again: a new "
		    "token is used." },
	{ .code = TEXT("TagPolicyViolation"),
	  .summary = "A tag policy forbids the tags",
	  .advice = "The organization's tag policy does not allow a key or value. Change the tags." },
	{ .code = TEXT("ConcurrentTagAccess"),
	  .summary = "The tags are being changed elsewhere",
	  .advice = "Run again when nothing else changes the tags of this object." },
	{ .code = TEXT("RequestLimitExceeded"),
	  .summary = "EC2 throttled all attempts",
	  .advice = "The account exceeds EC2's request rate limit; requests of other programs count too. Run again "
		    "later, or with a lower -parallelism." },
	{ .code = TEXT("Throttl"),
	  .summary = "EC2 throttled all attempts",
	  .advice = "The account exceeds AWS's request rate limit; requests of other programs count too. Run again "
		    "later, or with a lower -parallelism." },
	{ .code = TEXT("InternalError"), .summary = BUSY, .advice = "EC2 reports an internal error. Run again later." },
	{ .code = TEXT("InternalFailure"),
	  .summary = BUSY,
	  .advice = "EC2 reports an internal error. Run again later." },
	{ .code = TEXT("ServerInternal"),
	  .summary = BUSY,
	  .advice = "EC2 reports an internal error. Run again later." },
	{ .code = TEXT("ServiceUnavailable"),
	  .summary = BUSY,
	  .advice = "EC2 is temporarily unavailable. Run again later." },
	{ .code = TEXT("Unavailable"), .summary = BUSY, .advice = "EC2 is temporarily unavailable. Run again later." },
	{ .code = TEXT("InvalidAction"),
	  .summary = "EC2 does not know the action",
	  .advice = "The endpoint is not EC2's, or the region has no traffic mirroring. Check `endpoints` and "
		    "`region`." },
	{ .code = TEXT("UnsupportedOperation"),
	  .summary = "EC2 does not support this",
	  .advice = "See EC2's message below.",
	  .is_vague = true },
};

static const struct meaning unknown_meaning = {
	.code = TEXT(""),
	.summary = "EC2 refused the request",
	.advice = "See EC2's message below.",
	.is_vague = true,
};

static const struct text unauthorized = TEXT("UnauthorizedOperation");

// The longest code that fits: InvalidTrafficMirrorTarget is the beginning of InvalidTrafficMirrorTargetId.
static const struct meaning *find_meaning(struct text code)
{
	const struct meaning *found = &unknown_meaning;
	for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
		if (text_starts_with(code, meanings[i].code) && meanings[i].code.length > found->code.length)
			found = &meanings[i];
	}
	return found;
}

bool error_is_plain(struct text code)
{
	return text_equal(code, unauthorized) || !find_meaning(code)->is_vague;
}

// The row of the first parameter that the object has a value for.
static const struct row *find_culprit(const struct error_place *place, const struct meaning *meaning)
{
	if (!place->object)
		return NULL;
	for (size_t i = 0; i < MOST_PARAMETERS && meaning->parameters[i]; i++) {
		const struct row *row = encode_row(place->rows, text_of(meaning->parameters[i]));
		if (row && value_is_known(&place->object->items[row - place->rows]))
			return row;
	}
	return NULL;
}

static const char outcome_unknown[] =
	"\n\nAn attempt of this request got no response, or failed inside EC2, so it may still have taken effect: its "
	"outcome is unknown. Check in AWS before you try again.";

static void add(struct call *call, const struct path *at, const struct error_place *place,
		const struct action_answer *refusal, const char *summary, struct text advice)
{
	struct text id = refusal->request_id.length > 0 ? refusal->request_id : T("none");
	diag_error(
		call, at, summary,
		"EC2 refused to %.*s. %.*s\n\nEC2's response to %.*s: %.*s: %.*s (HTTP status %d, request id %.*s)%s",
		TEXT_ARG(place->doing), TEXT_ARG(advice), TEXT_ARG(place->action), TEXT_ARG(refusal->error_code),
		TEXT_ARG(refusal->error_message), refusal->http_status, TEXT_ARG(id),
		refusal->outcome_unknown ? outcome_unknown : "");
}

// AWS often says which action was not allowed, and it need not be the one that was called: a create with tags needs
// ec2:CreateTags too. Otherwise it is the called one.
static struct text missing_permission(struct arena *arena, const struct error_place *place, struct text message)
{
	static const struct text lead = TEXT("to perform: ");
	size_t at = text_find(message, lead);
	struct text rest = at == SIZE_MAX ? T("") : text_part(message, at + lead.length, message.length);
	struct text permission;
	if (text_starts_with(rest, T("ec2:")) && text_take_until(&rest, ' ', &permission)) {
		if (text_ends_with(permission, T(".")))
			permission.length--;
		return permission;
	}
	return text_print(arena, "ec2:%.*s", TEXT_ARG(place->action));
}

static void add_unauthorized(struct call *call, const struct error_place *place, const struct action_answer *refusal)
{
	struct text permission = missing_permission(call->arena, place, refusal->error_message);
	struct text advice = text_print(call->arena,
					"The credentials lack the permission %.*s. Allow it in the IAM policy of the "
					"user or role. If AWS's message ends with an encoded message, `aws sts "
					"decode-authorization-message` shows which policy denied it.",
					TEXT_ARG(permission));
	add(call, place->at, place, refusal, "Missing IAM permission", advice);
}

void error_add(struct call *call, const struct error_place *place, const struct action_answer *refusal)
{
	if (text_equal(refusal->error_code, unauthorized)) {
		add_unauthorized(call, place, refusal);
		return;
	}
	const struct meaning *meaning = find_meaning(refusal->error_code);
	const struct row *culprit = find_culprit(place, meaning);
	struct path path = path_attribute(NULL, text_of(culprit ? culprit->name : ""));
	add(call, culprit ? &path : place->at, place, refusal, meaning->summary, text_of(meaning->advice));
}

void error_name_object(struct call *call, const char *noun, struct text id)
{
	for (struct diagnostic *each = call->diagnostics->first; each; each = each->next) {
		if (each->severity == SEVERITY_ERROR && text_find(each->detail, id) == SIZE_MAX)
			each->detail = text_print(call->arena, "%.*s\n\nThe error is about the %s %.*s.",
						  TEXT_ARG(each->detail), noun, TEXT_ARG(id));
	}
}
