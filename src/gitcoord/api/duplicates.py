"""Records that a new one may repeat, told when it is created and at next to no cost.

The words of titles are compared in what search derived before; nothing is brought up to date
for it, and no model is loaded. `coord similar` looks closer.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace

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
