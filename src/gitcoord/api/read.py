"""Questions about records: pages of a query, one record, what is ready, what blocks."""

from __future__ import annotations

from gitcoord.api.entry import BRIEF, COLUMNS, Entry, entries
from gitcoord.errors import NotFoundError
from gitcoord.model.suggest import nearest, with_article

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from gitcoord.api.workspace import Workspace
    from gitcoord.model.query.nodes import Query


class Page:
    """The first records of an answer, and whether there are more."""

    __slots__ = ("entries", "more")

    def __init__(self, found: list[Entry], more: bool) -> None:
        self.entries = found
        self.more = more


def select(workspace: Workspace, query: Query, *, limit: int = 0) -> Page:
    """Return the records that a query asks for, at most `limit` of them (0: all)."""
    if query.limit is not None:
        limit = query.limit
    found = list(stream(workspace, query, limit=limit + 1 if limit else 0))
    more = bool(limit) and len(found) > limit
    return Page(found[:limit] if limit else found, more)


def stream(
    workspace: Workspace, query: Query, *, limit: int = 0, brief: bool = False
) -> Iterator[Entry]:
    """Yield the records that a query asks for, one by one, at most `limit` of them (0: all).

    `brief` entries carry what a list shows, and no JSON.
    """
    from gitcoord.index import text  # to show one record takes no query
    from gitcoord.index.compile import compile_query

    view = workspace.view()
    compiled = compile_query(
        query,
        now=workspace.now,
        me=workspace.me if _asks_me(query) else None,
        text=lambda wanted: text.condition(view, wanted),
    )
    statement = f"SELECT {BRIEF if brief else COLUMNS} FROM record r WHERE {compiled.where} ORDER BY {compiled.order}"
    parameters = [*compiled.params]
    if limit:
        statement += " LIMIT ?"
        parameters.append(limit)
    for row in view.execute(statement, parameters):
        yield Entry(row)


def _asks_me(query: Query) -> bool:
    from gitcoord.model.query.nodes import ME, Term, leaves  # loaded with the query

    terms = [leaf for leaf in leaves(query.where) if isinstance(leaf, Term)]
    return any(how == ME for term in terms for how, _ in term.values)


def get(workspace: Workspace, name: str, kind: str | None = None) -> Entry:
    """Return the record with an id, a repository's name or one of its nicknames.

    Raises `NotFoundError` with the nearest id there is.
    """
    view = workspace.view()
    named = _named(view, name)
    found = [entry for entry in named if kind in (None, entry.kind)]
    if found:
        return found[0]
    _refuse_unreadable(view, name)
    where = "WHERE kind = ?1" if kind else ""
    rows = view.execute(
        f"SELECT id FROM record {where} ORDER BY sort LIMIT 20000", (kind,) if kind else ()
    )
    close = nearest(name, [row[0] for row in rows])
    hint = f"Did you mean {close}?" if close else _listing(kind)
    if named:
        hint = f"{named[0].id} is {with_article(named[0].kind)}."
        if (kind, named[0].kind) == ("dependency", "repo"):
            hint += f" What it needs: `coord dep check --consumer {named[0].id}`."
    raise NotFoundError(f"There is no {kind or 'record'} {name!r}.", hint=hint)


def _listing(kind: str | None) -> str:
    noun = {"dependency": "dep"}.get(kind, kind) if kind else None
    return f"`coord {f'{noun} list' if noun else 'list'} --limit 0` shows all there are."


def _refuse_unreadable(view: sqlite3.Connection, name: str) -> None:
    """Say so where there is a file for an id, but no record in it that could be read."""
    row = view.execute(
        'SELECT path, line, "column", message FROM finding WHERE id = ?1 COLLATE NOCASE'
        " AND severity = 'error' AND n NOT IN (SELECT n FROM record) ORDER BY line LIMIT 1",
        (name,),
    ).fetchone()
    if row is not None:
        path, line, column, message = row
        raise NotFoundError(
            f"{path}:{line}:{column}: {message}",
            hint=f"Until that is mended there is no record {name}; `coord check {path}` tells how.",
        )


def _named(view: sqlite3.Connection, name: str) -> list[Entry]:
    order = "ORDER BY r.archived, r.sort"
    for where, word in (
        ("r.id = ?", name),
        ("r.id = ? COLLATE NOCASE", name),
        ("r.n IN (SELECT n FROM value WHERE field = 'nickname' AND value = ?)", name),
    ):
        found = entries(
            view.execute(f"SELECT {COLUMNS} FROM record r WHERE {where} {order}", (word,))
        )
        if found:
            return found
    return []


