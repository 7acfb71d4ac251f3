"""The corpus of commit messages: of every repository of the ecosystem that lies here.

A repository is read again only when the tip that counts has moved, and then only what lies
between the two tips. Commits that a rewritten branch lost are taken out.
"""

from __future__ import annotations

import os

from gitcoord.git import commits as git_commits
from gitcoord.git import messages, refs
from gitcoord.search import corpus
from gitcoord.search.corpus import Document

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping

    from gitcoord.git.repository import Repository

    Tell = Callable[[str], object]

PATHS = 20
"""How many paths of a commit are kept; what touches more is told by none of them."""

_TRAILERS = ("signed-off-by:", "co-authored-by:", "change-id:", "reviewed-by:", "cc:")


def folder_of(repo: Repository) -> str:
    """Return the folder that holds what search derives from commits, one for all work trees."""
    return os.path.join(repo.common_dir, "coord", "search")


def path_of(repo: Repository) -> str:
    """Return where the corpus of the commits lies."""
    return os.path.join(folder_of(repo), "commits.db")


def current(
    hub: Repository, repos: Mapping[str, Repository | None], tell: Tell
) -> sqlite3.Connection:
    """Return the corpus of the commits of some repositories; `tell` hears of long work."""
    return corpus.brought_up(path_of(hub), lambda connection: catch_up(connection, repos, tell))


def catch_up(
    connection: sqlite3.Connection, repos: Mapping[str, Repository | None], tell: Tell
) -> None:
    """Bring every repository up to its tip, and take out those that are not there any more.

    What is not on this machine at the moment keeps its commits as long as it is in the registry.
    """
    known = {
        key[4:]: value
        for key, value in connection.execute("SELECT key, value FROM meta WHERE key LIKE 'tip %'")
    }
    for name in known.keys() - repos.keys():
        with corpus.transaction(connection):
            _forget(connection, name)
    for name, repo in repos.items():
        ref, _, stand = known.get(name, "").partition(" ")
        if repo is None or (ref and _stand(repo, ref) == stand):
            continue
        with corpus.transaction(connection):
            _move(connection, name, repo, tell)


def _stand(repo: Repository, ref: str) -> str:
    """Return the tip of a ref, and what else decides which commits it reaches."""
    if not ref:
        return ""
    tip = refs.head(repo) if ref == "HEAD" else git_commits.tip(repo, ref)
    return f"{tip or refs.resolve(repo, ref) or ''} {_cut(repo)}"


def _cut(repo: Repository) -> str:
    """Return what tells one shallow clone from another, and both from a whole one."""
    try:
        found = os.stat(os.path.join(repo.common_dir, "shallow"))
    except OSError:
        return "whole"
    return f"{found.st_size}.{found.st_mtime_ns}"


def _move(connection: sqlite3.Connection, name: str, repo: Repository, tell: Tell) -> None:
    """Take in what a repository has now and take out what it has no longer."""
    had, _, stand = corpus.meta(connection, f"tip {name}").partition(" ")
    old, _, cut = stand.partition(" ")
    ref = git_commits.default_branch(repo) or "HEAD"
    tip, _, now_cut = _stand(repo, ref).partition(" ")
    if had and (cut != now_cut or not tip):
        _forget(connection, name)
        old = ""
    if tip:
        lost = messages.gone(repo, old, tip) if old else []
        if lost is None:
            _forget(connection, name)
            old = ""
        for oid in lost or ():
            row = connection.execute("SELECT n FROM doc WHERE key = ? AND repo = ?", (oid, name))
            corpus.drop(connection, [n for (n,) in row.fetchall()])
        corpus.put(connection, _documents(connection, name, repo, old or None, tip, tell))
    corpus.note(connection, f"tip {name}", f"{ref} {tip} {now_cut}")


def _documents(
    connection: sqlite3.Connection,
    name: str,
    repo: Repository,
    old: str | None,
    tip: str,
    tell: Tell,
) -> Iterator[Document]:
    (n,) = connection.execute("SELECT coalesce(max(n), 0) FROM doc").fetchone()
    for count, one in enumerate(messages.between(repo, old, tip), 1):
        if count % 5000 == 0:
            tell(f"{name}: {count:,} commits read")
        n += 1
        yield Document(
            n, one.oid, "commit", name, one.time, one.oid,
            title=one.subject, tags=one.oid[:12], body=_without_trailers(one.body),
            paths="\n".join(one.paths[:PATHS]),
        )  # fmt: skip


def _without_trailers(body: str) -> str:
    lines = body.split("\n")
    return "\n".join(
        [line for line in lines if not line.strip().lower().startswith(_TRAILERS)]
    ).strip()


def _forget(connection: sqlite3.Connection, name: str) -> None:
    found = connection.execute("SELECT n FROM doc WHERE repo = ?", (name,)).fetchall()
    corpus.drop(connection, [n for (n,) in found])
    connection.execute("DELETE FROM meta WHERE key = ?", (f"tip {name}",))
