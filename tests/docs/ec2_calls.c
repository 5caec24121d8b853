// SPDX-License-Identifier: MPL-2.0
// Create, Describe, Modify and Delete follow from the resource; the calls beside them are named here.
#include "ec2_calls.h"

#include "ec2/names.h"

// What a step calls beside the call that its verb gives.
struct extra {
	const char *tag_type;
	const char *update; // between tags and ModifyX
	const char *create;
};

static const struct extra extras[] = {
	{
		.tag_type = "traffic-mirror-filter",
		.create = ", then `ModifyTrafficMirrorFilterNetworkServices`, and `CreateTrafficMirrorFilterRule` for "
			  "each rule",
		.update = "`ModifyTrafficMirrorFilterNetworkServices` for network services; "
			  "`CreateTrafficMirrorFilterRule`, `ModifyTrafficMirrorFilterRule` and "
			  "`DeleteTrafficMirrorFilterRule` for each rule that differs; ",
	},
};

static const struct extra *find_extra(const struct resource *resource)
{
	static const struct extra none = { "", "", "" };
	for (size_t i = 0; i < sizeof extras / sizeof extras[0]; i++) {
		if (text_equal(text_of(extras[i].tag_type), text_of(resource->tag_type)))
			return &extras[i];
	}
	return &none;
}

void ec2_calls_write(struct buffer *out, const struct resource *resource)
{
	struct arena arena;
	arena_init(&arena, 0);
	const struct extra *extra = find_extra(resource);
	struct text create = names_action(&arena, "Create", resource), read = names_describe(&arena, resource);
	struct text modify = names_action(&arena, "Modify", resource),
		    delete = names_action(&arena, "Delete", resource);
	buffer_append_text(out, T("| operation | calls |\n| --- | --- |\n"));
	buffer_print(out, "| create | `%.*s`, with all tags (this also needs `ec2:CreateTags`)%s |\n", TEXT_ARG(create),
		     extra->create);
	buffer_print(out, "| read | `%.*s`; `sts:GetCallerIdentity` at most once per provider process, for the ARN |\n",
		     TEXT_ARG(read));
	buffer_print(out, "| update | %s", extra->update);
	if (resource->has_modify)
		buffer_print(out, "`%.*s` with the arguments that differ; ", TEXT_ARG(modify));
	buffer_append_text(out, T("`CreateTags` and `DeleteTags` for tags |\n"));
	buffer_print(out, "| delete | `%.*s`%s |\n", TEXT_ARG(delete),
		     resource->in_use_code ? "; `DescribeTrafficMirrorSessions` if it is in use, to name the sessions"
					   : "");
	buffer_append_text(out, T("\nThe IAM permission of each EC2 call is `ec2:` and its name.\n"));
	arena_free(&arena);
}
