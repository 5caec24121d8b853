// SPDX-License-Identifier: MPL-2.0
#include "parameters.h"

#include <limits.h>
#include <string.h>

// Positions in a list; the longest list that EC2 takes has 1,000 items.
#define PARAMETERS_LIST_MAX 1000

static const struct parameter common_rows[] = {
	{ .name = "DryRun", .kind = PARAMETER_BOOLEAN },
	{ 0 },
};

static const struct parameter *find_row(const struct parameter *rows, struct text name)
{
	for (; rows->name; rows++) {
		if (text_equal(text_of(rows->name), name))
			return rows;
	}
	return NULL;
}

static bool refuse_unknown(struct exchange *exchange, const struct form_pair *pair)
{
	return exchange_refuse(exchange, "UnknownParameter", "The parameter %.*s is not recognized",
			       TEXT_ARG(pair->name));
}

// EC2 has a code for each way in which a parameter is wrong, the other services have one for all.
static const char *code_of(const struct exchange *exchange, const char *of_ec2)
{
	return exchange->service == SERVICE_EC2 ? of_ec2 : "ValidationError";
}

static bool refuse_value(struct exchange *exchange, const struct form_pair *pair, const char *why)
{
	return exchange_refuse(exchange, code_of(exchange, "InvalidParameterValue"),
			       "Value (%.*s) for parameter %.*s is invalid. %s", TEXT_ARG(pair->value),
			       TEXT_ARG(pair->name), why);
}

static bool is_choice(const struct parameter *row, struct text value)
{
	for (const char *const *choice = row->choices; *choice; choice++) {
		if (text_equal(text_of(*choice), value))
			return true;
	}
	return false;
}

static json_t *read_integer(struct exchange *exchange, const struct parameter *row, const struct form_pair *pair)
{
	int64_t number = 0;
	if (!text_to_int64(pair->value, &number) || number < INT_MIN || number > INT_MAX) {
		refuse_value(exchange, pair, "Expected an integer.");
		return NULL;
	}
	if (row->maximum > row->minimum && (number < row->minimum || number > row->maximum)) {
		exchange_refuse(exchange, code_of(exchange, "InvalidParameterValue"),
				"Value (%.*s) for parameter %.*s is invalid. Expected a number from %lld to %lld.",
				TEXT_ARG(pair->value), TEXT_ARG(pair->name), (long long)row->minimum,
				(long long)row->maximum);
		return NULL;
	}
	return json_integer(number);
}

static json_t *read_scalar(struct exchange *exchange, const struct parameter *row, const struct form_pair *pair)
{
	switch (row->kind) {
	case PARAMETER_INTEGER:
		return read_integer(exchange, row, pair);
	case PARAMETER_BOOLEAN:
		if (text_equal(pair->value, T("true")))
			return json_true();
		if (text_equal(pair->value, T("false")))
			return json_false();
		refuse_value(exchange, pair, "Expected true or false.");
		return NULL;
	case PARAMETER_TEXT:
		if (!row->choices || is_choice(row, pair->value))
			return json_stringn(pair->value.at, pair->value.length);
		refuse_value(exchange, pair, "It is not one of the allowed values.");
		return NULL;
	case PARAMETER_STRUCTURE:
		break;
	}
	refuse_unknown(exchange, pair); // a structure has no value of its own
	return NULL;
}

// Takes the position off a list parameter's name. False when there is none: "Tag.Key", "Tag.0.Key".
static bool take_position(struct exchange *exchange, struct text *rest, size_t *ret_index)
{
	struct text part = { 0 };
	int64_t position = 0;
	if (exchange->service != SERVICE_EC2 && (!text_take_until(rest, '.', &part) || !text_equal(part, T("member"))))
		return false;
	if (!text_take_until(rest, '.', &part) || !text_to_int64(part, &position))
		return false;
	*ret_index = (size_t)position - 1;
	return position >= 1 && position <= PARAMETERS_LIST_MAX;
}

