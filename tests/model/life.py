# SPDX-License-Identifier: MPL-2.0
"""Random lives of one configuration: it grows, changes, shrinks, is changed by somebody else, imported and destroyed, in
fair weather and foul. After each step one apply has made EC2 what the configuration says, the state what EC2 is, and the
next plan empty; and what the plan knew has come true."""

import base64
import json
import random

from configurations import arguments, provider_settings, retouched
from readings import Settings, differences, of_configuration, of_ec2, of_state, rule_tags, same
from simulator import APP_1, APP_2, BALANCER, ENDPOINT, SECOND_SENSOR, SENSOR, WEB, Simulator
from somebody import Somebody
from weather import ATTEMPTS, faults
from workspace import Workspace

import ec2

FILTER, TARGET, SESSION = "vns_mirror_filter", "vns_mirror_target", "vns_mirror_session"
KINDS = {FILTER: "filters", TARGET: "targets", SESSION: "sessions"}
# Objects that a life may have. Sessions have interfaces of their own, so that their numbers never meet.
NAMES = {FILTER: ("f0", "f1"), TARGET: ("t0", "t1"), SESSION: ("s0", "s1", "s2")}
INTERFACES = {"s0": (WEB, "eni-0000000000000000c"), "s1": (APP_1,), "s2": (APP_2,)}
PLACES = (
    {"network_interface_id": SENSOR},
    {"network_interface_id": SECOND_SENSOR},
    {"network_load_balancer_arn": BALANCER},
    {"network_load_balancer_arn": BALANCER},
    {"gateway_load_balancer_endpoint_id": ENDPOINT},
)
TARGET_OF, FILTER_OF = "traffic_mirror_target_id", "traffic_mirror_filter_id"
PLACED = {"network_interface_id", "network_load_balancer_arn", "gateway_load_balancer_endpoint_id", TARGET_OF, FILTER_OF, "region"}


class Wrong(AssertionError):
    pass


def kept_word(planned, unknown, after, path):
    """Every known value of the plan is the value after the apply."""
    if unknown is True:
        return []
    if isinstance(planned, dict) and isinstance(after, dict):
        problems = []
        for key in sorted(planned.keys() | after.keys()):
            hidden = unknown.get(key) if isinstance(unknown, dict) else None
            problems += kept_word(planned.get(key), hidden, after.get(key), f"{path}.{key}")
        return problems
    return [f"{path} was planned as {planned!r} and is {after!r}"] if not unknown and planned != after else []


def reference(kind, name):
    return f"${{{kind}.{name}.id}}"


