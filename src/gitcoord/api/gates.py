"""Gates: what coord.yaml and the open plans demand of repositories, held against what was measured."""

from __future__ import annotations

import os
from typing import NamedTuple

from gitcoord.api import metrics
from gitcoord.api.chosen import registered, selected, tags_of
from gitcoord.codec.native import loads
from gitcoord.config import settings
from gitcoord.errors import InvalidError
from gitcoord.metrics import gates, ledger
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.metrics.gates import Gate


class Demand(NamedTuple):
    """A gate, the repository it is for, and where it is declared."""

    gate: Gate
    repo: str
    origin: str


class Checked(NamedTuple):
    """All gates with their verdicts, and texts of plans that only a person can judge."""

    results: list[dict[str, Any]]
    unread: list[tuple[str, str]]


def check(workspace: Workspace, *, repos: Sequence[str] = (), roles: Sequence[str] = ()) -> Checked:
    """Hold every gate against the latest figures of the repositories it is for."""
    names = selected(workspace, repos, roles)
    demands = list(_declared(workspace, names))
    planned, unread = _planned(workspace, names)
    connection = ledger.opened(workspace.repo)
    latest = ledger.latest(connection)
    found = [_judge(connection, one, latest.get(one.repo, {})) for one in demands + planned]
    connection.close()
    return Checked(found, unread)


def _declared(workspace: Workspace, names: Sequence[str]) -> Iterator[Demand]:
    """Yield the gates of coord.yaml; raise for one that is none: it would never fail."""
    told = settings.read(os.path.join(workspace.repo.root, settings.FILE)).get("gates")
    roles, tags = registered(workspace), tags_of(workspace)
    for one in told if isinstance(told, list) else ():
        wanted = {"check": one} if isinstance(one, str) else one
        text = wanted.get("check") if isinstance(wanted, dict) else None
        gate = gates.parse(text) if isinstance(text, str) else None
        if gate is None:
            raise InvalidError(f"{layout.SETTINGS}: {text!r} is no gate.", hint=gates.HINT)
        if not any(
            _is_for(wanted, name, role, tags.get(name, set())) for name, role in roles.items()
        ):
            raise InvalidError(
                f"{layout.SETTINGS}: the gate {text!r} is for no repository of the registry.",
                hint="`coord repo list` shows their names, roles and tags.",
            )
        for name in names:
            if _is_for(wanted, name, roles[name], tags.get(name, set())):
                yield Demand(gate, name, layout.SETTINGS)


def _is_for(wanted: dict[str, Any], name: str, role: str | None, tags: set[str]) -> bool:
    return (
        _named(wanted.get("repo"), {name})
        and _named(wanted.get("role"), {role})
        and _named(wanted.get("tag"), tags)
    )


def _named(wanted: Any, held: set[Any]) -> bool:
    """Whether any of what is wanted is held; nothing wanted fits all."""
    if wanted is None:
        return True
    return not held.isdisjoint(wanted if isinstance(wanted, list) else [wanted])


def _planned(
    workspace: Workspace, names: Sequence[str]
) -> tuple[list[Demand], list[tuple[str, str]]]:
    """Return the gates of open plans for the plans' repositories, and texts that are none."""
    rows = workspace.view().execute(
        "SELECT id, json FROM record WHERE kind = 'plan' AND open = 1 AND archived = 0 ORDER BY sort"
    )
    found: list[Demand] = []
    unread = []
    for id, text in rows:
        plan = loads(text + "}")
        concerned = [name for name in plan.get("repos") or () if name in names]
        for told in plan.get("gates") or ():
            gate = gates.parse(told) if isinstance(told, str) else None
            if gate is None:
                unread.append((id, str(told)))
            else:
                found += [Demand(gate, name, id) for name in concerned]
    return found, unread


def _judge(
    connection: sqlite3.Connection, one: Demand, held: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    section, figure = _place(one.gate.metric, held)
    found = held.get(section)
    value: Any = found
    lacking = None
    for part in figure.split("."):
        value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, dict) and value.get("partial"):
            lacking = f"only a part was measured: {value.get('reason')}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        value = None
    reason = lacking or _reason(section, figure, found, value)
    if one.gate.fall and reason is None:
        value = gates.fallen(metrics.points_of(connection, one.repo, f"{section}.{figure}"))
        reason = None if value is not None else "there are no two measurements to compare"
    passed = reason is None and gates.passes(one.gate, value)
    return {"gate": one.gate.text, "repo": one.repo, "value": value, "wanted": one.gate.wanted,
            "passed": passed,
            "missed_by": gates.missed_by(one.gate, value), "reason": reason, "origin": one.origin}  # fmt: skip


def _place(word: str, held: dict[str, dict[str, Any]]) -> tuple[str, str]:
    """Return the section and the figure that a gate means; a bare figure is looked for in all."""
    if "." not in word and word not in metrics.SECTIONS:
        for section, found in held.items():
            if word in found:
                return section, word
    section, _, figure = metrics.metric_name(word).partition(".")
    return section, figure


def _reason(section: str, figure: str, found: dict[str, Any] | None, value: Any) -> str | None:
    """Return why a value says nothing about a gate."""
    if found is None:
        return f"no {section} was collected yet"
    if found.get("partial"):
        return f"only a part was measured: {found.get('reason')}"
    if value is None:
        return str(found.get("reason") or f"{section} has no {figure}")
    return None
