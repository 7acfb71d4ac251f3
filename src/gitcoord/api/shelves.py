"""What search looks through: the records of a hub, and the commits of its repositories.

A shelf is a corpus that is up to date, its vectors where a model is in use, and which of its
documents are asked for.
"""

from __future__ import annotations

import os

from gitcoord.index import native
from gitcoord.search import ranking, records

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from gitcoord.api.meaning import Meaning
    from gitcoord.api.workspace import Workspace
    from gitcoord.git.repository import Repository
    from gitcoord.model.query.nodes import Query
    from gitcoord.search.filling import Filled
    from gitcoord.search.ranking import Found, Question
    from gitcoord.search.vectors import Vectors

    Tell = Callable[[str], object]
    Row = tuple[str, str, list[str], str, str | None, int | None]


AT_ONCE = 32
"""How many missing vectors a question waits for."""


class Shelf:
    """One corpus to look through; `allowed` are the documents that are asked for, None for all."""

    __slots__ = ("_meaning", "allowed", "connection", "keeps", "name", "place", "vectors")

    def __init__(self, name: str, connection: sqlite3.Connection) -> None:
        self.name = name
        self.connection = connection
        self._meaning: Meaning | None = None
        self.vectors: Vectors | None = None
        self.allowed: set[int] | None = None
        self.place: Callable[[int], str | None] | None = None
        self.keeps = True

    def row(self, n: int) -> Row | None:
        """Return key, kind, repositories, title, status and time of a document."""
        query = "SELECT key, kind, repo, title, time FROM doc WHERE n = ?"
        found = self.connection.execute(query, (n,)).fetchone()
        if found is None:
            return None
        key, kind, repo, title, time = found
        return key, kind, [repo], title, None, time

    def understand(self, meaning: Meaning, path: str) -> None:
        """Use the vectors that a model gives to the documents."""
        self._meaning = meaning
        self.vectors = meaning.vectors(self.connection, path)

    def look(self, question: Question, most: int) -> Found:
        """Find the documents that are worth comparing; damaged vectors are computed anew."""
        found = ranking.look(self.connection, self.vectors, question, most, self.allowed)
        if not self.mended():
            return found
        return ranking.look(self.connection, self.vectors, question, most, self.allowed)

    def mended(self) -> bool:
        """Compute vectors anew that were met and are none; tell whether there were any."""
        if self._meaning is None or self.vectors is None or not self.vectors.spoilt:
            return False
        try:
            self.vectors.mend()
        except native.OperationalError:  # a disk that cannot be written
            return False
        self.fill(self._meaning, AT_ONCE)
        return True

    def fill(
        self, meaning: Meaning, most: int | None, tell: Callable[[int], object] | None = None
    ) -> Filled:
        """Give vectors to documents that wait for one, computing at most so many."""
        from gitcoord.search import filling  # words alone need none of it

        assert self.vectors is not None
        try:
            return filling.fill(
                self.connection, self.vectors, meaning.embedder, most=most, place=self.place,
                keeps=self.keeps, tell=tell,
            )  # fmt: skip
        except native.OperationalError:  # a disk that cannot be written: those there are have to do
            return filling.Filled()


class Records(Shelf):
    """The records that a workspace answers for; what a list shows of them comes from the index."""

    __slots__ = ("_view",)

    def __init__(
        self, workspace: Workspace, query: Query | None = None, since: int | None = None
    ) -> None:
        self._view = workspace.view()
        found = records.current(workspace.repo, self._view, workspace.at)
        super().__init__("records", workspace.held(found))
        self.keeps = workspace.at is None  # the files beside records belong to what these say now
        root = workspace.repo.root
        if query is not None or since is not None:
            self.allowed = _allowed(workspace, query, since)

        def place(n: int) -> str | None:
            from gitcoord.search import beside  # only where vectors are missing

            row = self._view.execute("SELECT path FROM core WHERE n = ?", (n,)).fetchone()
            return beside.path_of(root, row[0]) if row else None

        self.place = place

    def row(self, n: int) -> Row | None:
        """Return key, kind, repositories, title, status and time of a record."""
        query = "SELECT id, kind, title, status, updated FROM core WHERE n = ?"
        found = self._view.execute(query, (n,)).fetchone()
        if found is None:
            return None
        id, kind, title, status, time = found
        repos = self._view.execute("SELECT value FROM value WHERE n = ? AND +field = 'repo'", (n,))
        return id, kind, [name for (name,) in repos], title or "", status, time

    def number(self, id: str) -> int | None:
        """Return the document of a record."""
        row = self._view.execute(
            "SELECT n FROM core WHERE id = ? COLLATE NOCASE ORDER BY archived", (id,)
        ).fetchone()
        return None if row is None else int(row[0])


def of_commits(
    workspace: Workspace, repos: list[str], since: int | None, tell: Tell
) -> tuple[Shelf, list[str]]:
    """Return the shelf of commits, and the repositories that do not lie on this machine."""
    from gitcoord.search import commits  # only where they are asked for

    folders = _repositories(workspace)
    shelf = Shelf("commits", workspace.held(commits.current(workspace.repo, folders, tell)))
    if repos or since is not None:
        where = f"repo IN ({', '.join('?' * len(repos))})" if repos else "1"
        query = f"SELECT n FROM doc WHERE {where} AND time >= ?"
        rows = shelf.connection.execute(query, (*repos, -(1 << 62) if since is None else since))
        shelf.allowed = {n for (n,) in rows}
    return shelf, [name for name, repo in folders.items() if repo is None]


def _repositories(workspace: Workspace) -> dict[str, Repository | None]:
    """Return the repositories of the registry, None for one that is not here; bare ones count."""
    from gitcoord.api import whereabouts

    rows = workspace.view().execute(
        "SELECT id FROM core WHERE kind = 'repo' AND archived = 0 ORDER BY sort"
    )
    places = whereabouts.folders_of(workspace, [name for (name,) in rows])
    return {name: _repository(place) if place else None for name, place in places.items()}


def _repository(place: str) -> Repository | None:
    from gitcoord.git.repository import bare, discover

    if not os.path.exists(os.path.join(place, ".git")):
        return bare(place)
    found = discover(place)
    return found if found is not None and found.root == os.path.realpath(place) else None


def path_of(workspace: Workspace, shelf: Shelf) -> str:
    """Return where a shelf's corpus lies."""
    if shelf.name == "records":
        return records.path_of(workspace.repo, workspace.at)
    if shelf.name == "attempts":
        from gitcoord.api import attempt_shelf  # few searches look through attempts

        return attempt_shelf.path_of(workspace.repo)
    from gitcoord.search import commits  # only where they are asked for

    return commits.path_of(workspace.repo)


def _allowed(workspace: Workspace, query: Query | None, since: int | None) -> set[int]:
    view = workspace.view()
    where = "coalesce(r.updated, 0) >= ?"
    params: list[object] = [-(1 << 62) if since is None else since]
    if query is not None:
        from gitcoord.index import text  # only where records are narrowed down
        from gitcoord.index.compile import compile_query

        compiled = compile_query(
            query, now=workspace.now, me=None, text=lambda wanted: text.condition(view, wanted)
        )
        where, params = f"{where} AND {compiled.where}", [*params, *compiled.params]
    return {n for (n,) in view.execute(f"SELECT r.n FROM record r WHERE {where}", params)}
