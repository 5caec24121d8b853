# SPDX-License-Identifier: MPL-2.0
"""The order of sources in docs/guides/authentication.md is the chain's in src/aws/sources.c."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def chain():
    """The names that the log shows, in the order in which the sources are asked."""
    table = re.search(r"in_order\[\] = \{(.*?)\}", (ROOT / "src/aws/sources.c").read_text(), re.DOTALL).group(1)
    sources = "".join(path.read_text() for path in sorted((ROOT / "src/aws").glob("credentials_*.c")))
    for source in re.findall(r"&(\w+)", table):
        yield re.search(r"struct credential_source %s = \{\s*TEXT\(\"([^\"]+)\"\)" % source, sources).group(1)


def guide():
    text = (ROOT / "docs/guides/authentication.md").read_text()
    for number, name in re.findall(r"^\| (\d+) \|.*\| `([^`]+)` \|$", text, re.MULTILINE):
        yield int(number), name


def main():
    wanted = list(enumerate(chain(), 1))
    found = list(guide())
    if not wanted or found != wanted:
        sys.exit(f"docs/guides/authentication.md has {found}, the chain is {wanted}")


main()
