# SPDX-License-Identifier: MPL-2.0
"""What the provider does: six operations, each from one situation to another."""

import dataclasses

SENSOR = "eni-0a1b2c3d4e5f60718"
SECOND_SENSOR = "eni-0000000000000000d"
THIRD_SENSOR = "eni-0000000000000000c"
WEB = "eni-0123456789abcdef0"
APP = "eni-0000000000000000a"


def provider(arguments):
    return f'provider "vns" {{\n  {arguments}\n}}\n'


def configuration(filter_arguments, target_arguments, session_arguments):
    return f"""
resource "vns_mirror_filter" "x" {{
{filter_arguments}
}}

resource "vns_mirror_target" "x" {{
{target_arguments}
}}

resource "vns_mirror_session" "x" {{
  network_interface_id     = "{WEB}"
  traffic_mirror_target_id = vns_mirror_target.x.id
  traffic_mirror_filter_id = vns_mirror_filter.x.id
{session_arguments}
}}
"""


TAGS = '  tags = { Team = "a", Old = "x" }'
NEW_TAGS = '  tags = { Team = "b", New = "y" }'

FIRST = configuration(TAGS, f'  network_interface_id = "{SENSOR}"\n{TAGS}', TAGS)

# Everything that can be changed in place, so that every action that changes something is needed.
CHANGED = configuration(
    f"""{NEW_TAGS}
  network_services = []
  ingress_rules = {{
    100 = {{ source_cidr_block = "10.0.0.0/8", description = "changed" }}
    200 = {{ rule_action = "reject", protocol = 17 }}
  }}
  egress_rules = {{
    300 = {{ description = "instead of 100" }}
  }}""",
    f'  network_interface_id = "{SENSOR}"\n{NEW_TAGS}',
    f'{NEW_TAGS}\n  description = "changed"\n  session_number = 2\n  packet_length = 128',
)

REPLACED = configuration(
    f'{TAGS}\n  description = "another filter"', f'  network_interface_id = "{SECOND_SENSOR}"\n{TAGS}', TAGS
)

# Nothing that needs the new objects once they are made.
APART = f"""
resource "vns_mirror_filter" "x" {{
  network_services = []
  ingress_rules    = {{}}
  egress_rules     = {{}}
}}

resource "vns_mirror_target" "x" {{
  network_interface_id = "{SENSOR}"
}}
"""

IMPORTS = """
import {{
  to = vns_mirror_filter.x
  id = "{filters}"
}}

import {{
  to = vns_mirror_target.x
  id = "{targets}"
}}

import {{
  to = vns_mirror_session.x
  id = "{sessions}"
}}
"""


def blocks(text, ids):
    """The configuration's blocks, with ids in place of references."""
    for name in ("filter", "target"):
        text = text.replace(f"vns_mirror_{name}.x.id", f'"{ids[name + "s"]}"')
    return ["resource" + block for block in text.split("\nresource")[1:]]


@dataclasses.dataclass(frozen=True)
class Operation:
    name: str
    goal: str  # the configuration at its end
    exists: bool = True  # the first configuration was applied before
    known: bool = True  # and is in the state
    command: tuple = ("apply", "-auto-approve")

    @property
    def recovery(self):
        return ("destroy", "-auto-approve") if self.command[0] == "destroy" else ("apply", "-auto-approve")


OPERATIONS = [
    Operation("create", FIRST, exists=False),
    Operation("update", CHANGED),
    Operation("replace", REPLACED),
    Operation("read", FIRST, command=("apply", "-refresh-only", "-auto-approve")),
    Operation("import", FIRST, known=False),
    Operation("destroy", FIRST, command=("destroy", "-auto-approve")),
]
