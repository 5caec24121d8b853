# SPDX-License-Identifier: MPL-2.0
"""The guide to authentication does what it says: its table is the order in which sources are asked, and each of its examples
and commands is run as it stands there, with somebody to play GitHub, EKS, ECS, EC2 and SSO. With the first host only."""

import hashlib
import itertools
import json
import os
import re
import subprocess
import time
import unittest

import yaml

import ec2
from certificates import Certificate
from harness import SOURCE, Case
from proxy import Proxy
from strange import Strange, whole
from wire import Wire

GUIDE = (SOURCE / "docs" / "guides" / "authentication.md").read_text()
FILTER = 'resource "vns_mirror_filter" "x" {}\n'
USED = re.compile(r'using AWS credentials.*? source=(?:"([^"]+)"|(\S+))')
ACCOUNT = "210987654321"
TOKEN = "the-token-of-the-job"


def sections():
    """Title -> its fenced blocks, [(language, text)], in order."""
    found = {}
    for part in re.split(r"^## ", GUIDE, flags=re.MULTILINE)[1:]:
        title, _, text = part.partition("\n")
        found[title] = re.findall(r"^```(\w+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return found


def table():
    """The last column of the rows: the names in the log."""
    rows = re.findall(r"^\| (\d+) \|.*\| `([^`]+)` \|$", GUIDE, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, len(rows) + 1)), rows
    return [name for _, name in rows]


def profile_table():
    """The rows of a profile, in order: the first key that makes one -> the name in the log."""
    rows = re.findall(r"^\| 5([a-z]) \|[^|]*\| `(\w+)`[^|]*\| `([^`]+)` \|$", GUIDE, re.MULTILINE)
    assert "".join(letter for letter, _, _ in rows) == "abcdef", rows
    return {key: name for _, key, name in rows}


# Each source within a profile gives keys of an account of its own, and the role belongs to another one.
WITHIN = {
    "source_profile": "111111111111",
    "aws_access_key_id": "222222222222",
    "credential_source": "333333333333",
    "web_identity_token_file": "",
    "sso_session": ec2.ACCOUNT,
    "credential_process": "444444444444",
}
# A profile can have only one of these; but for the last, they need a role.
EXCLUSIVE = ("source_profile", "credential_source", "web_identity_token_file", "credential_process")


