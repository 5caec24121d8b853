# SPDX-License-Identifier: MPL-2.0
"""Generated homes: environment variables and shared files, as users have them and as they had better not. Every source
has a secret and a token of its own."""

import copy
import hashlib
import json

PROFILES = ["default", "p1", "p2", "p3"]
REGIONS = ["eu-central-1", "us-east-1", "cn-north-1", "us-gov-west-1", "ap-southeast-2"]
KEY, SECRET, TOKEN = "aws_access_key_id", "aws_secret_access_key", "aws_session_token"
SSO_KEYS = ["sso_session", "sso_region", "sso_start_url", "sso_account_id", "sso_role_name"]
START_URL = "https://example.awsapps.com/start"


class Home:
    def __init__(self):
        self.environment = {}  # "~/" at the front of a value is the home's folder
        self.config = {}  # profile -> {key: value}
        self.credentials = {}
        self.files = {"token": "token-jwt"}
        self.spelling = None  # a random.Random: files are spelt oddly

    def copy(self):
        spelling, self.spelling = self.spelling, None
        other = copy.deepcopy(self)
        self.spelling = spelling
        other.spelling = copy.deepcopy(spelling)
        return other

    def profile_name(self):
        return self.environment.get("AWS_PROFILE") or self.environment.get("AWS_DEFAULT_PROFILE") or "default"

    def merged(self, name):
        """The profile as both files give it; None when neither has it."""
        if name not in self.config and name not in self.credentials:
            return None
        return {**self.config.get(name, {}), **self.credentials.get(name, {})}

    def write(self, folder):
        (folder / ".aws/sso/cache").mkdir(parents=True)
        for name, content in self.files.items():
            (folder / name).write_text(content)
        token = {"accessToken": "sso", "expiresAt": "2035-01-01T00:00:00Z", "startUrl": START_URL, "region": "eu-west-1"}
        for name in (START_URL, "session"):
            cache = folder / f".aws/sso/cache/{hashlib.sha1(name.encode()).hexdigest()}.json"
            cache.write_text(json.dumps(token))
        for file, sections, prefix in (("config", self.config, "profile "), ("credentials", self.credentials, "")):
            text = "".join(
                self.section(f"[{'' if name == 'default' else prefix}{name}]", properties, folder)
                for name, properties in sections.items()
            )
            if file == "config":
                text += f"[sso-session session]\nsso_region = eu-west-1\nsso_start_url = {START_URL}\n"
            (folder / ".aws" / file).write_text(text)

    def section(self, head, properties, folder):
        lines = [head]
        for key, value in properties.items():
            lines.append(self.property(key, str(value).replace("~/", f"{folder}/")))
            odd = self.spelling
            if odd and odd.random() < 0.05:
                lines.append(head)  # a section twice
            if odd and odd.random() < 0.1:
                lines.append(odd.choice(["# comment", "  ; comment", ""]))
        end = "\r\n" if self.spelling and self.spelling.random() < 0.1 else "\n"
        return end.join(lines) + end

    def property(self, key, value):
        odd = self.spelling
        if not odd:
            return f"{key} = {value}"
        key = key.upper() if odd.random() < 0.1 else key
        value = f'"{value}"' if odd.random() < 0.1 and '"' not in value else value
        between = odd.choice([" = ", "=", "  =", " : "])
        return f"{key}{between}{value}{odd.choice(['', '', '', ' ', ' # comment', ' ; comment'])}"

    def variables(self, folder):
        variables = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "AWS_STS_REGIONAL_ENDPOINTS": "regional"}
        for name, value in self.environment.items():
            variables[name] = value.replace("~/", f"{folder}/")
        return variables


def role(name):
    return f"arn:aws:iam::123456789012:role/{name}"


def keys_of(name, where):
    return {KEY: f"AKIA{where}{name.upper()}", SECRET: f"secret-{where}-{name}"}


