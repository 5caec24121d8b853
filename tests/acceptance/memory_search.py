# SPDX-License-Identifier: MPL-2.0
"""Looks for secrets in the memory of a process that runs, and where it finds them."""

import collections
import pathlib
import re

# More than this is a sanitizer's own memory, which cannot be searched.
MOST_BYTES = 4 << 30


def providers(host):
    """The providers that a host process has started."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            name, _, rest = (entry / "stat").read_text().partition("(")[2].rpartition(")")
        except (OSError, ValueError):
            continue
        if name.startswith("terraform-provi") and int(rest.split()[1]) == host:
            found.append(int(entry.name))
    return found


class Memory:
    """What a process may write to: heap, stacks, whatever it has mapped. `environment` is what it was started with."""

    def __init__(self, process):
        folder = pathlib.Path("/proc") / str(process)
        self.environment = (folder / "environ").read_bytes()
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        self._given = range(int(fields[48 - 3]), int(fields[51 - 3]))  # arguments and environment
        self.parts = []
        total = 0
        with open(folder / "mem", "rb", buffering=0) as memory:
            for line in (folder / "maps").read_text().splitlines():
                span, rights, _, _, _, *name = line.split(maxsplit=5)
                start, end = (int(each, 16) for each in span.split("-"))
                if not rights.startswith("rw") or (name and name[0].startswith("[v")):
                    continue
                total += end - start
                if total > MOST_BYTES:
                    self.parts = None
                    return
                memory.seek(start)
                try:
                    self.parts.append((start, memory.read(end - start)))
                except OSError:
                    continue

    def find(self, patterns):
        """How often each text that one of the patterns matches stands there, but for what the process was started with.
        A pattern begins with plain characters."""
        found = collections.Counter()
        for pattern in patterns:
            plain, rest = pattern.partition("[")[0].encode(), re.compile(pattern.encode())
            for start, content in self.parts:
                at = content.find(plain)
                while at >= 0:
                    match = rest.match(content, at)
                    if match and start + at not in self._given:
                        found[match.group().decode()] += 1
                    at = content.find(plain, at + 1)
        return found
