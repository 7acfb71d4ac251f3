"""The corpus of the records of a work tree or a commit, brought up to their index when it is asked.

What has changed is known from the index: a record's file has another digest. In the steady
state one comparison of what the index last saw answers that. What records said before comes
from the commits since the last look.
"""

from __future__ import annotations

import os

from gitcoord.git import refs
from gitcoord.index import schema
from gitcoord.index.view import beside_commit
from gitcoord.search import corpus
from gitcoord.search.corpus import Document

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from typing import Any

    from gitcoord.git.repository import Repository

_TITLES = ("title", "task", "description", "notes")
_TAGS = ("id", "labels", "tags", "repos", "repo", "nicknames", "package", "consumer", "provider",
         "severity", "role", "assignee")  # fmt: skip
_BODY = ("description", "notes", "acceptance_criteria", "milestones", "comments")


def folder_of(repo: Repository) -> str:
    """Return the folder that holds what search derives from a work tree."""
    return os.path.join(repo.git_dir, "coord", "search")


def path_of(repo: Repository, commit: str | None = None) -> str:
    """Return where the corpus of a work tree's records lies, or of those of a commit."""
    if commit is not None:
        return beside_commit(repo, commit, "search.db")
    return os.path.join(folder_of(repo), "records.db")


def current(
    repo: Repository, view: sqlite3.Connection, commit: str | None = None
) -> sqlite3.Connection:
    """Return the corpus of the records that an index holds; `view` is up to date."""
    return corpus.brought_up(
        path_of(repo, commit), lambda connection: catch_up(connection, repo, view, commit)
    )


def catch_up(
    connection: sqlite3.Connection, repo: Repository, view: sqlite3.Connection,
    commit: str | None = None,
) -> None:  # fmt: skip
    """Take in the records that are new or have changed, and take out those that went."""
    seen, head = _seen(view), commit or refs.head(repo) or ""
    known = dict(connection.execute("SELECT key, value FROM meta WHERE key IN ('seen', 'head')"))
    if seen and seen == known.get("seen") and head == known.get("head"):
        return
    former = _former(repo, known.get("head"), head)
    with corpus.transaction(connection):
        had = {
            n: (version, id, past)
            for n, version, id, past in connection.execute("SELECT n, version, key, past FROM doc")
        }
        now = {
            n: (digest, id)
            for n, digest, id in view.execute("SELECT n, digest, id FROM file JOIN core USING (n)")
        }
        before = {id: past for _, id, past in had.values()}
        stale = [
            n
            for n, (digest, id) in now.items()
            if n not in had
            or had[n][:2] != (digest, id)
            or (id in former and former[id] != had[n][2])
        ]
        corpus.drop(connection, had.keys() - now.keys())
        corpus.put(connection, _documents(view, stale, before | former))
        corpus.note(connection, "seen", seen)
        corpus.note(connection, "head", head)


def _former(repo: Repository, old: str | None, head: str) -> dict[str, str]:
    """Return what records said before, of those that commits since the last look touched."""
    if not head or old == head:
        return {}
    from gitcoord.search import past  # only when HEAD has moved

    ids = past.touched(repo, old, head) if old else None
    if ids is not None and not ids:
        return {}
    return past.texts(repo, head, ids)


def _seen(view: sqlite3.Connection) -> str:
    """Return what tells the index's contents from what they were; empty when nothing does."""
    folders = view.execute("SELECT path, checksum FROM folder ORDER BY path").fetchall()
    if any(checksum == _RESTLESS for _, checksum in folders):
        return ""
    token = view.execute("SELECT value FROM meta WHERE key = 'watch'").fetchone()
    return f"{schema.VERSION} {folders} {token}"


_RESTLESS = -2


def _documents(
    view: sqlite3.Connection, numbers: list[int], past: dict[str, str]
) -> Iterator[Document]:
    from gitcoord.codec.native import loads  # only when something has changed

    query = (
        "SELECT id, kind, repos, updated, digest, title, json FROM record JOIN file USING (n)"
        " WHERE n = ?"
    )
    for n in sorted(numbers):
        for id, kind, repos, updated, version, title, json in view.execute(query, (n,)):
            data = loads(json + "}")
            row = (id, kind, repos, updated, version, title)
            yield _document(n, row, data, past.get(id, ""))


def _document(n: int, row: tuple[Any, ...], data: dict[str, Any], past: str) -> Document:
    id, kind, repos, updated, version, title = row
    name = next((data[field] for field in _TITLES if isinstance(data.get(field), str)), "")
    body = [word for field in _BODY for word in _words(data.get(field))]
    if body[:1] == [title]:  # a repository's description is its title
        del body[0]
    if not title and not name:  # a repository: its name and what it is
        name = " ".join(_words([id, data.get("package"), data.get("role")]))
    tags = [word for field in _TAGS for word in _words(data.get(field))]
    return Document(
        n, id, kind, repos, updated, version,
        title=title or name, tags=" ".join(tags), body="\n".join(body), past=past,
    )  # fmt: skip


def _words(value: Any) -> Iterator[str]:
    """Yield the texts in a value: itself, or those of its items and of what they hold."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in ("author", "created", "due", "status", "check", "id"):
                yield from _words(item)
