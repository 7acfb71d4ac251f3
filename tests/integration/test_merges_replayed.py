"""The bench that replays other trackers' merges: what it reads, and that it sees every mistake."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from tests.bench.replay import __main__ as replayed
from tests.bench.replay.judge import INVENTED, LOST, MARKER, MISSING, ORDER, UNREADABLE, judge
from tests.bench.replay.meetings import meetings
from tests.bench.replay.objects import Objects
from tests.bench.replay.oracle import expected

from gitcoord.codec.emit import dump
from gitcoord.model.kinds import ISSUE

if TYPE_CHECKING:
    from pathlib import Path

BEAD = {
    "id": "bd-a1.2", "title": "Sessions leak", "status": "open", "priority": 2,
    "issue_type": "bug", "created_at": "2026-01-01T10:00:00+01:00",
    "updated_at": "2026-01-01T10:00:00+01:00", "labels": ["async"],
    "dependencies": [{"issue_id": "bd-a1.2", "depends_on_id": "bd-b2", "type": "blocks"}],
    "comments": [{"id": 1, "author": "lena", "text": "Seen.", "created_at": "2026-01-02T00:00:00Z"}],
}  # fmt: skip
TASK = """\
---
id: task-1.1
title: Sessions leak
status: To Do
assignee: []
created_date: '2026-01-01'
labels:
  - async
---

## Description

one
two

## Acceptance Criteria
- [ ] #1 It works
- [x] #2 It is fast
"""
BUG = """\
--- !ditz.rubyforge.org,2008-03-06/issue
title: Sessions leak
desc: one
type: :bugfix
status: :unstarted
creation_time: 2008-08-05 12:00:00.123456 Z
references: []
id: 0123456789abcdef
log_events:
- - 2008-08-05 12:00:01.000000 Z
  - Lena <lena@example.org>
  - created
  - ""
