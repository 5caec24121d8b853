// SPDX-License-Identifier: MPL-2.0
#include "ec2/rules.h"

#include "base/random.h"
#include "ec2/decode.h"
#include "ec2/encode.h"
#include "ec2/error.h"
#include "ec2/recent.h"
#include "ec2/send.h"
#include "ec2/settle.h"
#include "ec2/tags.h"

static const struct text rule_id_path = TEXT("trafficMirrorFilterRule/trafficMirrorFilterRuleId");
static const struct text rule_id_name = TEXT("traffic_mirror_filter_rule_id");
static const struct text rule_not_found = TEXT("InvalidTrafficMirrorFilterRuleId.NotFound");
static const char rule_tag_type[] = "traffic-mirror-filter-rule";

static const struct direction {
	const char *attribute; // the map of its rules
	struct text ec2;       // TrafficDirection
} directions[] = {
	{ "ingress_rules", TEXT("ingress") },
	{ "egress_rules", TEXT("egress") },
};
enum { DIRECTIONS = sizeof directions / sizeof directions[0] };

// One filter on its way from `state` to `planned`.
struct change {
	const struct operation *operation;
	const struct value *planned;
	struct value *state;
	const struct value *before; // the state at the beginning: what is created now is not changed again
};

// One rule: a place in both maps.
struct rule {
	const struct direction *direction;
	const struct row *rows;
	struct text number;
	const struct value *planned; // NULL: to go
	const struct value *state;   // NULL: to come
};

static struct arena *arena_of(const struct change *change)
{
	return change->operation->call->arena;
}

static struct text filter_id(const struct change *change)
{
	return value_field(change->state, T("id"))->string;
}

static const struct value *find_rule(const struct value *object, const struct direction *direction, struct text number)
{
	const struct value *map = value_field(object, text_of(direction->attribute));
	return value_is_known(map) ? value_key(map, number) : NULL;
}

static struct rule rule_of(const struct change *change, const struct direction *direction, struct text number)
{
	const struct row *row = row_find(change->operation->resource->set.rows, text_of(direction->attribute));
	return (struct rule){
		.direction = direction,
		.rows = row->fields,
		.number = number,
		.planned = find_rule(change->planned, direction, number),
		.state = find_rule(change->state, direction, number),
	};
}

// Puts the rule into the state, or takes it out (NULL). The state changes in one step, at the end.
static void record(const struct change *change, const struct rule *rule, const struct value *now)
{
	struct value *map = value_field(change->state, text_of(rule->direction->attribute));
	size_t before = value_is_known(map) ? map->count : 0;
	struct value next = value_map(arena_of(change), map->type, before + 1);
	next.count = 0;
	for (size_t i = 0; i < before; i++) {
		if (text_equal(map->keys[i], rule->number))
			continue;
		next.keys[next.count] = map->keys[i];
		next.items[next.count++] = map->items[i];
	}
	if (now) {
		next.keys[next.count] = rule->number;
		next.items[next.count++] = *now;
	}
	value_sort_map(&next);
	*map = next;
}

// Adds the error for a refused step with one rule.
static bool fail(const struct change *change, const struct rule *rule, const char *verb, struct text action,
		 const struct action_answer *answer)
{
	struct arena *arena = arena_of(change);
	struct text id = filter_id(change);
	const struct path at = path_attribute(NULL, text_of(rule->direction->attribute));
	const struct error_place place = {
		.action = action,
		.doing = text_print(arena, "%s %.*s rule %.*s of the %s %.*s", verb, TEXT_ARG(rule->direction->ec2),
				    TEXT_ARG(rule->number), change->operation->resource->set.noun, TEXT_ARG(id)),
		.at = &at,
	};
	error_add(change->operation->call, &place, answer);
	return false;
}

// The rule as the answer to its creation or change says it is. There is memory for it: it comes from what is set aside
// for the answer to a change (aws/action.c), of which one about a rule needs a part.
static bool record_answer(const struct change *change, const struct rule *rule, const struct action_answer *answer)
{
	struct arena *arena = arena_of(change);
	struct value now = value_object(arena, rule->planned->type);
	bool good = decode_object(change->operation->call, rule->rows,
				  xml_child(answer->root, T("trafficMirrorFilterRule")), &now);
	settle_object(arena, rule->rows, rule->planned, &now);
	record(change, rule, &now);
	return good;
}

static struct text rule_id(const struct value *rule)
{
	const struct value *id = value_field(rule, rule_id_name);
	return value_is_known(id) ? id->string : T("");
}

// --- one rule ---

// A create that is repeated with its token repeats its rules' tokens too.
static struct text rule_token(const struct change *change, const struct rule *rule)
{
	struct arena *arena = arena_of(change);
	struct text token = change->operation->client_token;
	if (token.length == 0)
		return random_token(arena);
	return text_print(arena, "%.*s-%.*s-%.*s", TEXT_ARG(token), TEXT_ARG(rule->direction->ec2),
			  TEXT_ARG(rule->number));
}

