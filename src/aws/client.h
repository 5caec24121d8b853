// SPDX-License-Identifier: MPL-2.0
// What is configured about AWS, and the clients made from it: one per region, made on first use, kept with the
// provider.
#ifndef VNS_AWS_CLIENT_H
#define VNS_AWS_CLIENT_H

#include "aws/action.h"
#include "aws/aws_settings.h"
#include "base/call.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

// The account's settings, credentials, connections; safe to use from all threads. Clients and the texts that are views
// (regions, the partition, the account's id) live as long as it does.
struct aws;
struct credential_sources;

// Copies the settings and keeps the sources of credentials (aws/sources.h has them all). Reads nothing from the
// network. Settings that are plainly wrong add errors and give NULL.
struct aws *aws_new(struct call *call, const struct aws_settings *settings, const struct credential_sources *sources);
// NULL is fine. No call may be under way with it or with a client of its.
void aws_free(struct aws *aws);

// The region when a resource names none: settings, AWS_REGION, AWS_DEFAULT_REGION, the profile; else the EC2
// instance's, which is asked for, when the credentials are the instance's, or the provider's roles are taken with them.
// False with an error.
bool aws_region(struct call *call, struct aws *aws, struct text *ret_region);
// The same without asking anybody and without complaint: empty when there is none. For planning.
struct text aws_region_if_known(const struct aws *aws);
// The client of a region (empty: the default region). NULL with an error.
struct client *client_of(struct call *call, struct aws *aws, struct text region);

struct text client_region(const struct client *client);
struct text client_partition(const struct client *client); // "aws", "aws-cn", ...
// The account of the credentials, by GetCallerIdentity, asked once per aws, in its default region if it has one. False
// with an error, also when the settings do not allow that account. Empty when the settings say not to ask.
bool client_account_id(struct call *call, struct client *client, struct text *ret_account_id);
// action_send_signed (aws/action.h) with the account's credentials, once it is known that the settings allow the
// account.
bool client_send(struct call *call, struct client *client, const struct action *action,
		 struct action_answer *ret_answer);
// "arn:<partition>:ec2:<region>:<account>:<resource>" in the call's arena.
struct text client_arn(struct call *call, const struct client *client, struct text account_id, struct text resource);

#endif
