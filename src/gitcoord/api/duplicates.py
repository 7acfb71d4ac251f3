"""Records that a new one may repeat, told when it is created, and when it is reviewed.

The words of titles are compared, on creation in what search derived before: nothing is brought
up to date for it, and no model is loaded. `coord similar` looks closer.
"""

from __future__ import annotations

import os

from gitcoord.model.findings import WARNING, Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace
    from gitcoord.model.difference import Difference

_KINDS = ("issue", "todo", "plan")
_FEWEST = 3
_SHARED = 0.6
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


def likely(workspace: Workspace, kind: str, id: str, title: str) -> list[Likely]:
    """Return the records of a kind whose titles are nearly that of a new one, the nearest first.

    Nothing where nobody has searched this hub yet.
    """
    path = os.path.join(workspace.repo.git_dir, "coord", "search", "records.db")
    if not title or not os.path.exists(path):
        return []
    from gitcoord.index import native  # only where there is something to look through
    from gitcoord.search import corpus, lexical
    from gitcoord.search.terms import terms_of

    words = terms_of(title)
    if len(words) < 2:
        return []
    found = []
    try:
        connection = corpus.opened(path)
        for n in lexical.best(connection, words, 20, column="title"):
            row = connection.execute("SELECT key, kind, title FROM doc WHERE n = ?", (n,))
            key, its_kind, its_title = row.fetchone()
            if key == id or its_kind != kind:
                continue
            same = len(lexical.matched(connection, words, [n], column="title")[n])
            shared = min(same / max(len(words) + len(terms_of(its_title)) - same, 1), 1.0)
            if shared > _SHARED:
                found.append(Likely(key, its_title, shared))
        connection.close()
    except native.DatabaseError:
        return []  # it is made anew by the next search
    return sorted(found, key=lambda one: (-one.shared, one.id))[:_MOST]


def brought_in(after: Workspace, changes: list[Difference]) -> list[Finding]:
    """Return a warning for each record that a change adds and whose title is much like another's."""
    added = {one.id for one in changes if one.change == "added" and one.kind in _KINDS}
    if not added:
        return []
    from gitcoord.search.terms import stems_of  # only where a change adds records

    rows = after.view().execute(
        "SELECT id, kind, path, coalesce(title, '') FROM core WHERE archived = 0 ORDER BY sort"
    )
    listed = [(id, kind, path, title, stems_of(title)) for id, kind, path, title in rows]
    found = []
    for id, kind, path, _, stems in listed:
        if id not in added or len(stems) < _FEWEST:
            continue
        others = [
            (len(stems & theirs) / len(stems | theirs), other, title)
            for other, its_kind, _, title, theirs in listed
            if other != id and its_kind == kind and len(stems & theirs) >= _FEWEST
        ]
        shared, other, title = max(others, default=(0.0, "", ""))
        if shared > _SHARED:
            found.append(_repeats(id, path, other, title))
    return found


def _repeats(id: str, path: str, other: str, title: str) -> Finding:
    return Finding(
        path=path, line=1, column=1, id=id, code="likely-duplicate", severity=WARNING,
        message=f"{id} is much like {other}: {title}",
        hint=f"`coord similar {id}` looks closer; close one of the two, or tell them apart.",
    )  # fmt: skip
