"""Trends: how open work came and went, from the commits of the hub alone."""

from __future__ import annotations

from gitcoord.errors import NotFoundError, UsageError
from gitcoord.git import refs
from gitcoord.history.trend import calendar, selection, view
from gitcoord.history.trend.series import series
from gitcoord.history.trend.tape import made
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.history.trend.calendar import Bucket
    from gitcoord.history.trend.tape import Tape
    from gitcoord.model.query.nodes import Query

_NOTHING: tuple[list[int], list[int], list[int], list[int]] = ([], [], [], [])


class Series:
    """The rows of one group; `group` is empty when nothing was grouped."""

    __slots__ = ("group", "rows")

    def __init__(self, group: str, rows: list[dict[str, Any]]) -> None:
        self.group = group
        self.rows = rows


def trend(
    workspace: Workspace,
    wanted: Mapping[str, Sequence[str]],
    *,
    query: Query | None = None,
    since: str | None = None,
    until: str | None = None,
    every: str = "week",
    by: str | None = None,
) -> list[Series]:
    """Return one series, or one for each group: a row for each bucket of the window.

    `wanted` holds the words asked for by field. The window is widened to whole buckets;
    without one it is the hub's whole life. No history and no window: no rows.
    """
    tape = tape_of(workspace, query)
    asked = {field: _known(workspace, tape, field, words) for field, words in wanted.items()}
    picked = selection.chosen(tape, asked)
    headings, groups = selection.grouped(tape, picked, by)
    if by is not None and asked.get(by):
        headings, groups = _only(headings, groups, asked[by])
    window = window_of(workspace, tape.start, since, until, every)
    now = int(workspace.now.timestamp())
    rows = series(tape, window, groups, len(headings), now)
    return [Series(name, found) for name, found in zip(headings, rows, strict=True)]


def tape_of(workspace: Workspace, query: Query | None = None) -> Tape:
    """Return all lives up to HEAD; with a query, the facts of the versions it finds are marked."""
    repo = workspace.repo
    commit = refs.head(repo)
    if commit is None:
        return made(None, [], [], [], _NOTHING)
    now = int(workspace.now.timestamp())
    if query is None or query.where is None:
        return view.tape(repo, commit, now)
    from gitcoord.index.versions import Question  # most trends have no query

    return view.asked(repo, commit, now, Question(query, now=workspace.now, me=workspace.me))


def window_of(
    workspace: Workspace, start: int | None, since: str | None, until: str | None, every: str
) -> list[Bucket]:
    """Return the buckets from `since` to `until`, or else from a first moment to now."""
    first = start if since is None else _moment(workspace, "--since", since)[0]
    last = int(workspace.now.timestamp())
    if until is not None:
        last = _moment(workspace, "--until", until)[1]
    if first is None:
        return []
    first, last = min(first, calendar.LAST), min(last, calendar.LAST)
    if first > last:
        raise UsageError(
            "The window ends before it begins.", hint="Let --since name the earlier day."
        )
    found = calendar.buckets(every, first, last, workspace.now.tzinfo)
    if len(found) > calendar.MOST:
        raise UsageError(
            f"The window has more than {calendar.MOST:,} of its {every}s.",
            hint="Ask for a shorter one, or for larger buckets with --every.",
        )
    return found


def _moment(workspace: Workspace, option: str, text: str) -> tuple[int, int]:
    """Return the first and the last second that a date or a duration names."""
    from gitcoord.model.query import dates  # only for a window of one's own

    if ".." in text or not dates.is_date(text):
        raise UsageError(
            f"{option} does not take {text!r}.",
            hint="Write a date (2026-01-31, 2026-01, 2026-W05), today, or an age (2w, 3m, 1y).",
        )
    start, end = dates.seconds(":", text, workspace.now)
    first = start if start is not None else 0
    return first, first if end is None else end - 1


def _known(workspace: Workspace, tape: Tape, field: str, words: Sequence[str]) -> list[str]:
    """Return the words as records have them; raise `NotFoundError` for one that none ever had."""
    if field == "kind" or not words:
        return list(words)
    held = {
        word.casefold(): word for facts in tape.facts for word in selection.words_of(field, facts)
    }
    if field == "plan":
        held |= {name.casefold(): name for name in tape.names}
    found = []
    for word in words:
        if field == "assignee" and word == "me":
            word = workspace.me
        if field == "repo" and word.casefold() not in held and word != selection.NONE:
            word = _nicknamed(workspace, word)
        if word.casefold() not in held and word != selection.NONE:
            close = nearest(word, list(held.values()))
            raise NotFoundError(
                f"No record has ever had the {field} {word!r}.",
                hint=f"Did you mean {close}?"
                if close
                else f"`coord trend --by {field}` shows all there were.",
            )
        found.append(word)
    return found


def _nicknamed(workspace: Workspace, word: str) -> str:
    from gitcoord.api import read  # the index is only asked for what history does not know

    try:
        return read.repo_named(workspace, word)
    except NotFoundError:
        return word


def _only(
    headings: list[str], groups: list[tuple[int, ...]], words: Sequence[str]
) -> tuple[list[str], list[tuple[int, ...]]]:
    """Leave out groups that were not asked for, in which the records stand besides."""
    asked = {word.casefold() for word in words}
    kept = [number for number, name in enumerate(headings) if name.casefold() in asked]
    place = {number: at for at, number in enumerate(kept)}
    return [headings[number] for number in kept], [
        tuple([place[number] for number in some if number in place]) for some in groups
    ]