static bool put_scalar(struct exchange *exchange, const struct parameter *row, const struct form_pair *pair,
		       json_t *holder, size_t index)
{
	const json_t *old = row->list ? json_array_get(holder, index) : json_object_get(holder, row->name);
	if (old && !json_is_null(old))
		return exchange_refuse(exchange, "MalformedQueryString", "The parameter %.*s is given twice",
				       TEXT_ARG(pair->name));
	json_t *value = read_scalar(exchange, row, pair);
	if (!value)
		return false;
	if (row->list)
		json_array_set_new(holder, index, value);
	else
		json_object_set_new(holder, row->name, value);
	return true;
}

// The object that holds a structure's fields: a list's item, or a member of `into`. Made when it is not there yet.
static json_t *structure_at(const struct parameter *row, json_t *holder, size_t index)
{
	json_t *found = row->list ? json_array_get(holder, index) : json_object_get(holder, row->name);
	if (json_is_object(found))
		return found;
	json_t *made = json_object();
	if (row->list)
		json_array_set_new(holder, index, made);
	else
		json_object_set_new(holder, row->name, made);
	return made;
}

// Walks a dotted name down the rows and the tree that is being built; there are two levels of structures at most.
static bool put_pair(struct exchange *exchange, const struct parameter *rows, const struct form_pair *pair)
{
	json_t *holder = exchange->parameters;
	struct text rest = pair->name;
	struct text part = { 0 };
	while (text_take_until(&rest, '.', &part)) {
		const struct parameter *row = find_row(rows, part);
		if (!row && rows != common_rows && holder == exchange->parameters && exchange->service == SERVICE_EC2)
			row = find_row(common_rows, part);
		if (!row)
			return refuse_unknown(exchange, pair);
		size_t index = 0;
		if (row->list) {
			if (!take_position(exchange, &rest, &index))
				return refuse_unknown(exchange, pair);
			json_t *list = json_object_get(holder, row->name);
			if (!list)
				json_object_set_new(holder, row->name, list = json_array());
			while (json_array_size(list) <= index)
				json_array_append_new(list, json_null());
			holder = list;
		}
		if (row->kind != PARAMETER_STRUCTURE)
			return rest.length > 0 ? refuse_unknown(exchange, pair)
					       : put_scalar(exchange, row, pair, holder, index);
		holder = structure_at(row, holder, index);
		rows = row->fields;
	}
	return refuse_unknown(exchange, pair);
}

// Positions may have gaps (AWS takes them in order); the holes go.
static void close_gaps(json_t *list)
{
	for (size_t i = json_array_size(list); i-- > 0;) {
		if (json_is_null(json_array_get(list, i)))
			json_array_remove(list, i);
	}
}

static bool check_required(struct exchange *exchange, const struct parameter *rows, json_t *values)
{
	for (; rows->name; rows++) {
		json_t *value = json_object_get(values, rows->name);
		if (!value && rows->required)
			return exchange_refuse(exchange, code_of(exchange, "MissingParameter"),
					       "The request must contain the parameter %s", rows->name);
		if (!value)
			continue;
		if (rows->list)
			close_gaps(value);
		if (rows->kind != PARAMETER_STRUCTURE)
			continue;
		const size_t count = rows->list ? json_array_size(value) : 1;
		for (size_t i = 0; i < count; i++) {
			json_t *item = rows->list ? json_array_get(value, i) : value;
			if (!check_required(exchange, rows->fields, item))
				return false;
		}
	}
	return true;
}

bool parameters_check(struct exchange *exchange, const struct parameter *rows)
{
	exchange->parameters = json_object();
	for (size_t i = 0; i < exchange->form.count; i++) {
		const struct form_pair *pair = &exchange->form.pairs[i];
		if (text_equal(pair->name, T("Action")) || text_equal(pair->name, T("Version")))
			continue;
		if (!put_pair(exchange, rows, pair))
			return false;
	}
	return check_required(exchange, rows, exchange->parameters);
}
