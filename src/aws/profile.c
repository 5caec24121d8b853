// SPDX-License-Identifier: MPL-2.0
// Follows the AWS SDK for Go step by step, since its oddities are what users' files have been made to work with.
#include "aws/profile.h"

#include "aws/home_path.h"
#include "aws/reach.h"
#include "aws/whole_file.h"
#include "base/limits.h"
#include "base/log.h"

#include <stddef.h>

static const int64_t shortest_duration_s = 15 * 60; // also the default, and what is not longer is not used

struct resolving {
	struct call *call;
	struct arena *arena;
	const struct config_sections *sections;
	const struct profile *visited[LIMIT_PROFILE_CHAIN];
	size_t depth;
};

static const struct {
	struct text key;
	size_t offset; // of the text in struct profile
} keys[] = {
	{ TEXT("aws_access_key_id"), offsetof(struct profile, key_id) },
	{ TEXT("aws_secret_access_key"), offsetof(struct profile, secret) },
	{ TEXT("aws_session_token"), offsetof(struct profile, token) },
	{ TEXT("role_arn"), offsetof(struct profile, role_arn) },
	{ TEXT("role_session_name"), offsetof(struct profile, role_session_name) },
	{ TEXT("external_id"), offsetof(struct profile, external_id) },
	{ TEXT("mfa_serial"), offsetof(struct profile, mfa_serial) },
	{ TEXT("source_profile"), offsetof(struct profile, source_profile) },
	{ TEXT("credential_source"), offsetof(struct profile, credential_source) },
	{ TEXT("credential_process"), offsetof(struct profile, credential_process) },
	{ TEXT("web_identity_token_file"), offsetof(struct profile, web_identity_token_file) },
	{ TEXT("sso_session"), offsetof(struct profile, sso_session) },
	{ TEXT("sso_region"), offsetof(struct profile, sso_region) },
	{ TEXT("sso_start_url"), offsetof(struct profile, sso_start_url) },
	{ TEXT("sso_account_id"), offsetof(struct profile, sso_account_id) },
	{ TEXT("sso_role_name"), offsetof(struct profile, sso_role_name) },
	{ TEXT("login_session"), offsetof(struct profile, login_session) },
};

static const struct text sso_keys[] = {
	TEXT("sso_session"), TEXT("sso_region"), TEXT("sso_start_url"), TEXT("sso_account_id"), TEXT("sso_role_name"),
};

static struct text *field(struct profile *profile, size_t i)
{
	return (struct text *)(void *)((char *)profile + keys[i].offset);
}

static void clear(struct profile *profile, const struct text *names, size_t count)
{
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		for (size_t n = 0; n < count; n++) {
			if (text_equal(keys[i].key, names[n]))
				*field(profile, i) = T("");
		}
	}
}

bool profile_has_sso(const struct profile *profile)
{
	return profile->sso_session.length || profile->sso_region.length || profile->sso_start_url.length ||
	       profile->sso_account_id.length || profile->sso_role_name.length;
}

bool profile_has_credentials(const struct profile *profile)
{
	return profile->source_profile.length || profile->credential_source.length ||
	       profile->credential_process.length || profile->web_identity_token_file.length ||
	       profile_has_sso(profile) || profile->login_session.length ||
	       (profile->key_id.length && profile->secret.length);
}

static struct profile *read_section(struct arena *arena, const struct config_section *section)
{
	struct profile *profile = ARENA_NEW(arena, struct profile);
	profile->name = section->name;
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		*field(profile, i) = config_file_value(section, keys[i].key);
	int64_t seconds = 0;
	if (text_to_int64(config_file_value(section, T("duration_seconds")), &seconds) &&
	    seconds >= shortest_duration_s + 60) // Go compares whole minutes
		profile->duration_s = seconds;
	return profile;
}

static bool check_role(struct call *call, const struct profile *profile)
{
	const char *key = profile->source_profile.length            ? "source_profile"
			  : profile->credential_source.length       ? "credential_source"
			  : profile->web_identity_token_file.length ? "web_identity_token_file"
								    : NULL;
	if (!key || profile->role_arn.length)
		return true;
	diag_error(call, NULL, "Incomplete AWS profile",
		   "The profile \"%.*s\" in the shared AWS files has %s, which says how to assume a role, but no "
		   "role_arn. Add the role's ARN, or remove %s.",
		   TEXT_ARG(profile->name), key, key);
	return false;
}

static bool check_one_kind(struct call *call, const struct profile *profile)
{
	const int kinds = (profile->source_profile.length > 0) + (profile->credential_source.length > 0) +
			  (profile->credential_process.length > 0) + (profile->web_identity_token_file.length > 0);
	if (kinds <= 1)
		return true;
	diag_error(call, NULL, "Conflicting settings in the AWS profile",
		   "The profile \"%.*s\" in the shared AWS files has more than one of source_profile, "
		   "credential_source, credential_process and web_identity_token_file. Keep only one of them.",
		   TEXT_ARG(profile->name));
	return false;
}

