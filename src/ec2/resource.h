// SPDX-License-Identifier: MPL-2.0
// A managed resource: its rows, what EC2 calls it, and the few steps that rows cannot say.
#ifndef VNS_EC2_RESOURCE_H
#define VNS_EC2_RESOURCE_H

#include "aws/client.h"
#include "base/call.h"
#include "schema/row.h"
#include "schema/settings.h"
#include "value/value.h"

#include <stdbool.h>

struct changes; // ec2/changes.h
struct id_set;  // ec2/id_set.h
struct reads;   // ec2/reads.h

// What a resource can say of a refusal.
enum explanation {
	EXPLANATION_NONE,   // nothing; it added nothing
	EXPLANATION_ADDED,  // an error
	EXPLANATION_PASSES, // what is in the way goes by itself, soon
};

// What one operation on one object works with.
struct operation {
	struct call *call;
	struct client *client;
	struct reads *reads;     // the configured provider's
	struct changes *changes; // the same
	struct id_set *known;    // of what the state holds, as far as requests tell; NULL: nobody knows
	const struct resource *resource;
	const struct settings *settings;
	// The ClientToken of the create that is asked for, and what those of its rules are made from; empty: a new one.
	struct text client_token;
	struct text remembered; // beside the object that is read (schema/private.h); empty: nothing
	struct text products;   // of the module that the object is of (aws/action.h)
	bool in_passing;        // nobody shall wait for what is asked (aws/action.h)
};

struct resource {
	struct row_set set; // rows include id, arn, region, name, tags, tags_all, deviations (ec2/tags.h has the hooks)

	// EC2's name of the thing, "TrafficMirrorSession". Everything else follows from it: the actions CreateX,
	// DescribeXs, ModifyX, DeleteX, the parameter XId, the elements x, xSet and xId, the error InvalidXId.NotFound.
	const char *ec2_name;
	const char *tag_type;    // of TagSpecification and ARN: "traffic-mirror-session"
	const char *id_prefix;   // "tms-"
	bool has_modify;         // ModifyX exists and takes the rows that are not ROW_REPLACE
	const char *in_use_code; // the refusal to delete; matched as a prefix (facts: ec2, 2.6); NULL: never in use

	// After CreateX: what needs calls of its own. *state is the object as created, to be updated to what exists
	// after each step, also when a step fails. False when an error was added.
	bool (*finish_create)(const struct operation *operation, const struct value *planned, struct value *state);
	// Changes that need calls of their own, made before ModifyX; the same contract as finish_create.
	bool (*finish_update)(const struct operation *operation, const struct value *planned, struct value *state);
	// Adds an error for a refusal that this resource can explain better than the table of codes (ec2/error.h).
	// Only with may_wait: says that it passes.
	enum explanation (*explain)(const struct operation *operation, const struct value *planned,
				    const struct action_answer *refusal, bool may_wait);
	// Adds the error for a delete that stays refused because the object is in use: who holds it and what to do.
	void (*explain_in_use)(const struct operation *operation, const struct value *prior,
			       const struct action_answer *refusal);
};

#endif
