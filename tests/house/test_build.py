# SPDX-License-Identifier: MPL-2.0
"""What only a build can tell: headers that stand alone, external names, variables that outlive every call. VNS_BUILD_DIR
is a complete build."""

import json
import os
import pathlib
import re
import shlex
import subprocess
import tempfile

from tree import ROOT, House

# Names that do not begin with their file's, each with its reason.
STRANGERS = {
    "main": "the C library asks for it",
}
KEPT_FLAGS = re.compile(r"-(I|D|std=|isystem)")


def commands(build):
    """(source, words of the command that compiles it) of the whole build."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        yield os.path.realpath(entry["file"]), shlex.split(entry["command"])


def compile_flags(build):
    """folder of sources -> the compiler and the flags that concern what a header sees."""
    found = {}
    for source, words in commands(build):
        kept = found.setdefault(os.path.dirname(source), [words[0]])
        for word, following in zip(words, words[1:]):
            flag = [word, following] if word in ("-I", "-isystem") else [word]
            if KEPT_FLAGS.match(word) and " ".join(flag) not in " ".join(kept):
                kept += flag
    return found


def objects_of(build, folders):
    """The objects of sources in these folders of the repository; what an older build left is not among them."""
    roots = tuple(f"{ROOT}/{folder}/" for folder in folders)
    return [str(build / words[words.index("-o") + 1]) for source, words in commands(build) if source.startswith(roots)]


def check_headers(headers, flags):
    """Each header compiles alone, and twice."""
    complaints = []
    for header in headers:
        command = flags.get(os.path.dirname(os.path.realpath(header)))
        if command is None:
            complaints.append(f"{header}: no source of its folder is compiled")
            continue
        line = f'#include "{header}"\n'
        run = subprocess.run(
            [*command, "-x", "c", "-fsyntax-only", "-"], input=line * 2, capture_output=True, text=True
        )
        if run.returncode:
            complaints.append(f"{header}: does not compile alone, or not twice: {run.stderr[:400]}")
    return complaints


def symbols(objects):
    """(object, name, is it defined here) of every external symbol."""
    listed = subprocess.run(
        ["nm", "--extern-only", "--print-file-name", "--format=posix", *objects], capture_output=True, text=True, check=True
    ).stdout
    for line in listed.splitlines():
        where, name, kind = line.split()[:3]
        yield where.rstrip(":"), name, kind.upper() not in ("U", "W", "V")


def check_symbols(objects, is_ours):
    """An external name begins with its file's name, and somebody else uses it."""
    defined, used = [], set()
    for where, name, here in symbols(objects):
        if here and is_ours(where):
            defined.append((where, name))
        elif not here:
            used.add(name)
    complaints = []
    for where, name in defined:
        file = os.path.basename(where).split(".")[0]
        if name in STRANGERS:
            continue
        if name != file and not name.startswith(file + "_"):
            complaints.append(f"{where}: {name} does not begin with {file}_")
        if name not in used:
            complaints.append(f"{where}: nobody else uses {name}: make it static")
    return complaints


def variables(objects):
    """(file, name) of every variable that can be written to and is on no stack."""
    listed = subprocess.run(
        ["nm", "--defined-only", "--print-file-name", "--format=sysv", *objects], capture_output=True, text=True, check=True
    ).stdout
    found = set()  # a source may be compiled for several programs
    for line in listed.splitlines():
        columns = [column.strip() for column in line.split("|")]
        # Constants that the loader has to relocate are read-only once it has.
        if len(columns) == 7 and re.match(r"\.t?(data|bss)(?!\.rel\.ro)|\*COM\*", columns[6]):
            where, _, name = columns[0].rpartition(":")
            found.add((os.path.basename(where).split(".")[0], name))
    return found


def check_variables(objects, readme):
    """src/README.md names the files that may have one."""
    rule = re.search(r"\*\*No globals that change\*\*, save one each in (.*?)\n- ", readme, re.DOTALL)
    allowed = re.findall(r"`(\w+)`", rule[1]) if rule else []
    complaints = [] if allowed else ["src/README.md names no file that may have a variable"]
    for file, name in sorted(variables(objects)):
        if file in allowed:
            allowed.remove(file)
        else:
            complaints.append(f"{file}: {name} is a global that changes")
    return complaints + [f"src/README.md: {file} has no global that changes" for file in allowed]


class Build(House):
    @classmethod
    def setUpClass(cls):
        cls.build = pathlib.Path(os.environ["VNS_BUILD_DIR"])

    def test_headers(self):
        headers = [str(ROOT / path) for path in self.repository().under("src/", "tests/", ends=(".h",))]
        self.assertGreater(len(headers), 20)
        complaints = check_headers(headers, compile_flags(self.build))
        self.assertEqual(complaints, [], "\n".join(complaints))

    def test_symbols(self):
        ours = set(objects_of(self.build, ["src"]))
        self.assertGreater(len(ours), 20)
        complaints = check_symbols([*ours, *objects_of(self.build, ["tests"])], ours.__contains__)
        self.assertEqual(complaints, [], "\n".join(complaints))

    def test_variables(self):
        complaints = check_variables(objects_of(self.build, ["src"]), (ROOT / "src/README.md").read_text())
        self.assertEqual(complaints, [], "\n".join(complaints))

    def test_variables_are_found(self):
        rule = "- **No globals that change**, save one each in `door` and `gate`\n- **Small**"
        door = """
            static int first = 1;
            static _Thread_local int second;
            static const char *const names[] = { "a", "b" };
            const char *const *door(void);
            const char *const *door(void) { static int third; first++; second++; third++; return names + third; }
        """
        with tempfile.TemporaryDirectory(prefix="vns-house-") as name:
            source, made = pathlib.Path(name) / "door.c", pathlib.Path(name) / "door.o"
            source.write_text(door)
            subprocess.run(["cc", "-fPIC", "-c", str(source), "-o", str(made)], check=True)
            complaints = check_variables([str(made)], rule)
            self.assertEqual(
                [re.sub(r"\.\d+ ", " ", complaint) for complaint in complaints],
                ["door: second is a global that changes", "door: third is a global that changes", "src/README.md: gate has no global that changes"],
            )
            self.assertIn("names no file", check_variables([str(made)], "")[0])

    def test_they_can_fail(self):
        with tempfile.TemporaryDirectory(prefix="vns-house-") as name:
            folder = pathlib.Path(name)
            (folder / "leans.h").write_text("size_t leans(void);\n")
            (folder / "once.h").write_text("struct once { int a; };\n")
            (folder / "good.h").write_text("#ifndef GOOD_H\n#define GOOD_H\nstruct good { int a; };\n#endif\n")
            flags = {str(folder.resolve()): ["cc", "-std=c11"]}
            for header, fails in (("leans.h", True), ("once.h", True), ("good.h", False)):
                self.assertEqual(bool(check_headers([str(folder / header)], flags)), fails, header)
            (folder / "door.c").write_text(
                "int door_open(void) { return 1; }\nint window(void) { return 2; }\nint door_alone(void) { return 3; }\n"
            )
            (folder / "guest.c").write_text("int door_open(void);\nint window(void);\nint guest(void) { return door_open() + window(); }\n")
            objects = []
            for source in ("door", "guest"):
                objects.append(str(folder / f"{source}.o"))
                subprocess.run(["cc", "-c", str(folder / f"{source}.c"), "-o", objects[-1]], check=True)
            complaints = check_symbols(objects, lambda where: "door" in where)
            words = [complaint.partition(": ")[2] for complaint in sorted(complaints)]
            self.assertEqual(words, ["nobody else uses door_alone: make it static", "window does not begin with door_"])
