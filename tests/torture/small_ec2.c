// SPDX-License-Identifier: MPL-2.0
#include "small_ec2.h"

#include "aws/aws.h"
#include "aws/sources.h"

#include <stdio.h>
#include <string.h>

#define DESCRIPTION(what) "<description>Virtual Network Sensor Traffic Mirror " what "</description>"
#define TAGS(what)                                                                                                     \
	"<tagSet><item><key>Name</key><value>VirtualNetworkSensor-TrafficMirror" what "</value></item></tagSet>"
#define RULE(id, direction)                                                                                            \
	"<trafficMirrorFilterRuleId>" id "</trafficMirrorFilterRuleId><trafficDirection>" direction                    \
	"</trafficDirection><ruleNumber>100</ruleNumber><ruleAction>accept</ruleAction>"                               \
	"<sourceCidrBlock>0.0.0.0/0</sourceCidrBlock><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock>"
#define BARE_FILTER                                                                                                    \
	"<trafficMirrorFilterId>" SMALL_EC2_FILTER "</trafficMirrorFilterId>" DESCRIPTION("Filter") TAGS("Filter")
#define INGRESS                                                                                                        \
	"<ingressFilterRuleSet><item>" RULE("tmfr-00000000000000001", "ingress") "</item></ingressFilterRuleSet>"
#define EGRESS "<egressFilterRuleSet><item>" RULE("tmfr-00000000000000002", "egress") "</item></egressFilterRuleSet>"
#define FILTER BARE_FILTER INGRESS EGRESS "<networkServiceSet><item>amazon-dns</item></networkServiceSet>"
#define TARGET                                                                                                         \
	"<trafficMirrorTargetId>" SMALL_EC2_TARGET                                                                     \
	"</trafficMirrorTargetId><ownerId>123456789012</ownerId><type>network-interface</type>"                        \
	"<networkInterfaceId>" SMALL_EC2_CARD "</networkInterfaceId>" DESCRIPTION("Target") TAGS("Target")
#define SESSION                                                                                                        \
	"<trafficMirrorSessionId>" SMALL_EC2_SESSION                                                                   \
	"</trafficMirrorSessionId><ownerId>123456789012</ownerId><networkInterfaceId>" SMALL_EC2_MIRROR                \
	"</networkInterfaceId><trafficMirrorTargetId>" SMALL_EC2_TARGET                                                \
	"</trafficMirrorTargetId><trafficMirrorFilterId>" SMALL_EC2_FILTER                                             \
	"</trafficMirrorFilterId><sessionNumber>1</sessionNumber><virtualNetworkId>7</virtualNetworkId>" DESCRIPTION(  \
		"Session") TAGS("Session")

static const struct answer {
	const char *action;
	const char *body;
	enum effect { NONE, CREATES, CHANGES, DELETES, DESCRIBES } effect;
} answers[] = {
	{ "GetCallerIdentity", "<GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult>",
	  NONE },
	{ "CreateTrafficMirrorFilter", "<trafficMirrorFilter>" BARE_FILTER "</trafficMirrorFilter>", CREATES },
	{ "CreateTrafficMirrorFilterRule",
	  "<trafficMirrorFilterRule>" RULE("tmfr-00000000000000001", "ingress") "</trafficMirrorFilterRule>", CHANGES },
	{ "ModifyTrafficMirrorFilterRule",
	  "<trafficMirrorFilterRule>" RULE("tmfr-00000000000000001", "ingress") "</trafficMirrorFilterRule>", CHANGES },
	{ "DeleteTrafficMirrorFilterRule", "<return>true</return>", CHANGES },
	{ "ModifyTrafficMirrorFilterNetworkServices", "<trafficMirrorFilter>" BARE_FILTER "</trafficMirrorFilter>",
	  CHANGES },
	{ "DescribeTrafficMirrorFilters", "<trafficMirrorFilterSet><item>" FILTER "</item></trafficMirrorFilterSet>",
	  DESCRIBES },
	{ "DeleteTrafficMirrorFilter", "<trafficMirrorFilterId>" SMALL_EC2_FILTER "</trafficMirrorFilterId>", DELETES },
	{ "CreateTrafficMirrorTarget", "<trafficMirrorTarget>" TARGET "</trafficMirrorTarget>", CREATES },
	{ "DescribeTrafficMirrorTargets", "<trafficMirrorTargetSet><item>" TARGET "</item></trafficMirrorTargetSet>",
	  DESCRIBES },
	{ "DeleteTrafficMirrorTarget", "<trafficMirrorTargetId>" SMALL_EC2_TARGET "</trafficMirrorTargetId>", DELETES },
	{ "CreateTrafficMirrorSession", "<trafficMirrorSession>" SESSION "</trafficMirrorSession>", CREATES },
	{ "ModifyTrafficMirrorSession", "<trafficMirrorSession>" SESSION "</trafficMirrorSession>", CHANGES },
	{ "DescribeTrafficMirrorSessions",
	  "<trafficMirrorSessionSet><item>" SESSION "</item></trafficMirrorSessionSet>", DESCRIBES },
	{ "DeleteTrafficMirrorSession", "<trafficMirrorSessionId>" SMALL_EC2_SESSION "</trafficMirrorSessionId>",
	  DELETES },
	{ "CreateTags", "<return>true</return>", CHANGES },
	{ "DeleteTags", "<return>true</return>", CHANGES },
};

