#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""clang-tidy over folders of src; .clang-tidy at the top says which checks, and why not the others.

    clang_tidy.py FOLDER..."""

import sys

from common import ROOT, for_each, must_find, report, run, sources


def tidy(path, flags):
    # gcc's options are not all clang's, and warnings are for the builds to refuse.
    status, text = run(
        ["clang-tidy", "--quiet", f"--config-file={ROOT}/.clang-tidy", "--warnings-as-errors=*", path, "--", *flags, "-w"]
    )
    return text if status else ""


def main():
    must_find(tidy, ["unix.Malloc", "core.NullDereference"])
    found = sources(*sys.argv[1:])
    report(for_each(lambda path: tidy(path, found[path]), found), f"{len(found)} sources")


if __name__ == "__main__":
    main()
