# SPDX-License-Identifier: MPL-2.0
"""What the house tests read: the files of the repository, and C without its comments and texts.

A check is a function from a Tree to a list of complaints, "path:line: what". The same function is run on the repository,
where it must find nothing, and on small samples, where it must find something: a check that cannot fail checks nothing."""

import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

_LEXEMES = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def _blank(match):
    """White space of the same shape, so that line numbers stay; quotes stay too."""
    text = match.group()
    if text.startswith("/"):
        return re.sub(r"[^\n]", " ", text)
    return text[0] + re.sub(r"[^\n]", " ", text[1:-1]) + text[-1]


def bare(text):
    """C text without what stands in comments, strings and characters."""
    return _LEXEMES.sub(_blank, text)


def without_comments(text):
    return _LEXEMES.sub(lambda match: _blank(match) if match.group().startswith("/") else match.group(), text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


class Tree:
    """Path -> text. Built from a dictionary, or from what git knows (and what is new and not ignored)."""

    def __init__(self, files):
        self.files = files

    @classmethod
    def of_repository(cls):
        listed = subprocess.run(
            ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            capture_output=True,
            check=True,
        ).stdout.decode()
        files = {}
        for name in sorted(set(listed.split("\0")) - {""}):
            path = ROOT / name
            if path.is_file():
                files[name] = path.read_bytes().decode("utf-8", errors="replace")
        return cls(files)

    def under(self, *folders, ends=(".c", ".h")):
        return {
            path: text
            for path, text in self.files.items()
            if path.endswith(tuple(ends)) and (not folders or path.startswith(folders))
        }


class House(unittest.TestCase):
    """The base of the house tests."""

    _repository = None
    maxDiff = None

    @classmethod
    def repository(cls):
        if House._repository is None:
            House._repository = Tree.of_repository()
        return House._repository

    def assert_clean(self, check):
        complaints = check(self.repository())
        self.assertEqual(complaints, [], "\n" + "\n".join(complaints))

    def assert_complains(self, check, words, **files):
        """The check must find fault with these files; a path is written with __ for / and _ before c, h or md for a dot."""
        tree = Tree({re.sub(r"_(c|h|md|sh|py|txt)$", r".\1", name.replace("__", "/")): text for name, text in files.items()})
        complaints = check(tree)
        self.assertTrue([line for line in complaints if words in line], (words, complaints))
