"""Versions in the names of git tags: `v1.2.0`, `oneiric-1.2.0`, `@scope/ui@2.0.0`, `sub/v1.3.0`."""

from __future__ import annotations

import re
from functools import cmp_to_key

from gitcoord.manifests.manifest import GO
from gitcoord.manifests.versions import UnansweredError, compare, is_prerelease

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_TAG = re.compile(r"^(?:(.+?)[-_/@]+)?[vV]?([0-9]+\.[0-9][0-9A-Za-z.+!_-]*)$")
_GO_TAG = re.compile(r"^(?:(.+)/)?(v[0-9]+\.[0-9]+\.[0-9]+(?:[-+].*)?)$")
MAX_TAG = 200
_PLAIN = {"release", "releases", "rel", "version", "ver", "v"}


class Tagged:
    """A release: its version, and the tag that carries it."""

    __slots__ = ("tag", "version")

    def __init__(self, version: str, tag: str) -> None:
        self.version = version
        self.tag = tag


def releases(tags: Iterable[str], ecosystem: str, names: set[str]) -> list[Tagged]:
    """Return the releases of a package, oldest first.

    Tags that carry one of its names count alone where there are any: then the
    repository tags each of its packages. Tags that carry another name never count.
    """
    own, plain = [], []
    for tag in tags:
        if len(tag) > MAX_TAG:
            continue
        found = (_GO_TAG if ecosystem == GO else _TAG).match(tag)
        if found is None or not _is_version(ecosystem, found[2]):
            continue
        prefix = _plain(found[1] or "")
        if not prefix or prefix in _PLAIN:
            plain.append(Tagged(found[2], tag))
        elif prefix in names:
            own.append(Tagged(found[2], tag))

    def order(one: Tagged, other: Tagged) -> int:
        return compare(ecosystem, one.version, other.version)

    return sorted(own or plain, key=cmp_to_key(order))


def names_in_tags(package: str, folder: str = "") -> set[str]:
    """Return the prefixes by which a package is told apart in tags."""
    found = {package, package.rpartition("/")[2], folder, folder.rpartition("/")[2]}
    return {_plain(one) for one in found if one}


def newest(found: list[Tagged], ecosystem: str) -> Tagged | None:
    """Return the newest release, a pre-release only where there is nothing else."""
    whole = [one for one in found if not is_prerelease(ecosystem, one.version)]
    return (whole or found)[-1] if found else None


def after(version: str, commits: int) -> str:
    """Return the version that setuptools-scm gives commits after a tag: the next one's dev."""
    if not commits:
        return version
    match = re.match(r"^(.*?)([0-9]+)((?:\.?(?:dev|post)[0-9]*)?(?:\+.*)?)$", version)
    if match is None:
        return version
    return f"{match[1]}{int(match[2]) + 1}.dev{commits}"


def _plain(text: str) -> str:
    return re.sub(r"[-_.@]+", "-", text).strip("-/").lower()


def _is_version(ecosystem: str, version: str) -> bool:
    try:
        compare(ecosystem, version, version)
    except UnansweredError:
        return False
    return True
