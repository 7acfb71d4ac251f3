"""What a reader of another tracker's files has to tell, and what all of them share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from gitcoord.model.kinds import Kind

Data = dict[str, Any]
_NO_WORD = re.compile(r"[^A-Za-z0-9]+")


class Tracker:
    """How one tracker keeps its records.

    `folders` are where they lie, `chosen` says which of a folder's files are in use,
    `pieces` cuts a file into the texts of its records, `record` turns one into ours.
    """

    def __init__(
        self,
        name: str,
        kind: Kind,
        folders: tuple[str, ...],
        *,
        chosen: Callable[[list[str]], list[str]],
        pieces: Callable[[bytes], list[bytes]],
        record: Callable[[bytes], Data | None],
    ) -> None:
        self.name = name
        self.kind = kind
        self.folders = folders
        self.chosen = chosen
        self.pieces = pieces
        self.record = record


def our_id(text: str, prefix: str) -> str:
    """Return an id of our form for one of theirs; the same one always gives the same."""
    word = _NO_WORD.sub("-", text).strip("-")[:50] or "0"
    return word if "-" in word and word[0].isalpha() else f"{prefix}-{word}"


def filled(data: Data) -> Data:
    """Return data without what says nothing."""
    return {key: value for key, value in data.items() if value not in (None, "", [], {})}
