"""What is understood entry by entry is what the parser and the checks say, or nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.property.test_codec_quick import LINES

from gitcoord.codec.change import same
from gitcoord.codec.read import parse_fully
from gitcoord.index import entries
from gitcoord.index.shown import json_of
from gitcoord.model.kinds import BY_NAME, REPO, Kind
from gitcoord.model.validate import check, check_place
from gitcoord.store import layout

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("tests/corpus/**/*.yaml"), *ROOT.glob("coord/*/*.yaml")])
ISSUE = """# yaml-language-server: $schema=../schemas/issue.schema.json
id: ISSUE-7
title: The "pool" leaks \\ grows
status: in_progress
severity: bug
priority: high
created: 2026-02-10T10:00:00+00:00
repos:
  - alpha
  - beta-2
labels: [leak, ops]
dependencies:
  - ISSUE-3
assignee:
description: |
  It grows: "3 MB" an hour.

    import leak  # here
comments:
  - author: lena
    created: 2026-02-11T09:30:00+01:00
    text: |-
      Seen it too.
      Twice.
metadata:
  source: https://example.org/a#b
"""
TODO = """id: TODO-7
task: Mend the pool
status: pending
repo: alpha
issue: ISSUE-7
estimated_hours: 4.5
acceptance_criteria:
  - It no longer grows
  - "quoted"
"""
PLAN = """id: PLAN-7
title: Stable pools
status: draft
target: 2026-12-24
milestones:
  - id: M1
    name: First
    status: pending
    due: 2026-11-11
"""
DEPENDENCY = """id: DEP-7
consumer: alpha
provider: beta
type: runtime
version_constraint: ">=1.2"
status: satisfied
"""
USUAL = {"issue": ISSUE, "todo": TODO, "plan": PLAN, "dependency": DEPENDENCY}
ODD = [
    *LINES, "status: done", "status: Pending", "status:", "priority: urgent", "priority: null",
    "repos:", "repos: []", "repos: [alpha, alpha]", "repos: alpha", "  - alpha", "  - null",
    "created: 2026-02-30", "created: 2026-02-10T10:00:00", "target: 2026-12-24", "target: soon",
    "labels:", "  - true", "  - \"a\"", "estimated_hours: many", "estimated_hours: -1", "title: x",
    "title: null", "title: true", "id: ISSUE-8", "id: 'ISSUE-7'", "issue: ISSUE-7", "blocks: 3",
    "path: x", "kind: todo", "updated: 2026-02-10T10:00:00Z", "ready: true", "assignee: é", "# why",
    "assignee", "description", "repos",
]  # fmt: skip


def agrees(kind: Kind, id: str, raw: bytes) -> bool:
    """Check one file; return whether it was understood entry by entry."""
    found = entries.read(kind, id, raw)
    if found is None:
        return False
    data, json = found
    right = parse_fully(raw)
    assert same(data, right), raw
    assert repr(data) == repr(right), raw  # the order of keys as well
    assert check(kind.name, right) + check_place(kind.name, id, right) == [], raw
    assert json == json_of(kind, id, right), raw
    return True


@pytest.mark.parametrize("name", USUAL)
def test_a_usual_record_is_understood_entry_by_entry_twice_alike(name: str) -> None:
    id = USUAL[name].partition("id: ")[2].partition("\n")[0]
    for _ in range(2):  # the second time most of it is known
        assert agrees(BY_NAME[name], id, USUAL[name].encode())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_at_hand_is_understood_alike(path: Path) -> None:
    raw = path.read_bytes()
    agrees(BY_NAME["issue"], path.stem, raw)
    place = layout.place(f"coord/{path.parent.name}/{path.name}")
    if place is not None:
        agrees(place.kind, place.id, raw)


@settings(max_examples=800)
@given(
    st.sampled_from(sorted(USUAL)),
    st.lists(st.sampled_from(ODD), max_size=3),
    st.integers(0, 2**32),
)
@example("issue", ["title: x"], 0)
@example("todo", ["description"], 3)
@example("issue", ["# why", "  - alpha"], 9)
def test_records_with_odd_lines_are_understood_alike(name: str, odd: list[str], seed: int) -> None:
    chance = random.Random(seed)
    lines = USUAL[name].splitlines()
    for line in odd:
        at = chance.randrange(len(lines) + 1)
        lines[at : at + chance.choice((0, 1, 1, 2))] = [line]
    agrees(
        BY_NAME[name],
        f"{BY_NAME[name].prefix}-7",
        ("\n".join(lines) + "\n").encode("utf-8", "replace"),
    )


def test_a_repository_is_left_to_the_parser() -> None:
    assert entries.read(REPO, "alpha", b"name: alpha\n") is None


def test_more_entries_than_are_remembered_are_understood_too() -> None:
    reader = entries.Reader(BY_NAME["issue"])
    for number in range(entries.MOST + 10):
        raw = ISSUE.replace("in_progress\n", f"in_progress\nassignee: person{number}\n", 1)
        found = reader.read("ISSUE-7", raw.replace("assignee:\n", "").encode())
        assert found is not None
        assert found[0]["assignee"] == f"person{number}"
