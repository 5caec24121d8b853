#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MPL-2.0
"""tests/bench/compare tells worse from better and noise."""
import json
import pathlib
import subprocess
import tempfile
import unittest

COMPARE = pathlib.Path(__file__).with_name("compare")
GONE = object()  # the whole row


class Compare(unittest.TestCase):
    def compare(self, before, after, unit):
        with tempfile.TemporaryDirectory() as directory:
            paths = []
            for value in (before, after):
                path = pathlib.Path(directory, "%d.json" % len(paths))
                rows = {} if value is GONE else {"x": {"value": value, "unit": unit, "note": ""}}
                path.write_text(json.dumps(rows))
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

    def test_ratios(self):
        self.assertEqual(self.compare(1.25, 1.30, "x"), (0, "same"))
        self.assertEqual(self.compare(1.25, 1.37, "x"), (1, "worse"))

    def test_missing(self):
        for lost in None, GONE:
            self.assertEqual(self.compare(100, lost, "ms"), (1, "worse"))
            self.assertEqual(self.compare(lost, 100, "ms"), (0, "B"))
            self.assertEqual(self.compare(lost, None, "ms"), (0, "neither"))


if __name__ == "__main__":
    unittest.main()
