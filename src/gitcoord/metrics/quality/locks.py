"""Locks against manifests: whether what a resolver chose still fits what is declared.

Told without a resolver and without a network, so it is one-sided: what does not fit is
outdated for certain; that a newer release exists is a question to a registry.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.manifests.names import normal
from gitcoord.manifests.versions import UnansweredError, allows
from gitcoord.metrics.quality.declared import LOCKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.manifests.manifest import Locked, Manifest, Requirement
    from gitcoord.metrics.quality.declared import Declared

_BACKENDS = {"hatchling", "setuptools", "setuptools-scm", "wheel", "flit-core", "poetry-core", "pdm-backend",
             "maturin", "scikit-build-core", "meson-python", "uv-build", "hatch-vcs", "cython",
             "setuptools-rust", "poetry", "poetry-dynamic-versioning", "pdm-pep517"}  # fmt: skip
"""What builds a package is declared in `build-system`, and no lock holds it."""


class Lock(NamedTuple):
    """A lock file and why it is outdated; no reasons mean that it fits."""

    path: str
    pinned: int
    reasons: list[str]


def check(declared: Declared) -> list[Lock]:
    """Return the locks of a repository, each held against the manifest beside it."""
    found = []
    for path, lock in declared.manifests.items():
        folder, _, name = path.rpartition("/")
        beside = LOCKS.get(name)
        manifest = declared.manifests.get(f"{folder}/{beside}" if folder else beside or "")
        if beside is None or manifest is None or any(one.severity == "error" for one in lock.flaws):
            continue
        reasons = [one for need in manifest.requirements for one in _misfit(need, lock, manifest)]
        found.append(Lock(path, len(lock.locked), list(dict.fromkeys(reasons))))
    return found


def _misfit(need: Requirement, lock: Manifest, manifest: Manifest) -> list[str]:
    package = normal(manifest.ecosystem, need.package)
    own = {normal(manifest.ecosystem, one.name) for one in manifest.packages}
    if need.source or need.unreadable or package in own:
        return []
    pinned = lock.locked.get(package, [])
    if not pinned:
        if need.optional or need.marker or package in _BACKENDS:
            return []
        return [f"{need.package} is declared and not locked"]
    if any(_fits(need, one) for one in pinned):
        return []
    versions = ", ".join([one.version for one in pinned[:3]])
    return [f"{need.package} is locked at {versions}, and {need.constraint} is declared"]


def _fits(need: Requirement, one: Locked) -> bool:
    try:
        return allows(need.dialect, need.constraint, one.version)
    except UnansweredError:
        return True  # what nobody can compare is no proof
