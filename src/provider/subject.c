// SPDX-License-Identifier: MPL-2.0
#include "provider/subject.h"

bool subject_find(struct call *call, const struct provider *provider, const char *type_name,
		  struct subject *ret_subject)
{
	const struct text wanted = text_of(type_name);
	for (size_t i = 0; i < resources_count; i++) {
		if (!text_equal(wanted, text_of(resources_all[i]->set.name)))
			continue;
		*ret_subject = (struct subject){ .resource = resources_all[i], .type = provider->subject_types[i] };
		return true;
	}
	diag_error(
		call, NULL, "Unknown resource type",
		"This version of the provider has no resource type \"%.*s\". Check its spelling, or install a version "
		"of the provider that has it.",
		TEXT_ARG(wanted));
	return false;
}
