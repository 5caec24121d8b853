# SPDX-License-Identifier: MPL-2.0
"""Everything that hands out credentials: STS, SSO and its OIDC service, instance metadata, the container endpoint."""

import json
import os
import tempfile
import time
import unittest
import urllib.error
import urllib.request

import botocore.exceptions
import botocore.parsers
import botocore.utils

from simulator import ACCOUNT, Simulator, SimulatorTest

ROLE = "arn:aws:iam::210987654321:role/team/worker"


class IdentityTest(SimulatorTest):
    def tearDown(self):
        self.simulator.control("DELETE", "identity")
        super().tearDown()

    def say(self, source, **settings):
        return self.simulator.control("POST", "identity", {"source": source, **settings})

    def client_of(self, credentials, service="sts"):
        return self.simulator.client(
            service,
            access_key=credentials["AccessKeyId"],
            secret_key=credentials["SecretAccessKey"],
            token=credentials["SessionToken"],
        )

    def refused(self, call, code):
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            call()
        self.assertEqual(caught.exception.response["Error"]["Code"], code)


class Sts(IdentityTest):
    def assume(self, client=None, **more):
        client = client or self.simulator.client("sts")
        return client.assume_role(RoleArn=ROLE, RoleSessionName="me", **more)

    def test_role(self):
        answer = self.assume(
            DurationSeconds=900,
            ExternalId="x",
            Tags=[{"Key": "a", "Value": "b"}],
            TransitiveTagKeys=["a"],
            PolicyArns=[{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
            SourceIdentity="alice",
            Policy="{}",
        )
        arn = "arn:aws:sts::210987654321:assumed-role/worker/me"
        self.assertEqual(answer["AssumedRoleUser"]["Arn"], arn)
        self.assertAlmostEqual(answer["Credentials"]["Expiration"].timestamp(), time.time() + 900, delta=30)
        identity = self.client_of(answer["Credentials"]).get_caller_identity()
        self.assertEqual((identity["Account"], identity["Arn"]), ("210987654321", arn))
        chained = self.assume(self.client_of(answer["Credentials"]))
        self.client_of(chained["Credentials"], "ec2").describe_traffic_mirror_filters()

    def test_issued_credentials_are_checked(self):
        credentials = self.assume()["Credentials"]
        self.refused(
            self.client_of({**credentials, "SessionToken": "other"}).get_caller_identity, "InvalidClientTokenId"
        )
        self.refused(
            self.client_of({**credentials, "SecretAccessKey": "other"}).get_caller_identity, "SignatureDoesNotMatch"
        )

    def test_wrong_requests(self):
        client = self.simulator.client("sts")
        self.refused(lambda: client.assume_role(RoleArn="arn:aws:iam::1:role/x", RoleSessionName="me"), "ValidationError")
        self.refused(lambda: self.assume(DurationSeconds=60), "ValidationError")

    def test_web_identity_is_not_signed(self):
        client = self.simulator.client("sts")
        answer = client.assume_role_with_web_identity(RoleArn=ROLE, RoleSessionName="me", WebIdentityToken="any")
        self.assertEqual(self.client_of(answer["Credentials"]).get_caller_identity()["Account"], "210987654321")
        self.refused(
            lambda: client.assume_role_with_web_identity(
                RoleArn=ROLE, RoleSessionName="me", WebIdentityToken="expired"
            ),
            "ExpiredTokenException",
        )

    def test_expiry(self):
        self.say("sts", lifetime=1)
        credentials = self.assume()["Credentials"]
        time.sleep(1.2)
        self.refused(self.client_of(credentials).get_caller_identity, "ExpiredToken")
        self.refused(self.client_of(credentials, "ec2").describe_traffic_mirror_filters, "RequestExpired")
        self.say("sts", mode="expired")
        self.assertLess(self.assume()["Credentials"]["Expiration"].timestamp(), time.time())

    def test_modes(self):
        self.say("sts", mode="denied")
        self.refused(self.assume, "AccessDenied")
        self.say("sts", mode="malformed")
        with self.assertRaises(botocore.parsers.ResponseParserError):
            self.assume()
        self.say("sts", mode="slow", seconds=1)
        start = time.monotonic()
        self.assume()
        self.assertGreater(time.monotonic() - start, 0.9)
        # The other actions are not concerned.
        self.say("sts", mode="denied")
        self.simulator.client("sts").get_caller_identity()

    def test_wrong_settings(self):
        for wrong in ({}, {"source": "ec2"}, {"source": "sts", "mode": "odd"}, {"source": "sts", "odd": 1}):
            with self.subTest(wrong), self.assertRaises(urllib.error.HTTPError) as caught:
                self.simulator.control("POST", "identity", wrong)
            caught.exception.close()


    def test_restart(self):
        with tempfile.TemporaryDirectory() as folder:
            state = os.path.join(folder, "state.json")
            other = Simulator(state=state)
            credentials = other.client("sts").assume_role(RoleArn=ROLE, RoleSessionName="me")["Credentials"]
            self.assertEqual(other.stop(), 0)
            again = Simulator(state=state)
            client = again.client(
                "sts",
                access_key=credentials["AccessKeyId"],
                secret_key=credentials["SecretAccessKey"],
                token=credentials["SessionToken"],
            )
            self.assertEqual(client.get_caller_identity()["Account"], "210987654321")
            (call,) = again.calls()
            self.assertEqual(call["caller"], "arn:aws:sts::210987654321:assumed-role/worker/me")
            self.assertEqual(again.stop(), 0)


class Metadata(IdentityTest):
    def fetch(self, **more):
        fetcher = botocore.utils.InstanceMetadataFetcher(
            base_url=self.simulator.endpoint, env={}, timeout=1, num_attempts=1, **more
        )
        return fetcher.retrieve_iam_role_credentials()

    def test_version_2(self):
        found = self.fetch()
        self.assertEqual(found["role_name"], "simulator-instance")
        client = self.simulator.client(
            "sts", access_key=found["access_key"], secret_key=found["secret_key"], token=found["token"]
        )
        self.assertEqual(client.get_caller_identity()["Account"], ACCOUNT)

    def get(self, path, **headers):
        request = urllib.request.Request(self.simulator.endpoint + path, headers=headers)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    def test_token(self):
        header = "X-aws-ec2-metadata-token-ttl-seconds"
        for seconds, status in (("60", 200), ("21601", 400), ("", 400)):
            request = urllib.request.Request(
                self.simulator.endpoint + "/latest/api/token", headers={header: seconds}, method="PUT"
            )
            try:
                with urllib.request.urlopen(request) as answer:
                    self.assertEqual((answer.status, answer.headers[header]), (status, seconds))
            except urllib.error.HTTPError as error:
                error.close()
                self.assertEqual((error.code, error.headers[header]), (status, None))

    def test_account(self):
        info = json.loads(self.body("/latest/meta-data/iam/info"))
        self.assertEqual(info["InstanceProfileArn"].split(":")[4], ACCOUNT)

    def body(self, path):
        self.say("imds", tokens="optional")
        with urllib.request.urlopen(self.simulator.endpoint + path) as answer:
            return answer.read()

    def test_version_1_only_when_allowed(self):
        path = "/latest/meta-data/iam/security-credentials/"
        self.assertEqual(self.get(path), 401)
        self.say("imds", tokens="optional")
        self.assertEqual(self.get(path), 200)
        self.say("imds", tokens="absent")
        self.assertEqual(self.fetch()["role_name"], "simulator-instance")
        self.assertEqual(self.get(path, **{"X-Forwarded-For": "10.0.0.1"}), 403)

    def test_modes(self):
        for mode in ("denied", "malformed"):
            self.say("imds", mode=mode)
            self.assertEqual(self.fetch(), {})
        self.say("imds", mode="slow", seconds=2)
        self.assertEqual(self.fetch(), {})
        self.say("imds", mode="expired", role="other")
        self.assertEqual(self.fetch()["role_name"], "other")


class Container(IdentityTest):
    def fetch(self, **headers):
        fetcher = botocore.utils.ContainerMetadataFetcher(sleep=lambda seconds: None)
        return fetcher.retrieve_full_uri(self.simulator.endpoint + "/credentials/x", headers=headers)

    def test_credentials(self):
        self.assertTrue(self.fetch()["AccessKeyId"].startswith("ASIA"))
        self.say("container", authorization="a-token")
        self.assertTrue(self.fetch(Authorization="a-token")["Token"])
        with self.assertRaises(botocore.exceptions.MetadataRetrievalError):
            self.fetch(Authorization="another")

    def test_modes(self):
        for mode in ("denied", "malformed"):
            self.say("container", mode=mode)
            with self.assertRaises(botocore.exceptions.MetadataRetrievalError):
                self.fetch()


class Sso(IdentityTest):
    def credentials(self, token="simulator-login"):
        client = self.simulator.client("sso")
        return client.get_role_credentials(roleName="r", accountId=ACCOUNT, accessToken=token)["roleCredentials"]

    def renew(self, token="simulator-refresh"):
        return self.simulator.client("sso-oidc").create_token(
            clientId="id", clientSecret="secret", grantType="refresh_token", refreshToken=token
        )

    def test_credentials(self):
        found = self.credentials()
        client = self.simulator.client(
            "sts", access_key=found["accessKeyId"], secret_key=found["secretAccessKey"], token=found["sessionToken"]
        )
        self.assertEqual(client.get_caller_identity()["Account"], ACCOUNT)
        self.assertGreater(found["expiration"], time.time() * 1000)
        self.refused(lambda: self.credentials("wrong"), "UnauthorizedException")

    def test_renewal(self):
        renewed = self.renew()
        self.assertEqual(renewed["expiresIn"], 28800)
        self.credentials(renewed["accessToken"])
        self.renew(renewed["refreshToken"])
        with self.assertRaises(botocore.exceptions.ClientError):
            self.renew("wrong")

    def test_modes(self):
        self.say("sso", mode="denied")
        self.refused(self.credentials, "UnauthorizedException")
        self.say("sso", mode="expired")
        self.assertLess(self.credentials()["expiration"], time.time() * 1000)
        self.say("oidc", mode="expired")
        with self.assertRaises(botocore.exceptions.ClientError):
            self.renew()

    def test_calls_are_logged(self):
        self.credentials()
        self.assertIn(("sso", "/federation/credentials"), [(c["service"], c.get("path")) for c in self.simulator.calls()])


if __name__ == "__main__":
    unittest.main()
