#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""gcc -fanalyzer over src, file by file."""

import re

from common import for_each, must_find, report, run, sources

FINDING = re.compile(r"\[-Wanalyzer-")


def analyze(path, flags):
    # Its paths are plainest before the optimizer has worked on them.
    status, text = run(["gcc", *flags, "-O1", "-fanalyzer", "-S", "-o", "/dev/null", path])
    return text if status or FINDING.search(text) else ""


def main():
    must_find(analyze, ["-Wanalyzer-use-after-free"])
    found = sources("src")
    report(for_each(lambda path: analyze(path, found[path]), found), f"{len(found)} sources")


if __name__ == "__main__":
    main()
