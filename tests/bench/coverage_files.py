"""Values of coverage that repositories keep in files, and what those were over history.

Read are badges (`coverage.svg`, `jacoco.svg`, the one of a README), `coverage.json`, `coverage.xml`,
`coverage-summary.json` and `.coverage-ratchet.json`, wherever they lie.
"""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

from gitcoord.metrics.series import Point

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = re.compile(
    r"(?:.*/)?(?:jacoco\.svg|[^/]*coverage[^/]*\.svg|coverage\.(?:json|xml)|coverage-summary\.json|"
    r"\.coverage-ratchet\.json)|README\.md",
    re.IGNORECASE,
)
_BADGE = re.compile(r"badge/coverage-([0-9.]+)%25", re.IGNORECASE)
_DRAWN = re.compile(r">\s*([0-9]{1,3}(?:\.[0-9]+)?)\s*%\s*<")
_RATE = re.compile(r'<coverage[^>]*line-rate="([0-9.]+)"')
_PLACES = (
    ("current_minimum",), ("current_coverage",), ("totals", "percent_covered"),
    ("total", "lines", "pct"),
)  # fmt: skip


def histories(folder: str) -> Iterator[tuple[str, list[Point]]]:
    """Yield by file the values that it had on the way to HEAD, where they changed."""
    listed = _git(folder, "log", "--first-parent", "--format=", "--name-only", "-z", "HEAD", "--",
                  "*.svg", "*coverage*", "README.md")  # fmt: skip
    names = {name.strip() for name in listed.decode("utf-8", "replace").split("\0")}
    for path in sorted(name for name in names if _NAMES.fullmatch(name)):
        found = history(folder, path)
        if found:
            yield path, found


def history(folder: str, path: str) -> list[Point]:
    """Return the values of one file over the first parents of HEAD, where they changed."""
    form = "--format=%H %ct %cI"
    rows = _git(folder, "log", "--first-parent", "--reverse", form, "HEAD", "--", path).split(b"\n")
    found: list[Point] = []
    for row in rows[:-1]:
        commit, second, time = row.decode().split()
        shown = _git(folder, "show", f"{commit}:{path}").decode("utf-8", "replace")
        held = value(path, shown)
        if held is not None and (not found or found[-1].value != held):
            found.append(Point(time, float(second), commit, held, False, "d"))
    return found


def value(path: str, text: str) -> float | None:
    """Return the coverage that a file tells, in percent."""
    if path.endswith(".json"):
        return _of_json(text)
    found = _DRAWN if path.lower().endswith(".svg") else _RATE if path.endswith(".xml") else _BADGE
    said = found.findall(text)
    if not said:
        return None
    return 100 * float(said[0]) if path.endswith(".xml") else float(said[-1])


def _of_json(text: str) -> float | None:
    try:
        whole = json.loads(text)
    except ValueError:
        return None
    for place in _PLACES:
        held: Any = whole
        for key in place:
            held = held.get(key) if isinstance(held, dict) else None
        if isinstance(held, int | float):
            return float(held)
    return None


def _git(folder: str, *words: str) -> bytes:
    return subprocess.run(["git", "-C", folder, *words], capture_output=True, check=False).stdout
