# SPDX-License-Identifier: MPL-2.0
"""Proxies and TLS with the whole program: what goes which way, what is refused, and what it says then. With the first host
only: it has no part in it."""

import base64
import ssl
import unittest

from certificates import Certificate
from harness import SOURCE, Case
from proxy import Proxy
from strange import Strange, whole
from wire import Wire

FILTER = 'resource "vns_mirror_filter" "x" {}\n'
DEAD = "http://127.0.0.1:9"  # the port of "discard": nobody listens
EC2, STS = "ec2.example.test", "sts.example.test"
OLD_TLS = SOURCE / "tests" / "cases" / "aws" / "old_tls.cnf"  # lets the library speak what we refuse


class Transport(Case):
    def setUp(self):
        super().setUp()
        self.sim, self.space = self.world()
        del self.space.environment["NO_PROXY"]

    def proxy(self, **options):
        proxy = Proxy(plain=self.sim.endpoint, **options)
        self.addCleanup(proxy.stop)
        return proxy

    def certificate(self, name="own", names=f"DNS:localhost,IP:127.0.0.1,DNS:{EC2},DNS:{STS}", **options):
        return Certificate(self.folder / name, names, **options)

    def secure(self, certificate, **options):
        """The simulator behind TLS."""
        wire = Wire(self.sim.endpoint, tls=certificate.server(**options))
        self.addCleanup(wire.stop)
        return wire

    def plan(self, provider="", expect=(0,), log="warn", **environment):
        self.space.configure(FILTER, provider=f'provider "vns" {{\n  max_retries = 1\n{provider}\n}}\n')
        self.sim.forget_calls()
        return self.space.plan(expect=expect, environment={**environment, "TF_LOG": log})

    def named(self, scheme):
        """Endpoints that nobody can resolve, so that only a proxy reaches them."""
        return {"AWS_ENDPOINT_URL_EC2": f"{scheme}://{EC2}", "AWS_ENDPOINT_URL_STS": f"{scheme}://{STS}"}

    def assert_refused(self, result, *words):
        self.assertEqual(result.text.count("Error: "), 1, result.text)
        for word in words:
            self.assertIn(word, result.words)
        self.assertEqual(self.sim.all_calls(), [])


