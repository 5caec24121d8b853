# SPDX-License-Identifier: MPL-2.0
"""Random configurations, generated from the rows that vns-docs prints."""

import json
import subprocess

# What other resources and the simulator's seed decide; see life.py.
PLACED = {
    "region",
    "network_interface_id",
    "network_load_balancer_arn",
    "gateway_load_balancer_endpoint_id",
    "traffic_mirror_target_id",
    "traffic_mirror_filter_id",
}
# Of one family each: a rule's two networks share it.
NETWORKS = (
    ["0.0.0.0/0", "10.0.0.0/8", "192.168.1.0/24", "203.0.113.7/32"],
    ["::/0", "2001:db8::/32", "2001:DB8:0:0::/64", "fd00::1/128"],
)
TEXTS = ["a", "Sensor (east), 1.2", "x" * 200, "with-hyphen_and/slash", "Zürich: 監視"]
ODDS = 0.35  # of an optional argument
WITH_PORTS = (6, 17)
MOST_RULES = 4  # in one direction


def resources_of(vns_docs):
    """The resources by name, with their rows."""
    resources = json.loads(subprocess.run([vns_docs, "--rows"], capture_output=True, check=True).stdout)
    return {resource["name"]: resource for resource in resources}


def number(random, row):
    """A number of the row's range, often at its edge."""
    low, high = row["min"], row["max"]
    return random.choice((low, high, min(low + 1, high), random.randint(low, high), random.randint(low, high)))


def _ports(random, row):
    low, high = row["fields"]
    ports = sorted(number(random, each) for each in (low, high))
    return {low["name"]: ports[0], high["name"]: ports[1]}


def rule(random, fields):
    networks = random.choice(NETWORKS)
    drawn = {}
    for row in fields:
        if not row["optional"] or row["kind"] == "object" or random.random() > 0.5:
            continue
        drawn[row["name"]] = random.choice(networks) if row["network"] else value(random, row)
    if random.random() < 0.3:
        drawn["protocol"] = random.choice(WITH_PORTS)
    if drawn.get("protocol") in WITH_PORTS:
        drawn.update({row["name"]: _ports(random, row) for row in fields if row["kind"] == "object" and random.random() < 0.5})
    return drawn


def _rules(random, row):
    numbers = {number(random, row) for _ in range(random.randint(0, MOST_RULES))}
    return {str(each): rule(random, row["fields"]) for each in sorted(numbers)}


def tags(random):
    return {f"key{each}": random.choice(["", *TEXTS]) for each in random.sample(range(6), random.randint(0, 3))}


def value(random, row):
    """Anything that a configuration may say for the row."""
    kind = row["kind"]
    if kind == "string_set":
        return random.sample(row["choices"], random.randint(0, len(row["choices"])))
    if kind == "number_map":
        return _rules(random, row)
    if kind == "string_map":
        return tags(random)
    if kind == "integer":
        return number(random, row)
    if kind == "string":
        return random.choice(row["choices"] or ["", *TEXTS, *([row["default"]] if row["default"] else [])])
    raise RuntimeError(f"the model knows no value of the kind {kind}, which {row['name']} has")


def drawable(rows):
    return [row for row in rows if row["optional"] and row["name"] not in PLACED]


def _settle_name(random, drawn):
    """The Name tag is said once: by the argument, or among the tags."""
    if "name" not in drawn and "tags" in drawn and random.random() < 0.3:
        drawn["tags"] = {**drawn["tags"], "Name": random.choice(TEXTS)}
    if "name" in drawn and "tags" in drawn:
        drawn["tags"] = {key: text for key, text in drawn["tags"].items() if key != "Name"}
    return drawn


def arguments(random, rows):
    """Optional arguments of one resource: what is not drawn is left to its default."""
    return _settle_name(random, {row["name"]: value(random, row) for row in drawable(rows) if random.random() < ODDS})


def retouched(random, rows, body):
    """The same with one argument, or one rule, changed, added or removed."""
    row = random.choice(drawable(rows))
    changed = dict(body)
    old = changed.pop(row["name"], None)
    if row["kind"] == "number_map" and old and random.random() < 0.7:
        rules = dict(old)
        key = random.choice(sorted(rules))
        rules.pop(key)
        if random.random() < 0.7:
            rules[key] = rule(random, row["fields"])
        changed[row["name"]] = rules
    elif old is None or random.random() < 0.5:
        changed[row["name"]] = value(random, row)
    return _settle_name(random, changed)


def provider_settings(random):
    """The provider block: tags that everything has, and tags that are somebody else's."""
    block = {}
    if random.random() < 0.5:
        block["default_tags"] = [{"tags": {**tags(random), **({"Name": "by default"} if random.random() < 0.2 else {})}}]
    if random.random() < 0.5:
        block["ignore_tags"] = [{"keys": ["theirs"], "key_prefixes": ["kubernetes.io/"]}]
    return block
