"""What is kept of the registered repositories, opened for a question, and what is not in it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from gitcoord.api import journal, skill_collecting, skill_registry
from gitcoord.errors import UsageError
from gitcoord.skills import engine, store, troubles
from gitcoord.skills.asking import Shelf, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from gitcoord.api.workspace import Workspace


class Asked(NamedTuple):
    """What a question is about, and the registered repositories of which nothing is in it."""

    shelf: Shelf
    names: list[str]
    missing: list[dict[str, str]]

    def unread(self) -> list[dict[str, str]]:
        """Return which registered repositories the answer says nothing of, and why."""
        broken = [
            {"repo": name, "reason": f"{why}; `coord skill collect` reads its source again"}
            for name, why in self.shelf.unread.items()
        ]
        return sorted([*self.missing, *broken], key=lambda one: one["repo"])


@contextmanager
def opened(
    workspace: Workspace, repos: Sequence[str] = (), roles: Sequence[str] = ()
) -> Iterator[Asked]:
    """Open what is kept of the registered repositories that are meant; raise where there are none."""
    engine.require()
    chosen = skill_registry.chosen(workspace, repos, roles)
    if not chosen and not skill_registry.known(workspace):
        raise skill_collecting.nothing_registered()
    names = [one.repo for one in chosen]
    shelf = Shelf(store.base(workspace.repo.common_dir), names)
    held = set(shelf.repos)
    missing = [
        {"repo": one.repo, "reason": one.reason or _why(shelf, one.repo)}
        for one in chosen
        if one.repo not in held
    ]
    try:
        yield Asked(shelf, names, missing)
    finally:
        shelf.close()


def _why(shelf: Shelf, repo: str) -> str:
    trouble = troubles.noted(shelf.where, repo)
    return "nothing of it was collected yet" if trouble is None else f"it was not read: {trouble}"


def span_of(workspace: Workspace, since: str | None, until: str | None) -> Span:
    """Return the span that two dates mean, on the clock of this machine."""
    low = _moment(workspace, since, end=False)
    high = _moment(workspace, until, end=True)
    if low is not None and high is not None and low >= high:
        raise UsageError("--since lies after --until.", hint="Exchange them.")
    return Span(low, high)


def _moment(workspace: Workspace, text: str | None, *, end: bool) -> datetime | None:
    if not text:
        return None
    found = journal.moment(text, workspace, end=end)
    return found.astimezone(workspace.now.tzinfo).replace(tzinfo=None)


def told(span: Span, asked: Asked, more: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with what it is about."""
    return {
        "since": None if span.since is None else span.since.isoformat(),
        "until": None if span.until is None else span.until.isoformat(),
        **more,
        "unread": asked.unread(),
    }