static bool check_whole_keys(struct call *call, const struct config_section *section)
{
	if (!section->partial)
		return true;
	diag_error(call, NULL, "Incomplete AWS profile",
		   "The profile \"%.*s\" in the shared AWS files has only one of aws_access_key_id and "
		   "aws_secret_access_key. Give it both, in the same file.",
		   TEXT_ARG(section->name));
	return false;
}

static bool was_visited(const struct resolving *resolving, struct text name)
{
	for (size_t i = 0; i < resolving->depth; i++) {
		if (text_equal(resolving->visited[i]->name, name))
			return true;
	}
	return false;
}

static void say_missing_source(struct call *call, const struct profile *profile, const char *what)
{
	diag_error(call, NULL, "Unusable source profile",
		   "The profile \"%.*s\" in the shared AWS files takes its role with the credentials of the profile "
		   "\"%.*s\" (source_profile), which %s.",
		   TEXT_ARG(profile->name), TEXT_ARG(profile->source_profile), what);
}

static struct profile *resolve(struct resolving *resolving, const struct config_section *section);

// The profile that this one's role is taken with.
static bool resolve_source(struct resolving *resolving, struct profile *profile)
{
	static const struct text own[] = {
		TEXT("aws_access_key_id"),       TEXT("aws_secret_access_key"), TEXT("aws_session_token"),
		TEXT("credential_source"),       TEXT("credential_process"),    TEXT("login_session"),
		TEXT("web_identity_token_file"),
	};
	if (profile->source_profile.length == 0)
		return true;
	clear(profile, own, sizeof own / sizeof own[0]);
	clear(profile, sso_keys, sizeof sso_keys / sizeof sso_keys[0]);
	const struct config_section *section = config_file_section(resolving->sections, profile->source_profile);
	if (!section) {
		say_missing_source(resolving->call, profile, "does not exist");
		return false;
	}
	const bool again = was_visited(resolving, profile->source_profile);
	struct profile *source = resolve(resolving, section);
	if (!source)
		return false;
	profile->source = source;
	if (profile_has_credentials(source))
		return true;
	say_missing_source(resolving->call, profile,
			   again ? "leads back to a profile that has no credentials of its own" : "has no credentials");
	return false;
}

// NULL with an error.
static struct profile *resolve(struct resolving *resolving, const struct config_section *section)
{
	static const struct text role[] = {
		TEXT("role_arn"),          TEXT("external_id"),    TEXT("mfa_serial"),
		TEXT("role_session_name"), TEXT("source_profile"),
	};
	if (!check_whole_keys(resolving->call, section))
		return NULL;
	struct profile *profile = read_section(resolving->arena, section);
	const bool again = was_visited(resolving, profile->name);
	if (again)
		clear(profile, role, sizeof role / sizeof role[0]); // the role is taken once, with what is left
	else if (!check_role(resolving->call, profile))
		return NULL;
	const bool has_keys = profile->key_id.length && profile->secret.length;
	if (resolving->depth > 0 && has_keys)
		return profile;
	if (resolving->depth == LIMIT_PROFILE_CHAIN) {
		diag_error(resolving->call, NULL, "Too many source profiles",
			   "The profile \"%.*s\" in the shared AWS files stands at the end of a chain of more than %d "
			   "source_profile entries.",
			   TEXT_ARG(profile->name), LIMIT_PROFILE_CHAIN);
		return NULL;
	}
	resolving->visited[resolving->depth++] = profile;
	return check_one_kind(resolving->call, profile) && resolve_source(resolving, profile) ? profile : NULL;
}

// AWS's tools say nothing of it, so it stands in the log only.
static void read_file(struct call *call, struct arena *arena, struct text path, enum config_file_kind kind,
		      struct config_sections *sections)
{
	struct text content;
	const char *problem = whole_file_read(call, arena, path, LIMIT_CONFIG_FILE_BYTES, &content);
	if (problem) {
		// Most people lack one of the two files.
		LOG(call->log, whole_file_is_there(arena, path) ? LOG_WARN : LOG_DEBUG,
		    "a shared AWS file is passed over", LOG_TEXT("path", path), LOG_TEXT("reason", text_of(problem)));
		return;
	}
	if (kind == CONFIG_FILE_OF_CREDENTIALS && whole_file_is_open(arena, path))
		LOG(call->log, LOG_WARN, "others than its owner may read this file of AWS credentials: chmod 600 helps",
		    LOG_TEXT("path", path));
	config_file_read(arena, content, kind, sections);
}

static void read_files(struct call *call, struct arena *arena, const struct environment *environment,
		       const struct settings_texts *named, struct text usual, enum config_file_kind kind,
		       struct config_sections *sections)
{
	for (size_t i = 0; i < named->count; i++)
		read_file(call, arena, home_path_expand(arena, environment, named->at[i]), kind, sections);
	if (named->count == 0 && usual.length)
		read_file(call, arena, usual, kind, sections);
}

static struct text usual_file(struct arena *arena, const struct environment *environment, const char *variable,
			      struct text below)
{
	const struct text named = environment_get(environment, variable);
	return named.length ? named : home_path_of(arena, environment, below);
}

