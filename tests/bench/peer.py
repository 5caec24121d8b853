# SPDX-License-Identifier: MPL-2.0
"""The smallest Go provider, unpacked, which VNS_BENCH_PEER names."""
import os
import pathlib


def find():
    """(its path, "") or (None, why there is none)"""
    named = os.environ.get("VNS_BENCH_PEER")
    if not named:
        return None, "VNS_BENCH_PEER is not set"
    if not pathlib.Path(named).is_file():
        return None, "the peer is missing: %s" % named
    return pathlib.Path(named).resolve(), ""
