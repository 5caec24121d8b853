#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MPL-2.0
"""tests/bench/compare tells worse from better and noise."""
import json
import pathlib
import subprocess
import tempfile
import unittest

COMPARE = pathlib.Path(__file__).with_name("compare")


class Compare(unittest.TestCase):
    def compare(self, before, after, unit):
        with tempfile.TemporaryDirectory() as directory:
            paths = []
            for value in (before, after):
                path = pathlib.Path(directory, "%d.json" % len(paths))
                path.write_text(json.dumps({"x": {"value": value, "unit": unit, "note": ""}}))
                paths.append(path)
            done = subprocess.run([COMPARE, *paths], stdout=subprocess.PIPE, text=True)
        return done.returncode, done.stdout.split()[-1]

    def test_measured(self):
        self.assertEqual(self.compare(100, 105, "ms"), (0, "same"))
        self.assertEqual(self.compare(100, 120, "ms"), (1, "worse"))
        self.assertEqual(self.compare(100, 80, "ms"), (0, "better"))

    def test_counted(self):
        self.assertEqual(self.compare(100, 102, "calls"), (1, "worse"))
        self.assertEqual(self.compare(0, 1, "calls"), (1, "worse"))

    def test_missing(self):
        self.assertEqual(self.compare(100, None, "ms")[0], 0)


if __name__ == "__main__":
    unittest.main()
