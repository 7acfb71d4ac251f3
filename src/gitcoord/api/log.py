"""What happened to records: whose events are asked for, and from when to when."""

from __future__ import annotations

from gitcoord.api import read
from gitcoord.errors import NotFoundError, UsageError
from gitcoord.git import refs
from gitcoord.history import read as history
from gitcoord.history.read import Wanted
from gitcoord.model.ids import is_id
from gitcoord.model.kinds import KINDS
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.api.workspace import Workspace
    from gitcoord.history.event import Event

__all__ = ["Wanted", "events", "is_shallow", "span"]


def events(workspace: Workspace, words: Sequence[str], wanted: Wanted) -> list[Event]:
    """Return the wanted events, oldest first: of one record, of those of a query, or of all.

    A record is followed to the ids it had before, and may be long gone. Raises
    `NotFoundError` for an id that never was.
    """
    ids = _ids(workspace, words) if words else None
    found = (
        [] if ids == [] else history.select(workspace.repo, wanted, ids=ids, commit=workspace.at)
    )
    if not found and wanted.field:
        _refuse_strange(wanted.field)
    return found


def _refuse_strange(field: str) -> None:
    """Raise `UsageError` for a field that no kind has; a record may have one of its own."""
    known = {name for kind in KINDS for name in kind.fields}
    if field.partition(".")[0] not in known:
        close = nearest(field, sorted(known))
        raise UsageError(
            f"No record has had a field {field!r}" + (f"; did you mean {close}?" if close else "."),
            hint="`docs/records.md` lists the fields of each kind.",
        )


def span(
    workspace: Workspace, since: str | None, until: str | None
) -> tuple[int | None, int | None]:
    """Return the seconds from which and before which events are wanted.

    A day, month or year is meant whole; an age (`2w`) means the moment that long ago.
    """
    start = _seconds(workspace, since)[0] if since is not None else None
    end = None
    if until is not None:
        low, high = _seconds(workspace, until)
        end = low if high is None else high
    return start, end


def _seconds(workspace: Workspace, text: str) -> tuple[int | None, int | None]:
    from gitcoord.model.query import dates  # only where a date is given

    if ".." in text or not dates.is_date(text):
        raise UsageError(
            f"{text!r} is no date.",
            hint="Examples: --since 2026-01-31, --since 2w (two weeks ago), --until yesterday.",
        )
    return dates.seconds(":", text, workspace.now)


def _ids(workspace: Workspace, words: Sequence[str]) -> list[str]:
    """Return the ids that ids, a repository's name or a query mean."""
    if len(words) > 1 and all(map(is_id, words)):
        return list(dict.fromkeys(id for word in words for id in _ids(workspace, [word])))
    if len(words) == 1:
        found = history.known(workspace.repo, words[0], workspace.at)
        if found is not None:
            return [found]
        try:
            return [str(read.get(workspace, words[0]).id)]
        except NotFoundError:
            if is_id(words[0]):
                raise NotFoundError(
                    f"There never was a record {words[0]!r}.",
                    hint="`coord log` shows what happened to all records.",
                ) from None
    from gitcoord.model.query import parse  # mostly one record is meant

    query = parse(" ".join(words), saved=workspace.settings.queries)
    return [str(entry.id) for entry in read.select(workspace, query).entries]


def is_shallow(workspace: Workspace) -> bool:
    """Whether the oldest part of the history is not here."""
    return refs.is_shallow(workspace.repo)
