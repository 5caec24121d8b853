# SPDX-License-Identifier: MPL-2.0
"""Holds the rows of the resources against EC2's own description of its API.

usage: service_model.py <vns-docs>

Every parameter that a row names must be a parameter of the action it is sent with, of the same type and with the same
choices; every element it is read from must be in the answer; whatever can be cleared must be known to RemoveField.
Exits 77 where Debian's python3-botocore is missing.
"""

import json
import subprocess
import sys

try:
    import botocore.session
except ImportError:
    print("python3-botocore is not installed")
    sys.exit(77)

MODEL_TYPES = {
    "string": {"string"},
    "integer": {"integer"},
    "boolean": {"boolean"},
    "string_set": {"list"},
    "string_list": {"list"},
    "object": {"structure"},
    "number_map": {"list"},
}
# What requests carry beside rows: the engine's own parameters.
NOT_ROWS = {"ClientToken", "DryRun", "TagSpecification"}
# The actions of the objects inside a number map, and what they carry beside the map's fields.
RULE = {
    "create": "CreateTrafficMirrorFilterRule",
    "modify": "ModifyTrafficMirrorFilterRule",
    "not_rows": {"TrafficMirrorFilterId", "TrafficMirrorFilterRuleId", "TrafficDirection", "RuleNumber"},
}

faults = []


def fault(place, words):
    faults.append(f"{place}: {words}")


def request_name(member, shape):
    """The ec2 protocol: queryName, else locationName with a capital first letter, else the member's name."""
    name = shape.serialization.get("queryName") or shape.serialization.get("name") or member
    return name[0].upper() + name[1:]


def parameters(shape):
    return {request_name(member, inner): inner for member, inner in shape.members.items()}


def elements(shape):
    return {inner.serialization.get("name", member): inner for member, inner in shape.members.items()}


def expect_type(place, row, shape):
    if shape.type_name not in MODEL_TYPES[row["kind"]]:
        fault(place, f"is a {row['kind']} here and a {shape.type_name} in EC2's model")
    named = shape.member if shape.type_name == "list" else shape
    enum = getattr(named, "enum", None)
    if enum and (row["ec2"] or row["choices"]) and set(row["choices"]) != set(enum):
        fault(place, f"has the choices {row['choices']}; EC2's model has {sorted(enum)}")


def check_request(model, action, rows, place):
    known = parameters(model.operation_model(action).input_shape)
    for row in rows:
        if row["ec2"] is None:
            continue
        at = f"{place}.{row['name']}"
        if row["ec2"] not in known:
            fault(at, f"{action} has no parameter {row['ec2']}")
            continue
        expect_type(at, row, known[row["ec2"]])
        if row["kind"] == "object":
            inner = parameters(known[row["ec2"]])
            for field in row["fields"]:
                if field["ec2"] not in inner:
                    fault(f"{at}.{field['name']}", f"{action} has no parameter {row['ec2']}.{field['ec2']}")
                else:
                    expect_type(f"{at}.{field['name']}", field, inner[field["ec2"]])


def check_required(model, action, rows, beside, place):
    """What the action demands must be there whatever the configuration says."""
    shape = model.operation_model(action).input_shape
    given = {row["ec2"] for row in rows if row["given"]} | beside | NOT_ROWS
    for member in shape.required_members:
        name = request_name(member, shape.members[member])
        if name not in given:
            fault(place, f"{action} demands {name}, which may be left out here")


def check_clearable(model, action, rows, place):
    known = parameters(model.operation_model(action).input_shape)
    words = set(known["RemoveField"].member.enum)
    mine = {row["remove_field"] for row in rows if row["clearable"]}
    for word in sorted(mine - words):
        fault(place, f"{action} cannot remove {word}")
    for word in sorted(words - mine):
        fault(place, f"{action} can remove {word}, and no row says so")


def check_answer(shape, rows, place):
    known = elements(shape)
    for row in rows:
        if not row["xml"]:
            continue
        at = f"{place}.{row['name']}"
        if row["xml"] not in known:
            fault(at, f"the answer has no element {row['xml']}")
            continue
        inner = known[row["xml"]]
        expect_type(at, row, inner)
        if row["kind"] == "object":
            check_answer(inner, row["fields"], at)
        if row["kind"] == "number_map":
            if row["key_xml"] not in elements(inner.member):
                fault(at, f"an item of the answer has no element {row['key_xml']}")
            check_answer(inner.member, row["fields"], at)


def check_rules(model, row, place):
    check_request(model, RULE["create"], row["fields"], place)
    check_request(model, RULE["modify"], row["fields"], place)
    check_required(model, RULE["create"], row["fields"], RULE["not_rows"], place)
    check_clearable(model, RULE["modify"], row["fields"], place)


def check_resource(model, resource):
    place, rows = resource["name"], resource["rows"]
    check_request(model, resource["create"], rows, place)
    check_required(model, resource["create"], rows, set(), place)
    if resource["has_modify"]:
        changing = [row for row in rows if not row["replaces"]]
        check_request(model, resource["modify"], changing, place)
        check_clearable(model, resource["modify"], rows, place)
    answer = elements(model.operation_model(resource["describe"]).output_shape)
    check_answer(answer[resource["set_element"]].member, rows, place)
    created = elements(model.operation_model(resource["create"]).output_shape)
    if resource["element"] not in created:
        fault(place, f"{resource['create']} does not answer with {resource['element']}")
    if resource["id_parameter"] not in parameters(model.operation_model(resource["delete"]).input_shape):
        fault(place, f"{resource['delete']} does not take {resource['id_parameter']}")
    if resource["tag_type"] not in model.shape_for("ResourceType").enum:
        fault(place, f"{resource['tag_type']} is no type of resource that has tags")
    for row in rows:
        if row["kind"] == "number_map":
            check_rules(model, row, f"{place}.{row['name']}")


def main():
    rows = json.loads(subprocess.run([sys.argv[1], "--rows"], check=True, capture_output=True).stdout)
    model = botocore.session.Session().get_service_model("ec2")
    for resource in rows:
        check_resource(model, resource)
    for line in faults:
        print(line)
    print(f"{len(rows)} resources, {len(faults)} faults")
    sys.exit(1 if faults or not rows else 0)


main()
