// SPDX-License-Identifier: MPL-2.0
// A client over a scripted transport, ready to send one action.
#ifndef VNS_TESTS_AWS_SENDER_H
#define VNS_TESTS_AWS_SENDER_H

#include "fixture.h"

#define SUCCESS                                                                                                        \
	"<CreateTrafficMirrorFilterResponse "                                                                          \
	"xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>req-1</requestId><id>tmf-1</id>"                \
	"</CreateTrafficMirrorFilterResponse>"
#define EC2_ERROR(code, message)                                                                                       \
	"<Response><Errors><Error><Code>" code "</Code><Message>" message                                              \
	"</Message></Error></Errors><RequestID>req-e</RequestID></Response>"

struct sender {
	struct fixture fixture;
	struct script script;
	struct aws *aws;
	struct client *client;
	struct credential_sources sources;
	struct query query;
	struct text needed; // by the action; empty: nothing
	bool in_passing;
	struct text products; // of the action; empty: none
	struct action_answer answer;
};

extern const struct script_step sender_success;
extern const struct script_step sender_throttled;
extern const struct script_step sender_refused;
extern const struct script_step sender_lost;   // sent, and no answer
extern const struct aws_settings sender_usual; // static keys with a token

// `sources` may be NULL: all.
void sender_open(struct sender *sender, const struct aws_settings *settings, const struct script_step *steps,
		 size_t count, const struct credential_source *const *sources);
void sender_open_usual(struct sender *sender, const struct script_step *steps, size_t count);
bool sender_send(struct sender *sender, enum action_effect effect);
// Also checks that neither log nor diagnostics show a secret.
void sender_close(struct sender *sender);

#endif
