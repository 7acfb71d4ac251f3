"""Records that a new one may repeat, told when it is created, and when it is reviewed.

The words of titles are compared, without their endings: no model is loaded, and nothing is
brought up to date for a create. `coord similar` looks closer.
"""

from __future__ import annotations

from gitcoord.model.findings import WARNING, Finding
from gitcoord.model.kinds import BY_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gitcoord.api.nearest_titles import Title
    from gitcoord.api.workspace import Workspace
    from gitcoord.model.difference import Difference

_KINDS = ("issue", "todo", "plan")
_MOST = 3


class Likely:
    """A record with nearly the same title; `shared` is the part of the words they have in common."""

    __slots__ = ("id", "shared", "title")

    def __init__(self, id: str, title: str, shared: float) -> None:
        self.id = id
        self.title = title
        self.shared = shared

    def as_dict(self) -> dict[str, object]:
        """Return it in its documented JSON shape."""
        return {"id": self.id, "title": self.title, "score": round(self.shared, 4)}


class Looking:
    """Looks, once, for records that a new one may repeat; trouble is told when it is asked."""

    __slots__ = ("_found", "_trouble", "_workspace")

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._found: list[Likely] | None = None
        self._trouble: Exception | None = None

    def get_ready(self) -> None:
        """Load what is needed, while git says which ids were given."""
        from gitcoord.api import titles  # noqa: F401
        from gitcoord.search import terms  # noqa: F401

    def about(self, kind: str, id: str, title: str) -> Callable[[], None]:
        """Return what looks, to be called while git is at work on the new record."""

        def look() -> None:
            try:
                self.found(kind, id, title)
            except Exception as trouble:  # noqa: BLE001 - it must not come between; see `found`
                self._trouble = trouble

        return look

    def found(self, kind: str, id: str, title: str) -> list[Likely]:
        """Return what `likely` returns, or raise what came between when it was looked for."""
        if self._trouble is not None:
            raise self._trouble
        if self._found is None:
            self._found = likely(self._workspace, kind, id, title)
        return self._found


def likely(workspace: Workspace, kind: str, id: str, title: str) -> list[Likely]:
    """Return the records of a kind whose titles are nearly that of a new one, the nearest first."""
    from gitcoord.api import titles  # only where a record is created
    from gitcoord.search.terms import SHARED, alike, stems_of

    stems = stems_of(title)
    if kind not in _KINDS or len(stems) < 2:
        return []

    def shared(other: str) -> float:
        return alike(stems, stems_of(other))

    def near(listed: str) -> list[str]:
        some = dict.fromkeys(_with_most(listed, stems, titles.SEPARATOR))
        best = sorted([(-shared(one), one) for one in some])[:_MOST]
        return [one for less, one in best if -less > SHARED]

    found = titles.chosen(workspace.repo, BY_NAME[kind], id, near)
    listed = [Likely(other, its_title, shared(its_title)) for other, its_title in found.items()]
    return sorted(listed, key=lambda one: (-one.shared, one.id))[:_MOST]


def _with_most(listed: str, stems: frozenset[str], separator: str) -> list[str]:
    """Return the titles that hold so many of the words that they may be alike.

    One that has enough of them has one of the rarest few, and these few are looked for in
    the text as a whole, which is quicker than looking at each title.
    """
    folded = listed.casefold()
    if len(folded) != len(listed):  # `ß` and the like: the places would not be the same
        return listed.split(separator)
    from gitcoord.search.terms import SHARED

    enough = int(SHARED * len(stems)) + 1
    rarest = sorted(stems, key=lambda stem: (folded.count(stem), stem))[: len(stems) - enough + 1]
    starts: set[int] = set()
    for stem in rarest:
        at = folded.find(stem)
        while at >= 0:
            starts.add(folded.rfind(separator, 0, at) + 1)
            end = folded.find(separator, at)
            at = folded.find(stem, end) if end >= 0 else -1
    found = []
    for start in sorted(starts):
        end = folded.find(separator, start)
        place = slice(start, end if end >= 0 else None)
        one = folded[place]
        if sum([stem in one for stem in stems]) >= enough:
            found.append(listed[place])
    return found


def brought_in(after: Workspace, changes: list[Difference]) -> list[Finding]:
    """Return a warning for each record that a change adds and whose title is much like another's."""
    added = {one.id for one in changes if one.change == "added" and one.kind in _KINDS}
    if not added:
        return []
    from gitcoord.api.nearest_titles import Title, nearest  # only where a change adds records
    from gitcoord.search.terms import stems_of

    rows = after.view().execute(
        "SELECT id, kind, path, coalesce(title, '') FROM core WHERE archived = 0 ORDER BY sort"
    )
    listed = [Title(id, kind, path, title, stems_of(title)) for id, kind, path, title in rows]
    near = nearest([one for one in listed if one.id in added], listed)
    return [_repeats(one.id, one.path, near[one]) for one in listed if one in near]


def _repeats(id: str, path: str, other: Title) -> Finding:
    return Finding(
        path=path, line=1, column=1, id=id, code="likely-duplicate", severity=WARNING,
        message=f"{id} is much like {other.id}: {other.title}",
        hint=f"`coord similar {id}` looks closer; close one of the two, or tell them apart.",
    )  # fmt: skip
