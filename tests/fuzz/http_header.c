// SPDX-License-Identifier: MPL-2.0
// Headers of answers, the date among them, and the body: the input's first byte is the status, then come header lines
// up to an empty one, then the body.
#include "aws/answer.h"

#include "aws/http.h"
#include "aws/skew.h"
#include "base/limits.h"
#include "fuzz.h"
#include "moment.h"

// The same by another way: the lines behind the last status line, from the end to the beginning.
static struct text find_header(struct text lines, struct text name)
{
	struct text line, found = T("");
	bool is_found = false;
	while (text_take_until(&lines, '\n', &line)) {
		size_t colon = 0;
		while (colon < line.length && line.at[colon] != ':')
			colon++;
		if (text_starts_with(line, T("HTTP/")))
			is_found = false;
		else if (!is_found && colon < line.length && text_equal_ignore_case(text_part(line, 0, colon), name)) {
			is_found = true;
			found = text_trim(text_part(line, colon + 1, line.length));
		}
	}
	return is_found ? found : T("");
}

static bool read_date(struct text date, int64_t *ret_ms)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	static const struct text shape = TEXT("???, ?? ??? ???? ??:??:?? GMT");
	for (size_t i = 0; i < shape.length; i++) {
		if (date.length != shape.length || (shape.at[i] != '?' && shape.at[i] != date.at[i]))
			return false;
	}
	struct moment moment = { .year = moment_digits(date, 12, 4),
				 .day = moment_digits(date, 5, 2),
				 .hour = moment_digits(date, 17, 2),
				 .minute = moment_digits(date, 20, 2),
				 .second = moment_digits(date, 23, 2) };
	for (int i = 0; i < 12; i++) {
		if (text_equal(text_part(date, 8, 3), text_of(months[i])))
			moment.month = i + 1;
	}
	*ret_ms = moment_exists(&moment) ? moment_seconds(&moment) * 1000 : 0;
	return moment_exists(&moment);
}

static void check_date(struct text date, struct text age)
{
	int64_t expected_ms = 0, read_ms = 0, skew_ms = 0;
	bool is_date = read_date(date, &expected_ms);
	fuzz_check(skew_parse_date(date, &read_ms) == is_date, "%.*s is a date or not", TEXT_ARG(date));
	bool measured = skew_measure(date, age, 1000, 3000, &skew_ms);
	fuzz_check(measured == (is_date && age.length == 0), "an answer tells the service's time or not");
	if (is_date)
		fuzz_check(read_ms == expected_ms, "%.*s is read as %lld ms", TEXT_ARG(date), (long long)read_ms);
	if (measured)
		fuzz_check(skew_ms == expected_ms - 2000, "the skew is %lld ms", (long long)skew_ms);
}

static void check_answer(struct call *call, struct http_response *response)
{
	struct action_answer answer;
	struct text problem = T("");
	const struct action action = { .name = T("X") };
	bool good = answer_read(call->arena, &action, response, &answer, &problem);
	bool is_well = response->status >= 200 && response->status <= 299;
	fuzz_check(answer.http_status == response->status, "another status");
	if (!good) {
		fuzz_check(problem.length > 0, "no reason is given");
		fuzz_check(answer.error_code.length == 0 && !answer.root, "what is no answer says something");
		return;
	}
	fuzz_check(answer.error_code.length > 0 || (is_well && answer.root), "an answer says nothing");
	fuzz_check(answer.error_code.length > 0 || text_equal(answer.root->name, T("XResponse")),
		   "a foreign document is an answer");
	fuzz_check(!text_starts_with(answer.error_code, T("Client.")), "a code has its prefix");
}

static void check(struct call *call, void *argument)
{
	static const int statuses[] = { 200, 400, 403, 500, 503, 204, 302, 100 };
	static const char *const names[] = { "Date", "age", "x-amzn-RequestId", "x-amz-request-id", "A" };
	struct choices *choices = argument;
	struct http_response response;
	http_response_init(&response);
	response.problem = HTTP_ANSWERED;
	response.status = statuses[choices_below(choices, 8)];
	struct text rest = choices_rest(choices), all = rest, line;
	bool fits = true;
	while (fits && text_take_until(&rest, '\n', &line) && text_trim(line).length > 0)
		fits = http_response_add_header_line(
			&response, (struct text){ line.at, line.length + (rest.at > line.at + line.length) });
	fuzz_check(fits && response.header_lines.length <= LIMIT_RESPONSE_HEADER_BYTES, "the ceiling is passed");
	struct text lines = text_part(all, 0, all.length - rest.length);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		fuzz_check(text_equal(http_response_header(&response, text_of(names[i])),
				      find_header(lines, text_of(names[i]))),
			   "%s is found as something else", names[i]);
	check_date(http_response_header(&response, T("date")), http_response_header(&response, T("AGE")));
	fuzz_check(http_response_add_body(&response, rest), "a small body does not fit");
	check_answer(call, &response);
	http_response_free(&response);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct choices choices = { bytes, size };
	fuzz_run(check, &choices, size);
	return 0;
}
