# SPDX-License-Identifier: MPL-2.0
"""What a credential_process finds when the provider of a real host runs it: nothing of the channel between them. With the
first host only: it has no part in it."""

import json
import unittest

import ec2
from harness import Case

SCRIPT = """#!/bin/sh
exec 3>&1 >"$0.seen"
for fd in /proc/$$/fd/*; do readlink $fd; done
echo
env | grep -c '^PLUGIN_\\|^TF_PLUGIN_MAGIC_COOKIE'
read -r line && echo "read $line"
echo "1|6|unix|/nowhere|grpc|noise-nobody-may-see" >&2
cat "$0.json" >&3
"""


class CredentialProcess(Case):
    def test_it_is_cut_off(self):
        simulator, space = self.world()
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del space.environment[name]
        home = space.folder.parent
        script = home / "keys"
        script.write_text(SCRIPT)
        script.chmod(0o700)
        told = {"Version": 1, "AccessKeyId": ec2.ACCESS_KEY, "SecretAccessKey": ec2.SECRET_KEY}
        (home / "keys.json").write_text(json.dumps(told))
        (home / ".aws").mkdir()
        (home / ".aws" / "config").write_text(f"[default]\ncredential_process = {script}\n")
        space.configure('resource "vns_mirror_filter" "x" {}\n')
        result = space.plan(environment={"TF_LOG": "trace"})
        self.assertIn("ec2", {call["service"] for call in simulator.all_calls()})
        files, _, rest = (home / "keys.seen").read_text().partition("\n\n")
        # Its input and errors, the pipe for what it prints, and its own: what it writes here, and itself.
        own = sorted(["/dev/null", "/dev/null", "pipe", f"{script}.seen", str(script)])
        self.assertEqual(sorted(name.partition(":")[0] for name in files.splitlines()), own)
        self.assertEqual(rest, "0\n", "variables of the handshake, and nothing to read")
        for text in (result.text, space.log.read_text(errors="replace")):
            self.assertNotIn("noise-nobody-may-see", text)
            self.assertNotIn(ec2.SECRET_KEY, text)


if __name__ == "__main__":
    unittest.main()
