"""Which record an item is: one that the hub has, or a new one, under which id.

Two files can use one id for two things. An item is the same record as the hub's when
both were created at the same instant, or, where one names no time, when their titles
agree, or when this very text was imported before. Otherwise it gets the next free id,
and what names it in the same file follows.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from gitcoord.bridges.ecosystem import values
from gitcoord.model.ids import is_id, join, split
from gitcoord.model.kinds import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from gitcoord.bridges.ecosystem.notes import Ledger

_LINKS: dict[str, tuple[str, ...]] = {
    "issue": ("issue",),
    "plan": ("plan",),
    "issues": ("issue",),
    "todos": ("todo",),
    "dependencies": (),
    "blocking": (),
    "blocked_by": (),
}
"""Fields that name records, and the kinds they may name (none given: any)."""


def digest(item: dict[str, Any]) -> str:
    """Return a short digest of an item as the file has it, whatever the order of its keys."""
    canonical = json.dumps(item, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def imported(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a record remembers of its import."""
    metadata = data.get("metadata")
    memory = metadata.get("imported") if isinstance(metadata, dict) else None
    return memory if isinstance(memory, dict) else {}


def same(kind: str, known: Mapping[str, Any], data: Mapping[str, Any], seen: str) -> bool:
    """Whether a record of the hub and an item of a file are one thing."""
    memory = imported(known).get("seen")
    if isinstance(memory, list) and seen in memory:
        return True
    ours, theirs = values.instant(known.get("created")), values.instant(data.get("created"))
    if ours is not None and theirs is not None:
        return ours == theirs
    if kind == "dependency":
        ends = ("consumer", "provider", "type")
        return all(known.get(end) == data.get(end) for end in ends)
    title = BY_NAME[kind].title
    return known.get(title) == data.get(title)


class Ids:
    """Gives every item of one document its id, free of the hub's and of each other's."""

    def __init__(
        self,
        known: Mapping[str, Sequence[Mapping[str, Any]]],
        allocate: Callable[[str, str], str] | None,
        ledger: Ledger,
    ) -> None:
        self._hub: dict[tuple[str, Any], Mapping[str, Any]] = {}
        self._moved: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for kind, records in known.items():
            for data in records if kind != "repo" else ():
                self._hub[kind, data.get("id")] = data
                memory = imported(data)
                if "id" in memory:
                    self._moved.setdefault((kind, repr(memory["id"])), []).append(data)
        self._taken = {id for _, id in self._hub}
        self._used: set[str] = set()
        self._reserved: set[Any] = set()
        self._highest: dict[str, int] | None = None
        self._allocate = allocate
        self._ledger = ledger

    def reserve(self, ids: Iterable[Any]) -> None:
        """Keep ids of the document from being handed out to another item of it."""
        self._reserved = {id for id in ids if isinstance(id, str)}

    def assign(
        self, kind: str, data: dict[str, Any], seen: str
    ) -> tuple[str, Mapping[str, Any] | None]:
        """Return the id of an item, and the hub's record when it is the same one."""
        id, known = self._found(kind, data, seen)
        self._used.add(id)
        return id, known

    def _found(
        self, kind: str, data: dict[str, Any], seen: str
    ) -> tuple[str, Mapping[str, Any] | None]:
        wanted = data.get("id")
        if isinstance(wanted, str) and wanted not in self._used:
            known = self._hub.get((kind, wanted))
            if known is not None and same(kind, known, data, seen):
                return wanted, known
        for known in self._moved.get((kind, repr(wanted)), ()):
            if known["id"] not in self._used and same(kind, known, data, seen):
                message = f"It is {known['id']} here since an earlier import."
                self._ledger.say(known["id"] if wanted is None else str(wanted), "id", message)
                return known["id"], known
        if isinstance(wanted, str) and is_id(wanted) and self._is_free(wanted):
            return wanted, None
        return self._fresh(kind, wanted), None

    def _is_free(self, id: str) -> bool:
        return id not in self._taken and id not in self._used

    def _fresh(self, kind: str, wanted: Any) -> str:
        like = BY_NAME[kind].prefix
        if isinstance(wanted, str) and is_id(wanted) and split(wanted)[1] is not None:
            like = split(wanted)[0]
        while True:
            id = self._allocate(kind, like) if self._allocate else self._next(like)
            if self._is_free(id) and id not in self._reserved:
                break
        if wanted is None:
            why = "The file gives no id"
        elif isinstance(wanted, str) and is_id(wanted):
            why = f"{wanted} is another record"
        else:
            why = f"{wanted!r:.80} can be no id"
        label = str(wanted) if isinstance(wanted, (str, int)) else id
        self._ledger.say(label, "id", f"{why}; this {kind} is {id} here.")
        return id

    def _next(self, like: str) -> str:
        if self._highest is None:
            self._highest = {}
            for id in (*self._taken, *self._reserved):
                prefix, number = split(id) if isinstance(id, str) else ("", None)
                if number is not None:
                    self._highest[prefix] = max(self._highest.get(prefix, 0), number)
        self._highest[like] = self._highest.get(like, 0) + 1
        return join(like, self._highest[like], 3)


def follow(kind: str, data: dict[str, Any], renamed: Mapping[str, Mapping[str, str]]) -> None:
    """Let the links of a record use the new ids; `renamed` holds them by kind."""
    for field, kinds in _LINKS.items():
        value = data.get(field)
        order = kinds or tuple(dict.fromkeys((kind, *renamed)))
        if isinstance(value, list):
            data[field] = [_new(id, order, renamed) for id in value]
        elif value is not None:
            data[field] = _new(value, order, renamed)
    milestones = data.get("milestones")
    for milestone in milestones if isinstance(milestones, list) else []:
        if isinstance(milestone, dict) and isinstance(milestone.get("dependencies"), list):
            inner = milestone["dependencies"]
            milestone["dependencies"] = [_new(id, tuple(renamed), renamed) for id in inner]


def _new(id: Any, kinds: Iterable[str], renamed: Mapping[str, Mapping[str, str]]) -> Any:
    if isinstance(id, str):
        for kind in kinds:
            if id in renamed.get(kind, {}):
                return renamed[kind][id]
    return id
