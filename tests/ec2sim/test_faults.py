# SPDX-License-Identifier: MPL-2.0
"""Faults: which calls they strike, and what those see."""

import contextlib
import datetime
import email.utils
import http.client
import os
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import botocore.auth
import botocore.awsrequest
import botocore.credentials
from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError

from simulator import ACCESS_KEY, SECRET_KEY, REGION, WEB, Simulator, SimulatorTest


class FaultTest(SimulatorTest):
    def fault(self, **spec):
        return self.simulator.control("POST", "faults", spec)

    def clear(self):
        return self.simulator.control("DELETE", "faults")

    def listed(self):
        return self.simulator.control("GET", "faults")

    def bytes_of(self, action):
        """One signed call: status, headers and body as they come, or the exception."""
        body = {"Action": action, "Version": "2016-11-15"}
        request = botocore.awsrequest.AWSRequest("POST", self.simulator.endpoint + "/", data=body)
        request.headers["Content-Type"] = "application/x-www-form-urlencoded"
        botocore.auth.SigV4Auth(botocore.credentials.Credentials(ACCESS_KEY, SECRET_KEY), "ec2", REGION).add_auth(request)
        prepared = request.prepare()
        there = http.client.HTTPConnection(urllib.parse.urlsplit(self.simulator.endpoint).netloc)
        with contextlib.closing(there):
            there.request("POST", "/", prepared.body, dict(prepared.headers))
            answer = there.getresponse()
            return answer.status, answer.headers, answer.read()


class Which(FaultTest):
    def codes(self, count):
        """Which of so many calls are refused."""
        found = []
        for _ in range(count):
            try:
                self.ec2.describe_traffic_mirror_filters()
                found.append(False)
            except ClientError:
                found.append(True)
        return found

    def test_the_next_call_only(self):
        self.fault(kind="error")
        self.assertEqual(self.codes(3), [True, False, False])

    def test_the_nth_and_how_many(self):
        self.fault(kind="error", nth=2, count=2)
        self.assertEqual(self.codes(5), [False, True, True, False, False])

    def test_without_end_until_cleared(self):
        self.fault(kind="error", count=0)
        self.assertEqual(self.codes(3), [True] * 3)
        self.assertEqual(self.clear(), [])
        self.assertEqual(self.codes(2), [False] * 2)

    def test_by_action(self):
        self.fault(kind="error", action="Create*Target", count=0)
        self.make_filter()
        with self.refused("InternalError", status=500):
            self.make_target()

    def test_by_probability_the_same_seed_strikes_the_same_calls(self):
        self.fault(kind="error", probability=0.4, seed=7)
        first = self.codes(40)
        self.clear()
        self.fault(kind="error", probability=0.4, seed=7)
        self.assertEqual(self.codes(40), first)
        self.assertTrue(5 < sum(first) < 30, first)
        self.clear()
        self.fault(kind="error", probability=0.4, seed=8)
        self.assertNotEqual(self.codes(40), first)

    def test_the_first_that_strikes_counts(self):
        self.fault(kind="error", code="Unavailable")
        self.fault(kind="error", code="InternalFailure", count=0)
        with self.refused("Unavailable", status=503):
            self.ec2.describe_traffic_mirror_filters()
        with self.refused("InternalFailure", status=500):
            self.ec2.describe_traffic_mirror_filters()
        self.assertEqual([(fault["seen"], fault["struck"]) for fault in self.listed()], [(2, 1), (2, 1)])

    def test_the_log_of_calls_names_it(self):
        self.fault(kind="reset", stage="after")
        with self.assertRaises(HTTPClientError):
            self.make_filter()
        self.assertEqual(self.simulator.calls()[-1]["fault"], "reset")

    def test_what_is_no_fault(self):
        for spec in (
            {},
            [],
            {"kind": "storm"},
            {"kind": "error", "bytes": 3},
            {"kind": "error", "nth": 0},
            {"kind": "error", "nth": "1"},
            {"kind": "error", "stage": "between"},
            {"kind": "skew", "action": "*"},
            [{"kind": "error"}, {"kind": "storm"}],
        ):
            with self.subTest(spec), self.assertRaises(urllib.error.HTTPError) as caught:
                self.simulator.control("POST", "faults", spec)
            self.assertEqual(caught.exception.code, 400)
            caught.exception.close()
        self.assertEqual(self.listed(), [])

    def test_from_the_command_line(self):
        other = Simulator(arguments=["--fault", '{"kind": "error", "code": "Unavailable"}', "--fault", '{"kind": "skew", "seconds": 60}'])
        self.addCleanup(other.stop)
        self.assertEqual([fault["kind"] for fault in other.control("GET", "faults")], ["error", "skew"])
        for wrong in ("storm", '{"kind": "storm"}'):
            process = subprocess.run([os.environ["VNS_EC2SIM"], "--fault", wrong], capture_output=True, text=True, timeout=20)
            self.assertEqual(process.returncode, 1)
            self.assertIn("--fault", process.stderr)


