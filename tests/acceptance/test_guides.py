# SPDX-License-Identifier: MPL-2.0
"""What the guides show is a configuration that the host takes."""

import pathlib
import re
import unittest

from harness import SOURCE, Case, for_each_host

load_tests = for_each_host

BLOCK = re.compile(r"^```terraform\n(.*?)^```", re.MULTILINE | re.DOTALL)


def provider_blocks():
    """Each provider block of the guide to authentication, with the line where it begins."""
    text = pathlib.Path(SOURCE / "docs" / "guides" / "authentication.md").read_text()
    return [(text.count("\n", 0, match.start()) + 1, match.group(1)) for match in BLOCK.finditer(text)]


class Guides(Case):
    def test_authentication(self):
        workspace = self.workspace()
        blocks = provider_blocks()
        self.assertGreater(len(blocks), 6)
        for line, block in blocks:
            with self.subTest(line=line):
                workspace.configure('resource "vns_mirror_filter" "x" {}\n', provider=block)
                workspace.validate()


if __name__ == "__main__":
    unittest.main()
