# SPDX-License-Identifier: MPL-2.0
"""Words that must not stand in the code, and lines that must."""

import os
import re

from tree import House, bare, line_of, without_comments

LICENSE = "SPDX-License-Identifier: MPL-2.0"

# Function -> the files that may call it, each with its reason.
NOWHERE = ()
BANNED = {
    # No bounds.
    **dict.fromkeys(("strcpy", "strcat", "sprintf", "vsprintf", "strncpy", "strncat", "gets", "alloca"), NOWHERE),
    # No way to tell a bad number from a good one.
    **dict.fromkeys(("atoi", "atol", "atof", "strtol", "strtoul", "strtoll", "strtoull"), NOWHERE),
    # State that threads share.
    **dict.fromkeys(("strtok", "gmtime", "localtime", "ctime", "asctime", "rand", "srand"), NOWHERE),
    # Doors for others.
    **dict.fromkeys(("system", "popen", "tmpnam", "mktemp"), NOWHERE),
    # Where text becomes a double.
    "strtod": ("src/value/number.c",),
    # The one way out of a call without memory.
    **dict.fromkeys(("setjmp", "longjmp"), ("src/base/call.c", "src/base/call.h", "src/base/arena.c")),
    # One file of a room reads the environment.
    **dict.fromkeys(
        ("getenv", "secure_getenv"),
        ("src/aws/environment.c", "src/plugin/host_environment.c", "src/base/log.c", "tests/bench/launch.c"),
    ),
}

# Memory comes from arenas, which base makes. Outside base these files may allocate.
ALLOCATORS = ("malloc", "calloc", "realloc", "reallocarray", "strdup", "strndup", "free")
ALLOCATES = {
    "src/aws/aws.c": "process-long: what all clients share",
    "src/aws/client.c": "process-long: a client lives as long as the provider's configuration",
    "src/aws/credentials.c": "process-long: the cache of credentials",
    "src/aws/gate.c": "process-long: the lines in which calls wait",
    "src/aws/http_curl.c": "libcurl's: headers, a body that grows inside its callback, the pool of connections",
    "src/aws/http_curl_setup.c": "process-long: what the transport was configured with",
    "src/aws/trust_directories.c": "process-long: certificates, read inside the TLS library's callback",
    "src/aws/secret_heap.c": "jansson's and expat's: what they give back is wiped",
    "src/ec2/flight.c": "shared between calls: it belongs to no call's arena",
    "src/ec2/id_set.c": "process-long: which objects the state holds",
    "src/ec2/reads.c": "process-long: the lines in which reads wait",
    "src/plugin/server.c": "process-long: the server",
    "src/plugin/workers.c": "process-long: the workers",
    "src/provider/configured.c": "process-long: what was configured",
    "src/provider/provider.c": "process-long: the provider",
    "src/provider/schema_message.c": "process-long: the schema, packed once",
}


def calls(text, names):
    """(line, name) of every call of one of these functions."""
    code = bare(text)
    for match in re.finditer(rf"(?<![\w.>])({'|'.join(names)})\s*\(", code):
        yield line_of(code, match.start()), match.group(1)


def check_banned(tree):
    return [
        f"{path}:{line}: {name} is banned here (tests/house/test_words.py says where it may stand)"
        for path, text in tree.under("src/", "tests/").items()
        for line, name in calls(text, BANNED)
        if path not in BANNED[name]
    ]


def check_allocation(tree):
    return [
        f"{path}:{line}: {name} outside base; use an arena (tests/house/test_words.py lists the exceptions)"
        for path, text in tree.under("src/").items()
        if not path.startswith("src/base/") and path not in ALLOCATES
        for line, name in calls(text, ALLOCATORS)
    ]


NAMED = (".c", ".h", ".py", ".sh", ".cmake", "CMakeLists.txt", ".tf", ".hcl", ".proto", "/run", "/try", "/compare")


# What goes into the registry's pages as it is, and into people's own configurations.
SHOWN = ("examples/provider/", "examples/resources/")


def check_license(tree):
    return [
        f"{path}:1: the first lines do not say {LICENSE}"
        for path, text in tree.files.items()
        if path.endswith(NAMED) and not path.startswith(SHOWN) and LICENSE not in "\n".join(text.splitlines()[:3])
    ]


