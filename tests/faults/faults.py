# SPDX-License-Identifier: MPL-2.0
"""What can go wrong, and what a user may expect of it. A row's `spec` is a fault of the simulator (tests/ec2sim/README.md);
`strikes` says which actions it makes sense for; an `ends` of "success" or "error" is what every cell must end in."""

import dataclasses
import typing


# Few attempts: the delays between 25 of them would add up to hours.
RETRIES = "max_retries = 4"


def changes(action):
    return not reads(action)


def reads(action):
    return action.startswith(("Describe", "Get"))


def describes(action):
    return action.startswith("Describe")


def creates(action):
    return action.startswith("CreateTrafficMirror")


def deletes(action):
    return action.startswith("DeleteTrafficMirror")


def ends_session(action):
    return action == "DeleteTrafficMirrorSession"


def every(_action):
    return True


@dataclasses.dataclass(frozen=True)
class Fault:
    name: str
    expect: str  # for the guide
    spec: dict
    strikes: typing.Callable = every
    ends: str = ""  # "": either
    budget_s: float = 30
    whole: bool = False  # strikes the whole operation: no action is named
    repeats: bool = False  # strikes only what is called more than once
    then: dict | None = None  # a second fault of the simulator, for the same action
    loses: bool = False  # no answer comes, so that what a change made may be unknown; the error must say so
    stays_away: bool = False  # the simulator, once dead, comes back only after the command
    arguments: str = RETRIES  # of the provider block


AGAIN = "Nothing: the request is sent again."
TOKEN = "Nothing: the request is sent again, and a create carries the same client token, so that there is no double."
UNREADABLE = "Nothing: the answer is not believed and the request is sent again (a create with its token)."
GIVEN_UP = "One error with EC2's code, its words and the request id, after `max_retries` attempts. Apply again when EC2 is well."
LOST = (
    "An error which says that the outcome is unknown. Plan: what was made is in the state, or is named by the plan, or by "
    "the error of the next apply, with the command that imports it."
)
ROLE = RETRIES + '\n  assume_role {\n    role_arn = "arn:aws:iam::123456789012:role/mirrors"\n  }'

