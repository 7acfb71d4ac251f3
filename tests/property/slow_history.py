"""The slow, obvious walk: every commit's whole tree, read file by file, and compared."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from gitcoord.codec.read import Malformed, parse
from gitcoord.history.event import Event
from gitcoord.model.compare import compare, flatten, same

Key = str
Place = tuple[str, str]
"""Path and blob."""


class Slow:
    """The answers of a plain walk over one repository whose records are all issues."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.data = cache(self._data)
        self.tree = cache(self._tree)
        self.meta = cache(self._meta)
        self.rank = cache(self._rank)
        self.facts = cache(self._facts)
        self.turns: dict[str, dict[Key, tuple[str, Key]]] = {}

    def git(self, *words: str) -> str:
        return self.raw(*words).decode()

    def raw(self, *words: str) -> bytes:
        done = subprocess.run(["git", *words], cwd=self.root, capture_output=True, check=True)
        return done.stdout

    def _data(self, blob: str) -> dict[str, Any] | None:
        raw = self.raw("cat-file", "blob", blob)
        try:
            return parse(raw)
        except Malformed:
            return None

    def _tree(self, commit: str) -> dict[Key, Place]:
        found = {}
        for line in self.git("ls-tree", "-r", commit).splitlines():
            head, path = line.split("\t")
            if "issues/" in path:
                found[path.rpartition("/")[2][:-5]] = (path, head.split()[2])
        return found

    def _meta(self, commit: str) -> tuple[list[str], int, str]:
        parents, moment, author = self.git(
            "show", "-s", "--format=%P%n%ct%n%an", commit
        ).splitlines()[:3]
        return parents.split(), int(moment), author

    def _rank(self, commit: str) -> tuple[int, int]:
        parents, moment, _ = self.meta(commit)
        before = [self.rank(one) for one in parents]
        return max([moment, *[r for r, _ in before]]), 1 + max([h for _, h in before], default=0)

    def sound(self, commit: str, key: Key, path: str) -> dict[str, Any] | None:
        """The record at a path of a commit, or the last one before that could be read."""
        while True:
            place = self.tree(commit).get(key)
            if place is None or place[0] != path:
                return None
            found = self.data(place[1])
            parents = self.meta(commit)[0]
            if found is not None or not parents:
                return found
            commit = parents[0]

    def _facts(self, commit: str) -> list[Event]:
        parents = list(dict.fromkeys(self.meta(commit)[0]))
        now = self.tree(commit)
        facts: list[tuple[Any, ...]] = []
        changed = [
            key
            for key, place in now.items()
            if all(self.tree(parent).get(key) != place for parent in parents)
        ]
        come = [key for key in changed if not any(key in self.tree(parent) for parent in parents)]
        turned = self._turned(commit, parents, come)
        self.turns[commit] = turned
        left = set(turned.values())
        for key in changed:
            old = [
                (one, key) for one in parents if key in self.tree(one) and (one, key) not in left
            ]
            if key in turned:
                old = [turned[key]]
                facts.append((key, "renumbered", "id", old[0][1], key))
            facts += self._differences(commit, key, old)
        for key in {key for parent in parents for key in self.tree(parent)} - now.keys():
            if len({self.tree(one).get(key, (None,))[0] for one in parents} | {None}) == 2 and all(
                key in self.tree(one) for one in parents
            ):
                old = [(one, key) for one in parents if (one, key) not in left]
                if old:
                    data = self.sound(old[0][0], key, self.tree(old[0][0])[key][0])
                    facts.append((key, "changed" if data is None else "removed", None, data, None))
        _, moment, author = self.meta(commit)
        return [
            Event(key, "issue", word, field, old, new, author, moment, commit)
            for key, word, field, old, new in facts
        ]

    def _turned(
        self, commit: str, parents: list[str], come: list[Key]
    ) -> dict[Key, tuple[str, Key]]:
        now = self.tree(commit)
        fresh = {key: data for key in come if (data := self.data(now[key][1])) is not None}
        found: dict[Key, tuple[str, Key]] = {}
        for parent in parents:
            free = []
            for key, (path, blob) in sorted(self.tree(parent).items()):
                old = self.sound(parent, key, path)
                if now.get(key) == (path, blob) or old is None:
                    continue
                if key not in now:
                    free.append((0, key, _mark(old)))
                elif old.get("created") and _mark(self.data(now[key][1])) != _mark(old):
                    free.append((1, key, _mark(old)))
            free.sort()
            for key in sorted(fresh.keys() - found.keys()):
                match = next((one for one in free if one[2] == _mark(fresh[key])), None)
                if match is not None:
                    free.remove(match)
                    found[key] = (parent, match[1])
        return found

    def _differences(
        self, commit: str, key: Key, old: list[tuple[str, Key]]
    ) -> list[tuple[Any, ...]]:
        path, blob = self.tree(commit)[key]
        new = self.data(blob)
        facts: list[tuple[Any, ...]] = []
        before = [(self.tree(parent)[was], parent, was) for parent, was in old]
        if before and all(
            one[0][0].rpartition("/")[0] != path.rpartition("/")[0] for one in before
        ):
            facts.append((key, "moved", "path", before[0][0][0], path))
        if any(one[0][1] == blob for one in before):
            return facts
        if new is None:
            return [*facts, (key, "changed", None, None, None)]
        sounds = [self.sound(parent, was, place[0]) for place, parent, was in before]
        known = [one for one in sounds if one is not None]
        if not known:
            return [*facts, (key, "created", None, None, new)]
        renumbered = bool(old) and old[0][1] != key
        for field, was, now in compare(known[0], new):
            others = [{c.field: c.new for c in compare(one, new)} for one in known[1:]]
            if all(field in one and same(one[field], now) for one in others) and not (
                renumbered and field == "id"
            ):
                facts.append((key, _word(field, was, now), field, was, now))
        return facts

    def commits(self, head: str) -> list[str]:
        """All commits, oldest first and after their parents."""
        found = self.git("rev-list", head).split()
        return sorted(found, key=lambda one: (*self.rank(one), one))

    def events(self, head: str) -> list[Event]:
        """All events, oldest first."""
        return [event for commit in self.commits(head) for event in self.facts(commit)]

    def log(self, head: str, key: Key) -> list[Event]:
        """The events of one record: what each commit knows of it flows to its children."""
        known: dict[str, dict[Key, set[int]]] = {}
        events = self.events(head)
        for commit in self.commits(head):
            here: dict[Key, set[int]] = {}
            turned = {was: key for key, was in self.turns[commit].items()}
            for parent in self.meta(commit)[0]:
                for id, some in known[parent].items():
                    here.setdefault(turned.get((parent, id), id), set()).update(some)
            for number, event in enumerate(events):
                if event.commit == commit:
                    here.setdefault(event.id, set()).add(number)
            known[commit] = here
        left, seen, found = [key], {key}, set()
        while left:
            id = left.pop()
            if known[head].get(id):
                found |= known[head][id]
                continue
            after = {k for some in self.turns.values() for k, (_, was) in some.items() if was == id}
            reachable = {k for k in after if any(e.new == k and e.old == id for e in events)}
            left += reachable - seen
            seen |= reachable
        return [events[number] for number in sorted(found)]

    def blame(self, head: str, key: Key, field: str, value: Any) -> str | None:
        """The last commit in a record's log that gives a field a value that no parent had."""
        found = None
        for event in self.log(head, key):
            place = self.tree(event.commit).get(event.id)
            data = place and self.data(place[1])
            if not data or not same(flatten(data).get(field), value):
                continue
            parents = self.meta(event.commit)[0]
            was = self.turns[event.commit].get(event.id)
            olds = [was] if was else [(parent, event.id) for parent in parents]
            before = [
                self.sound(parent, id, self.tree(parent)[id][0])
                for parent, id in olds
                if id in self.tree(parent) and (was or (parent, id) not in self._taken(event))
            ]
            if not any(one and same(flatten(one).get(field), value) for one in before):
                found = event.commit
        return found

    def _taken(self, event: Event) -> set[tuple[str, Key]]:
        return set(self.turns[event.commit].values())


def _mark(data: dict[str, Any] | None) -> str:
    return repr(data and (data.get("title"), data.get("created")))


def _word(field: str, old: Any, new: Any) -> str:
    done = ("closed", "resolved")
    if field != "status" or (old in done) == (new in done):
        return "changed"
    return "closed" if new in done else "reopened"
