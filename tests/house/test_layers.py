# SPDX-License-Identifier: MPL-2.0
"""The layer table of src/README.md: which folder may include which, and which foreign library belongs where."""

import re
import unittest

from tree import House, bare, line_of, without_comments

# A foreign header and its library as the table names it. What is not listed here is libc.
LIBRARIES = [
    (r"msgpack(/.*|\.h)", "msgpack"),
    (r"jansson.*\.h", "jansson"),
    (r"curl/.*", "curl"),
    (r"openssl/.*", "OpenSSL"),
    (r"expat.*\.h", "expat"),
    (r"grpc/.*", "gRPC"),
    (r"protobuf-c/.*", "protobuf-c"),
    (r".*\.pb-c\.h", "generated headers"),
]
LIBC = re.compile(
    r"(arpa/inet|assert|ctype|dirent|dlfcn|endian|errno|execinfo|fcntl|getopt|grp|inttypes|limits|link|locale|malloc|math|"
    r"net(db|inet/\w+)|poll|pthread|pwd|regex|sched|search|semaphore|setjmp|signal|spawn|std(align|arg|atomic|bool|def|int|io|"
    r"lib|noreturn)|string|strings|sys/\w+|syslog|termios|threads|time|ucontext|unistd|unwind|wchar)\.h|"
    r"sanitizer/\w+\.h|valgrind/\w+\.h"
)
# They load modules of the system they run on, which a static program must not.
NAME_SERVICE = re.compile(
    r"\b(get(pw|gr|sp)(nam|uid|gid|ent)(_r)?|getgrouplist|initgroups|getlogin(_r)?|get(addr|name)info|"
    r"get(host|serv|proto|net)(by|ent)\w*|wordexp)\s*\("
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
ROW = re.compile(r"^\|[ ]*([\w./]+)[ ]*\|[ ]*([^|\n]*?)[ ]*\|[ ]*([^|\n]*?)[ ]*\|$", re.MULTILINE)


def rows(readme):
    """room -> (rooms it may include, {library: the files that may use it, or None for all})."""
    found = {}
    for room, rooms, libraries in ROW.findall(readme):
        if room == "folder":
            continue
        allowed = {
            name: set(re.findall(r"[\w.]+\.c", files)) or None
            for name, files in re.findall(r"([A-Za-z][\w -]*?)(?: \(only ([^)]*)\))?(?:,|$)", libraries)
        }
        everything = rooms == "everything"
        found[room] = (None if everything else set(re.findall(r"\w+", rooms)), None if everything else allowed)
    return found


def includes(text):
    for match in INCLUDE.finditer(without_comments(text)):
        yield line_of(text, match.start()), match.group(1), match.group(2)


def library_of(header):
    return next((library for pattern, library in LIBRARIES if re.fullmatch(pattern, header)), None)


def refusal(room, name, header, quoted, table, tree):
    """Why a file of that room must not include that header, or None."""
    rooms, libraries = table[room]
    library = library_of(header)
    if library:
        if libraries is None:
            return None
        files = libraries.get(library, set())
        return None if files is None or name in files else f"{library} does not belong here"
    if quoted == "<":
        return None if LIBC.fullmatch(header) else f"<{header}> is of a library that src/README.md does not know"
    other = header.split("/")[0]
    if f"src/{header}" not in tree.files:
        return f'"{header}" is no file of src: write "folder/file.h"'
    if rooms is not None and other != room and other not in rooms:
        return f"{room} may not include {other} (src/README.md, the layer table)"
    return None


def check_layers(tree):
    table = rows(tree.files["src/README.md"])
    complaints = []
    for path, text in tree.under("src/").items():
        room = path.split("/")[1]
        if room not in table:
            complaints.append(f"{path}:1: {room} has no row in the layer table of src/README.md")
            continue
        for line, quoted, header in includes(text):
            why = refusal(room, path.split("/")[-1], header, quoted, table, tree)
            if why:
                complaints.append(f"{path}:{line}: {why}")
    return complaints


def check_name_services(tree):
    return [
        f"{path}:{line_of(code, match.start())}: {match.group(1)} asks the system's name services, which a static program "
        "cannot"
        for path, text in tree.under("src/").items()
        for code in [bare(text)]
        for match in NAME_SERVICE.finditer(code)
    ]


def check_cycles(tree):
    """No header leads back to itself, and no folder to itself by way of another."""
    complaints = []
    files, folders = {}, {}
    for path, text in tree.under("src/").items():
        targets = {f"src/{header}" for _, quoted, header in includes(text) if f"src/{header}" in tree.files}
        files[path] = targets
        room = path.split("/")[1]
        folders.setdefault(room, set()).update({target.split("/")[1] for target in targets} - {room})
    for graph in (files, folders):
        for start in graph:
            reached, todo = set(), list(graph[start])
            while todo:
                node = todo.pop()
                if node not in reached:
                    reached.add(node)
                    todo += graph.get(node, ())
            if start in reached:
                complaints.append(f"{start}:1: includes itself by way of others")
    return complaints


def check_unique_names(tree):
    seen, complaints = {}, []
    for path in tree.under("src/"):
        name = path.split("/")[-1]
        if name in seen:
            complaints.append(f"{path}:1: {seen[name]} has the same name; names are addresses")
        seen[name] = path
    return complaints


README = """
| folder | may include | foreign libraries |
| --- | --- | --- |
| base | - | libc |
| value | base | msgpack (only msgpack.c), jansson |
"""


class Layers(House):
    def test_repository(self):
        self.assertGreater(len(rows(self.repository().files["src/README.md"])), 9)
        for check in (check_layers, check_name_services, check_cycles, check_unique_names):
            with self.subTest(check.__name__):
                self.assert_clean(check)

    def test_it_can_fail(self):
        def layers(words, **files):
            self.assert_complains(check_layers, words, src__README_md=README, **files)

        layers("may not include value", src__base__a_c='#include "value/v.h"\n', src__value__v_h="")
        layers("is no file", src__base__a_c='#include "b.h"\n', src__base__b_h="")
        layers("does not belong", src__value__other_c="#include <msgpack.h>\n")
        layers("does not belong", src__base__a_c="#include <openssl/evp.h>\n")
        layers("does not know", src__base__a_c="#include <zlib.h>\n")
        layers("no row", src__attic__a_c="\n")
        self.assert_complains(
            check_cycles, "itself", src__base__a_h='#include "base/b.h"\n', src__base__b_h='#include "base/a.h"\n'
        )
        self.assert_complains(
            check_cycles, "base:1", src__base__a_c='#include "value/v.h"\n', src__base__a_h="", src__value__v_h="",
            src__value__v_c='#include "base/a.h"\n',
        )
        self.assert_complains(
            check_name_services, "base/a.c:2: getpwuid_r", src__base__a_c="// getpwnam()\ngetpwuid_r(1);\n"
        )
        self.assert_complains(check_name_services, "getaddrinfo", src__base__a_c="x = getaddrinfo (host);\n")
        self.assert_complains(check_unique_names, "same name", src__base__a_c="", src__value__a_c="")

    def test_it_lets_pass_what_the_table_allows(self):
        tree = {
            "src/README.md": README,
            "src/value/msgpack.c": '#include "base/a.h"\n#include <msgpack.h>\n#include <stdio.h>\n// #include <zlib.h>\n',
            "src/base/a.h": "",
        }
        self.assertEqual(check_layers(type(self.repository())(tree)), [])


if __name__ == "__main__":
    unittest.main()
