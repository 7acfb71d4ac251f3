"""The JSON of a record as the index keeps it: ready-made, so that no query encodes anything."""

from __future__ import annotations

from gitcoord.codec import jsontext
from gitcoord.model.kinds import REPO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.model.kinds import Kind

_LISTS = frozenset(
    {
        "repos",
        "labels",
        "dependencies",
        "blocking",
        "blocked_by",
        "comments",
        "milestones",
        "issues",
        "todos",
        "gates",
        "acceptance_criteria",
        "tags",
        "nicknames",
    }
)
_DERIVED = ("path", "updated", "archived", "ready", "blocked", "blocked_by_open")
_KNOWN: dict[str, frozenset[str]] = {}
_SLOTS: dict[str, list[tuple[str, str, str]]] = {}


def json_of(kind: Kind, id: str, data: dict[str, Any]) -> str:
    """Return the record as JSON without its closing brace; derived fields follow when shown."""
    slots = slots_of(kind)
    if slots and data.keys() <= _KNOWN[kind.name]:
        return jsontext.opened(data, slots)
    whole: dict[str, Any] = {"id": id}
    for field in kind.fields:
        value = data.get(field)
        if value is None:
            value = [] if field in _LISTS else {} if field == "metadata" else None
        whole[field] = value
    for field, value in data.items():
        if field not in whole:
            whole[field] = value
    if kind is REPO:  # `path` is the record's own file, as for every kind
        whole["repo_path"] = data.get("path")
    for derived in _DERIVED:
        whole.pop(derived, None)
    whole["kind"] = kind.name
    return jsontext.dumps(whole)[:-1]


def slots_of(kind: Kind) -> list[tuple[str, str, str]]:
    """Return how a record's JSON is put together of its fields; nothing for a repository.

    That has no field `id`, and one called `path`.
    """
    if kind.name not in _SLOTS:
        _SLOTS[kind.name] = [] if kind is REPO else _slots(kind)
        _KNOWN[kind.name] = frozenset(kind.fields)
    return _SLOTS[kind.name]


def _slots(kind: Kind) -> list[tuple[str, str, str]]:
    slots = []
    for field in kind.fields:
        if field not in _DERIVED:
            empty = "[]" if field in _LISTS else "{}" if field == "metadata" else "null"
            slots.append((field, f'"{field}": ', f'"{field}": {empty}'))
    slots.append(("kind", "", f'"kind": "{kind.name}"'))
    return slots