def fill_profile(home, random, name):
    kinds = {
        "keys": 5, "config keys": 2, "both files": 1, "half key": 0.4, "half secret": 0.4, "half over whole": 0.3,
        "region": 1, "source": 4, "source with keys": 1, "credential source": 1.5, "process": 1.5, "web identity": 1,
        "sso": 1, "sso session": 1, "sso in part": 0.2, "role alone": 0.4, "role with keys": 0.4, "role with process": 0.3, "two kinds": 0.3,
        "source without role": 0.2, "keys and process": 0.3, "keys and web identity": 0.2,
    }  # fmt: skip
    kind = random.choices(list(kinds), list(kinds.values()))[0]
    config, credentials = {}, {}
    if random.random() < 0.35:
        config["region"] = random.choice(REGIONS)
    if random.random() < 0.04:
        config[random.choice(["use_fips_endpoint", "use_dualstack_endpoint"])] = random.choice(["true", "false"])
    if kind in ("keys", "both files", "source with keys", "role with keys", "keys and process", "keys and web identity"):
        credentials.update(keys_of(name, "CRED"))
        if random.random() < 0.3:
            credentials[TOKEN] = f"token-CRED-{name}" * random.choice([1, 400])
    if kind in ("config keys", "both files", "half over whole"):
        config.update(keys_of(name, "CONF"))
        if random.random() < 0.3:
            config[TOKEN] = f"token-CONF-{name}"
    if kind == "half over whole":
        credentials[random.choice([KEY, SECRET])] = "HALF"
    if kind == "half key":
        credentials[KEY] = "HALF"
    if kind == "half secret":
        credentials[SECRET] = "half-secret"
    if kind.startswith("role") or (kind.startswith("source") and kind != "source without role") or kind in (
        "credential source", "web identity", "two kinds", "keys and web identity",
    ):  # fmt: skip
        config["role_arn"] = role(name)
    if kind.startswith("source") or kind == "two kinds":
        config["source_profile"] = random.choice(PROFILES + ["missing"] if random.random() < 0.2 else PROFILES[1:])
    if kind == "credential source":
        config["credential_source"] = random.choice(["Environment", "Ec2InstanceMetadata", "EcsContainer", "Wrong"])
    if kind == "two kinds":
        config[random.choice(["credential_source", "web_identity_token_file"])] = "Environment"
    if kind in ("process", "role with process", "keys and process"):
        config["credential_process"] = f"cat ~/process-{name}"
        home.files[f"process-{name}"] = json.dumps(
            {
                "Version": 1,
                "AccessKeyId": f"PROCESS{name}",
                "SecretAccessKey": f"secret-PROCESS-{name}",
                "SessionToken": f"token-PROCESS-{name}",
            }
        )
    if kind in ("web identity", "keys and web identity"):
        config["web_identity_token_file"] = "~/token"
    if kind.startswith("sso"):
        config.update(
            sso_region="eu-west-1", sso_start_url=START_URL, sso_account_id="123456789012", sso_role_name=f"r{name}"
        )
        if kind == "sso session":
            del config["sso_region"], config["sso_start_url"]
            config["sso_session"] = "session"
        if kind == "sso in part":
            del config[random.choice(SSO_KEYS[1:])]
    if config or random.random() < 0.2:
        home.config[name] = config
    if credentials:
        home.credentials[name] = credentials


def fill_environment(home, random):
    environment = home.environment

    def maybe(chance, **variables):
        if random.random() < chance:
            environment.update(variables)

    keys = random.random()
    if keys < 0.2:
        environment.update(AWS_ACCESS_KEY_ID="AKIAENV", AWS_SECRET_ACCESS_KEY="secret-ENV")
    elif keys < 0.25:
        environment.update(random.choice([{"AWS_ACCESS_KEY_ID": "AKIAHALF"}, {"AWS_SECRET_ACCESS_KEY": "half-secret"}]))
    elif keys < 0.28:
        environment.update(AWS_ACCESS_KEY="AKIAOLD", AWS_SECRET_KEY="secret-OLD")
    maybe(0.2, AWS_SESSION_TOKEN="token-ENV")
    web = random.random()
    if web < 0.1:
        environment.update(AWS_WEB_IDENTITY_TOKEN_FILE="~/token", AWS_ROLE_ARN=role("env"))
    elif web < 0.13:
        environment.update(
            random.choice([{"AWS_WEB_IDENTITY_TOKEN_FILE": "~/token"}, {"AWS_ROLE_ARN": role("env")}])
        )
    maybe(0.45, AWS_PROFILE=random.choice(PROFILES[1:] * 4 + ["default", "missing", ""]))
    maybe(0.1, AWS_DEFAULT_PROFILE=random.choice(PROFILES))
    maybe(0.3, AWS_REGION=random.choice(REGIONS))
    maybe(0.7, AWS_DEFAULT_REGION=random.choice(REGIONS))
    maybe(0.12, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI="/v2/credentials/id")
    maybe(0.6, AWS_EC2_METADATA_DISABLED=random.choice(["true", "TRUE", "true", "false"]))
    maybe(0.06, AWS_USE_FIPS_ENDPOINT=random.choice(["true", "false"]))
    maybe(0.06, AWS_USE_DUALSTACK_ENDPOINT=random.choice(["true", "TRUE", "false"]))


def make(random):
    home = Home()
    for name in PROFILES:
        if random.random() < {"default": 0.6, "p1": 0.95}.get(name, 0.8):
            fill_profile(home, random, name)
    fill_environment(home, random)
    if random.random() < 0.3:
        home.spelling = copy.deepcopy(random)
    return home
