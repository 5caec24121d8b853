# SPDX-License-Identifier: MPL-2.0
"""A Terraform working directory of the benchmark's own, with the simulator behind it."""
import collections
import json
import os
import pathlib
import resource
import shutil
import subprocess
import tempfile
import time
import urllib.request

SESSIONS = '''
terraform {
  required_providers {
    vns = { source = "vns-sensor/vns" }
  }
}
provider "vns" { region = "eu-central-1" }
resource "vns_mirror_filter" "sensor" {}
resource "vns_mirror_target" "sensor" { network_interface_id = "eni-0a1b2c3d4e5f60718" }
resource "vns_mirror_session" "fleet" {
  count                    = %d
  network_interface_id     = format("eni-%%017x", 4096 + count.index)
  traffic_mirror_target_id = vns_mirror_target.sensor.id
  traffic_mirror_filter_id = vns_mirror_filter.sensor.id
}
'''
# The floor: what Terraform itself costs for as many objects, with the provider that is built into it. Once with nothing
# in them, once with what a session is configured with: the same arguments that refer to two other objects.
BARE = '''
resource "terraform_data" "fleet" {
  count = %d
  input = count.index
}
'''
ALIKE = '''
resource "terraform_data" "filter" {}
resource "terraform_data" "target" {}
resource "terraform_data" "fleet" {
  count = %d
  input = {
    network_interface_id     = format("eni-%%017x", 4096 + count.index)
    traffic_mirror_target_id = terraform_data.target.id
    traffic_mirror_filter_id = terraform_data.filter.id
  }
}
'''
# As many objects of a provider in Go that asks nobody: terraform-provider-time, the peer.
GO = '''
terraform {
  required_providers {
    time = { source = "hashicorp/time" }
  }
}
resource "time_static" "fleet" {
  count    = %d
  triggers = { number = tostring(count.index) }
}
'''

# One command of Terraform's: seconds, seconds of processor time of all processes and of the provider's alone, how many
# of these there were, and the memory of the largest.
Run = collections.namedtuple("Run", "wall cpu provider_cpu processes memory_kb")


class Simulator:
    """vns-ec2sim with `interfaces` generated network interfaces and no quota in the way."""

    def __init__(self, build, directory, interfaces):
        seed = {"network_interfaces": [{"id": "eni-0a1b2c3d4e5f60718"}, {"id": "eni-0123456789abcdef0"}],
                "generate": {"network_interfaces": interfaces},
                "quotas": {"sources_per_interface_target": 100000}}
        path = pathlib.Path(directory, "seed.json")
        path.write_text(json.dumps(seed))
        self.process = subprocess.Popen([str(build / "vns-ec2sim"), "--seed", str(path)], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().strip()
        if not line.startswith("endpoint="):
            raise SystemExit("the simulator did not start: " + line)
        self.endpoint = line.split("=", 1)[1]

    def ask(self, path, method="GET", body=None):
        request = urllib.request.Request(self.endpoint + path, method=method, data=json.dumps(body).encode() if body else None)
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def calls(self):
        calls = self.ask("/_sim/calls")
        self.ask("/_sim/calls", "DELETE")
        return calls

    def close(self):
        self.process.terminate()
        self.process.wait()


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Workspace:
    def __init__(self, build, terraform, provider, endpoint, source="vns-sensor/vns"):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="vns-bench-"))
        self.terraform = terraform
        self.notes = self.directory / "notes"
        plugins = self.directory / "plugins"
        plugins.mkdir()
        shutil.copy(build / "vns-bench-launch", plugins / ("terraform-provider-" + source.split("/")[1]))
        cli = self.directory / "cli.tfrc"
        cli.write_text('provider_installation {\n  dev_overrides { "%s" = "%s" }\n  direct {}\n}\n' % (source, plugins))
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.directory), "CHECKPOINT_DISABLE": "1",
            "TF_CLI_CONFIG_FILE": str(cli), "TF_IN_AUTOMATION": "1", "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "AKIDSIMULATOR", "AWS_SECRET_ACCESS_KEY": "simulator-secret",
            "AWS_EC2_METADATA_DISABLED": "true", "VNS_BENCH_PROVIDER": str(provider), "VNS_BENCH_NOTES": str(self.notes)}

    def configure(self, text):
        for name in ("terraform.tfstate", "terraform.tfstate.backup"):
            (self.directory / name).unlink(missing_ok=True)
        (self.directory / "main.tf").write_text(text)

    def start(self, *arguments, **environment):
        return subprocess.Popen([self.terraform, *arguments, "-no-color"], cwd=self.directory,
                                env=self.environment | environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, start_new_session=True)

    def run(self, *arguments):
        self.notes.unlink(missing_ok=True)
        cpu_before, started = processor_seconds(), time.perf_counter()
        process = self.start(*arguments)
        said = process.communicate()[0]
        wall, cpu = time.perf_counter() - started, processor_seconds() - cpu_before
        if process.returncode != 0:
            raise SystemExit("terraform %s failed:\n%s" % (" ".join(arguments), said[-3000:]))
        lines = self.notes.read_text().splitlines() if self.notes.exists() else []
        notes = [json.loads(line) for line in lines]
        return Run(wall, cpu, sum(note["user_ms"] + note["system_ms"] for note in notes) / 1000, len(notes),
                   max([note["max_rss_kb"] for note in notes], default=0))

    def close(self):
        shutil.rmtree(self.directory)
