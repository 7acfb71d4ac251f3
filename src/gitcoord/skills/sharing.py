"""Roll-ups: counts per skill and week or day, the only thing that may leave this machine.

Nothing in one comes from a text but the names of skills, and those only where they are plain names:
what could be a path, an address or a token is counted under `(withheld)`.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gitcoord.skills.asking import Shelf, Span

WITHHELD, OTHER = "(withheld)", "(other)"
MOST = 200
"""Names of skills in a roll-up; the rest are counted under `(other)`."""

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.:-]{0,62}")
_ENDING = re.compile(r"\.[A-Za-z]{1,5}\Z")


def is_plain(name: str, masked: Callable[[str], str]) -> bool:
    """Whether the name of a skill tells nothing but that; `masked` hides what looks secret."""
    return bool(_PLAIN.fullmatch(name)) and not _ENDING.search(name) and masked(name) == name


def roll_up(
    shelf: Shelf, repo: str, span: Span, every: str, masked: Callable[[str], str]
) -> dict[str, dict[str, dict[str, int]]]:
    """Return the counts of a repository: of each bucket, of each skill."""
    rows = shelf.ask(
        f"SELECT date_trunc('{every}', time)::DATE::VARCHAR, skill, count(*), count(completed),"
        f" count(*) FILTER (completed), count(success), count(*) FILTER (success) FROM use"
        f" WHERE repo = ? AND {span.condition()} GROUP BY ALL ORDER BY ALL", [repo],
    )  # fmt: skip
    shown = _shown(shelf, repo, span, masked)
    found: dict[str, dict[str, dict[str, int]]] = {}
    for start, skill, *counts in rows:
        name = shown.get(skill, OTHER if is_plain(skill, masked) else WITHHELD)
        of = found.setdefault(start, {}).setdefault(name, {})
        for key, count in zip(_COUNTS, counts, strict=True):
            if count:
                of[key] = of.get(key, 0) + count
            elif key != "uses":  # what is known of none is left out, a known 0 is one
                _known_zero(of, key, counts)
    return found


def _shown(shelf: Shelf, repo: str, span: Span, masked: Callable[[str], str]) -> dict[str, str]:
    """Return the names that are told, the most used."""
    rows = shelf.ask(
        f"SELECT skill FROM use WHERE repo = ? AND {span.condition()} GROUP BY 1"
        " ORDER BY count(*) DESC, 1", [repo],
    )  # fmt: skip
    names = [str(name) for (name,) in rows if is_plain(name, masked)]
    return {name: name for name in names[:MOST]}


_COUNTS = ("uses", "completed_known", "completed", "success_known", "success")


def _known_zero(of: dict[str, Any], key: str, counts: list[int]) -> None:
    """Note 0 of those of whom it is known."""
    if (key == "completed" and counts[1]) or (key == "success" and counts[3]):
        of.setdefault(key, 0)