static bool create_rule(const struct change *change, const struct rule *rule)
{
	static const struct text action = TEXT("CreateTrafficMirrorFilterRule");
	struct arena *arena = arena_of(change);
	struct query query;
	query_init(&query, arena);
	query_add(&query, T("TrafficMirrorFilterId"), filter_id(change));
	query_add(&query, T("TrafficDirection"), rule->direction->ec2);
	query_add(&query, T("RuleNumber"), rule->number);
	encode_create(&query, rule->rows, rule->planned);
	tags_encode(&query, rule_tag_type, value_field(change->planned, T("tags_all")));
	query_add(&query, T("ClientToken"), rule_token(change, rule));
	struct action_answer answer;
	if (!send_action_for(change->operation, action, &query, ACTION_CHANGES, rule_id_path, &answer))
		return false;
	if (answer.error_code.length > 0)
		return fail(change, rule, "create", action, &answer);
	recent_add(change->operation->call->clock, xml_text(answer.root, rule_id_path));
	return record_answer(change, rule, &answer);
}

// EC2 wants to be told the protocol again when it is told ports (facts: ec2, 3.2).
static void repeat_protocol(struct query *query, const struct rule *rule)
{
	bool has_ports = query_find(query, T("SourcePortRange.FromPort")).length > 0 ||
			 query_find(query, T("DestinationPortRange.FromPort")).length > 0;
	const struct row *row = encode_row(rule->rows, T("Protocol"));
	const struct value *protocol = &rule->planned->items[row - rule->rows];
	if (has_ports && value_is_known(protocol) && query_find(query, T("Protocol")).length == 0)
		query_add_number(query, T("Protocol"), protocol->number.integer);
}

static bool modify_rule(const struct change *change, const struct rule *rule)
{
	static const struct text action = TEXT("ModifyTrafficMirrorFilterRule");
	static const struct value no_config = { .state = VALUE_NULL, .type = &type_dynamic };
	struct arena *arena = arena_of(change);
	struct query query;
	query_init(&query, arena);
	query_add(&query, T("TrafficMirrorFilterRuleId"), rule_id(rule->state));
	if (!encode_modify(&query, rule->rows, rule->state, rule->planned, &no_config)) {
		struct value now = value_copy(arena, rule->state);
		settle_object(arena, rule->rows, rule->planned, &now);
		record(change, rule, &now);
		return true;
	}
	repeat_protocol(&query, rule);
	struct action_answer answer;
	if (!send_action_for(change->operation, action, &query, ACTION_CHANGES, rule_id_path, &answer))
		return false;
	if (text_equal(answer.error_code, rule_not_found)) { // deleted by somebody else since it was read
		record(change, rule, NULL);
		return create_rule(change, rule);
	}
	if (answer.error_code.length > 0)
		return fail(change, rule, "change", action, &answer);
	return record_answer(change, rule, &answer);
}

static bool delete_rule(const struct change *change, const struct rule *rule)
{
	static const struct text action = TEXT("DeleteTrafficMirrorFilterRule");
	struct query query;
	query_init(&query, arena_of(change));
	query_add(&query, T("TrafficMirrorFilterRuleId"), rule_id(rule->state));
	struct action_answer answer;
	if (!send_action(change->operation, action, &query, ACTION_CHANGES, &answer))
		return false;
	if (answer.error_code.length > 0 && !text_equal(answer.error_code, rule_not_found))
		return fail(change, rule, "delete", action, &answer);
	recent_forget(rule_id(rule->state));
	record(change, rule, NULL);
	return true;
}

// --- all rules ---

static size_t count_rules(const struct change *change)
{
	size_t count = 0;
	for (size_t i = 0; i < DIRECTIONS; i++) {
		const struct value *map = value_field(change->state, text_of(directions[i].attribute));
		count += value_is_known(map) ? map->count : 0;
	}
	return count;
}

// The first rule, by direction and number, that exists and is not planned.
static bool find_surplus(const struct change *change, struct rule *ret_rule)
{
	for (size_t i = 0; i < DIRECTIONS; i++) {
		const struct value *map = value_field(change->state, text_of(directions[i].attribute));
		for (size_t j = 0; value_is_known(map) && j < map->count; j++) {
			*ret_rule = rule_of(change, &directions[i], map->keys[j]);
			if (!ret_rule->planned)
				return true;
		}
	}
	return false;
}

static bool delete_surplus(const struct change *change)
{
	struct rule rule;
	while (find_surplus(change, &rule)) {
		if (!delete_rule(change, &rule))
			return false;
	}
	return true;
}

// One rule goes first when there is no room for another.
static bool make_room(const struct change *change)
{
	struct rule rule;
	if (count_rules(change) < RULES_MOST || !find_surplus(change, &rule))
		return true;
	return delete_rule(change, &rule);
}

