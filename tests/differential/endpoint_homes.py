# SPDX-License-Identifier: MPL-2.0
"""Generated homes for the question where requests go, and where botocore and the AWS SDK for Go are known to differ in
that. A row says what Go does, in terms of botocore: it rewrites the home. One that returns services says that Go
refuses these in this home, or that this provider does. citation.py says what else is in a row."""

import copy
import re

REGIONS = [  # those whose variants all of botocore knows; `endpoints` compares the rest with its rules alone
    "eu-central-1", "us-east-1", "us-west-2", "cn-north-1", "cn-northwest-1", "us-gov-west-1", "us-gov-east-1", "us-iso-east-1",
    "us-iso-west-1", "us-isob-east-1", "eusc-de-east-1", "ap-southeast-7", "us-east-9",
]  # fmt: skip
SERVICES = {  # the service's id in variables and files
    "ec2": "ec2", "sts": "sts", "elbv2": "elastic_load_balancing_v2", "iam": "iam", "sso": "sso", "sso-oidc": "sso_oidc",
}  # fmt: skip
URLS = [
    "http://localhost:4566", "http://127.0.0.1:4566/", "https://vpce-1.ec2.vpce.amazonaws.com", "https://h.example/base",
    "https://h.example/base/", "http://[::1]:4566", "https://h.example:8443/a/b", "http://localhost:80", "https://h.example:443/x",
]  # fmt: skip
BAD_URLS = ["localhost:4566", "ftp://h.example", "//h.example", "https://", "http://h example"]
PROFILES = ["default", "p1"]


class Home:
    def __init__(self):
        self.environment = {}
        self.config = {}  # section -> {key: value, or {nested key: value}}

    def copy(self):
        return copy.deepcopy(self)

    def profile_name(self):
        return self.environment.get("AWS_PROFILE") or "default"

    def profile(self):
        return self.config.get(self.profile_name(), {})

    def variables(self, folder):
        return {"HOME": str(folder), "PATH": "/usr/bin:/bin", **self.environment}

    def write(self, folder):
        (folder / ".aws").mkdir()
        text = ""
        for name, properties in self.config.items():
            head = name if name == "default" or name.startswith("services ") else f"profile {name}"
            text += f"[{head}]\n"
            for key, value in properties.items():
                if isinstance(value, dict):
                    text += f"{key} =\n" + "".join(f"  {nested} = {inner}\n" for nested, inner in value.items())
                else:
                    text += f"{key} = {value}\n"
        (folder / ".aws/config").write_text(text)


def url(random):
    return random.choice(BAD_URLS) if random.random() < 0.03 else random.choice(URLS)


def boolean(random):
    return random.choice(["true", "TRUE", "True", "false", "false", "yes" if random.random() < 0.2 else "true", ""])


def services_section(random):
    section = {}
    for service in random.sample(list(SERVICES.values()), random.randint(1, 4)):
        section[service] = {"endpoint_url": url(random)} if random.random() < 0.9 else {"max_attempts": "3"}
    return section


def make(random):
    home = Home()
    environment = home.environment

    def chance(part):
        return random.random() < part

    for name in PROFILES:
        profile = {"region": random.choice(REGIONS)}
        if chance(0.3):
            profile["endpoint_url"] = url(random)
        if chance(0.4):
            profile["services"] = random.choice(["s1", "s1", "s2", "missing"] if chance(0.3) else ["s1", "s2"])
        for key, part in (
            ("ignore_configured_endpoint_urls", 0.15), ("use_fips_endpoint", 0.15), ("use_dualstack_endpoint", 0.15),
        ):  # fmt: skip
            if chance(part):
                profile[key] = boolean(random)
        if chance(0.15):
            profile["sts_regional_endpoints"] = random.choice(["legacy", "regional"])
        home.config[name] = profile
    for name in ("s1", "s2"):
        home.config[f"services {name}"] = services_section(random)
    if chance(0.3):
        environment["AWS_PROFILE"] = "p1"
    if chance(0.5):
        environment["AWS_DEFAULT_REGION"] = random.choice(REGIONS)
    if chance(0.2):
        environment["AWS_ENDPOINT_URL"] = url(random) if chance(0.9) else ""
    for service in SERVICES.values():
        if chance(0.08):
            environment[f"AWS_ENDPOINT_URL_{service.upper()}"] = url(random) if chance(0.9) else ""
    for name, part in (
        ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", 0.1), ("AWS_USE_FIPS_ENDPOINT", 0.1), ("AWS_USE_DUALSTACK_ENDPOINT", 0.1),
    ):  # fmt: skip
        if chance(part):
            environment[name] = boolean(random)
    if chance(0.1):
        environment["AWS_STS_REGIONAL_ENDPOINTS"] = random.choice(["legacy", "regional"])
    return home


