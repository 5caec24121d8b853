# SPDX-License-Identifier: MPL-2.0
"""Verdicts as tables: on the terminal, and in the guide."""

import pathlib
import re

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "guides" / "reliability.md"
BEGIN, END = "<!-- written by tests/faults/run: begin {} -->", "<!-- written by tests/faults/run: end {} -->"


def faults_of(verdict):
    """Everything that is wrong with a cell, on one line."""
    parts = list(verdict.problems)
    if verdict.orphans:
        parts.append(f"orphans {verdict.orphans}")
    if verdict.doubles:
        parts.append(f"doubles {sorted(verdict.doubles)}")
    if verdict.losses:
        parts.append(f"losses {verdict.losses}")
    return " | ".join(" ".join(part.split()) for part in parts)


def _rows(faults, operations, verdicts):
    """For each fault: name, what to expect, (cells, successes, errors, bad) for each operation."""
    for fault in faults:
        counts = []
        for operation in operations:
            found = [each for each in verdicts if each.cell.fault is fault and each.cell.operation is operation]
            counts.append(
                (
                    len(found),
                    sum(each.end == "success" for each in found),
                    sum(each.end == "error" for each in found),
                    sum(not each.good for each in found),
                )
            )
        if any(count[0] for count in counts):
            yield fault, counts


def _left_by(fault, verdicts):
    """What was left behind, by kind, and how many of it were found again."""
    struck = [each for each in verdicts if each.cell.fault is fault]
    return _by_kind([kind for each in struck for kind in each.left]), sum(each.found for each in struck)


def _entry(count):
    cells, successes, errors, bad = count
    if cells == 0:
        return "-"
    text = "/".join(part for part in (f"{successes}s" if successes else "", f"{errors}e" if errors else "") if part)
    return text + (f" {bad}!" if bad else "")


def table(faults, operations, verdicts):
    names = [operation.name for operation in operations]
    lines = [f"{'fault':48}" + "".join(f"{name:>10}" for name in names)]
    for fault, counts in _rows(faults, operations, verdicts):
        lines.append(f"{fault.name:48}" + "".join(f"{_entry(count):>10}" for count in counts))
    lines.append("(s: cells that ended in success, e: in an error; !: cells that broke a rule)")
    for fault, _ in _rows(faults, operations, verdicts):
        if fault.loses:
            left, found = _left_by(fault, verdicts)
            lines.append(f"{fault.name:56} left behind {left}, found again {found}")
    return "\n".join(lines)


def sums(verdicts):
    return (
        f"{len(verdicts)} cells: {sum(len(each.orphans) for each in verdicts)} orphans, "
        f"{sum(len(each.doubles) for each in verdicts)} doubles, {sum(len(each.losses) for each in verdicts)} losses, {sum(each.crashes for each in verdicts)} crashes, "
        f"{sum(each.hangs for each in verdicts)} hangs, {sum(not each.good for each in verdicts)} cells that broke a rule"
    )


def guide_table(faults, operations, verdicts):
    lines = [
        "| What goes wrong | What you see | Runs | Left behind | Named by the next plan or its apply |",
        "| --- | --- | --- | --- | --- |",
    ]
    for fault, counts in _rows(faults, operations, verdicts):
        successes, errors = sum(count[1] for count in counts), sum(count[2] for count in counts)
        ends = [f"{successes} succeeded"] * bool(successes) + [f"{errors} ended in an error"] * bool(errors)
        left, found = _left_by(fault, verdicts) if fault.loses else ("", "")
        lines.append(f"| {fault.name} | {fault.expect} | {', '.join(ends)} | {left} | {found} |")
    lines += ["", sums(verdicts) + "."]
    return "\n".join(lines)


def replace_part(name, content):
    """Puts the content between the guide's markers."""
    text = GUIDE.read_text()
    begin, end = BEGIN.format(name), END.format(name)
    head, _, rest = text.partition(begin)
    _, _, tail = rest.partition(end)
    if not rest or not tail:
        raise RuntimeError(f"{GUIDE} has no markers for {name}")
    GUIDE.write_text(f"{head}{begin}\n\n{content}\n\n{end}{tail}")


def _by_kind(kinds):
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds))) or "none"


def _kill_rows(killers, verdicts):
    """For each killer and stage: cells, those whose state file the host emptied, what was left behind by kind, what the host
    had been told of and lost by kind, how many of both were found again, and how many cells broke a rule."""
    for killer in killers:
        for stage in ("before", "after"):
            found = [each for each in verdicts if each.cell.killer is killer and each.cell.stage == stage]
            left = [kind for each in found for kind in each.left]
            lost = [kind for each in found for kind in each.host_lost]
            counts = (len(found), sum(each.emptied for each in found), _by_kind(left), _by_kind(lost), sum(each.found for each in found))
            if found:
                yield killer, stage, *counts, sum(not each.good for each in found)


