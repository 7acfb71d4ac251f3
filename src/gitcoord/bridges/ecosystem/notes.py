"""What an import decided, told in one sentence each; and what it could not decide.

Notes are about one record. A decision that many records share (a field that is called
otherwise) is told once, with the number of records.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.errors import InvalidError

_SHOWN = 20


class Note(NamedTuple):
    """One decision: the record (or the kind, in the plural), its field, and a sentence."""

    record: str
    field: str
    message: str


class Ledger:
    """Collects notes and faults while one document is read."""

    def __init__(self) -> None:
        self._notes: list[Note] = []
        self._shared: dict[Note, int] = {}
        self._faults: dict[str, str] = {}

    def say(self, record: str, field: str, message: str) -> None:
        """Note a decision about one record."""
        self._notes.append(Note(record, field, message))

    def share(self, plural: str, field: str, message: str) -> None:
        """Note a decision that other records of the kind may share."""
        note = Note(plural, field, message)
        self._shared[note] = self._shared.get(note, 0) + 1

    def refuse(self, message: str, hint: str) -> None:
        """Note something that only the user can decide."""
        self._faults.setdefault(message, hint)

    def notes(self) -> list[Note]:
        """Return all notes: the shared ones first, then each record's in the order of the file."""
        shared = [
            Note(record, field, message if count == 1 else f"{message} ({count} records)")
            for (record, field, message), count in self._shared.items()
        ]
        return shared + list(dict.fromkeys(self._notes))

    def check(self) -> None:
        """Raise `InvalidError` when something was refused; all of it at once."""
        if not self._faults:
            return
        messages = list(self._faults)
        more = len(messages) - _SHOWN
        said = "\n".join(messages[:_SHOWN]) + (f"\n… and {more} more" if more > 0 else "")
        hints = dict.fromkeys(hint for hint in self._faults.values() if hint)
        raise InvalidError(said, hint="\n".join(list(hints)[:_SHOWN]))
