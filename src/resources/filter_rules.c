// SPDX-License-Identifier: MPL-2.0
#include "resources/filter_rules.h"

#include "ec2/rules.h"
#include "ec2/tags.h"
#include "schema/check.h"

static const int64_t protocol_tcp = 6, protocol_udp = 17;

static bool is_source(struct text name)
{
	return text_equal(name, T("source_cidr_block"));
}

struct value filter_rules_plan_cidr(struct call *call, const struct plan_view *view)
{
	(void)call;
	struct text other_name =
		is_source(text_of(view->row->name)) ? T("destination_cidr_block") : T("source_cidr_block");
	const struct value *other = plan_config_of(view, other_name);
	if (value_is_unknown(other))
		return value_unknown(&type_string);
	struct cidr network;
	bool host_bits;
	if (value_is_known(other) && check_cidr_parse(other->string, &network, &host_bits) && network.is_ipv6)
		return value_string(T("::/0"));
	return value_string(text_of(view->row->fallback));
}

// A rule under validation, for messages.
struct rule {
	const struct path *path; // of the map of rules
	struct text number;
	const struct value *value;
};

static void validate_ports(struct call *call, const struct rule *rule, struct text name)
{
	const struct value *range = value_field(rule->value, name);
	if (!value_is_known(range))
		return;
	const struct value *protocol = value_field(rule->value, T("protocol"));
	bool has_ports = value_is_known(protocol) &&
			 (protocol->number.integer == protocol_tcp || protocol->number.integer == protocol_udp);
	if (!value_is_unknown(protocol) && !has_ports)
		diag_error(call, rule->path, "Ports without TCP or UDP",
			   "Rule %.*s has a %.*s, but only TCP and UDP have ports. Set protocol to 6 (TCP) or 17 "
			   "(UDP), or remove the range.",
			   TEXT_ARG(rule->number), TEXT_ARG(name));
	const struct value *from = value_field(range, T("from_port"));
	const struct value *to = value_field(range, T("to_port"));
	if (value_is_known(from) && value_is_known(to) && from->number.integer > to->number.integer)
		diag_error(call, rule->path, "Invalid port range",
			   "Rule %.*s: %.*s goes from %lld to %lld. from_port must not be greater than to_port.",
			   TEXT_ARG(rule->number), TEXT_ARG(name), (long long)from->number.integer,
			   (long long)to->number.integer);
}

static void validate_family(struct call *call, const struct rule *rule)
{
	const struct value *source = value_field(rule->value, T("source_cidr_block"));
	const struct value *destination = value_field(rule->value, T("destination_cidr_block"));
	struct cidr from, to;
	bool host_bits;
	if (!value_is_known(source) || !value_is_known(destination) ||
	    !check_cidr_parse(source->string, &from, &host_bits) ||
	    !check_cidr_parse(destination->string, &to, &host_bits) || from.is_ipv6 == to.is_ipv6)
		return;
	diag_error(call, rule->path, "Networks of two families",
		   "Rule %.*s goes from %.*s to %.*s: one is IPv4 and the other IPv6. EC2 takes two of the same "
		   "family; write a rule for each.",
		   TEXT_ARG(rule->number), TEXT_ARG(source->string), TEXT_ARG(destination->string));
}

// Returns how many rules there certainly are.
static size_t validate_direction(struct call *call, const struct value *config, struct text name)
{
	const struct value *rules = value_field(config, name);
	if (value_is_unknown(rules))
		return 0;
	if (value_is_null(rules))
		return 1; // the recommended one
	const struct path path = path_attribute(NULL, name);
	for (size_t i = 0; i < rules->count; i++) {
		struct rule rule = { &path, rules->keys[i], &rules->items[i] };
		if (!value_is_known(rule.value))
			continue;
		validate_ports(call, &rule, T("source_port_range"));
		validate_ports(call, &rule, T("destination_port_range"));
		validate_family(call, &rule);
	}
	return rules->count;
}

// At the direction that has more of them: it is the one to be shortened.
static void validate_count(struct call *call, size_t ingress, size_t egress)
{
	if (ingress + egress <= RULES_MOST)
		return;
	const struct path at = path_attribute(NULL, egress > ingress ? T("egress_rules") : T("ingress_rules"));
	diag_error(
		call, &at, "Too many rules",
		"The filter has %zu rules, %zu for ingress and %zu for egress, and EC2 allows %zu in both directions "
		"together. Combine rules, or use several filters with one session each.",
		ingress + egress, ingress, egress, RULES_MOST);
}

void filter_rules_validate(struct call *call, const struct value *config)
{
	size_t ingress = validate_direction(call, config, T("ingress_rules"));
	size_t egress = validate_direction(call, config, T("egress_rules"));
	validate_count(call, ingress, egress);
	tags_validate_name(call, config);
}
