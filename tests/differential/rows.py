# SPDX-License-Identifier: MPL-2.0
"""Where botocore and the AWS SDK for Go, which the AWS provider uses and this provider follows, are known to differ.

A row says what Go does, in terms of botocore: it rewrites the home into one that means to botocore what the original
means to Go. A disagreement is explained when the two agree about the rewritten home. A row that returns a text says that
Go refuses the home; the error's summary begins with that text."""

from homes import KEY, SECRET, SSO_KEYS, START_URL

REFUSED = ""  # with any error
OWN = [KEY, SECRET, "aws_session_token", "credential_source", "credential_process", "web_identity_token_file", *SSO_KEYS]


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


def is_partial(home, name):
    file = home.credentials.get(name, home.config.get(name, {}))
    return bool(file.get(KEY)) != bool(file.get(SECRET))


def check(home, name, visited):
    """Whether Go refuses the profile when it reads the files."""
    profile = home.merged(name)
    again = name in visited
    if is_partial(home, name):
        return REFUSED
    kinds = [
        key
        for key in ("source_profile", "credential_source", "credential_process", "web_identity_token_file")
        if profile.get(key) and not (again and key == "source_profile")
    ]
    if not again and [key for key in kinds if key != "credential_process"] and not profile.get("role_arn"):
        return REFUSED
    if visited and has_keys(profile):
        return None
    if len(kinds) > 1:
        return REFUSED
    if "source_profile" not in kinds:
        return None
    source = home.merged(profile["source_profile"])
    if source is None or check(home, profile["source_profile"], visited | {name}) is not None:
        return REFUSED
    own = [key for key in OWN + ["source_profile"] if source.get(key)]
    if profile["source_profile"] in visited | {name}:
        own = [key for key in own if key != "source_profile"]
    return None if own else REFUSED


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
        return REFUSED
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
    return "No AWS region"


# What Go does, and where that is written down.
ROWS = [
    ("aws_client 2.2: comments after a blank, quotes, and sections that come twice are read", spelling),
    ("aws_client 2.1: an empty variable counts as unset", empty_variables),
    ("aws_client 2.1: AWS_ACCESS_KEY and AWS_SECRET_KEY are read, too", old_names),
    ("aws_client 2.1, 2.4: AWS_REGION comes before AWS_DEFAULT_REGION; botocore reads only the latter", region_variable),
    ("aws_client 2.1: AWS_PROFILE comes before AWS_DEFAULT_PROFILE", profile_variable),
    (
        "config.resolveConfigLoaders: only AWS_PROFILE and the argument demand that the profile exists; one that is missing "
        "by AWS_DEFAULT_PROFILE is as if there were no files",
        default_profile_variable,
    ),
    ("aws_client 2.1 B2: half a pair in the environment is no pair, and no error", half_pair),
    ("aws_client 2.2: Go checks the chosen profile when it reads the files, whatever the credentials come from", checks),
    ("aws_client 2.1 B3: web identity by variables comes before the profile, and needs both of them", web_identity_first),
    ("aws_client 2.2: a profile that is visited twice gives its own credentials without its role", visited_twice),
    ("aws_client 2.1 B4, 2.2: keys of a source profile end the chain, and its role is taken with them", keys_of_source),
    ("aws_client 2.1 B4: inside a profile keys come before credential_source, web identity, SSO and process", keys_first),
    ("aws_client 2.3: sso_session counts in every profile; this botocore finds that of the chosen one", session_section),
    ("aws_client 2.1 B4: a profile's role_arn is taken with whatever credentials were found", role_on_top),
    ("aws_client 2.4: no region is an error, also for the STS that gives a role", region_for_roles),
]