FAULTS = [
    Fault("internal error, once", AGAIN, {"kind": "error", "code": "InternalError"}, ends="success"),
    Fault("internal error after the effect, once", TOKEN, {"kind": "error", "stage": "after"}, ends="success"),
    Fault("throttled, once", AGAIN, {"kind": "error", "code": "RequestLimitExceeded"}, ends="success"),
    Fault("unavailable, lasting", GIVEN_UP, {"kind": "error", "code": "Unavailable", "count": 0}, ends="error"),
    Fault("throttled, lasting", GIVEN_UP, {"kind": "error", "code": "RequestLimitExceeded", "count": 0}, ends="error"),
    Fault(
        "not allowed",
        "One error that names the missing permission. What was made before it is in the state.",
        {"kind": "error", "code": "UnauthorizedOperation", "message": "You are not authorized to perform this operation.", "count": 0},
        ends="error",
    ),
    Fault("connection reset before the effect", AGAIN, {"kind": "reset"}, ends="success"),
    Fault("connection reset after the effect", TOKEN, {"kind": "reset", "stage": "after"}, ends="success"),
    Fault("answer cut before its first byte", TOKEN, {"kind": "cut", "bytes": 0}, ends="success"),
    Fault("answer cut in the middle", TOKEN, {"kind": "cut", "bytes": 120}, ends="success"),
    Fault("answer that is no XML", UNREADABLE, {"kind": "malformed"}, ends="success"),
    Fault("answer that is no UTF-8", UNREADABLE, {"kind": "encoding"}, ends="success"),
    Fault("empty answer", UNREADABLE, {"kind": "empty"}, ends="success"),
    Fault("answer of 80 MiB", UNREADABLE, {"kind": "huge"}, ends="success"),
    Fault("a proxy's page with status 502", AGAIN, {"kind": "page", "status": 502}, ends="success"),
    Fault("a portal's page with status 200", UNREADABLE, {"kind": "page"}, ends="success"),
    Fault("answer to another request", UNREADABLE, {"kind": "foreign"}, ends="success"),
    Fault(
        "answer to another request of the same action, which lists nothing",
        "Nothing: what is not in it is asked for again.",
        {"kind": "emptied"},
        strikes=describes,
        ends="success",
    ),
    Fault("answer that drips", "Nothing; it takes longer.", {"kind": "drip", "bytes": 64, "interval_ms": 20}, ends="success"),
    Fault(
        "hang before the effect",
        "Nothing but a delay: after 60 seconds without a byte the request is sent again.",
        {"kind": "hang"},
        ends="success",
        budget_s=150,
    ),
    Fault(
        "hang after the effect",
        "The same; a create carries the same client token.",
        {"kind": "hang", "stage": "after"},
        ends="success",
        budget_s=150,
    ),
    Fault(
        "new object not found for 3 calls",
        "Nothing: what this run has just created is asked for again.",
        {"kind": "not_found", "calls": 3},
        strikes=creates,
        ends="success",
    ),
    Fault("deleted object still seen for 3 calls", "Nothing.", {"kind": "still_seen", "calls": 3}, strikes=deletes, ends="success"),
    Fault(
        "in use for 3 calls after the session is gone",
        "Nothing but a delay of seconds.",
        {"kind": "in_use", "calls": 3},
        strikes=ends_session,
        ends="success",
    ),
    Fault(
        "credentials expire",
        "An error that says so. Get new credentials and apply again.",
        {"kind": "expire"},
        ends="error",
    ),
    Fault("EC2 dies before the effect and comes back", AGAIN, {"kind": "exit"}, ends="success"),
    Fault("EC2 dies after the effect and comes back", TOKEN, {"kind": "exit", "stage": "after"}, ends="success"),
    Fault(
        "every answer lost: connection reset after the effect",
        LOST,
        {"kind": "reset", "stage": "after", "count": 0},
        ends="error",
        loses=True,
    ),
    Fault("every answer lost: cut before its first byte", LOST, {"kind": "cut", "bytes": 0, "count": 0}, ends="error", loses=True),
    Fault("every answer lost: cut in the middle", LOST, {"kind": "cut", "bytes": 120, "count": 0}, ends="error", loses=True),
    Fault("every answer lost: no XML", LOST, {"kind": "malformed", "count": 0}, ends="error", loses=True),
    Fault(
        "every answer lost: hang after the effect",
        LOST,
        {"kind": "hang", "stage": "after", "count": 0},
        ends="error",
        budget_s=150,
        loses=True,
        arguments="max_retries = 1",
    ),
    Fault(
        "the first answer lost, then refused for good",
        LOST,
        {"kind": "reset", "stage": "after"},
        then={"kind": "error", "code": "Unavailable", "nth": 2, "count": 0},
        ends="error",
        loses=True,
    ),
    Fault(
        "internal error after the effect, lasting",
        LOST,
        {"kind": "error", "stage": "after", "count": 0},
        ends="error",
        loses=True,
    ),
    Fault(
        "EC2 dies before the effect and stays away",
        "An error that says what could not be reached. Apply again when it can: the plan names what was made beside it and "
        "got no answer either, with the command that imports it.",
        {"kind": "exit"},
        ends="error",
        loses=True,
        stays_away=True,
    ),
    Fault(
        "EC2 dies after the effect and stays away",
        LOST,
        {"kind": "exit", "stage": "after"},
        ends="error",
        loses=True,
        stays_away=True,
    ),
    Fault(
        "the credentials of a role expire",
        "Nothing: the provider takes the role again.",
        {"kind": "expire"},
        ends="success",
        arguments=ROLE,
    ),
    Fault(
        "the credentials of a role expire and new ones do too",
        "An error that says so. Apply again when the role can be taken.",
        {"kind": "error", "code": "ExpiredToken", "status": 400, "count": 0},
        ends="error",
        arguments=ROLE,
    ),
    Fault(
        "the clock is an hour off",
        "Nothing: the difference is learnt from the answer and corrected.",
        {"kind": "skew", "seconds": 3600},
        ends="success",
        whole=True,
    ),
    Fault(
        "small token buckets",
        "Nothing but a delay.",
        {"kind": "buckets", "burst": 1, "refill": 2},
        ends="success",
        budget_s=60,
        whole=True,
        repeats=True,
    ),
] + [
    Fault(
        f"a third of the calls fail (seed {seed})",
        "Nothing, or one error for each object that was given up. Apply again.",
        {"kind": "error", "stage": stage, "probability": 0.33, "seed": seed},
        whole=True,
        budget_s=60,
    )
    for seed, stage in ((11, "before"), (12, "after"), (13, "before"), (14, "after"))
]
