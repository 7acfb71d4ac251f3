"""Whether a version meets a constraint, by the rules of its own ecosystem.

The rules are other people's: `packaging` for Python, a port of npm's own semver for npm,
the steps of Cargo's crate for Cargo; Go asks for a least version of the same major one.
What cannot be answered raises `UnansweredError`, which says why.
"""

from __future__ import annotations

import re

from gitcoord.manifests import cargo_versions
from gitcoord.manifests.manifest import CARGO, GO, NPM, PYPI

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

POETRY = "poetry"
MAX_TEXT = 1_000


class UnansweredError(ValueError):
    """A constraint or a version that its ecosystem does not take."""


def allows(dialect: str, constraint: str | None, version: str) -> bool:
    """Return whether a version meets a constraint; raise `UnansweredError`."""
    if constraint is None or not constraint.strip():
        return True
    if len(constraint) > MAX_TEXT or len(version) > MAX_TEXT:
        raise UnansweredError("it is too long")
    if dialect == NPM:
        return npm_allows(constraint, version)
    if dialect == CARGO:
        return cargo_allows(constraint, version)
    if dialect == GO:
        return go_allows(constraint, version)
    if dialect == POETRY:
        return poetry_allows(constraint, version)
    try:
        return pep440_allows(constraint, version)
    except UnansweredError:
        if re.match(r"\s*[\^~*0-9|]", constraint) and "~=" not in constraint:
            return poetry_allows(constraint, version)
        raise


def pep440_allows(constraint: str, version: str) -> bool:
    """Answer as pip would for the only version there is, so a pre-release may do."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        return SpecifierSet(constraint).contains(Version(version), prereleases=True)
    except InvalidSpecifier:
        raise UnansweredError(f"{constraint!r} is no constraint of PEP 440") from None
    except InvalidVersion:
        raise UnansweredError(f"{version!r} is no version of PEP 440") from None


def poetry_allows(constraint: str, version: str) -> bool:
    """Answer as Poetry does: any of the alternatives that `||` parts."""
    return any([pep440_allows(as_pep440(one), version) for one in re.split(r"\|\|?", constraint)])


_CARET = re.compile(r"^(\^|~=|~)?\s*v?([0-9]+(?:\.[0-9]+)*)(.*)$")


def as_pep440(constraint: str) -> str:
    """Translate one conjunction of Poetry's constraints."""
    parts = []
    for one in re.split(r"\s*,\s*|(?<=[0-9*])\s+(?=[<>=!^~])", constraint.strip()):
        found = _CARET.match(one)
        if one in ("", "*"):
            continue
        if found is None or found[1] == "~=":
            parts.append(one)
        elif found[1] is None:
            parts.append(f"=={one}")
        else:
            parts.append(f">={found[2]}{found[3]},<{_upper(found[1], found[2])}")
    return ",".join(parts)


def _upper(sign: str, release: str) -> str:
    numbers = [int(one) for one in release.split(".")]
    if sign == "~":
        fixed = min(2, len(numbers))
    else:
        first = next((at for at, one in enumerate(numbers) if one), len(numbers) - 1)
        fixed = min(first, len(numbers) - 1) + 1
    kept = numbers[:fixed]
    kept[-1] += 1
    return ".".join(map(str, [*kept, *[0] * (3 - len(kept))]))


def npm_allows(constraint: str, version: str) -> bool:
    """Answer as npm's semver does."""
    import nodesemver  # the port of npm's own; heavy enough to load late

    try:
        range: Any = nodesemver.make_range(constraint, loose=False)
    except ValueError:
        raise UnansweredError(f"{constraint!r} is no range of npm's semver") from None
    try:
        parsed = nodesemver.make_semver(version.removeprefix("v"), loose=False)
    except ValueError:
        raise UnansweredError(f"{version!r} is no semantic version") from None
    _close(range, constraint)
    # npm reduces a range with a bare `*` or `>=0` among its alternatives to that one.
    whole = [one for one in range.set if len(one) == 1 and str(one[0].value).strip() in _ANY]
    if whole:
        range.set = whole[:1]
    return bool(range.test(parsed))


_ANY = ("", ">=0.0.0")
_BELOW = re.compile(r"<\s*v?([0-9]+\.[0-9]+\.[0-9]+)(?![\w.*-])")


def _close(range: Any, constraint: str) -> None:
    """End derived ranges as npm does, at `<2.0.0-0`: `^1.2` takes no pre-release of 2.0.0."""
    written = set(_BELOW.findall(constraint))
    for alternative in range.set:
        for one in alternative:
            if one.operator == "<" and not one.semver.prerelease and str(one.semver) not in written:
                one.semver.prerelease = [0]


def cargo_allows(constraint: str, version: str) -> bool:
    """Answer as Cargo's semver does."""
    asked, given = cargo_versions.requirement(constraint), cargo_versions.version(version)
    if asked is None:
        raise UnansweredError(f"{constraint!r} is no version requirement of Cargo")
    if given is None:
        raise UnansweredError(f"{version!r} is no semantic version")
    return cargo_versions.meets(asked, *given)


_GO = re.compile(r"^v?([0-9]+)\.([0-9]+)\.([0-9]+)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$")


def go_allows(constraint: str, version: str) -> bool:
    """Answer by minimal version selection: as new as asked for, of the same module path."""
    asked, given = _GO.match(constraint.strip()), _GO.match(version)
    if asked is None or given is None:
        raise UnansweredError(f"{(version if asked else constraint)!r} is no version of Go")
    if max(int(asked[1]), 1) != max(int(given[1]), 1):
        return False
    return compare(GO, version, constraint) >= 0


def compare(dialect: str, left: str, right: str) -> int:
    """Return -1, 0 or 1 by the order of versions; raise `UnansweredError`."""
    if dialect in (PYPI, POETRY):
        from packaging.version import InvalidVersion, Version

        try:
            one, other = Version(left), Version(right)
        except InvalidVersion as fault:
            raise UnansweredError(str(fault)) from None
        return (one > other) - (one < other)
    import nodesemver

    try:
        return int(nodesemver.compare(left.strip().lstrip("v"), right.strip().lstrip("v"), loose=False))  # fmt: skip
    except ValueError as fault:
        raise UnansweredError(str(fault)) from None


def is_prerelease(dialect: str, version: str) -> bool:
    """Whether a version is before a release; False when it cannot be read."""
    if dialect in (PYPI, POETRY):
        from packaging.version import InvalidVersion, Version

        try:
            return Version(version).is_prerelease
        except InvalidVersion:
            return False
    return "-" in version.partition("+")[0]


def names_prereleases(dialect: str, constraint: str) -> bool:
    """Whether a constraint takes pre-releases at all, where `allows` does not decide that itself."""
    if dialect not in (PYPI, POETRY):
        return True
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    for one in re.split(r"\|\|?", constraint):
        try:
            if SpecifierSet(as_pep440(one)).prereleases:
                return True
        except InvalidSpecifier:
            continue
    return False
