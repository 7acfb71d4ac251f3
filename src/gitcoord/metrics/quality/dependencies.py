"""Health of dependencies: undeclared, misplaced and unused packages, and locks that no longer fit.

Which package has which module is read from the metadata in the repository's environment,
then from coord's own. Without either a module stays unknown, and the measure is partial.
"""

from __future__ import annotations

from gitcoord.manifests.manifest import PYPI
from gitcoord.metrics.quality import declared, imports, installed, locks, surveying
from gitcoord.metrics.quality.measure import KEPT, By, Measure, UnmeasuredError, shown, taken
from gitcoord.metrics.quality.place import INSTALL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.metrics.quality.declared import Declared
    from gitcoord.metrics.quality.imports import Imports
    from gitcoord.metrics.quality.place import Place
    from gitcoord.metrics.quality.surveying import Survey

VERSION = 1
_LISTS = ("undeclared", "misplaced", "unused", "unknown", "elsewhere")


def collect(place: Place, survey: Survey) -> Measure:
    """Return what does not fit between imports, declarations and locks."""
    found = declared.read(place)
    if not found.manifests:
        raise UnmeasuredError("no manifest says what it needs", "Declare it in pyproject.toml.")
    declared.sound(found)
    _refuse_programs(place, found)
    fit = imports.compare(survey, list(place.files), found, installed.read(place.folder, place.environment),
                          installed.own())  # fmt: skip
    held = locks.check(found)
    stale = [one for one in held if one.reasons]
    figures: Measure = {
        "faults": len(fit.undeclared) + len(fit.misplaced) + len(fit.unused),
        **{name: len(getattr(fit, name)) for name in _LISTS},
        "declared": len({need.package for _, need in found.needs}),
        "locks": len(held),
        "outdated_locks": len(stale),
        "lists": {name: {shown(key): shown(where) for key, where in sorted(getattr(fit, name).items())[:KEPT]}
                  for name in _LISTS},
        "lock_reasons": {shown(one.path): [shown(why) for why in one.reasons[:KEPT]] for one in stale},
    }  # fmt: skip
    by = By("coord", str(VERSION), "coord", configuration=shown(", ".join(sorted(found.manifests))),
            definition=(surveying.VERSION, place.environment is None))  # fmt: skip
    return taken(by, len(survey.imports), figures, doubt=_doubt(place, survey, fit),
                 hint=INSTALL if fit.unknown else None)  # fmt: skip


def _refuse_programs(place: Place, found: Declared) -> None:
    """Raise `UnmeasuredError` where only a program knows the requirements."""
    python = [one for one in found.manifests.values() if one.ecosystem == PYPI]
    if not python or not (found.needs or found.own):
        raise UnmeasuredError("no manifest of Python says what it needs")
    if not found.needs_of_project and "setup.py" in place.files:
        raise UnmeasuredError("what it needs stands in setup.py, which is not run",
                              "Declare it in pyproject.toml.")  # fmt: skip


def _doubt(place: Place, survey: Survey, fit: Imports) -> str | None:
    if survey.doubt:
        return survey.doubt
    if fit.unknown:
        why = place.doubt or (
            "not all is installed" if place.environment else "there is no environment (.venv)"
        )
        names = ", ".join(sorted(fit.unknown)[:5])
        return f"{why}; which packages provide {shown(names)} is not known"
    return None
