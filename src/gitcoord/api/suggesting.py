"""Suggest who might take an issue and which repositories it concerns, each with its reasons.

Two things speak for a person: changes to the files that the issue names, from the clones on
this machine, and records like it that they had or closed, from the hub. Repositories are
suggested for files that they hold and for records like it. Nothing is written.
"""

from __future__ import annotations

from gitcoord.api import footprints, read, whereabouts
from gitcoord.api.alike import Alike, records_like
from gitcoord.history import read as history
from gitcoord.model.kinds import ISSUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.footprints import Changed
    from gitcoord.api.workspace import Workspace

_CLOSED, _HAD, _ACTIVE = 1.5, 1.0, 0.2
"""What speaks how much for a person: closing a record that is just like this one, having it
assigned, being at work in the repository at all. A change to a named file counts 1, halved with each half year."""
_MOST_REASONS = 4


class _Suggestion:
    """A person or a repository with what speaks for it."""

    def __init__(self) -> None:
        self.score = 0.0
        self.reasons: list[tuple[float, str]] = []

    def add(self, score: float, reason: str) -> None:
        self.score += score
        self.reasons.append((score, reason))

    def told(self, name: str) -> dict[str, Any]:
        self.reasons.sort(key=lambda one: (-one[0], one[1]))
        reasons = [reason for _, reason in self.reasons[:_MOST_REASONS]]
        return {"name": name, "score": round(self.score, 4), "reasons": reasons}


def suggest(workspace: Workspace, id: str) -> dict[str, Any]:
    """Return likely assignees and repositories of an issue, the likeliest first."""
    entry = read.get(workspace, id, ISSUE.name)
    whole, alike = records_like(workspace, str(entry.id))
    own: list[str] = whole["repos"] or []
    names = [
        row[0] for row in workspace.view().execute("SELECT id FROM record WHERE kind = 'repo'")
    ]
    folders = whereabouts.folders_of(workspace, sorted({*names, *own}))
    here = {name: folder for name, folder in folders.items() if folder}
    changed = footprints.of(here, whole, own, workspace.now.timestamp())
    people: dict[str, _Suggestion] = {}
    repos: dict[str, _Suggestion] = {}
    _from_records(workspace, alike, people, repos)
    _from_files(changed, people, repos)
    return {
        "id": entry.id,
        "assignee": whole["assignee"],
        "repos": own,
        "assignees": _ranked(people),
        "suggested_repos": [one for one in _ranked(repos) if one["name"] not in own],
        "unknown_repos": sorted(name for name in own if name not in here),
    }


def _ranked(found: dict[str, _Suggestion]) -> list[dict[str, Any]]:
    told = [one.told(name) for name, one in found.items()]
    return sorted(told, key=lambda one: (-one["score"], one["name"]))[:10]


def _from_records(
    workspace: Workspace, alike: list[Alike], people: dict[str, _Suggestion],
    repos: dict[str, _Suggestion],
) -> None:  # fmt: skip
    closers = _closers(workspace, [one.id for one in alike if not one.open])
    for one in alike:
        told = f"{one.id} ({one.similarity:.2f} alike)"
        if one.assignee:
            verb = "has" if one.open else "had"
            person = people.setdefault(one.assignee, _Suggestion())
            person.add(one.similarity * _HAD, f"{verb} {told}")
        closer = closers.get(one.id)
        if closer:
            name = _same(closer, people)
            people.setdefault(name, _Suggestion()).add(one.similarity * _CLOSED, f"closed {told}")
        for repo in one.repos:
            repos.setdefault(repo, _Suggestion()).add(one.similarity, f"concerned by {told}")


def _closers(workspace: Workspace, ids: list[str]) -> dict[str, str]:
    """Return who closed each record last."""
    if not ids:
        return {}
    events = history.select(workspace.repo, history.Wanted(fields=("status",)), ids=ids)
    return {event.id: event.author for event in events if event.event in ("closed", "completed")}


def _from_files(
    changed: list[Changed], people: dict[str, _Suggestion], repos: dict[str, _Suggestion]
) -> None:
    for one in changed:
        if one.path is None:
            person = people.setdefault(_same(one.author, people), _Suggestion())
            person.add(
                _ACTIVE * one.weight, f"works in {one.repo} ({one.commits} of its last commits)"
            )
            continue
        if one.author:
            often = "once" if one.commits == 1 else f"{one.commits} times"
            person = people.setdefault(_same(one.author, people), _Suggestion())
            person.add(one.weight, f"changed {one.path} of {one.repo} {often}")
        else:
            repos.setdefault(one.repo, _Suggestion()).add(1.0, f"has {one.path}")


def _same(author: str, known: dict[str, _Suggestion]) -> str:
    """Return the name a person has among assignees, where it is their whole or first name."""
    folded = author.casefold()
    for name in sorted(known):
        if name.casefold() in (folded, folded.partition(" ")[0]):
            return name
    return author
