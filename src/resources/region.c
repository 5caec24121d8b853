// SPDX-License-Identifier: MPL-2.0
#include "resources/region.h"

struct value region_plan(struct call *call, const struct plan_view *view)
{
	if (!value_is_null(&view->settings->region))
		return view->settings->region;
	const struct path at = path_attribute(NULL, T("region"));
	diag_error(
		call, &at, "No AWS region",
		"Neither this resource nor the provider sets a region, neither AWS_REGION nor AWS_DEFAULT_REGION is "
		"set, and the profile of the shared AWS files, if there is one, has none. Set `region` in the provider "
		"block, AWS_REGION in the environment, or \"region\" in the profile.");
	return value_unknown(&type_string);
}
