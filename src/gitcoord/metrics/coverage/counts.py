"""The integers of a coverage report, and the one formula that makes a percentage of them.

The formula is coverage.py's own: executed statements and taken branches, of all there
are. Where there is nothing to execute there is no percentage.
"""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Counts(NamedTuple):
    """What was counted; `branches` are 0 where only statements were measured."""

    statements: int = 0
    missing: int = 0
    excluded: int = 0
    branches: int = 0
    missing_branches: int = 0
    partial_branches: int = 0

    @property
    def percent(self) -> float | None:
        """The share that was executed, None where nothing can be."""
        whole = self.statements + self.branches
        covered = whole - self.missing - self.missing_branches
        return 100.0 * covered / whole if whole else None

    @property
    def sound(self) -> bool:
        """Whether a share can be told of them: nothing is negative or larger than the whole."""
        return (
            min(self) >= 0
            and self.missing <= self.statements
            and self.missing_branches <= self.branches
        )


def total(parts: Iterable[Counts]) -> Counts:
    """Return the sum of the counts of files."""
    columns = list(zip(*parts, strict=True))
    return Counts(*map(sum, columns)) if columns else Counts()
