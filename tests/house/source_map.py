#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MPL-2.0
"""The map in src/README.md: every file with the first sentence of its own comment.

source_map.py writes it anew; test_map.py fails when it is stale."""

import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("base", "value", "schema", "aws", "ec2", "resources", "engine", "provider", "plugin")
BEGIN, END = "<!-- map: begin -->", "<!-- map: end -->"


def purpose(folder, stem):
    """The first sentence of the comment at the top of the header, else of the source; None without one."""
    for suffix in (".h", ".c"):
        path = folder / (stem + suffix)
        words = []
        for line in path.read_text().splitlines()[1:] if path.exists() else ():
            if not line.startswith("//"):
                break
            words += line[2:].split()
        if words:
            text = " ".join(words)
            sentence = re.match(r".+?(?<!\be\.g)\.(?=\s|$)", text)
            return sentence[0] if sentence else text
    return None


def render(source):
    """(the map's lines, files that do not say what they are for)"""
    lines, silent = [], []
    for name in FOLDERS:
        lines += ["", f"### {name}", ""]
        folder = source / name
        for stem in sorted({path.stem for path in folder.glob("*.[ch]")}):
            said = purpose(folder, stem)
            if said is None:
                silent.append(f"{name}/{stem}")
            lines += textwrap.wrap(f"- `{stem}`: {said}", 118, subsequent_indent="  ", break_on_hyphens=False)
    return lines + [""], silent


def replaced(readme, lines):
    before, rest = readme.split(BEGIN)
    _, after = rest.split(END)
    return before + BEGIN + "\n".join(["", *lines]) + END + after


if __name__ == "__main__":
    readme = ROOT / "src/README.md"
    lines, silent = render(ROOT / "src")
    if silent:
        sys.exit("no comment at the top says what it is for: " + ", ".join(silent))
    readme.write_text(replaced(readme.read_text(), lines))
