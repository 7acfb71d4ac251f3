"""All measures of one repository, and the score: the one function that others call.

Measures stand alone: one that fails says why and stops no other. What was found is
remembered under a digest of everything it rests on, so an unchanged repository is not
measured again.
"""

from __future__ import annotations

import os
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from gitcoord.metrics.quality import (
    complexity,
    dependencies,
    documentation,
    freshness,
    memory,
    mypy,
    ruff,
    score,
    security,
    surveying,
    testing,
    vulnerabilities,
)
from gitcoord.metrics.quality.measure import Measure, UnmeasuredError, missing
from gitcoord.metrics.quality.place import Place, look

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gitcoord.metrics.quality.surveying import Survey

TIMEOUT = 300
MEASURES = tuple(score.WEIGHTS)


class Asked(NamedTuple):
    """How to measure: what coord.yaml says under `quality:`, and what the call says.

    `static` runs nothing that lies in the repository. `memory` is a folder in which to
    remember; without one nothing is. With `again` nothing remembered is believed.
    """

    settings: Mapping[str, Any] = {}
    advisories: str | None = None
    static: bool = False
    only: Sequence[str] = ()
    memory: str | None = None
    again: bool = False

    @property
    def timeout(self) -> float:
        """How many seconds one tool may take."""
        held = self.settings.get("timeout")
        if isinstance(held, int) and not isinstance(held, bool) and 1 <= held <= 86_400:
            return held
        return TIMEOUT

    @property
    def reports(self) -> list[str]:
        """Where test reports lie, if not where they usually do."""
        held = self.settings.get("reports")
        return (
            [one for one in held if isinstance(one, str) and one] if isinstance(held, list) else []
        )


def digest(folder: str, asked: Asked = Asked()) -> str:  # noqa: B008  it never changes
    """Return what the figures rest on; as long as it is equal, they are."""
    return freshness.digest_of(look(folder), asked.settings, asked.reports, asked.advisories,
                               asked.static, _wanted(asked))  # fmt: skip


def collect(folder: str, now: datetime, asked: Asked = Asked()) -> dict[str, Any]:  # noqa: B008
    """Measure a repository's work tree and return plain data, ready for JSON.

    Raises `GitError` where there is no work tree.
    """
    place = look(os.path.realpath(folder))
    key = freshness.digest_of(place, asked.settings, asked.reports, asked.advisories, asked.static,
                              _wanted(asked))  # fmt: skip
    kept = memory.Memory(asked.memory)
    known = None if asked.again else kept.result(key)
    if known is not None:
        return known
    with kept.alone() as mine:
        measures = _measures(place, asked, kept, mine)
    found = {
        **score.score(measures, score.formula_of(asked.settings)),
        "commit": place.commit,
        "dirty": bool(place.changed),
        "measured_at": now.isoformat(timespec="seconds"),
        "source": "work tree",
        "static": asked.static,
        "measures": measures,
        "digest": key,
    }
    kept.keep(found)
    return found


def last(asked: Asked) -> dict[str, Any] | None:
    """Return what was found the last time, however old; None when that is not known."""
    return memory.Memory(asked.memory).result(None)


def _wanted(asked: Asked) -> list[str]:
    return [name for name in MEASURES if not asked.only or name in asked.only]


def _measures(place: Place, asked: Asked, kept: memory.Memory, mine: bool) -> dict[str, Measure]:
    @cache
    def survey() -> Survey:
        return surveying.survey(place, asked.timeout)

    def tests() -> Measure:
        found = testing.collect(place, asked.reports, kept.outcomes())
        kept.keep_outcomes(found.memory)
        return found.measure

    timeout, static = asked.timeout, asked.static
    takers: dict[str, Callable[[], Measure]] = {
        "ruff": lambda: ruff.collect(place, timeout, static=static),
        "mypy": lambda: mypy.collect(place, timeout, static=static, cache=kept.folder("mypy") if mine else None),
        "security": lambda: security.collect(place, timeout, static=static),
        "complexity": lambda: complexity.collect(place, timeout, static=static),
        "documentation": lambda: documentation.collect(survey()),
        "tests": tests,
        "dependencies": lambda: dependencies.collect(place, survey()),
        "vulnerabilities": lambda: vulnerabilities.collect(place, asked.advisories),
    }  # fmt: skip
    return {name: _take(takers[name]) for name in _wanted(asked)}


def _take(taker: Callable[[], Measure]) -> Measure:
    try:
        return taker()
    except UnmeasuredError as fault:
        return missing(fault)
    except OSError as error:
        return missing(UnmeasuredError(f"the system refused: {error.strerror}"))
