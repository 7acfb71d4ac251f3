"""Take in what a repository's file says: the same rows once, however often.

An invocation is known by its skill, its time and its number among those that share both. What the
file says of it now replaces what it said before; what it no longer has stays, until retention
drops it. Whether two uses belong together is found out here, once: a *chain* is what one session
did without a long rest, or, where sessions have no ids, without half an hour of one.
"""

from __future__ import annotations

import os
from itertools import count

from gitcoord.skills import engine
from gitcoord.skills.store import PAIRS, ROWS, RUNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.skills.engine import Connection
    from gitcoord.skills.shapes import Row

REST = "INTERVAL 30 MINUTE"
"""After so much time without a use, something else begins, where no session is known."""

SESSION_REST = "INTERVAL 8 HOUR"
BROAD = 60
"""Chains with more different skills than that tell nothing of what goes together."""

STEPS = 30
"""How many steps of a run are kept."""

_PARQUET = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)"
"""Small groups of rows: what is asked of a month passes over the others."""

_FRESH = {
    "code": "INTEGER", "time": "BIGINT", "n": "INTEGER", "completed": "BOOLEAN",
    "success": "BOOLEAN", "errored": "BOOLEAN", "duration": "DOUBLE", "follow_ups": "INTEGER",
    "session": "BIGINT", "workflow": "INTEGER", "place": "INTEGER",
}  # fmt: skip
_KEPT = """skill, time, n, completed, success, errored, duration, follow_ups, session, workflow, place"""


def write(folder: str, repo: str, rows: list[Row], kept: str | None, floor: str | None) -> int:
    """Write the tables of a repository into a folder; return how many rows there are.

    `kept` is the table of what was known before, `floor` the time before which nothing is kept.
    """
    connection = engine.connect(folder if kept is None else os.path.dirname(os.path.dirname(kept)))
    try:
        _load(connection, folder, rows)
        before = "SELECT * FROM fresh LIMIT 0"
        if kept is not None:
            before = f"SELECT {_KEPT} FROM read_parquet({_path(kept)})"
        above = f"WHERE time >= TIMESTAMP {engine.quoted(floor)}" if floor else ""
        connection.execute(
            f"CREATE TABLE merged AS SELECT * FROM (SELECT * FROM fresh UNION ALL"
            f" SELECT * FROM ({before}) AS before ANTI JOIN fresh USING (skill, time, n)) {above}"
        )
        _chain(connection, repo)
        _copy(connection, "SELECT * FROM use ORDER BY start, chain, time, place, n", folder, ROWS)
        _copy(connection, _PAIRS, folder, PAIRS)
        _copy(connection, _RUNS, folder, RUNS)
        (found,) = connection.execute("SELECT count(*) FROM use").fetchone() or (0,)
        return int(found)
    finally:
        connection.close()


def _load(connection: Connection, folder: str, rows: list[Row]) -> None:
    """Bring rows in as a file of numbers: the quickest way, and it needs no quotes."""
    names: dict[str, int] = {}
    seen: dict[tuple[str, int], int] = {}
    path = os.path.join(folder, "rows.csv")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        for place, row in zip(count(), rows, strict=False):
            key = (row.skill or "", row.time)
            number = seen[key] = seen.get(key, -1) + 1
            code = names.setdefault(key[0], len(names))
            flow = "" if row.workflow is None else names.setdefault(row.workflow, len(names))
            file.write(
                f"{code},{row.time},{number},{_word(row.completed)},{_word(row.success)},"
                f"{_word(row.errored)},{_word(row.duration)},{_word(row.follow_ups)},"
                f"{_word(row.session)},{flow},{place}\n"
            )
    connection.execute(
        "CREATE TABLE name AS SELECT unnest(?::VARCHAR[]) AS text, unnest(?::INTEGER[]) AS code",
        [list(names), list(names.values())],
    )
    columns = ", ".join([f"'{name}': '{kind}'" for name, kind in _FRESH.items()])
    connection.execute(
        f"CREATE TABLE fresh AS SELECT s.text AS skill, make_timestamp(f.time) AS time, f.n, completed,"
        f" success, errored, duration, follow_ups, session, w.text AS workflow, place"
        f" FROM read_csv({_path(path)}, columns = {{{columns}}}, header = false, auto_detect = false,"
        f" delim = ',', nullstr = '') AS f JOIN name s ON s.code = f.code"
        f" LEFT JOIN name w ON w.code = f.workflow"
    )
    os.unlink(path)


def _word(value: float | bool | None) -> str:
    return "" if value is None else str(value).lower()


def _chain(connection: Connection, repo: str) -> None:
    """Number what belongs together, and put beside each use the two before it."""
    connection.execute(
        f"""CREATE TABLE use AS WITH gap AS (
            SELECT *, coalesce(time - lag(time) OVER one
                >= CASE WHEN session IS NULL THEN {REST} ELSE {SESSION_REST} END, true) AS begins
            FROM merged WINDOW one AS (PARTITION BY session ORDER BY time, place, n)
        ), chained AS (
            SELECT *, sum(begins::INTEGER) OVER (ORDER BY session NULLS FIRST, time, place, n
                ROWS UNBOUNDED PRECEDING)::INTEGER AS chain FROM gap
        )
        SELECT {engine.quoted(repo)} AS repo, {_KEPT}, chain,
            CASE WHEN errored THEN false ELSE coalesce(success, completed) END AS worked,
            lag(skill, 1) OVER two AS before1, lag(skill, 2) OVER two AS before2,
            first_value(time) OVER two AS start
        FROM chained WINDOW two AS (PARTITION BY chain ORDER BY time, place, n)"""
    )


_PAIRS = f"""WITH held AS (
    SELECT DISTINCT chain, skill, date_trunc('week', min(time) OVER (PARTITION BY chain))::DATE AS week
    FROM use
), narrow AS (
    SELECT * FROM held WHERE chain IN (SELECT chain FROM held GROUP BY chain HAVING count(*) <= {BROAD})
)
SELECT a.week, a.skill AS one, b.skill AS other, count(*)::INTEGER AS chains
FROM narrow a JOIN narrow b ON a.chain = b.chain AND a.skill <= b.skill GROUP BY ALL
UNION ALL
SELECT week, NULL, NULL, count(DISTINCT chain)::INTEGER FROM narrow GROUP BY week
"""
"""Chains of a week with both of two skills; with one twice: with that skill; without any: all."""

_RUNS = f"""WITH step AS (
    SELECT *, lag(skill) OVER (PARTITION BY chain, workflow ORDER BY time, place, n) AS former FROM use
), run AS (
    SELECT date_trunc('week', min(time))::DATE AS week, workflow,
        list(skill ORDER BY time, place, n) FILTER (skill IS DISTINCT FROM former) AS steps,
        CASE WHEN bool_or(NOT worked) THEN false WHEN count(worked) = count(*) THEN true END AS done
    FROM step GROUP BY chain, workflow
)
SELECT week, workflow, steps[:{STEPS}] AS steps, len(steps) AS length, count(*)::INTEGER AS runs,
    count(*) FILTER (done)::INTEGER AS completed, count(*) FILTER (NOT done)::INTEGER AS failed
FROM run GROUP BY ALL"""


def _copy(connection: Connection, question: str, folder: str, table: str) -> None:
    path = engine.quoted(engine.writable(os.path.join(folder, table)))
    connection.execute(f"COPY ({question}) TO {path} {_PARQUET}")


def _path(path: str) -> str:
    return engine.quoted(engine.readable(path))
