"""Figures of the use of skills: totals, trends, comparisons, what goes together, workflows."""

from __future__ import annotations

from gitcoord.api import skill_shelf
from gitcoord.errors import NotFoundError
from gitcoord.memory import secrets
from gitcoord.model.suggest import nearest
from gitcoord.skills import comparing, runs, sharing, together, totals, trending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.skills.asking import Shelf, Span


def report(
    workspace: Workspace, span: Span, repos: Sequence[str] = (), roles: Sequence[str] = (), *,
    skill: str | None = None, every: str | None = None, limit: int = 0,
) -> dict[str, Any]:  # fmt: skip
    """Return totals, figures of each repository and of the most used skills, and of each period."""
    with skill_shelf.opened(workspace, repos, roles) as asked:
        shelf = asked.shelf
        held = totals.cells(shelf, span, skill)
        if skill is not None and not held:
            raise unknown(shelf, skill)
        rows = {
            by: totals.figures(held, by, totals.durations(shelf, by, span, skill))
            for by in (totals.BY_REPO, totals.BY_SKILL)
        }
        skills = rows[totals.BY_SKILL]
        told = {
            "total": totals.total(held) if held else None,
            "repos": rows[totals.BY_REPO],
            "skills": skills[:limit] if limit else skills,
            "more": bool(limit) and len(skills) > limit,
            "periods": totals.periods(shelf, span, every, skill) if every else None,
        }
        return skill_shelf.told(span, asked, told)


def trend(
    workspace: Workspace, span: Span, every: str, repos: Sequence[str] = (),
    roles: Sequence[str] = (), *, skill: str | None = None, limit: int = 0,
) -> dict[str, Any]:  # fmt: skip
    """Return how the use of one skill, or of the most used, went over time."""
    with skill_shelf.opened(workspace, repos, roles) as asked:
        rows = trending.trends(asked.shelf, span, every, workspace.now, skill=skill, limit=limit)
        if skill is not None and not rows:
            raise unknown(asked.shelf, skill)
        return skill_shelf.told(span, asked, {"every": every, "skills": rows})


def compare(
    workspace: Workspace, span: Span, repos: Sequence[str] = (), roles: Sequence[str] = (), *,
    skill: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return repositories beside each other, for all skills or one."""
    with skill_shelf.opened(workspace, repos, roles) as asked:
        rows = comparing.compare(asked.shelf, span, skill=skill)
        if skill is not None and not rows:
            raise unknown(asked.shelf, skill)
        return skill_shelf.told(span, asked, {"skill": skill, "repos": rows})


def graph(
    workspace: Workspace, span: Span, repos: Sequence[str] = (), roles: Sequence[str] = (), *,
    skill: str | None = None, least: int = together.LEAST, limit: int = 0,
) -> dict[str, Any]:  # fmt: skip
    """Return which skills are used together."""
    with skill_shelf.opened(workspace, repos, roles) as asked:
        found = together.graph(asked.shelf, span, skill=skill, least=least, limit=limit)
        if skill is not None and not found["edges"] and not is_used(asked.shelf, skill):
            raise unknown(asked.shelf, skill)
        return {**found, "unread": asked.unread()}


def workflows(
    workspace: Workspace, span: Span, repos: Sequence[str] = (), roles: Sequence[str] = (), *,
    name: str | None = None, sessions: bool = False, limit: int = 0,
) -> dict[str, Any]:  # fmt: skip
    """Return how workflows were run."""
    with skill_shelf.opened(workspace, repos, roles) as asked:
        rows = runs.workflows(asked.shelf, span, name=name, sessions=sessions, limit=limit)
        if name is not None and not rows:
            raise NotFoundError(
                f"No workflow {name!r} was run.",
                hint="`coord skill workflows` shows those that were.",
            )
        held = together.weeks(span)
        return skill_shelf.told(held, asked, {"workflows": rows})


def unknown(shelf: Shelf, skill: str) -> NotFoundError:
    """Return the error for a skill that nobody used."""
    names = [str(name) for (name,) in shelf.ask(
        "SELECT skill FROM use GROUP BY 1 ORDER BY count(*) DESC LIMIT 2000")]  # fmt: skip
    # Only what may be told to anybody: an agent may have asked.
    close = nearest(skill, [name for name in names if sharing.is_plain(name, secrets.masked)])
    return NotFoundError(
        f"No use of a skill {skill!r} is known" + (f"; did you mean {close}?" if close else "."),
        hint="`coord skill report` shows the skills that are used.",
    )


def is_used(shelf: Shelf, skill: str) -> bool:
    """Whether any use of a skill is known."""
    return bool(shelf.ask("SELECT 1 FROM use WHERE skill = ? LIMIT 1", [skill]))
