#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MPL-2.0
"""Without the peer the table says what is missing."""
import os
import unittest
from unittest import mock

import peer


class Peer(unittest.TestCase):
    def find(self, **environment):
        with mock.patch.dict(os.environ, environment, clear=True):
            return peer.find()

    def test_there(self):
        self.assertEqual(self.find(VNS_BENCH_PEER=os.path.relpath(__file__)), (peer.pathlib.Path(__file__).resolve(), ""))

    def test_missing(self):
        self.assertEqual(self.find(VNS_BENCH_PEER="nowhere/go-provider"), (None, "the peer is missing: nowhere/go-provider"))
        self.assertEqual(self.find(), (None, "VNS_BENCH_PEER is not set"))


if __name__ == "__main__":
    unittest.main()
