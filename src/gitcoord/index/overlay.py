"""The work tree's index seen as another state: some files hidden, others laid over them.

What is staged or about to be pushed differs from the work tree in a few files. Only these
are parsed; everything else is answered by the index that is there. Nothing of it is changed:
the differences live in temporary tables of one connection.
"""

from __future__ import annotations

from gitcoord.index import schema
from gitcoord.model.links import WAITS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from gitcoord.index.rows import Rows

_TABLES = """
DROP TABLE IF EXISTS temp.hidden;
DROP TABLE IF EXISTS temp.over;
DROP TABLE IF EXISTS temp.over_link;
CREATE TEMP TABLE hidden (n INTEGER PRIMARY KEY);
CREATE TEMP TABLE over (id TEXT NOT NULL, path TEXT NOT NULL, kind TEXT NOT NULL);
CREATE TEMP TABLE over_link (path TEXT NOT NULL, id TEXT NOT NULL, src TEXT NOT NULL,
  dst TEXT NOT NULL, type TEXT NOT NULL, field TEXT NOT NULL);
CREATE INDEX temp.over_id ON over (id);
CREATE INDEX temp.over_src ON over_link (src);
CREATE INDEX temp.over_dst ON over_link (dst);
"""

_REACH = """
WITH RECURSIVE seen (id) AS (
  SELECT ?1
  UNION
  SELECT link.dst FROM seen JOIN link ON link.src = seen.id AND link.type = 'waits'
    WHERE link.n NOT IN (SELECT n FROM temp.hidden)
  UNION
  SELECT o.dst FROM seen JOIN temp.over_link o ON o.src = seen.id AND o.type = 'waits'
) SELECT 1 FROM seen WHERE id = ?2 LIMIT 1
"""


def difference(
    connection: sqlite3.Connection, listed: str, form: tuple[str, str]
) -> tuple[list[str], list[str]]:
    """Return the files of the index that a listing does not have, and its lines that are new.

    The listing is that of `ls-files` or `ls-tree`, its lines ended by NUL; `form` is what
    stands before and after the blob's id. Whole lines are compared: a loop over ten thousand
    of them would cost as much as everything else.
    """
    known = {
        line
        for (line,) in connection.execute(
            "SELECT ?1 || digest || ?2 || char(9) || path FROM file", form
        )
    }
    lines = set(listed.split("\0"))
    lines.discard("")
    hidden = [line.partition("\t")[2] for line in known - lines]
    return hidden, sorted(lines - known)


class Overlay:
    """Answers about the records of a state, given what differs from the work tree."""

    __slots__ = ("_connection",)

    def __init__(
        self, connection: sqlite3.Connection, hidden: Iterable[str], over: Mapping[str, Rows]
    ) -> None:
        self._connection = connection
        connection.execute("PRAGMA temp_store = MEMORY")
        schema.run_all(connection, _TABLES)
        connection.executemany(
            "INSERT OR IGNORE INTO temp.hidden SELECT n FROM file WHERE path = ?",
            [(path,) for path in hidden],
        )
        connection.executemany(
            "INSERT INTO temp.over VALUES (?, ?, ?)",
            [(rows.record[0], path, rows.record[1]) for path, rows in over.items() if rows.record],
        )
        connection.executemany(
            "INSERT INTO temp.over_link VALUES (?, ?, ?, ?, ?, ?)",
            [(path, rows.record[0], *link)
             for path, rows in over.items() if rows.record for link in rows.links],
        )  # fmt: skip

    def has(self, id: str) -> bool:
        """Whether there is a record of this id."""
        row = self._connection.execute(
            "SELECT 1 FROM core WHERE id = ?1 AND n NOT IN (SELECT n FROM temp.hidden)"
            " UNION ALL SELECT 1 FROM temp.over WHERE id = ?1 LIMIT 1",
            (id,),
        ).fetchone()
        return row is not None

    def ids(self) -> list[str]:
        """Return the ids there are."""
        rows = self._connection.execute(
            "SELECT id FROM core WHERE n NOT IN (SELECT n FROM temp.hidden)"
            " UNION SELECT id FROM temp.over LIMIT 20000"
        )
        return [row[0] for row in rows]

    def repos(self) -> list[str]:
        """Return the names that the registry has."""
        rows = self._connection.execute(
            "SELECT id FROM core WHERE kind = 'repo' AND n NOT IN (SELECT n FROM temp.hidden)"
            " UNION SELECT id FROM temp.over WHERE kind = 'repo'"
        )
        return [row[0] for row in rows]

    def twins(self) -> list[tuple[str, str]]:
        """Return id and path of all records whose id stands more than once."""
        rows = self._connection.execute(
            # Ids that differ in case alone are one file on many machines.
            "WITH every (id, path) AS ("
            "  SELECT id, path FROM core WHERE n NOT IN (SELECT n FROM temp.hidden)"
            "  UNION ALL SELECT id, path FROM temp.over"
            "), twice (id) AS ("
            "  SELECT lower(id) FROM every GROUP BY lower(id) HAVING count(*) > 1"
            ") SELECT id, path FROM every WHERE lower(id) IN (SELECT id FROM twice) ORDER BY path"
        )
        return rows.fetchall()

    def naming(self, id: str) -> list[tuple[str, str, str]]:
        """Return path, id and field of every link to (or, for `blocking`, from) a record."""
        rows = self._connection.execute(
            "SELECT r.path, r.id, link.field FROM link JOIN core r USING (n)"
            " WHERE (link.dst = ?1 OR link.src = ?1) AND r.id <> ?1"
            " AND link.n NOT IN (SELECT n FROM temp.hidden)"
            " UNION SELECT path, id, field FROM temp.over_link"
            " WHERE (dst = ?1 OR src = ?1) AND id <> ?1 ORDER BY 1",
            (id,),
        )
        return rows.fetchall()

    def reaches(self, start: str, end: str) -> bool:
        """Whether a record waits, directly or through others, for another."""
        return self._connection.execute(_REACH, (start, end)).fetchone() is not None

    def waits(self) -> dict[str, list[str]]:
        """Return everything that waits with what it waits for."""
        found: dict[str, list[str]] = {}
        rows = self._connection.execute(
            "SELECT src, dst FROM link WHERE type = ?1 AND n NOT IN (SELECT n FROM temp.hidden)"
            " UNION SELECT src, dst FROM temp.over_link WHERE type = ?1 ORDER BY 1, 2",
            (WAITS,),
        )
        for src, dst in rows:
            found.setdefault(src, []).append(dst)
        return found

    def loop(self, start: str) -> list[str]:
        """Return a shortest circle of waiting through a record that is in one."""
        from gitcoord.model import graph  # only when there is a circle

        waits: dict[str, list[str]] = {}
        row = [start]
        while row:
            for id in row:
                waits[id] = self._waits(id)
            row = list({dst for id in row for dst in waits[id] if dst not in waits})
        members = next((one for one in graph.components(waits) if start in one), [start])
        members.remove(start)
        return graph.loop(waits, [start, *members])

    def _waits(self, id: str) -> list[str]:
        rows = self._connection.execute(
            "SELECT dst FROM link WHERE src = ?1 AND type = ?2"
            " AND n NOT IN (SELECT n FROM temp.hidden)"
            " UNION SELECT dst FROM temp.over_link WHERE src = ?1 AND type = ?2",
            (id, WAITS),
        )
        return [row[0] for row in rows]
