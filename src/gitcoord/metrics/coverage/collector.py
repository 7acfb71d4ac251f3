"""The collector of coverage: reads every source, places each at a commit, and chooses one."""

from __future__ import annotations

import os
from itertools import count

from gitcoord.metrics.coverage import (
    choice,
    code,
    commits,
    comparing,
    data,
    finding,
    finished,
    judging,
    settings,
    telling,
)
from gitcoord.metrics.coverage.choice import Said
from gitcoord.metrics.coverage.reading import (
    DATA,
    LCOV,
    PARALLEL,
    RATCHET,
    XML,
    Reading,
    Unreadable,
)
from gitcoord.metrics.coverage.sources import Repo
from gitcoord.metrics.measurement import Measurement
from gitcoord.metrics.measurement import digest as digest_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.metrics.coverage.finding import Source
    from gitcoord.metrics.coverage.settings import Settings
    from gitcoord.metrics.measurement import Subject

VERSION = 2
"""Raised when the same files give other figures."""

NONE = "no coverage data: run the tests with `coverage run` or `pytest --cov`"


def digest(subject: Subject) -> str:
    """Return what the coverage depends on: HEAD, changes beside it, every source, and the tool."""
    if subject.bare:
        return digest_of(VERSION, subject.head, "bare")
    found, _, lacking = _sources(subject)
    held = [(one.kind, one.paths, one.digest) for one in found]
    tool = None if lacking else telling.tool()
    if not found:  # then nothing is measured, whatever changed
        return digest_of(VERSION, subject.head, lacking, tool)
    endings = code.PYTHON
    if not {XML, LCOV}.isdisjoint(one.kind for one in found):
        endings |= code.OTHERS
    beside = Repo(subject.folder, bare=False).uncommitted(subject.head, endings)
    return digest_of(VERSION, subject.head, sorted(beside.items()), held, lacking, tool)


def collect(subject: Subject) -> Measurement:
    """Return the coverage of a repository, with where it comes from."""
    if subject.bare:
        return telling.nothing("no coverage data: a bare repository has no work tree")
    said = every(subject)
    chosen = choice.best(said)
    if chosen is None:
        return telling.nothing(NONE)
    others = tuple(telling.brief(one) for one in said if one is not chosen)
    found_at = telling.measurement(chosen, others)
    return found_at._replace(
        figures={**found_at.figures, "whole": telling.whole(chosen, subject.before)}
    )


def every(subject: Subject) -> list[Said]:
    """Return what every source says, file by file."""
    found, configured, lacking = _sources(subject)
    repo = Repo(subject.folder, bare=subject.bare)
    scratch = (os.path.join(subject.scratch, str(number)) for number in count())
    added = []
    whole = finding.together(found)
    if whole:
        one = _say(subject, repo, whole, configured, lacking, next(scratch))
        added = [one] if one.percent is not None else []
        if added and not one.partial:  # else each is looked at alone as well
            found = [held for held in found if held.kind not in (DATA, PARALLEL)]
    said = [_say(subject, repo, held, configured, lacking, next(scratch)) for held in found]
    said += added
    return comparing.compared(said, subject.before)


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
        if source.fault:
            raise Unreadable(source.fault)
        if source.kind in (DATA, PARALLEL):
            if lacking:
                raise Unreadable(f"{source.paths[0]} cannot be read: {lacking}")
            reading = data.read(subject.folder, source, scratch)
        else:
            content = finding.follow(subject.folder, source.paths[0]) or b""
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
        return judging.ratchet(repo, head, reading)
    place = commits.place(repo, head, reading, configured.aliases if configured else {})
    if place.fault:
        raise Unreadable(
            f"{reading.path} is of other sources than any commit near it: {place.fault}"
        )
    contents = repo.contents(place.commit, [*place.paths.values(), *code.CONFIGS])
    os.makedirs(where)
    if not reading.data:
        data.lay_out(where, {path: contents[path] for path in code.CONFIGS if path in contents})
        return judging.judged(
            repo, head, reading, place, settings.definition_at(where) if configured else ""
        )
    told = data.report(reading, place.paths, contents, where, repo.folder)
    reading = reading._replace(counts=told.counts, files=told.files, branch=told.branch)
    place = place._replace(gone=told.gone)
    if told.unparsed:
        reading = reading._replace(notes=(data.unparsed(told),))
    return judging.judged(repo, head, reading, place, told.definition)