"""


class Store:
    """A repository of another tracker with a branch on either side of a merge."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "-q", "--initial-branch=main")

    def git(self, *words: str) -> None:
        env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        who = {
            f"GIT_{one}_{what}": "lena"
            for one in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        subprocess.run(["git", *words], cwd=self.root, env={**env, **who}, check=True)

    def commit(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "edit")

    def merge(self, path: str, base: str, ours: str, theirs: str) -> None:
        self.commit(path, base)
        self.git("checkout", "-q", "-b", "side")
        self.commit(path, theirs)
        self.git("checkout", "-q", "main")
        self.commit(path, ours)
        self.git("merge", "-q", "-s", "ours", "side")


def bead(**changes: Any) -> str:
    return json.dumps({**BEAD, **changes}) + "\n"


def test_a_merge_of_beads_is_replayed_in_a_real_hub_without_a_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = bead(id="bd-b2", title="Another")
    new = bead(id="bd-c3", title="Ours", created_at="2026-02-01T00:00:00Z")
    newer = bead(id="bd-c3", title="Theirs", created_at="2026-02-02T00:00:00Z")
    Store(tmp_path).merge(
        ".beads/issues.jsonl",
        bead() + other,
        bead(status="closed", labels=["async", "ours"], closed_at="2026-02-01") + other + new,
        bead(status="in_progress", labels=["async", "theirs"], priority=0) + newer,
    )

    code = replayed.main([str(tmp_path), "--in-git", "1"])

    said = capsys.readouterr().out.split("all\n")[1]
    found = {line[9:].strip(): int(line[:9]) for line in said.splitlines()}
    assert code == 0
    assert found["records changed on both sides"] == 1
    assert found["fields in true conflict"] == 1
    assert found["lists that both changed"] == 1
    assert found["two records under one id"] == 1
    assert found["in a real hub: coord merge"] == 1
    assert found["in a real hub: git merge with the driver"] == 1
    assert found["lines alone: true conflict, markers"] == 1


@pytest.mark.parametrize(
    ("path", "text", "change", "wanted"),
    [
        (
            ".beads/beads.jsonl", bead(), ("Sessions", "Pools"),
            {"id": "bd-a1-2", "status": "pending", "priority": "medium", "blocked_by": ["bd-b2"]},
        ),
        (
            "backlog/tasks/task-1.1 - Sessions.md", TASK, ("Sessions", "Pools"),
            {
                "id": "TASK-1-1", "status": "pending", "labels": ["async"],
                "description": "one\ntwo",
                "acceptance_criteria": [
                    {"text": "#1 It works", "done": False}, {"text": "#2 It is fast", "done": True},
                ],
            },
        ),
        (
            "bugs/issue-0123456789abcdef.yaml", BUG, ("Sessions", "Pools"),
            {"id": "DITZ-0123456789abcdef", "status": "pending", "severity": "bugfix"},
        ),
    ],
)  # fmt: skip
def test_records_of_each_tracker_are_read_from_base_ours_and_theirs(
    tmp_path: Path, path: str, text: str, change: tuple[str, str], wanted: dict[str, Any]
) -> None:
    Store(tmp_path).merge(path, text, text.replace(*change), text.replace("async", "sync") + "\n")
    objects = Objects(str(tmp_path))

    (found,) = meetings(objects, set())
    objects.close()

    (three,) = found.records.values()
    base, ours = three[0], three[1]
    assert base is not None
    assert ours is not None
    assert {name: base[name] for name in wanted} == wanted
    title = found.tracker.kind.title
    assert (base[title], ours[title]) == ("Sessions leak", "Pools leak")


BASE = {"id": "BD-1", "title": "t", "status": "pending", "severity": "bug", "labels": ["a", "b"]}
OURS = {**BASE, "status": "closed", "labels": ["a", "b", "c"]}
THEIRS = {**BASE, "status": "blocked", "labels": ["a", "b", "d"], "severity": "feature"}
RIGHT = {**OURS, "labels": ["a", "b", "c", "d"], "severity": "feature"}
HUNK = "<<<<<<< HEAD\nstatus: closed\n=======\nstatus: blocked\n>>>>>>> side\n"


def marked(data: dict[str, Any], hunk: str = HUNK) -> bytes:
    return dump(data, ISSUE.fields).replace("status: closed\n", hunk).encode()


@pytest.mark.parametrize(
    ("raw", "faults"),
    [
        (marked(RIGHT), set()),
        (marked({**RIGHT, "labels": ["a", "b", "c"]}), {LOST}),
        (marked({**RIGHT, "severity": "bug"}), {LOST}),
        (marked({**RIGHT, "target": "2026-01-01"}), {INVENTED}),
        (marked({**RIGHT, "labels": ["b", "a", "c", "d"]}), {ORDER}),
        (marked(RIGHT, "status: closed\n"), {MISSING}),
        (marked(RIGHT, HUNK.replace("blocked", "resolved")), {MISSING}),
        (marked(RIGHT, HUNK.replace(">>>>>>> side\n", "")), {UNREADABLE}),
        (
            dump(RIGHT, ISSUE.fields)
            .replace("status: closed\n", HUNK.replace("=======", "severity: feature\n======="))
            .replace(">>>>>>> side\nseverity: feature\n", ">>>>>>> side\n")
            .replace("status: blocked\n", "status: blocked\nseverity: feature\n")
            .encode(),
            {MARKER},
        ),
    ],
)  # fmt: skip
def test_the_judge_sees_each_sort_of_mistake(raw: bytes, faults: set[str]) -> None:
    found, _ = judge(raw, expected(BASE, OURS, THEIRS))

    assert {fault.what for fault in found} == faults


def test_the_oracle_merges_long_texts_as_git_does_and_keeps_both_of_a_conflict() -> None:
    base = {"description": "one\ntwo\nthree\nfour\nfive"}
    ours = {"description": "ONE\ntwo\nthree\nfour\nours"}
    theirs = {"description": "one\ntwo\nTHREE\nfour\ntheirs"}

    wanted = expected(base, ours, theirs)

    assert wanted.conflicts == {("description",)}
    assert wanted.ours == {"description": "ONE\ntwo\nTHREE\nfour\nours"}
    assert wanted.theirs == {"description": "ONE\ntwo\nTHREE\nfour\ntheirs"}
