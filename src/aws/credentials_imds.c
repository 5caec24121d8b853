// SPDX-License-Identifier: MPL-2.0
// The role of the EC2 instance that the program runs on. The last source: that nobody answers means that this is no
// instance, which is no error by itself.
#include "aws/credentials.h"

#include "aws/imds.h"
#include "aws/iso_date.h"
#include "aws/json_secret.h"

static const struct text role_path = TEXT("/latest/meta-data/iam/security-credentials/");

static bool complain(struct call *call, const char *what)
{
	diag_error(call, NULL, "Unusable answer of the metadata service",
		   "The EC2 metadata service %s. Check the instance's profile and its role.", what);
	return false;
}

static bool read_answer(struct call *call, struct text content, struct credentials **ret_credentials)
{
	const json_t *answer = json_secret_parse(call->arena, content);
	if (!answer)
		return complain(call, "answered something that is not JSON");
	const struct text code = json_secret_text(answer, "Code");
	if (code.length && !text_equal(code, T("Success")))
		return complain(call, "has no credentials for the instance's role: it answered with an error");
	const struct text key_id = json_secret_text(answer, "AccessKeyId");
	const struct text secret = json_secret_text(answer, "SecretAccessKey");
	const struct text token = json_secret_text(answer, "Token");
	int64_t expires_at_us = 0;
	if (!key_id.length || !secret.length || !token.length ||
	    !iso_date_parse(json_secret_text(answer, "Expiration"), &expires_at_us))
		return complain(call, "answered credentials that are not whole");
	*ret_credentials = credentials_new(call, T("the EC2 metadata service"), key_id, secret, token, expires_at_us);
	if (!*ret_credentials)
		return false;
	credentials_set_source_name(*ret_credentials, credentials_imds.name);
	return true;
}

// What the first answer without content means; true when the chain may go on.
static bool give_up(struct call *call, const struct imds *imds, enum imds_result result, struct text reason,
		    struct text *ret_hint)
{
	if (result == IMDS_STOPPED) {
		diag_error(call, NULL, "Stopped", "The wish to stop came before there were AWS credentials.");
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
		if (name.at[i] <= ' ' || name.at[i] > '~' || name.at[i] == '/' || name.at[i] == '?' ||
		    name.at[i] == '#' || name.at[i] == '%')
			return false;
	}
	return name.length > 0;
}

static bool retrieve(struct call *call, const struct credential_inputs *inputs, struct credentials **ret_credentials,
		     struct text *ret_hint)
{
	struct imds imds;
	struct text content = T("");
	struct text reason = T("");
	*ret_credentials = NULL;
	if (imds_is_disabled(inputs)) {
		*ret_hint = T("The EC2 metadata service is switched off (skip_metadata_api_check or "
			      "AWS_EC2_METADATA_DISABLED).");
		return true;
	}
	if (!imds_open(call, inputs, &imds))
		return false;
	enum imds_result result = imds_get(call, &imds, role_path, &content, &reason);
	if (result != IMDS_FOUND)
		return give_up(call, &imds, result, reason, ret_hint);
	const struct text role = first_line(content);
	if (!is_role_name(role))
		return complain(call, "names a role that no role is called");
	result = imds_get(call, &imds, text_print(call->arena, "%.*s%.*s", TEXT_ARG(role_path), TEXT_ARG(role)),
			  &content, &reason);
	if (result == IMDS_FOUND)
		return read_answer(call, content, ret_credentials);
	if (result == IMDS_STOPPED)
		return give_up(call, &imds, result, reason, ret_hint);
	return complain(call, "named a role and then gave no credentials for it");
}

const struct credential_source credentials_imds = {
	TEXT("instance metadata"),
	TEXT("the role of the EC2 instance, from its metadata service"),
	retrieve,
};
