#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""cppcheck over src and the tests' C. Where it is wrong, the line before says so and why: cppcheck-suppress."""

import re

from common import HERE, ROOT, for_each, must_find, report, run, sources

OPTIONS = [
    "--quiet",
    "--error-exitcode=1",
    "--enable=warning,portability,performance",
    "--inline-suppr",
    "--std=c11",
    "--library=posix",
    "--template={file}:{line}: {id}: {message}",
    f"--library={HERE}/cppcheck.cfg",
]
# It would ask for every combination of macros otherwise; the build has one.
WANTED = re.compile(r"-[DU]|-I" + re.escape(str(ROOT)))


def check(path, flags):
    status, text = run(["cppcheck", *OPTIONS, *(flag for flag in flags if WANTED.match(flag)), path])
    return text if status else ""


def main():
    must_find(check, ["nullPointerRedundantCheck"])
    found = sources("src", "tests")
    report(for_each(lambda path: check(path, found[path]), found), f"{len(found)} sources")


if __name__ == "__main__":
    main()
