#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""valgrind's memcheck on the unit tests: reads of what was never set, and what sanitized builds cannot see, because it
happens inside a library. memcheck.suppressions explains what stays.

    memcheck.py PROGRAM..."""

import pathlib
import sys
import tempfile

from common import HERE, SAMPLE, build, for_each, report, run

VALGRIND = [
    "valgrind",
    "--quiet",
    "--error-exitcode=9",
    "--leak-check=full",
    "--errors-for-leak-kinds=definite",
    "--trace-children=no",
    f"--suppressions={HERE}/memcheck.suppressions",
]


def check(program):
    status, text = run([*VALGRIND, program], cwd=build())
    return f"{program}: exit status {status}\n{text}" if status else ""


def must_find():
    with tempfile.TemporaryDirectory(prefix="vns-checker-") as folder:
        path = pathlib.Path(folder) / "sample.c"
        path.write_text(SAMPLE + "int main(int count, char **words)\n{\n\treturn sample(&count) == 3 && words ? 0 : 1;\n}\n")
        run(["cc", "-g", "-O0", path, "-o", path.with_suffix("")])
        if "Invalid read" not in check(path.with_suffix("")):
            raise SystemExit("valgrind does not find a read of freed memory")


def main():
    must_find()
    programs = sorted(sys.argv[1:])
    if len(programs) < 10:
        raise SystemExit(f"only {len(programs)} programs to check")
    report(for_each(check, programs), f"{len(programs)} programs")


if __name__ == "__main__":
    main()
