"""A folder of advisories (OSV, one JSON file each), and which versions each is about.

Nothing is downloaded: the folder is what the user has. The rules are those of the OSV schema:
a version is affected if it is listed, or lies in a range of its ecosystem's order.
"""

from __future__ import annotations

import json
import os
from typing import Any, NamedTuple

from gitcoord.manifests.manifest import CARGO, GO, NPM, PYPI
from gitcoord.manifests.names import normal
from gitcoord.manifests.versions import UnansweredError, compare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_ECOSYSTEMS = {"pypi": PYPI, "npm": NPM, "crates.io": CARGO, "go": GO}
_MOST_BYTES = 4 << 20
_MOST_FILES = 500_000


class Advisory(NamedTuple):
    """One vulnerability as far as one package is concerned."""

    id: str
    aliases: frozenset[str]
    summary: str
    severity: str | None
    versions: frozenset[str]
    ranges: list[list[dict[str, str]]]


class Database(NamedTuple):
    """Advisories by ecosystem and package; how many files were read, and how many could not be."""

    packages: dict[tuple[str, str], list[Advisory]]
    files: int
    broken: int


def load(folder: str) -> Database:
    """Return what a folder holds."""
    found = Database({}, 0, 0)
    files = broken = 0
    for path in _files(folder):
        files += 1
        try:
            if os.path.getsize(path) > _MOST_BYTES:
                raise ValueError
            with open(path, "rb") as file:
                _take(found, json.loads(file.read()))
        except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
            broken += 1
    return found._replace(files=files, broken=broken)


def digest_of(folder: str) -> list[int]:
    """Return what tells an unchanged folder: how many files, their size, the latest change."""
    count = size = latest = 0
    for path in _files(folder):
        try:
            seen = os.stat(path)
        except OSError:
            continue
        count, size, latest = count + 1, size + seen.st_size, max(latest, seen.st_mtime_ns)
    return [count, size, latest]


def affects(advisory: Advisory, ecosystem: str, version: str) -> bool | None:
    """Whether a version is affected; None where its order cannot be told."""
    if version in advisory.versions:
        return True
    unsure = False
    for events in advisory.ranges:
        try:
            if _within(events, ecosystem, version):
                return True
        except UnansweredError:
            unsure = True
    return None if unsure else False


def _within(events: list[dict[str, str]], ecosystem: str, version: str) -> bool:
    """Whether the last event at or before a version leaves it vulnerable."""
    inside = False
    best: str | None = None
    for event in events:
        kind, at = next(iter(event.items()))
        order = 1 if at == "0" else compare(ecosystem, version, at)
        if order < 0 or (kind == "last_affected" and order == 0):
            continue
        later = best is None or (at != "0" and (best == "0" or compare(ecosystem, at, best) >= 0))
        if later:
            inside, best = kind == "introduced", at
    return inside


def _take(found: Database, one: dict[str, Any]) -> None:
    if one.get("withdrawn"):
        return
    aliases = frozenset([one["id"], *[str(alias) for alias in one.get("aliases") or ()]])
    told = one.get("database_specific") or {}
    severity = told.get("severity") if isinstance(told, dict) else None
    for affected in one.get("affected") or ():
        package = affected.get("package") or {}
        ecosystem = _ECOSYSTEMS.get(str(package.get("ecosystem", "")).partition(":")[0].lower())
        if ecosystem is None:
            continue
        ranges = [_events(each) for each in affected.get("ranges") or ()
                  if each.get("type") in ("ECOSYSTEM", "SEMVER")]  # fmt: skip
        found.packages.setdefault((ecosystem, normal(ecosystem, str(package["name"]))), []).append(
            Advisory(str(one["id"]), aliases, str(one.get("summary") or ""),
                     severity if isinstance(severity, str) else None,
                     frozenset(map(str, affected.get("versions") or ())), ranges)
        )  # fmt: skip


def _events(each: dict[str, Any]) -> list[dict[str, str]]:
    return [{kind: str(at)} for event in each.get("events") or () for kind, at in event.items()
            if kind in ("introduced", "fixed", "last_affected")]  # fmt: skip


def _files(folder: str) -> Iterator[str]:
    count = 0
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".json"):
                count += 1
                if count > _MOST_FILES:
                    return
                yield os.path.join(where, name)
