// SPDX-License-Identifier: MPL-2.0
// The AWS provider asks IAM before STS where it may ask both. Here STS is first: its answer is the same, holds for
// roles too, needs no permission and leaves no denied call in CloudTrail.
#include "aws/account.h"

#include "aws/aws.h"
#include "aws/imds.h"
#include "aws/json_secret.h"
#include "aws/retry.h"
#include "base/limits.h"

#include <string.h>

// A service that may tell, and where in its answer.
struct source {
	enum aws_service service;
	struct text action;
	struct text most_items; // parameter MaxItems; empty: none
	struct text path;
	bool is_arn;
};

static const struct source sts = { AWS_STS, TEXT("GetCallerIdentity"), TEXT(""),
				   TEXT("GetCallerIdentityResult/Account"), false };
static const struct source others[] = {
	{ AWS_IAM, TEXT("GetUser"), TEXT(""), TEXT("GetUserResult/User/Arn"), true },
	{ AWS_IAM, TEXT("ListRoles"), TEXT("1"), TEXT("ListRolesResult/Roles/member/Arn"), true },
};

// "arn:aws:iam::123456789012:user/x"; empty when it has no account.
static struct text account_of_arn(struct text arn)
{
	struct text part = T("");
	for (size_t i = 0; i < 5; i++) {
		if (!text_take_until(&arn, ':', &part))
			return T("");
	}
	return part;
}

static bool keep(struct account *account, struct text id)
{
	if (id.length == 0 || id.length > ACCOUNT_CHARS)
		return false;
	memcpy(account->id, id.at, id.length);
	account->id[id.length] = '\0';
	return true;
}

// `signing` NULL: with all retries.
static bool ask(struct call *call, struct client *client, const struct source *source,
		const struct action_signing *signing, struct action_answer *ret_answer)
{
	struct query query;
	query_init(&query, call->arena);
	if (source->most_items.length)
		query_add(&query, T("MaxItems"), source->most_items);
	const struct action action = { .service = source->service, .name = source->action, .parameters = &query };
	return action_send_signed(call, client, &action, signing, ret_answer);
}

static struct text account_in(const struct source *source, const struct action_answer *answer)
{
	const struct text found = answer->error_code.length ? T("") : text_trim(xml_text(answer->root, source->path));
	return source->is_arn ? account_of_arn(found) : found;
}

// Of the credentials, unless AWS has a fault or throttles to the end.
static void complain_of_refusal(struct call *call, const struct action_answer *answer)
{
	const bool passes =
		retry_classify(answer->http_status, answer->error_code, answer->error_message) != RETRY_NEVER;
	diag_error(call, NULL, passes ? "AWS is unavailable" : "AWS refused the credentials",
		   "Asked which account the credentials belong to, STS answered %.*s: %.*s\n\n%s Request id: %.*s.",
		   TEXT_ARG(answer->error_code), TEXT_ARG(answer->error_message),
		   passes ? "This is temporary: run again later."
			  : "Check the access key, the secret key and, for temporary credentials, the session token "
			    "and whether they have expired.",
		   TEXT_ARG(answer->request_id));
}

// The answer also tells whether the credentials are any good.
static bool validate(struct call *call, struct client *client, struct account *account)
{
	struct diagnostics told = { .first = NULL };
	struct call asking = *call;
	asking.diagnostics = &told;
	struct action_answer answer;
	const bool answered = ask(&asking, client, &sts, NULL, &answer);
	for (const struct diagnostic *d = told.first; d; d = d->next) {
		const char *hint =
			d->severity == SEVERITY_ERROR && !cancel_fired(call->cancel)
				? "\n\nThe provider asks STS once which account the credentials belong to. If STS "
				  "cannot be reached, set the provider arguments skip_credentials_validation and "
				  "skip_requesting_account_id to true: ARNs then have an empty account id."
				: "";
		diag_add(call, d->severity, d->attribute, d->summary,
			 text_print(call->arena, "%.*s%s", TEXT_ARG(d->detail), hint));
	}
	if (!answered)
		return false;
	if (answer.error_code.length)
		complain_of_refusal(call, &answer);
	else if (!keep(account, account_in(&sts, &answer)))
		diag_error(call, NULL, "Unusable response from AWS STS",
			   "The response to GetCallerIdentity has no account. Request id: %.*s.",
			   TEXT_ARG(answer.request_id));
	return account->id[0] != '\0';
}