class Guide(Case):
    def setUp(self):
        super().setUp()
        self.blocks = sections()
        self.shown = set()  # (title, index) of the blocks that were run
        self.fresh()

    def fresh(self):
        """Another simulator, workspace and home, with nothing that says who one is."""
        self.sim, self.space = self.world()
        self.home = self.space.folder.parent
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
            del self.space.environment[name]

    def write(self, name, text):
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return str(path)

    def block(self, title, language, index=0):
        found = [(i, text) for i, (kind, text) in enumerate(self.blocks[title]) if kind == language]
        at, text = found[index]
        self.shown.add((title, at))
        return text

    def run_block(self, provider, source, account=ec2.ACCOUNT, region="eu-central-1", **environment):
        """Plans with the block; `source` must have given the keys, of that account, and the region be that one."""
        self.space.configure(FILTER, provider=provider)
        log = self.space.folder / "debug.log"
        log.unlink(missing_ok=True)
        self.sim.forget_calls()
        self.space.plan(environment={"TF_LOG": "debug", "TF_LOG_PATH": str(log), **environment})
        calls = [call for call in self.sim.all_calls() if call["service"] == "ec2"]
        self.assertEqual({(call["account"], call["region"]) for call in calls}, {(account, region)})
        self.assertEqual({quoted or plain for quoted, plain in USED.findall(log.read_text())}, {source})

    def issue_keys(self):
        """Keys as an action that has signed in would put them into the environment."""
        return {"AWS_ACCESS_KEY_ID": ec2.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": ec2.SECRET_KEY}

    def assumed(self):
        return [c["parameters"] for c in self.sim.all_calls() if c["action"].startswith("AssumeRole")]

    # The examples.

    def test_every_example(self):
        for title in self.blocks:
            run = getattr(self, "show_" + re.sub(r"\W+", "_", title.lower()), None)
            if run:
                self.fresh()
                with self.subTest(title):
                    run()
        every = {(title, i) for title, blocks in self.blocks.items() for i in range(len(blocks))}
        self.assertEqual(self.shown, every, "examples that nobody runs")

    def show_github_actions(self):
        title = "GitHub Actions"
        job = self.workflow(title, 0)
        (sign_in,) = [step["with"] for step in job["steps"] if "configure-aws-credentials" in step.get("uses", "")]
        self.assertRegex(sign_in["role-to-assume"], r"^arn:aws:iam::\d{12}:role/\S+$")
        block = self.block(title, "terraform")
        self.run_block(block, "environment", AWS_REGION=sign_in["aws-region"], **self.issue_keys())

        job = self.workflow(title, 1)
        github = Strange(lambda name, send: send(whole(json.dumps({"value": TOKEN}))))
        self.addCleanup(github.stop)
        given = {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{github.endpoint}/token?version=2",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "request-token",
        }
        environment = {**job["env"], "AWS_WEB_IDENTITY_TOKEN_FILE": str(self.home / "aws-token")}
        self.assertEqual(set(environment), {"AWS_REGION", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"})
        for step in job["steps"]:
            if "ACTIONS_ID_TOKEN" in step.get("run", ""):
                everything = {**self.space.environment, **given, **environment}
                subprocess.run(["bash", "-e", "-c", step["run"]], env=everything, check=True)
        (head,) = github.heads
        self.assertIn("GET /token?version=2&audience=sts.amazonaws.com ", head)
        self.assertIn("authorization: bearer request-token\r\n", head.lower())
        self.assertEqual((self.home / "aws-token").stat().st_mode & 0o077, 0)
        self.run_block(self.block(title, "terraform", 1), "web identity", **environment)
        self.assertEqual(self.assumed()[0]["WebIdentityToken"], TOKEN)
        self.assertEqual(self.assumed()[0]["RoleArn"], environment["AWS_ROLE_ARN"])

    def workflow(self, title, index):
        workflow = yaml.safe_load(self.block(title, "yaml", index))
        self.assertEqual(workflow["permissions"]["id-token"], "write")
        job = workflow["jobs"]["apply"]
        self.assertIn("terraform apply", job["steps"][-1]["run"])
        return job

    def show_other_pipelines(self):
        block = self.block("Other pipelines", "terraform")
        named = re.search(r'web_identity_token_file *= *"([^"]+)"', block).group(1)
        self.run_block(block.replace(named, self.write("token", TOKEN)), "provider web identity")
        self.assertEqual(self.assumed()[0]["WebIdentityToken"], TOKEN)

    def show_eks(self):
        account = yaml.safe_load(self.block("EKS", "yaml"))
        role = account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"]
        block = self.block("EKS", "terraform")
        self.run_block(block, "web identity", AWS_ROLE_ARN=role, AWS_WEB_IDENTITY_TOKEN_FILE=self.write("token", TOKEN))
        self.sim._control("identity", "POST", {"source": "container", "authorization": TOKEN})
        self.run_block(
            block,
            "container",
            AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{self.sim.endpoint}/credentials",
            AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=self.write("token", TOKEN),
        )

    def show_ecs_and_codebuild(self):
        # The address behind the relative URI is the network's own; its unit tests know it. Here it is spelled out.
        uri = f"{self.sim.endpoint}/credentials"
        self.run_block(self.block("ECS and CodeBuild", "terraform"), "container", AWS_CONTAINER_CREDENTIALS_FULL_URI=uri)

    def show_ec2_instances(self):
        self.sim._control("identity", "POST", {"source": "imds", "region": "us-west-2"})
        metadata = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": self.sim.endpoint, "AWS_EC2_METADATA_DISABLED": "false"}
        self.run_block(self.block("EC2 instances", "terraform"), "instance metadata", region="us-west-2", **metadata)

    def show_a_laptop_with_sso(self):
        config = self.block("A laptop with SSO", "ini")
        self.write(".aws/config", config)
        session = re.search(r"^\[sso-session (\S+)\]", config, re.MULTILINE).group(1)
        login = {"accessToken": "simulator-login", "expiresAt": self.later()}
        self.write(f".aws/sso/cache/{hashlib.sha1(session.encode()).hexdigest()}.json", json.dumps(login))
        self.run_block(self.block("A laptop with SSO", "terraform"), "SSO")

    def show_roles_across_accounts(self):
        title = "Roles across accounts"
        self.run_block(self.block(title, "terraform"), "environment", ACCOUNT, **self.issue_keys())
        hub, sensors = self.assumed()
        self.assertEqual((hub["RoleSessionName"], sensors["ExternalId"]), ("mirroring", "mirroring-pipeline"))
        self.assertEqual(sensors["DurationSeconds"], "3600")
        self.write(".aws/config", self.block(title, "ini"))
        self.run_block(self.block(title, "terraform", 1), "profile role", ACCOUNT, **self.issue_keys())
        again = self.assumed()
        for key in ("RoleArn", "ExternalId"):
            self.assertEqual([each.get(key) for each in again], [hub.get(key), sensors.get(key)])

    def show_proxies_and_certificates(self):
        # AWS's own names, all of which lead to the simulator.
        names = "DNS:ec2.eu-central-1.amazonaws.com,DNS:sts.eu-central-1.amazonaws.com"
        certificate = Certificate(self.folder / "tls", names)
        wire = Wire(self.sim.endpoint, tls=certificate.server())
        proxy = Proxy(secure=wire.endpoint)
        self.addCleanup(wire.stop)
        self.addCleanup(proxy.stop)
        del self.space.environment["AWS_ENDPOINT_URL"], self.space.environment["NO_PROXY"]
        block = self.block("Proxies and certificates", "terraform")
        self.assertIn('"http://proxy.example.com:3128"', block)
        self.write(re.search(r'custom_ca_bundle *= *"~/([^"]+)"', block).group(1), certificate.path.read_text())
        self.run_block(block.replace("http://proxy.example.com:3128", proxy.url), "environment", **self.issue_keys())
        self.assertEqual(proxy.hosts, {f"{service}.eu-central-1.amazonaws.com" for service in ("ec2", "sts")})

    @staticmethod
    def later():
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))

    # The table.

    def test_the_table_is_the_order(self):
        """All sources are set up; each time the one that was used is taken away, and the next row's is used."""
        token = self.write("token", TOKEN)
        role = "arn:aws:iam::123456789012:role/x"
        self.write(
            ".aws/credentials",
            f"[default]\naws_access_key_id = {ec2.ACCESS_KEY}\naws_secret_access_key = {ec2.SECRET_KEY}\n",
        )
        arguments = {
            "provider web identity": f'assume_role_with_web_identity {{\n role_arn = "{role}"\n web_identity_token_file = "{token}"\n}}',
            "provider arguments": f'access_key = "{ec2.ACCESS_KEY}"\nsecret_key = "{ec2.SECRET_KEY}"',
        }
        environment = {
            "environment": self.issue_keys(),
            "web identity": {"AWS_ROLE_ARN": role, "AWS_WEB_IDENTITY_TOKEN_FILE": token},
            "profile": {"AWS_SHARED_CREDENTIALS_FILE": str(self.home / ".aws" / "credentials")},
            "container": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{self.sim.endpoint}/credentials"},
            "instance metadata": {
                "AWS_EC2_METADATA_SERVICE_ENDPOINT": self.sim.endpoint,
                "AWS_EC2_METADATA_DISABLED": "false",
            },
        }
        self.assertEqual(set(table()), {*arguments, *environment})
        for name in table():
            with self.subTest(name):
                provider = 'provider "vns" {\n  region = "eu-central-1"\n%s\n}\n' % "\n".join(arguments.values())
                every = {key: value for variables in environment.values() for key, value in variables.items()}
                self.run_block(provider, name, **every)
                arguments.pop(name, None)
                environment.pop(name, None)
                if name == "profile":
                    (self.home / ".aws" / "credentials").unlink()

    # Within a profile.

    @staticmethod
    def keys_of(source):
        return f"AKID{WITHIN[source]}", ec2.SECRET_KEY

    def write_profile(self, sources):
        """A profile with these sources."""
        own, base, process = (self.keys_of(each) for each in ("aws_access_key_id", "source_profile", "credential_process"))
        told = {"Version": 1, "AccessKeyId": process[0], "SecretAccessKey": process[1]}
        texts = {
            "source_profile": "source_profile = base\n",
            "aws_access_key_id": "aws_access_key_id = %s\naws_secret_access_key = %s\n" % own,
            "credential_source": "credential_source = Environment\n",
            "web_identity_token_file": f"web_identity_token_file = {self.write('token', TOKEN)}\n",
            "sso_session": f"sso_session = corp\nsso_account_id = {WITHIN['sso_session']}\nsso_role_name = Admin\n",
            "credential_process": f"credential_process = cat {self.write('told.json', json.dumps(told))}\n",
        }
        self.write(
            ".aws/config",
            "[profile base]\naws_access_key_id = %s\naws_secret_access_key = %s\n" % base
            + "[sso-session corp]\nsso_region = eu-central-1\nsso_start_url = https://corp.example/start\n[profile x]\n"
            + (f"role_arn = arn:aws:iam::{ACCOUNT}:role/x\n" if {*EXCLUSIVE[:3]}.intersection(sources) else "")
            + "".join(texts[source] for source in sources),
        )
        login = {"accessToken": "simulator-login", "expiresAt": self.later()}
        self.write(f".aws/sso/cache/{hashlib.sha1(b'corp').hexdigest()}.json", json.dumps(login))

    def open_profile(self):
        """The provider block for the profile, and the environment, whose keys only credential_source takes."""
        accounts = [account for account in WITHIN.values() if account]
        keys = [{"access_key": f"AKID{each}", "secret_key": ec2.SECRET_KEY, "account": each} for each in accounts]
        self.sim, self.space = self.world(seed={"credentials": keys})
        self.home = self.space.folder.parent
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        return 'provider "vns" {\n  profile = "x"\n}\n', dict(zip(names, self.keys_of("credential_source")))

    def test_the_table_is_the_order_within_a_profile(self):
        """A profile with keys, a login and one of the sources that exclude each other: each time the one that was used is
        taken away, and the next row's is used."""
        rows = profile_table()
        self.assertEqual(set(rows), set(WITHIN))
        provider, environment = self.open_profile()
        for exclusive in EXCLUSIVE:
            left = [source for source in rows if source not in EXCLUSIVE or source == exclusive]
            while left:
                with self.subTest(", ".join(left)):
                    self.write_profile(left)
                    takes_role = exclusive in left and exclusive != "credential_process"
                    by_token = left[0] == "web_identity_token_file"
                    name = "profile role" if takes_role and not by_token else rows[left[0]]
                    self.run_block(provider, name, ACCOUNT if takes_role else WITHIN[left[0]], **environment)
                    signers = [c["account"] for c in self.sim.all_calls() if c["action"] == "AssumeRole"]
                    self.assertEqual(signers, [WITHIN[left[0]]] if takes_role and not by_token else [])
                left.pop(0)

    def test_sources_that_exclude_each_other(self):
        provider, environment = self.open_profile()
        self.space.configure(FILTER, provider=provider)
        for pair in itertools.combinations(EXCLUSIVE, 2):
            with self.subTest(pair):
                self.write_profile(pair)
                result = self.space.plan(expect=(1,), environment=environment)
                self.assertIn("Conflicting settings in the AWS profile", result.words)

    # The commands in its sentences.

    def test_every_command(self):
        sentences = re.sub(r"^```.*?^```", "", GUIDE, flags=re.MULTILINE | re.DOTALL)
        commands = {text for text in re.findall(r"`([^`]+)`", sentences) if re.search(r"\baws [a-z]", text)}
        export = 'eval "$(aws configure export-credentials --profile NAME --format env)"'
        hops = "aws ec2 modify-instance-metadata-options --instance-id i-0123456789abcdef0 --http-put-response-hop-limit 2"
        # The first is named only; the next two are those of the command's version 2, which is in no package.
        self.assertEqual(commands, {"aws login", "aws sso login --profile network", export, hops})
        self.assertIn("[profile network]", self.blocks["A laptop with SSO"][0][1])
        # The simulator has no such action; what matters is that the command sends it.
        path = f"{os.environ['VNS_TEST_PYTHON']}/bin:{os.environ['PATH']}"
        environment = {**self.space.environment, **self.issue_keys(), "AWS_DEFAULT_REGION": "eu-central-1", "PATH": path}
        sent = subprocess.run(hops.split(), env=environment, capture_output=True, text=True, check=False)
        self.assertIn("InvalidAction", sent.stderr)
        (call,) = [call for call in self.sim.all_calls() if call["action"] == "ModifyInstanceMetadataOptions"]
        self.assertEqual(call["parameters"]["HttpPutResponseHopLimit"], "2")


if __name__ == "__main__":
    unittest.main()
