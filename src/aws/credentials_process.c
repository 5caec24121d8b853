// SPDX-License-Identifier: MPL-2.0
// Credentials that a program of the user's prints. What it printed is never shown, also when it makes no sense: it may
// well be a secret.
#include "aws/credentials_process.h"

#include "aws/child.h"
#include "aws/iso_date.h"
#include "aws/json_secret.h"
#include "base/limits.h"

static const int64_t timeout_ms = 60 * 1000;

static void free_output(void *output)
{
	buffer_free(output);
}

static const char *explain(enum child_end end)
{
	switch (end) {
	case CHILD_EXITED:
		return "ended with the exit status";
	case CHILD_KILLED:
		return "was killed by the signal";
	case CHILD_TIMED_OUT:
		return "did not end within a minute and was killed";
	case CHILD_CANCELLED:
		return "was stopped, because Terraform asked to";
	case CHILD_TOO_LARGE:
		return "printed far more than credentials and was killed";
	case CHILD_UNREADABLE:
		return "was killed, because its output could not be read";
	case CHILD_NOT_STARTED:
		break;
	}
	return "could not be started";
}

static bool complain(struct call *call, const struct profile *profile, const char *what)
{
	diag_error(call, NULL, "credential_process failed",
		   "The credential_process of the profile \"%.*s\" in the shared AWS files %s. It is run by /bin/sh "
		   "without input. Run it by hand to see its output.",
		   TEXT_ARG(profile->name), what);
	return false;
}

static bool run(struct call *call, const struct profile *profile, struct text *ret_output)
{
	struct buffer *output = ARENA_NEW(call->arena, struct buffer);
	buffer_init(output, LIMIT_CREDENTIAL_ANSWER_BYTES);
	output->secret = true;
	arena_on_free(call->arena, free_output, output);
	int status = 0;
	char *command = text_to_c_string(call->arena, profile->credential_process);
	const enum child_end end =
		child_run(command, child_environment(call->arena), timeout_ms, call->cancel, output, &status);
	*ret_output = buffer_text(output);
	if (end == CHILD_EXITED && status == 0)
		return true;
	const bool has_number = end == CHILD_EXITED || end == CHILD_KILLED;
	const struct text what =
		has_number ? text_print(call->arena, "%s %d", explain(end), status) : text_of(explain(end));
	return complain(call, profile, text_to_c_string(call->arena, what));
}

static bool read_output(struct call *call, const struct profile *profile, struct text output,
			struct credentials **ret_credentials)
{
	json_t *answer = json_secret_parse(call->arena, output);
	if (!answer)
		return complain(call, profile, "printed something other than one JSON object");
	int64_t version = 0;
	if (!json_secret_number(answer, "Version", &version) || version != 1)
		return complain(call, profile, "printed JSON whose \"Version\" is not 1");
	const struct text key_id = json_secret_text_any_case(answer, "AccessKeyId");
	const struct text secret = json_secret_text_any_case(answer, "SecretAccessKey");
	if (key_id.length == 0)
		return complain(call, profile, "printed JSON without \"AccessKeyId\"");
	if (secret.length == 0)
		return complain(call, profile, "printed JSON without \"SecretAccessKey\"");
	const struct text expiration = json_secret_text_any_case(answer, "Expiration");
	int64_t expires_at_us = CREDENTIALS_NEVER_EXPIRE;
	if (expiration.length && !iso_date_parse(expiration, &expires_at_us))
		return complain(call, profile, "printed JSON whose \"Expiration\" is not a date and time");
	*ret_credentials = credentials_new(call, T("the credential_process of the profile"), key_id, secret,
					   json_secret_text_any_case(answer, "SessionToken"), expires_at_us);
	return *ret_credentials != NULL;
}

bool credentials_process_retrieve(struct call *call, const struct profile *profile,
				  struct credentials **ret_credentials)
{
	struct text output = T("");
	*ret_credentials = NULL;
	if (!run(call, profile, &output) || !read_output(call, profile, output, ret_credentials))
		return false;
	credentials_set_source_name(*ret_credentials, T("credential process"));
	return true;
}