// Adds a line to *reasons when it is in vain.
static bool try_source(struct call *call, struct client *client, const struct source *source,
		       const struct credentials *signer, struct account *account, struct text *reasons)
{
	struct diagnostics told = { .first = NULL };
	struct call asking = *call;
	asking.diagnostics = &told;
	struct action_answer answer = { .http_status = 0 };
	const struct action_signing signing = { signer, LIMIT_CREDENTIAL_ATTEMPTS };
	const bool answered = ask(&asking, client, source, &signing, &answer);
	if (answered && keep(account, account_in(source, &answer)))
		return true;
	const struct text why = told.first ? told.first->detail
				: answer.error_code.length
					? text_print(call->arena, "%.*s: %.*s", TEXT_ARG(answer.error_code),
						     TEXT_ARG(answer.error_message))
					: T("the response has no account");
	*reasons = text_print(call->arena, "%.*s\n  - %.*s: %.*s", TEXT_ARG(*reasons), TEXT_ARG(source->action),
			      TEXT_ARG(why));
	return false;
}

// The instance's profile is in the account of its role.
static bool try_instance(struct call *call, const struct credential_inputs *inputs, struct account *account,
			 struct text *reasons)
{
	struct diagnostics told = { .first = NULL };
	struct call asking = *call;
	asking.diagnostics = &told;
	struct imds imds;
	struct text content = T("");
	struct text why = T("");
	const json_t *info =
		imds_open(&asking, inputs, &imds) &&
				imds_get(&asking, &imds, T("/latest/meta-data/iam/info"), &content, &why) == IMDS_FOUND
			? json_secret_parse(call->arena, content)
			: NULL;
	if (info && keep(account, account_of_arn(json_secret_text(info, "InstanceProfileArn"))))
		return true;
	*reasons = text_print(call->arena, "%.*s\n  - the EC2 metadata service: %.*s", TEXT_ARG(*reasons),
			      TEXT_ARG(why.length ? why : T("its response has no account")));
	return false;
}

static bool ask_around(struct call *call, struct client *client, const struct credentials *credentials,
		       struct account *account)
{
	struct text reasons = T("");
	bool found = text_equal(credentials_source_name(credentials), credentials_imds.name) &&
		     try_instance(call, &client->aws->credential_inputs, account, &reasons);
	found = found || try_source(call, client, &sts, credentials, account, &reasons);
	for (size_t i = 0; !found && i < sizeof others / sizeof others[0] && !cancel_fired(call->cancel); i++)
		found = try_source(call, client, &others[i], credentials, account, &reasons);
	if (!found)
		diag_error(call, NULL, "AWS account not found",
			   "Nothing told the provider which account the credentials belong to:%.*s\n\nTo work without "
			   "the account id, set the provider argument skip_requesting_account_id to true: ARNs then "
			   "have an empty account id.",
			   TEXT_ARG(reasons));
	return found;
}

static void put(char *room, size_t size, struct text value)
{
	const size_t length = text_utf8_prefix(text_part(value, 0, size - 1));
	memcpy(room, value.at, length);
	room[length] = '\0';
}

static void keep_problem(const struct diagnostics *told, struct account *account)
{
	const struct diagnostic *error = told->first;
	while (error && error->severity != SEVERITY_ERROR)
		error = error->next;
	if (!error)
		return;
	put(account->summary, sizeof account->summary, error->summary);
	put(account->problem, sizeof account->problem, error->detail);
}

bool account_find(struct call *call, struct client *client, struct account *account)
{
	if (account->summary[0] != '\0') {
		diag_add(call, SEVERITY_ERROR, NULL, text_of(account->summary), text_of(account->problem));
		return false;
	}
	struct diagnostics told = { .first = NULL };
	struct call asking = *call;
	asking.diagnostics = &told;
	const struct aws *aws = client->aws;
	// First, so that what is wrong with the sources is told as that.
	const struct credentials *credentials = credentials_chain_get(&asking, aws->credentials);
	const bool found = credentials && (aws->settings.skip_credentials_validation
						   ? ask_around(&asking, client, credentials, account)
						   : validate(&asking, client, account));
	if (!found && !cancel_fired(call->cancel))
		keep_problem(&told, account);
	diag_pass_on(call, &told);
	return found;
}
