"""What is recorded of the dependencies between repositories."""

from __future__ import annotations

from gitcoord.api import read
from gitcoord.api.entry import COLUMNS, entries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.workspace import Workspace

_VERDICTS = {"satisfied": "satisfied", "unsatisfied": "unsatisfied"}


class Verdict:
    """What is known of one dependency, and where the record says so."""

    __slots__ = ("constraint", "consumer", "file", "id", "line", "provider", "reason", "verdict")

    def __init__(self, id: str, data: dict[str, Any], file: str) -> None:
        self.id = id
        self.consumer = str(data.get("consumer"))
        self.provider = str(data.get("provider"))
        self.constraint: str | None = data.get("version_constraint")
        self.verdict = _VERDICTS.get(str(data.get("status")), "unknown")
        self.file = file
        self.line: int | None = None
        status = data.get("status") or "unknown"
        self.reason = f"recorded as {status} in {file}"

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict in its documented JSON shape."""
        return {
            "id": self.id,
            "consumer": self.consumer,
            "provider": self.provider,
            "constraint": self.constraint,
            "provider_version": None,
            "verdict": self.verdict,
            "reason": self.reason,
            "file": self.file,
            "line": self.line,
        }


def check(
    workspace: Workspace, *, consumer: str | None = None, provider: str | None = None
) -> list[Verdict]:
    """Return what is recorded of each dependency, of one consumer or provider if named."""
    import json  # people and scripts read this, not every prompt

    where, words = ["r.kind = 'dependency'", "r.archived = 0"], []
    for field, name in (("consumer", consumer), ("provider", provider)):
        if name is not None:
            where.append("r.n IN (SELECT n FROM value WHERE field = ? AND value = ?)")
            words += [field, read.repo_named(workspace, name)]
    found = entries(
        workspace.view().execute(
            f"SELECT {COLUMNS} FROM record r WHERE {' AND '.join(where)} ORDER BY r.sort", words
        )
    )
    return [Verdict(entry.id, json.loads(entry.json()), entry.path) for entry in found]