class Around(FaultTest):
    def test_error_with_code_status_and_message(self):
        self.fault(kind="error", code="OutOfLuck", status=418, message="No <luck> & no kettle")
        with self.refused("OutOfLuck", "No <luck> & no kettle", status=418):
            self.make_filter()
        self.assertEqual(self.simulator.objects(), 0)

    def test_error_after_the_effect(self):
        self.fault(kind="error", stage="after", action="Create*")
        with self.refused("InternalError", status=500):
            self.make_filter()
        self.assertEqual(self.simulator.objects(), 1)

    def test_reset_before_and_after(self):
        for stage, objects in (("before", 0), ("after", 1)):
            self.fault(kind="reset", stage=stage, action="Create*")
            with self.assertRaises(ConnectionResetError):
                self.bytes_of("CreateTrafficMirrorFilter")
            self.assertEqual(self.simulator.objects(), objects)

    def hang(self, kind="hang", **more):
        """Starts a create that hangs. Returns when it does; the list gets its end."""
        self.fault(kind=kind, action="Create*", **more)
        ends = []

        def run():
            try:
                ends.append(self.make_filter())
            except HTTPClientError as error:
                ends.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        self.addCleanup(thread.join)
        while self.listed()[0]["holding"] == 0 and not ends:
            time.sleep(0.01)
        return thread, ends

    def test_hang_until_cleared(self):
        for stage, objects in (("before", 0), ("after", 1)):
            thread, ends = self.hang(stage=stage)
            time.sleep(0.2)
            self.assertEqual(ends, [])
            self.clear()
            thread.join(10)
            self.assertIsInstance(ends[0], ConnectionClosedError | HTTPClientError)
            self.assertEqual(self.simulator.objects(), objects)

    def test_pause_until_cleared(self):
        for stage, objects in (("before", 0), ("after", 2)):
            thread, ends = self.hang("pause", stage=stage)
            self.assertEqual(self.simulator.objects(), objects)
            self.clear()
            thread.join(10)
            self.assertRegex(ends[0], "^tmf-")
        self.assertEqual(self.simulator.objects(), 2)

    def test_hang_for_a_time(self):
        started = time.monotonic()
        thread, ends = self.hang(seconds=0.5)
        thread.join(10)
        self.assertEqual(len(ends), 1)
        self.assertTrue(0.45 < time.monotonic() - started < 5)

    def test_the_end_does_not_wait_for_what_hangs(self):
        thread, _ = self.hang()
        started = time.monotonic()
        self.assertEqual(self.simulator.stop(), 0)
        self.assertLess(time.monotonic() - started, 5)
        thread.join(10)
        self.simulator = Simulator()  # for the end of the test

    def test_exit_and_restart_in_the_middle(self):
        with tempfile.TemporaryDirectory() as folder:
            state = os.path.join(folder, "state.json")
            for stage, objects in (("before", 0), ("after", 1)):
                other = Simulator(state=state)
                other.control("POST", "faults", {"kind": "exit", "stage": stage, "action": "Create*"})
                with self.assertRaises(HTTPClientError):
                    other.client().create_traffic_mirror_filter(ClientToken="one")
                self.assertEqual(other.process.wait(timeout=10), 137)
                other.kill()
                again = Simulator(state=state)
                self.assertEqual(again.objects(), objects)
                self.assertEqual(again.control("GET", "faults"), [])
                self.assertEqual(again.stop(), 0)


