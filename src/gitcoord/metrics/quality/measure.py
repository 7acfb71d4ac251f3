"""What one tool found out, or why it could not: plain data either way.

A measure that could not be taken has no figures at all, only the reason and, where there
is one, the command that mends it. So nobody can mistake it for 0.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, NamedTuple

Measure = dict[str, Any]

KEPT = 20
"""How many examples of anything are kept: the figures count all, a person looks at some."""


class UnmeasuredError(Exception):
    """A measure cannot be taken; the reason goes into it, and stops nothing else."""

    def __init__(self, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


class By(NamedTuple):
    """By what a measure was taken.

    `source` says whose program it was or which file was read, `command` how a person gets the
    same figures, and `definition` what has to be equal for two measures to be comparable.
    """

    tool: str
    version: str
    source: str
    command: str | None = None
    configuration: str | None = None
    definition: tuple[object, ...] = ()


def taken(
    by: By, files: int, figures: Measure, *, doubt: str | None = None, hint: str | None = None,
    stale: bool = False,
) -> Measure:  # fmt: skip
    """Return a measure with figures.

    With a `doubt` it is partial (or `stale`): it is shown with that reason, and leaves the score.
    """
    return {
        "measured": True,
        **figures,
        "files": files,
        **by._asdict(),
        "definition": digest(by.tool, by.version, *by.definition),
        "partial": doubt is not None and not stale,
        "stale": stale,
        "reason": doubt,
        "hint": hint,
    }


def missing(fault: UnmeasuredError) -> Measure:
    """Return a measure that could not be taken."""
    return {"measured": False, "reason": fault.reason, "hint": fault.hint}


def digest(*parts: object) -> str:
    """Return a short digest of values, equal for equal ones."""
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def shown(text: str, most: int = 300) -> str:
    """Return a path or a tool's words as text that can be kept: valid, in one line, not long."""
    plain = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    line = " ".join(plain.split())
    return line if len(line) <= most else line[: most - 1] + "…"
