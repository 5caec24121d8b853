# SPDX-License-Identifier: MPL-2.0
"""Three views of one object, each without the provider's help: what the configuration asks for, what EC2 holds, and what
the state says. The rows name the attributes, their kinds and defaults; what EC2 calls them is said here a second time."""

import ipaddress
import json

NAME = "Name"
# What EC2 does not say with the object under a name of its own, or says of no filter.
UNANSWERED = {"id", "arn", "region", "owner_id", "name", "tags", "tags_all", "deviations"}
SETS = {
    "network_services": "networkServiceSet",
    "ingress_rules": "ingressFilterRuleSet",
    "egress_rules": "egressFilterRuleSet",
}


def _element(row):
    """traffic_mirror_target_id is trafficMirrorTargetId."""
    first, *others = row["name"].split("_")
    return SETS.get(row["name"], first + "".join(other.capitalize() for other in others))


def _plain(row, value):
    """In one spelling: nothing is nothing however it is written, and a network is what it covers."""
    if value is None or value == "":
        return None
    if row["network"]:
        return str(ipaddress.ip_network(value))
    if row["kind"] == "integer":
        return int(value)
    if row["kind"] == "string_set":
        return sorted(value)
    if row["kind"] == "object":
        return {field["name"]: _plain(field, value.get(field["name"])) for field in row["fields"]}
    if row["kind"] == "number_map":
        return {
            str(key): {field["name"]: _plain(field, rule.get(field["name"])) for field in row["fields"]}
            for key, rule in value.items()
        }
    return value


def _decoded(row, item):
    """A value as EC2 has it under the row's element."""
    found = item.get(_element(row))
    if found is None:
        return [] if row["kind"] == "string_set" else {} if row["kind"] == "number_map" else None
    if row["kind"] == "object":
        return {field["name"]: _decoded(field, found) for field in row["fields"]}
    if row["kind"] == "number_map":
        return {each["ruleNumber"]: {field["name"]: _decoded(field, each) for field in row["fields"]} for each in found}
    return found


class Settings:
    """The provider block, as far as tags go."""

    def __init__(self, block):
        self.default_tags = block.get("default_tags", [{}])[0].get("tags", {})
        ignored = block.get("ignore_tags", [{}])[0]
        self.ignored_keys = tuple(ignored.get("keys", ()))
        self.ignored_prefixes = tuple(ignored.get("key_prefixes", ()))

    def ignores(self, key):
        return key in self.ignored_keys or bool(self.ignored_prefixes and key.startswith(self.ignored_prefixes))

    def without_ignored(self, tags):
        return {key: text for key, text in tags.items() if not self.ignores(key)}


def of_ec2(resource, item, account, region, settings):
    """What the attributes of the state must be, by what EC2 holds."""
    identity = item[resource["element"] + "Id"]
    tags = settings.without_ignored(item["tagSet"])
    found = {row["name"]: _plain(row, _decoded(row, item)) for row in resource["rows"] if row["name"] not in UNANSWERED}
    found.update(
        id=identity,
        region=region,
        owner_id=account,
        arn=f"arn:aws:ec2:{region}:{account}:{resource['tag_type']}/{identity}",
        name=tags.get(NAME),
        tags_all=tags,
    )
    return found


def of_state(resource, values):
    return {row["name"]: _plain(row, values.get(row["name"])) for row in resource["rows"]}


def _default(row):
    if row["default"] is None:
        return [] if row["kind"] == "string_set" else None
    return row["default"] if row["kind"] == "string" else json.loads(row["default"])


def _whole_rule(fields, rule):
    """With the defaults; a network that is not named is all of the other one's family."""
    whole = {field["name"]: rule.get(field["name"], _default(field)) for field in fields if field["optional"]}
    named = [rule[field["name"]] for field in fields if field["network"] and field["name"] in rule]
    for field in fields:
        if field["network"] and field["name"] not in rule and named and ":" in named[0]:
            whole[field["name"]] = "::/0"
    return whole


def tags_of(resource, body, settings, empty=()):
    tags = {**settings.default_tags, **body.get("tags", {})}
    (recommended,) = (row["default"] for row in resource["rows"] if row["name"] == "name")
    tags[NAME] = body.get("name", tags.get(NAME, "" if "name" in empty else recommended))
    return {key: text for key, text in tags.items() if key != NAME or text}


def of_configuration(resource, body, settings, empty=()):
    """What EC2 must hold, by what is written; what EC2 chooses is left out. `empty` are the texts without a default."""
    wanted = {}
    for row in resource["rows"]:
        name = row["name"]
        is_chosen = row["assigned"] and name not in body
        if name in UNANSWERED or is_chosen or not (row["optional"] or row["required"]):
            continue
        value = body.get(name, "" if name in empty else _default(row))
        if row["kind"] == "number_map":
            value = {key: _whole_rule(row["fields"], rule) for key, rule in value.items()}
            wanted[name] = {
                key: {field["name"]: _plain(field, rule[field["name"]]) for field in row["fields"] if field["optional"]}
                for key, rule in value.items()
            }
        else:
            wanted[name] = _plain(row, value)
    wanted["tags_all"] = tags_of(resource, body, settings, empty)
    return wanted


def rule_tags(item, settings):
    """The tags of each of a filter's rules."""
    rules = [*item.get("ingressFilterRuleSet", ()), *item.get("egressFilterRuleSet", ())]
    return {rule["trafficMirrorFilterRuleId"]: settings.without_ignored(rule["tagSet"]) for rule in rules}


def differences(wanted, found, path):
    """Where `found` is not what is wanted; what only it has is no difference, but for the keys of maps."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        problems = []
        for key in wanted:
            if key not in found:
                problems.append(f"{path}.{key} is absent, wanted {wanted[key]!r}")
            else:
                problems += differences(wanted[key], found[key], f"{path}.{key}")
        return problems
    return [] if wanted == found else [f"{path} is {found!r}, wanted {wanted!r}"]


def same(wanted, found, path):
    """The same of maps by rule number or tag key: no key more either."""
    more = sorted(set(found) - set(wanted))
    return [f"{path} has {more}, which nobody wants"] * bool(more) + differences(wanted, found, path)
