// SPDX-License-Identifier: MPL-2.0
// The profile that the user chose in the shared files, with the profiles its role is taken from (facts:
// aws_client, 2.2).
#ifndef VNS_AWS_PROFILE_H
#define VNS_AWS_PROFILE_H

#include "aws/config_file.h"
#include "aws/environment.h"
#include "aws/aws_settings.h"
#include "base/call.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

// What it says about credentials. Texts that do not apply are empty.
struct profile {
	struct text name;
	struct text key_id;
	struct text secret;
	struct text token;
	struct text role_arn;
	struct text role_session_name;
	struct text external_id;
	struct text mfa_serial;
	int64_t duration_s; // 0: the default
	struct text source_profile;
	struct text credential_source;
	struct text credential_process;
	struct text web_identity_token_file;
	struct text sso_session;
	struct text sso_region;
	struct text sso_start_url;
	struct text sso_account_id;
	struct text sso_role_name;
	struct text login_session;
	const struct profile *source; // that source_profile names
};

// The files, read once, and the profile. Lives in the arena that it was read into, which ought to be secret.
struct profiles {
	struct config_sections sections;
	struct text name;      // of the chosen profile
	struct text chosen_by; // for people: "the provider argument \"profile\""; empty: it is the default
	bool must_exist;
	const struct config_section *section; // of the chosen profile; NULL: there is none
	struct profile *chosen;               // NULL: there is none
};

// Reads the files and the profile. False with an error when the profile must exist and does not, or when it
// contradicts itself; errors go to `call`, all memory is taken from the arena.
bool profile_read(struct call *call, struct arena *arena, const struct aws_settings *settings,
		  const struct environment *environment, struct profiles *ret_profiles);

// A property of the chosen profile ("region", "retry_mode"); empty: none. `profiles` may be NULL.
struct text profile_value(const struct profiles *profiles, struct text key);
struct reach_profile;
// What it says of endpoints, retries and the like.
void profile_reach(const struct profiles *profiles, struct reach_profile *ret_reach);
// It names SSO in one of its two forms.
bool profile_has_sso(const struct profile *profile);
// It says where credentials come from.
bool profile_has_credentials(const struct profile *profile);

#endif
