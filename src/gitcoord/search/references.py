"""What a question names by a number: `#210`, `GH-7`, `ISSUE-012`.

A number says exactly what is meant. To words it is one among many, and an embedding hardly
sees it, so whatever names the same one rises.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_REFERENCE = re.compile(r"(?<!&)#[0-9]+|(?<![\w-])[A-Z][A-Z0-9]*-[0-9]+(?![\w-])")


def named(text: str) -> set[str]:
    """Return what a text names by a number."""
    return set(_REFERENCE.findall(text))


def of(question: str, texts: Mapping[int, str]) -> set[int]:
    """Return which texts name something that the question names.

    None where more than half of them do: that is no reference but a word, as UTF-8 is.
    """
    wanted = named(question)
    if not wanted:
        return set()
    found = {n for n, text in texts.items() if not wanted.isdisjoint(named(text))}
    return found if len(found) * 2 <= len(texts) else set()