def kill_table(killers, verdicts):
    lines = [f"{'death':18}{'effect':>7}{'cells':>6}{'emptied':>8}  {'left behind':38}{'lost by the host':34}{'found':>6}{'bad':>5}"]
    for killer, stage, count, emptied, left, lost, again, bad in _kill_rows(killers, verdicts):
        lines.append(f"{killer.name:18}{stage:>7}{count:>6}{emptied:>8}  {left:38}{lost:34}{again:>6}{bad:>5}")
    lines.append("(emptied: cells in which the host left an empty state file; lost: what it had been told of, and its state lacks)")
    return "\n".join(lines)


def guide_kill_table(killers, verdicts):
    lines = [
        "| What dies | When | What you see | Runs | Left behind | State file emptied by the host | Lost by the host | "
        "Named by the next plan or its apply |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for killer, stage, count, emptied, left, lost, again, _ in _kill_rows(killers, verdicts):
        lines.append(
            f"| {killer.name} | {stage} the effect of a call | {killer.expect} | {count} | {left} | {emptied} | {lost} | {again} |"
        )
    lines += ["", sums(verdicts) + "."]
    return "\n".join(lines)


def _scene_rows(scenes, verdicts):
    for scene in scenes:
        found = [each for each in verdicts if each.cell.scene is scene]
        if found:
            yield scene, len(found), sum(not each.good for each in found)


def scene_table(scenes, verdicts):
    return "\n".join(
        [f"{'scene':72}{'variants':>9}{'bad':>5}"]
        + [f"{scene.name:72}{count:>9}{bad:>5}" for scene, count, bad in _scene_rows(scenes, verdicts)]
    )


def guide_scene_table(scenes, verdicts):
    lines = ["| What happens | What you see | Runs |", "| --- | --- | --- |"]
    lines += [f"| {scene.name} | {scene.expect} | {count} |" for scene, count, _ in _scene_rows(scenes, verdicts)]
    return "\n".join([*lines, "", sums(verdicts) + "."])


def write(faults, operations, killers, scenes, verdicts):
    of_faults, dead, played = verdicts
    if of_faults:
        replace_part("faults", guide_table(faults, operations, of_faults))
    if dead:
        replace_part("deaths", guide_kill_table(killers, dead))
    if played:
        replace_part("scenes", guide_scene_table(scenes, played))


def _written(name):
    """The guide's part of that name: the cells of its table's rows, and the line of sums."""
    begin, end = BEGIN.format(name), END.format(name)
    lines = GUIDE.read_text().partition(begin)[2].partition(end)[0].strip().splitlines()
    rows = [[entry.strip() for entry in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return rows[2:], lines[-1] if lines else ""


def _unlike(name, rows, expected):
    if [tuple(row[: len(expected[0])]) for row in rows] != expected:
        yield f"the rows of {name} are not those of the code"


def _unsound(name, sum_line, count):
    if sum_line != f"{count} cells: 0 orphans, 0 doubles, 0 losses, 0 crashes, 0 hangs, 0 cells that broke a rule.":
        yield f"the sums of {name} are {sum_line!r}, for {count} cells"


def stale(faults, killers, scenes, cells):
    """What the guide's tables cannot have from a whole run of today's cells. How many calls can be killed differs a little
    from run to run; all else does not."""
    rows, sum_line = _written("faults")
    yield from _unlike("faults", rows, [(fault.name, fault.expect) for fault in faults])
    yield from _unsound("faults", sum_line, len(cells))
    for name, _, runs, *_ in rows:
        counts = [sum(map(int, re.findall(rf"(\d+) {words}", runs))) for words in ("succeeded", "ended in an error")]
        found = [cell for cell in cells if cell.fault.name == name]
        least = [sum(cell.end == end for cell in found) for end in ("success", "error")]
        if sum(counts) != len(found) or counts[0] < least[0] or counts[1] < least[1]:
            yield f"{name!r} has {runs!r}, but {len(found)} cells, of which {least[0]} must succeed and {least[1]} fail"
    rows, sum_line = _written("scenes")
    yield from _unlike("scenes", rows, [(scene.name, scene.expect, str(len(scene.variants))) for scene in scenes])
    yield from _unsound("scenes", sum_line, sum(len(scene.variants) for scene in scenes))
    rows, sum_line = _written("deaths")
    stages = [f"{stage} the effect of a call" for stage in ("before", "after")]
    yield from _unlike("deaths", rows, [(killer.name, stage, killer.expect) for killer in killers for stage in stages])
    yield from _unsound("deaths", sum_line, sum(int(row[3]) for row in rows))
