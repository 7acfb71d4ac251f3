"""What `--map` may say, and what an import does where the file leaves things open."""

from __future__ import annotations

import pytest

from gitcoord.bridges.ecosystem import reading, words

FILE = b"""
repos: [{name: a}, {name: b}]
coordination:
  issues: [{id: X-1, title: t, status: open, repos: [b]}]
  todos:
  - {id: T-1, task: of its issue, status: open, issue_id: X-1}
  - {id: T-2, task: of nothing, status: open}
  plans:
  - {id: P-1, title: p, status: active, milestones: [{name: one}, {id: M1, name: two}, {name: three}]}
"""


@pytest.mark.parametrize(("told", "ours"), [
    ("status.weird", "pending"), ("plan.status.weird", "draft"), ("priority.P9", "low"),
    ("type.x.y", "runtime"), ("todo.repo", "a"), ("milestone.status.weird", "completed"),
])  # fmt: skip
def test_a_decision_of_the_users_is_taken(told: str, ours: str) -> None:
    assert words.refusal(told, ours) is None


@pytest.mark.parametrize(("told", "ours", "why"), [
    ("foo", "bar", "nothing in the file is called foo"),
    ("status", "pending", "nothing in the file is called status"),
    ("status.weird", "nonsense", "'nonsense' is no status here; it takes one of pending"),
    ("plan.status.weird", "pending", "it takes one of draft, active"),
    ("todo.nofield", "x", "nothing in the file is called todo.nofield"),
])  # fmt: skip
def test_a_decision_that_could_mean_nothing_is_refused(told: str, ours: str, why: str) -> None:
    assert why in str(words.refusal(told, ours))


def test_a_default_repository_is_for_todos_that_nothing_else_tells() -> None:
    done = reading.read(FILE, {}, mapping={"todo.repo": "a"})

    todos = {data["id"]: data["repo"] for kind, data in done.records if kind == "todo"}
    assert todos == {"T-1": "b", "T-2": "a"}


def test_milestones_without_an_id_get_one_and_that_is_told() -> None:
    done = reading.read(FILE, {}, mapping={"todo.repo": "a"})

    plan = next(data for kind, data in done.records if kind == "plan")
    assert [(one["id"], one["name"]) for one in plan["milestones"]] == [
        ("M2", "one"), ("M1", "two"), ("M3", "three"),
    ]  # fmt: skip
    assert [note.message for note in done.notes if note.field == "milestones"] == [
        "The file gives 'one' no id; it is M2 here.", "The file gives 'three' no id; it is M3 here.",
    ]  # fmt: skip
    again = reading.read(FILE, {"plan": [plan]}, mapping={"todo.repo": "a"})
    assert ("plan", plan) in again.records
