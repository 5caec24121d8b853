# SPDX-License-Identifier: MPL-2.0
"""The harness itself: what it must notice, it notices."""

import pathlib
import stat
import time

import ec2
import harness
from harness import Case
from workspace import Failed, Workspace

load_tests = harness.for_each_host


class FakeHost:
    """A host that does what a shell script says."""

    name = "fake"

    def __init__(self, path, script):
        path.write_text("#!/bin/sh\n" + script + "\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        self.path = str(path)


class Harness(Case):
    def fake(self, script):
        self._count += 1
        folder = self.folder / str(self._count)
        folder.mkdir()
        return Workspace(folder, FakeHost(folder / "host", script), "/nowhere")

    def test_it_notices_what_a_host_complains_about(self):
        for line in (
            "[WARN] Provider produced an unexpected new value for vns_mirror_filter.x, but we are tolerating it",
            "because it is using the legacy plugin SDK",
            "Provider produced inconsistent result after apply",
            "Provider produced invalid plan",
        ):
            with self.subTest(line):
                with self.assertRaisesRegex(Failed, "complained"):
                    self.fake(f'echo "{line}" >"$TF_LOG_PATH"').plan()
        self.fake('echo "produced an unexpected new value for x during refresh." >"$TF_LOG_PATH"').plan()

    def test_it_notices_an_exit_status(self):
        with self.assertRaisesRegex(Failed, "exit status 2"):
            self.fake("exit 2").assert_no_changes()

    def test_it_notices_a_sanitizer(self):
        with self.assertRaisesRegex(Failed, "heap-use-after-free"):
            self.fake("""echo heap-use-after-free >"$(echo "$ASAN_OPTIONS" | sed 's/^log_path=//; s/:.*//').1\"""").plan()

    def test_nothing_outlives_a_command(self):
        workspace = self.fake("sleep 60 >/dev/null 2>&1 & echo $!")
        process = workspace.plan().stdout.strip()
        status = pathlib.Path(f"/proc/{process}/stat")
        for _ in range(100):
            if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
                return
            time.sleep(0.05)
        self.fail(f"process {process} is still there")

    def test_the_machine_s_own_settings_stay_outside(self):
        shown = self.fake("env").plan().stdout
        names = {line.split("=")[0] for line in shown.splitlines()}
        self.assertEqual(
            {name for name in names if name.startswith("AWS_")},
            {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_EC2_METADATA_DISABLED"},
        )
        self.assertIn("CHECKPOINT_DISABLE=1", shown)

    def test_the_signer_signs(self):
        simulator = self.simulator()
        simulator.ec2("DescribeTrafficMirrorFilters")
        with self.assertRaises(ec2.Refused) as refused:
            simulator.ec2("DescribeTrafficMirrorFilters", Unknown="x")
        self.assertEqual(refused.exception.code, "UnknownParameter")
