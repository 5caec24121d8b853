// SPDX-License-Identifier: MPL-2.0
#include "reply.h"

#include "actions.h"
#include "fields.h"

#include <string.h>

struct style {
	const char *namespace;
	const char *item; // what an element of a list is called
};

static const struct style styles[SERVICE_COUNT] = {
	[SERVICE_EC2] = { "http://ec2.amazonaws.com/doc/2016-11-15/", "item" },
	[SERVICE_STS] = { "https://sts.amazonaws.com/doc/2011-06-15/", "member" },
	[SERVICE_ELB] = { "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/", "member" },
};

static void write_escaped(struct buffer *out, struct text value)
{
	for (size_t i = 0; i < value.length; i++) {
		switch (value.at[i]) {
		case '&':
			buffer_append_text(out, T("&amp;"));
			break;
		case '<':
			buffer_append_text(out, T("&lt;"));
			break;
		case '>':
			buffer_append_text(out, T("&gt;"));
			break;
		case '"':
			buffer_append_text(out, T("&quot;"));
			break;
		case '\r':
			buffer_append_text(out, T("&#13;"));
			break;
		default:
			buffer_append_char(out, value.at[i]);
		}
	}
}

static void open_element(struct buffer *out, const char *name)
{
	buffer_append_char(out, '<');
	buffer_append_text(out, text_of(name));
	buffer_append_char(out, '>');
}

static void close_element(struct buffer *out, const char *name)
{
	buffer_append_text(out, T("</"));
	buffer_append_text(out, text_of(name));
	buffer_append_char(out, '>');
}

static void write_text_element(struct buffer *out, const char *name, struct text value)
{
	open_element(out, name);
	write_escaped(out, value);
	close_element(out, name);
}

static void write_scalar(struct buffer *out, const json_t *value)
{
	if (json_is_integer(value))
		buffer_append_int64(out, json_integer_value(value));
	else if (json_is_boolean(value))
		buffer_append_text(out, json_is_true(value) ? T("true") : T("false"));
	else
		write_escaped(out, (struct text){ json_string_value(value), json_string_length(value) });
}

static void write_tags(struct buffer *out, json_t *tags)
{
	for (void *at = json_object_iter(tags); at; at = json_object_iter_next(tags, at)) {
		open_element(out, "item");
		write_text_element(out, "key", text_of(json_object_iter_key(at)));
		write_text_element(out, "value", text_of(json_string_value(json_object_iter_value(at))));
		close_element(out, "item");
	}
}

static void write_fields(struct buffer *out, const struct style *style, const struct field *fields, json_t *object);

static void write_list(struct buffer *out, const struct style *style, const struct field *fields, json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *item = json_array_get(list, i);
		open_element(out, style->item);
		if (fields)
			write_fields(out, style, fields, item);
		else
			write_scalar(out, item);
		close_element(out, style->item);
	}
}

static void write_value(struct buffer *out, const struct style *style, const struct field *field, json_t *value)
{
	switch (field->kind) {
	case FIELD_SCALAR:
		write_scalar(out, value);
		break;
	case FIELD_STRUCTURE:
		write_fields(out, style, field->fields, value);
		break;
	case FIELD_LIST:
		write_list(out, style, field->fields, value);
		break;
	case FIELD_TAGS:
		write_tags(out, value);
		break;
	}
}

static bool is_empty(const json_t *value)
{
	return (json_is_array(value) && json_array_size(value) == 0) ||
	       (json_is_object(value) && json_object_size(value) == 0);
}

static void write_fields(struct buffer *out, const struct style *style, const struct field *fields, json_t *object)
{
	for (const struct field *field = fields; field->name; field++) {
		json_t *value = json_object_get(object, field->name);
		if (!value)
			continue;
		if (is_empty(value)) {
			buffer_print(out, "<%s/>", field->name);
			continue;
		}
		open_element(out, field->name);
		write_value(out, style, field, value);
		close_element(out, field->name);
	}
}

static void write_ec2_error(const struct exchange *exchange, struct buffer *out)
{
	buffer_append_text(out, T("<Response><Errors><Error>"));
	write_text_element(out, "Code", text_of(exchange->error_code));
	write_text_element(out, "Message", exchange->error_message);
	buffer_append_text(out, T("</Error></Errors>"));
	write_text_element(out, "RequestID", text_of(exchange->request_id));
	buffer_append_text(out, T("</Response>"));
}

static void write_query_error(const struct exchange *exchange, struct buffer *out)
{
	buffer_print(out, "<ErrorResponse xmlns=\"%s\"><Error>", styles[exchange->service].namespace);
	write_text_element(out, "Type", exchange->status >= 500 ? T("Receiver") : T("Sender"));
	write_text_element(out, "Code", text_of(exchange->error_code));
	write_text_element(out, "Message", exchange->error_message);
	buffer_append_text(out, T("</Error>"));
	write_text_element(out, "RequestId", text_of(exchange->request_id));
	buffer_append_text(out, T("</ErrorResponse>"));
}

static void write_result(const struct exchange *exchange, struct buffer *out)
{
	const struct style *style = &styles[exchange->service];
	const char *name = exchange->action->name;
	buffer_print(out, "<%sResponse xmlns=\"%s\">", name, style->namespace);
	if (exchange->service == SERVICE_EC2) {
		write_text_element(out, "requestId", text_of(exchange->request_id));
		write_fields(out, style, exchange->action->result, exchange->result);
	} else {
		buffer_print(out, "<%sResult>", name);
		write_fields(out, style, exchange->action->result, exchange->result);
		buffer_print(out, "</%sResult><ResponseMetadata>", name);
		write_text_element(out, "RequestId", text_of(exchange->request_id));
		buffer_append_text(out, T("</ResponseMetadata>"));
	}
	buffer_print(out, "</%sResponse>", name);
}

void reply_write(const struct exchange *exchange, struct buffer *ret_body)
{
	buffer_append_text(ret_body, T("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
	if (!exchange->error_code)
		write_result(exchange, ret_body);
	else if (exchange->service == SERVICE_EC2)
		write_ec2_error(exchange, ret_body);
	else
		write_query_error(exchange, ret_body);
}