# Written so that this file does not find itself.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|not imple" r"mented")
PLACES = [
    (re.compile(r"(?<![\w.$}])/(home|root|Users|work)/"), "a path of somebody's machine"),
    (re.compile(r"\b(deb|security)\.deb" r"ian\.org|registry\.np" r"mjs\.org|\bpy" r"pi\.org|proxy\.gol" r"ang\.org"), "a registry's host"),
    (re.compile(r"(?<!\.\./)\bsha" r"red/(facts|hosts|peer|hooks)"), "what is not in the repository"),
]


def lines(tree):
    for path, text in tree.files.items():
        for number, line in enumerate(text.splitlines(), 1):
            yield path, number, line


def check_unfinished(tree):
    return [f"{path}:{number}: unfinished: {line.strip()}" for path, number, line in lines(tree) if UNFINISHED.search(line)]


def check_places(tree):
    return [
        f"{path}:{number}: names {what}: {line.strip()}"
        for path, number, line in lines(tree)
        for pattern, what in PLACES
        if pattern.search(line)
    ]


# Where Terraform's names of attributes are known. The other folders are below (test_layers.py): a text of the same
# spelling there is a name of AWS's or of a host's.
KNOW_ROWS = ("src/schema/", "src/ec2/", "src/resources/", "src/engine/", "src/provider/", "src/main.c")
ROW = re.compile(r'\.name = "(\w+)",\s*\.kind\b')
# Every resource has these, so that what works on any resource may look them up.
COMMON_ROWS = "src/resources/common_rows.h"
# File -> the other rows that it looks up by name, each file with its reason. None: all.
LOOKS_UP = {
    # The provider block is read into a struct, field by field.
    "src/resources/provider_settings.c": None,
    # EC2 changes rules and network services by actions of their own.
    "src/ec2/rules.c": {"network_services"},
    # What the rows of a rule cannot say one by one.
    "src/resources/filter_rules.c": {
        "protocol", "from_port", "to_port", "source_cidr_block", "destination_cidr_block", "source_port_range",
        "destination_port_range", "ingress_rules", "egress_rules",
    },
    # What EC2 assigns to a session depends on its target.
    "src/resources/mirror_session.c": {"traffic_mirror_target_id"},
    # A block of one argument.
    "src/resources/provider_meta.c": {"user_agent"},
    # No row: the service that the ARN of a policy names.
    "src/resources/provider_checks.c": {"iam"},
}  # fmt: skip
# (file, row): it stands in the file once in another way than as T("..."), for that reason.
STANDS_APART = {
    ("src/ec2/rules.c", "ingress_rules"): "EC2's word for the direction stands beside it",
    ("src/ec2/rules.c", "egress_rules"): "EC2's word for the direction stands beside it",
    ("src/ec2/rules.c", "traffic_mirror_filter_rule_id"): "what is looked up in several places has a name there",
    ("src/provider/identity.c", "region"): "identities are a schema of their own",
    ("src/provider/identity.c", "id"): "identities are a schema of their own",
    **{
        ("src/resources/provider_settings.c", name): "what is looked up in several places has a name there"
        for name in ("endpoints", "assume_role", "assume_role_with_web_identity")
    },
    **{
        ("src/resources/provider_settings.c", name): "which service an endpoint is for"
        for name in ("ec2", "sts", "elbv2", "iam", "sso", "ssooidc")
    },
}
# What stands before a row's name: its declaration, a name of EC2's, or whoever looks it up.
DECLARED, EC2S, LOOKED_UP = r"\.name = ", r"\.(?:ec2|xml|key_xml) = ", r"\bT\(|\btake_\w+\(&?\w+, "
QUOTED = re.compile(rf'({DECLARED})?({EC2S})?({LOOKED_UP})?"(\w+)"')


