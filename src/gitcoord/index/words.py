"""The words of each record, for free text: folded, and split into terms.

They are taken from the records only when somebody searches, and then only from those
that are new or have changed since the last search.
"""

from __future__ import annotations

from gitcoord.codec.native import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

_PLAIN = (
    "id",
    "title",
    "task",
    "notes",
    "description",
    "assignee",
    "severity",
    "package",
    "consumer",
    "provider",
    "role",
    "url",
    "repo",
)
_LISTS = (
    "labels",
    "tags",
    "repos",
    "nicknames",
    "comments",
    "acceptance_criteria",
    "milestones",
)
_MANY = 1000
SPLIT = {code: " " for code in range(128) if not chr(code).isalnum()}
"""Every ASCII character that is no part of a term becomes a space."""


def catch_up(connection: sqlite3.Connection) -> None:
    """Take in the words of all records that have none yet."""
    waiting = connection.execute(
        "SELECT n, json FROM wordless JOIN content USING (n) ORDER BY n"
    ).fetchall()
    if not waiting:
        return
    bodies = [(body_of(loads(json + "}")), n) for n, json in waiting]
    texts = [(n, terms_of(body)) for body, n in bodies]
    terms = sorted({term for _, words in texts for term in words.split()})
    own = not connection.in_transaction
    if own:
        connection.execute("BEGIN IMMEDIATE")
    connection.executemany("UPDATE content SET body = ? WHERE n = ?", bodies)
    connection.executemany("INSERT INTO text (rowid, terms) VALUES (?, ?)", texts)
    fresh = _unknown(connection, terms)
    if fresh:
        connection.execute("INSERT INTO vocabulary VALUES (?)", ("\n" + "\n".join(fresh) + "\n",))
        connection.executemany("INSERT INTO term VALUES (?)", [(term,) for term in fresh])
    connection.executemany("DELETE FROM wordless WHERE n = ?", [(n,) for n, _ in texts])
    if own:
        connection.execute("COMMIT")


def _unknown(connection: sqlite3.Connection, terms: list[str]) -> list[str]:
    """Return the terms that no record had so far."""
    if len(terms) > _MANY:
        known = {row[0] for row in connection.execute("SELECT term FROM term")}
        return [term for term in terms if term not in known]
    query = "SELECT 1 FROM term WHERE term = ?"
    return [term for term in terms if connection.execute(query, (term,)).fetchone() is None]


def forget(connection: sqlite3.Connection, n: int) -> None:
    """Take out the words of a record; its content is still there."""
    row = connection.execute("SELECT body FROM content WHERE n = ?", (n,)).fetchone()
    if row and row[0] is not None:
        connection.execute(
            "INSERT INTO text (text, rowid, terms) VALUES ('delete', ?, ?)", (n, terms_of(row[0]))
        )
    connection.execute("DELETE FROM wordless WHERE n = ?", (n,))


def terms_of(body: str) -> str:
    """Return the distinct terms of a folded text."""
    return " ".join(sorted(set(body.translate(SPLIT).split())))


def body_of(data: dict[str, Any]) -> str:
    """Return all words of a record, folded."""
    words = [data[name] for name in _PLAIN if isinstance(data.get(name), str)]
    for name in _LISTS:
        value = data.get(name)
        for item in value if isinstance(value, list) else ():
            found = item.values() if isinstance(item, dict) else (item,)
            words += [word for word in found if isinstance(word, str)]
    return "\n".join(words).casefold()
