"""Which file of the repository a measured path is: data is often taken in another folder.

A path may be relative, lie below the repository's folder, below a folder that `[paths]`
names, in an environment's site-packages, or on another machine. What is found is a file
that the repository has; whether it is the right one is proven by its lines later.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections import Counter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

_BASES = 50
"""How many folders of other places are tried; the first explains nearly all."""


def mapped(
    measured: Iterable[str],
    folder: str,
    present: Collection[str],
    aliases: Mapping[str, Sequence[str]],
) -> dict[str, str]:
    """Return for each measured path that of the repository's file, for those that have one."""
    found, strange = {}, []
    roots = [folder.rstrip("/") + "/"]
    for path in measured:
        plain = slashes(path)
        place = _here(plain, roots, present) or _aliased(plain, present, aliases)
        if place is None:
            strange.append(path)
        else:
            found[path] = place
    found.update(_elsewhere(strange, present))
    return found


def slashes(path: str) -> str:
    """Return a path with slashes, as git writes it, that of Windows as well."""
    return path.replace("\\", "/") if "\\" in path else path


def _here(path: str, roots: Sequence[str], present: Collection[str]) -> str | None:
    for root in roots:
        if path.startswith(root):
            path = path[len(root) :]
            break
    path = posixpath.normpath(path)
    return path if path in present else None


def _aliased(
    path: str, present: Collection[str], aliases: Mapping[str, Sequence[str]]
) -> str | None:
    """Return the file that `[paths]` means: the first of each list is where the sources are."""
    for places in aliases.values():
        if not places:
            continue
        for pattern in places[1:]:
            held = re.match(_prefix(slashes(pattern)), path)
            if held is None:
                continue
            rest = path[held.end() :]
            found = posixpath.normpath(posixpath.join(slashes(places[0]), rest))
            if found in present:
                return found
    return None


def _prefix(pattern: str) -> str:
    body = fnmatch.translate(pattern.rstrip("/")).removesuffix(r"\Z").removesuffix(r"\z")
    return body + "/"


def _elsewhere(strange: Sequence[str], present: Collection[str]) -> dict[str, str]:
    """Map paths of another place: by the folder above that explains most of them."""
    ends: dict[str, list[str]] = {}
    for path in present:
        ends.setdefault(posixpath.basename(path), []).append(path)
    votes: Counter[tuple[str, str]] = Counter()
    for path in strange:
        votes.update(dict.fromkeys(_bases(slashes(path), ends)).keys())
    found: dict[str, str] = {}
    left = list(strange)
    ranked = sorted(votes.items(), key=lambda one: (-one[1], -len(one[0][0]), one[0]))
    for (above, into), count in ranked[:_BASES]:
        # A base that explains one file alone could be chance, unless there is only one file.
        if count < min(2, len(strange)) or not left:
            break
        for path in left:
            plain = slashes(path)
            place = into + plain[len(above) :]
            if plain.startswith(above) and place in present:
                found[path] = place
        left = [path for path in left if path not in found]
    return found


def _bases(path: str, ends: Mapping[str, Sequence[str]]) -> Iterable[tuple[str, str]]:
    """Yield what could stand for what: `/build/x/` for the top, `…/site-packages/` for `src/`."""
    for place in ends.get(posixpath.basename(path), ()):
        mine, theirs = path.split("/"), place.split("/")
        same = 0
        while same < min(len(mine), len(theirs)) and mine[-1 - same] == theirs[-1 - same]:
            same += 1
        above = "/".join(mine[: len(mine) - same])
        into = "/".join(theirs[: len(theirs) - same])
        yield above + "/" if above else "", into + "/" if into else ""
