"""The section `quality` of a snapshot: the score, its parts, and the figures of each measure.

The figures of a measure stand under its name, so `quality.ruff.findings` is a series; lists
of examples are left out, since anybody can have them from `coord quality`. The subject's
settings are those of `api.quality.settings_for`.
"""

from __future__ import annotations

import os
from datetime import datetime

from gitcoord import __version__
from gitcoord.errors import GitError
from gitcoord.metrics.measurement import Measurement
from gitcoord.metrics.quality.collect import Asked
from gitcoord.metrics.quality.collect import collect as collect_all
from gitcoord.metrics.quality.collect import digest as digest_all
from gitcoord.metrics.quality.measure import digest as digest_of
from gitcoord.metrics.quality.score import formula_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from gitcoord.metrics.measurement import Subject

_LISTS = (
    "first",
    "worst",
    "lists",
    "lock_reasons",
    "flaky_tests",
    "hint",
    "command",
    "ignored_rules",
)


def digest(subject: Subject) -> str:
    """Return what the figures rest on."""
    _refuse_bare(subject)
    asked = _asked(subject)
    return digest_of(
        digest_all(os.path.realpath(subject.folder), asked), formula_of(asked.settings)
    )


def collect(subject: Subject) -> Measurement:
    """Measure one repository."""
    _refuse_bare(subject)
    asked = _asked(subject)
    found = collect_all(subject.folder, datetime.fromisoformat(subject.now), asked)
    measures = {name: _plain(name, one, found) for name, one in found["measures"].items()}
    figures = {
        "score": found["score"], **measures,
        "formula": found["formula"], "weights": found["weights"], "dirty": found["dirty"],
        "made_of": found["made_of"], "share": found["share"],
        "left_out": [{key: one[key] for key in ("measure", "state", "reason")} for one in found["left_out"]],
    }  # fmt: skip
    return Measurement(
        figures, source=found["source"], tool="coord quality", version=__version__, commit=found["commit"],
        measured_at=found["measured_at"], reason=found["reason"], definition=_definition(found, asked),
        files=max([one.get("files") or 0 for one in measures.values()], default=0),
    )  # fmt: skip


def _asked(subject: Subject) -> Asked:
    """Return how to measure; where nobody vouched for the repository, nothing in it is run."""
    held = subject.settings
    settings = held.get("quality")
    return Asked(
        settings=settings if isinstance(settings, dict) else {},
        advisories=held.get("advisories"),
        static=held.get("static") is not False,
        memory=held.get("memory"),
    )


def _plain(name: str, one: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in one.items() if key not in _LISTS}
    return {"part": found["parts"].get(name), **kept}


def _definition(found: Mapping[str, Any], asked: Asked) -> str:
    """Return a digest of the formula as applied and of each measure in it."""
    parts = [(name, found["measures"][name].get("definition")) for name in found["weights"]]
    return digest_of(parts, found["weights"], sorted(formula_of(asked.settings).losses.items()))


def _refuse_bare(subject: Subject) -> None:
    if subject.bare:
        raise GitError("A bare repository has no files to measure.", hint="Clone it.")