class Life:
    def __init__(self, folder, seed, resources, provider, simulator, host):
        self.random = random.Random(seed)
        self.resources = resources
        self.folder = folder
        self.provider = provider
        self.host = host
        self.ec2 = Simulator(simulator, folder)
        self.region = self.random.choice(("eu-central-1", "eu-central-1", "us-west-2"))
        self.somebody = Somebody(self.random, self.resources, self.ec2, self.region)
        self.workspace = self._workspace("first")
        self.settings = provider_settings(self.random)
        self.bodies = {kind: {} for kind in KINDS}
        self.stale = {}  # (name, argument) -> what was configured and is not any more
        # Addresses of what was imported and not changed since: nothing remembers what of it is configured.
        self.unremembered = set()
        # Address -> names and descriptions that an import found empty.
        self.found_empty = {}
        self.has_strangers = False  # rules that somebody else made, and whose tags nobody looks at
        self.history = []

    def _workspace(self, name):
        place = self.folder / name
        place.mkdir()
        workspace = Workspace(place, self.host, self.provider, self.ec2.endpoint)
        workspace.environment["AWS_MAX_ATTEMPTS"] = str(ATTEMPTS)
        return workspace

    # What Terraform knows.

    def configuration(self, **more):
        body = {kind: bodies for kind, bodies in self.bodies.items() if bodies}
        return {"provider": {"vns": self.settings}, **({"resource": body} if body else {}), **more}

    def _write(self, **more):
        self.workspace.write("main.tf.json", json.dumps(self.configuration(**more), indent=1))

    def state(self):
        path = self.workspace.folder / "terraform.tfstate"
        text = path.read_text() if path.exists() else ""
        stored = json.loads(text)["resources"] if text else []
        return {f"{each['type']}.{each['name']}": each["instances"][0]["attributes"] for each in stored if each["instances"]}

    def _kept_empty(self, address):
        """Names and descriptions that stay empty since an import, as the provider remembers it."""
        stored = json.loads((self.workspace.folder / "terraform.tfstate").read_text())["resources"]
        (instance,) = (each["instances"][0] for each in stored if f"{each['type']}.{each['name']}" == address)
        return set(json.loads(base64.b64decode(instance.get("private") or "e30=")).get("empty", ()))

    def apply(self, *arguments):
        self._write()
        plan = self.workspace.planned(*arguments)
        self.workspace.run("apply", "-no-color", "saved.plan")
        state = self.state()
        problems = []
        for each in plan.get("resource_changes", ()):
            change = each["change"]
            if change["actions"] != ["no-op"]:
                self.unremembered.discard(each["address"])
                self._forget_empty(each["address"], "create" in change["actions"])
            if change["actions"] != ["delete"]:
                problems += kept_word(change["after"], change.get("after_unknown", {}), state.get(each["address"]), each["address"])
        self._demand(problems)
        return plan

    def _forget_empty(self, address, is_new):
        kind, name = address.split(".")
        kept = self.found_empty.pop(address, set()) - set(self.bodies[kind].get(name, ()))
        if kept and not is_new:
            self.found_empty[address] = kept

    # What must hold after each step.

    def _demand(self, problems):
        if problems:
            raise Wrong("\n".join(problems))

    def _resolved(self, body, state):
        """With the ids that references stand for."""
        resolved = dict(body)
        for argument in (TARGET_OF, FILTER_OF):
            if argument in resolved:
                resolved[argument] = state[resolved[argument][2:-4]]["id"]
        return resolved

    def _check_assigned(self, kind, name, item):
        """What EC2 chooses: the packet length by the target, any VXLAN id, and not what somebody had configured."""
        body = self.bodies[kind][name]
        problems = []
        for row in self.resources[kind]["rows"]:
            if not row["assigned"] or row["name"] in body:
                continue
            is_balanced = "network_load_balancer_arn" in self.bodies[TARGET][body[TARGET_OF].split(".")[1]]
            found = item.get(row["xml"])
            # 8500 is also what somebody may have set: it is not told from what EC2 assigns.
            if row["name"] == "packet_length" and found not in ((8500,) if is_balanced else (None, 8500)):
                problems.append(f"{name}.{row['name']} is {found} in EC2, and nobody asks for it")
            if found is not None and found != 8500 and found == self.stale.get((name, row["name"])):
                problems.append(f"{name}.{row['name']} is {found} in EC2, which is not configured any more")
        return problems

    def _check_object(self, kind, name, item, state):
        resource, settings, address = self.resources[kind], Settings(self.settings), f"{kind}.{name}"
        reading = of_ec2(resource, item, ec2.ACCOUNT, self.region, settings)
        empty = self._kept_empty(address)
        wanted = of_configuration(resource, self._resolved(self.bodies[kind][name], state), settings, empty)
        stated = of_state(resource, state[address])
        problems = differences(wanted, reading, f"EC2's {address}") + differences(reading, stated, f"the state's {address}")
        if empty - self.found_empty.get(address, set()):
            problems.append(f"{address} remembers {sorted(empty)} as empty")
        for key, rules in reading.items():
            if isinstance(rules, dict):
                problems += same(wanted[key], rules, f"EC2's {address}.{key}")
                problems += same(rules, stated[key] or {}, f"the state's {address}.{key}")
        if (state[address]["tags"] or {}) != self.bodies[kind][name].get("tags", {}):
            problems.append(f"{address}.tags is {state[address]['tags']!r}")
        # Tags of somebody else's stay, for as long as they are ignored.
        theirs = self.somebody.given[stated["id"]] = {
            key for key in self.somebody.given.get(stated["id"], ()) if settings.ignores(key)
        }
        if not theirs <= set(item["tagSet"]):
            problems.append(f"EC2's {address} has lost {sorted(theirs)}, which are ignored")
        for identity, tags in rule_tags(item, settings).items() if not self.has_strangers else ():
            problems += same(wanted["tags_all"], tags, f"EC2's {address}, rule {identity}: tags")
        return problems + self._check_assigned(kind, name, item)

    def check(self):
        self.workspace.plan("-detailed-exitcode", *self.random.choice(((), ("-refresh=false",))))
        state = self.state()
        problems = []
        for kind, bodies in self.bodies.items():
            member = self.resources[kind]["element"] + "Id"
            there = {item[member]: item for item in self.ec2.objects(KINDS[kind], self.region)}
            known = {state[f"{kind}.{name}"]["id"]: name for name in bodies if f"{kind}.{name}" in state}
            if set(there) != set(known) or len(known) != len(bodies):
                problems.append(f"{kind}: configured are {sorted(bodies)}, the state has {sorted(known)}, EC2 {sorted(there)}")
                continue
            for identity, name in known.items():
                problems += self._check_object(kind, name, there[identity], state)
        objects = sum(len(self.ec2.objects(kind, self.region)) for kind in (*KINDS.values(), "filter_rules"))
        if objects != self.ec2.count():
            problems.append(f"EC2 has {self.ec2.count()} objects, {objects} of them in {self.region}")
        self._demand(problems)

    # Changes of the configuration.

    def _draw(self, kind):
        body = arguments(self.random, self.resources[kind]["rows"])
        if self.region != "eu-central-1":
            body["region"] = self.region
        return body

    def _add(self, kind):
        free = [name for name in NAMES[kind] if name not in self.bodies[kind]]
        if not free:
            return
        body = self._draw(kind)
        if kind == TARGET:
            body.update(self.random.choice(PLACES))
        if kind == SESSION:
            body["network_interface_id"] = self.random.choice(INTERFACES[free[0]])
            body[TARGET_OF] = reference(TARGET, self.random.choice(sorted(self.bodies[TARGET])))
            body[FILTER_OF] = reference(FILTER, self.random.choice(sorted(self.bodies[FILTER])))
        self.bodies[kind][free[0]] = body
        # A name that is taken up again is another object.
        self.stale = {key: value for key, value in self.stale.items() if key[0] != free[0]}

    def _any_body(self):
        kind = self.random.choice([kind for kind in KINDS if self.bodies[kind]])
        return kind, self.random.choice(sorted(self.bodies[kind]))

    def _replace_body(self, kind, name, body):
        old = self.bodies[kind][name]
        for row in self.resources[kind]["rows"]:
            if row["assigned"] and row["name"] in old and f"{kind}.{name}" not in self.unremembered:
                self.stale[name, row["name"]] = old[row["name"]]
        self.bodies[kind][name] = body

    def create(self):
        for kind in (FILTER, TARGET, SESSION):
            for _ in range(self.random.randint(1, len(NAMES[kind]))):
                self._add(kind)

    def grow(self):
        self._add(self.random.choice(sorted(KINDS)))

    def rewrite(self):
        kind, name = self._any_body()
        placed = {argument: value for argument, value in self.bodies[kind][name].items() if argument in PLACED}
        self._replace_body(kind, name, {**self._draw(kind), **placed})

    def retouch(self):
        for _ in range(self.random.randint(1, 3)):
            kind, name = self._any_body()
            self._replace_body(kind, name, retouched(self.random, self.resources[kind]["rows"], self.bodies[kind][name]))

    def move(self):
        """A session to another target, filter or interface; or a target to another place."""
        if not self.bodies[SESSION] or self.random.random() < 0.3:
            name = self.random.choice(sorted(self.bodies[TARGET]))
            body = {key: value for key, value in self.bodies[TARGET][name].items() if key not in PLACED or key == "region"}
            self._replace_body(TARGET, name, {**body, **self.random.choice(PLACES)})
            return
        name = self.random.choice(sorted(self.bodies[SESSION]))
        body = dict(self.bodies[SESSION][name])
        others = [target for target in sorted(self.bodies[TARGET]) if reference(TARGET, target) != body[TARGET_OF]]
        if others and self.random.random() < 0.7:
            body[TARGET_OF] = reference(TARGET, self.random.choice(others))
        body[FILTER_OF] = reference(FILTER, self.random.choice(sorted(self.bodies[FILTER])))
        if self.random.random() < 0.3:
            body["network_interface_id"] = self.random.choice(INTERFACES[name])
        self._replace_body(SESSION, name, body)

    def shrink(self):
        """A session goes; or a filter or a target, with its sessions, as long as there is another one."""
        kind, name = self._any_body()
        argument = {FILTER: FILTER_OF, TARGET: TARGET_OF}.get(kind)
        if argument and len(self.bodies[kind]) == 1:
            return
        for session in [each for each, body in self.bodies[SESSION].items() if argument and body[argument] == reference(kind, name)]:
            del self.bodies[SESSION][session]
        del self.bodies[kind][name]

    def reconfigure(self):
        self.settings = provider_settings(self.random)

    # Steps. Each gives its name.

    def edit(self):
        names = ("grow", "rewrite", "rewrite", "retouch", "retouch", "retouch", "move", "move", "shrink", "reconfigure")
        name = self.random.choice(names) if self.bodies[FILTER] else "create"
        getattr(self, name)()
        return name

    def drift(self):
        self.workspace.age()  # of what is new, the provider does not believe that it is gone
        self.somebody.configured = {
            values["id"]: set(self.bodies[kind].get(name, ()))
            for (kind, name), values in ((address.split("."), values) for address, values in self.state().items())
        }
        done = [self.somebody.act(KINDS) for _ in range(self.random.randint(1, 3))]
        self.has_strangers |= any(each and each.startswith("add rule") for each in done)
        return f"drift ({', '.join(each for each in done if each)})"

    def foul(self):
        """A change, or a drift, that is applied while things go wrong; then the weather clears."""
        name = self.random.choice((self.edit, self.edit, self.edit, self.drift))()
        drawn = faults(self.random)
        for fault in drawn:
            self.ec2.add_fault(**fault)
        self._write()
        command = self.random.choice((("apply", "-auto-approve"),) * 4 + (("destroy", "-auto-approve"),))
        result = self.workspace.run(*command, "-no-color", expect=(0, 1))
        self.ec2.clear_faults()
        if result.status and "Error: " not in result.text or "panic:" in result.text or "plugin" in result.words.lower():
            raise Wrong(f"{command[0]} under {drawn} ends in\n{result.text}")
        return f"foul weather: {name} under {json.dumps(drawn)} in a {command[0]} that ended with {result.status}"

    def _import_id(self, values):
        is_elsewhere = self.region != "eu-central-1"
        return values["id"] + (f"@{self.region}" if is_elsewhere or self.random.random() < 0.3 else "")

    def anew(self):
        """Everything is forgotten and imported: nothing is to be changed in EC2, and what is configured is known again."""
        old = self.state()
        self.workspace = self._workspace(f"import{len(self.history)}")
        self.ec2.forget_calls()
        self._write(**{"import": [{"to": address, "id": self._import_id(values)} for address, values in old.items()]})
        self.workspace.run("apply", "-no-color", "-auto-approve")
        if self.ec2.calls():
            raise Wrong(f"an import changes EC2: {json.dumps(self.ec2.calls(), indent=1)}")
        self.unremembered = set(old)
        self.found_empty = {
            address: {name for name in ("name", "description") if not values[name]} for address, values in old.items()
        }
        self.stale = {}
        return "import"

    def destroy(self):
        self.workspace.destroy()
        if self.ec2.count():
            raise Wrong("a destroy leaves objects in EC2")
        self.bodies = {kind: {} for kind in KINDS}
        return "destroy"

    def step(self):
        names = ("edit",) * 8 + ("drift",) * 4 + ("foul",) * 6 + ("anew",) * 2 + ("replace", "destroy")
        name = self.random.choice(names) if self.bodies[FILTER] else "edit"
        arguments_ = ()
        self.history.append(name)
        if name == "replace":
            kind, which = self._any_body()
            arguments_ = (f"-replace={kind}.{which}",)
        else:
            self.history[-1] = getattr(self, name)()
        if self.bodies[FILTER]:
            self.apply(*arguments_)
            self.check()
