// SPDX-License-Identifier: MPL-2.0
// Whoever finds nobody at the head of the line leads: it waits a moment for others, flies for them all (flight.h), and
// leaves the lead to the next who still waits (line.h). Nobody takes from an arena while standing in line; the leader's
// request takes from the flight's own.
#include "ec2/reads.h"

#include "ec2/changes.h"
#include "ec2/error.h"
#include "ec2/line.h"
#include "ec2/names.h"
#include "ec2/patience.h"
#include "ec2/recent.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

// A host sends its reads within a few milliseconds; a request to EC2 takes a hundred.
static const int64_t gather_pause_ms = 5;
enum { GATHER_MOST_PAUSES = 5 };

struct reads {
	pthread_mutex_t lock; // guards all below, the lines and those in them
	struct line *lines;
};

// With the lock held. NULL when there is no memory for it.
static struct line *find_line(struct reads *reads, const struct operation *operation)
{
	struct line *line = reads->lines;
	while (line && (line->client != operation->client || line->resource != operation->resource))
		line = line->next;
	if (line)
		return line;
	line = calloc(1, sizeof *line);
	if (!line)
		return NULL;
	line->client = operation->client;
	line->resource = operation->resource;
	line->age = changes_so_far(operation->changes);
	listing_trail_init(&line->trail);
	line->next = reads->lines;
	reads->lines = line;
	return line;
}

// Until no more reads come, though for a while until there are as many as last time: of a host that reads few at a time
// each is sent when another was answered, and a flight of one less is a request more before all are listed.
static void gather(struct reads *reads, const struct line *line, const struct call *call)
{
	size_t before = 0;
	for (int i = 0; i <= GATHER_MOST_PAUSES; i++) {
		size_t count = 0;
		(void)pthread_mutex_lock(&reads->lock);
		for (const struct wait *wait = line->first; wait; wait = wait->next)
			count++;
		// The leader at least is there. NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
		const bool is_enough = line_wants_page(line) || line->first->apart;
		const bool is_crowd = count >= line->crowd;
		(void)pthread_mutex_unlock(&reads->lock);
		if (is_enough || (count == before && is_crowd) ||
		    !clock_sleep_ms(call->clock, gather_pause_ms, call->cancel))
			return;
		before = count;
	}
}

static void lead(const struct operation *operation, struct line *line)
{
	struct reads *reads = operation->reads;
	const struct call *call = operation->call;
	struct departure departure;
	gather(reads, line, call);
	struct flight *flight = flight_new(call);
	const int64_t now_ms = clock_monotonic_ms(call->clock);

	(void)pthread_mutex_lock(&reads->lock);
	line_freshen(line, changes_so_far(operation->changes), now_ms);
	line_board(line, now_ms, &departure);
	(void)pthread_mutex_unlock(&reads->lock);

	if (flight && departure.is_page)
		flight_ask_page(operation, flight, departure.before ? departure.before->next_token : T(""));
	else if (flight)
		flight_ask_ids(operation, flight, departure.ids, departure.count);

	(void)pthread_mutex_lock(&reads->lock);
	// A wish to stop is this call's own; for the others the next leader asks again.
	if (cancel_fired(call->cancel) && flight && flight->outcome == FLIGHT_LOST)
		line_abandon(line);
	else
		line_land(line, changes_so_far(operation->changes), &departure, flight);
	(void)pthread_mutex_unlock(&reads->lock);
	flight_release(departure.before);
	flight_release(flight);
}

static void sleep_in_line(const struct wait *wait, const struct call *call)
{
	struct pollfd events[] = {
		{ .fd = wait->wake, .events = POLLIN },
		{ .fd = cancel_fd(call->cancel), .events = POLLIN },
	};
	while (poll(events, sizeof events / sizeof events[0], -1) < 0 && errno == EINTR)
		;
	uint64_t count;
	(void)!read(wait->wake, &count, sizeof count);
}

// Stays in line until the read has a verdict.
static void stand(const struct operation *operation, struct line *line, struct wait *wait)
{
	struct reads *reads = operation->reads;
	for (;;) {
		(void)pthread_mutex_lock(&reads->lock);
		if (!wait->settled && cancel_fired(operation->call->cancel))
			line_settle(line, wait, VERDICT_STOPPED, NULL);
		const bool settled = wait->settled, leads = wait->leads;
		if (settled && leads)
			line_pass_lead(line, wait);
		(void)pthread_mutex_unlock(&reads->lock);
		if (settled)
			return;
		if (leads)
			lead(operation, line);
		else
			sleep_in_line(wait, operation->call);
	}
}

// The line that the read now stands in; NULL when it is settled already, or there is no memory for a line.
static struct line *join(const struct operation *operation, struct wait *wait)
{
	struct reads *reads = operation->reads;
	const int64_t now_ms = clock_monotonic_ms(operation->call->clock);
	(void)pthread_mutex_lock(&reads->lock);
	struct line *line = find_line(reads, operation);
	if (line) {
		line_freshen(line, changes_so_far(operation->changes), now_ms);
		line_join(line, wait);
	}
	// Under the lock: whoever leads may settle it from now on.
	struct line *const joined = wait->settled ? NULL : line;
	(void)pthread_mutex_unlock(&reads->lock);
	return joined;
}