class Proxies(Transport):
    def test_tunnels_and_plain_requests(self):
        certificate = self.certificate()
        proxy = self.proxy(secure=self.secure(certificate).endpoint)
        self.plan(AWS_CA_BUNDLE=str(certificate.path), HTTPS_PROXY=proxy.url, HTTP_PROXY=DEAD, **self.named("https"))
        self.assertEqual(set(proxy.asked), {f"CONNECT {EC2}:443", f"CONNECT {STS}:443"})
        # One tunnel serves many requests.
        self.assertGreater(len(self.sim.all_calls()), 1)
        proxy.asked.clear()
        self.plan(HTTPS_PROXY=DEAD, http_proxy=proxy.url, **self.named("http"))
        self.assertEqual(set(proxy.asked), {f"POST http://{EC2}/", f"POST http://{STS}/"})
        self.assertEqual(len(proxy.asked), len(self.sim.all_calls()))

    def test_arguments_go_before_the_environment(self):
        proxy = self.proxy()
        self.plan(f'  http_proxy = "{proxy.url}"\n  https_proxy = ""', HTTP_PROXY=DEAD, **self.named("http"))
        self.assertEqual(proxy.hosts, {EC2, STS})
        # Excepted hosts are asked directly, and nobody knows their names.
        proxy.asked.clear()
        refused = self.plan(
            f'  http_proxy = "{proxy.url}"\n  https_proxy = ""\n  no_proxy = "{STS}, .other.test"', (1,), **self.named("http")
        )
        self.assertIn(f"at the host {STS}: its name could not be resolved", refused.words)
        self.assertNotIn(STS, proxy.hosts)
        # Loopback never takes a proxy.
        proxy.asked.clear()
        self.plan(HTTP_PROXY=proxy.url)
        self.assertEqual(proxy.asked, [])

    def test_exceptions_of_the_environment(self):
        proxy = self.proxy()
        refused = self.plan("", (1,), HTTP_PROXY=proxy.url, NO_PROXY=".example.test", **self.named("http"))
        self.assert_refused(refused, "its name could not be resolved")
        self.assertEqual(proxy.asked, [])

    def test_metadata_and_containers_are_never_asked_through_one(self):
        proxy = self.proxy(secure=self.secure(self.certificate()).endpoint)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_EC2_METADATA_DISABLED"):
            del self.space.environment[name]
        through = {"HTTP_PROXY": proxy.url, "HTTPS_PROXY": proxy.url}
        for variable, url in (
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://metadata.example.test"),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://container.example.test/credentials"),
        ):
            with self.subTest(variable):
                # By the proxy it would work: the simulator is all of these services.
                refused = self.plan("", (1,), **through, **{variable: url})
                self.assert_refused(refused, "its name could not be resolved")
                self.assertEqual(proxy.asked, [])

    def test_the_password_of_a_proxy_shows_nowhere(self):
        certificate = self.certificate()
        login = "mirror:hunter2-nobody-may-see"
        proxy = self.proxy(secure=self.secure(certificate).endpoint, login=login)
        secrets = ["hunter2", base64.b64encode(login.encode()).decode()]
        good = proxy.url.replace("//", f"//{login}@")
        bad = proxy.url.replace("//", "//mirror:hunter2-wrong@")
        tls = {"AWS_CA_BUNDLE": str(certificate.path), **self.named("https")}
        shown = [
            self.plan(HTTPS_PROXY=good, log="trace", **tls),
            self.plan("", (1,), HTTPS_PROXY=bad, log="trace", **tls),
            self.plan("", (1,), HTTP_PROXY=bad, log="trace", **self.named("http")),
            self.plan("", (1,), HTTPS_PROXY=f"ftp://{login}@proxy.test", log="trace", **tls),
        ]
        self.assertIn(f"the proxy did not forward the request (by the proxy {proxy.url}", shown[1].words)
        self.assertIn("407", shown[1].words)
        log = self.space.log.read_text()
        self.assertIn("AWS request", log)
        for place in [log, *(each.text for each in shown)]:
            for secret in secrets:
                self.assertNotIn(secret, place)

    def test_a_proxy_that_refuses(self):
        for refuses in ("407 Proxy Authentication Required", "502 Bad Gateway"):
            status = refuses.split()[0]
            proxy = self.proxy(secure=self.sim.endpoint, refuses=refuses)
            with self.subTest(status, tunnel=True):
                refused = self.plan("", (1,), HTTPS_PROXY=proxy.url, **self.named("https"))
                self.assert_refused(refused, f"by the proxy {proxy.url}", status, "HTTPS_PROXY")
            with self.subTest(status, tunnel=False):
                refused = self.plan("", (1,), HTTP_PROXY=proxy.url, **self.named("http"))
                self.assert_refused(refused, f"answered with HTTP status {status}", "whether a proxy answers in its place")
        refused = self.plan("", (1,), HTTPS_PROXY=DEAD, **self.named("https"))
        self.assert_refused(refused, f"by the proxy {DEAD}", "HTTPS_PROXY")


