# SPDX-License-Identifier: MPL-2.0
"""A Terraform working directory: files, and commands run in it as a person would run them."""

import base64
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess

import ec2

COMMAND_TIMEOUT_S = 240

# What hosts write to their log when a provider breaks a rule that they tolerate, or do not. A value that is unexpected
# "during refresh" is what somebody changed, and no fault.
COMPLAINTS = re.compile(
    r"unexpected new value(?!.* during refresh)|legacy plugin SDK|inconsistent|invalid plan|unexpected value",
    re.IGNORECASE,
)

REQUIRED = """terraform {
  required_providers {
    vns = {
      source = "vns-sensor/vns"
    }
  }
}
"""


class Host:
    """A program that launches providers: terraform or tofu, by its path or its name on PATH."""

    def __init__(self, name):
        path = shutil.which(name)
        if not path:
            raise RuntimeError(f"there is no such host: {name}")
        self.path = path
        words = subprocess.run(
            [path, "version"], capture_output=True, text=True, check=True, env={"CHECKPOINT_DISABLE": "1", "HOME": "/nonexistent"}
        ).stdout.split()
        self.product = words[0]
        self.version = tuple(int(part) for part in re.match(r"v(\d+)\.(\d+)", words[1]).groups())
        self.name = f"{self.product} {words[1]}"


def hosts():
    """Those that VNS_TEST_HOSTS names; without it terraform and tofu, whichever are on PATH."""
    named = os.environ.get("VNS_TEST_HOSTS", "").split()
    found = [Host(name) for name in named or filter(shutil.which, ("terraform", "tofu"))]
    if not found:
        raise RuntimeError("neither terraform nor tofu is on PATH; install one, or name it in VNS_TEST_HOSTS")
    return found


class Result:
    def __init__(self, command, process):
        self.command = command
        self.status = process.returncode
        self.stdout = process.stdout
        self.stderr = process.stderr
        self.text = process.stdout + process.stderr

    @property
    def words(self):
        """The text on one line and without the frames around messages: hosts wrap where they like."""
        return " ".join(re.sub(r"[│╷╵]", " ", self.text).split())


class Failed(AssertionError):
    pass


class Workspace:
    def __init__(self, folder, host, provider, endpoint=None):
        self.host = host
        self.folder = pathlib.Path(folder) / "work"
        self.log = pathlib.Path(folder) / "host.log"
        self._reports = pathlib.Path(folder) / "sanitizer"
        self._temporary = pathlib.Path(folder) / "t"
        self.folder.mkdir()
        self._temporary.mkdir()
        configuration = pathlib.Path(folder) / "cli.tfrc"
        configuration.write_text(
            'provider_installation {\n  dev_overrides {\n    "vns-sensor/vns" = "%s"\n  }\n  direct {}\n}\n' % provider
        )
        # Nothing of the machine's own settings reaches the test.
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TMPDIR": str(self._temporary),
            "LANG": "C.UTF-8",
            "NO_PROXY": "*",
            "CHECKPOINT_DISABLE": "1",
            "TF_CLI_CONFIG_FILE": str(configuration),
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "TF_LOG": "warn",
            "TF_LOG_PATH": str(self.log),
            "AWS_ACCESS_KEY_ID": ec2.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": ec2.SECRET_KEY,
            "AWS_REGION": "eu-central-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "ASAN_OPTIONS": f"log_path={self._reports}:abort_on_error=0",
            "UBSAN_OPTIONS": f"log_path={self._reports}:print_stacktrace=1",
            "LSAN_OPTIONS": f"log_path={self._reports}",
        }
        if endpoint:
            self.environment["AWS_ENDPOINT_URL"] = endpoint
        self.write("required.tf", REQUIRED)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def configure(self, text, provider="provider \"vns\" {}\n"):
        """The whole configuration: the provider block and the rest. It replaces the one before."""
        self.write("main.tf", provider + text)

    def remove(self, name):
        (self.folder / name).unlink()

    def run(self, *arguments, expect=(0,), environment=None):
        """Runs the host. Its exit status must be one of `expect`, and its log free of complaints."""
        command = [self.host.path, *arguments]
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env={**self.environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            process.stdout, process.stderr = process.communicate(timeout=COMMAND_TIMEOUT_S)
        finally:
            # Whatever the host started and left behind: it has a process group of its own.
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        result = Result(" ".join(["host", *arguments]), process)
        if expect is not None and result.status not in expect:
            raise Failed(f"{result.command}: exit status {result.status}, expected {expect}\n{result.text}")
        self._check_log(result)
        return result

    def _check_log(self, result):
        log = self.log.read_text(errors="replace") if self.log.exists() else ""
        complaint = COMPLAINTS.search(log)
        if complaint:
            line = log[log.rfind("\n", 0, complaint.start()) + 1 :].splitlines()[0]
            raise Failed(f"{result.command}: the host complained: {line}\n{result.text}")
        reports = sorted(self._reports.parent.glob(self._reports.name + ".*"))
        if reports:
            raise Failed(f"{result.command}: a sanitizer reports\n{reports[0].read_text(errors='replace')}")

    def age(self):
        """Makes every object in the state an hour older: of a new one, the provider does not believe that it is gone."""
        path = self.folder / "terraform.tfstate"
        state = json.loads(path.read_text())
        for resource in state["resources"]:
            for instance in resource["instances"]:
                private = json.loads(base64.b64decode(instance.get("private", "e30=")))
                if "created" in private:  # not of what was imported
                    private["created"] -= 3600
                    instance["private"] = base64.b64encode(json.dumps(private).encode()).decode()
        path.write_text(json.dumps(state))

    # Commands.

    def validate(self, **options):
        return self.run("validate", "-no-color", **options)

    def plan(self, *arguments, **options):
        return self.run("plan", "-no-color", "-lock=false", *arguments, **options)

    def apply(self, *arguments, **options):
        return self.run("apply", "-no-color", "-auto-approve", *arguments, **options)

    def destroy(self, *arguments, **options):
        return self.run("destroy", "-no-color", "-auto-approve", *arguments, **options)

    def assert_no_changes(self):
        """Plans without and with a refresh; both must be empty."""
        self.plan("-detailed-exitcode", "-refresh=false")
        self.plan("-detailed-exitcode")

    def settle(self, *arguments, **options):
        """Applies, and demands that nothing is left to do."""
        result = self.apply(*arguments, **options)
        self.assert_no_changes()
        return result

    # What the host knows, as data.

    def planned(self, *arguments):
        """The plan as JSON (terraform show -json)."""
        self.plan("-out=saved.plan", *arguments)
        return json.loads(self.run("show", "-json", "saved.plan").stdout)

    def changes(self, *arguments):
        """The planned changes by address; addresses without a change are left out."""
        plan = self.planned(*arguments)
        changes = {change["address"]: change["change"] for change in plan.get("resource_changes", ())}
        return {address: change for address, change in changes.items() if change["actions"] != ["no-op"]}

    def actions(self, *arguments):
        return {address: change["actions"] for address, change in self.changes(*arguments).items()}

    def state(self):
        """The values of the resources in state, by address; in child modules too."""
        shown = json.loads(self.run("show", "-json").stdout)
        found = {}
        modules = [shown.get("values", {}).get("root_module", {})]
        while modules:
            module = modules.pop()
            modules += module.get("child_modules", ())
            found.update({resource["address"]: resource["values"] for resource in module.get("resources", ())})
        return found
