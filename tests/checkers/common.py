# SPDX-License-Identifier: MPL-2.0
"""What the checkers share: the sources with the flags that they are compiled with, and one way to report.

Each checker is first given a sample with a fault in it, which it has to find: a checker that is silent because it was
started wrongly would otherwise look like clean code. VNS_BUILD_DIR is a build of the repository, by any compiler."""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "checkers"
JOBS = os.cpu_count() or 1
# Of a compile command: what the preprocessor and the dialect depend on.
KEPT = re.compile(r"-(D|U|I|std=|f(?!file-prefix-map)|O|pthread)")
# Reads freed memory, and a pointer that it has just found to be null.
SAMPLE = """#include <stdlib.h>
int sample(int *maybe);
int sample(int *maybe)
{
	int *gone = malloc(sizeof *gone);
	if (!gone)
		return 1;
	*gone = 3;
	free(gone);
	if (maybe == NULL)
		return *maybe;
	return *gone;
}
"""


def build():
    return pathlib.Path(os.environ["VNS_BUILD_DIR"])


def sources(*folders):
    """source -> the flags that matter to a reader of it, of the C sources in these folders of the repository."""
    found = {}
    for entry in json.loads((build() / "compile_commands.json").read_text()):
        path = os.path.realpath(entry["file"])
        if not path.endswith(".c") or not path.startswith(tuple(f"{ROOT}/{folder}/" for folder in folders)):
            continue
        words = shlex.split(entry["command"])
        flags = []
        for word, following in zip(words, words[1:] + [""]):
            if word == "-isystem":
                flags += [word, following]
            elif KEPT.match(word) and not word.startswith("-fsanitize"):
                flags.append(word)
        found.setdefault(path, flags)
    if len(found) < 20:
        raise SystemExit(f"the build knows only {len(found)} sources in {folders}")
    return found


def run(command, **options):
    """Both streams of a command as one text, and its status."""
    process = subprocess.run(
        [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **options
    )
    return process.returncode, process.stdout


def for_each(check, items):
    """check(item) of all, a few at a time; the texts that are not empty, in order."""
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        return [text for text in pool.map(check, items) if text]


def must_find(check, words, sample=SAMPLE):
    """check(path, flags) must find fault with the sample, in each of these words."""
    with tempfile.TemporaryDirectory(prefix="vns-checker-") as folder:
        path = pathlib.Path(folder) / "sample.c"
        path.write_text(sample)
        said = check(str(path), ["-std=c11"])
    for word in words:
        if word not in said:
            raise SystemExit(f"the checker does not find {word} in a sample that has it; it said:\n{said}")


def report(findings, what):
    if findings:
        print("\n".join(findings))
        raise SystemExit(f"{len(findings)} of {what} have findings")
    print(f"{what}: clean")
    sys.exit(0)
