// SPDX-License-Identifier: MPL-2.0
#include "ec2/line.h"

#include <string.h>
#include <unistd.h>

// A listing older than this answers nothing. A walk of thousands of objects takes less.
static const int64_t listing_ms = 120 * 1000;

// --- who waits ---

void line_drop_pages(struct line *line)
{
	while (line->pages) {
		struct flight *older = line->pages->older;
		flight_release(line->pages);
		line->pages = older;
	}
	listing_trail_free(&line->trail);
	line->listed_all = false;
}

void line_freshen(struct line *line, uint64_t age, int64_t now_ms)
{
	if (line->age != age) {
		line_drop_pages(line);
		line->age = age;
		line->has_flown = false;
		line->asked = 0;
	} else if (line->pages && now_ms - line->listed_ms >= listing_ms) {
		line_drop_pages(line);
	}
}

static struct flight *find_page(const struct line *line, struct text id)
{
	struct flight *page = line->pages;
	while (page && !flight_find(page, id))
		page = page->older;
	return page;
}

static void count_asked(struct line *line, struct text id)
{
	char padded[FLIGHT_ID_BYTES] = { 0 };
	memcpy(padded, id.at, id.length);
	for (size_t i = 0; i < line->asked; i++) {
		if (memcmp(line->asked_ids[i], padded, sizeof padded) == 0)
			return;
	}
	if (line->asked < LINE_LISTS_FROM)
		memcpy(line->asked_ids[line->asked++], padded, sizeof padded);
}

void line_join(struct line *line, struct wait *wait)
{
	struct wait **end = &line->first;
	while (*end)
		end = &(*end)->next;
	*end = wait;
	count_asked(line, wait->id);
	struct flight *page = find_page(line, wait->id);
	if (page)
		line_settle(line, wait, VERDICT_FOUND, page);
	else if (!line->is_led)
		wait->leads = line->is_led = true;
}

static void unlink_wait(struct line *line, const struct wait *wait)
{
	struct wait **link = &line->first;
	while (*link && *link != wait)
		link = &(*link)->next;
	if (*link)
		*link = wait->next;
}

static void wake(const struct wait *wait)
{
	const uint64_t one = 1;
	(void)!write(wait->wake, &one, sizeof one);
}

void line_settle(struct line *line, struct wait *wait, enum verdict verdict, struct flight *flight)
{
	unlink_wait(line, wait);
	wait->settled = true;
	wait->verdict = verdict;
	wait->flight = flight;
	if (flight)
		flight_hold(flight);
	wake(wait);
}

void line_pass_lead(struct line *line, struct wait *from)
{
	from->leads = false;
	line->is_led = line->first != NULL;
	if (!line->first)
		return;
	line->first->leads = true;
	wake(line->first);
}

// --- departure ---

bool line_wants_page(const struct line *line)
{
	if (line->lists_not || line->listed_all)
		return false;
	return line->pages || (line->has_flown && line->asked == LINE_LISTS_FROM);
}

static void board_ids(struct line *line, struct departure *departure)
{
	for (struct wait *wait = line->first; wait && departure->count < FLIGHT_MOST_IDS; wait = wait->next) {
		if (wait->apart && departure->count > 0)
			continue;
		char *copy = departure->bytes[departure->count];
		memcpy(copy, wait->id.at, wait->id.length);
		departure->ids[departure->count++] = (struct text){ copy, wait->id.length };
		wait->aboard = true;
		if (wait->apart)
			return;
	}
}

void line_board(struct line *line, int64_t now_ms, struct departure *ret_departure)
{
	ret_departure->is_page = line_wants_page(line);
	ret_departure->before = line->pages;
	ret_departure->age = line->age;
	ret_departure->at_ms = now_ms;
	ret_departure->count = 0;
	if (line->pages)
		flight_hold(line->pages);
	if (!ret_departure->is_page) {
		board_ids(line, ret_departure);
		line->crowd = ret_departure->count;
	}
	for (struct wait *wait = line->first; ret_departure->is_page && wait; wait = wait->next)
		wait->aboard = true;
}

// --- landing ---

// An answer that does not list what was asked for may be one to somebody else, from a proxy that mixes up its
// connections: EC2 says "not found" of what is not there. It is believed when the object's own request brings it again,
// and never when it lists others.
static enum verdict judge_absence(const struct flight *flight, struct wait *wait, size_t count)
{
	if (flight->is_strange)
		return ++wait->strange < LINE_MOST_STRANGE ? VERDICT_NONE : VERDICT_STRANGE;
	const bool again = wait->missed && count == 1;
	wait->missed = true;
	return again ? VERDICT_GONE : VERDICT_NONE;
}

enum verdict line_judge(const struct flight *flight, struct wait *wait, size_t count)
{
	if (!flight)
		return VERDICT_LOST;
	switch (flight->outcome) {
	case FLIGHT_LOST:
		return VERDICT_LOST;
	case FLIGHT_LANDED:
		return flight_find(flight, wait->id) ? VERDICT_FOUND : judge_absence(flight, wait, count);
	case FLIGHT_NOT_FOUND:
		return count == 1 || flight_blames(flight, wait->id) ? VERDICT_GONE : VERDICT_NONE;
	case FLIGHT_REFUSED:
		break;
	}
	// One id that is no id has the whole request refused.
	const bool may_be_anothers = count > 1 && text_starts_with(flight->answer.error_code, T("Invalid"));
	return may_be_anothers ? VERDICT_NONE : VERDICT_REFUSED;
}

static void land_ids(struct line *line, const struct departure *departure, struct flight *flight)
{
	bool settled_any = false;
	for (struct wait *wait = line->first, *next; wait; wait = next) {
		next = wait->next;
		if (!wait->aboard)
			continue;
		const enum verdict verdict = line_judge(flight, wait, departure->count);
		if (verdict == VERDICT_NONE)
			continue;
		line_settle(line, wait, verdict, flight);
		settled_any = true;
	}
	for (struct wait *wait = line->first; wait; wait = wait->next)
		wait->apart = wait->apart || (wait->aboard && (!settled_any || wait->missed || wait->strange > 0));
	line->has_flown = true;
}

static void keep_page(struct line *line, const struct departure *departure, struct flight *flight)
{
	if (!line->pages)
		line->listed_ms = departure->at_ms;
	line->listed_all = listing_follow(&line->trail, flight->next_token) != LISTING_GOES_ON;
	flight->older = line->pages;
	line->pages = flight;
	flight_hold(flight);
}

static void land_page(struct line *line, uint64_t age, const struct departure *departure, struct flight *flight)
{
	if (!flight || flight->outcome != FLIGHT_LANDED) {
		line->lists_not = true; // not permitted, too large, whatever: by id it may still go
		return;
	}
	// The listing that it continues may have been dropped, and changes made, since it was asked for.
	const bool is_kept = departure->age == age && departure->before == line->pages;
	for (struct wait *wait = line->first, *next; wait; wait = next) {
		next = wait->next;
		if ((wait->aboard || is_kept) && flight_find(flight, wait->id))
			line_settle(line, wait, VERDICT_FOUND, flight);
	}
	if (is_kept)
		keep_page(line, departure, flight);
}

void line_abandon(struct line *line)
{
	for (struct wait *wait = line->first; wait; wait = wait->next)
		wait->aboard = false;
}

void line_land(struct line *line, uint64_t age, const struct departure *departure, struct flight *flight)
{
	if (departure->is_page)
		land_page(line, age, departure, flight);
	else
		land_ids(line, departure, flight);
	line_abandon(line);
}
