"""Ask what is kept of some repositories: the tables of their newest generations as three views.

`use` has a row for each invocation, `pair` what was used together in each week, `run` the
sequences of each week. A generation that a collector replaces while it is read is
looked for again; a file that cannot be read is left out, and said to be.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.skills import engine, store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from typing import Any

    from gitcoord.skills.engine import Connection
    from gitcoord.skills.store import Generation

_VIEWS = (("use", store.ROWS), ("pair", store.PAIRS), ("run", store.RUNS))
_TRIES = 5


class Span(NamedTuple):
    """From when to when, on the clock of who wrote it; the end is not in it."""

    since: datetime | None = None
    until: datetime | None = None

    def condition(self, column: str = "time", unit: str = "TIMESTAMP") -> str:
        """Return the condition of SQL for a time in it."""
        parts = [
            f"{column} {sign} {unit} '{moment.isoformat(sep=' ')}'"
            for sign, moment in ((">=", self.since), ("<", self.until))
            if moment is not None
        ]
        return " AND ".join(parts) or "true"


class Shelf:
    """What is kept of some repositories; `unread` has those whose files are damaged, and why."""

    __slots__ = ("_connection", "_held", "_names", "_taken", "unread", "where")

    def __init__(self, where: str, names: Iterable[str]) -> None:
        self.where = where
        self._names = list(names)
        self._held: dict[str, Generation] = {}
        self._connection: Connection | None = None
        self._taken: dict[str, str] = {}
        self.unread: dict[str, str] = {}
        self._look()

    @property
    def repos(self) -> list[str]:
        """The repositories of which something is kept that can be read."""
        return list(self._held)

    def meta(self, repo: str) -> dict[str, Any]:
        """Return what is known of the data of a repository."""
        return self._held[repo].meta

    def ask(self, question: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of an answer."""
        if not self._held:
            return []
        for attempt in range(_TRIES):
            try:
                return self._opened().execute(question, list(values)).fetchall()
            except engine.errors() as error:
                engine.refuse_without_memory(error)
                if attempt == _TRIES - 1 or not self._look_again():
                    raise
                if not self._held:
                    return []
        return []

    def take(self, name: str, question: str) -> None:
        """Keep an answer in memory as a table, for several questions about it."""
        self._taken[name] = question
        if self._connection is not None:
            try:
                self._connection.execute(f"CREATE OR REPLACE TABLE {name} AS {question}")
            except engine.errors():
                self.close()  # what is damaged is found out when the next question is asked

    def close(self) -> None:
        """Close the database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _look(self) -> None:
        found = {name: store.current(self.where, name) for name in self._names}
        self._held = {
            name: one for name, one in found.items() if one is not None and name not in self.unread
        }

    def _look_again(self) -> bool:
        """Take what there is now; where nothing has changed, leave out what cannot be read.

        Returns whether anything is different now.
        """
        before = self._held
        self.close()
        self._look()
        if self._held != before:
            return True
        for name, one in before.items():
            broken = store.damaged(one)
            if broken:
                self.unread[name] = f"{', '.join(broken)} is damaged"
        self._look()
        return self._held != before

    def _opened(self) -> Connection:
        if self._connection is None:
            connection = engine.connect(self.where)
            for view, table in _VIEWS:
                paths = [
                    engine.quoted(engine.readable(one.path(table))) for one in self._held.values()
                ]
                # What belongs to which repository is told by where it lies, not by what it says.
                extra = (
                    "*" if view == "use" else "*, parse_filename(parse_path(filename)[-3]) AS repo"
                )
                connection.execute(
                    f"CREATE VIEW {view} AS SELECT {extra} FROM"
                    f" read_parquet([{', '.join(paths)}], filename = {str(view != 'use').lower()})"
                )
            for name, question in self._taken.items():
                connection.execute(f"CREATE TABLE {name} AS {question}")
            self._connection = connection
        return self._connection
