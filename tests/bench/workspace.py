# SPDX-License-Identifier: MPL-2.0
"""A Terraform working directory of the benchmark's own, with the simulator behind it."""
import json
import os
import pathlib
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
# The floor: what Terraform itself costs for as many objects, with the provider that is built into it.
FLOOR = '''
resource "terraform_data" "fleet" {
  count = %d
  input = count.index
}
'''

class Simulator:
    """vns-ec2sim with `interfaces` generated network interfaces and no quota in the way."""

    def __init__(self, build, directory, interfaces):
        seed = {"network_interfaces": [{"id": "eni-0a1b2c3d4e5f60718"}],
                "generate": {"network_interfaces": interfaces},
                "quotas": {"sources_per_interface_target": 100000}}
        path = pathlib.Path(directory, "seed.json")
        path.write_text(json.dumps(seed))
        self.process = subprocess.Popen([str(build / "vns-ec2sim"), "--seed", str(path)], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().strip()
        if not line.startswith("endpoint="):
            raise SystemExit("the simulator did not start: " + line)
        self.endpoint = line.split("=", 1)[1]

    def calls(self):
        with urllib.request.urlopen(self.endpoint + "/_sim/calls") as answer:
            calls = json.load(answer)
        request = urllib.request.Request(self.endpoint + "/_sim/calls", method="DELETE")
        urllib.request.urlopen(request).close()
        return calls

    def close(self):
        self.process.terminate()
        self.process.wait()


class Workspace:
    def __init__(self, build, terraform, provider, endpoint):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="vns-bench-"))
        self.terraform = terraform
        self.notes = self.directory / "notes"
        plugins = self.directory / "plugins"
        plugins.mkdir()
        shutil.copy(build / "vns-bench-launch", plugins / "terraform-provider-vns")
        cli = self.directory / "cli.tfrc"
        cli.write_text('provider_installation {\n  dev_overrides { "vns-sensor/vns" = "%s" }\n  direct {}\n}\n' % plugins)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.directory), "CHECKPOINT_DISABLE": "1",
            "TF_CLI_CONFIG_FILE": str(cli), "TF_IN_AUTOMATION": "1", "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "AKIDSIMULATOR", "AWS_SECRET_ACCESS_KEY": "simulator-secret",
            "AWS_EC2_METADATA_DISABLED": "true", "VNS_BENCH_PROVIDER": str(provider), "VNS_BENCH_NOTES": str(self.notes)}

    def configure(self, text):
        for name in ("terraform.tfstate", "terraform.tfstate.backup"):
            (self.directory / name).unlink(missing_ok=True)
        (self.directory / "main.tf").write_text(text)

    def run(self, *arguments):
        """Wall seconds, and what the provider's processes noted."""
        self.notes.unlink(missing_ok=True)
        started = time.perf_counter()
        done = subprocess.run([self.terraform, *arguments, "-no-color"], cwd=self.directory, env=self.environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        wall = time.perf_counter() - started
        if done.returncode != 0:
            raise SystemExit("terraform %s failed:\n%s" % (" ".join(arguments), done.stdout[-3000:]))
        lines = self.notes.read_text().splitlines() if self.notes.exists() else []
        return wall, [json.loads(line) for line in lines]

    def close(self):
        shutil.rmtree(self.directory)
