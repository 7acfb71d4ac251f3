"""Lint findings: what ruff says with the repository's own configuration, by rule and severity."""

from __future__ import annotations

import os
from collections import Counter

from gitcoord.metrics.quality import linting, tools
from gitcoord.metrics.quality.measure import KEPT, By, Measure, UnmeasuredError, shown, taken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.metrics.quality.place import Place

_ERRORS = ("E9", "F", "PLE", linting.SYNTAX)
_WARNINGS = ("A", "ASYNC", "B", "BLE", "DTZ", "EXE", "FAST", "G", "LOG", "NPY", "PD", "PGH", "PLW",
             "PT", "RUF", "S", "SLF", "T10", "TRY", "W6", "YTT")  # fmt: skip


def collect(place: Place, timeout: float, *, static: bool) -> Measure:
    """Return how many findings there are; `findings` is what `ruff check` itself counts."""
    if not place.python:
        raise UnmeasuredError("there is no Python file")
    tool = tools.find(place, "ruff", static=static)
    own = linting.configuration(place)
    found = linting.check(place, tool, own, timeout)
    files = linting.checked_files(place, tool, own, timeout)
    figures = {
        "findings": len(found),
        "fixable": sum([one.fixable for one in found]),
        "by_rule": dict(Counter([one.code for one in found]).most_common()),
        "by_severity": by_severity([one.code for one in found]),
        "lines": lines_of(files),
        "first": [f"{shown(one.path)}:{one.line}: {one.code} {shown(one.message)}" for one in found[:KEPT]],
    }  # fmt: skip
    by = By("ruff", tool.version, tool.source, "ruff check", own.file, (own.digest,))
    return taken(by, len(files), figures, doubt=lost(files))


def by_severity(codes: Sequence[str]) -> dict[str, int]:
    """Return how many findings are errors, warnings and style.

    ruff itself calls everything an error. Errors are what cannot run or is surely wrong
    (syntax, pyflakes, pylint's errors), warnings what is likely wrong, style the rest.
    """
    found = Counter([severity(code) for code in codes])
    return {name: found[name] for name in ("error", "warning", "style")}


def severity(code: str) -> str:
    """Return the severity of a rule by its family."""
    if _of(code, _ERRORS):
        return "error"
    return "warning" if _of(code, _WARNINGS) else "style"


def _of(code: str, families: Sequence[str]) -> bool:
    letters = code.rstrip("0123456789")
    return code in families or any(
        code.startswith(one) if one[-1].isdigit() else letters == one for one in families
    )


def lost(files: Sequence[str]) -> str | None:
    """Return the doubt that names leave which ruff cannot tell: not UTF-8, or of several lines."""
    gone = [path for path in files if not os.path.exists(path)]
    return f"{len(gone)} files have names that ruff cannot tell" if gone else None


def lines_of(files: Sequence[str]) -> int:
    """Return how many lines some files have together."""
    total = 0
    for path in files:
        try:
            if os.path.isfile(path) and os.path.getsize(path) < linting.MOST_SOURCE:
                with open(path, "rb") as file:
                    total += file.read().count(b"\n")
        except OSError:
            continue
    return total
