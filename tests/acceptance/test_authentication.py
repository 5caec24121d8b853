# SPDX-License-Identifier: MPL-2.0
"""Every source of credentials once, with the real host: who the provider is, that the aws command is the same with the
same profile, and that no secret shows anywhere."""

import hashlib
import json
import os
import re
import subprocess
import time
import unittest

import ec2
from harness import Case, for_each_host

load_tests = for_each_host

FILTER = 'resource "vns_mirror_filter" "x" {}\n'
ACCOUNT = "210987654321"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/worker"
NEXT_ROLE = "arn:aws:iam::333333333333:role/next"
# Of tests/requirements.txt: Debian's does not know AWS_ENDPOINT_URL.
AWS = os.environ["VNS_TEST_PYTHON"] + "/bin/aws"
# What the provider and the aws command call a session that nobody named.
OWN_SESSION = re.compile(r"/(terraform-provider-vns|botocore-session|AWS-CLI-session)-[0-9]+$")

# Parts of everything that the simulator hands out or is asked with, and nobody may see.
SECRETS = [
    ec2.SECRET_KEY,
    "issued-secret-",
    "issued-token-",
    "simulator-login",
    "simulator-refresh",
    "simulator-metadata-token",
    "web-identity-token-nobody-may-see",
    "container-token-nobody-may-see",
    "client-secret-nobody-may-see",
]