def region(home):
    return home.environment.get("AWS_DEFAULT_REGION") or home.profile()["region"]


# The rows.

ALL = tuple(SERVICES)


def empty_variables(home):
    for name in [name for name, value in home.environment.items() if not value]:
        del home.environment[name]


def wrong_boolean(home):
    for name in ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"):
        if home.environment.get(name, "true").lower() not in ("true", "false"):
            return ALL
    return ()


def wrong_boolean_in_file(home):
    for key in ("ignore_configured_endpoint_urls", "use_fips_endpoint", "use_dualstack_endpoint"):
        if home.profile().get(key, "true").lower() not in ("true", "false"):
            home.profile()[key] = "false"


def legacy_sts(home):
    home.environment.pop("AWS_STS_REGIONAL_ENDPOINTS", None)
    home.profile().pop("sts_regional_endpoints", None)


def missing_section(home):
    if f"services {home.profile().get('services')}" not in home.config:
        home.profile().pop("services", None)


def custom_places(home):
    """Every place that names an endpoint, in the order of precedence: (holder, key, the services that it is for)."""
    environment, profile = home.environment, home.profile()
    for service, name in SERVICES.items():
        yield environment, f"AWS_ENDPOINT_URL_{name.upper()}", (service,)
    yield environment, "AWS_ENDPOINT_URL", ALL
    section = home.config.get(f"services {profile.get('services')}", {})
    for service, name in SERVICES.items():
        if isinstance(section.get(name), dict):
            yield section[name], "endpoint_url", (service,)
    yield profile, "endpoint_url", ALL


def ignores(home):
    word = home.environment.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") or home.profile().get("ignore_configured_endpoint_urls", "")
    return word.lower() == "true"


def unusable_url(home):
    """One endpoint that is none spoils the whole configuration, rather than the first request that would go there."""
    left = set() if ignores(home) else set(ALL)
    for holder, key, services in custom_places(home):
        value = holder.get(key)
        if not value or not left.intersection(services):
            continue
        left.difference_update(services)
        if not re.match(r"https?://[^ /]", value) or " " in value:
            return ALL
    return ()


def contradictions(home):
    """A custom endpoint with FIPS or dual-stack is refused, service by service; where no usable URL is, nothing is. Beside
    FIPS, the services of the AWS provider's resources use theirs, as botocore does."""
    environment, profile = home.environment, home.profile()
    fips, dual_stack = (
        (environment.get(variable) or profile.get(key, "")).lower() == "true"
        for variable, key in (
            ("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"), ("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
        )
    )  # fmt: skip
    if ignores(home) or not (fips or dual_stack):
        return ()
    custom = {service for holder, key, services in custom_places(home) if holder.get(key) for service in services}
    return sorted(custom if dual_stack else custom - {"ec2", "elbv2"})


def usual_port(home):
    for holder, key, _ in custom_places(home):
        if key in holder:
            holder[key] = re.sub(r"^(http://[^/]*):80\b|^(https://[^/]*):443\b", r"\1\2", holder[key])


ROWS = [
    (
        "an empty variable counts as unset"
        " (config/env_config.go: setStringFromEnvVal, setBoolPtrFromEnvVal, GetServiceBaseEndpoint)",
        empty_variables,
    ),
    (
        "a variable that is neither true nor false is refused (config/env_config.go: setBoolPtrFromEnvVal,"
        " setUseFIPSEndpointFromEnvVal, setUseDualStackEndpointFromEnvVal)",
        wrong_boolean,
    ),
    (
        "in a file such a word counts as false"
        " (config/shared_config.go: updateBoolPtr, updateUseFIPSEndpoint, updateUseDualStackEndpoint)",
        wrong_boolean_in_file,
    ),
    (
        "the region's STS is asked always; legacy is botocore's alone"
        " (service/sts/endpoints.go: WithDefaults, ResolveEndpoint)",
        legacy_sts,
    ),
    (
        "a services section that does not exist says nothing (config/shared_config.go: GetServiceBaseEndpoint)",
        missing_section,
    ),
    ("this provider: an endpoint that is no URL is refused when the provider is configured", unusable_url),
    (
        "a custom endpoint with FIPS or dual-stack is refused, except with FIPS where the AWS provider resolves it"
        " (service/*/endpoints.go: ResolveEndpoint; internal/service/*/service_endpoint_resolver_gen.go: ResolveEndpoint)",
        contradictions,
    ),
    ("this provider: the scheme's own port is not sent", usual_port),
]
