"""The collector of coverage: reads every source, places each at a commit, and chooses one."""

from __future__ import annotations

import os

from gitcoord.metrics.coverage import (
    choice,
    commits,
    data,
    finding,
    finished,
    partial,
    settings,
    telling,
)
from gitcoord.metrics.coverage.choice import Said
from gitcoord.metrics.coverage.reading import DATA, PARALLEL, RATCHET, Reading, Unreadable
from gitcoord.metrics.coverage.sources import CONFIGS, EMPTY, Repo
from gitcoord.metrics.measurement import Measurement
from gitcoord.metrics.measurement import digest as digest_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.metrics.coverage.commits import Place
    from gitcoord.metrics.coverage.finding import Source
    from gitcoord.metrics.coverage.settings import Settings
    from gitcoord.metrics.measurement import Subject

VERSION = 1
"""Raised when the same files give other figures."""

NONE = "no coverage data: run the tests with `coverage run` or `pytest --cov`"


def digest(subject: Subject) -> str:
    """Return what the coverage depends on: HEAD, every source, and the tool."""
    if subject.bare:
        return digest_of(VERSION, subject.head, "bare")
    found, _, lacking = _sources(subject)
    held = [(one.kind, one.paths, one.digest) for one in found]
    return digest_of(VERSION, subject.head, held, lacking, None if lacking else telling.tool())


def collect(subject: Subject) -> Measurement:
    """Return the coverage of a repository, with where it comes from."""
    if subject.bare:
        return telling.nothing("no coverage data: a bare repository has no work tree")
    found, configured, lacking = _sources(subject)
    repo = Repo(subject.folder, bare=subject.bare)
    said = [
        _say(subject, repo, one, configured, lacking, os.path.join(subject.scratch, str(number)))
        for number, one in enumerate(found)
    ]
    said = _compared(said, subject.before)
    chosen = choice.best(said)
    if chosen is None:
        return telling.nothing(NONE)
    others = tuple(telling.brief(one) for one in said if one is not chosen)
    found_at = telling.measurement(chosen, others, configured.definition if configured else "")
    return found_at._replace(
        figures={**found_at.figures, "whole": telling.whole(chosen, subject.before)}
    )


def _sources(subject: Subject) -> tuple[list[Source], Settings | None, str | None]:
    """Return what there is to read, the repository's settings, and why there are none."""
    lacking = settings.missing()
    configured = None
    if not lacking:
        try:
            configured = settings.of_folder(os.path.realpath(subject.folder))
        except Unreadable as fault:
            lacking = str(fault)
    return (
        finding.find(subject.folder, configured.outputs if configured else {}),
        configured,
        lacking,
    )


def _say(
    subject: Subject, repo: Repo, source: Source, configured: Settings | None, lacking: str | None,
    scratch: str,
) -> Said:  # fmt: skip
    os.makedirs(scratch, exist_ok=True)
    try:
        if source.kind in (DATA, PARALLEL):
            if lacking:
                raise Unreadable(f"{source.paths[0]} cannot be read: {lacking}")
            reading = data.read(subject.folder, source, scratch)
        else:
            content = finding.read(subject.folder, source.paths[0]) or b""
            reading = finished.read(source.kind, source.paths[0], content, source.time)
        return _placed(repo, subject.head, reading, configured, os.path.join(scratch, "tree"))
    except Unreadable as fault:
        reason = str(fault).rstrip(".")
    except Exception as error:  # noqa: BLE001 - a source is anybody's, and must not hide the others
        reason = f"{source.paths[0]} cannot be read: {type(error).__name__}: {error}"
    return Said(source.kind, source.paths[0], source.time, None, reason=reason)


def _placed(
    repo: Repo, head: str | None, reading: Reading, configured: Settings | None, where: str
) -> Said:
    """Return what a reading says at the commit that it belongs to."""
    if reading.kind == RATCHET:
        return _ratchet(repo, head, reading)
    place = commits.place(repo, head, reading, configured.aliases if configured else {})
    if place.fault:
        raise Unreadable(
            f"{reading.path} is of other sources than any commit near it: {place.fault}"
        )
    if reading.data:
        os.makedirs(where)
        wanted = repo.contents(place.commit, [*place.paths.values(), *CONFIGS])
        told = data.report(reading, place.paths, wanted, where, repo.folder)
        reading = reading._replace(counts=told.counts, files=told.files, branch=told.branch)
        dropped = "sources of some measured files are gone" if told.dropped else None
    else:
        dropped = f"{len(place.gone)} of its files are gone" if place.gone else None
    return _judged(repo, head, reading, place, dropped, configured)


