"""Gates: a declared minimum as a short text, and whether a figure reaches it.

`coverage >= 80`, `git.conflict_rate < 10`, `coverage fall <= 2`. What is not known has
reached nothing: a gate is passed only by a figure that is there and of a whole run.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.metrics.series import whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gitcoord.metrics.series import Point

FALL = "fall"
HINT = "As in `coverage >= 80`, `git.conflict_rate < 10` or `coverage fall <= 2`."
_OPERATORS: tuple[tuple[str, Callable[[float, float], bool]], ...] = (
    (">=", lambda value, wanted: value >= wanted),
    ("<=", lambda value, wanted: value <= wanted),
    ("==", lambda value, wanted: value == wanted),
    (">", lambda value, wanted: value > wanted),
    ("<", lambda value, wanted: value < wanted),
)


class Gate(NamedTuple):
    """One condition on a figure; with `fall` on how far it fell since the point before."""

    text: str
    metric: str
    fall: bool
    operator: str
    number: float

    @property
    def wanted(self) -> str:
        """What the figure has to be."""
        return f"{self.operator} {self.number:g}"


def parse(text: str) -> Gate | None:
    """Return the gate that a text says, None where it is no condition on a figure."""
    for sign, _ in _OPERATORS:
        left, found, right = text.partition(sign)
        if not found:
            continue
        words = left.split()
        number = _number(right.strip().removesuffix("%"))
        fall = len(words) == 2 and words[1] == FALL
        if number is None or not words or (len(words) != 1 and not fall) or not _is_name(words[0]):
            return None
        return Gate(text.strip(), words[0], fall, sign, number)
    return None


def _number(text: str) -> float | None:
    if not text.isascii() or "_" in text:
        return None
    try:
        found = float(text)
    except ValueError:
        return None
    return found if abs(found) < 1e15 else None


def _is_name(word: str) -> bool:
    return all(part.replace("_", "a").isalnum() and part.isascii() for part in word.split("."))


def passes(gate: Gate, value: float | None) -> bool:
    """Whether a figure reaches a gate; an unknown one does not."""
    return value is not None and dict(_OPERATORS)[gate.operator](value, gate.number)


def missed_by(gate: Gate, value: float | None) -> float | None:
    """Return how far a figure is from a gate: 0 where it passes or just not, None where unknown."""
    if value is None:
        return None
    return 0.0 if passes(gate, value) else abs(value - gate.number)


def fallen(points: Sequence[Point]) -> float | None:
    """Return how far a figure fell since the whole run before, 0 where it did not, None without two."""
    counted = whole(points)
    if len(counted) < 2 or counted[-1].definition != counted[-2].definition:
        return None
    return max(0.0, (counted[-2].value or 0.0) - (counted[-1].value or 0.0))