// Creates the planned rules that are missing (creates), or changes those that are there.
static bool bring_planned(const struct change *change, bool creates)
{
	for (size_t i = 0; i < DIRECTIONS; i++) {
		const struct value *map = value_field(change->planned, text_of(directions[i].attribute));
		for (size_t j = 0; value_is_known(map) && j < map->count; j++) {
			struct rule rule = rule_of(change, &directions[i], map->keys[j]);
			rule.planned = &map->items[j]; // it is, and static analyzers see that it is no NULL
			if (creates && !rule.state && !(make_room(change) && create_rule(change, &rule)))
				return false;
			bool is_old = find_rule(change->before, &directions[i], map->keys[j]) != NULL;
			if (!creates && is_old && rule.state && !modify_rule(change, &rule))
				return false;
		}
	}
	return true;
}

// --- network services ---

static size_t add_services(struct query *query, struct text parameter, const struct value *from, const struct value *to)
{
	size_t count = 0;
	for (size_t i = 0; value_is_known(to) && i < to->count; i++) {
		if (!value_has_string(from, to->items[i].string))
			query_add_item(query, parameter, ++count, T(""), to->items[i].string);
	}
	return count;
}

static bool bring_services(const struct change *change)
{
	static const struct text action = TEXT("ModifyTrafficMirrorFilterNetworkServices");
	struct arena *arena = arena_of(change);
	struct value *state = value_field(change->state, T("network_services"));
	const struct value *planned = value_field(change->planned, T("network_services"));
	if (value_is_unknown(planned))
		return true;
	struct query query;
	query_init(&query, arena);
	query_add(&query, T("TrafficMirrorFilterId"), filter_id(change));
	size_t differences = add_services(&query, T("AddNetworkService"), state, planned);
	differences += add_services(&query, T("RemoveNetworkService"), planned, state);
	if (differences == 0)
		return true;
	struct action_answer answer;
	if (!send_action(change->operation, action, &query, ACTION_CHANGES, &answer))
		return false;
	if (answer.error_code.length == 0) {
		*state = value_copy(arena, planned);
		return true;
	}
	struct text id = filter_id(change);
	const struct path at = path_attribute(NULL, T("network_services"));
	const struct error_place place = {
		.action = action,
		.doing = text_print(arena, "change the network services of the %s %.*s",
				    change->operation->resource->set.noun, TEXT_ARG(id)),
		.at = &at,
	};
	error_add(change->operation->call, &place, &answer);
	return false;
}

// --- tags ---

static bool bring_tags(const struct change *change)
{
	struct text *ids = ARENA_ARRAY(arena_of(change), struct text, 1 + count_rules(change));
	size_t count = 0;
	ids[count++] = filter_id(change);
	for (size_t i = 0; i < DIRECTIONS; i++) {
		const struct value *map = value_field(change->state, text_of(directions[i].attribute));
		for (size_t j = 0; value_is_known(map) && j < map->count; j++)
			ids[count++] = rule_id(&map->items[j]);
	}
	struct value *state = value_field(change->state, T("tags_all"));
	const struct value *planned = value_field(change->planned, T("tags_all"));
	if (value_is_unknown(planned))
		return true;
	if (!tags_change(change->operation, ids, count, state, planned))
		return false;
	*state = value_copy(arena_of(change), planned);
	return true;
}

static bool bring_rules(const struct change *change)
{
	return bring_planned(change, true) && bring_planned(change, false) && delete_surplus(change);
}

bool rules_finish_create(const struct operation *operation, const struct value *planned, struct value *state)
{
	const struct value before = value_copy(operation->call->arena, state);
	const struct change change = { operation, planned, state, &before };
	return bring_services(&change) && bring_rules(&change);
}

static bool touches_rules(const struct change *change)
{
	const struct text tags = T("tags_all"); // theirs too
	bool touches = !value_equal(value_field(change->before, tags), value_field(change->planned, tags));
	for (size_t i = 0; i < DIRECTIONS; i++) {
		const struct text name = text_of(directions[i].attribute);
		touches |= !value_equal(value_field(change->before, name), value_field(change->planned, name));
	}
	return touches;
}

// EC2 has just shown these rules to a refresh, or an earlier run made them a moment ago; when they were made, nothing
// remembers. So that one of them is not found is doubted for a while.
static void doubt_rules(const struct change *change)
{
	for (size_t i = 0; i < DIRECTIONS; i++) {
		const struct value *map = value_field(change->before, text_of(directions[i].attribute));
		for (size_t j = 0; value_is_known(map) && j < map->count; j++)
			recent_doubt(change->operation->call->clock, rule_id(&map->items[j]));
	}
}

bool rules_finish_update(const struct operation *operation, const struct value *planned, struct value *state)
{
	const struct value before = value_copy(operation->call->arena, state);
	const struct change change = { operation, planned, state, &before };
	if (touches_rules(&change))
		doubt_rules(&change);
	return bring_services(&change) && bring_rules(&change) && bring_tags(&change);
}
