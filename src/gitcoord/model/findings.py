"""Faults in the data: values, collected and shown together, never raised.

A finding says where (path, line, column, id, field), what (code, message) and how
to mend it (hint). `severity` is `error` when the record cannot be trusted as it
stands, `warning` when it can be read but something deserves a look.
"""

from __future__ import annotations

ERROR = "error"
WARNING = "warning"


class Finding:
    """One fault in one file."""

    __slots__ = ("code", "column", "field", "hint", "id", "line", "message", "path", "severity")

    def __init__(
        self,
        *,
        path: str,
        code: str,
        message: str,
        hint: str = "",
        line: int | None = None,
        column: int | None = None,
        id: str | None = None,
        field: str | None = None,
        severity: str = ERROR,
    ) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.id = id
        self.field = field
        self.code = code
        self.severity = severity
        self.message = message
        self.hint = hint

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the finding in its documented JSON shape."""
        return {
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "id": self.id,
            "field": self.field,
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint,
        }

    def __repr__(self) -> str:
        return f"Finding({self.path}:{self.line}:{self.column} {self.code} {self.message})"


class Fault:
    """A finding before its place is known: what is wrong with one value of one record.

    `where` is the path of keys and positions from the top of the record to the value.
    `at_key` says that the key itself is meant (an unknown or a missing field) and not
    the value.
    """

    __slots__ = ("at_key", "code", "hint", "message", "severity", "where")

    def __init__(
        self,
        where: tuple[str | int, ...],
        code: str,
        message: str,
        *,
        hint: str = "",
        severity: str = ERROR,
        at_key: bool = False,
    ) -> None:
        self.where = where
        self.code = code
        self.message = message
        self.hint = hint
        self.severity = severity
        self.at_key = at_key

    def __repr__(self) -> str:
        return f"Fault({'.'.join(map(str, self.where))} {self.code} {self.message})"