def _judged(
    repo: Repo, head: str | None, reading: Reading, place: Place, dropped: str | None,
    configured: Settings | None,
) -> Said:  # fmt: skip
    assert reading.counts is not None
    present = [path for path, blob in repo.tree(place.commit or head).items() if blob != EMPTY]
    measured = {place.paths.get(path, path) for path in (reading.lines or reading.files)}
    ran = {place.paths.get(path, path) for path in reading.ran}
    omitted = measured - set(reading.files) if reading.data else set()
    short = (
        dropped
        or partial.few_files(measured - omitted, present, omitted)
        or partial.few_tests(ran, reading.contexts, present)
    )
    files = {place.paths.get(path, path): held for path, held in reading.files.items()}
    stale, age = _age(repo, place.commit, head)
    reasons = [one for one in (short, age) if one]
    if reading.templates:
        reasons.append(f"{reading.templates} templates need a plugin and are not counted")
    percent = reading.counts.percent
    if percent is None:
        reasons.insert(0, f"{reading.path} has nothing that can be executed")
    return Said(
        reading.kind, reading.path, reading.time, percent, reading.counts, reading.branch,
        reading.version or (telling.tool() if reading.data else None), place.commit,
        repo.code(place.commit), short is not None, stale, "; ".join(reasons) or None, files,
    )  # fmt: skip


def _age(repo: Repo, commit: str | None, head: str | None) -> tuple[bool, str | None]:
    """Return whether the code has changed since, and how to say that."""
    if commit is None:
        return False, "measured with changes that are in no commit"
    if commit == head:
        return False, None
    count = repo.differing(commit, head)
    if not count:
        return False, None
    files = "1 file" if count == 1 else f"{count} files"
    return True, f"measured at {commit[:9]}; {files} of code changed since"


def _ratchet(repo: Repo, head: str | None, reading: Reading) -> Said:
    commit = repo.resolve(reading.commit) if reading.commit else None
    stale = commit is not None and repo.differing(commit, head) > 0
    reason = "a percentage that somebody wrote down, without counts"
    if stale:
        reason += f"; at {str(commit)[:9]}, and the code changed since"
    return Said(RATCHET, reading.path, reading.time, reading.percent, None, None, None, commit,
                repo.code(commit), False, stale or commit is None, reason)  # fmt: skip


def _compared(said: Sequence[Said], before: dict[str, Any]) -> list[Said]:
    """Mark those that another run shows to be only a part."""
    runs = [_run(one) for one in said]
    earlier = _earlier(before)
    found = []
    for number, (one, mine) in enumerate(zip(said, runs, strict=True)):
        others = [other for at, other in enumerate(runs) if other and at != number]
        others += [earlier] if earlier else []
        why = partial.contradicted(mine, others) if mine and not one.partial else None
        if why:
            one = one._replace(partial=True, reason="; ".join(filter(None, (why, one.reason))))
        found.append(one)
    return found


def _run(one: Said) -> partial.Run | None:
    if one.percent is None or one.counts is None or one.partial:
        return None
    return partial.Run(
        one.percent, one.counts.statements, one.counts.missing, one.time, one.code, one.path
    )


def _earlier(before: dict[str, Any]) -> partial.Run | None:
    """Return the last whole run, for code that is the same now."""
    held = before.get("whole")
    numbers = [held.get(name) for name in telling.WHOLE[:3]] if isinstance(held, dict) else [None]
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in numbers):
        return None
    assert isinstance(held, dict)
    told = f"measured {str(held.get('measured_at'))[:10]}"
    return partial.Run(float(held["percent"]), int(held["statements"]), int(held["missing"]),
                       float("-inf"), held.get("code"), told)  # fmt: skip
