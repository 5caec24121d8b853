# SPDX-License-Identifier: MPL-2.0
"""Files and functions that a reader can hold, and code that asks no questions of taste."""

import re
import subprocess
import tempfile
import pathlib

from tree import ROOT, House, bare, line_of

MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 60


def check_files(tree):
    return [
        f"{path}:{MOST_FILE_LINES}: the file has {lines} lines; files stay under {MOST_FILE_LINES}"
        for path, text in tree.under("src/", "tests/").items()
        if (lines := text.count("\n")) >= MOST_FILE_LINES
    ]


def functions(text):
    """(name, first line, number of lines) of every function, in the one style that clang-format enforces: the opening
    brace of a function stands alone at the beginning of a line, and so does the closing one."""
    code = bare(text)
    for match in re.finditer(r"^\{$.*?^\}$", code, re.MULTILINE | re.DOTALL):
        head = code[: match.start()].rstrip()
        name = re.findall(r"(\w+)\s*\(", head[head.rfind("\n\n") + 1 :])
        first = line_of(code, match.start())
        yield (name[0] if name else "?"), first, match.group().count("\n") + 1


def check_functions(tree):
    return [
        f"{path}:{first}: {name} has {lines} lines; functions stay under {MOST_FUNCTION_LINES}"
        for path, text in tree.under("src/", "tests/").items()
        for name, first, lines in functions(text)
        if lines >= MOST_FUNCTION_LINES
    ]


def check_format(tree):
    complaints = []
    with tempfile.TemporaryDirectory(prefix="vns-house-") as folder:
        root = pathlib.Path(folder)
        (root / ".clang-format").write_text((ROOT / ".clang-format").read_text())
        paths = []
        for path, text in tree.under("src/", "tests/").items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
            paths.append(path)
        if not paths:
            return ["nothing to format"]
        run = subprocess.run(["clang-format", "--dry-run", "-Werror", *paths], cwd=root, capture_output=True, text=True)
        complaints = re.findall(r"^\S+:\d+:\d+: error:.*", run.stderr, re.MULTILINE)
        if run.returncode and not complaints:
            complaints = [run.stderr]
    return complaints


class Size(House):
    def test_repository(self):
        for check in (check_files, check_functions, check_format):
            with self.subTest(check.__name__):
                self.assert_clean(check)

    def test_it_can_fail(self):
        self.assert_complains(check_files, "400 lines", src__base__a_c="\n" * 400)
        self.assert_complains(check_functions, "long_one", src__base__a_c="void long_one(void)\n{\n" + "\tx();\n" * 58 + "}\n")
        self.assert_complains(check_format, "clang-format", src__base__a_c="int  a ;\n")

    def test_functions_are_found(self):
        text = 'static int a(int b)\n{\n\treturn "}"[0]; // }\n}\n\nstruct c {\n\tint d;\n};\n\nvoid\ne(void)\n{\n}\n'
        self.assertEqual([(name, lines) for name, _, lines in functions(text)], [("a", 3), ("e", 2)])
