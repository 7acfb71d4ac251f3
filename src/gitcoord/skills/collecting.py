"""Collect one repository: look whether its file is new, read it, and take its rows in.

Outcomes are `collected`, `unchanged`, `none` (there is no file) and `unread` (there is one, and
why not a row of it could be taken). Whatever happens, what was known before stays known; where
it was damaged, what the source still has is taken again, and that is said.
"""

from __future__ import annotations

import os
import time
from datetime import datetime
from typing import NamedTuple

from gitcoord.errors import SystemRefusedError
from gitcoord.skills import engine, fields, shapes, source, store, taking, troubles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.skills.source import Source
    from gitcoord.skills.store import Generation

_TRIES = 4
_PAUSE = 0.1


class Job(NamedTuple):
    """A repository, the folder it lies in, and what the hub has settled."""

    repo: str
    folder: str
    common_dir: str
    floor: str | None
    now: datetime


def collect(job: Job) -> dict[str, Any]:
    """Return what came of collecting a repository, as plain data."""
    where = store.base(job.common_dir)
    with store.lock(job.common_dir, job.repo):
        try:
            return _under_lock(job, where)
        except OSError as error:
            raise SystemRefusedError(
                f"{where} cannot be written: {error.strerror}.",
                hint="coord writes below the git directory; is the disk read-only or full?",
            ) from None


def _under_lock(job: Job, where: str) -> dict[str, Any]:
    before = store.current(where, job.repo)
    broken = store.damaged(before) if before is not None else []
    if before is not None:
        store.tidy(where, job.repo, before)
    told: dict[str, Any] = {"repo": job.repo, "outcome": "unchanged", "reason": "", "rows": None,
                            "new": None, "faults": [], "faulty": 0, "mended": bool(broken)}  # fmt: skip
    try:
        found = told | _collect(job, where, before, broken)
    except source.Unreadable as fault:
        troubles.note(where, job.repo, None if fault.absent else fault.reason)
        if before is not None and not broken:
            told["rows"] = before.meta["rows"]
        return told | {"outcome": "none" if fault.absent else "unread", "reason": fault.reason}
    troubles.note(where, job.repo, None)
    return found


def _collect(job: Job, where: str, before: Generation | None, broken: list[str]) -> dict[str, Any]:
    if before is not None and not broken and _is_known(job, before):
        return _known(before)
    read_at = time.time()
    found = source.read(job.folder)
    same = before is not None and not broken and _holds(job, before)
    if before is not None and same and before.meta["source"]["digest"] == found.digest:
        store.describe(before, {"source": _told(found, read_at)})
        return _known(before)
    return _take(job, where, before, broken, found)


def _is_known(job: Job, before: Generation) -> bool:
    """Whether the file is the one that was read, as far as looking at it tells."""
    held = before.meta["source"]
    stamp = source.stamp(job.folder)
    return (
        list(stamp) == held["stamp"]
        and source.settled(stamp, held["read_at"])
        and _holds(job, before)
    )


def _holds(job: Job, before: Generation) -> bool:
    """Whether the same file would give the same rows."""
    early = any(reason.startswith(fields.EARLY) for _, reason in before.meta["faults"])
    return before.meta["floor"] == job.floor and not early


def _known(before: Generation) -> dict[str, Any]:
    meta = before.meta
    return {"outcome": "unchanged", "rows": meta["rows"], "new": 0, "faults": meta["faults"],
            "faulty": meta["faulty"]}  # fmt: skip


def _take(
    job: Job, where: str, before: Generation | None, broken: list[str], found: Source
) -> dict[str, Any]:
    found, read = _parsed(job, found)
    made = store.making(where, job.repo)
    sound = before is not None and store.ROWS not in broken
    kept = before.path(store.ROWS) if before is not None and sound else None
    try:
        rows = taking.write(made, job.repo, read.rows, kept, job.floor)
    except engine.errors() as error:
        raise SystemRefusedError(
            f"Uses of skills of {job.repo} cannot be kept: {str(error).splitlines()[0]}.",
            hint="Is the disk full? What was known before is still there.",
        ) from None
    held = before.meta["rows"] if before is not None and sound else 0
    meta = {
        "version": store.VERSION, "repo": job.repo, "rows": rows, "floor": job.floor,
        "source": _told(found, time.time()), "faulty": read.faulty, "in_source": len(read.rows),
        "faults": [list(one) for one in read.faults],
        "collected_at": job.now.isoformat(timespec="seconds"),
    }  # fmt: skip
    store.put(where, job.repo, made, meta)
    return {"outcome": "collected", "rows": rows, "new": rows - held, "faults": meta["faults"],
            "faulty": read.faulty}  # fmt: skip


def _parsed(job: Job, found: Source) -> tuple[Source, shapes.Read]:
    """Return a file that is whole, and what it says; one that is being written is met again."""
    local = job.now.replace(tzinfo=None)
    for attempt in range(_TRIES):
        try:
            return found, shapes.read(found.content, local)
        except shapes.Malformed as fault:
            trouble = fault
        if attempt < _TRIES - 1:
            time.sleep(_PAUSE)
            found = source.read(job.folder)
    raise source.Unreadable(f"{trouble.reason} ({trouble.place})")


def _told(found: Source, read_at: float) -> dict[str, Any]:
    return {"stamp": list(found.stamp), "digest": found.digest, "read_at": read_at}


def shrink(common_dir: str, repo: str, floor: str) -> int | None:
    """Drop what is kept of a repository from before a time; return how many rows that were."""
    where = store.base(common_dir)
    with store.lock(common_dir, repo):
        before = store.current(where, repo)
        if before is None:
            return None
        if store.damaged(before):
            store.drop(where, repo)  # what nobody can read, nobody can shorten
            return int(before.meta["rows"])
        made = store.making(where, repo)
        rows = taking.write(made, repo, [], before.path(store.ROWS), floor)
        store.put(where, repo, made, {**before.meta, "rows": rows, "floor": floor})
        return int(before.meta["rows"]) - rows


def forget(common_dir: str, repo: str) -> bool:
    """Delete all that is kept of a repository; return whether there was anything."""
    where = store.base(common_dir)
    if not os.path.isdir(os.path.join(where, repo)):
        return False
    with store.lock(common_dir, repo):
        there = store.current(where, repo) is not None
        store.drop(where, repo)
    return there