struct small_ec2 small_ec2;

static struct text field(struct text form, struct text name)
{
	struct text pair, key;
	while (text_take_until(&form, '&', &pair)) {
		if (text_take_until(&pair, '=', &key) && text_equal(key, name))
			return pair;
	}
	return T("");
}

static void create(struct text form)
{
	char token[sizeof small_ec2.token];
	(void)snprintf(token, sizeof token, "%.*s", TEXT_ARG(field(form, T("ClientToken"))));
	if (strcmp(token, small_ec2.token) != 0)
		small_ec2.creates++;
	memcpy(small_ec2.token, token, sizeof token);
	small_ec2.exists = true;
}

static const struct answer *find(struct text form)
{
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		if (text_equal(field(form, T("Action")), text_of(answers[i].action)))
			return &answers[i];
	}
	return NULL;
}

static int print_answer(char *body, size_t size, const struct answer *answer, bool is_absent)
{
	if (!is_absent)
		return snprintf(body, size, "<%sResponse><requestId>r</requestId>%s</%sResponse>", answer->action,
				answer->body, answer->action);
	// "DescribeTrafficMirrorTargets" is about a TrafficMirrorTarget.
	struct text noun = text_of(strstr(answer->action, "Traffic"));
	noun.length -= text_ends_with(noun, T("s"));
	return snprintf(
		body, size,
		"<Response><Errors><Error><Code>Invalid%.*sId.NotFound</Code><Message>gone</Message></Error></Errors>"
		"<RequestID>r</RequestID></Response>",
		TEXT_ARG(noun));
}

static void exchange(struct http *http, const struct http_request *request, struct http_response *response)
{
	(void)http;
	const struct answer *answer = find(request->body);
	if (!answer) {
		http_response_fail(response, HTTP_UNUSABLE, "an action that the torture does not know");
		return;
	}
	response->sent = true;
	if (answer->effect == CREATES)
		create(request->body);
	small_ec2.changes += answer->effect == CHANGES || answer->effect == DELETES;
	const bool is_absent = (answer->effect == DELETES || answer->effect == DESCRIBES) && !small_ec2.exists;
	if (answer->effect == DELETES)
		small_ec2.exists = false;
	char body[4096];
	const int length = print_answer(body, sizeof body, answer, is_absent);
	response->problem = HTTP_ANSWERED;
	response->status = is_absent ? 400 : 200;
	// As http_curl.c does it.
	if (!http_response_add_header_line(response, is_absent ? T("HTTP/1.1 400 X\r\n") : T("HTTP/1.1 200 OK\r\n")) ||
	    !http_response_add_body(response, (struct text){ body, (size_t)length }))
		http_response_fail(response, HTTP_TOO_LARGE, "the answer is larger than memory");
}

static void keep(struct http *http)
{
	(void)http;
}

void small_ec2_reset(bool exists)
{
	small_ec2 = (struct small_ec2){ .http = { exchange, keep }, .exists = exists };
}

// --- a seam of the linker: the provider's aws_new is this ---

struct aws *__wrap_aws_new(struct call *call, const struct aws_settings *settings,
			   const struct credential_sources *sources);
static uint32_t no_chance(void)
{
	return 0;
}

struct aws *__wrap_aws_new(struct call *call, const struct aws_settings *settings,
			   const struct credential_sources *sources)
{
	static const struct environment_variable nothing = { "NOTHING", "" };
	const struct aws_seams seams = {
		.environment = { &nothing, 1 },
		.http = &small_ec2.http,
		.random = no_chance,
		.sources = sources,
	};
	return aws_new_with(call, settings, &seams);
}
