// SPDX-License-Identifier: MPL-2.0
#include "resources/region.h"

struct value region_plan(struct call *call, const struct plan_view *view)
{
	if (!value_is_null(&view->settings->region))
		return view->settings->region;
	const struct path at = path_attribute(NULL, T("region"));
	diag_error(call, &at, "No AWS region",
		   "Neither this resource nor the provider sets a region, and neither AWS_REGION nor "
		   "AWS_DEFAULT_REGION is set. Set `region` in the provider block, or AWS_REGION in the environment.");
	return value_unknown(&type_string);
}
