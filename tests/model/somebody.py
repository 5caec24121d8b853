# SPDX-License-Identifier: MPL-2.0
"""Somebody who changes what the provider manages, behind its back: by EC2's own calls, whose parameters the rows name."""

from configurations import NETWORKS, TEXTS, number

# Tags that the provider is told to leave alone, when it is told.
THEIRS = ("theirs", "kubernetes.io/x")


class Somebody:
    def __init__(self, random, resources, simulator, region):
        self.random = random
        self.resources = resources
        self.simulator = simulator
        self.region = region
        self.given = {}  # id -> keys of THEIRS that it has
        self.configured = {}  # id -> arguments that are written down; the life says

    def _call(self, action, **parameters):
        self.simulator.ec2(action, region=self.region, **parameters)

    def _any(self, kinds):
        found = [
            (resource, item)
            for resource in self.resources.values()
            for item in self.simulator.objects(kinds[resource["name"]], self.region)
        ]
        return self.random.choice(found) if found else (None, None)

    def act(self, kinds):
        """One change; its name, or None when there is nothing to change that way."""
        step = self.random.choice((self.tag, self.tag, self.untag, self.modify, self.modify, self.rule, self.rule, self.services, self.delete))
        return step(kinds)

    def tag(self, kinds):
        resource, item = self._any(kinds)
        if not resource:
            return None
        key = self.random.choice(THEIRS if self.random.random() < 0.4 else ("Name", "key1", "new", *item["tagSet"]))
        identity = item[resource["element"] + "Id"]
        self._call("CreateTags", ResourceId__1=identity, Tag__1__Key=key, Tag__1__Value="somebody's")
        if key in THEIRS:
            self.given.setdefault(identity, set()).add(key)
        return f"tag {resource['name']} {key}"

    def untag(self, kinds):
        resource, item = self._any(kinds)
        if not resource or not item["tagSet"]:
            return None
        key = self.random.choice(sorted(item["tagSet"]))
        identity = item[resource["element"] + "Id"]
        self._call("DeleteTags", ResourceId__1=identity, Tag__1__Key=key)
        self.given.get(identity, set()).discard(key)
        return f"untag {resource['name']} {key}"

    def _change(self, row, item):
        """Parameters that give a row another value, or none."""
        if row["clearable"] and row["xml"] in item and self.random.random() < 0.5:
            return {"RemoveField__1": row["remove_field"]}
        if row["kind"] == "integer":
            return {row["ec2"]: number(self.random, row)}
        return {row["ec2"]: self.random.choice(row["choices"] or TEXTS[:3])}

    def modify(self, kinds):
        resource, item = self._any(kinds)
        if not resource or not resource["has_modify"]:
            return None
        identity = item[resource["element"] + "Id"]
        # What EC2 may assign and nobody configures is not looked after: whatever EC2 says of it is taken for assigned.
        rows = [
            row
            for row in resource["rows"]
            if row["ec2"] and not row["replaces"] and (row["kind"] == "integer" or (row["kind"] == "string" and not row["name"].endswith("_id")))
            if not row["assigned"] or row["name"] in self.configured.get(identity, ())
        ]
        row = self.random.choice(rows)
        self._call(resource["modify"], **{resource["id_parameter"]: identity}, **self._change(row, item))
        return f"modify {row['name']}"

    def rule(self, kinds):
        filters = self.simulator.objects(kinds["vns_mirror_filter"], self.region)
        if not filters:
            return None
        (item, direction) = self.random.choice(filters), self.random.choice(("ingress", "egress"))
        rules = item[f"{direction}FilterRuleSet"]
        if not rules or self.random.random() < 0.3:
            return self._add_rule(item, direction, {rule["ruleNumber"] for rule in rules})
        rule = self.random.choice(rules)
        identity = {"TrafficMirrorFilterRuleId": rule["trafficMirrorFilterRuleId"]}
        if self.random.random() < 0.4:
            self._call("DeleteTrafficMirrorFilterRule", **identity)
            return f"delete rule {rule['ruleNumber']}"
        fields = next(row["fields"] for row in self.resources["vns_mirror_filter"]["rows"] if row["kind"] == "number_map")
        field = self.random.choice([field for field in fields if field["name"] in ("rule_action", "description")])
        self._call("ModifyTrafficMirrorFilterRule", **identity, **self._change(field, rule))
        return f"modify rule {rule['ruleNumber']} {field['name']}"

    def _add_rule(self, item, direction, taken):
        free = [each for each in (1, 100, 32766) if each not in taken]
        if not free or len(item["ingressFilterRuleSet"]) + len(item["egressFilterRuleSet"]) >= 10:
            return None
        networks = self.random.choice(NETWORKS)
        self._call(
            "CreateTrafficMirrorFilterRule",
            TrafficMirrorFilterId=item["trafficMirrorFilterId"],
            TrafficDirection=direction,
            RuleNumber=free[0],
            RuleAction="reject",
            SourceCidrBlock=networks[1],
            DestinationCidrBlock=networks[0],
        )
        return f"add rule {free[0]}"

    def services(self, kinds):
        filters = self.simulator.objects(kinds["vns_mirror_filter"], self.region)
        if not filters:
            return None
        item = self.random.choice(filters)
        verb = "Remove" if item["networkServiceSet"] else "Add"
        self._call(
            "ModifyTrafficMirrorFilterNetworkServices",
            TrafficMirrorFilterId=item["trafficMirrorFilterId"],
            **{f"{verb}NetworkService__1": "amazon-dns"},
        )
        return f"{verb} network service"

    def delete(self, kinds):
        """A session; or a filter or a target with the sessions that use it."""
        resource, item = self._any(kinds)
        if not resource:
            return None
        member, parameter = resource["element"] + "Id", resource["id_parameter"]
        for session in self.simulator.objects(kinds["vns_mirror_session"], self.region):
            if resource["name"] != "vns_mirror_session" and session[member] == item[member]:
                self._call("DeleteTrafficMirrorSession", TrafficMirrorSessionId=session["trafficMirrorSessionId"])
        self._call(resource["delete"], **{parameter: item[member]})
        return f"delete {resource['name']}"
