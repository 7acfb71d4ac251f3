"""Records that are like another one in their words."""

from __future__ import annotations

from array import array
from typing import NamedTuple

from gitcoord.memory import likeness, wording

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.workspace import Workspace

_LEAST = 0.15
_MOST = 20


class Alike(NamedTuple):
    """One record like another; similarity is the cosine of their weighed words."""

    id: str
    similarity: float
    open: bool
    assignee: str | None
    repos: list[str]


def records_like(workspace: Workspace, id: str) -> tuple[dict[str, Any], list[Alike]]:
    """Return a record's fields, and the issues and todos most like it."""
    from gitcoord.codec.native import loads  # JSON is YAML, and `json` takes longer to load

    rows = list(
        workspace.view().execute(
            "SELECT id, open, assignee, json FROM record WHERE kind IN ('issue', 'todo') ORDER BY id"
        )
    )
    postings: dict[str, array[int]] = {}
    wanted: dict[str, Any] = {}
    all_words: list[list[str]] = []
    found: list[dict[str, Any]] = []
    for number, (own, _, _, text) in enumerate(rows, 1):
        data: dict[str, Any] = loads(text + "}")
        words = _words(data)
        all_words.append(words)
        found.append(data)
        if own == id:
            wanted = data
        for word in words:
            postings.setdefault(word, array("I")).append(number)
    lengths = likeness.lengths(postings.values(), len(rows))
    mine = next((words for words, row in zip(all_words, rows, strict=True) if row[0] == id), [])
    near = likeness.alike(mine, postings, lengths, len(rows), _LEAST)
    alike = [
        Alike(row[0], near[number], bool(row[1]), row[2], _repos(data))
        for number, (row, data) in enumerate(zip(rows, found, strict=True), 1)
        if number in near and row[0] != id
    ]
    return wanted, sorted(alike, key=lambda one: (-one.similarity, one.id))[:_MOST]


def _words(data: dict[str, Any]) -> list[str]:
    said = f"{data.get('title') or data.get('task') or ''}\n{data.get('description') or ''}"
    return sorted({*wording.words(said), *(f"label:{label}" for label in data.get("labels") or ())})


def _repos(data: dict[str, Any]) -> list[str]:
    return list(data.get("repos") or ([data["repo"]] if data.get("repo") else []))
