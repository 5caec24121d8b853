// SPDX-License-Identifier: MPL-2.0
#include "actions.h"

#include "action_rows.h"
#include "balancers.h"
#include "describe.h"
#include "instances.h"
#include "mirror_filter.h"
#include "mirror_rule.h"
#include "mirror_session.h"
#include "mirror_target.h"
#include "roles.h"
#include "tags.h"

#include <stddef.h>

static const struct {
	const char *version;
	const char *signing_name;
} services[SERVICE_COUNT] = {
	[SERVICE_EC2] = { "2016-11-15", "ec2" },
	[SERVICE_STS] = { "2011-06-15", "sts" },
	[SERVICE_ELB] = { "2015-12-01", "elasticloadbalancing" },
};

#define RESULT_STRUCTURE(element, rows)                                                                                \
	(const struct field[])                                                                                         \
	{                                                                                                              \
		{ (element), FIELD_STRUCTURE, (rows) }, { "clientToken", FIELD_SCALAR, NULL },                         \
		{                                                                                                      \
			0                                                                                              \
		}                                                                                                      \
	}
#define RESULT_PAGE(element, rows)                                                                                     \
	(const struct field[])                                                                                         \
	{                                                                                                              \
		{ (element), FIELD_LIST, (rows) }, { "nextToken", FIELD_SCALAR, NULL },                                \
		{                                                                                                      \
			0                                                                                              \
		}                                                                                                      \
	}
#define RESULT_MARKED_PAGE(element, rows)                                                                              \
	(const struct field[])                                                                                         \
	{                                                                                                              \
		{ (element), FIELD_LIST, (rows) }, { "NextMarker", FIELD_SCALAR, NULL },                               \
		{                                                                                                      \
			0                                                                                              \
		}                                                                                                      \
	}
#define RESULT_SCALAR(element)                                                                                         \
	(const struct field[])                                                                                         \
	{                                                                                                              \
		{ (element), FIELD_SCALAR, NULL },                                                                     \
		{                                                                                                      \
			0                                                                                              \
		}                                                                                                      \
	}

