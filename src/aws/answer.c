// SPDX-License-Identifier: MPL-2.0
#include "aws/answer.h"

// Where the services put them: EC2 before the others.
static const struct text error_places[] = { TEXT("Errors/Error"), TEXT("Error") };
static const struct text request_id_places[] = {
	TEXT("requestId"),
	TEXT("RequestID"),
	TEXT("RequestId"),
	TEXT("ResponseMetadata/RequestId"),
};
static const struct text request_id_headers[] = { TEXT("x-amzn-RequestId"), TEXT("x-amz-request-id") };

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct text find_request_id(struct arena *arena, const struct http_response *response,
				   const struct xml_node *root)
{
	struct text id = T("");
	for (size_t i = 0; id.length == 0 && i < COUNT(request_id_places); i++)
		id = text_trim(xml_text(root, request_id_places[i]));
	for (size_t i = 0; id.length == 0 && i < COUNT(request_id_headers); i++)
		id = http_response_header(response, request_id_headers[i]);
	return text_is_visible(id) ? text_copy(arena, id) : T(""); // it goes to a terminal
}

static struct text without_prefix(struct text code, struct text prefix)
{
	return text_starts_with(code, prefix) ? text_part(code, prefix.length, code.length) : code;
}

static void find_error(const struct xml_node *root, struct action_answer *answer)
{
	for (size_t i = 0; i < COUNT(error_places); i++) {
		const struct xml_node *error = xml_find(root, error_places[i]);
		const struct text code = text_trim(xml_text(error, T("Code")));
		if (code.length == 0)
			continue;
		answer->error_code = without_prefix(without_prefix(code, T("Client.")), T("Server."));
		answer->error_message = text_trim(xml_text(error, T("Message")));
		return;
	}
}

static bool is_error_document(const struct xml_node *root)
{
	return text_equal(root->name, T("Response")) || text_equal(root->name, T("ErrorResponse"));
}

// A list that another request asked for has none of our objects, and its success is not ours.
static bool is_answer_to(const struct xml_node *root, struct text action)
{
	return text_starts_with(root->name, action) &&
	       text_equal(text_part(root->name, action.length, root->name.length), T("Response"));
}

bool answer_read(struct arena *arena, const struct action *action, const struct http_response *response,
		 struct action_answer *ret_answer, struct text *ret_problem)
{
	*ret_answer = (struct action_answer){ .http_status = response->status };
	*ret_problem = T("it is empty");
	const struct text body = buffer_text(&response->body);
	if (text_trim(body).length)
		ret_answer->root = xml_parse(arena, body, ret_problem);
	ret_answer->request_id = find_request_id(arena, response, ret_answer->root);
	if (!ret_answer->root)
		return false;
	const bool well = response->status >= 200 && response->status <= 299;
	if (!well || is_error_document(ret_answer->root))
		find_error(ret_answer->root, ret_answer);
	if (ret_answer->error_code.length)
		return true;
	if (!well)
		*ret_problem = T("it is XML, but not an error of AWS");
	else if (is_error_document(ret_answer->root))
		*ret_problem = T("it is an error without a code");
	else if (!text_ends_with(ret_answer->root->name, T("Response")))
		*ret_problem = T("it is XML, but not a response of AWS");
	else if (!is_answer_to(ret_answer->root, action->name))
		*ret_problem = T("it is the response to another request");
	else if (action->needed.length && xml_text(ret_answer->root, action->needed).length == 0)
		*ret_problem = text_print(arena, "it has no %.*s; request id: %.*s", TEXT_ARG(action->needed),
					  TEXT_ARG(ret_answer->request_id));
	else
		return true;
	ret_answer->root = NULL;
	return false;
}

bool answer_leaves_doubt(const struct http_response *response, bool read)
{
	const int status = response->status;
	if (response->problem != HTTP_ANSWERED)
		return response->sent;
	if (status >= 200 && status <= 299)
		return !read; // a change that nobody saw
	// A fault of the service, or of a proxy in between, may have come after the effect.
	return response->resent || status == 500 || status == 502 || status == 504;
}
