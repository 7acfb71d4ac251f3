"""Exchange the rows of files that changed: parse, validate, store.

Many files are shared out over the cores by forked workers; a process that runs threads
does the work alone, because forking it could copy a held lock.
"""

from __future__ import annotations

import marshal
import os
import stat
import sys

from gitcoord.index.rows import SPLIT, rows_of
from gitcoord.model.findings import Finding
from gitcoord.store import files, layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gitcoord.index.scan import Seen

_SHARE = 400
_LIMIT = 1 << 20
_RECORD = (
    "INSERT INTO record (n, id, kind, path, title, status, priority, severity, assignee, created,"
    " stated, target, issue, plan, milestone, type, estimated_hours, actual_hours, open, archived,"
    f" repos, sort, json, body, updated) VALUES ({','.join(f'?{i}' for i in range(1, 25))}, ?11)"
)


def replace(
    connection: sqlite3.Connection, root: str, seen: Mapping[str, Seen], gone: Sequence[str]
) -> tuple[set[str], set[str], bool]:
    """Exchange the rows; return changed ids, ids whose links changed, and whether that is all."""
    first = connection.execute("SELECT 1 FROM file LIMIT 1").fetchone() is None
    changed: set[str] = set()
    relinked: set[str] = set()
    numbers: dict[str, int] = {}
    if not first:
        for path in [*gone, *seen]:
            number = _forget(connection, path, changed, relinked)
            if number is not None:
                numbers[path] = number
    connection.executemany("DELETE FROM file WHERE path = ?", [(path,) for path in gone])
    packs = _parse(root, sorted(seen), {path: is_regular(one) for path, one in seen.items()})
    insert(connection, seen, packs, numbers)
    for pack in packs:
        if pack[2] is not None:
            changed.add(pack[2][0])
        for src, dst, _, _ in pack[4]:
            relinked.update((src, dst))
    repos = any(pack[2] is not None and pack[2][1] == "repo" for pack in packs)
    give_roles(connection, packs, every=first or repos or any("/repos/" in path for path in gone))
    return changed | relinked, relinked, first or len(changed) > 500


def is_regular(seen: Seen) -> bool:
    """Whether a path is a plain file, and neither a link nor a folder."""
    return seen.kind == stat.S_IFREG


def _forget(
    connection: sqlite3.Connection, path: str, changed: set[str], relinked: set[str]
) -> int | None:
    row = connection.execute("SELECT n FROM file WHERE path = ?", (path,)).fetchone()
    if row is None:
        return None
    n: int = row[0]
    for id, body in connection.execute("SELECT id, body FROM record WHERE n = ?", (n,)):
        changed.add(id)
        terms = " ".join(set(body.translate(SPLIT).split()))
        connection.execute(
            "INSERT INTO text (text, rowid, terms) VALUES ('delete', ?, ?)", (n, terms)
        )
    for src, dst in connection.execute("SELECT src, dst FROM link WHERE n = ?", (n,)):
        relinked.update((src, dst))
    for table in ("record", "value", "link", "finding"):
        connection.execute(f"DELETE FROM {table} WHERE n = ?", (n,))
    return n


def insert(
    connection: sqlite3.Connection,
    seen: Mapping[str, Seen],
    packs: list[tuple[Any, ...]],
    numbers: dict[str, int],
) -> None:
    """Store packed rows; `numbers` are the row numbers of paths that had some before."""
    (top,) = connection.execute("SELECT coalesce(max(n), 0) FROM file").fetchone()
    listed, records, values, links, findings, texts = [], [], [], [], [], []
    terms: set[str] = set()
    for path, digest, record, its_values, its_links, its_findings, words in packs:
        n = numbers.get(path)
        if n is None:
            top += 1
            n = top
        one = seen[path]
        folder = path.rpartition("/")[0]
        listed.append((n, path, folder, one.mtime, one.size, one.ino, digest))
        if record is not None:
            records.append((n, *record))
            texts.append((n, words))
            terms.update(words.split())
        values += [(n, field, value) for field, value in its_values]
        links += [(n, *link) for link in its_links]
        findings += [(n, *finding) for finding in its_findings]
    many = connection.executemany
    many("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", listed)
    many(_RECORD, records)
    many("INSERT INTO text (rowid, terms) VALUES (?, ?)", texts)
    many("INSERT OR IGNORE INTO term VALUES (?)", [(term,) for term in sorted(terms)])
    many("INSERT INTO value VALUES (?, ?, ?)", values)
    many("INSERT INTO link VALUES (?, ?, ?, ?, ?)", links)
    many("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", findings)


