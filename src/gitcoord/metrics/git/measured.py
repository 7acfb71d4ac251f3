"""One repository, opened to be measured: its commits, branches and tags as they stand now."""

from __future__ import annotations

from contextlib import ExitStack, closing

from gitcoord.index import native
from gitcoord.metrics.git import (
    branches,
    comings,
    counting,
    memory,
    people,
    pulls,
    reflogs,
    releases,
    remerging,
)
from gitcoord.metrics.git.comings import Known
from gitcoord.metrics.git.kept import Kept
from gitcoord.metrics.git.place import PROMISED, SHALLOW, find
from gitcoord.metrics.git.window import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from typing import Any, TypeVar

    from gitcoord.metrics.git.branches import Ref
    from gitcoord.metrics.git.people import Person
    from gitcoord.metrics.git.place import Place
    from gitcoord.metrics.git.switching import Switch
    from gitcoord.metrics.git.window import Window

    Answer = TypeVar("Answer")

STALE = 90
_MOST = 10


class Measured:
    """A repository to ask; `close` ends it.

    `hub` is the hub's shared git directory, where the commits read before are remembered.
    Opening lists the branches once, so that the next one sees which came and went.
    """

    __slots__ = (
        "_opened",
        "_persons",
        "connection",
        "kept",
        "listed",
        "now",
        "place",
        "refs",
        "tags",
    )

    def __init__(self, folder: str, now: datetime, hub: str | None = None) -> None:
        self.place: Place = find(folder)
        self.now = now
        self._persons: dict[int, Person] | None = None
        asked = branches.start(self.place.repo), releases.start(self.place.repo)
        with ExitStack() as opened:  # damage can show as soon as they are asked
            self.connection = opened.enter_context(closing(memory.opened(hub, self.place)))
            self.kept = opened.enter_context(closing(Kept(hub, self.place)))
            self.refs = branches.read(asked[0])
            self.tags = releases.read(asked[1])
            self.listed = self.kept.list_branches(
                branches.remotes(self.refs),
                reflogs.created(self.place.repo, {ref.short for ref in self.refs if ref.remote}),
                int(now.timestamp()),
            )
            self._opened = opened.pop_all()

    def __enter__(self) -> Measured:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close what is remembered."""
        self._opened.close()

    @property
    def persons(self) -> dict[int, Person]:
        """Who wrote the commits, by number; asked of git once."""
        if self._persons is None:
            self._persons = people.known(self.connection, self.place.repo)
        return self._persons

    def about(self) -> dict[str, Any]:
        """Return where the figures come from, and what makes them partial."""
        stand = memory.stand(self.connection)
        reasons = [SHALLOW] if self.place.lacking else []
        if stand.get("exact"):
            reasons.append(PROMISED)
        partial = bool(reasons)
        if self.place.commit is None:
            reasons.append("there is no commit yet")
        gone = int(stand.get("rewritten") or 0)
        return {
            "commit": self.place.commit,
            "branch": self.place.branch,
            "partial": partial,
            "reason": "; ".join(reasons) or None,
            "rewritten": {"commits": gone, "from": stand["rewritten_from"]} if gone else None,
        }

    def total(self) -> int:
        """Return how many commits HEAD reaches."""
        return int(self.connection.execute("SELECT count(*) FROM commits").fetchone()[0])

    def velocity(
        self, window: Window, facts: Sequence[Switch] = (), *, remerge: bool = True
    ) -> dict[str, Any]:
        """Return how much happened in a window; `facts` are switches that the journal tells."""
        found = counting.count(self.connection, self.persons, window)
        merging = dict.fromkeys(remerging.FIGURES)
        if remerge:
            merging = remerging.figures(self.connection, self.kept, self.place, window)
        tags = [tag.name for tag in self.tags]
        known = Known(self.place.repo, self.refs, tags, self.listed, facts)
        oldest = counting.first(self.connection, window)
        return found | merging | comings.figures(known, window, oldest)

    def bus_factor(self, window: Window) -> int | None:
        """Return the fewest people who made more than half of the commits; None without any.

        Merges and programs do not count.
        """
        written = counting.authors(self.connection, self.persons, window, merges=False)
        numbers = [number for person, number in written.values() if not people.is_bot(person)]
        return counting.more_than_half(numbers)

    def touched(self, window: Window) -> dict[str, Any]:
        """Return the hotspots and coupled files of a window."""
        from gitcoord.metrics.git import files  # velocity does without

        found = files.touched(self.connection, self.place, window)
        return {
            "hotspots": files.hotspots(found, self.persons, _MOST),
            "coupled": files.coupled(found, _MOST),
        }

    def conflicting(self, window: Window) -> list[dict[str, Any]]:
        """Return the files that conflicted most often in the merges of a window."""
        told = remerging.outcomes(self.connection, self.kept, self.place, window)
        return remerging.most_often(told, _MOST)

    def branches(self) -> dict[str, Any]:
        """Return how many branches there are, and those without a commit for `STALE` days."""
        default = branches.default(self.refs, self.place.branch)
        real = [ref for ref in self.refs if not ref.symbolic]
        cut = int(self.now.timestamp()) - STALE * DAY
        stale = [ref for ref in real if ref.branch != default and ref.time < cut]
        stale.sort(key=lambda ref: (ref.time, ref.name))
        return {
            "default_branch": default,
            "branches": len(real),
            "stale_branches": len(stale),
            "stale": [self._stale(ref) for ref in stale],
        }

    def would_conflict(self) -> list[str] | None:
        """Return the active branches that would conflict with the default branch today.

        None without a default branch, or where one of them cannot be merged for lack of
        what a shallow or partial clone has left out.
        """
        default = branches.default(self.refs, self.place.branch)
        real = [ref for ref in self.refs if not ref.symbolic]
        base = branches.newest(real, default)
        if base is None:
            return None
        cut = int(self.now.timestamp()) - STALE * DAY
        active = {r.commit: r.short for r in real if r.branch != default and r.time >= cut}
        pairs = [f"{base.commit} {commit}" for commit in active if commit != base.commit]
        told = remerging.remembered(self.kept, self.place, pairs)
        if len(told) < len(pairs):
            return None
        return sorted(active[pair.partition(" ")[2]] for pair, paths in told.items() if paths)

    def pull_requests(self) -> dict[str, Any]:
        """Return how many pull requests are here, and how many of them are not merged."""
        default = branches.default(self.refs, self.place.branch)
        base = branches.newest([ref for ref in self.refs if not ref.symbolic], default)
        found = pulls.count(self.place, base, int(self.now.timestamp()) - STALE * DAY)
        told = (None, None, None) if found is None else found
        names = ("pull_requests", "unmerged_pull_requests", "active_pull_requests")
        return dict(zip(names, told, strict=True))

    def _stale(self, ref: Ref) -> dict[str, Any]:
        known = "SELECT 1 FROM commits WHERE oid = ?"
        merged = self.connection.execute(known, (ref.commit,)).fetchone() is not None
        days = (int(self.now.timestamp()) - ref.time) // DAY
        return {"name": ref.short, "commit": ref.commit, "days": days, "merged": merged}

    def release(self) -> dict[str, Any]:
        """Return the last release, how long ago it was, and how many commits came after it."""
        tag = releases.newest(self.tags)
        if tag is None:
            return {"release": None, "days_since_release": None, "commits_since_release": None}
        return {
            "release": tag.name,
            "days_since_release": max(0, (int(self.now.timestamp()) - tag.time) // DAY),
            "commits_since_release": releases.after(self.place, tag),
        }


def measure(
    folder: str, now: datetime, hub: str | None, question: Callable[[Measured], Answer]
) -> Answer:
    """Open a repository, ask it, and close it; damage of what is remembered costs only time."""
    try:
        with Measured(folder, now, hub) as measured:
            return question(measured)
    except native.DatabaseError:
        if hub is not None:
            memory.forget(hub, find(folder))
    with Measured(folder, now) as measured:
        return question(measured)