def check_one_row(tree):
    """An attribute is declared once: the rest of src has its name from the row, or looks the row up by it. Comments and
    texts for people aside."""
    sources = {path: without_comments(text) for path, text in tree.under(*KNOW_ROWS).items()}
    rows = {path: set(ROW.findall(text)) for path, text in sources.items() if path.startswith("src/resources/")}
    common, every = rows.get(COMMON_ROWS, set()), set().union(*rows.values())
    complaints, apart = [] if every else ["no row was found"], set(STANDS_APART)
    for path, text in sources.items():
        lookups = LOOKS_UP.get(path, set())
        for match in QUOTED.finditer(text):
            declared, ec2s, looked_up, name = match.groups()
            if name not in every or ec2s or (declared and path in rows):
                continue
            if not looked_up and (path, name) in apart:
                apart.remove((path, name))
            elif not looked_up:
                complaints.append(f"{path}:{line_of(text, match.start())}: {name} is a row's name, said once more")
            elif name not in common and lookups is not None and name not in lookups:
                complaints.append(f"{path}:{line_of(text, match.start())}: {name} is looked up by name")
    return complaints


LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")


def check_links(tree):
    complaints = []
    known = set(tree.files) | {str(parent) for path in tree.files for parent in _parents(path)}
    for path, text in tree.under(ends=(".md",)).items():
        for match in LINK.finditer(text):
            target = match.group(1).split("#")[0]
            if not target or re.match(r"[a-z]+:", target):
                continue
            there = os.path.normpath(os.path.join(os.path.dirname(path), target))
            if there not in known:
                complaints.append(f"{path}:{line_of(text, match.start())}: {target} is not there")
    return complaints


def _parents(path):
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


CHECKS = (
    check_banned,
    check_allocation,
    check_license,
    check_unfinished,
    check_places,
    check_one_row,
    check_links,
)


class Words(House):
    def test_repository(self):
        for check in CHECKS:
            with self.subTest(check.__name__):
                self.assert_clean(check)

    def test_it_can_fail(self):
        self.assert_complains(check_banned, "strcpy", src__base__a_c="void a(void)\n{\n\tstrcpy(b, c);\n}\n")
        self.assert_complains(check_banned, "getenv", src__ec2__a_c='x = getenv("A");\n')
        self.assert_complains(check_banned, "atoi", tests__unit__a_c="x = atoi (y);\n")
        self.assert_complains(check_allocation, "malloc", src__ec2__a_c="x = malloc(1);\n")
        self.assert_complains(check_license, "a.c:1", src__base__a_c="int a;\n")
        self.assert_complains(check_unfinished, "a.c:2", src__base__a_c="\n// TO" "DO: later\n")
        self.assert_complains(check_places, "machine", README_md="see /ho" "me/me/x\n")
        self.assert_complains(check_places, "registry", README_md="https://py" "pi.org/x\n")
        row = '{ .name = "a_row",\n.kind = ROW_STRING },\n'
        self.assert_complains(check_one_row, "a.c:3: a_row is a row's name", src__resources__a_c=row + 'x = { "a_row", 1 };\n')
        self.assert_complains(check_one_row, "b.c:1: a_row is a row's name", src__resources__a_c=row, src__ec2__b_c='TEXT("a_row")\n')
        self.assert_complains(check_one_row, "b.c:1: a_row is looked up", src__resources__a_c=row, src__ec2__b_c='T("a_row")\n')
        self.assert_complains(check_one_row, "c.c:1: a_row is a row's name", src__resources__a_c=row, src__engine__c_c=row)
        twice = row.replace("a_row", "region") + '{ .name = "id", .kind = ROW_STRING },\n'
        self.assert_complains(check_one_row, "identity.c:2: id is", src__resources__a_c=twice, src__provider__identity_c='"id"\n"id"\n')
        self.assert_complains(check_one_row, "no row", src__schema__a_c="\n")
        self.assert_complains(check_links, "b.md", docs__a_md="see [b](b.md#c)\n")

    def test_it_lets_pass_what_only_looks_like_it(self):
        tree = type(self.repository())(
            {
                "src/base/a.c": '// strcpy(a, b)\nchar *a = "strcpy(a, b)";\nx->free(y);\nmy_strcpy(a);\n',
                "docs/a.md": "[b](b.md) [web](https://example.com/x) [here](#here) [folder](../src)\n",
                "docs/b.md": "",
                "src/resources/a.c": '{ .name = "a_row", .kind = ROW_STRING, .xml = "a_row" }, // "a_row"\n',
                "src/aws/a.c": 'x = T("a_row");\n',
            }
        )
        for check in (check_banned, check_allocation, check_links, check_one_row):
            self.assertEqual(check(tree), [])
