"""Facts in the order of time: those that are sound, and what is wrong with the others."""

from __future__ import annotations

from itertools import groupby

from gitcoord.codec.read import MAX_BYTES
from gitcoord.journal import facts, paths, reading
from gitcoord.model.findings import Finding
from gitcoord.model.ids import is_repo_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from gitcoord.git.repository import Repository
    from gitcoord.journal.facts import Fact
    from gitcoord.journal.reading import File


def walk(
    repo: Repository,
    kind: str | None = None,
    subject: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    findings: list[Finding],
    latest_first: bool = False,
) -> Iterator[tuple[str, Fact]]:
    """Yield path and fact of all that are sound; what is wrong with the others is collected.

    Without a kind all of them, those of a repository only if `subject` names one.
    """
    folders = [sort.folder for sort in paths.SORTS if kind in (None, sort.kind)]
    if subject is not None:
        folders = [f"{folder}/{subject}" for folder in folders if is_repo_name(subject)]
    huge: list[str] = []
    files = reading.walk_all(
        repo, folders, since, until, latest_first=latest_first, largest=MAX_BYTES, left_out=huge
    )
    for _, together in groupby(files, key=lambda file: _second(file.path, alone=latest_first)):
        found = _sound(together, findings)
        for path, fact in sorted(found, key=lambda one: one[1].time, reverse=latest_first):
            if (since is None or fact.time >= since) and (until is None or fact.time < until):
                yield path, fact
    findings += [facts.too_large(path) for path in huge]


def _second(path: str, *, alone: bool) -> tuple[str, str, int] | None:
    """Return what files have in common whose order their paths do not tell."""
    place = paths.place(path)
    if place is None:
        return None
    return ("", "", place.second) if alone else (place.sort.folder, place.subject, place.second)


def _sound(files: Iterable[File], findings: list[Finding]) -> Iterator[tuple[str, Fact]]:
    for file in files:
        found = facts.read(file.path, file.content)
        if isinstance(found, Finding):
            findings.append(found)
        else:
            yield file.path, found
