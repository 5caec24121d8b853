# SPDX-License-Identifier: MPL-2.0
"""The test case that all acceptance tests share: a simulator, a workspace and a host, gone when the test ends.

VNS_PROVIDER_DIR is the folder of terraform-provider-vns, VNS_EC2SIM the simulator, VNS_TEST_HOSTS the hosts."""

import os
import pathlib
import shutil
import tempfile
import unittest

from simulator import Simulator
from workspace import Workspace, hosts

SOURCE = pathlib.Path(__file__).resolve().parents[2]


class Case(unittest.TestCase):
    host = None  # for_each_host sets it; a single test that is named on the command line takes the first
    maxDiff = None

    def setUp(self):
        self.host = self.host or hosts()[0]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vns-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self._count = 0

    def __str__(self):
        return f"{super().__str__()} with {self.host and self.host.name}"

    def simulator(self, **options):
        simulator = Simulator(os.environ["VNS_EC2SIM"], self.folder, **options)
        self.addCleanup(simulator.stop)
        return simulator

    def workspace(self, simulator=None):
        self._count += 1
        folder = self.folder / str(self._count)
        folder.mkdir()
        return Workspace(folder, self.host, os.environ["VNS_PROVIDER_DIR"], simulator and simulator.endpoint)

    def world(self, **options):
        """A fresh simulator and a workspace that uses it."""
        simulator = self.simulator(**options)
        return simulator, self.workspace(simulator)

    def assert_imports(self, simulator, configuration, resources):
        """Imports `resources` (address -> id) into a new state, whose values must be those of the given ones."""
        fresh = self.workspace(simulator)
        fresh.configure(configuration)
        for address, values in resources.items():
            fresh.run("import", "-no-color", address, values["id"])
        imported = fresh.state()
        for address, values in resources.items():
            self.assertEqual(imported[address], values, address)
        fresh.assert_no_changes()


def _flat(tests):
    for test in tests:
        if isinstance(test, unittest.TestSuite):
            yield from _flat(test)
        else:
            yield test


def for_each_host(_loader, tests, _pattern):
    """A module's load_tests: every test once for each host."""
    suite = unittest.TestSuite()
    found = list(_flat(tests))
    for host in hosts():
        for test in found:
            copy = type(test)(test.id().rpartition(".")[2])
            copy.host = host
            suite.addTest(copy)
    return suite
