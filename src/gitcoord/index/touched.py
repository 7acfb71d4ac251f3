"""When each record was last changed, from the commits reachable from HEAD.

The walk is incremental both ways: commits that came are added and commits that are no
longer reachable (another branch, a rebase) are taken out, so the answer is always that
of a full walk.
"""

from __future__ import annotations

from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from gitcoord.git.repository import Repository


def start(repo: Repository, old: str | None, new: str) -> process.Running:
    """Start listing the commits that touch the store and are new since `old`."""
    words = ["log", "-z", "--format=%x01%H %ct", "--name-only", "--no-renames", "-c", new]
    if old:
        words.append(f"^{old}")
    return process.start(repo.root, *words, "--", "coord")


def update(
    connection: sqlite3.Connection,
    repo: Repository,
    old: str | None,
    running: process.Running,
    new: str,
) -> set[str]:
    """Bring the table of touches from commit `old` to `new`; return the paths concerned."""
    came = running.wait()
    if came.code and old:  # the old commit is gone from the repository: begin anew
        return update(connection, repo, None, start(repo, None, new), new)
    paths: set[str] = set()
    if old:
        gone = process.run(repo.root, "rev-list", old, f"^{new}", "--", "coord")
        for oid in gone.out.decode().split():
            row = connection.execute("SELECT c FROM walked WHERE oid = ?", (oid,)).fetchone()
            if row:
                found = connection.execute("SELECT path FROM touched WHERE c = ?", row)
                paths.update(path for (path,) in found)
                connection.execute("DELETE FROM touched WHERE c = ?", row)
                connection.execute("DELETE FROM walked WHERE c = ?", row)
    else:
        clear(connection)
    _store(connection, _commits(came.out), paths)
    return paths


def begin(
    connection: sqlite3.Connection, running: process.Running
) -> tuple[dict[str, int], set[str]]:
    """Fill the empty table of touches; return when each path was last touched, and which again."""
    clear(connection)
    commits = _commits(running.wait().out)
    _store(connection, commits, set())
    last: dict[str, int] = {}
    again: set[str] = set()
    for _, moment, names in commits:
        for name in names:
            if name in last:
                again.add(name)
            if moment > last.get(name, 0):
                last[name] = moment
    return last, again


def clear(connection: sqlite3.Connection) -> None:
    """Forget every commit."""
    connection.execute("DELETE FROM touched")
    connection.execute("DELETE FROM walked")


def _store(
    connection: sqlite3.Connection, commits: list[tuple[str, int, list[str]]], paths: set[str]
) -> None:
    for oid, moment, names in commits:
        cursor = connection.execute(
            "INSERT OR IGNORE INTO walked (oid, time) VALUES (?, ?)", (oid, moment)
        )
        if cursor.rowcount:
            c = cursor.lastrowid
            connection.executemany("INSERT INTO touched VALUES (?, ?)", [(c, n) for n in names])
            paths.update(names)


def _commits(out: bytes) -> list[tuple[str, int, list[str]]]:
    found = []
    for part in out.decode("utf-8", "replace").split("\x01")[1:]:
        head, _, rest = part.partition("\0")
        oid, _, moment = head.partition(" ")
        names = [name for name in rest.lstrip("\n").split("\0") if name]
        found.append((oid, int(moment), names))
    return found


def heads(repo: Repository, commit: str, paths: list[str] | None) -> dict[str, str]:
    """Return the blob that a commit holds for each of the paths, or for the whole store."""
    if paths is not None and len(paths) <= 200:
        fed = "".join(f"{commit}:{path}\n" for path in paths)
        out = process.run(
            repo.root,
            "cat-file",
            "--batch-check=%(objectname)",
            stdin=fed.encode("utf-8", "surrogateescape"),
        ).out.decode("utf-8", "replace")
        return {
            path: line
            for path, line in zip(paths, out.split("\n"), strict=False)
            if line and " " not in line
        }
    out = process.run(repo.root, "ls-tree", "-r", "-z", "--full-tree", commit, "coord/").out.decode(
        "utf-8", "replace"
    )
    found = {}
    for line in out.split("\0"):
        head, tab, path = line.partition("\t")
        if tab:
            found[path] = head.rpartition(" ")[2]
    return found
