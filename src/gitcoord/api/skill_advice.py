"""Advice on skills: what comes next, what to try or drop in a repository, and what advice is worth.

A repository is like another where they share a language, as their manifests tell it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from gitcoord.api import skill_figures, skill_registry, skill_shelf
from gitcoord.skills import advice, evidence, following, kinship, replaying
from gitcoord.skills.evidence import Circle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gitcoord.api.skill_shelf import Asked
    from gitcoord.api.workspace import Workspace
    from gitcoord.skills.asking import Shelf, Span
    from gitcoord.skills.evidence import Known
    from gitcoord.skills.kinship import Weights

_LANGUAGES = {"pypi": "python", "npm": "javascript", "cargo": "rust", "go": "go"}


def following_skills(
    workspace: Workspace, span: Span, after: Sequence[str], *, repo: str | None = None,
    limit: int = 10,
) -> dict[str, Any]:  # fmt: skip
    """Return what comes after one skill or two, here if a repository is named, with the counts."""
    with skill_shelf.opened(workspace) as asked:
        known, circles, weights, context = _gathered(workspace, asked, span, after, repo)
        levels = evidence.levels(known, circles, weights)
        found = following.predict(levels, limit)
        followed = [one for one in levels if one.name.endswith(evidence.AFTER)]
        seen = followed[-1].total if followed else 0
        rows = [
            {"skill": one.skill, "chance": one.chance,
             "counts": [{"where": name, "count": count, "of": total}
                        for name, (count, total) in one.counts.items()]}
            for one in found
        ]  # fmt: skip
        return skill_shelf.told(
            span, asked, {"after": list(after[-2:]), **context, "seen": seen, "next": rows}
        )


def recommend(
    workspace: Workspace, span: Span, *, repo: str | None = None, after: Sequence[str] = (),
    limit: int = 10,
) -> dict[str, Any]:  # fmt: skip
    """Return what to use, to try and to drop."""
    with skill_shelf.opened(workspace) as asked:
        known, circles, weights, context = _gathered(workspace, asked, span, after, repo)
        found = advice.recommend(known, circles, weights, today=workspace.now.date(), limit=limit)
        return skill_shelf.told(span, asked, {"after": list(after[-2:]), **context, **found})


def evaluate(workspace: Workspace) -> dict[str, Any]:
    """Return what the advice would have been worth on the newer part of what is known."""
    with skill_shelf.opened(workspace) as asked:
        spoken = languages(workspace, asked.names)
        alike = {name: "+".join(sorted(held)) for name, held in spoken.items() if held}
        return {**replaying.replay(asked.shelf, alike), "unread": asked.unread()}


class _Gathered(NamedTuple):
    """What is known of skills, the circles it comes from, what each weighs, and what that rests on."""

    known: list[Known]
    circles: list[Circle]
    weights: Weights
    context: dict[str, Any]


def _gathered(
    workspace: Workspace, asked: Asked, span: Span, after: Sequence[str], repo: str | None
) -> _Gathered:
    _check(asked.shelf, after)
    circles, context = _circles(workspace, asked.names, repo)
    known = evidence.gather(asked.shelf, span, after)
    newest = evidence.newest(known, kinship.ENOUGH)
    weights = kinship.weights(asked.shelf, span.condition(), newest)
    return _Gathered(known, circles, weights, context)


def _check(shelf: Shelf, skills: Iterable[str]) -> None:
    """Raise for a skill that nobody used; where nothing is known, nothing is said of names."""
    for name in skills:
        if shelf.repos and not skill_figures.is_used(shelf, name):
            raise skill_figures.unknown(shelf, name)


def _circles(
    workspace: Workspace, names: Sequence[str], repo: str | None
) -> tuple[list[Circle], dict[str, Any]]:
    """Return the bodies of evidence from the widest to the nearest, and what they rest on."""
    everywhere = Circle("anywhere", names)
    if repo is None:
        return [everywhere], {"repo": None, "languages": [], "similar": []}
    name = skill_registry.chosen(workspace, [repo])[0].repo
    spoken = languages(workspace, names)
    mine = spoken.get(name, set())
    similar = sorted(other for other in names if other != name and spoken.get(other, set()) & mine)
    circles = [everywhere]
    if similar:
        circles.append(Circle(f"in {'/'.join(sorted(mine))}", {name, *similar}))
    circles.append(Circle("here", [name]))
    return circles, {"repo": name, "languages": sorted(mine), "similar": similar}


def languages(workspace: Workspace, names: Iterable[str]) -> dict[str, set[str]]:
    """Return the languages of repositories, by their manifests; none where these say nothing."""
    from gitcoord.api import surveying  # figures need no manifests

    found = {}
    for name, one in surveying.survey(workspace, names).items():
        kinds = {_LANGUAGES.get(manifest.ecosystem, "") for manifest in one.manifests.values()}
        found[name] = kinds - {""}
    return found
