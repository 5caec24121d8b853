// SPDX-License-Identifier: MPL-2.0
// What the folder itself knows of the objects behind client.h.
#ifndef VNS_AWS_AWS_H
#define VNS_AWS_AWS_H

#include "aws/account.h"
#include "aws/client.h"
#include "aws/credentials.h"
#include "aws/environment.h"
#include "aws/http.h"
#include "aws/pace.h"
#include "aws/profile.h"
#include "aws/reach.h"
#include "aws/turn.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#define AWS_REGION_CHARS 63 // a host label

// What the program gives and tests replace.
struct aws_seams {
	struct environment environment;
	struct http *http; // owned by the aws object from then on, also when aws_new_with fails
	uint32_t (*random)(void);
	const struct credential_sources *sources;
};

struct aws {
	struct arena memory; // of the texts below, secret; nothing is taken from it after aws_new
	struct aws_settings settings;
	struct aws_seams seams;
	struct profiles profiles; // of the shared files
	struct text region;       // the default one; empty: none
	struct reach reach;
	bool leaves_account_open; // STS is not asked whose account it is
	struct text user_agent;
	struct credential_inputs credential_inputs;
	struct credential_chain *credentials;
	struct credentials *instance_credentials; // the EC2 instance's last; NULL: none yet

	struct turn account_turn; // whose it is asks for the account
	struct account account;   // whose turn it is writes, under the lock what others read
	pthread_mutex_t lock;     // guards what follows, and the clients' paces
	struct client *clients;
	char instance_region[AWS_REGION_CHARS + 1]; // of the EC2 instance; empty: not known yet
};

struct client {
	struct aws *aws;
	char region[AWS_REGION_CHARS + 1];
	struct pace pace;        // guarded by the lock of aws
	struct gate *gate;       // may be NULL
	_Atomic int64_t skew_ms; // what to add to our clock to get the service's
	struct client *next;     // never changes once the client is listed
};

// aws_new with its seams given.
struct aws *aws_new_with(struct call *call, const struct aws_settings *settings, const struct aws_seams *seams);
// False, with an error, when that is no region, or none that is known and unknown ones are not allowed. `chosen_by`
// may be NULL.
bool aws_region_is_usable(struct call *call, const struct aws *aws, struct text region, const char *chosen_by);
// False, with an error, when a setting that is not known yet forbids any use.
bool aws_is_usable(struct call *call, const struct aws *aws);

#endif
