# SPDX-License-Identifier: MPL-2.0
"""Random configurations, generated from the rows that vns-docs prints."""

import json
import subprocess

# What the provider says, and nobody writes; and what the model keeps as it is.
ANSWERED = {"id", "arn", "owner_id", "type", "tags_all", "deviations", "traffic_mirror_filter_rule_id", "region"}
# What other resources and the simulator's seed decide; see Configuration.
PLACED = {
    "network_interface_id",
    "network_load_balancer_arn",
    "gateway_load_balancer_endpoint_id",
    "traffic_mirror_target_id",
    "traffic_mirror_filter_id",
}
INTEGERS = {
    "session_number": (1, 32766),
    "virtual_network_id": (0, 16777215),
    "packet_length": (1, 8500),
    "from_port": (0, 65535),
    "to_port": (0, 65535),
    "protocol": (0, 255),
}
NETWORKS = ["0.0.0.0/0", "10.0.0.0/8", "192.168.1.0/24", "203.0.113.7/32"]
TEXTS = ["a", "Sensor (east), 1.2", "x" * 200, "with-hyphen_and/slash"]
ODDS = 0.35  # of an optional argument


def rows_of(vns_docs):
    resources = json.loads(subprocess.run([vns_docs, "--rows"], capture_output=True, check=True).stdout)
    return {resource["name"]: resource["rows"] for resource in resources}


def _rule(random, fields):
    rule = {}
    for field in fields:
        if field["name"] in ANSWERED or field["name"].endswith("_port_range") or random.random() > 0.5:
            continue
        rule[field["name"]] = random.choice(NETWORKS) if field["name"].endswith("cidr_block") else _value(random, field)
    if rule.get("protocol") in (6, 17) or random.random() < 0.3:
        rule["protocol"] = random.choice((6, 17))
        low = random.randint(0, 65535)
        rule["destination_port_range"] = {"from_port": low, "to_port": random.randint(low, 65535)}
    return rule


def _value(random, row):
    kind = row["kind"]
    if kind == "string_set":
        return random.sample(row["choices"], random.randint(0, len(row["choices"])))
    if kind == "number_map":
        numbers = random.sample(range(1, 32767), random.randint(0, 3))
        return {str(number): _rule(random, row["fields"]) for number in numbers}
    if kind == "string_map":
        return {f"key{number}": random.choice(TEXTS) for number in random.sample(range(9), random.randint(0, 3))}
    if kind == "integer":
        return random.randint(*INTEGERS[row["name"]])
    if kind == "string":
        return random.choice(row["choices"] or ["", *TEXTS])
    raise RuntimeError(f"the model knows no value of the kind {kind}, which {row['name']} has")


def arguments(random, rows):
    """Optional arguments of one resource: what is not drawn is left to its default."""
    return {
        row["name"]: _value(random, row)
        for row in rows
        if row["name"] not in ANSWERED | PLACED and random.random() < ODDS
    }
