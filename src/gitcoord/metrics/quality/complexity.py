"""Complexity of functions: McCabe's, as ruff counts it (C901), for every function there is.

The limit is the repository's own (`lint.mccabe.max-complexity`), 10 without one. `noqa` and
ignored rules do not hide a function: the share of simple ones needs all of them.
"""

from __future__ import annotations

import re

from gitcoord.metrics.quality import linting, tools
from gitcoord.metrics.quality.measure import By, Measure, UnmeasuredError, shown, taken
from gitcoord.metrics.quality.security import unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.metrics.quality.linting import Configuration, Finding
    from gitcoord.metrics.quality.place import Place

LIMIT = 10
_ALL = [
    *("--select", "C901", "--ignore-noqa"),
    *("--config", "lint.mccabe.max-complexity=0"),
    *("--config", "lint.per-file-ignores={}", "--config", "lint.extend-per-file-ignores={}"),
]
_MESSAGE = re.compile(r"^`(.*)` is too complex \((\d+) > 0\)$", re.S)
_WORST = 5


def collect(place: Place, timeout: float, *, static: bool) -> Measure:
    """Return how complex the functions are, and how many are above the limit."""
    if not place.python:
        raise UnmeasuredError("there is no Python file")
    tool = tools.find(place, "ruff", static=static)
    own = linting.configuration(place)
    found = linting.check(place, tool, own, timeout, *_ALL)
    broken = {one.path for one in found if one.code == linting.SYNTAX}
    functions = _functions(found)
    limit = limit_of(own)
    values = sorted([one[0] for one in functions])
    worst = sorted(functions, key=lambda one: (-one[0], one[1]))[:_WORST]
    figures = {
        "functions": len(values),
        "above": len([one for one in values if one > limit]),
        "limit": limit,
        "total": sum(values),
        "mean": round(sum(values) / len(values), 2),
        "highest": values[-1],
        "worst": [{"place": place, "function": name, "complexity": value} for value, place, name in worst],
    }  # fmt: skip
    files = linting.checked_files(place, tool, own, timeout)
    by = By("ruff", tool.version, tool.source, " ".join(["ruff check", *_ALL]), own.file,
            ("C901", limit, own.part(*linting.SCOPE)))  # fmt: skip
    return taken(by, len(files), figures, doubt=unreadable(broken))


def _functions(found: list[Finding]) -> list[tuple[int, str, str]]:
    """Return complexity, place and name of each function; raise `UnmeasuredError`."""
    functions = []
    for one in found:
        said = _MESSAGE.match(one.message)
        if one.code == "C901" and said is None:
            raise UnmeasuredError("ruff gave an answer that cannot be read")
        if said is not None:
            functions.append((int(said[2]), f"{shown(one.path)}:{one.line}", shown(said[1])))
    if not functions:
        raise UnmeasuredError("there is no function")
    return functions


def limit_of(own: Configuration) -> int:
    """Return the highest complexity that the repository allows."""
    held = own.get("mccabe")
    limit = held.get("max-complexity") if isinstance(held, dict) else None
    return limit if isinstance(limit, int) and not isinstance(limit, bool) and limit > 0 else LIMIT
