#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""ThreadSanitizer: a build of its own, in the folder checkers/threads of the build, and in it the unit tests and the
protocol's. threads.suppressions explains what stays."""

import os
import pathlib
import tempfile

from common import HERE, JOBS, ROOT, build, run

# What has threads, or could.
TESTS = r"^(unit|protocol)\."
# It measures that the program ends within half a second, which it does not have to do ten times slower.
LEFT_OUT = r"^protocol\.life$"
RACE = """#include <pthread.h>
static int count;
static void *work(void *unused)
{
	for (int i = 0; i < 1000; i++)
		count++;
	return unused;
}
int main(void)
{
	pthread_t other;
	pthread_create(&other, NULL, work, NULL);
	work(NULL);
	pthread_join(other, NULL);
	return 0;
}
"""


def must(command, **options):
    status, text = run(command, **options)
    if status:
        raise SystemExit(f"{text}\n{' '.join(map(str, command))}: exit status {status}")
    return text


def must_find(environment):
    with tempfile.TemporaryDirectory(prefix="vns-checker-") as folder:
        path = pathlib.Path(folder) / "sample.c"
        path.write_text(RACE)
        must(["cc", "-g", "-fsanitize=thread", path, "-o", path.with_suffix(""), "-pthread"])
        status, text = run([path.with_suffix("")], env=environment)
        if status == 0 or "data race" not in text:
            raise SystemExit(f"ThreadSanitizer does not find a race in a sample that has one; it said:\n{text}")


def main():
    environment = dict(os.environ)
    environment["TSAN_OPTIONS"] = f"suppressions={HERE}/threads.suppressions halt_on_error=0 exitcode=66 second_deadlock_stack=1"
    must_find(environment)
    folder = build() / "checkers" / "threads"
    must(
        ["cmake", "-S", ROOT, "-B", folder, *([] if (folder / "CMakeCache.txt").exists() else ["-G", "Ninja"])]
        + ["-DVNS_SANITIZE=thread", "-DVNS_TESTS=ON", "-DVNS_WERROR=OFF"]
    )
    must(["cmake", "--build", folder])
    print(
        must(
            ["ctest", "--test-dir", folder, "-R", TESTS, "-E", LEFT_OUT, "--no-tests=error", "--output-on-failure", f"-j{JOBS}"],
            env=environment,
        )[-2000:]
    )


if __name__ == "__main__":
    main()
