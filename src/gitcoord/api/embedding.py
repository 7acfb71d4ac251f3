"""Give records and commits their vectors, all that lack one."""

from __future__ import annotations

import fcntl
import os

from gitcoord.api import attempt_shelf, meaning, shelves
from gitcoord.errors import ConflictError, InvalidError
from gitcoord.search import beside
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gitcoord.api.meaning import Meaning
    from gitcoord.api.shelves import Shelf
    from gitcoord.api.workspace import Workspace

    Tell = Callable[[str], object]


class Embedded:
    """What became of one sort of documents: how many vectors were computed, taken, kept."""

    __slots__ = ("embedded", "missing", "name", "taken", "unchanged")

    def __init__(self, name: str, embedded: int, taken: int, unchanged: int, missing: int) -> None:
        self.name = name
        self.embedded = embedded
        self.taken = taken
        self.unchanged = unchanged
        self.missing = missing

    def as_dict(self) -> dict[str, int]:
        """Return the numbers in their documented JSON shape."""
        return {"embedded": self.embedded, "taken": self.taken, "unchanged": self.unchanged,
                "missing": self.missing}  # fmt: skip


def embed(
    workspace: Workspace, models: str, tell: Tell, *, commits: bool = False, runtime: str = "light"
) -> list[Embedded]:
    """Compute the vectors that records, and commits if asked, lack; return what was done.

    A vector that lies beside a record and was made from its text by this model is taken as
    it is. Raises `InvalidError` without a model, `ConflictError` while another is at it.
    """
    found, why = meaning.opened(models, runtime=runtime)
    if found is None:
        raise InvalidError(f"{why.partition(':')[0].capitalize()}.", hint=_hint(why))
    folder = os.path.join(workspace.repo.common_dir, "coord")
    os.makedirs(folder, exist_ok=True)
    lock = os.open(os.path.join(folder, "embed.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        beside.ignore(workspace.repo.root, workspace.repo.common_dir)
        listed: list[Shelf] = [shelves.Records(workspace)]
        if commits:
            listed.append(shelves.of_commits(workspace, [], None, tell)[0])
            listed.append(attempt_shelf.of_attempts(workspace, [], None))
        done = [_embed(workspace, found, shelf, tell) for shelf in listed]
        for name in layout.FOLDERS:
            beside.prune(os.path.join(workspace.repo.root, name))
        return done
    except BlockingIOError:
        raise ConflictError(
            "Another `coord embed` is at work in this hub.", hint="Wait for it, or end it."
        ) from None
    finally:
        os.close(lock)


def _hint(why: str) -> str:
    if why == meaning.DAMAGED:
        return "`coord model install` fetches it once more."
    if why == meaning.NO_MODEL:
        return "`coord model install` fetches one."
    return "pip install 'gitcoord[search]'"


def _embed(workspace: Workspace, found: Meaning, shelf: Shelf, tell: Tell) -> Embedded:
    shelf.understand(found, shelves.path_of(workspace, shelf))
    vectors = shelf.vectors
    assert vectors is not None
    vectors.mend()
    waiting = vectors.waiting()
    (count,) = shelf.connection.execute("SELECT count(*) FROM vector").fetchone()
    filled = shelf.fill(
        found, None, lambda done: tell(f"{shelf.name}: {done:,} of {waiting:,} vectors")
    )
    missing = vectors.waiting()
    vectors.close()
    return Embedded(shelf.name, filled.embedded, filled.taken, count, missing)
