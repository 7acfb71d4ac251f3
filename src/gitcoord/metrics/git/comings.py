"""How many branches came and went, and how often another one was checked out.

Git keeps no list of what was. Three things tell of it: reflogs, the list of branches that
was seen the last time, and the facts of the journal that hooks of other clones wrote.
Nothing seen means nothing happened only where all of the window was watched.
"""

from __future__ import annotations

import os

from gitcoord.git.refs import JOURNAL
from gitcoord.metrics.git import reflogs, switching
from gitcoord.metrics.git.switching import UNKNOWN, Switch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from gitcoord.git.repository import Repository
    from gitcoord.metrics.git.branches import Ref
    from gitcoord.metrics.git.kept import Listed
    from gitcoord.metrics.git.window import Window

_NEAR = 60
"""Seconds by which the fact that a hook writes may come after the line in the reflog."""
_ALWAYS = 0


class Known:
    """What reflogs, lists and facts tell of one repository."""

    def __init__(
        self, repo: Repository, refs: Sequence[Ref], tags: Iterable[str], listed: Listed,
        facts: Sequence[Switch],
    ) -> None:  # fmt: skip
        heads = reflogs.of_head(repo)
        real = {ref.short for ref in refs if not ref.remote}
        real |= {name for name, _, _ in listed.branches}
        other = {*tags, *(ref.short for ref in refs if ref.remote)} - real
        logged = [move for one in heads for move in switching.switches(one, real, other)]
        begins = [head.lines[0].time for head in heads]
        self.switches = [*logged, *_others(facts, logged)]
        self.listed = listed
        self.watched = _ALWAYS if reflogs.from_birth(heads) else min(begins, default=None)
        self._logged = sorted(logged)
        self.since = min([*begins, *(fact.time for fact in facts)], default=None)

    def came(self) -> list[int]:
        """Return when branches came: those that were listed, and others that were checked out."""
        seen = [time for _, time, _ in self.listed.branches if time is not None]
        return seen + list(self._met().values())

    def went(self) -> list[tuple[int, int]]:
        """Return between which seconds each branch went that is gone."""
        gone = [(time, time) for _, _, time in self.listed.branches if time is not None]
        last: dict[str, int] = {}
        for move in self._logged:
            for name in _born(move):
                last[name] = move.time
        known = {name for name, _, _ in self.listed.branches}
        away = [(time, -1) for name, time in last.items() if name not in known]
        return gone + away

    def _met(self) -> dict[str, int]:
        """Return when branches that nobody ever listed were checked out, if they were new then."""
        listed = {name for name, _, _ in self.listed.branches}
        met: dict[str, int | None] = {}
        for move in self._logged:
            for name in _born(move):
                # What was left was there before.
                met.setdefault(name, move.time if name == move.reached else None)
        return {name: time for name, time in met.items() if time and name not in listed}


def _born(move: Switch) -> list[str]:
    """Return the branches of a switch that have a name and had a commit."""
    return [name for name in move[1:3] if name not in (UNKNOWN, move.unborn)]


def figures(known: Known, window: Window, first: int | None) -> dict[str, Any]:
    """Return how many branches came and went in a window, and how many switches there were.

    `first` is the second of the first commit, where a window with an open start begins.
    """
    begin = window.begin(first) or 0
    now = int(window.now.timestamp())
    listed = known.listed.since if known.listed.before else None
    watched = known.watched if known.watched is not None else listed
    gone = [
        end
        for start, end in known.went()
        if (end < 0 and start >= begin and window.holds(now)) or (end >= 0 and window.holds(end))
    ]
    return {
        "branches_created": _figure(window, known.came(), watched, begin),
        "branches_deleted": len(gone) or (0 if listed is not None and listed <= begin else None),
        "branch_switches": _figure(window, [s.time for s in known.switches], known.watched, begin),
        "branches_listed_since": window.text(known.listed.since),
        "switches_known_since": window.text(known.since),
    }


def _figure(window: Window, times: Iterable[int], watched: int | None, begin: int) -> int | None:
    """Return how many there were; None for none in a window that was not watched as a whole."""
    found = sum(map(window.holds, times))
    return found or (0 if watched is not None and watched <= begin else None)


def _others(facts: Sequence[Switch], switches: Sequence[Switch]) -> list[Switch]:
    """Return the facts of other clones: those that no line of a reflog here tells as well."""
    left = list(switches)
    found = []
    for fact in facts:
        near = [switch for switch in left if switch.is_of(fact, _NEAR)]
        if near:
            left.remove(near[0])
        else:
            found.append(fact)
    return found


def facts_of(hub: Repository, name: str) -> list[Switch]:
    """Return the switches of a repository that the hub's journal tells; a commit is no branch."""
    if not _may_have_journal(hub):
        return []
    from gitcoord.journal import timeline  # costs as much as the figures

    found = []
    for _, fact in timeline.walk(hub, "branch-switch", name, findings=[]):
        left, reached = fact.data["from"], fact.data["to"]
        if left is not None and reached is not None and left != reached:
            found.append(Switch(int(fact.time.timestamp()), left, reached))
    return found


def _may_have_journal(hub: Repository) -> bool:
    if os.path.exists(os.path.join(hub.common_dir, "refs", "heads", JOURNAL)):
        return True
    try:
        with open(os.path.join(hub.common_dir, "packed-refs"), "rb") as file:
            return f"refs/heads/{JOURNAL}\n".encode() in file.read()
    except OSError:
        return os.path.isdir(os.path.join(hub.common_dir, "reftable"))
