// SPDX-License-Identifier: MPL-2.0
// Rows that every resource has, each said once.
#ifndef VNS_RESOURCES_COMMON_ROWS_H
#define VNS_RESOURCES_COMMON_ROWS_H

#include "ec2/tags.h"
#include "resources/region.h"
#include "schema/check.h"
#include "schema/deviations.h"
#include "schema/row.h"

// clang-format off
#define COMMON_ROW_ID(prefix_text) \
	{ \
		.name = "id", .kind = ROW_STRING, .flags = ROW_COMPUTED, .xml = "", \
		.doc = "The id that EC2 gave it, `" prefix_text "...`.", \
	}
#define COMMON_ROW_ARN \
	{ \
		.name = "arn", .kind = ROW_STRING, .flags = ROW_COMPUTED, .xml = "", \
		.doc = "The Amazon Resource Name.", \
	}
// `element` is "" where EC2's answers do not name the owner.
#define COMMON_ROW_OWNER_ID(element) \
	{ \
		.name = "owner_id", .kind = ROW_STRING, .flags = ROW_COMPUTED, .xml = (element), \
		.doc = "The AWS account that owns it.", \
	}
#define COMMON_ROW_REGION \
	{ \
		.name = "region", .kind = ROW_STRING, .flags = ROW_OPTIONAL | ROW_COMPUTED | ROW_REPLACE, .xml = "", \
		.plan = region_plan, .check = check_region, \
		.doc = "The AWS region it is in. The provider's region when absent.", \
	}
#define COMMON_ROW_NAME(recommended) \
	{ \
		.name = "name", .kind = ROW_STRING, .flags = ROW_OPTIONAL | ROW_COMPUTED, .xml = "", \
		.fallback = (recommended), .plan = tags_plan_name, .max = 256, \
		.why = "It is a label and changes nothing that is mirrored, but whoever follows the sensor's " \
		       "documentation looks for that name.", \
		.doc = "The Name tag. The first of: this argument, `tags.Name`, a `Name` among the provider's default tags, " \
		       "the recommended name. `\"\"` means no Name tag. An imported object without one gets none " \
		       "until the configuration names it.", \
	}
#define COMMON_ROW_DESCRIPTION(recommended, more_flags) \
	{ \
		.name = "description", .kind = ROW_STRING, .flags = ROW_OPTIONAL | ROW_COMPUTED | (more_flags), \
		.ec2 = "Description", .fallback = (recommended), .max = 255, \
		.why = "It is a label and changes nothing that is mirrored, but whoever follows the sensor's " \
		       "documentation looks for that text.", \
		.doc = "A description. `\"\"` means none. An imported object without one keeps none until the " \
		       "configuration has one.", \
	}
#define COMMON_ROW_TAGS \
	{ \
		.name = "tags", .kind = ROW_STRING_MAP, .flags = ROW_OPTIONAL, .xml = "", .check = check_tags, \
		.doc = "Tags of this object. They override the provider's default tags of the same key.", \
	}
#define COMMON_ROW_TAGS_ALL \
	{ \
		.name = "tags_all", .kind = ROW_STRING_MAP, .flags = ROW_COMPUTED, .xml = "", .plan = tags_plan_all, \
		.doc = "All tags: `tags`, the provider's default tags and the Name tag.", \
	}
#define COMMON_ROW_DEVIATIONS \
	{ \
		.name = "deviations", .kind = ROW_STRING_LIST, .flags = ROW_COMPUTED, .xml = "", .plan = deviations_plan, \
		.doc = "Every setting that departs from the recommended one, and why that matters. Empty when there is none.", \
	}
// clang-format on

#endif