// Without others: when there is no way to wait for them, or the id is longer than any.
static void go_alone(const struct operation *operation, struct wait *wait)
{
	do {
		flight_release(wait->flight);
		wait->flight = flight_new(operation->call);
		if (wait->flight)
			flight_ask_ids(operation, wait->flight, &wait->id, 1);
		wait->verdict = line_judge(wait->flight, wait, 1);
	} while (wait->verdict == VERDICT_NONE);
}

static enum reads_result tell_loss(const struct operation *operation, const struct wait *wait)
{
	struct call *call = operation->call;
	const char *noun = operation->resource->set.noun;
	const bool is_told = wait->flight && wait->flight->told.first;
	if (is_told)
		diag_pass_on(call, &wait->flight->told);
	else if (wait->verdict == VERDICT_STOPPED)
		diag_error(call, NULL, "Stopped",
			   "The %s %.*s was not read because Terraform asked to stop. Nothing was changed.", noun,
			   TEXT_ARG(wait->id));
	else
		diag_error(call, NULL, "Out of memory", "There was no memory to read the %s %.*s.", noun,
			   TEXT_ARG(wait->id));
	return READS_FAILED;
}

static enum reads_result tell_refusal(const struct operation *operation, const struct wait *wait)
{
	struct arena *arena = operation->call->arena;
	const struct error_place place = {
		.action = names_describe(arena, operation->resource),
		.doing = text_print(arena, "read the %s %.*s", operation->resource->set.noun, TEXT_ARG(wait->id)),
	};
	error_add(operation->call, &place, &wait->flight->answer);
	return READS_FAILED;
}

static enum reads_result tell_strangeness(const struct operation *operation, const struct wait *wait)
{
	struct call *call = operation->call;
	struct text action = names_describe(call->arena, operation->resource);
	const struct text request_id = wait->flight ? wait->flight->answer.request_id : T("");
	diag_error(
		call, NULL, "Unreadable response from EC2",
		"%d responses to %.*s list other objects instead of the %s %.*s, as a proxy gives them that mixes up "
		"its connections. So the provider does not know whether it exists, and changed nothing. Plan again. "
		"Request id of the last response: %.*s",
		wait->strange, TEXT_ARG(action), operation->resource->set.noun, TEXT_ARG(wait->id),
		TEXT_ARG(request_id));
	return READS_FAILED;
}

static void release(void *flight)
{
	flight_release(flight);
}

static enum reads_result look_up(const struct operation *operation, struct text id, const struct xml_node **ret_item)
{
	struct wait wait = { .id = id, .wake = -1 };
	if (id.length <= FLIGHT_ID_BYTES)
		wait.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	struct line *line = wait.wake >= 0 ? join(operation, &wait) : NULL;
	if (line)
		stand(operation, line, &wait);
	if (wait.wake >= 0)
		(void)close(wait.wake);
	if (!wait.settled)
		go_alone(operation, &wait);
	if (wait.flight)
		arena_on_free(operation->call->arena, release, wait.flight);
	switch (wait.verdict) {
	case VERDICT_FOUND:
		*ret_item = flight_find(wait.flight, id);
		return READS_FOUND;
	case VERDICT_GONE:
		return READS_GONE;
	case VERDICT_STRANGE:
		return tell_strangeness(operation, &wait);
	case VERDICT_REFUSED:
		return tell_refusal(operation, &wait);
	case VERDICT_NONE: // never of a read that is settled
	case VERDICT_LOST:
	case VERDICT_STOPPED:
		break;
	}
	return tell_loss(operation, &wait);
}

enum reads_result reads_describe(const struct operation *operation, struct text id, const struct xml_node **ret_item)
{
	const struct call *call = operation->call;
	struct patience patience = patience_of(PATIENCE_UNSEEN_MS);
	for (;;) {
		// Before the question: what turns old while it is answered has not been asked for since.
		const bool is_new = recent_has(call->clock, id);
		const enum reads_result result = look_up(operation, id, ret_item);
		if (result != READS_GONE || !is_new)
			return result;
		if (!patience_wait(call, &patience))
			return READS_UNSEEN;
	}
}

struct reads *reads_new(void)
{
	struct reads *reads = calloc(1, sizeof *reads);
	if (reads)
		(void)pthread_mutex_init(&reads->lock, NULL);
	return reads;
}

void reads_free(struct reads *reads)
{
	if (!reads)
		return;
	while (reads->lines) {
		struct line *next = reads->lines->next;
		line_drop_pages(reads->lines);
		free(reads->lines);
		reads->lines = next;
	}
	(void)pthread_mutex_destroy(&reads->lock);
	free(reads);
}