class Tls(Transport):
    def test_certificates(self):
        good, other = self.certificate(), self.certificate("other")
        expired = self.certificate("expired", ends="20200201000000Z")
        wrong_name = self.certificate("wrong", "DNS:elsewhere.example.test")
        endpoint = self.secure(good).endpoint

        def url(certificate, **options):
            return self.secure(certificate, **options).endpoint

        self.plan(f'  custom_ca_bundle = "{good.path}"', AWS_ENDPOINT_URL=endpoint, AWS_CA_BUNDLE="/nowhere.pem")
        self.assertNotEqual(self.sim.all_calls(), [])
        self.plan(AWS_ENDPOINT_URL=endpoint, AWS_CA_BUNDLE=str(good.path))
        warned = self.plan("  insecure = true", AWS_ENDPOINT_URL=endpoint)
        self.assertIn("Certificates are not verified", warned.words)
        untrusted = "its certificate could not be verified"
        for name, where, bundle, words in (
            ("unknown authority", endpoint, other, (untrusted, "custom_ca_bundle")),
            ("the system's authorities", endpoint, None, (untrusted, "custom_ca_bundle")),
            ("wrong host name", url(wrong_name), wrong_name, (untrusted, "host name")),
            ("expired", url(expired), expired, (untrusted, "expired")),
            ("old", url(good, newest=ssl.TLSVersion.TLSv1_1), good, ("no TLS connection could be made", "TLS 1.2")),
            ("no TLS", self.sim.endpoint.replace("http:", "https:"), good, ("no TLS connection could be made", "http://")),
        ):
            with self.subTest(name):
                trust = {"AWS_CA_BUNDLE": str(bundle.path)} if bundle else {}
                refused = self.plan("", (1,), AWS_ENDPOINT_URL=where, OPENSSL_CONF=str(OLD_TLS), **trust)
                self.assert_refused(refused, *words, where.partition("//")[2])
        refused = self.plan('  custom_ca_bundle = "/nowhere.pem"', (1,), AWS_ENDPOINT_URL=endpoint)
        self.assert_refused(refused, "/nowhere.pem", "custom_ca_bundle")

    def test_directories_of_certificates(self):
        good = self.certificate()
        other = str(self.certificate("other").path)
        url = self.secure(good).endpoint
        plain, empty = self.folder / "plain", self.folder / "empty"
        plain.mkdir()
        empty.mkdir()
        # The name says nothing, and what is no certificate does no harm.
        key = (good.path.parent / "key.pem").read_text()
        (plain / "corporate").write_text("ours:\n" + key + good.path.read_text())
        (plain / "locked.pem").write_text(
            "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END CERTIFICATE-----\n"
        )
        (plain / "notes.txt").write_text("-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n")
        (plain / "below").mkdir()
        (plain / "gone.pem").symlink_to("nowhere.pem")
        for name, trust in (
            ("alone", {"SSL_CERT_DIR": str(plain)}),
            ("among others", {"SSL_CERT_DIR": f"{empty}:/nowhere:{plain}"}),
            ("beside a file", {"SSL_CERT_DIR": str(plain), "SSL_CERT_FILE": other}),
            ("beside a missing file", {"SSL_CERT_DIR": str(plain), "SSL_CERT_FILE": "/nowhere.pem"}),
            ("instead of a file", {"SSL_CERT_DIR": str(plain), "SSL_CERT_FILE": "/dev/null"}),
        ):
            with self.subTest(name):
                self.plan(AWS_ENDPOINT_URL=url, **trust)
                self.assertNotEqual(self.sim.all_calls(), [])
        for name, trust in (
            ("not there", {"SSL_CERT_DIR": str(empty)}),
            ("AWS_CA_BUNDLE stands alone", {"SSL_CERT_DIR": str(plain), "AWS_CA_BUNDLE": other}),
        ):
            with self.subTest(name):
                refused = self.plan("", (1,), AWS_ENDPOINT_URL=url, **trust)
                self.assert_refused(refused, "its certificate could not be verified")
        # The host name is checked all the same.
        wrong = self.certificate("wrong", "DNS:elsewhere.example.test")
        (plain / "wrong").write_text(wrong.path.read_text())
        refused = self.plan("", (1,), AWS_ENDPOINT_URL=self.secure(wrong).endpoint, SSL_CERT_DIR=str(plain))
        self.assert_refused(refused, "host name")

    def test_redirects_are_not_followed(self):
        elsewhere = Strange(lambda name, send: send(whole("<html/>")))
        self.addCleanup(elsewhere.stop)
        for status in ("301 Moved Permanently", "307 Temporary Redirect", "308 Permanent Redirect"):
            location = f"Location: {elsewhere.endpoint}/\r\n"
            server = Strange(lambda name, send, answer=whole("", status, location): send(answer))
            self.addCleanup(server.stop)
            with self.subTest(status):
                refused = self.plan("", (1,), AWS_ENDPOINT_URL=server.endpoint)
                self.assert_refused(refused, "it redirects the request", server.host)
                self.assertIn("Authorization: AWS4-HMAC-SHA256", server.heads[0])
        self.assertEqual(elsewhere.heads, [])


if __name__ == "__main__":
    unittest.main()
