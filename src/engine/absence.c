// SPDX-License-Identifier: MPL-2.0
#include "engine/absence.h"

bool absence_believe(const struct operation *operation, const struct value *prior)
{
	struct call *call = operation->call;
	const struct value *owner = value_field(prior, T("owner_id"));
	if (!value_is_known(owner) || owner->string.length == 0)
		return true;
	struct text account_id;
	if (!client_account_id(call, operation->client, &account_id))
		return false;
	if (account_id.length == 0 || text_equal(account_id, owner->string))
		return true;
	const char *noun = operation->resource->set.noun;
	const struct text id = value_field(prior, T("id"))->string;
	diag_error(call, NULL, "The credentials are of another account",
		   "EC2 does not find the %s %.*s, which belongs to the account %.*s. The credentials are of the "
		   "account %.*s, which would not see it in any case: so it may exist, and stays in the state. Use "
		   "credentials of its own account; the provider argument allowed_account_ids refuses all others "
		   "beforehand. To give the object up, take it out of the state with `terraform state rm`.",
		   noun, TEXT_ARG(id), TEXT_ARG(owner->string), TEXT_ARG(account_id));
	return false;
}
