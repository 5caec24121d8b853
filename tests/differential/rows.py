# SPDX-License-Identifier: MPL-2.0
"""Where botocore and the AWS SDK for Go, which the AWS provider uses and this provider follows, are known to differ.

A row says what Go does, in terms of botocore: it rewrites the home into one that means to botocore what the original
means to Go. A disagreement is explained when the two agree about the rewritten home. A row that returns a text says that
Go refuses the home; that text is the summary of our error. citation.py says what else is in a row."""

from homes import KEY, SECRET, SSO_KEYS, START_URL, TOKEN

INCOMPLETE = "Incomplete AWS profile"
CONFLICTING = "Conflicting settings in the AWS profile"
NO_SOURCE = "Unusable source profile"
NO_ROLE = "No role for the web identity"
NO_REGION = "No AWS region"
# The summaries of all errors that a home can be the reason for; another one is a fault.
REFUSALS = {
    INCOMPLETE, CONFLICTING, NO_SOURCE, NO_ROLE, NO_REGION, "AWS profile not found", "No AWS credentials",
    "No credentials for the AWS profile", "Unusable AWS profile", "Unusable SSO profile",
}  # fmt: skip
OWN = [KEY, SECRET, TOKEN, "credential_source", "credential_process", "web_identity_token_file", *SSO_KEYS]


def move(home, source, target, names):
    """A new profile with some of a profile's keys, which the profile loses."""
    home.config[target] = {}
    for file in (home.config, home.credentials):
        for name in names:
            if name in file.get(source, {}):
                home.config[target][name] = file[source].pop(name)


def has_keys(profile):
    return bool(profile.get(KEY) and profile.get(SECRET))


def env_has_keys(home):
    return bool(home.environment.get("AWS_ACCESS_KEY_ID") and home.environment.get("AWS_SECRET_ACCESS_KEY"))


def spelling(home):
    home.spelling = None


def empty_variables(home):
    for name in [name for name, value in home.environment.items() if not value]:
        del home.environment[name]


def old_names(home):
    for new, old in (("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"), ("AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY")):
        if old in home.environment:
            home.environment.setdefault(new, home.environment.pop(old))


def region_variable(home):
    if "AWS_REGION" in home.environment:
        home.environment["AWS_DEFAULT_REGION"] = home.environment.pop("AWS_REGION")


def profile_variable(home):
    if "AWS_PROFILE" in home.environment:
        home.environment.pop("AWS_DEFAULT_PROFILE", None)


def default_profile_variable(home):
    name = home.environment.get("AWS_DEFAULT_PROFILE")
    if name and not home.environment.get("AWS_PROFILE") and home.merged(name) is None:
        del home.environment["AWS_DEFAULT_PROFILE"]
        for file in (home.config, home.credentials):
            file.pop("default", None)


def half_pair(home):
    if not env_has_keys(home):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            home.environment.pop(name, None)


def token_of_both_files(home):
    for name, profile in home.credentials.items():
        if has_keys(profile) and TOKEN in home.config.get(name, {}):
            profile.setdefault(TOKEN, home.config[name][TOKEN])


def is_partial(home, name):
    file = home.credentials.get(name, home.config.get(name, {}))
    return bool(file.get(KEY)) != bool(file.get(SECRET))


def check(home, name, visited):
    """With which of our errors Go refuses the profile when it reads the files; None: it does not."""
    profile = home.merged(name)
    again = name in visited
    if is_partial(home, name):
        return INCOMPLETE
    kinds = [
        key
        for key in ("source_profile", "credential_source", "credential_process", "web_identity_token_file")
        if profile.get(key) and not (again and key == "source_profile")
    ]
    if not again and [key for key in kinds if key != "credential_process"] and not profile.get("role_arn"):
        return INCOMPLETE
    if visited and has_keys(profile):
        return None
    if len(kinds) > 1:
        return CONFLICTING
    if "source_profile" not in kinds:
        return None
    source = home.merged(profile["source_profile"])
    if source is None:
        return NO_SOURCE
    refused = check(home, profile["source_profile"], visited | {name})
    if refused:
        return refused
    own = [key for key in OWN + ["source_profile"] if source.get(key)]
    if profile["source_profile"] in visited | {name}:
        own = [key for key in own if key != "source_profile"]
    return None if own else NO_SOURCE


def checks(home):
    name = home.profile_name()
    if home.merged(name) is None:
        return None
    return check(home, name, frozenset())


def web_identity_first(home):
    """Needs both variables; comes before anything that a profile says, and nothing is mixed from both."""
    if env_has_keys(home):
        return None
    if "AWS_WEB_IDENTITY_TOKEN_FILE" not in home.environment:
        home.environment.pop("AWS_ROLE_ARN", None)
        return None
    if "AWS_ROLE_ARN" not in home.environment:
        return NO_ROLE
    for file in (home.config, home.credentials):
        for profile in file.values():
            for key in [*OWN, "role_arn", "source_profile"]:
                profile.pop(key, None)
    return None


