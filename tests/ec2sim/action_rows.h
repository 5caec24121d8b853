// SPDX-License-Identifier: MPL-2.0
// The parameters of the actions, and the filters of the Describe actions. Only actions.c includes this.
#ifndef EC2SIM_ACTION_ROWS_H
#define EC2SIM_ACTION_ROWS_H

#include "actions.h"

extern const struct parameter parameters_none[];
extern const struct parameter parameters_create_filter[];
extern const struct parameter parameters_modify_network_services[];
extern const struct parameter parameters_delete_filter[];
extern const struct parameter parameters_describe_filters[];
extern const struct parameter parameters_create_rule[];
extern const struct parameter parameters_modify_rule[];
extern const struct parameter parameters_delete_rule[];
extern const struct parameter parameters_describe_rules[];
extern const struct parameter parameters_create_target[];
extern const struct parameter parameters_delete_target[];
extern const struct parameter parameters_describe_targets[];
extern const struct parameter parameters_create_session[];
extern const struct parameter parameters_modify_session[];
extern const struct parameter parameters_delete_session[];
extern const struct parameter parameters_describe_sessions[];
extern const struct parameter parameters_create_tags[];
extern const struct parameter parameters_delete_tags[];
extern const struct parameter parameters_describe_tags[];
extern const struct parameter parameters_describe_network_interfaces[];
extern const struct parameter parameters_describe_instances[];
extern const struct parameter parameters_describe_instance_types[];
extern const struct parameter parameters_describe_security_groups[];
extern const struct parameter parameters_assume_role[];
extern const struct parameter parameters_assume_role_with_web_identity[];
extern const struct parameter parameters_describe_load_balancers[];
extern const struct parameter parameters_describe_listeners[];

extern const struct describe_row describe_filters;
extern const struct describe_row describe_rules;
extern const struct describe_row describe_targets;
extern const struct describe_row describe_sessions;
extern const struct describe_row describe_network_interfaces;
extern const struct describe_row describe_instances;
extern const struct describe_row describe_security_groups;

#endif