static void choose(const struct aws_settings *settings, const struct environment *environment,
		   struct profiles *profiles)
{
	const struct {
		struct text name;
		struct text chosen_by;
		bool must_exist;
	} choices[] = {
		{ settings->profile, T("the provider argument \"profile\""), true },
		{ environment_get(environment, "AWS_PROFILE"), T("the environment variable AWS_PROFILE"), true },
		{ environment_get(environment, "AWS_DEFAULT_PROFILE"),
		  T("the environment variable AWS_DEFAULT_PROFILE"), false },
		{ T("default"), T(""), false },
	};
	size_t i = 0;
	while (choices[i].name.length == 0)
		i++;
	profiles->name = choices[i].name;
	profiles->chosen_by = choices[i].chosen_by;
	profiles->must_exist = choices[i].must_exist;
}

static void warn_of_conflict(struct call *call, const struct aws_settings *settings,
			     const struct environment *environment)
{
	if (settings->profile.length == 0 || settings->access_key.length ||
	    environment_get(environment, "AWS_ACCESS_KEY_ID").length == 0 ||
	    environment_get(environment, "AWS_SECRET_ACCESS_KEY").length == 0)
		return;
	diag_warning(call, NULL, "Configuration conflict detected",
		     "The provider argument \"profile\" is set to \"%.*s\", and so are the environment variables "
		     "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. The profile is used; unset the variables to be rid "
		     "of this warning.",
		     TEXT_ARG(settings->profile));
}

bool profile_read(struct call *call, struct arena *arena, const struct aws_settings *settings,
		  const struct environment *environment, struct profiles *ret_profiles)
{
	*ret_profiles = (struct profiles){ .sections = { NULL } };
	choose(settings, environment, ret_profiles);
	warn_of_conflict(call, settings, environment);
	read_files(call, arena, environment, &settings->shared_config_files,
		   usual_file(arena, environment, "AWS_CONFIG_FILE", T(".aws/config")), CONFIG_FILE,
		   &ret_profiles->sections);
	read_files(call, arena, environment, &settings->shared_credentials_files,
		   usual_file(arena, environment, "AWS_SHARED_CREDENTIALS_FILE", T(".aws/credentials")),
		   CONFIG_FILE_OF_CREDENTIALS, &ret_profiles->sections);
	ret_profiles->section = config_file_section(&ret_profiles->sections, ret_profiles->name);
	if (!ret_profiles->section) {
		if (!ret_profiles->must_exist)
			return true;
		diag_error(call, NULL, "AWS profile not found",
			   "The profile \"%.*s\", chosen by %.*s, is in none of the shared AWS files. In the config "
			   "file its section is [profile %.*s], in the credentials file [%.*s].",
			   TEXT_ARG(ret_profiles->name), TEXT_ARG(ret_profiles->chosen_by),
			   TEXT_ARG(ret_profiles->name), TEXT_ARG(ret_profiles->name));
		return false;
	}
	struct resolving resolving = { .call = call, .arena = arena, .sections = &ret_profiles->sections };
	ret_profiles->chosen = resolve(&resolving, ret_profiles->section);
	return ret_profiles->chosen != NULL;
}

struct text profile_value(const struct profiles *profiles, struct text key)
{
	return profiles ? config_file_value(profiles->section, key) : T("");
}

// A property of a service in the services section that the chosen profile names, e.g. ("ec2", "endpoint_url").
static struct text profile_service_value(const struct profiles *profiles, struct text service_id, struct text key)
{
	const struct text services = profile_value(profiles, T("services"));
	if (services.length == 0)
		return T("");
	// Compared in parts: making the section's whole name would take memory.
	static const struct text type = TEXT("services ");
	for (const struct config_section *s = profiles->sections.first; s; s = s->next) {
		if (text_starts_with(s->name, type) &&
		    text_equal(text_part(s->name, type.length, s->name.length), services))
			// A service is a key, and its settings are nested.
			// NOLINTNEXTLINE(readability-suspicious-call-argument)
			return config_file_nested_value(s, service_id, key);
	}
	return T("");
}

void profile_reach(const struct profiles *profiles, struct reach_profile *ret_reach)
{
	*ret_reach = (struct reach_profile){
		.endpoint = {
			.url = profile_value(profiles, T("endpoint_url")),
			.ignore_configured = profile_value(profiles, T("ignore_configured_endpoint_urls")),
			.use_fips = profile_value(profiles, T("use_fips_endpoint")),
			.use_dual_stack = profile_value(profiles, T("use_dualstack_endpoint")),
		},
		.max_attempts = profile_value(profiles, T("max_attempts")),
		.retry_mode = profile_value(profiles, T("retry_mode")),
		.disable_clock_skew_correction = profile_value(profiles, T("disable_clock_skew_correction")),
	};
	for (size_t i = 0; i < AWS_SERVICE_COUNT; i++)
		ret_reach->endpoint.services[i] = profile_service_value(
			profiles, endpoint_service((enum aws_service)i)->profile_key, T("endpoint_url"));
}
