"""At which commit something was measured: no report says so, but several things tell.

A file of the work tree that is as HEAD has it and older than the data was measured as
HEAD has it. Else it is where HEAD stood at that time, or a commit near it, because tests
often run just before a commit. Whatever is tried, the lines have to prove it; where they can't,
in other languages than Python, only the commits that the time names are tried.
"""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from gitcoord.git import heads
from gitcoord.git.objects import blob_id
from gitcoord.metrics.coverage import bounds
from gitcoord.metrics.coverage.code import CONFIGS, apart, is_code, kinds
from gitcoord.metrics.coverage.mapping import mapped
from gitcoord.metrics.coverage.reading import LCOV, XML
from gitcoord.metrics.coverage.statements import impossible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gitcoord.metrics.coverage.reading import Reading
    from gitcoord.metrics.coverage.sources import Repo

_AFTER = 20
_BEFORE = 3


class Place(NamedTuple):
    """Where a reading belongs: a commit, or the work tree's changes where that is None.

    `paths` has the repository's file for each measured path, `gone` the measured paths
    that are in none. `fault` says why nothing fits.
    """

    commit: str | None
    paths: Mapping[str, str]
    gone: tuple[str, ...] = ()
    fault: str | None = None


def place(
    repo: Repo, head: str | None, reading: Reading, aliases: Mapping[str, Sequence[str]]
) -> Place:
    """Return the commit whose sources agree with every line of a reading."""
    if head is None:
        return _try(repo, None, head, reading, aliases)
    first = Place(None, {}, fault="it was made before any commit that is here")
    for number, commit in enumerate(candidates(repo, head, reading)):
        found = _try(repo, commit, head, reading, aliases)
        if found.fault is None and not found.gone:
            return found
        if number == 0 or (first.fault and not found.fault):
            first = found
    return first


def candidates(repo: Repo, head: str, reading: Reading) -> list[str | None]:
    """Return the commits that come into question, the likeliest first; None is the work tree."""
    changed, later = _evidence(repo, head, reading)
    proven = not _loose(reading)
    second = int(reading.time)
    then, since = heads.at(repo.folder, head, second)
    near: list[str | None] = []
    if then is not None and not proven:
        near = [then, *heads.between(repo.folder, then, head, 1)]
    elif then is not None:
        before = heads.parents(repo.folder, then, _BEFORE)
        near = [then, *heads.between(repo.folder, then, head, _AFTER), *before]
        if then == head and before and since == second and later & _brought(repo, before[0], head):
            # Made in the same second: what was written after the data cannot have been measured.
            near = [before[0], then, *before[1:]]
    if not changed and not later:
        near.insert(0, head)
    if changed and not repo.bare:
        near.insert(0, None)
    if proven:
        near.append(head)
    if proven and not repo.bare:
        near.append(None)
    return list(dict.fromkeys(near))


def _brought(repo: Repo, before: str, head: str) -> set[str]:
    """Return the files of code that a commit changed."""
    old, new = repo.tree(before), repo.tree(head)
    return {path for path in (*old, *new) if old.get(path) != new.get(path)}


def _evidence(repo: Repo, head: str, reading: Reading) -> tuple[bool, set[str]]:
    """Return whether uncommitted changes were measured, and which of HEAD's code was written since."""
    endings = kinds(reading.files or reading.lines)
    code = {path for path in repo.tree(head) if is_code(path, endings)}
    if repo.bare:
        return False, code
    beside = repo.uncommitted(head, endings)
    changed = False
    for path in apart(repo.state(head, endings), repo.now(head, endings)):
        written = repo.written(path)
        known = path in CONFIGS or path in code or _measured(path, reading)
        changed = changed or (written is not None and written <= reading.time and known)
    times = {path: repo.written(path) for path in code if path not in beside}
    return changed, {path for path, at in times.items() if at is None or at > reading.time}


def _measured(path: str, reading: Reading) -> bool:
    """Whether a file that git does not know is one of those that were measured."""
    return any(one == path or one.endswith(f"/{path}") for one in (*reading.lines, *reading.files))


def _try(
    repo: Repo, commit: str | None, head: str | None, reading: Reading,
    aliases: Mapping[str, Sequence[str]],
) -> Place:  # fmt: skip
    measured = list(reading.lines) or list(reading.files)
    present = repo.tree(commit) if commit else {}
    paths = mapped(measured, repo.folder, present, aliases)
    for path in measured:  # generated files are in no commit, and all are where there is none yet
        here = posixpath.normpath(path.removeprefix(repo.folder + "/"))
        if path not in paths and (commit is None or here not in repo.tree(head)):
            inside = not here.startswith("/") and ".." not in here.split("/")
            if inside and repo.present(here) is not None:
                paths[path] = here
    gone = tuple(sorted(path for path in measured if path not in paths))
    held = repo.contents(commit, paths.values())
    if not paths:
        return Place(commit, paths, gone, "none of its files is there")
    for path, place in sorted(paths.items()):
        lines, counts = reading.lines.get(path, frozenset()), reading.files.get(path)
        if bounds.is_proven(place):
            fault = _wrong(repo, place, held.get(place, b""), lines)
        elif reading.kind in (LCOV, XML):
            fault = bounds.impossible(held.get(place, b""), lines, counts)
            fault = fault and f"{place}: {fault}"
        else:  # a template that was compiled to Python has lines of its own
            fault = None
        if fault is not None:
            return Place(commit, paths, gone, fault)
    return Place(commit, paths, gone, _unlisted(repo, commit, reading))


def _unlisted(repo: Repo, commit: str | None, reading: Reading) -> str | None:
    """Return why statements that a report counts and does not list cannot be there."""
    if not reading.unlisted or commit is None:
        return None
    endings = kinds(reading.files)
    code = [path for path in repo.tree(commit) if is_code(path, endings)]
    whole = sum(held.count(b"\n") + 1 for held in repo.contents(commit, code).values())
    if reading.counts and reading.counts.statements > whole:
        return f"{reading.counts.statements} statements were measured, and it has {whole} lines of code"
    return None


def _loose(reading: Reading) -> bool:
    """Whether a report has files of which the lines prove nothing."""
    return reading.kind in (LCOV, XML) and not all(map(bounds.is_proven, reading.files))


def _wrong(repo: Repo, place: str, source: bytes, lines: frozenset[int]) -> str | None:
    """Return the first line that cannot be a statement; each content is looked at once."""
    key = (blob_id(source), lines)
    if key not in repo.proofs:
        repo.proofs[key] = next(iter(impossible(source, lines)), None)
    line = repo.proofs[key]
    return None if line is None else f"{place}:{line} was measured and is no statement there"