def give_roles(
    connection: sqlite3.Connection, packs: list[tuple[Any, ...]], *, every: bool
) -> None:
    """Give each record the roles of its repositories, for `role:` queries."""
    insert = (
        "INSERT INTO value SELECT DISTINCT v.n, 'role', role.value FROM value v"
        " JOIN record repo ON repo.kind = 'repo' AND repo.id = v.value"
        " JOIN value role ON role.n = repo.n AND role.field = 'role'"
        " WHERE v.field = 'repo' AND v.n <> repo.n"
    )
    if every:
        connection.execute(
            "DELETE FROM value WHERE field = 'role'"
            " AND n NOT IN (SELECT n FROM record WHERE kind = 'repo')"
        )
        connection.execute(insert)
    else:
        for pack in packs:
            path = (pack[0],)
            connection.execute(f"{insert} AND v.n = (SELECT n FROM file WHERE path = ?)", path)


def _parse(root: str, paths: list[str], regular: dict[str, bool]) -> list[tuple[Any, ...]]:
    """Return the packed rows of each path, in the order given."""
    jobs = [(path, regular[path]) for path in paths]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    threads = sys.modules.get("threading")
    if len(jobs) < _SHARE or cores < 2 or (threads and threads.active_count() > 1):
        return _work(root, jobs)
    cores = min(cores, 8)
    size = -(-len(jobs) // cores)
    shares = [jobs[start : start + size] for start in range(0, len(jobs), size)]
    children = [_fork(root, share) for share in shares[1:]]
    done = _work(root, shares[0])
    for (pid, descriptor), share in zip(children, shares[1:], strict=True):
        done += _collect(root, pid, descriptor, share)
    return done


def _work(root: str, jobs: Sequence[tuple[str, bool]]) -> list[tuple[Any, ...]]:
    packs = []
    for path, regular in jobs:
        if not regular:
            packs.append(odd(path))
            continue
        raw = files.read(os.path.join(root, path), _LIMIT)
        packs.append(rows_of(path, raw if raw is not None else b"").pack())
    return packs


def odd(path: str) -> tuple[Any, ...]:
    """Return the packed rows for a path that is no plain file."""
    place = layout.place(path)
    found = Finding(
        path=path,
        line=1,
        column=1,
        id=place.id if place else None,
        code="not-a-file",
        message="This is a symbolic link or a folder, not a file.",
        hint="A record is a plain file; coord follows no links out of the store.",
    ).as_dict()
    order = ("path", "line", "column", "id", "field", "code", "severity", "message", "hint")
    return (path, "", None, [], [], [tuple(found[key] for key in order)], "")


def _fork(root: str, share: Sequence[tuple[str, bool]]) -> tuple[int, int]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    code = 1
    try:  # the child: no exception and no cleanup may escape into the parent's stack
        os.close(reading)
        with open(writing, "wb") as out:
            out.write(marshal.dumps(_work(root, share)))
        code = 0
    finally:
        os._exit(code)


def _collect(
    root: str, pid: int, descriptor: int, share: Sequence[tuple[str, bool]]
) -> list[tuple[Any, ...]]:
    with open(descriptor, "rb") as got:
        content = got.read()
    _, status = os.waitpid(pid, 0)
    if status:  # the worker died, of memory perhaps: its share is done here
        return _work(root, share)
    found: list[tuple[Any, ...]] = marshal.loads(content)
    return found
