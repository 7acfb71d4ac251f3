"""Security findings: ruff's S rules, which are bandit's, with bandit's severities.

ruff finds what bandit finds in a twentieth of the time and knows no severity, so the table
is here. Rules that the repository's configuration ignores stay ignored, and so does a
line that says `noqa`. Tests are counted apart: an assert is no danger there.
"""

from __future__ import annotations

import os
from collections import Counter

from gitcoord.metrics.quality import linting, tools
from gitcoord.metrics.quality.measure import KEPT, By, Measure, UnmeasuredError, shown, taken
from gitcoord.metrics.quality.place import is_test
from gitcoord.metrics.quality.ruff import lines_of, lost

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.metrics.quality.linting import Finding
    from gitcoord.metrics.quality.place import Place

SEVERITIES = ("high", "medium", "low")
_HIGH = {"S201", "S202", "S304", "S312", "S321", "S324", "S401", "S402", "S411", "S412", "S413",
         "S415", "S501", "S502", "S505", "S507", "S602", "S605", "S609", "S701"}  # fmt: skip
_LOW = {"S101", "S105", "S106", "S107", "S110", "S112", "S311", "S403", "S404", "S405", "S406", "S407",
        "S408", "S409", "S410", "S504", "S603", "S606", "S607"}  # fmt: skip


def collect(place: Place, timeout: float, *, static: bool) -> Measure:
    """Return how many findings there are by severity, in the code and in its tests."""
    if not place.python:
        raise UnmeasuredError("there is no Python file")
    tool = tools.find(place, "ruff", static=static)
    own = linting.configuration(place)
    words = ["--select", "S"]
    left_out = linting.ignored(own, "S")
    if left_out:
        words += ["--ignore", ",".join(left_out)]
    found = linting.check(place, tool, own, timeout, *words)
    counted = [one for one in found if one.code != linting.SYNTAX]
    files = linting.checked_files(place, tool, own, timeout)
    code = [one for one in counted if not is_test(one.path)]
    figures = {
        "findings": len(counted),
        "by_rule": dict(Counter([one.code for one in counted]).most_common()),
        "by_severity": by_severity(code),
        "in_tests": by_severity([one for one in counted if is_test(one.path)]),
        "ignored_rules": left_out,
        "lines": lines_of([path for path in files if not is_test(_below(place, path))]),
        "first": [f"{shown(one.path)}:{one.line}: {one.code} {shown(one.message)}"
                  for one in sorted(code, key=_urgency)[:KEPT]],
    }  # fmt: skip
    broken = {one.path for one in found if one.code == linting.SYNTAX}
    by = By("ruff", tool.version, tool.source, f"ruff check {' '.join(words)}", own.file,
            ("S", left_out, own.part("per-file-ignores", "extend-per-file-ignores", *linting.SCOPE)))  # fmt: skip
    return taken(by, len(files), figures, doubt=unreadable(broken) or lost(files))


def severity(code: str) -> str:
    """Return the severity that bandit gives a rule."""
    return "high" if code in _HIGH else "low" if code in _LOW else "medium"


def by_severity(found: Sequence[Finding]) -> dict[str, int]:
    """Return how many findings have each severity."""
    counted = Counter([severity(one.code) for one in found])
    return {name: counted[name] for name in SEVERITIES}


def unreadable(paths: set[str]) -> str | None:
    """Return the doubt that files leave which could not be parsed."""
    if not paths:
        return None
    first = shown(min(paths), 80)
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{first}{more} cannot be parsed"


def _urgency(one: Finding) -> tuple[int, str, int]:
    return SEVERITIES.index(severity(one.code)), one.path, one.line


def _below(place: Place, path: str) -> str:
    return os.path.relpath(path, os.path.realpath(place.folder))