class Answers(FaultTest):
    def test_cut(self):
        whole = self.bytes_of("DescribeTrafficMirrorFilters")[2]
        for length in (0, 1, 100, len(whole) - 1):
            self.fault(kind="cut", bytes=length)
            with self.assertRaises((http.client.IncompleteRead, ConnectionResetError)) as caught:
                self.bytes_of("DescribeTrafficMirrorFilters")
            if isinstance(caught.exception, http.client.IncompleteRead):
                self.assertEqual(len(caught.exception.partial), length)

    def test_drip(self):
        self.fault(kind="drip", bytes=50, interval_ms=100)
        started = time.monotonic()
        status, _, body = self.bytes_of("DescribeTrafficMirrorFilters")
        self.assertEqual(status, 200)
        self.assertTrue(body.endswith(b"</DescribeTrafficMirrorFiltersResponse>"))
        self.assertGreater(time.monotonic() - started, len(body) // 50 * 0.1 - 0.05)

    def test_malformed(self):
        self.fault(kind="malformed")
        status, headers, body = self.bytes_of("DescribeTrafficMirrorFilters")
        self.assertEqual((status, int(headers["Content-Length"])), (200, len(body)))
        self.assertNotIn(b"</DescribeTrafficMirrorFiltersResponse>", body)

    def test_encoding(self):
        self.fault(kind="encoding")
        body = self.bytes_of("DescribeTrafficMirrorFilters")[2]
        with self.assertRaises(UnicodeDecodeError):
            body.decode()

    def test_huge(self):
        self.fault(kind="huge", bytes=3_000_000)
        body = self.bytes_of("DescribeTrafficMirrorFilters")[2]
        self.assertEqual(len(body), 3_000_000)
        self.assertTrue(body.rstrip().endswith(b"</DescribeTrafficMirrorFiltersResponse>"))

    def test_empty_and_page(self):
        self.fault(kind="empty")
        self.assertEqual(self.bytes_of("DescribeTrafficMirrorFilters")[::2], (200, b""))
        self.clear()
        self.fault(kind="page", status=502)
        status, headers, body = self.bytes_of("DescribeTrafficMirrorFilters")
        self.assertEqual((status, headers["Content-Type"]), (502, "text/html"))
        self.assertIn(b"<html>", body)

    def test_foreign(self):
        self.fault(kind="foreign")
        status, _, body = self.bytes_of("DescribeTrafficMirrorFilters")
        self.assertEqual(status, 200)
        self.assertTrue(body.rstrip().endswith(b"</DescribeVpcsResponse>"))

    def test_emptied(self):
        for _ in range(2):
            self.make_filter()
        self.fault(kind="emptied", count=2)
        self.assertEqual(self.ec2.describe_traffic_mirror_filters()["TrafficMirrorFilters"], [])
        self.assertEqual(self.ec2.describe_traffic_mirror_targets()["TrafficMirrorTargets"], [])
        self.assertEqual(len(self.ec2.describe_traffic_mirror_filters()["TrafficMirrorFilters"]), 2)

    def test_the_effect_is_made(self):
        for kind in ("malformed", "encoding", "huge", "empty", "page", "foreign"):
            self.fault(kind=kind, action="Create*", **({"bytes": 1000} if kind == "huge" else {}))
            with contextlib.suppress(Exception):
                self.make_filter()
        self.assertEqual(self.simulator.objects(), 6)


class Propagation(FaultTest):
    def test_what_was_made_is_not_found_for_a_while(self):
        self.fault(kind="not_found", action="CreateTrafficMirrorTarget", calls=3)
        target = self.make_target()
        mirror_filter = self.make_filter()
        with self.refused("InvalidTrafficMirrorTargetId.NotFound", target):
            self.ec2.describe_traffic_mirror_targets(TrafficMirrorTargetIds=[target])
        self.assertEqual(self.ec2.describe_traffic_mirror_targets()["TrafficMirrorTargets"], [])
        with self.refused("InvalidTrafficMirrorTargetId.NotFound", target):
            self.session_of(WEB, target, mirror_filter)
        self.session_of(WEB, target, mirror_filter)
        self.assertEqual(len(self.ec2.describe_traffic_mirror_targets()["TrafficMirrorTargets"]), 1)

    def test_what_was_deleted_is_still_seen_for_a_while(self):
        mirror_filter = self.make_filter(Description="gone")
        self.fault(kind="still_seen", calls=2)
        self.ec2.delete_traffic_mirror_filter(TrafficMirrorFilterId=mirror_filter)
        found = self.ec2.describe_traffic_mirror_filters(TrafficMirrorFilterIds=[mirror_filter])["TrafficMirrorFilters"]
        self.assertEqual([(each["TrafficMirrorFilterId"], each["Description"]) for each in found], [(mirror_filter, "gone")])
        self.assertEqual(len(self.ec2.describe_traffic_mirror_filters()["TrafficMirrorFilters"]), 1)
        with self.refused("InvalidTrafficMirrorFilterId.NotFound"):
            self.ec2.describe_traffic_mirror_filters(TrafficMirrorFilterIds=[mirror_filter])
        self.assertEqual(self.ec2.describe_traffic_mirror_filters()["TrafficMirrorFilters"], [])

    def test_what_a_deleted_session_used_is_in_use_for_a_while(self):
        target, mirror_filter = self.make_target(), self.make_filter()
        session = self.session_of(WEB, target, mirror_filter)["TrafficMirrorSessionId"]
        self.fault(kind="in_use", action="DeleteTrafficMirrorSession", calls=1)
        self.ec2.delete_traffic_mirror_session(TrafficMirrorSessionId=session)
        with self.refused("TrafficMirrorTargetInUse"):
            self.ec2.delete_traffic_mirror_target(TrafficMirrorTargetId=target)
        self.ec2.delete_traffic_mirror_target(TrafficMirrorTargetId=target)
        with self.refused("TrafficMirrorFilterInUse"):
            self.ec2.delete_traffic_mirror_filter(TrafficMirrorFilterId=mirror_filter)
        self.ec2.delete_traffic_mirror_filter(TrafficMirrorFilterId=mirror_filter)
        self.assertEqual(self.simulator.objects(), 0)

    def test_clearing_does_not_end_a_delay_under_way(self):
        self.fault(kind="not_found", action="Create*", calls=2)
        mirror_filter = self.make_filter()
        self.clear()
        for _ in range(2):
            with self.refused("InvalidTrafficMirrorFilterId.NotFound", mirror_filter):
                self.ec2.describe_traffic_mirror_filters(TrafficMirrorFilterIds=[mirror_filter])
        self.assertEqual(len(self.ec2.describe_traffic_mirror_filters(TrafficMirrorFilterIds=[mirror_filter])), 2)
        self.ec2.describe_traffic_mirror_filters(TrafficMirrorFilterIds=[self.make_filter()])

    def test_a_refused_call_lowers_no_veil(self):
        self.fault(kind="still_seen", calls=5)
        with self.refused("InvalidTrafficMirrorFilterId.NotFound"):
            self.ec2.delete_traffic_mirror_filter(TrafficMirrorFilterId="tmf-0123456789abcdef0")
        with self.refused("InvalidTrafficMirrorFilterId.NotFound"):
            self.ec2.describe_traffic_mirror_filters(TrafficMirrorFilterIds=["tmf-0123456789abcdef0"])


class Lasting(FaultTest):
    seed = {
        "network_interfaces": [{"id": WEB}],
        "credentials": [
            {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY},
            {"access_key": "ASIATEMPORARY", "secret_key": "t", "token": "one"},
        ],
    }

    def test_credentials_expire_in_the_middle(self):
        temporary = self.simulator.client(access_key="ASIATEMPORARY", secret_key="t", token="one")
        self.fault(kind="expire", action="Describe*", nth=2)
        temporary.describe_traffic_mirror_filters()
        for _ in range(2):
            with self.refused("RequestExpired"):
                temporary.describe_traffic_mirror_filters()
        with self.refused("RequestExpired"):
            temporary.create_traffic_mirror_filter()
        self.make_filter()  # the other key has not expired
        self.clear()
        temporary.describe_traffic_mirror_filters()

    def test_clock_skew(self):
        self.fault(kind="skew", seconds=3600)
        with self.refused("RequestExpired"):
            self.make_filter()
        _, headers, _ = self.bytes_of("DescribeTrafficMirrorFilters")
        self.assertEqual(len(headers.get_all("Date")), 1)
        ahead = email.utils.parsedate_to_datetime(headers["Date"]) - datetime.datetime.now(datetime.timezone.utc)
        self.assertTrue(3590 < ahead.total_seconds() < 3610, ahead)
        self.clear()
        self.make_filter()

    def test_small_skew_is_tolerated(self):
        self.fault(kind="skew", seconds=-600)
        self.make_filter()

    def test_buckets_have_amazon_sizes(self):
        self.fault(kind="buckets")
        made, refused = 0, 0
        started = time.monotonic()
        for _ in range(70):
            try:
                self.ec2.create_traffic_mirror_filter()
                made += 1
            except ClientError as error:
                self.assertEqual(error.response["Error"]["Code"], "RequestLimitExceeded")
                self.assertEqual(error.response["ResponseMetadata"]["HTTPStatusCode"], 503)
                refused += 1
        allowed = 50 + 5 * (time.monotonic() - started)
        self.assertTrue(50 <= made <= allowed + 1, (made, allowed))
        self.assertGreater(refused, 0)
        self.ec2.describe_traffic_mirror_filters()  # every action has a bucket of its own

    def test_buckets_refill(self):
        self.fault(kind="buckets", burst=1, refill=10)
        self.make_filter()
        with self.refused("RequestLimitExceeded", status=503):
            self.make_filter()
        time.sleep(0.15)
        self.make_filter()
