"""The life of every record on one tape: each change of state or facts, in order of time.

`times`, `lives`, `states` and `which` are columns of one table: at that time that life
passed into that state with those facts. `births` and `names` belong to the lives.
"""

from __future__ import annotations

from gitcoord.history.trend.facts import HIT, KIND, WORK, hours

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from gitcoord.history.trend.facts import Facts

    Columns: TypeAlias = tuple[Sequence[int], Sequence[int], Sequence[int], Sequence[int]]
    Words: TypeAlias = tuple[list[str], list[Facts]]


class Tape:
    """All that trends are computed from; `start` is the hub's first moment, None for no history.

    `births` are the earliest moments at which the records are known to exist: the time
    they say they were created, or their first commit. For each facts, `hours` are the
    estimate in them and `plain` whether they count when nothing was asked. `skewed` says
    that a commit lay in the future when this was made, so that it holds for now only; `cut`,
    that the history begins in the middle: what is there at the start was there before.
    """

    __slots__ = ("_words", "births", "cut", "hours", "lives", "plain", "skewed", "start", "states",
                 "times", "which")  # fmt: skip

    def __init__(
        self,
        start: int | None,
        births: Sequence[int],
        columns: Columns,
        hours: Sequence[int | None],
        plain: Sequence[bool],
        words: Words | Callable[[], Words],
    ) -> None:
        self.start = start
        self.births = births
        self.times, self.lives, self.states, self.which = columns
        self.hours = hours
        self.plain = plain
        self.skewed = False
        self.cut = False
        self._words = words

    @property
    def names(self) -> list[str]:
        """The id that each life bore last."""
        return self._read()[0]

    @property
    def facts(self) -> list[Facts]:
        """What `which` points to."""
        return self._read()[1]

    def _read(self) -> Words:
        """Return names and facts, which most of the time nobody asks for."""
        if callable(self._words):
            self._words = self._words()
        return self._words


def made(
    start: int | None, names: list[str], births: Sequence[int], facts: list[Facts], columns: Columns
) -> Tape:
    """Return the tape of lives."""
    plain = [bool(one[HIT]) and one[KIND] in WORK for one in facts]
    return Tape(start, births, columns, [hours(one) for one in facts], plain, (names, facts))
