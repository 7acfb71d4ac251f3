"""Which record an item is: one that the hub has, or a new one, under which id.

Two files can use one id for two things. An item is the same record as the hub's when
both were created at the same instant, or, where one names no time, when their titles
agree, or when this very text was imported before. Otherwise it gets the next free id,
and what names it in the same file follows.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from gitcoord.bridges.ecosystem import values
from gitcoord.model.kinds import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from gitcoord.bridges.ecosystem.notes import Ledger

_NUMBERED = re.compile(r"([A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)-(\d+)", re.ASCII)
_ID = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)+", re.ASCII)
_LONGEST = 64
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
        self._hub = {
            kind: {str(data.get("id")): data for data in records}
            for kind, records in known.items()
            if kind != "repo"
        }
        self._taken = {id for records in self._hub.values() for id in records}
        self._allocate = allocate
        self._ledger = ledger
        self._reserved: set[str] = set()

    def reserve(self, ids: Iterable[Any]) -> None:
        """Keep ids of the document from being handed out to another item of it."""
        self._reserved = {id for id in ids if isinstance(id, str)}

    def assign(
        self, kind: str, data: dict[str, Any], seen: str, used: set[str]
    ) -> tuple[str, Mapping[str, Any] | None]:
        """Return the id of an item, and the hub's record when it is the same one.

        `used` are the ids that items before this one already have.
        """
        wanted = data.get("id")
        hub = self._hub.get(kind, {})
        if isinstance(wanted, str) and wanted in hub and wanted not in used:
            if same(kind, hub[wanted], data, seen):
                return wanted, hub[wanted]
        for id, record in hub.items():
            memory = imported(record)
            if id in used or "id" not in memory or memory["id"] != wanted:
                continue
            if same(kind, record, data, seen):
                self._ledger.say(str(wanted), "id", f"It is {id} here since an earlier import.")
                return id, record
        if isinstance(wanted, str) and _fits(wanted) and wanted not in self._taken | used:
            return wanted, None
        return self._fresh(kind, wanted, used), None

    def _fresh(self, kind: str, wanted: Any, used: set[str]) -> str:
        match = _NUMBERED.fullmatch(wanted) if isinstance(wanted, str) else None
        like = match[1] if match else BY_NAME[kind].prefix
        while True:
            id = self._allocate(kind, like) if self._allocate else self._next(like, used)
            if id not in self._taken | used | self._reserved:
                break
        if not isinstance(wanted, str) or not _fits(wanted):
            why = "The file gives no id" if wanted is None else f"{wanted!r:.80} can be no id"
        else:
            why = f"{wanted} is another record"
        label = str(wanted) if isinstance(wanted, (str, int)) else id
        self._ledger.say(label, "id", f"{why}; this {kind} is {id} here.")
        return id

    def _next(self, like: str, used: set[str]) -> str:
        highest = 0
        for id in self._taken | used | self._reserved:
            match = _NUMBERED.fullmatch(id)
            if match and match[1] == like:
                highest = max(highest, int(match[2]))
        return f"{like}-{highest + 1:03d}"


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


def _fits(id: str) -> bool:
    return len(id) <= _LONGEST and _ID.fullmatch(id) is not None
