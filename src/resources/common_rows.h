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
		.doc = "The id that EC2 assigned, `" prefix_text "...`.", \
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
		.doc = "The id of the AWS account that owns it.", \
	}
#define COMMON_ROW_REGION \
	{ \
		.name = "region", .kind = ROW_STRING, .flags = ROW_OPTIONAL | ROW_COMPUTED | ROW_REPLACE, .xml = "", \
		.plan = region_plan, .check = check_region, \
		.doc = "The AWS region. Defaults to the provider's region.", \
	}
#define COMMON_ROW_TAG_CALLS "the create as `TagSpecification`, later with `CreateTags` and `DeleteTags`"
#define COMMON_ROW_NAME(recommended) \
	{ \
		.name = "name", .kind = ROW_STRING, .flags = ROW_OPTIONAL | ROW_COMPUTED, .xml = "", \
		.fallback = (recommended), .plan = tags_plan_name, .max = 256, \
		.sent_with = COMMON_ROW_TAG_CALLS, \
		.why = "It is only a label and does not affect what is mirrored, but people who follow the sensor's " \
		       "documentation look for that name.", \
		.doc = "The value of the `Name` tag: this argument, otherwise `tags.Name`, otherwise `Name` in the provider's " \
		       "default tags, otherwise the recommended name. `\"\"` means no `Name` tag. An imported object " \
		       "without one gets none until the configuration names it.", \
	}
#define COMMON_ROW_DESCRIPTION(recommended, more_flags) \
	{ \
		.name = "description", .kind = ROW_STRING, .flags = ROW_OPTIONAL | ROW_COMPUTED | (more_flags), \
		.ec2 = "Description", .fallback = (recommended), .max = 255, \
		.why = "It is only a label and does not affect what is mirrored, but people who follow the sensor's " \
		       "documentation look for that text.", \
		.doc = "A description. `\"\"` means none. An imported object without one gets none until the " \
		       "configuration sets one.", \
	}
#define COMMON_ROW_TAGS(more) \
	{ \
		.name = "tags", .kind = ROW_STRING_MAP, .flags = ROW_OPTIONAL, .xml = "", .check = check_tags, \
		.sent_with = COMMON_ROW_TAG_CALLS, \
		.doc = "Tags. They take precedence over the provider's default tags with the same key; a null is no tag." more, \
	}
#define COMMON_ROW_TAGS_ALL \
	{ \
		.name = "tags_all", .kind = ROW_STRING_MAP, .flags = ROW_COMPUTED, .xml = "", .plan = tags_plan_all, \
		.doc = "All tags: `tags`, the provider's default tags and the `Name` tag. Their values are shown, also of a tag " \
		       "that is set from a sensitive value.", \
	}
#define COMMON_ROW_DEVIATIONS \
	{ \
		.name = "deviations", .kind = ROW_STRING_LIST, .flags = ROW_COMPUTED, .xml = "", .plan = deviations_plan, \
		.doc = "Each setting that departs from the recommended one, and why that matters. Empty if there is none. " \
		       "The texts show the values, also of an argument that is set from a sensitive value.", \
	}
// clang-format on

#endif
