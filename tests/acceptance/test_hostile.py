# SPDX-License-Identifier: MPL-2.0
"""The whole program against servers that mean harm: it ends in one error, without a crash, without reading on and on, and
no header is smuggled into a request. With the first host only: it has no part in it."""

import itertools
import json
import re
import unittest
import zlib

from harness import Case
from strange import Strange, whole

FILTER = 'resource "vns_mirror_filter" "x" {}\n'
MIB = 1024 * 1024
INJECTED = "token\r\nX-Injected: yes"
DATE = "2090-01-01T00:00:00Z"
IDENTITY = "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
ROLE = (
    "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey>"
    f"<SessionToken>{INJECTED.replace(chr(13), '&#13;').replace(chr(10), '&#10;')}</SessionToken>"
    f"<Expiration>{DATE}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
)
ENTITIES = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in itertools.pairwise("abcdefghij")
)


def endless(start, piece, most):
    """Sends until the client has gone; `most` keeps the test from going on for ever when it never goes."""

    def answer(_name, send):
        send(start)
        pieces = piece * (65536 // len(piece))
        for _ in range(most // len(pieces)):
            send(pieces)
        return True

    return answer


def once(body, **options):
    return lambda _name, send: send(whole(body, **options))


# name: (answer, the most that it may send before the client goes, words of the error)
ANSWERS = {
    "ten gigabytes": (
        endless(b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n", b"<a/>", 10 * 1024 * MIB),
        100 * MIB,
        "its response is larger than any response of AWS",
    ),
    "endless chunks": (
        endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b"x" * 1024 + b"\r\n", 1024 * MIB),
        100 * MIB,
        "its response is larger than any response of AWS",
    ),
    "endless headers": (endless(b"HTTP/1.1 200 OK\r\n", b"X-More: again\r\n", 1024 * MIB), 16 * MIB, "is larger than any"),
    "endless interim answers": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 1024 * MIB), 16 * MIB, "is larger than any"),
    "nested": (once("<a>" * 100000 + "</a>" * 100000), None, "nested deeper than 64"),
    "entities": (once(ENTITIES + "]><x>&j;</x>"), None, "declares a document type"),
    "external entity": (
        once("<!DOCTYPE x SYSTEM 'file:///etc/passwd' [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"),
        None,
        "declares a document type",
    ),
    "Latin-1 that is not declared": (once((IDENTITY % "é").encode("latin-1")), None, "its response is not from AWS"),
    "UTF-16 that is cut": (once((IDENTITY % "1").encode("utf-16")[:-1]), None, "its response is not from AWS"),
    "a packed bomb": (
        once(zlib.compress(b" " * 100 * MIB), headers="Content-Encoding: deflate\r\n"),
        None,
        "its response is not from AWS",
    ),
    "less than it announced": (
        lambda _name, send: send(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<a>") or True,
        None,
        "the connection ended before the response was complete",
    ),
    "more than it announced": (
        lambda _name, send: send(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + (IDENTITY % "1").encode()),
        None,
        "its response is not from AWS",
    ),
    "no HTTP": (lambda _name, send: send(b"\x00\xff\x16\x03" * 64) or True, None, "the connection ended before"),
}


class Hostile(Case):
    def server(self, answer):
        server = Strange(answer)
        self.addCleanup(server.stop)
        return server

    def refused(self, space, **environment):
        """Plans, which must fail with one error; returns it on one line."""
        result = space.plan(expect=(1,), environment=environment)
        self.assertEqual(result.text.count("Error: "), 1, result.text)
        self.assertNotRegex(result.text, re.compile("panic|crash", re.IGNORECASE))
        return result.words

    def test_answers(self):
        space = self.workspace()
        space.configure(FILTER, provider='provider "vns" {\n  max_retries = 1\n}\n')
        for name, (answer, most, words) in ANSWERS.items():
            with self.subTest(name):
                server = self.server(answer)
                told = self.refused(space, AWS_ENDPOINT_URL=server.endpoint)
                self.assertIn(words, told)
                self.assertIn(server.host, told)
                self.assertNotIn("accept-encoding", server.heads[0].lower())
                if most:
                    self.assertLess(server.sent, most)

    def test_tokens_with_line_breaks(self):
        """A token goes into a header; one with a line break would end it and begin another."""
        keys = {"AccessKeyId": "A", "SecretAccessKey": "S", "Token": INJECTED, "Expiration": DATE, "Code": "Success"}
        sso = {"accessKeyId": "A", "secretAccessKey": "S", "sessionToken": INJECTED, "expiration": 3786912000000}
        answers = {
            "/latest/api/token": "a-token",
            "/latest/meta-data/iam/security-credentials/": "role",
            "/latest/meta-data/iam/security-credentials/role": json.dumps(keys),
            "/credentials": json.dumps(keys),
            "/federation/credentials": json.dumps({"roleCredentials": sso}),
            "AssumeRole": ROLE,
            "AssumeRoleWithWebIdentity": ROLE.replace("AssumeRole", "AssumeRoleWithWebIdentity"),
        }
        server = self.server(lambda name, send: send(whole(answers.get(name.partition("?")[0], IDENTITY % "1"))))
        profile = {
            "process": "credential_process = cat %s/told.json",
            "role": "role_arn = arn:aws:iam::123456789012:role/x\nsource_profile = keys\n"
            "[profile keys]\naws_access_key_id = A\naws_secret_access_key = S",
            "sso": "sso_start_url = u\nsso_region = eu-west-1\nsso_account_id = 1\nsso_role_name = r",
            "web": "role_arn = arn:aws:iam::123456789012:role/x\nweb_identity_token_file = %s/token",
        }
        for source, environment in {
            "instance": {"AWS_EC2_METADATA_SERVICE_ENDPOINT": server.endpoint, "AWS_EC2_METADATA_DISABLED": "false"},
            "container": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": server.endpoint + "/credentials"},
            "environment": {"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "S", "AWS_SESSION_TOKEN": INJECTED},
            **{name: {"AWS_PROFILE": "x"} for name in profile},
        }.items():
            with self.subTest(source):
                space = self.workspace()
                home = space.folder.parent
                (home / ".aws" / "sso" / "cache").mkdir(parents=True)
                (home / ".aws" / "config").write_text("[profile x]\n%s\n" % profile.get(source, "").replace("%s", str(home)))
                (home / "token").write_text("t")
                (home / "told.json").write_text(json.dumps({**keys, "Version": 1, "SessionToken": INJECTED}))
                login = {"accessToken": "t", "expiresAt": DATE}
                # The SHA-1 of "u".
                cache = home / ".aws" / "sso" / "cache" / "51e69892ab49df85c6230ccc57f8e1d1606caccc.json"
                cache.write_text(json.dumps(login))
                for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
                    del space.environment[name]
                space.configure(FILTER)
                told = self.refused(space, AWS_ENDPOINT_URL=server.endpoint, **environment)
                self.assertIn("Unusable AWS credentials", told)
                self.assertIn("session token", told)
        self.assertNotIn("X-Injected", "".join(server.heads))


if __name__ == "__main__":
    unittest.main()
