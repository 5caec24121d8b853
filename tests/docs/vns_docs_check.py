# SPDX-License-Identifier: MPL-2.0
"""vns-docs --check sees what is stale, what is missing and what is too much: vns_docs_check.py <vns-docs>."""

import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What is done to docs/, and what is said of it; None: nothing.
CASES = [
    (lambda docs: None, None),
    (lambda docs: (docs / "guides/more.md").write_text("more\n"), None),
    (lambda docs: (docs / "index.md").write_text("old\n"), "docs/index.md: is stale"),
    (lambda docs: (docs / "resources/mirror_target.md").unlink(), "docs/resources/mirror_target.md: is stale"),
    (lambda docs: (docs / "resources/old.md").write_text("old\n"), "docs/resources/old.md: is the page of no resource"),
    (lambda docs: (docs / "resources/mirror_target").mkdir(), "docs/resources/mirror_target: is the page of no resource"),
    (lambda docs: shutil.rmtree(docs / "resources"), "docs/resources: cannot be read"),
]


def main():
    for change, words in CASES:
        with tempfile.TemporaryDirectory(prefix="vns-") as folder:
            root = pathlib.Path(folder)
            shutil.copytree(ROOT / "docs", root / "docs")
            shutil.copytree(ROOT / "examples", root / "examples", ignore=shutil.ignore_patterns(".terraform*"))
            change(root / "docs")
            checked = subprocess.run([sys.argv[1], "--check", folder], capture_output=True, text=True)
            if (checked.returncode != 0) != (words is not None) or (words or "") not in checked.stderr:
                sys.exit(f"status {checked.returncode}, and instead of {words!r} it says\n{checked.stderr}")


main()
