"""All records at one moment of a replay, and what they mean to each other.

The role of a record is that of its repositories, and its plans are those that list it
or that it names: so a change of one record can change the facts of others. A world can
be packed and go on from there; then only those records are unpacked that are looked at.
"""

from __future__ import annotations

import marshal

from gitcoord.history.trend import facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.history.trend.facts import Facts
    from gitcoord.index.versions import Question, Version


class Seen:
    """One record as it stands: its data, and whether it is there and archived."""

    __slots__ = ("archived", "bears", "data", "id", "kind", "plan", "repos", "there")

    def __init__(self, kind: str, id: str) -> None:
        self.kind = kind
        self.id = id
        self.data: dict[str, Any] = {}
        self.there = False
        self.archived = False
        self.bears = ""
        self.repos: tuple[str, ...] = ()
        self.plan: str | None = None

    def packed(self) -> bytes:
        """Return it as bytes, for `unpacked`."""
        rest = (self.data, self.there, self.archived, self.bears, self.repos, self.plan)
        return marshal.dumps((self.kind, self.id, *rest))

    @classmethod
    def unpacked(cls, raw: bytes) -> Seen:
        """Return the record that was packed."""
        kind, id, *rest = marshal.loads(raw)  # noqa: S302 - the digest was right, see `memory`
        found = cls(kind, id)
        found.data, found.there, found.archived, found.bears, found.repos, found.plan = rest
        return found


class World:
    """The records, by life, and the indexes that say whom a change concerns.

    `seen` are those that were looked at; `versions` collects the versions of records that
    a question can tell apart; `fields` are those that are kept of a record, None for all.
    """

    def __init__(self, question: Question | None) -> None:
        self.question = question
        self.versions: list[Version] = []
        self.fields: frozenset[str] | None = facts.FIELDS
        if question is not None:
            self.fields = None if question.fields is None else facts.FIELDS | question.fields
        self._numbers: dict[object, int] = {}
        self.seen: dict[int, Seen] = {}
        self.roles: dict[str, str] = {}
        self._named: dict[str, set[int]] = {}  # an id -> work that bears it, also for a moment two
        self._users: dict[str, set[int]] = {}  # a repository's name -> lives
        self._of_plan: dict[str, set[int]] = {}  # an id that a plan may have -> lives that name it
        self._listed: dict[str, set[int]] = {}  # an id that work may have -> plans that list it
        self._lists: dict[int, frozenset[str]] = {}
        self._packed: Sequence[bytes] = ()

    @classmethod
    def unpacked(cls, packed: tuple[Any, ...]) -> World:
        """Return the world that was packed, as it stood."""
        found = cls(None)
        (found._packed, found.roles, found._named, users, of_plan, found._listed,
         found._lists) = packed  # fmt: skip
        found._users = {name: set(lives) for name, lives in users.items()}
        found._of_plan = {name: set(lives) for name, lives in of_plan.items()}
        return found

    def packed(self, count: int) -> tuple[Any, ...]:
        """Return all that marshal needs to know of the world and its lives."""
        records = [*self._packed, *[b""] * (count - len(self._packed))]
        for life, seen in self.seen.items():
            records[life] = seen.packed()
        # Large sets are slow to write: marshal sorts them.
        users = {name: list(lives) for name, lives in self._users.items()}
        of_plan = {name: list(lives) for name, lives in self._of_plan.items()}
        return records, self.roles, self._named, users, of_plan, self._listed, self._lists

    def record(self, life: int) -> Seen | None:
        """Return a record as it stands, None before its first event."""
        seen = self.seen.get(life)
        if seen is None and life < len(self._packed) and self._packed[life]:
            seen = self.seen[life] = Seen.unpacked(self._packed[life])
        return seen

    def at(self, life: int) -> Seen:
        """Return a record as it stands after some event."""
        seen = self.record(life)
        if seen is None:
            raise KeyError(life)
        return seen

    def kept(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return what is kept of a record's data: all of it only if a question needs it."""
        if self.fields is None:
            return dict(data)
        return {key: value for key, value in data.items() if key in self.fields}

    def _version(self, seen: Seen, roles: tuple[str, ...]) -> int:
        """Return the number of the version in which a record stands, for the question."""
        if self.question is None:
            return 1
        version = (seen.kind, seen.id, dict(seen.data), seen.archived, roles)
        same = self.question.same(version)
        if same not in self._numbers:
            self._numbers[same] = len(self.versions)
            self.versions.append(version)
        return self._numbers[same]

    def settle(self, life: int) -> set[int]:
        """Take in that a record changed; return all lives whose facts may be others now."""
        seen = self.at(life)
        touched = {life}
        if seen.kind == "repo":
            role = facts.text(seen.data.get("role")) if seen.there else None
            if self.roles.get(seen.id) != role:
                self.roles.pop(seen.id, None)
                if role is not None:
                    self.roles[seen.id] = role
                touched |= self._users.get(seen.id, set())
        self._repos(life, seen)
        if seen.kind in facts.WORK:
            touched |= self._name(life, seen)
            self._plan(life, seen)
        if seen.kind == "plan":
            touched |= self._list(life, seen)
        return touched

    def _repos(self, life: int, seen: Seen) -> None:
        repos = facts.repos_of(seen.kind, seen.id, seen.data)
        if repos != seen.repos:
            for name in seen.repos:
                self._users[name].discard(life)
            for name in repos:
                self._users.setdefault(name, set()).add(life)
            seen.repos = repos

    def _name(self, life: int, seen: Seen) -> set[int]:
        """Keep who bears an id; what names a plan is concerned when its id changes hands."""
        was = seen.bears
        if was == seen.id:
            return set()
        if was:
            self._named[was].discard(life)
        self._named.setdefault(seen.id, set()).add(life)
        seen.bears = seen.id
        if seen.kind != "plan":
            return set()
        return self._of_plan.get(was, set()) | self._of_plan.get(seen.id, set())

    def _plan(self, life: int, seen: Seen) -> None:
        plan = facts.text(seen.data.get("plan"))
        if plan != seen.plan:
            if seen.plan is not None:
                self._of_plan[seen.plan].discard(life)
            if plan is not None:
                self._of_plan.setdefault(plan, set()).add(life)
            seen.plan = plan

    def _list(self, life: int, seen: Seen) -> set[int]:
        now = frozenset(facts.members_of(seen.data)) if seen.there else frozenset()
        was = self._lists.get(life, frozenset())
        self._lists[life] = now
        for id in was - now:
            self._listed[id].discard(life)
        for id in now - was:
            self._listed.setdefault(id, set()).add(life)
        return {other for id in was ^ now for other in self._named.get(id, ())}

    def facts_of(self, life: int, names: list[str]) -> Facts:
        """Return what a record can be filtered by; a plan goes by the last id it will have."""
        seen = self.at(life)
        data = seen.data
        found = {names[plan] for plan in self._listed.get(seen.id, ())}
        if seen.plan is not None:
            holders = self._named.get(seen.plan)
            found.add(names[max(holders)] if holders else seen.plan)
        roles = tuple(
            dict.fromkeys([self.roles[name] for name in seen.repos if name in self.roles])
        )
        return (
            seen.kind, seen.repos, roles,
            tuple(dict.fromkeys(facts.texts(data.get("labels")))), tuple(sorted(found)),
            facts.text(data.get("assignee")), facts.text(data.get("severity")), facts.hours_of(data),
            self._version(seen, roles),
        )  # fmt: skip
