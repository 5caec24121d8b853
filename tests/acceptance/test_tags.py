# SPDX-License-Identifier: MPL-2.0
"""tags, tags_all, name, default_tags and ignore_tags, on a target: the smallest resource."""

import harness
from harness import Case
from simulator import SENSOR

load_tests = harness.for_each_host

ADDRESS = "vns_mirror_target.x"
RECOMMENDED = "VirtualNetworkSensor-TrafficMirrorTarget"


def target(arguments=""):
    return f'resource "vns_mirror_target" "x" {{\n  network_interface_id = "{SENSOR}"\n  {arguments}\n}}\n'


def provider(default_tags=None, ignore=""):
    default = f"  default_tags {{\n    tags = {default_tags}\n  }}\n" if default_tags else ""
    ignored = f"  ignore_tags {{\n    {ignore}\n  }}\n" if ignore else ""
    return f'provider "vns" {{\n{default}{ignored}}}\n'


class Tags(Case):
    def there(self, simulator):
        return simulator.one("targets")["tagSet"]

    def test_where_the_name_comes_from(self):
        simulator, workspace = self.world()
        for default, arguments, name in [
            (None, "", RECOMMENDED),
            ('{ Name = "default" }', "", "default"),
            ('{ Name = "default" }', 'tags = { Name = "tag" }', "tag"),
            ('{ Name = "default" }', 'name = "argument"', "argument"),
            ('{ Name = "default" }', 'name = "same"\n  tags = { Name = "same" }', "same"),
            (None, 'name = ""', None),
            ('{ Name = "default" }', 'name = ""', None),
        ]:
            with self.subTest(default=default, arguments=arguments):
                workspace.configure(target(arguments), provider=provider(default))
                workspace.settle()
                self.assertEqual(self.there(simulator).get("Name"), name)
                values = workspace.state()[ADDRESS]
                self.assertEqual(values["name"], name or "")
                self.assertEqual(values["tags_all"], self.there(simulator))

    def test_values_from_sensitive_ones(self):
        """Hosts hide them where they are set, and nowhere else: as the documentation of tags_all says."""
        _, workspace = self.world()
        workspace.configure(target('name = sensitive("n")\n  tags = { A = sensitive("1") }'))
        change = workspace.changes()[ADDRESS]
        self.assertEqual(change["after_sensitive"]["name"], True)
        self.assertEqual(change["after_sensitive"]["tags"], {"A": True})
        self.assertEqual(change["after_sensitive"]["tags_all"], {})
        self.assertIn('"A" = "1"', workspace.plan().words)
        workspace.settle()

    def test_an_empty_name_made_elsewhere(self):
        """It means the same as none: drift only where a name is wanted."""
        simulator, workspace = self.world()
        for arguments, drifts, name in [
            ('name = ""', False, ""),
            ('tags = { Name = "" }', False, ""),
            ('name = "n"', True, "n"),
            ('tags = { Name = "n" }', True, "n"),
        ]:
            with self.subTest(arguments):
                workspace.configure(target(arguments))
                workspace.settle()
                identifier = workspace.state()[ADDRESS]["id"]
                simulator.ec2("CreateTags", ResourceId__1=identifier, Tag__1__Key="Name", Tag__1__Value="")
                self.assertEqual(ADDRESS in workspace.actions(), drifts)
                workspace.settle()
                self.assertEqual(self.there(simulator)["Name"], name)

    def test_default_tags(self):
        simulator, workspace = self.world()
        for default, arguments, tags in [
            ('{ team = "net", env = "prod" }', "", {"team": "net", "env": "prod"}),
            ('{ team = "net", env = "prod" }', 'tags = { env = "test", a = "1" }', {"team": "net", "env": "test", "a": "1"}),
            ('{ team = "net" }', 'tags = { team = "net" }', {"team": "net"}),
            ('{ team = "" }', "", {"team": ""}),
            (None, "", {}),
        ]:
            with self.subTest(default=default, arguments=arguments):
                workspace.configure(target(arguments), provider=provider(default))
                workspace.settle()
                self.assertEqual(self.there(simulator), {"Name": RECOMMENDED, **tags})
                self.assertEqual(workspace.state()[ADDRESS]["tags_all"], {"Name": RECOMMENDED, **tags})

    def test_a_null_is_no_tag(self):
        """As modules write it that take tags from optional variables."""
        simulator, workspace = self.world()
        for default, tags, there in [
            (None, "{ a = null, Name = null }", {}),
            (None, '{ a = "1", b = null }', {"a": "1"}),
            ('{ a = "2", c = null }', "{ a = null, b = null }", {"a": "2"}),
            (None, '{ a = "", b = "3" }', {"a": "", "b": "3"}),
            (None, "{ a = null, b = null }", {}),
        ]:
            with self.subTest(default=default, tags=tags):
                workspace.configure(target(f"tags = {tags}"), provider=provider(default))
                workspace.settle()
                self.assertEqual(self.there(simulator), {"Name": RECOMMENDED, **there})
                self.assertEqual(workspace.state()[ADDRESS]["tags_all"], {"Name": RECOMMENDED, **there})
        # Somebody else's tag in its place is drift.
        identifier = workspace.state()[ADDRESS]["id"]
        simulator.ec2("CreateTags", ResourceId__1=identifier, Tag__1__Key="a", Tag__1__Value="theirs")
        self.assertIn(ADDRESS, workspace.actions())
        workspace.settle()
        self.assertEqual(self.there(simulator), {"Name": RECOMMENDED})

    def test_default_tags_that_are_known_only_later(self):
        simulator, workspace = self.world()
        workspace.configure(
            'resource "terraform_data" "team" { input = "net" }\n' + target(),
            provider=provider("{ team = terraform_data.team.output }"),
        )
        workspace.settle()
        self.assertEqual(self.there(simulator)["team"], "net")

    def test_ignored_tags_are_left_alone(self):
        simulator, workspace = self.world()
        ignoring = provider(ignore='keys = ["owner"]\n    key_prefixes = ["scanner:"]')
        workspace.configure(target('tags = { a = "1" }'), provider=ignoring)
        workspace.settle()
        identifier = workspace.state()[ADDRESS]["id"]
        others = {"owner": "somebody", "scanner:last": "today"}
        for key, value in others.items():
            simulator.ec2("CreateTags", ResourceId__1=identifier, Tag__1__Key=key, Tag__1__Value=value)
        workspace.assert_no_changes()
        workspace.configure(target('tags = { a = "2" }'), provider=ignoring)
        workspace.settle()
        self.assertEqual(self.there(simulator), {"Name": RECOMMENDED, "a": "2", **others})
        self.assertEqual(workspace.state()[ADDRESS]["tags_all"], {"Name": RECOMMENDED, "a": "2"})
        # What is no longer ignored is somebody's drift.
        workspace.configure(target('tags = { a = "2" }'))
        workspace.settle()
        self.assertEqual(self.there(simulator), {"Name": RECOMMENDED, "a": "2"})

    def test_ignored_tags_are_not_set(self):
        simulator, workspace = self.world()
        arguments = target('name = "n"\n  tags = { owner = "us", a = "1" }')
        workspace.configure(arguments, provider=provider(ignore='keys = ["owner", "Name"]'))
        workspace.settle()
        self.assertEqual(self.there(simulator), {"a": "1"})
        self.assertEqual(workspace.state()[ADDRESS]["tags_all"], {"a": "1"})

    def test_tags_at_their_limits(self):
        simulator, workspace = self.world()
        tags = {"k" * 127: "v" * 256, "ключ 鍵": "значение & 値 <\"'>", "empty": ""}
        tags.update({f"k{number}": str(number) for number in range(49 - len(tags))})
        written = ", ".join('"%s" = "%s"' % (key, value.replace('"', '\\"')) for key, value in tags.items())
        workspace.configure(target(f"tags = {{ {written} }}"))
        workspace.settle()
        self.assertEqual(self.there(simulator), {"Name": RECOMMENDED, **tags})
        self.assert_imports(simulator, target(f"tags = {{ {written} }}"), workspace.state())