def visited_twice(home):
    """A profile that source_profile leads back to gives its own credentials, without its role."""
    name = home.profile_name()
    seen = []
    while home.merged(name) and home.merged(name).get("source_profile") and name not in seen:
        if seen and has_keys(home.merged(name)):
            return
        seen.append(name)
        name = home.merged(name)["source_profile"]
    if name not in seen:
        return
    move(home, name, "again", OWN)
    for file in (home.config, home.credentials):
        if "source_profile" in file.get(seen[-1], {}):
            file[seen[-1]]["source_profile"] = "again"


def keys_of_source(home):
    """In a profile with source_profile its own credentials do not count; in the source they do, before its own source,
    and then the source's role is taken with them."""
    name = home.profile_name()
    seen = set()
    while home.merged(name) and home.merged(name).get("source_profile") and name not in seen:
        seen.add(name)
        for file in (home.config, home.credentials):
            for key in OWN:
                file.get(name, {}).pop(key, None)
        name = home.merged(name)["source_profile"]
        if home.merged(name) and has_keys(home.merged(name)):
            for file in (home.config, home.credentials):
                file.get(name, {}).pop("source_profile", None)


def keys_first(home):
    for name in set(home.config) | set(home.credentials):
        if has_keys(home.merged(name)) and not home.merged(name).get("source_profile"):
            for file in (home.config, home.credentials):
                for key in OWN[3:]:
                    file.get(name, {}).pop(key, None)


def session_section(home):
    for profile in home.config.values():
        if profile.pop("sso_session", None):
            profile.update(sso_region="eu-west-1", sso_start_url=START_URL)


def role_on_top(home):
    for name in list(set(home.config) | set(home.credentials)):
        profile = home.merged(name)
        if not profile.get("role_arn") or [
            key for key in ("source_profile", "credential_source", "web_identity_token_file") if profile.get(key)
        ]:
            continue
        if [key for key in OWN if profile.get(key)]:
            move(home, name, name + "-own", OWN)
            home.config[name]["source_profile"] = name + "-own"
        else:
            in_container = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" in home.environment
            home.config[name]["credential_source"] = "EcsContainer" if in_container else "Ec2InstanceMetadata"


def region_for_roles(home):
    profile = home.merged(home.profile_name()) or {}
    if "AWS_DEFAULT_REGION" in home.environment or profile.get("region"):
        return None
    return NO_REGION


ROWS = [
    (
        "comments after a blank, quotes, and sections that come twice are read"
        " (internal/ini/tokenize.go: asProperty, asProfile; internal/ini/parse.go: parse)",
        spelling,
    ),
    ("an empty variable counts as unset (config/env_config.go: setStringFromEnvVal)", empty_variables),
    (
        "AWS_ACCESS_KEY and AWS_SECRET_KEY are read, too (config/env_config.go: credAccessEnvKeys, credSecretEnvKeys)",
        old_names,
    ),
    (
        "AWS_REGION comes before AWS_DEFAULT_REGION, the only one of botocore (config/env_config.go: regionEnvKeys)",
        region_variable,
    ),
    ("AWS_PROFILE comes before AWS_DEFAULT_PROFILE (config/env_config.go: profileEnvKeys)", profile_variable),
    (
        "only AWS_PROFILE and the argument demand that the profile exists; one that is missing by AWS_DEFAULT_PROFILE is as"
        " if there were no files (config/config.go: resolveConfigLoaders)",
        default_profile_variable,
    ),
    ("half a pair in the environment is no pair, and no error (config/env_config.go: NewEnvConfig)", half_pair),
    (
        "keys of the credentials file that have no token there take that of the config file"
        " (config/shared_config.go: mergeSections)",
        token_of_both_files,
    ),
    (
        "the chosen profile is checked when the files are read, whatever the credentials come from"
        " (config/shared_config.go: mergeSections, setFromIniSections, validateCredentialsRequireARN,"
        " validateCredentialType, hasCredentials)",
        checks,
    ),
    (
        "web identity by variables comes before the profile, and needs both of them"
        " (config/resolve_credentials.go: resolveCredentialChain, assumeWebIdentity)",
        web_identity_first,
    ),
    (
        "a profile that is visited twice gives its own credentials without its role"
        " (config/shared_config.go: setFromIniSections, clearAssumeRoleOptions)",
        visited_twice,
    ),
    (
        "keys of a source profile end the chain, and its role is taken with them"
        " (config/shared_config.go: setFromIniSections, clearCredentialOptions)",
        keys_of_source,
    ),
    (
        "inside a profile keys come before credential_source, web identity, SSO and process"
        " (config/resolve_credentials.go: resolveCredsFromProfile)",
        keys_first,
    ),
    (
        "sso_session counts in every profile; this botocore finds that of the chosen one"
        " (config/shared_config.go: setFromIniSections, hasSSOTokenProviderConfiguration)",
        session_section,
    ),
    (
        "a profile's role_arn is taken with whatever credentials were found"
        " (config/resolve_credentials.go: resolveCredsFromProfile, credsFromAssumeRole)",
        role_on_top,
    ),
    (
        "without a region there is no STS that gives a role (service/sts/endpoints.go: ResolveEndpoint)",
        region_for_roles,
    ),
]