class Authentication(Case):
    keys_in_block = False

    def setUp(self):
        super().setUp()
        self.assertTrue(os.access(AWS, os.X_OK), f"{AWS} is missing. tests/run installs it, and tests/lib/python does")
        self.sim, self.space = self.world()
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del self.space.environment[name]
        self.home = self.folder / "home"
        (self.home / ".aws").mkdir(parents=True)
        self.space.environment["HOME"] = str(self.home)

    def config(self, text):
        (self.home / ".aws" / "config").write_text(text)

    def credentials(self):
        (self.home / ".aws" / "credentials").write_text(
            f"[default]\naws_access_key_id = {ec2.ACCESS_KEY}\naws_secret_access_key = {ec2.SECRET_KEY}\n"
        )

    def identity(self, **settings):
        self.sim._control("identity", "POST", settings)

    def services(self):
        """Which places were asked, in order, each once."""
        return list(dict.fromkeys(call["service"] for call in self.sim.all_calls()))

    def assert_nothing_shows(self, result, log):
        places = {"the output": result.text, "the trace": log.read_text(errors="replace")}
        for path in self.space.folder.rglob("*"):
            # What is written into the block itself, Terraform keeps in its plan: the guide warns of that.
            planned = path.name == "plan.json" and not self.keys_in_block
            if path.is_file() and (path.suffix in (".tfstate", ".backup") or planned):
                places[path.name] = path.read_text(errors="replace")
        self.assertIn("PlanResourceChange", places["the trace"])
        self.assertIn("terraform.tfstate", places)
        for place, text in places.items():
            for secret in SECRETS:
                self.assertNotIn(secret, text, f"{secret} in {place}")

    def expect(self, account, services, provider="", **environment):
        """Plans and applies with every word logged; the filter must be the account's, and nothing else was asked."""
        self.space.environment.update(environment)
        self.space.configure(FILTER, provider=f'provider "vns" {{\n{provider}\n}}\n')
        log = self.space.folder / "trace.log"
        traced = {"TF_LOG": "trace", "TF_LOG_PATH": str(log)}
        self.space.plan("-out=plan", environment=traced)
        (self.space.folder / "plan.json").write_text(self.space.run("show", "-json", "plan").stdout)
        result = self.space.apply("plan", environment=traced)
        (made,) = [call for call in self.sim.all_calls() if call["action"] == "CreateTrafficMirrorFilter"]
        self.assertEqual(made["account"], account)
        self.assertEqual(self.services(), services)
        self.assert_nothing_shows(result, log)

    def ask_aws(self, *options):
        """The caller's ARN, and no calls but its own are left in the log."""
        self.sim._control("calls", "DELETE")
        region = {"AWS_DEFAULT_REGION": self.space.environment.get("AWS_REGION", "us-west-2")}  # it reads no AWS_REGION
        shown = subprocess.run(
            [AWS, *options, "sts", "get-caller-identity"],
            env={**self.space.environment, **region},
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(shown.returncode, 0, shown.stderr)
        return json.loads(shown.stdout)["Arn"]

    def assert_same_as_aws(self, *options):
        """The aws command, in the same environment, is whom the provider was. Only names that each makes up differ: that
        of a session is the profile's, or is left out of the comparison."""
        callers = {call["caller"] for call in self.sim.all_calls() if call["action"] == "CreateTrafficMirrorFilter"}
        places = self.services()
        arn = self.ask_aws(*options)
        self.assertEqual({OWN_SESSION.sub("/ours", arn)}, {OWN_SESSION.sub("/ours", caller) for caller in callers})
        self.assertEqual([place for place in places if place != "ec2"], self.services())

    # The sources, in the chain's order.

    def test_web_identity_argument(self):
        token = self.folder / "token"
        token.write_text("web-identity-token-nobody-may-see")
        self.expect(
            ACCOUNT,
            ["sts", "ec2"],
            f'assume_role_with_web_identity {{\n role_arn = "{ROLE}"\n web_identity_token_file = "{token}"\n }}',
        )

    def test_arguments(self):
        self.keys_in_block = True
        self.expect(
            ec2.ACCOUNT,
            ["sts", "ec2"],
            f'access_key = "{ec2.ACCESS_KEY}"\n  secret_key = "{ec2.SECRET_KEY}"',
            AWS_ACCESS_KEY_ID="AKIDOTHER",
            AWS_SECRET_ACCESS_KEY="other",
        )

    def test_empty_arguments_count_as_none(self):
        self.credentials()
        names = ("region", "sts_region", "profile", "access_key", "secret_key", "token", "retry_mode", "custom_ca_bundle")
        empty = "".join(f'  {name} = ""\n' for name in names)
        blocks = 'endpoints {\n ec2 = ""\n }\n assume_role {\n role_arn = ""\n }'
        self.expect(ec2.ACCOUNT, ["sts", "ec2"], empty + blocks, AWS_REGION="us-west-2")
        self.assertEqual({call["region"] for call in self.sim.all_calls()}, {"us-west-2"})

    def test_environment(self):
        self.config("[default]\ncredential_process = exit 1\n")
        self.expect(
            ec2.ACCOUNT, ["sts", "ec2"], AWS_ACCESS_KEY_ID=ec2.ACCESS_KEY, AWS_SECRET_ACCESS_KEY=ec2.SECRET_KEY
        )
        self.assert_same_as_aws()

    def test_web_identity_environment(self):
        token = self.folder / "token"
        token.write_text("web-identity-token-nobody-may-see\n")
        self.expect(ACCOUNT, ["sts", "ec2"], AWS_ROLE_ARN=ROLE, AWS_WEB_IDENTITY_TOKEN_FILE=str(token))
        self.assert_same_as_aws()

    def test_profile_with_keys(self):
        self.credentials()
        self.expect(ec2.ACCOUNT, ["sts", "ec2"])
        self.assert_same_as_aws()

    def test_profile_in_a_pipe(self):
        """As of a password manager, which gives the file to each reader, after a while."""
        self.credentials()
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        source = self.home / ".aws" / "credentials"
        kept = source.rename(self.folder / "kept")
        script = 'while exec 3>"$1"; do sleep 0.3; cat "$2" >&3; exec 3>&-; sleep 0.3; done'
        manager = subprocess.Popen(["sh", "-c", script, "sh", pipe, kept], stdin=subprocess.DEVNULL)
        self.addCleanup(manager.wait)
        self.addCleanup(manager.kill)
        self.expect(ec2.ACCOUNT, ["sts", "ec2"], AWS_SHARED_CREDENTIALS_FILE=str(pipe))

    def test_profile_with_a_role(self):
        self.credentials()
        self.config(f"[profile work]\nrole_arn = {ROLE}\nsource_profile = default\nexternal_id = ours\n")
        self.expect(ACCOUNT, ["sts", "ec2"], 'profile = "work"')
        (assumed,) = [c for c in self.sim.all_calls() if c["action"] == "AssumeRole"][:1]
        self.assertEqual(assumed["parameters"]["ExternalId"], "ours")
        self.assert_same_as_aws("--profile", "work")

    def test_profile_with_a_chain_of_roles(self):
        self.credentials()
        self.config(
            f"[profile first]\nrole_arn = {ROLE}\nsource_profile = default\nrole_session_name = hub\n"
            f"[profile second]\nrole_arn = {NEXT_ROLE}\nsource_profile = first\nrole_session_name = spoke\n"
        )
        self.expect("333333333333", ["sts", "ec2"], AWS_PROFILE="second")
        self.assertEqual(self.assumed_by(), [ec2.ACCOUNT, ACCOUNT])
        self.assert_same_as_aws()
        self.assertEqual(self.assumed_by(), [ec2.ACCOUNT, ACCOUNT])

    def assumed_by(self):
        """The accounts that asked for roles, in order, by the first who did."""
        return [call["account"] for call in self.sim.all_calls() if call["action"] == "AssumeRole"][:2]

    def test_profile_with_credential_source(self):
        self.config(f"[profile work]\nrole_arn = {ROLE}\ncredential_source = Environment\nrole_session_name = ci\n")
        keys = {"AWS_ACCESS_KEY_ID": ec2.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": ec2.SECRET_KEY}
        self.expect(ACCOUNT, ["sts", "ec2"], 'profile = "work"', **keys)
        self.assert_same_as_aws("--profile", "work")

    def test_profile_with_credential_source_instance(self):
        del self.space.environment["AWS_EC2_METADATA_DISABLED"]
        self.config(f"[profile work]\nrole_arn = {ROLE}\ncredential_source = Ec2InstanceMetadata\nrole_session_name = ci\n")
        self.expect(
            ACCOUNT, ["imds", "sts", "ec2"], AWS_PROFILE="work", AWS_EC2_METADATA_SERVICE_ENDPOINT=self.sim.endpoint
        )
        self.assert_same_as_aws()

    def test_profile_with_web_identity(self):
        token = self.folder / "token"
        token.write_text("web-identity-token-nobody-may-see")
        self.config(f"[default]\nrole_arn = {ROLE}\nweb_identity_token_file = {token}\nrole_session_name = ci\n")
        self.expect(ACCOUNT, ["sts", "ec2"])
        self.assert_same_as_aws()

    def test_process(self):
        told = {"Version": 1, "AccessKeyId": ec2.ACCESS_KEY, "SecretAccessKey": ec2.SECRET_KEY}
        file = self.home / "told.json"
        file.write_text(json.dumps(told))
        self.config(f"[default]\ncredential_process = cat {file}\n")
        self.expect(ec2.ACCOUNT, ["sts", "ec2"])
        self.assert_same_as_aws()

    def sso_login(self, expires, **more):
        cache = self.home / ".aws" / "sso" / "cache"
        cache.mkdir(parents=True)
        self.config(
            "[default]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n"
            "[sso-session corp]\nsso_region = eu-central-1\nsso_start_url = https://corp.example/start\n"
            "sso_registration_scopes = sso:account:access\n"
        )
        file = cache / (hashlib.sha1(b"corp").hexdigest() + ".json")
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + expires))
        login = {"startUrl": "https://corp.example/start", "region": "eu-central-1", "expiresAt": stamp}
        file.write_text(json.dumps({**login, "accessToken": "simulator-login", **more}))
        return file

    def test_sso(self):
        self.sso_login(3600)
        self.expect("123456789012", ["sso", "sts", "ec2"])
        self.assert_same_as_aws()

    def test_sso_without_a_session(self):
        file = self.sso_login(3600)
        self.config(
            "[default]\nsso_region = eu-central-1\nsso_start_url = https://corp.example/start\n"
            "sso_account_id = 123456789012\nsso_role_name = Admin\n"
        )
        file.rename(file.with_name(hashlib.sha1(b"https://corp.example/start").hexdigest() + ".json"))
        self.expect("123456789012", ["sso", "sts", "ec2"])
        self.assert_same_as_aws()

    def test_sso_with_a_login_to_renew(self):
        client = {"refreshToken": "simulator-refresh", "clientId": "id", "clientSecret": "client-secret-nobody-may-see"}
        later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
        file = self.sso_login(-60, **client, registrationExpiresAt=later, kept="as it was")
        self.expect("123456789012", ["oidc", "sso", "sts", "ec2"])
        renewed = json.loads(file.read_text())
        self.assertNotEqual(renewed["accessToken"], "simulator-login")
        self.assertEqual(renewed["kept"], "as it was")
        self.assertEqual(os.stat(file).st_mode & 0o077, 0)
        self.ask_aws()  # the cache file that the provider wrote is one that it takes, without renewing it again
        self.assertEqual(self.services(), ["sso", "sts"])

    def test_container(self):
        self.identity(source="container", authorization="container-token-nobody-may-see")
        self.expect(
            "123456789012",
            ["container", "sts", "ec2"],
            AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{self.sim.endpoint}/credentials",
            AWS_CONTAINER_AUTHORIZATION_TOKEN="container-token-nobody-may-see",
        )
        self.assert_same_as_aws()

    def test_instance(self):
        del self.space.environment["AWS_REGION"], self.space.environment["AWS_EC2_METADATA_DISABLED"]
        self.identity(source="imds", region="us-west-2")
        self.expect("123456789012", ["imds", "sts", "ec2"], AWS_EC2_METADATA_SERVICE_ENDPOINT=self.sim.endpoint)
        self.assertIn("us-west-2", {call.get("region") for call in self.sim.all_calls()})
        self.assert_same_as_aws()

    # On top of any of them.

    def test_a_chain_of_roles(self):
        self.credentials()
        blocks = "\n".join(f'assume_role {{\n role_arn = "{role}"\n session_name = "ci"\n }}' for role in (ROLE, NEXT_ROLE))
        self.expect("333333333333", ["sts", "ec2"], blocks)
        assumed = [call for call in self.sim.all_calls() if call["action"] == "AssumeRole"]
        self.assertEqual([call["account"] for call in assumed[:2]], [ec2.ACCOUNT, ACCOUNT])

    # What goes wrong.

    def test_a_denied_role_is_told(self):
        self.credentials()
        self.identity(source="sts", mode="denied")
        self.space.configure(FILTER, provider=f'provider "vns" {{\nassume_role {{\n role_arn = "{ROLE}"\n}}\n}}\n')
        result = self.space.apply(expect=(1,))
        self.assertIn("AccessDenied", result.words)
        self.assertIn(ROLE, result.words)
        self.assertEqual(self.sim.count(), 0)

    def test_the_wrong_account_is_refused(self):
        self.credentials()
        self.space.configure(FILTER, provider='provider "vns" {\n allowed_account_ids = ["111111111111"]\n}\n')
        result = self.space.apply(expect=(1,))
        self.assertIn(f"AWS account ID not allowed: {ec2.ACCOUNT}", result.words)
        self.assertEqual(self.sim.count(), 0)

    def test_refused_credentials_are_asked_once(self):
        self.space.configure('resource "vns_mirror_filter" "x" {\n count = 3\n}\n')
        self.space.environment["AWS_ACCESS_KEY_ID"] = ec2.ACCESS_KEY
        self.space.environment["AWS_SECRET_ACCESS_KEY"] = "mistyped"
        result = self.space.plan(expect=(1,))
        self.assertEqual(result.words.count("AWS refused the credentials"), 1, result.words)
        self.assertIn("SignatureDoesNotMatch", result.words)
        self.assertEqual([call["action"] for call in self.sim.all_calls()], ["GetCallerIdentity"])

    def test_no_source_is_asked_for_what_needs_no_aws(self):
        self.space.environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"{self.sim.endpoint}/credentials"
        self.space.configure(FILTER)
        self.space.validate()
        self.assertEqual(self.sim.all_calls(), [])


if __name__ == "__main__":
    unittest.main()
