"""Understand record files entry by entry, and what stands in many of them only once.

Records repeat themselves: the same states, labels, people and repositories stand in very many
files. What such an entry means, that it keeps the rules, and how it looks as JSON is found out
for the first one and known for all others. Whatever is not certainly fine is left to the
parser and the checks, so that an answer from here is always theirs.
"""

from __future__ import annotations

from gitcoord.codec import jsontext, quick
from gitcoord.index.shown import slots_of
from gitcoord.model.fine import Parts
from gitcoord.model.kinds import REPO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.model.kinds import Kind

    Known = tuple[str, Any, str]

_SHORT = 120
MOST = 20_000
"""How many short entries of one kind are remembered."""
_OWN = frozenset(
    {"title", "task", "description", "notes", "created", "updated", "dependencies", "blocked_by"}
)
"""Fields that hardly any two records have alike; to remember them takes longer than it saves."""


class Reader:
    """Reads the files of one kind, and remembers their short entries."""

    __slots__ = ("_empty", "_known", "_leads", "_parts")

    def __init__(self, kind: Kind) -> None:
        self._parts = Parts(kind.name)
        self._known: dict[str, Known] = {}
        slots = slots_of(kind)
        self._leads = {name: lead for name, lead, _ in slots}
        self._empty = {name: empty for name, _, empty in slots}

    def read(self, id: str, raw: bytes) -> tuple[dict[str, Any], str] | None:
        """Return the data of a record that has no fault, and its JSON; None for any other."""
        known, own = self._known, f"id: {id}"
        data: dict[str, Any] = {}
        shown: dict[str, str] = {}
        try:
            texts = quick.entries(raw)
            for text in texts:
                if text == own:
                    data["id"], shown["id"] = id, f'"id": "{id}"'
                    continue
                key, value, json = known.get(text) or self._learn(text)
                data[key] = value
                shown[key] = json
        except quick.Unsure:
            return None
        if (
            len(data) != len(texts)
            or data.get("id") != id
            or not self._parts.required <= data.keys()
        ):
            return None
        data.pop("", None)
        return data, "{" + ", ".join(
            [shown.get(name, empty) for name, empty in self._empty.items()]
        )

    def _learn(self, text: str) -> Known:
        """Return an entry's key, value and JSON; raise `Unsure` where it may have a fault."""
        key, value = quick.entry(text, self._parts.tests)
        if key and not self._parts.fine(key, value):
            raise quick.Unsure
        shown = self._empty.get(key, "")
        if shown and value is not None:
            shown = self._leads[key] + _json(text, value)
        found = (key, value, shown)
        if len(text) <= _SHORT and key not in _OWN and len(self._known) < MOST:
            self._known[text] = found
        return found


def _json(text: str, value: Any) -> str:
    """Return a value of an entry's text as JSON.

    Of what has to be escaped the quick way knows quotes, backslashes and line ends alone.
    """
    if '"' not in text and "\\" not in text:
        if type(value) is str:
            return f'"{value}"' if "\n" not in value else '"' + "\\n".join(value.split("\n")) + '"'
        if type(value) is list and value and "|" not in text and ">" not in text:
            try:
                return '["' + '", "'.join(value) + '"]'
            except TypeError:
                pass
    return jsontext.dumps(value)


_READERS: dict[str, Reader] = {}


def read(kind: Kind, id: str, raw: bytes) -> tuple[dict[str, Any], str] | None:
    """Return the data and the JSON (without its closing brace) of a record without faults.

    None for any other, and for a kind that is shown in another way. The data must not be
    changed: parts of it belong to other records too.
    """
    if kind is REPO:
        return None
    reader = _READERS.get(kind.name)
    if reader is None:
        reader = _READERS[kind.name] = Reader(kind)
    return reader.read(id, raw)
