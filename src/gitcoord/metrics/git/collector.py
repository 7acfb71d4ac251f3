"""The collector of git figures: a section of a snapshot, as long as something can have changed."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from gitcoord.git import altered, process
from gitcoord.git.repository import Repository
from gitcoord.metrics.git import comings, pulls
from gitcoord.metrics.git.collecting import DAYS, collect_all
from gitcoord.metrics.git.place import find
from gitcoord.metrics.measurement import Measurement
from gitcoord.metrics.measurement import digest as digest_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.metrics.git.switching import Switch
    from gitcoord.metrics.measurement import Subject

VERSION = 1
_FRAME = ("commit", "partial", "reason")


def digest(subject: Subject) -> str:
    """Return what the figures depend on: commits, refs, reflogs, the mailmap, and the day."""
    place = find(subject.folder)
    refs = process.call(place.repo.root, "for-each-ref", "--format=%(objectname) %(refname)",
                        "refs/heads", "refs/remotes", "refs/tags", *pulls.FOLDERS)  # fmt: skip
    stats = [_stat(os.path.join(place.repo.git_dir, "logs", "HEAD"))]
    stats.append(_stat(os.path.join(place.repo.root, ".mailmap")))
    day = datetime.fromisoformat(subject.now).astimezone(UTC).date().isoformat()
    return digest_of(VERSION, place.commit, place.branch, altered.state(place.repo), refs, stats, day,
                     _facts(subject))  # fmt: skip


def collect(subject: Subject) -> Measurement:
    """Measure one repository."""
    figures: dict[str, Any] = collect_all(
        subject.folder,
        datetime.fromisoformat(subject.now),
        hub=subject.hub or None,
        facts=_facts(subject),
    )
    frame = {name: figures.pop(name) for name in _FRAME}
    said = process.call(subject.folder, "version").decode().split()
    return Measurement(
        figures,
        source="git log",
        tool="git",
        version=said[2] if len(said) > 2 else None,
        measured_at=subject.now,
        definition=digest_of(VERSION, DAYS),
        **frame,
    )


def _facts(subject: Subject) -> list[Switch]:
    if not subject.hub:
        return []
    return comings.facts_of(Repository(subject.hub, subject.hub, subject.hub), subject.name)


def _stat(path: str) -> tuple[int, int] | None:
    try:
        seen = os.stat(path)
    except OSError:
        return None
    return seen.st_size, seen.st_mtime_ns
