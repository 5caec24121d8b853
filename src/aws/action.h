// SPDX-License-Identifier: MPL-2.0
// One action of an AWS query service: signed, sent, retried, parsed.
#ifndef VNS_AWS_ACTION_H
#define VNS_AWS_ACTION_H

#include "aws/query.h"
#include "aws/xml.h"
#include "base/call.h"
#include "base/text.h"

#include <stdbool.h>

struct credentials; // see aws/credentials.h
struct client;      // one configured account and region; see aws/client.h

// SSO and SSO-OIDC are no query services: they have endpoints, and credentials_sso.c speaks with them.
enum aws_service { AWS_EC2, AWS_STS, AWS_ELBV2, AWS_IAM, AWS_SSO, AWS_SSO_OIDC, AWS_SERVICE_COUNT };

// What an action does, which says how long a wish to stop waits for its answer once it was sent.
enum action_effect {
	ACTION_ASKS,    // nothing: not at all
	ACTION_CHANGES, // changes what the caller knows: LIMIT_STOP_CHANGE_MS
	ACTION_CREATES, // makes what nobody knows without the answer: LIMIT_STOP_GRACE_MS
};

struct action {
	enum aws_service service;
	struct text name;               // "CreateTrafficMirrorSession"
	const struct query *parameters; // without Action and Version
	enum action_effect effect;
	// Asked in passing: nobody shall wait for it. It is tried twice, for a few seconds each time.
	bool in_passing;
	// The path of an element that every success has. A response where it is missing or empty is not believed to be
	// the service's, as one that cannot be read. Empty: none.
	struct text needed;
	struct text products; // to be named in the User-Agent header, behind the account's; empty: no more
};

struct action_answer {
	int http_status;
	struct text request_id;      // empty when the answer carried none
	const struct xml_node *root; // of the answer; NULL only when error_code is set
	struct text error_code;      // empty: success. Without a leading "Client." or "Server."
	struct text error_message;
	int attempts;         // how many times it was sent
	bool outcome_unknown; // beside a refusal: an attempt of the change got no answer or a fault, and may be made
};

// What to sign with, for the calls that give credentials: these cannot be signed with the account's own.
struct action_signing {
	const struct credentials *signer; // NULL: not signed at all
	int most_attempts;
};

// Sends and retries as facts: aws_client 3 say. Returns false, with one diagnostic, when no answer of the service was
// to be had: no credentials, no region, no connection, stopped, not XML. Returns true when the service answered, which
// may be a refusal: the caller decides by error_code whether that is an error (a code that is retried, like a throttle,
// is returned only after the last attempt). What the answer points to lives in the call's arena.
// `signing` NULL: with the account's credentials, and as often as configured. Whether the account may be worked in is
// not asked: that is client_send's.
bool action_send_signed(struct call *call, struct client *client, const struct action *action,
			const struct action_signing *signing, struct action_answer *ret_answer);

#endif
