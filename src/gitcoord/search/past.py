"""What records said before: the texts that were replaced since, from the events of history."""

from __future__ import annotations

from gitcoord.errors import GitError
from gitcoord.git import walk
from gitcoord.history import read as history
from gitcoord.history.read import Wanted
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from gitcoord.git.repository import Repository

_FIELDS = ("title", "task", "description", "notes")
_MOST = 4000


def texts(repo: Repository, commit: str, ids: Collection[str] | None) -> dict[str, str]:
    """Return the former texts of some records (None: of all that have any) up to a commit."""
    found: dict[str, list[str]] = {id: [] for id in ids or ()}
    wanted = Wanted(fields=_FIELDS)
    listed = None if ids is None else sorted(ids)
    for event in history.select(repo, wanted, ids=listed, commit=commit):
        if event.event == "changed" and event.field in _FIELDS and isinstance(event.old, str):
            found.setdefault(event.id, []).append(event.old)
    return {id: "\n".join(dict.fromkeys(reversed(old)))[:_MOST] for id, old in found.items()}


def touched(repo: Repository, old: str, new: str) -> set[str] | None:
    """Return the ids of the records that commits between two touched; None when one is gone."""
    found = set()
    try:
        for commit in walk.commits(walk.start(repo, old, new, layout.ROOT)):
            for touch in commit.touches:
                place = layout.place(touch.path)
                if place is not None:
                    found.add(place.id)
    except GitError:
        return None
    return found
