"""Todos for dependencies that do not hold: one for each consumer, made, kept true, and completed.

A todo knows by its metadata that it is one of these, so the check can run any number of
times. It is completed when all that it names holds again; while something is unknown
it stays, because unknown is not satisfied.
"""

from __future__ import annotations

import json

from gitcoord.api import dependencies, read, write
from gitcoord.api.scanning import scan
from gitcoord.git.objects import blob_id
from gitcoord.model.kinds import TODO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.verdict import Verdict
    from gitcoord.api.workspace import Workspace
    from gitcoord.store.transaction import Transaction

MARK = "dependency_check"
_DIGEST = "dependency_check_text"


class Followed:
    """The todos that were created, changed and completed."""

    __slots__ = ("changed", "completed", "created")

    def __init__(self) -> None:
        self.created: list[str] = []
        self.changed: list[str] = []
        self.completed: list[str] = []

    def summary(self) -> str:
        """Return it as one line."""
        parts = [
            f"{verb} {', '.join(ids)}"
            for verb, ids in (
                ("created", self.created),
                ("changed", self.changed),
                ("completed", self.completed),
            )
            if ids
        ]
        return f"todos: {'; '.join(parts)}." if parts else "the todos are up to date."


def follow_up(
    workspace: Workspace,
    verdicts: list[Verdict],
    *,
    consumer: str | Sequence[str] | None = None,
    commit: bool = True,
) -> Followed:
    """Make the todos agree with a check of all consumers, or of those named."""
    done = Followed()
    by_consumer: dict[str, list[Verdict]] = {}
    for one in verdicts:
        by_consumer.setdefault(one.consumer, []).append(one)
    with write.transaction(workspace, commit=commit) as tx:
        held = _open_todos(workspace)  # under the lock, so that no second one is made
        named = {read.repo_named(workspace, name) for name in dependencies.several(consumer)}
        only = named or {*held, *by_consumer}
        for name in sorted(only & {*held, *by_consumer}):
            _follow(workspace, tx, name, by_consumer.get(name, []), held.get(name), done)
        tx.message = f"Follow up on dependencies: {done.summary()}"
    workspace.changed()
    return done


def _follow(
    workspace: Workspace,
    tx: Transaction,
    consumer: str,
    checked: list[Verdict],
    id: str | None,
    done: Followed,
) -> None:
    failing = [one for one in checked if one.verdict == "unsatisfied"]
    if id is None:
        if failing:
            data = write.prepared(workspace, TODO, _new(consumer, failing))
            done.created.append(tx.create(TODO, data))
        return
    stored = tx.get(TODO, id)
    data = json.loads(json.dumps(stored.data))
    if failing:
        data |= _said(data, failing)
    elif _settled(workspace, data, checked):
        data["status"] = "completed"
    if tx.put(stored, data):
        (done.changed if failing else done.completed).append(id)


def _open_todos(workspace: Workspace) -> dict[str, str]:
    """Return the open todo of each consumer that a check has made."""
    rows = workspace.view().execute(
        "SELECT id, json FROM record WHERE kind = 'todo' AND open = 1 AND archived = 0"
        f" AND json LIKE '%\"{MARK}\"%' ORDER BY sort"
    )
    found: dict[str, str] = {}
    for id, whole in rows:
        data = json.loads(whole + "}")
        if isinstance((data.get("metadata") or {}).get(MARK), list):
            found.setdefault(str(data.get("repo")), id)
    return found


def _names(failing: list[Verdict]) -> list[str]:
    return sorted({one.provider for one in failing})


def _new(consumer: str, failing: list[Verdict]) -> dict[str, Any]:
    return {"repo": consumer, "priority": "high", **_said({}, failing)}


def _said(before: dict[str, Any], failing: list[Verdict]) -> dict[str, Any]:
    """Return the fields that a check writes; what a person adds to a todo is left alone."""
    names = _names(failing)
    reasons = "\n".join(f"- {one.reason}" for one in failing)
    held = before.get("metadata") or {}
    kept = {name: value for name, value in held.items() if name not in (MARK, _DIGEST)}
    mine = _is_ours(before.get("description"), held.get(_DIGEST))
    written = {_DIGEST: _digest(reasons)} if mine else {}
    known = {
        one.get("text"): one
        for one in before.get("acceptance_criteria") or ()
        if isinstance(one, dict)
    }
    texts = [_criterion(one) for one in failing]
    own = [one for text, one in known.items() if not str(text).startswith(_LEAD)]
    return {
        "task": before.get("task") or f"Mend the dependencies of {failing[0].consumer}",
        "acceptance_criteria": [*own, *(known.get(text, {"text": text}) for text in dict.fromkeys(texts))],
        "description": reasons if mine else before["description"],
        "metadata": {**kept, MARK: names, **written},
    }  # fmt: skip


def _is_ours(description: Any, digest: Any) -> bool:
    """Whether nobody has edited a description since the check wrote it."""
    return not description or _digest(str(description)) == digest


def _digest(text: str) -> str:
    return blob_id(text.strip().encode())[:12]


_LEAD = "Dependency on "


def _criterion(one: Verdict) -> str:
    return f"{_LEAD}{one.provider} {one.constraint or ''}".strip() + " holds"


def _settled(workspace: Workspace, data: dict[str, Any], checked: list[Verdict]) -> bool:
    """Whether nothing that the todo names is unknown now."""
    named = data["metadata"][MARK]
    if {*named} - {one.provider for one in checked}:  # not needed any longer, if all could be read
        consumer = scan(workspace, [data["repo"]]).surveyed.get(data["repo"])
        if consumer is None or not consumer.sound:
            return False
    return not any(one.verdict == "unknown" and one.provider in named for one in checked)