static const struct action actions[] = {
	{ SERVICE_EC2, "CreateTrafficMirrorFilter", parameters_create_filter,
	  RESULT_STRUCTURE("trafficMirrorFilter", fields_of_filter), mirror_filter_create, NULL },
	{ SERVICE_EC2, "ModifyTrafficMirrorFilterNetworkServices", parameters_modify_network_services,
	  RESULT_STRUCTURE("trafficMirrorFilter", fields_of_filter), mirror_filter_modify_network_services, NULL },
	{ SERVICE_EC2, "DeleteTrafficMirrorFilter", parameters_delete_filter, RESULT_SCALAR("trafficMirrorFilterId"),
	  mirror_filter_delete, NULL },
	{ SERVICE_EC2, "DescribeTrafficMirrorFilters", parameters_describe_filters,
	  RESULT_PAGE("trafficMirrorFilterSet", fields_of_filter), describe_run, &describe_filters },

	{ SERVICE_EC2, "CreateTrafficMirrorFilterRule", parameters_create_rule,
	  RESULT_STRUCTURE("trafficMirrorFilterRule", fields_of_rule), mirror_rule_create, NULL },
	{ SERVICE_EC2, "ModifyTrafficMirrorFilterRule", parameters_modify_rule,
	  RESULT_STRUCTURE("trafficMirrorFilterRule", fields_of_rule), mirror_rule_modify, NULL },
	{ SERVICE_EC2, "DeleteTrafficMirrorFilterRule", parameters_delete_rule,
	  RESULT_SCALAR("trafficMirrorFilterRuleId"), mirror_rule_delete, NULL },
	{ SERVICE_EC2, "DescribeTrafficMirrorFilterRules", parameters_describe_rules,
	  RESULT_PAGE("trafficMirrorFilterRuleSet", fields_of_rule), describe_run, &describe_rules },

	{ SERVICE_EC2, "CreateTrafficMirrorTarget", parameters_create_target,
	  RESULT_STRUCTURE("trafficMirrorTarget", fields_of_target), mirror_target_create, NULL },
	{ SERVICE_EC2, "DeleteTrafficMirrorTarget", parameters_delete_target, RESULT_SCALAR("trafficMirrorTargetId"),
	  mirror_target_delete, NULL },
	{ SERVICE_EC2, "DescribeTrafficMirrorTargets", parameters_describe_targets,
	  RESULT_PAGE("trafficMirrorTargetSet", fields_of_target), describe_run, &describe_targets },

	{ SERVICE_EC2, "CreateTrafficMirrorSession", parameters_create_session,
	  RESULT_STRUCTURE("trafficMirrorSession", fields_of_session), mirror_session_create, NULL },
	{ SERVICE_EC2, "ModifyTrafficMirrorSession", parameters_modify_session,
	  RESULT_STRUCTURE("trafficMirrorSession", fields_of_session), mirror_session_modify, NULL },
	{ SERVICE_EC2, "DeleteTrafficMirrorSession", parameters_delete_session, RESULT_SCALAR("trafficMirrorSessionId"),
	  mirror_session_delete, NULL },
	{ SERVICE_EC2, "DescribeTrafficMirrorSessions", parameters_describe_sessions,
	  RESULT_PAGE("trafficMirrorSessionSet", fields_of_session), describe_run, &describe_sessions },

	{ SERVICE_EC2, "CreateTags", parameters_create_tags, RESULT_SCALAR("return"), tags_create, NULL },
	{ SERVICE_EC2, "DeleteTags", parameters_delete_tags, RESULT_SCALAR("return"), tags_delete, NULL },
	{ SERVICE_EC2, "DescribeTags", parameters_describe_tags, RESULT_PAGE("tagSet", fields_of_tag), tags_describe,
	  NULL },

	{ SERVICE_EC2, "DescribeNetworkInterfaces", parameters_describe_network_interfaces,
	  RESULT_PAGE("networkInterfaceSet", fields_of_network_interface), describe_run, &describe_network_interfaces },
	{ SERVICE_EC2, "DescribeInstances", parameters_describe_instances,
	  RESULT_PAGE("reservationSet", fields_of_instance), describe_run, &describe_instances },
	{ SERVICE_EC2, "DescribeInstanceTypes", parameters_describe_instance_types,
	  RESULT_PAGE("instanceTypeSet", fields_of_instance_type), instances_describe_types, NULL },
	{ SERVICE_EC2, "DescribeSecurityGroups", parameters_describe_security_groups,
	  RESULT_PAGE("securityGroupInfo", fields_of_security_group), describe_run, &describe_security_groups },

	{ SERVICE_STS, "GetCallerIdentity", parameters_none,
	  (const struct field[]){ { .name = "UserId" }, { .name = "Account" }, { .name = "Arn" }, { 0 } },
	  roles_get_caller_identity, NULL },
	{ SERVICE_STS, "AssumeRole", parameters_assume_role, fields_of_assumed_role, roles_assume, NULL },
	{ SERVICE_STS, "AssumeRoleWithWebIdentity", parameters_assume_role_with_web_identity, fields_of_assumed_role,
	  roles_assume_with_web_identity, NULL },
	{ SERVICE_ELB, "DescribeLoadBalancers", parameters_describe_load_balancers,
	  RESULT_MARKED_PAGE("LoadBalancers", fields_of_load_balancer), balancers_describe, NULL },
	{ SERVICE_ELB, "DescribeListeners", parameters_describe_listeners,
	  RESULT_MARKED_PAGE("Listeners", fields_of_listener), balancers_describe_listeners, NULL },
};

const struct action *actions_find(enum service service, struct text name)
{
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
		if (actions[i].service == service && text_equal(text_of(actions[i].name), name))
			return &actions[i];
	}
	return NULL;
}

enum service actions_service(struct text version)
{
	enum service service = 0;
	while (service < SERVICE_COUNT && !text_equal(text_of(services[service].version), version))
		service++;
	return service;
}

const char *actions_signing_name(enum service service)
{
	return services[service].signing_name;
}
