#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MPL-2.0
"""test_package.py BUILD: makes the release (.release/package), looks at what is in it, and installs it from a mirror.

BUILD has the simulator and the plugin probe. Needs root only for the empty root directory, and leaves that out otherwise.
"""
import ctypes
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import unittest
import urllib.request
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = None
DYNAMIC_SHARED, PROGRAM_INTERPRETER, PROGRAM_DYNAMIC = 3, 3, 2
TAG_NEEDED, TAG_FLAGS_1, FLAG_PIE = 1, 0x6FFFFFFB, 0x08000000
REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")


def read_elf(data):
    """The kind of file, its program headers as (type, offset, size), and its dynamic section as (tag, value)."""
    kind, = struct.unpack_from("<H", data, 16)
    start, = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    headers = []
    for i in range(count):
        what, _, offset, _, _, length = struct.unpack_from("<IIQQQQ", data, start + i * size)
        headers.append((what, offset, length))
    dynamic = [pair for what, offset, length in headers if what == PROGRAM_DYNAMIC
               for pair in struct.iter_unpack("<QQ", data[offset:offset + length])]
    return kind, headers, dynamic


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(tempfile.mkdtemp(prefix="vns-release-"))
        cls.addClassCleanup(shutil.rmtree, cls.scratch)
        cls.out = cls.scratch / "out"
        done = subprocess.run([ROOT / ".release/package", cls.out], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise AssertionError(done.stdout[-4000:])
        cls.zip, = cls.out.glob("*.zip")
        cls.version = cls.zip.name.split("_")[1]
        with zipfile.ZipFile(cls.zip) as archive:
            cls.names = archive.namelist()
            archive.extractall(cls.scratch)
        cls.binary = cls.scratch / ("terraform-provider-vns_v" + cls.version)
        cls.binary.chmod(0o755)
        cls.symbols, = cls.out.glob("*.debug")

    def test_files(self):
        self.assertEqual(self.names, [self.binary.name])
        prefix = "terraform-provider-vns_" + self.version
        manifest = self.out / (prefix + "_manifest.json")
        self.assertEqual(json.loads(manifest.read_text())["metadata"]["protocol_versions"], ["6.0"])
        sums = dict(reversed(line.split("  ")) for line in (self.out / (prefix + "_SHA256SUMS")).read_text().splitlines())
        self.assertEqual(set(sums), {self.zip.name, manifest.name})
        for name, wanted in sums.items():
            self.assertEqual(hashlib.sha256((self.out / name).read_bytes()).hexdigest(), wanted)
        with zipfile.ZipFile(self.zip) as archive:
            self.assertTrue(archive.infolist()[0].external_attr >> 16 & 0o100, "the file in the archive is no program")

    def test_static_pie(self):
        kind, headers, dynamic = read_elf(self.binary.read_bytes())
        self.assertEqual(kind, DYNAMIC_SHARED)
        self.assertNotIn(PROGRAM_INTERPRETER, [what for what, _, _ in headers])
        self.assertNotIn(TAG_NEEDED, [tag for tag, _ in dynamic])
        self.assertTrue(dict(dynamic)[TAG_FLAGS_1] & FLAG_PIE)

    def build_id(self, file):
        notes = subprocess.run(["readelf", "-n", file], stdout=subprocess.PIPE, text=True, check=True).stdout
        return re.search("Build ID: ([0-9a-f]+)", notes)[1]

    def test_a_crash_report_can_be_read(self):
        process = subprocess.Popen([self.binary, "-debug"], env={"TMPDIR": str(self.scratch)}, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        with process.stdout, process.stderr:
            self.assertIn("TF_REATTACH_PROVIDERS", process.stdout.read())
            # To the first thread, whose way to where it waits is known.
            self.assertEqual(ctypes.CDLL(None).tgkill(process.pid, process.pid, signal.SIGSEGV), 0)
            report = process.stderr.read()
        self.assertEqual(process.wait(), -signal.SIGSEGV)
        self.assertEqual(self.build_id(self.symbols), self.build_id(self.binary))
        self.assertIn(f"\nbuild {self.build_id(self.binary)}\n", report)
        frames = re.findall(r"^  \+(0x[0-9a-f]+)$", report, re.MULTILINE)
        functions = subprocess.run(["addr2line", "-f", "-i", "-e", self.symbols, *frames], stdout=subprocess.PIPE, text=True,
                                   check=True).stdout
        for wanted in "host_main", "main":
            self.assertRegex(functions, rf"(?m)^{wanted}\n.*\.c:[0-9]+", report)

    def test_abseil_trusts_locks(self):
        """What plugin/abseil.c is for holds in the release too: the variable says kIgnore."""
        symbols = subprocess.run(["nm", self.symbols], stdout=subprocess.PIPE, text=True, check=True).stdout
        place, = re.findall(r"^([0-9a-f]+) \w \w*synch_deadlock_detection\w*$", symbols, re.MULTILINE)
        process = subprocess.Popen([self.binary, "-debug"], env={"TMPDIR": str(self.scratch)}, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        with process.stdout:
            self.assertIn("TF_REATTACH_PROVIDERS", process.stdout.read())
            with open("/proc/%d/maps" % process.pid) as maps:
                start = next(int(line.split("-")[0], 16) for line in maps if line.rstrip().endswith(self.binary.name))
            with open("/proc/%d/mem" % process.pid, "rb", buffering=0) as memory:
                memory.seek(start + int(place, 16))
                self.assertEqual(memory.read(4), bytes(4))
            process.terminate()
        self.assertEqual(process.wait(), 0)

    def test_runs_where_nothing_else_is(self):
        if os.geteuid() != 0:
            self.skipTest("only root may change the root directory")
        empty = self.scratch / "empty"
        empty.mkdir()
        shutil.copy(self.binary, empty / "provider")
        said = subprocess.run(["/provider", "-version"], stdout=subprocess.PIPE, text=True, check=True, env={},
                              preexec_fn=lambda: (os.chroot(empty), os.chdir("/"))).stdout
        self.assertIn(self.version, said)

    def test_handshakes(self):
        for options in ([], ["--plain"]):
            done = subprocess.run([BUILD / "vns-plugin-probe", "--repeat", "3", *options, self.binary],
                                  stdout=subprocess.PIPE, text=True, check=True)
            for line in done.stdout.splitlines():
                launch = json.loads(line)
                self.assertEqual((launch["grpc_status"], launch["exit_status"]), (0, 0))

    def test_a_host_takes_it_from_a_mirror(self):
        host = shutil.which("terraform") or shutil.which("tofu")
        for registry in REGISTRIES:
            place = self.scratch / "mirror" / registry / "vns-sensor/vns"
            place.mkdir(parents=True)
            shutil.copy(self.zip, place)
        work = self.scratch / "work"
        shutil.copytree(ROOT / "examples/sensor-interface", work)
        cli = self.scratch / "cli.tfrc"
        cli.write_text('provider_installation {\n  filesystem_mirror { path = "%s" }\n}\n' % (self.scratch / "mirror"))
        simulator = subprocess.Popen([BUILD / "vns-ec2sim"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (simulator.terminate(), simulator.wait(), simulator.stdout.close()))
        endpoint = simulator.stdout.readline().strip().removeprefix("endpoint=")
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.scratch), "CHECKPOINT_DISABLE": "1",
                       "TF_CLI_CONFIG_FILE": str(cli), "AWS_ENDPOINT_URL": endpoint, "AWS_EC2_METADATA_DISABLED": "true",
                       "AWS_ACCESS_KEY_ID": "AKIDSIMULATOR", "AWS_SECRET_ACCESS_KEY": "simulator-secret"}

        def run(*arguments, status=0):
            done = subprocess.run([host, *arguments, "-no-color"], cwd=work, env=environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self.assertEqual(done.returncode, status, done.stdout)

        run("init")
        lock = (work / ".terraform.lock.hcl").read_text()
        self.assertIn('version = "%s"' % self.version, lock)
        self.assertIn('"h1:', lock)
        run("plan", "-detailed-exitcode", status=2)
        run("apply", "-auto-approve")
        run("plan", "-detailed-exitcode", status=0)
        run("destroy", "-auto-approve")
        with urllib.request.urlopen(endpoint + "/_sim/state") as answer:
            self.assertNotIn("tms-", answer.read().decode())


if __name__ == "__main__":
    BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
