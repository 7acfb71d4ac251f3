"""At which commit something was measured: no report says so, but several things tell.

A file of the work tree that is as HEAD has it and older than the data was measured as
HEAD has it. Else it is where HEAD stood at that time, or a commit near it, because tests
often run just before a commit. Whatever is tried, the lines have to prove it.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.git import heads
from gitcoord.git.objects import blob_id
from gitcoord.metrics.coverage.code import CONFIGS, apart, is_code, kinds
from gitcoord.metrics.coverage.mapping import mapped
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
    first = None
    for commit in candidates(repo, head, reading):
        found = _try(repo, commit, head, reading, aliases)
        if found.fault is None and not found.gone:
            return found
        if first is None or (first.fault and not found.fault):
            first = found
    assert first is not None
    return first


def candidates(repo: Repo, head: str, reading: Reading) -> list[str | None]:
    """Return the commits that come into question, the likeliest first; None is the work tree."""
    changed, later = _evidence(repo, head, reading)
    second = int(reading.time)
    then, since = heads.at(repo.folder, head, second)
    near: list[str | None] = []
    if then is not None:
        before = heads.parents(repo.folder, then, _BEFORE)
        near = [then, *heads.between(repo.folder, then, head, _AFTER), *before]
        if then == head and before and since == second and later & _brought(repo, before[0], head):
            # Made in the same second: what was written after the data cannot have been measured.
            near = [before[0], then, *before[1:]]
    if not changed and not later:
        near.insert(0, head)
    if changed and not repo.bare:
        near.insert(0, None)
    near.append(head)
    if not repo.bare:
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
        here = path.removeprefix(repo.folder + "/")
        if path not in paths and (commit is None or here not in repo.tree(head)):
            inside = not here.startswith("/") and ".." not in here.split("/")
            if inside and repo.present(here) is not None:
                paths[path] = here
    gone = tuple(sorted(path for path in measured if path not in paths))
    held = repo.contents(commit, paths.values())
    for path, place in sorted(paths.items()):
        line = _wrong(repo, place, held.get(place, b""), reading.lines.get(path, frozenset()))
        if line is not None:
            told = f"{place}:{line} was measured and is no statement there"
            return Place(commit, paths, gone, told)
    return Place(commit, paths, gone)


def _wrong(repo: Repo, place: str, source: bytes, lines: frozenset[int]) -> int | None:
    """Return the first line that cannot be a statement; each content is looked at once."""
    if not place.endswith(".py"):
        return None
    key = (blob_id(source), lines)
    if key not in repo.proofs:
        repo.proofs[key] = next(iter(impossible(source, lines)), None)
    return repo.proofs[key]
