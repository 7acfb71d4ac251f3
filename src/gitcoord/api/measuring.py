"""Collect metrics: measure the repositories that are on this machine, and note what changed.

Each repository is measured by a process of its own. What comes of it is one snapshot on
the journal, written as soon as it is known: a kill loses at most what was under way.
"""

from __future__ import annotations

import os
import shutil
import time
from datetime import datetime
from typing import NamedTuple

from gitcoord import journal
from gitcoord.api import quality, vouching, whereabouts
from gitcoord.api.chosen import selected
from gitcoord.config import settings
from gitcoord.errors import InvalidError, UsageError
from gitcoord.git import peek
from gitcoord.journal import facts
from gitcoord.journal.facts import Fact
from gitcoord.metrics import ledger, pool
from gitcoord.metrics.collectors import COLLECTORS
from gitcoord.metrics.measurement import Subject
from gitcoord.running import scratch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gitcoord.api.workspace import Workspace

    Sections = dict[str, dict[str, Any]]

_OURS = frozenset({"taken_at", "head", "snapshot"})


class Collected(NamedTuple):
    """What came of one repository: `written` a snapshot, `unchanged`, `recent`, `absent`, `refused`, `failed`.

    A repository is refused where only a record that nobody reviewed says where it lies.
    """

    repo: str
    outcome: str
    reason: str = ""


def collect(
    workspace: Workspace,
    *,
    repos: Sequence[str] = (),
    roles: Sequence[str] = (),
    only: Sequence[str] = (),
    since: datetime | None = None,
    at_once: int = 0,
    told: Callable[[Collected, int, int], None] | None = None,
) -> list[Collected]:
    """Measure repositories and write what changed; `told` hears of each with its number of all.

    What was collected `since` then is left alone.
    """
    names = selected(workspace, repos, roles)
    chosen = _collectors(only)
    places = whereabouts.folders_of(workspace, names)
    found = [
        Collected(name, "absent", f"{name} is not on this machine")
        for name in names
        if not places[name]
    ]
    recent = _recent(workspace, chosen, since) if since else set()
    found += [Collected(name, "recent") for name in names if places[name] and name in recent]
    # git itself runs what a repository's own configuration names: filters, merge drivers.
    strange = vouching.foreign(workspace, [name for name in names if places[name]])
    found += [
        Collected(name, "refused", why) for name, why in strange.items() if name not in recent
    ]
    for number, one in enumerate(found, 1):
        if told:
            told(one, number, len(names))
    measured = {
        name: at for name, at in places.items() if at and name not in recent | strange.keys()
    }
    with scratch.folder(_above(workspace)) as work:
        jobs, heads = _jobs(workspace, measured, chosen, work)
        jobs = _configured(workspace, jobs)
        for done in pool.run(jobs, at_once or os.cpu_count() or 1):
            found.append(_write(workspace, done, heads[done.name]))
            shutil.rmtree(os.path.join(work, done.name), ignore_errors=True)
            if told:
                told(found[-1], len(found), len(names))
    return found


def _recent(workspace: Workspace, chosen: Sequence[str], since: datetime) -> set[str]:
    """Return the repositories of which every chosen section was collected since a moment."""
    connection = ledger.opened(workspace.repo)
    latest = ledger.latest(connection)
    connection.close()
    return {
        name for name, held in latest.items()
        if all(one in held and not held[one].get("failed")
               and datetime.fromisoformat(held[one]["taken_at"]) >= since for one in chosen)
    }  # fmt: skip


def _collectors(only: Sequence[str]) -> list[str]:
    wanted = [word for given in only for word in given.split(",") if word]
    for word in wanted:
        if word not in COLLECTORS:
            raise UsageError(
                f"There is no collector {word!r}.", hint=f"There are {', '.join(COLLECTORS)}."
            )
    return wanted or list(COLLECTORS)


def _jobs(
    workspace: Workspace, places: dict[str, str], chosen: Sequence[str], scratch: str
) -> tuple[list[pool.Job], dict[str, str | None]]:
    """Return a job for each repository, and the commit each stands on."""
    running = {name: peek.start_commit(place, "HEAD") for name, place in places.items()}
    connection = ledger.opened(workspace.repo)
    before = ledger.latest(connection)
    connection.close()
    heads = {name: peek.read_commit(one) for name, one in running.items()}
    known = (
        {"quality": quality.settings_for(workspace, list(places))} if "quality" in chosen else {}
    )
    jobs = []
    for name, place in places.items():
        bare = not whereabouts.is_clone(place)
        subjects = {
            one: Subject(
                name, place, bare, heads[name], workspace.now.isoformat(),
                os.path.join(scratch, name, one), before.get(name, {}).get(one, {}),
                known.get(one, {}).get(name, {}), workspace.repo.common_dir,
            )
            for one in chosen
        }  # fmt: skip
        jobs.append(pool.Job(name, subjects))
    return jobs, heads


def _configured(workspace: Workspace, jobs: Sequence[pool.Job]) -> list[pool.Job]:
    """Return jobs whose collectors know their part of `metrics:` in coord.yaml."""
    told = settings.read(os.path.join(workspace.repo.root, settings.FILE)).get("metrics")
    parts = told if isinstance(told, dict) else {}
    return [
        pool.Job(job.name, {
            name: subject._replace(settings={  # what we found out goes before what a file says
                **(parts[name] if isinstance(parts.get(name), dict) else {}), **subject.settings,
            })
            for name, subject in job.subjects.items()
        })
        for job in jobs
    ]  # fmt: skip


def _write(workspace: Workspace, done: pool.Done, head: str | None) -> Collected:
    """Note what a repository's measuring brought, together with what was known and stays."""
    connection = ledger.opened(workspace.repo)
    held = ledger.latest(connection).get(done.name, {})
    connection.close()
    failures = "; ".join(
        f"{name}: {one['reason']}"
        for name, one in done.sections.items()
        if one and one.get("failed")
    )
    fresh = {
        name: one for name, one in done.sections.items() if one and _is_news(one, held.get(name))
    }
    if not fresh:
        return Collected(done.name, "failed" if failures else "unchanged", failures)
    kept = {name: _bare(one) for name, one in held.items() if name not in fresh}
    moment = datetime.fromtimestamp(time.time(), workspace.now.tzinfo)
    try:
        path, content = facts.write(Fact("snapshot", done.name, moment, head, {**kept, **fresh}))
    except InvalidError as error:
        return Collected(done.name, "failed", error.message)
    journal.append(workspace.repo, {path: content}, f"snapshot of {done.name}")
    return Collected(done.name, "failed" if failures else "written", failures)


def _is_news(section: dict[str, Any], held: dict[str, Any] | None) -> bool:
    """Whether a section says something new; a failure that is known already is not noted again."""
    if held is None or not section.get("failed"):
        return held is None or section.get("digest") != held.get("digest")
    return not held.get("failed") or section.get("reason") != held.get("reason")


def _bare(section: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in section.items() if key not in _OURS}


def _above(workspace: Workspace) -> str | None:
    """Return where a collection works: beside what else is derived, if that can be."""
    above = os.path.join(workspace.repo.common_dir, "coord", "measuring")
    try:
        os.makedirs(above, exist_ok=True)
    except OSError:
        return None
    return above if os.access(above, os.W_OK) else None
