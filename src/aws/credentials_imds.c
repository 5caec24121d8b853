// SPDX-License-Identifier: MPL-2.0
// The role of the EC2 instance that the program runs on. The last source: that nobody answers means that this is no
// instance, which is no error by itself. Once it has given credentials, its failures end nobody's work: they are used
// on, also past their date, since services take them on while the metadata service has a fault (facts:
// aws_client, 2.3).
#include "aws/credentials.h"

#include "aws/aws.h"
#include "aws/imds.h"
#include "aws/iso_date.h"
#include "aws/json_secret.h"
#include "base/log.h"

#define MINUTE_US ((int64_t)60 * 1000 * 1000)

static const int64_t longest_us = 60 * MINUTE_US; // the instance's role may change meanwhile
// The chain asks again five minutes before the end, so after 5 to 15 minutes.
static const int64_t prolonged_us = 10 * MINUTE_US;
static const int64_t prolonged_more_us = 10 * MINUTE_US;
static const struct text role_path = TEXT("/latest/meta-data/iam/security-credentials/");

static bool complain(struct call *call, const char *what)
{
	diag_error(call, NULL, "Unusable response from the metadata service",
		   "The EC2 metadata service %s. Check the instance's profile and its role.", what);
	return false;
}

static bool read_answer(struct call *call, struct text content, struct credentials **ret_credentials)
{
	const json_t *answer = json_secret_parse(call->arena, content);
	if (!answer)
		return complain(call, "returned something that is not JSON");
	const struct text code = json_secret_text(answer, "Code");
	if (code.length && !text_equal_ignore_case(code, T("Success")))
		return complain(call, "has no credentials for the instance's role: it answered with an error");
	const struct text key_id = json_secret_text(answer, "AccessKeyId");
	const struct text secret = json_secret_text(answer, "SecretAccessKey");
	const struct text token = json_secret_text(answer, "Token");
	int64_t expires_at_us = 0;
	if (!key_id.length || !secret.length || !token.length ||
	    !iso_date_parse(json_secret_text(answer, "Expiration"), &expires_at_us))
		return complain(call, "returned incomplete credentials");
	*ret_credentials = credentials_new(call, T("the EC2 metadata service"), key_id, secret, token, expires_at_us);
	return *ret_credentials != NULL;
}

// What the first answer without content means; true when the chain may go on.
static bool give_up(struct call *call, const struct imds *imds, enum imds_result result, struct text reason,
		    struct text *ret_hint)
{
	if (result == IMDS_STOPPED) {
		credentials_say_stopped(call);
		return false;
	}
	*ret_hint = result == IMDS_ABSENT ? T("This is an EC2 instance, but it has no role (instance profile).")
					  : text_print(call->arena, "The EC2 metadata service at %.*s gave none: %.*s.",
						       TEXT_ARG(imds->endpoint.host), TEXT_ARG(reason));
	return true;
}

static struct text first_line(struct text content)
{
	struct text line = T("");
	(void)text_take_until(&content, '\n', &line);
	return text_trim(line);
}

// The role's name goes into a path.
static bool is_role_name(struct text name)
{
	for (size_t i = 0; i < name.length; i++) {
		if (text_find_char(T("/?#%"), name.at[i]) != SIZE_MAX)
			return false;
	}
	return name.length > 0 && text_is_visible(name);
}

static bool ask(struct call *call, const struct credential_inputs *inputs, struct credentials **ret_credentials,
		struct text *ret_hint)
{
	struct imds imds;
	struct text content = T("");
	struct text reason = T("");
	if (!imds_open(call, inputs, &imds))
		return false;
	enum imds_result result = imds_get(call, &imds, role_path, &content, &reason);
	if (result != IMDS_FOUND)
		return give_up(call, &imds, result, reason, ret_hint);
	const struct text role = first_line(content);
	if (!is_role_name(role))
		return complain(call, "returned an invalid role name");
	result = imds_get(call, &imds, text_print(call->arena, "%.*s%.*s", TEXT_ARG(role_path), TEXT_ARG(role)),
			  &content, &reason);
	if (result == IMDS_FOUND)
		return read_answer(call, content, ret_credentials);
	if (result == IMDS_STOPPED)
		return give_up(call, &imds, result, reason, ret_hint);
	return complain(call, "returned a role name, but no credentials for it");
}

// So that a key stands in memory once, what is held is what was given out.
static void hold_last(const struct credential_inputs *inputs, struct credentials *last)
{
	struct credentials *before = *inputs->instance;
	*inputs->instance = credentials_hold(last);
	credentials_release(before);
}

static int64_t prolonged_end_us(struct call *call, const struct credential_inputs *inputs, struct text why)
{
	LOG(call->log, LOG_WARN, "the metadata service gives no new credentials; going on with the old ones",
	    LOG_TEXT("reason", why));
	const int64_t more_us = (int64_t)inputs->aws->seams.random() * 1000 % prolonged_more_us;
	return clock_realtime_us(call->clock) + prolonged_us + more_us;
}

// The last ones, for as long as it may take until the service gives new ones. Copied, since others may use them now.
static bool prolong(struct call *call, const struct credential_inputs *inputs, struct text why,
		    struct credentials **ret_credentials)
{
	const struct credentials *last = *inputs->instance;
	*ret_credentials =
		credentials_new(call, credentials_imds.name, credentials_key_id(last), credentials_secret(last),
				credentials_token(last), prolonged_end_us(call, inputs, why));
	if (!*ret_credentials)
		return false;
	credentials_set_source_name(*ret_credentials, credentials_imds.name);
	hold_last(inputs, *ret_credentials);
	return true;
}

// Nobody else knows these yet.
static void limit(struct call *call, const struct credential_inputs *inputs, struct credentials *given)
{
	const int64_t now_us = clock_realtime_us(call->clock);
	const int64_t end_us = credentials_expires_at_us(given);
	if (end_us <= now_us)
		credentials_set_end(given, prolonged_end_us(call, inputs, T("it gave some that have ended")));
	else if (end_us > now_us + longest_us)
		credentials_set_end(given, now_us + longest_us);
	hold_last(inputs, given);
}

static bool retrieve(struct call *call, const struct credential_inputs *inputs, struct credentials **ret_credentials,
		     struct text *ret_hint)
{
	*ret_credentials = NULL;
	if (imds_is_disabled(inputs)) {
		*ret_hint = T("The EC2 metadata service is switched off (skip_metadata_api_check or "
			      "AWS_EC2_METADATA_DISABLED).");
		return true;
	}
	struct diagnostics told = { .first = NULL };
	struct call asking = *call;
	asking.diagnostics = &told;
	const bool well = ask(&asking, inputs, ret_credentials, ret_hint);
	if (*ret_credentials && inputs->instance)
		limit(call, inputs, *ret_credentials);
	if (!*ret_credentials && inputs->instance && *inputs->instance && !cancel_fired(call->cancel))
		return prolong(call, inputs, told.first ? told.first->detail : *ret_hint, ret_credentials);
	diag_pass_on(call, &told);
	return well;
}

const struct credential_source credentials_imds = {
	TEXT("instance metadata"),
	TEXT("the role of the EC2 instance, from its metadata service"),
	retrieve,
};
