// SPDX-License-Identifier: MPL-2.0
#include "issuer.h"

#include "base/clock.h"

#include <string.h>
#include <time.h>

#define ISSUER_SLOW_SECONDS 3
#define ISSUER_SLOW_MOST    600

static const char *const modes[] = { [ISSUER_NORMAL] = "normal",
				     [ISSUER_SLOW] = "slow",
				     [ISSUER_DENIED] = "denied",
				     [ISSUER_EXPIRED] = "expired",
				     [ISSUER_MALFORMED] = "malformed" };
static const char *const sources[] = { "sts", "sso", "oidc", "imds", "container" };

static int64_t now_s(void)
{
	return clock_realtime_us(&clock_system) / 1000000;
}

static enum issuer_mode mode_of(const struct world *world, const char *source)
{
	const char *said = json_string_value(json_object_get(json_object_get(world->identity, source), "mode"));
	enum issuer_mode mode = ISSUER_MALFORMED;
	while (mode > ISSUER_NORMAL && (!said || strcmp(modes[mode], said) != 0))
		mode--;
	return mode;
}

enum issuer_mode issuer_mode(struct world *world, const char *source)
{
	world_lock(world);
	const enum issuer_mode mode = mode_of(world, source);
	world_unlock(world);
	return mode;
}

const char *issuer_setting(struct world *world, struct arena *arena, const char *source, const char *key)
{
	world_lock(world);
	const char *said = json_string_value(json_object_get(json_object_get(world->identity, source), key));
	const char *copy = said ? text_to_c_string(arena, text_of(said)) : NULL;
	world_unlock(world);
	return copy;
}

void issuer_wait(struct world *world, const char *source)
{
	world_lock(world);
	const json_t *seconds = json_object_get(json_object_get(world->identity, source), "seconds");
	const int64_t wait_s = json_is_integer(seconds) ? json_integer_value(seconds) : ISSUER_SLOW_SECONDS;
	const bool slow = mode_of(world, source) == ISSUER_SLOW;
	world_unlock(world);
	if (slow)
		clock_sleep_ms(&clock_system, wait_s * 1000, NULL);
}

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
	size_t i = 0;
	while (i < count && (!word || strcmp(words[i], word) != 0))
		i++;
	return i < count;
}

const char *issuer_configure(struct world *world, const json_t *settings)
{
	static const char *const texts[] = { "role", "authorization", "tokens", "region" };
	const char *source = json_string_value(json_object_get(settings, "source"));
	const json_t *mode = json_object_get(settings, "mode");
	if (!is_one_of(source, sources, sizeof sources / sizeof sources[0]))
		return "\"source\" must be sts, sso, oidc, imds or container";
	if (mode && !is_one_of(json_string_value(mode), modes, sizeof modes / sizeof modes[0]))
		return "\"mode\" must be normal, slow, denied, expired or malformed";
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)settings, key, value)
	{
		const bool is_number = strcmp(key, "seconds") == 0 || strcmp(key, "lifetime") == 0;
		const bool is_text = is_one_of(key, texts, sizeof texts / sizeof texts[0]);
		if (strcmp(key, "source") == 0 || strcmp(key, "mode") == 0)
			continue;
		if (!is_number && !is_text)
			return "keys are source, mode, seconds, lifetime, role, authorization, tokens and region";
		if (is_number && (!json_is_integer(value) || json_integer_value(value) < 0 ||
				  (strcmp(key, "seconds") == 0 && json_integer_value(value) > ISSUER_SLOW_MOST)))
			return "\"seconds\" and \"lifetime\" must be whole numbers of seconds";
		if (is_text && !json_is_string(value))
			return "the other keys must be texts";
	}
	json_object_set_new(world->identity, source, json_deep_copy(settings));
	return NULL;
}

// `length` letters and digits, never one that XML or JSON would have to escape.
static const char *random_word(struct world *world, const char *prefix, char *word, size_t length)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	const size_t used = strlen(prefix);
	memcpy(word, prefix, used);
	for (size_t i = used; i < length; i++)
		word[i] = alphabet[world_random(world) % (sizeof alphabet - 1)];
	word[length] = '\0';
	return word;
}

const json_t *issuer_issue(struct world *world, const char *source, const char *account, const char *arn,
			   int64_t seconds)
{
	char key[21];
	char secret[41];
	char token[361];
	const json_t *lifetime = json_object_get(json_object_get(world->identity, source), "lifetime");
	if (json_is_integer(lifetime))
		seconds = json_integer_value(lifetime);
	if (mode_of(world, source) == ISSUER_EXPIRED)
		seconds = -1;
	random_word(world, "ASIA", key, sizeof key - 1);
	random_word(world, "issued-secret-", secret, sizeof secret - 1);
	random_word(world, "issued-token-", token, sizeof token - 1);
	json_t *issued = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I}", "access_key", key, "secret_key", secret, "token",
				   token, "account", account, "arn", arn, "expires_s", (json_int_t)(now_s() + seconds));
	json_object_set_new(world->issued, key, issued);
	world_changed(world);
	return issued;
}

bool issuer_find(struct world *world, const char *access_key, struct credential *ret_credential)
{
	if (world_find_credential(world, access_key, ret_credential))
		return true;
	world_lock(world);
	const json_t *issued = json_object_get(world->issued, access_key);
	*ret_credential = (struct credential){
		.access_key = json_string_value(json_object_get(issued, "access_key")),
		.secret_key = json_string_value(json_object_get(issued, "secret_key")),
		.token = json_string_value(json_object_get(issued, "token")),
		.account = json_string_value(json_object_get(issued, "account")),
		.expired = json_integer_value(json_object_get(issued, "expires_s")) <= now_s(),
	};
	world_unlock(world);
	return issued != NULL; // what was issued stays
}

const char *issuer_arn(const struct world *world, const char *access_key)
{
	return json_string_value(json_object_get(json_object_get(world->issued, access_key), "arn"));
}

struct text issuer_date(struct arena *arena, int64_t seconds)
{
	const time_t time = (time_t)seconds;
	struct tm parts;
	char date[32];
	gmtime_r(&time, &parts);
	strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &parts);
	return text_copy(arena, text_of(date));
}
