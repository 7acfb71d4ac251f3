"""Fill the tables of attempts from the journal: what is new since a commit, or all of it.

New files are added; where a file went or changed (the journal was pruned, or began anew)
everything is read again. What a fact says is checked on the way in, and what is no attempt
is passed over: `coord journal log` tells what is wrong with a file.
"""

from __future__ import annotations

from array import array

from gitcoord.codec import jsontext
from gitcoord.codec.read import MAX_BYTES
from gitcoord.git import objects, process
from gitcoord.journal import facts, paths, reading
from gitcoord.memory import attempt, likeness, wording

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

    from gitcoord.git.repository import Repository
    from gitcoord.journal.facts import Fact

FOLDERS = (paths.BY_KIND["attempt"].folder, paths.BY_KIND["feedback"].folder)
DAY = 86_400
_TABLES = ("attempt", "outcome", "click", "message", "posting", "tally", "follow", "meta")


def update(
    connection: sqlite3.Connection, repo: Repository, old: str | None, new: str | None
) -> None:
    """Let the tables that stand at a commit of the journal stand at another."""
    files = _added(repo, old, new) if old and new else None
    if files is None:
        for table in _TABLES:
            connection.execute(f"DELETE FROM {table}")
        files = reading.listing(repo, new, FOLDERS) if new else []
    if files:
        _fill(connection, repo, files)
    _derive(connection)


def _added(repo: Repository, old: str, new: str) -> list[tuple[str, str]] | None:
    """Return path and blob of what was added between two commits; None when more happened."""
    words = ("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", old, new)
    done = process.run(repo.root, *words, "--", *FOLDERS)
    if done.code:
        return None  # the old commit is gone
    parts = done.out.decode("utf-8", "surrogateescape").split("\0")
    found = []
    for head, path in zip(parts[::2], parts[1::2], strict=False):
        _, mode, _, blob, status = head.split(" ")
        if status != "A":
            return None
        if mode.startswith("100"):
            found.append((path, blob))
    return sorted(found)


def _fill(connection: sqlite3.Connection, repo: Repository, files: list[tuple[str, str]]) -> None:
    texts = _Texts(connection)
    rows, outcomes, clicks = [], [], []
    contents = objects.contents(repo, [blob for _, blob in files], MAX_BYTES)
    for (path, _), content in zip(files, contents, strict=True):
        fact = facts.read(path, content) if content is not None else None
        if not isinstance(fact, facts.Fact):
            continue
        if fact.kind == "attempt":
            found = attempt.read(fact.data)
            if found is not None:
                rows.append(_row(path, fact, found, texts))
        elif fact.data.get("about") == "attempt":
            about, worked = fact.data.get("attempt"), fact.data.get("worked")
            if isinstance(about, str) and isinstance(worked, bool):
                outcomes.append((path, about, worked, fact.time.timestamp()))
        elif fact.data.get("about") == "search":
            clicks += _click(path, fact)
    texts.save()
    connection.executemany(
        f"INSERT INTO attempt VALUES (NULL{', ?' * 15}, ?, ?, ?, ?)",
        [(*row[:13], None, None, *row[13:]) for row in rows],
    )
    connection.executemany("INSERT INTO outcome VALUES (?, ?, ?, ?)", outcomes)
    connection.executemany("INSERT INTO click VALUES (?, ?, ?, ?, ?)", clicks)


def _click(path: str, fact: Fact) -> list[tuple[Any, ...]]:
    """Return the row of an opened hit of a search; none for what is none."""
    query, place, hits = (fact.data.get(name) for name in ("query", "place", "hits"))
    if not isinstance(query, str) or type(place) is not int or not isinstance(hits, list):
        return []
    sound = [
        [one[0], score]
        for one in hits
        if isinstance(one, list) and len(one) == 2 and isinstance(one[0], str)
        for score in [_score(one[1])]
        if score is not None
    ]
    if len(sound) != len(hits) or not 1 <= place <= len(hits):
        return []
    return [(path, fact.time.timestamp(), query, place, jsontext.dumps(sound))]


def _score(text: object) -> float | None:
    try:
        found = float(text) if isinstance(text, str) else -1.0
    except ValueError:
        return None
    return found if 0 <= found <= 1e9 else None


def _row(path: str, fact: Fact, found: dict[str, Any], texts: _Texts) -> tuple[Any, ...]:
    id, second = attempt.id_of(path), fact.time.timestamp()
    shown = {"id": id, "repo": fact.repo, "time": fact.time.isoformat(), "commit": fact.commit}
    return (
        path, id, texts.number(wording.words(found["message"], found["type"])), second,
        int(second // DAY), fact.repo, found["type"], found["strategy"], found["agent"],
        found["stage"], found["session"], found["run"], found["success"], found["recommended"],
        found["variant"], found["duration"], jsontext.dumps(shown | found),
    )  # fmt: skip


class _Texts:
    """The messages that differ in their words, and in which of them each word stands."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbers: dict[str, int] = {
            words: n for n, words in connection.execute("SELECT n, words FROM message")
        }
        self._new: dict[str, array[int]] = {}
        self._rows: list[tuple[int, str]] = []

    def number(self, words: list[str]) -> int:
        """Return the number of a message, a new one for words not met before."""
        key = " ".join(words)
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self._numbers) + 1
            self._rows.append((found, key))
            for word in words:
                self._new.setdefault(word, array("I")).append(found)
        return found

    def save(self) -> None:
        """Write what is new."""
        self._connection.executemany("INSERT INTO message VALUES (?, ?)", self._rows)
        self._connection.executemany(
            "INSERT INTO posting VALUES (?1, ?2) ON CONFLICT (word)"
            " DO UPDATE SET messages = CAST(messages || ?2 AS BLOB)",
            [(word, numbers.tobytes()) for word, numbers in self._new.items()],
        )


def _derive(connection: sqlite3.Connection) -> None:
    """Derive from all rows what a recommendation reads at once."""
    connection.execute(
        "UPDATE attempt SET (confirmed, confirmed_at) = (SELECT worked, time FROM outcome"
        " WHERE outcome.attempt = attempt.id ORDER BY time DESC, path DESC LIMIT 1)"
        " WHERE id IN (SELECT attempt FROM outcome)"
    )
    total: int = connection.execute("SELECT count(*) FROM message").fetchone()[0]
    postings = []
    for (raw,) in connection.execute("SELECT messages FROM posting"):
        postings.append(numbers_of(raw))
    lengths = likeness.lengths(postings, total)
    rows = [("messages", total), ("lengths", lengths.tobytes())]
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows)
    connection.execute("DELETE FROM tally")
    connection.execute(
        "INSERT INTO tally SELECT strategy, type, day,"
        " sum(confirmed IS NULL AND claimed = 1), sum(confirmed IS NULL AND claimed = 0),"
        " sum(confirmed IS 1), sum(confirmed IS 0) FROM attempt WHERE strategy IS NOT NULL"
        " AND coalesce(confirmed, claimed) IS NOT NULL GROUP BY strategy, type, day"
    )
    connection.execute("DELETE FROM follow")
    connection.execute(
        "INSERT INTO follow SELECT recommended, count(*), sum(strategy = recommended)"
        " FROM attempt WHERE recommended IS NOT NULL AND strategy IS NOT NULL GROUP BY recommended"
    )


def numbers_of(raw: bytes) -> array[int]:
    """Return the numbers of messages in a posting."""
    found = array("I")
    found.frombytes(raw)
    return found
