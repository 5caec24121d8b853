#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""ThreadSanitizer: a build of its own, in the folder checkers/threads of the build, of what has threads and its tests.

gRPC is linked as shared objects there, so that what its own code does can be told from what ours does
(threads.suppressions.in), and its completion queue says which of our threads it orders (threads_grpc.c)."""

import os
import pathlib
import shutil
import tempfile

from common import JOBS, ROOT, build, run

# A host of plugins, the program itself, many calls at once, its ends; 200 sessions of the real host at parallelism 64.
OTHERS = ["unit.plugin_host", "unit.plugin_server", "unit.plugin_tls", "acceptance.scale"] + [
    f"protocol.{name}" for name in ("hostile", "life", "load", "logs", "rpcs")
]
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


def unit_tests():
    """Those that make threads themselves."""
    for path in sorted((ROOT / "tests" / "unit").glob("*/*.c")):
        text = path.read_text()
        if "pthread_create(" in text and "int main(void)" in text:
            yield f"unit.{path.parent.name}_{path.stem.removeprefix('test_')}"


def targets(tests):
    for test in tests:
        kind, _, name = test.partition(".")
        yield from {
            "unit": [f"test_{name}"],
            "protocol": [f"protocol_{name}"],
            "acceptance": ["terraform-provider-vns", "vns-ec2sim"],
        }[kind]


def must(command, **options):
    status, text = run(command, **options)
    if status:
        raise SystemExit(f"{text}\n{' '.join(map(str, command))}: exit status {status}")
    return text


def must_find():
    with tempfile.TemporaryDirectory(prefix="vns-checker-") as folder:
        path = pathlib.Path(folder) / "sample.c"
        path.write_text(RACE)
        must(["cc", "-g", "-fsanitize=thread", path, "-o", path.with_suffix(""), "-pthread"])
        status, text = run([path.with_suffix("")])
        if status == 0 or "data race" not in text:
            raise SystemExit(f"ThreadSanitizer does not find a race in a sample that has one; it said:\n{text}")


def make(folder, tests):
    must(
        ["cmake", "-S", ROOT, "-B", folder, *([] if (folder / "CMakeCache.txt").exists() else ["-G", "Ninja"])]
        + ["-DVNS_SANITIZE=thread", "-DVNS_STATIC_GRPC=OFF", "-DVNS_TESTS=ON", "-DVNS_WERROR=OFF"]
    )
    must(["cmake", "--build", folder, "--parallel", JOBS, "--target", *dict.fromkeys(targets(tests))])


def main():
    must_find()
    folder = build() / "checkers" / "threads"
    tests = [*unit_tests(), *OTHERS]
    make(folder, tests)

    # In files: nobody looks at what a program says that another one started, nor at its exit status.
    reports = folder / "reports"
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir()
    names = "|".join(test.replace(".", r"\.") for test in tests)
    status, text = run(
        ["ctest", "--test-dir", folder, "-R", f"^({names})$", "--no-tests=error", "--output-on-failure", f"-j{JOBS}"],
        env=dict(os.environ, TSAN_OPTIONS=f"log_path='{reports}/report'"),
    )
    print(text)
    found = sorted(reports.iterdir())
    for path in found:
        print(path.read_text(errors="replace"))
    if status or found or f"out of {len(tests)}" not in text:
        raise SystemExit(f"{len(found)} processes with reports; {len(tests)} tests were to pass")


if __name__ == "__main__":
    main()
