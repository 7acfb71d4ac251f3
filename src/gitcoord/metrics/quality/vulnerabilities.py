"""Known vulnerabilities of what is locked, else of what is installed, by a folder of advisories.

What could not be checked is counted and told: silence about a package is no good news.
"""

from __future__ import annotations

import os
from functools import lru_cache

from gitcoord.manifests.manifest import PYPI
from gitcoord.metrics.quality import advisories, declared, installed
from gitcoord.metrics.quality.measure import KEPT, By, Measure, UnmeasuredError, shown, taken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.metrics.quality.advisories import Advisory, Database
    from gitcoord.metrics.quality.place import Place

    Pin = tuple[str, str, str]

_HINT = "--advisories FOLDER, with advisories in OSV's JSON form"


def collect(place: Place, folder: str | None) -> Measure:
    """Return the vulnerabilities that advisories know of; each counts once, whatever its names."""
    if folder is None:
        raise UnmeasuredError("no advisory database is given", _HINT)
    if not os.path.isdir(folder):
        raise UnmeasuredError("the folder of advisories is not there", _HINT)
    database = _load(folder, tuple(advisories.digest_of(folder)))
    if not database.packages:
        raise UnmeasuredError("the folder of advisories holds none that can be read", _HINT)
    pins, source = pinned(place)
    if not pins:
        raise UnmeasuredError("there is neither a lock nor an environment", "uv lock")
    found, unsure = _look(database, pins)
    doubts = [f"{shown(name)} {version} cannot be compared" for _, name, version in unsure[:3]]
    if database.broken:
        doubts.append(f"{database.broken} advisories cannot be read")
    figures = {
        "vulnerabilities": len(found),
        "packages": len(pins),
        "vulnerable_packages": len({(pin[0], pin[1]) for pin, _ in found}),
        "unchecked": len(unsure),
        "advisories": database.files,
        "first": [_line(pin, one) for pin, one in found[:KEPT]],
    }
    by = By("osv", "1", shown(source), definition=(source,))
    return taken(by, len(source.split(", ")), figures, doubt="; ".join(doubts) or None)


def pinned(place: Place) -> tuple[list[Pin], str]:
    """Return ecosystem, package and version of everything pinned, and where that stands."""
    found = declared.read(place)
    held = {path: one for path, one in found.manifests.items() if one.locked}
    if held:
        pins = {(one.ecosystem, name, each.version) for one in held.values()
                for name, many in one.locked.items() for each in many}  # fmt: skip
        own = {
            (one.ecosystem, package.name)
            for one in found.manifests.values()
            for package in one.packages
        }
        return sorted(pin for pin in pins if (pin[0], pin[1]) not in own), ", ".join(sorted(held))
    here = installed.read(place.folder, place.environment)
    pins = {
        (PYPI, name, version) for name, version in here.versions.items() if name not in found.own
    }
    return sorted(pins), f"{place.environment}"


def _look(database: Database, pins: list[Pin]) -> tuple[list[tuple[Pin, Advisory]], list[Pin]]:
    found: list[tuple[Pin, Advisory]] = []
    unsure = []
    for pin in pins:
        names: set[str] = set()
        for one in database.packages.get((pin[0], pin[1]), ()):
            hit = advisories.affects(one, pin[0], pin[2])
            if hit is None:
                unsure.append(pin)
            elif hit and not names & one.aliases:
                found.append((pin, one))
            if hit:
                names |= one.aliases
    return found, sorted(set(unsure))


def _line(pin: Pin, one: Advisory) -> str:
    severity = f" ({shown(one.severity.lower(), 20)})" if one.severity else ""
    return f"{shown(pin[1])} {shown(pin[2])}: {shown(one.id)}{severity} {shown(one.summary, 120)}".rstrip()


@lru_cache(maxsize=1)
def _load(folder: str, _: tuple[int, ...]) -> Database:
    return advisories.load(folder)
