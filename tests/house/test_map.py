# SPDX-License-Identifier: MPL-2.0
"""src/README.md lists every file of src, with what the file says of itself, and explains the names that comments use."""

import pathlib
import re
import tempfile
import unittest

import source_map


class Map(unittest.TestCase):
    def test_repository(self):
        readme = (source_map.ROOT / "src/README.md").read_text()
        lines, silent = source_map.render(source_map.ROOT / "src")
        self.assertEqual(silent, [], "no comment at the top says what these are for")
        self.assertEqual(readme, source_map.replaced(readme, lines), "run tests/house/source_map.py")

    def test_facts_are_explained(self):
        """Each "facts: NAME" of a comment has its line in src/README.md, and no other name has."""
        used = set()
        for folder in ("src", "tests"):
            for path in (source_map.ROOT / folder).rglob("*.[ch]"):
                used.update(re.findall(r"\(facts:(?:\s|//)+(\w+)", path.read_text()))
        explained = re.findall(r"^  - `(\w+)`, ", (source_map.ROOT / "src/README.md").read_text(), re.MULTILINE)
        self.assertEqual(sorted(explained), sorted(used))

    def test_a_silent_file_is_found(self):
        with tempfile.TemporaryDirectory() as directory:
            folder = pathlib.Path(directory, "base")
            folder.mkdir()
            (folder / "quiet.c").write_text("// SPDX-License-Identifier: MPL-2.0\nint x;\n")
            (folder / "open.h").write_text("// SPDX-License-Identifier: MPL-2.0\n// Says it.\n// And more.\n")
            lines, silent = source_map.render(pathlib.Path(directory))
        self.assertEqual(silent, ["base/quiet"])
        self.assertIn("- `open`: Says it.", lines)


if __name__ == "__main__":
    unittest.main()