def repo_named(workspace: Workspace, name: str) -> str:
    """Return the name of a repository: registered, a nickname, or one that records mention.

    Raises `NotFoundError` for a name that nobody uses.
    """
    try:
        return str(get(workspace, name, "repo").id)
    except NotFoundError:
        row = (
            workspace.view()
            .execute(
                "SELECT value FROM value WHERE field = 'repo' AND value = ? ORDER BY value LIMIT 1",
                (name,),
            )
            .fetchone()
        )
        if row is None:
            raise
        return str(row[0])


def ready(workspace: Workspace, *, brief: bool = False) -> list[Entry]:
    """Return the issues and todos that can start now, in the order worth doing."""
    return _in_order_of_worth(workspace, "r.ready = 1", brief)


def blocked(workspace: Workspace, *, brief: bool = False) -> list[Entry]:
    """Return the open records that wait for something, in the order worth doing."""
    return _in_order_of_worth(workspace, "r.blocked = 1", brief)


def _in_order_of_worth(workspace: Workspace, where: str, brief: bool) -> list[Entry]:
    columns = BRIEF if brief else COLUMNS
    query = f"SELECT {columns} FROM record r WHERE {where} ORDER BY r.worth, r.sort"
    return entries(workspace.view().execute(query))


_BLOCKING = f"""
WITH RECURSIVE mine (id) AS (
  SELECT r.id FROM value v JOIN record r ON r.n = v.n
    WHERE v.field = 'repo' AND v.value = ?1 AND (r.open = 1 OR r.kind = 'repo')
), before (id) AS (
  SELECT link.dst FROM mine JOIN link ON link.src = mine.id AND link.type = 'waits'
    JOIN record r ON r.id = link.dst AND r.open = 1
  UNION
  SELECT link.dst FROM before JOIN link ON link.src = before.id AND link.type = 'waits'
    JOIN record r ON r.id = link.dst AND r.open = 1
)
SELECT {COLUMNS} FROM record r WHERE r.id IN (SELECT id FROM before) AND r.open = 1
ORDER BY r.worth, r.sort
"""


def blocking(workspace: Workspace, repo: str) -> list[Entry]:
    """Return the open records that stand, directly or through others, before open work of a repo.

    Records that name the repository itself in `blocking` are among them.
    """
    name = repo_named(workspace, repo)
    return entries(workspace.view().execute(_BLOCKING, (name,)))


_HOLDING = f"""
SELECT {COLUMNS} FROM record r WHERE r.open = 1
AND r.n IN (SELECT n FROM value WHERE field = 'repo' AND value = ?1)
AND EXISTS (SELECT 1 FROM link JOIN record w ON w.id = link.src
  WHERE link.dst = r.id AND link.type = 'waits' AND (w.open = 1 OR w.kind = 'repo'))
ORDER BY r.worth, r.sort
"""


class RepoStatus:
    """Everything a hub knows about one repository."""

    __slots__ = (
        "blocked_by",
        "blocking",
        "incoming",
        "issues",
        "outgoing",
        "plans",
        "repo",
        "todos",
    )

    def __init__(self, repo: str) -> None:
        self.repo = repo
        self.issues: list[Entry] = []
        self.todos: list[Entry] = []
        self.plans: list[Entry] = []
        self.outgoing: list[Entry] = []
        self.incoming: list[Entry] = []
        self.blocking: list[Entry] = []
        self.blocked_by: list[Entry] = []


def repo_status(workspace: Workspace, repo: str) -> RepoStatus:
    """Return the records that concern one repository.

    `blocking` are its open records that others wait for; `blocked_by` the open records,
    anywhere, that stand before its own.
    """
    view = workspace.view()
    status = RepoStatus(repo_named(workspace, repo))
    order = "ORDER BY r.open DESC, r.worth, r.sort"

    def of(kind: str, field: str) -> list[Entry]:
        where = "r.kind = ? AND r.archived = 0 AND r.n IN (SELECT n FROM value WHERE field = ? AND value = ?)"
        return entries(
            view.execute(
                f"SELECT {COLUMNS} FROM record r WHERE {where} {order}", (kind, field, status.repo)
            )
        )

    status.issues = of("issue", "repo")
    status.todos = of("todo", "repo")
    status.plans = of("plan", "repo")
    status.outgoing = of("dependency", "consumer")
    status.incoming = of("dependency", "provider")
    status.blocking = entries(view.execute(_HOLDING, (status.repo,)))
    status.blocked_by = blocking(workspace, status.repo)
    return status


def faulty(workspace: Workspace) -> int:
    """Return how many files have an error that `coord check` explains."""
    (count,) = (
        workspace.view()
        .execute("SELECT count(DISTINCT n) FROM finding WHERE severity = 'error'")
        .fetchone()
    )
    return int(count)
