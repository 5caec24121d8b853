# SPDX-License-Identifier: MPL-2.0
"""Random faults for one command; see tests/ec2sim/README.md. Each is such that one apply repairs what it did: a create
whose effect is hidden is repeated with its token before the attempts are used up, and refusals without an effect may
come as often as they like."""

ATTEMPTS = 3
WHICH = ("*", "Create*", "CreateTrafficMirror*", "Modify*", "Delete*", "Describe*", "*Tags")
REFUSALS = ("InternalError", "Unavailable", "RequestLimitExceeded", "UnauthorizedOperation")


def _often(random):
    return {"probability": random.choice((0.1, 0.3, 0.6)), "seed": random.randrange(1 << 16)}


def _seldom(random):
    return {"nth": random.randint(1, 6), "count": random.randint(1, ATTEMPTS - 1)}


def _refused(random):
    """Nothing happens in EC2; it may last."""
    how = random.choice(
        [{"kind": "error", "code": code} for code in REFUSALS] + [{"kind": "reset"}, {"kind": "hang", "seconds": 1}]
    )
    return [{**how, **random.choice((_often, _seldom))(random)}]


def _answer_lost(random):
    """It happens in EC2, and the answer does not say so."""
    how = random.choice(
        (
            {"kind": "error", "stage": "after"},
            {"kind": "reset", "stage": "after"},
            {"kind": "cut", "bytes": random.choice((0, 120))},
            {"kind": "malformed"},
            {"kind": "encoding"},
            {"kind": "empty"},
            {"kind": "page", "status": random.choice((200, 502))},
        )
    )
    return [{**how, **_seldom(random)}]


def _late(random):
    """EC2 has not noticed yet."""
    return [
        {"kind": kind, "action": action, "calls": random.randint(1, 3), **_often(random)}
        for kind, action in (
            ("not_found", "CreateTrafficMirror*"),
            ("still_seen", "DeleteTrafficMirror*"),
            ("in_use", "DeleteTrafficMirrorSession"),
        )
        if random.random() < 0.6
    ]


def _slow(random):
    return [random.choice(({"kind": "skew", "seconds": random.choice((-3600, 1200))}, {"kind": "buckets", "burst": 2, "refill": 5}))]


def faults(random):
    drawn = random.choice((_refused, _refused, _answer_lost, _answer_lost, _late, _slow))(random)
    return [{"action": random.choice(WHICH), **fault} if fault["kind"] not in ("skew", "buckets") else fault for fault in drawn]
