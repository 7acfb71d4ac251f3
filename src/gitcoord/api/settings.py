"""Change the hub's settings."""

from __future__ import annotations

from gitcoord.api import write
from gitcoord.codec import change as edits
from gitcoord.codec import edit
from gitcoord.codec.read import Malformed, parse
from gitcoord.errors import InvalidError, NotFoundError
from gitcoord.model.ids import is_repo_name
from gitcoord.model.query import parse as parse_query
from gitcoord.model.suggest import nearest
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace

_ORDER = ("version", "ids", "id_width", "prefixes", "commit", "protected_branch", "queries")


def save_query(workspace: Workspace, name: str, text: str) -> None:
    """Save a query under a name in coord.yaml; raise `QueryError` when it says nothing clear."""
    if not is_repo_name(name):
        raise InvalidError(
            f"{name!r} cannot name a query.", hint="Letters, digits, `.`, `_` and `-`."
        )
    saved = {key: query for key, query in workspace.settings.queries.items() if key != name}
    parse_query(text, saved=saved)
    _change(workspace, edits.Change(("queries", name), text, edits.SET), f"Save query {name}")


def delete_query(workspace: Workspace, name: str) -> None:
    """Delete a saved query from coord.yaml; raise `NotFoundError` when there is none of that name."""
    saved = list(workspace.settings.queries)
    if name not in saved:
        close = nearest(name, saved)
        raise NotFoundError(
            f"There is no saved query {name!r}.",
            hint=f"Did you mean {close}?" if close else "`coord query list` shows all.",
        )
    last = saved == [name]
    where: tuple[str, ...] = ("queries",) if last else ("queries", name)
    _change(workspace, edits.Change(where, None, edits.REMOVE), f"Delete query {name}")


def _change(workspace: Workspace, change: edits.Change, message: str) -> None:
    with write.transaction(workspace) as tx:
        raw = tx.read(layout.SETTINGS) or b"version: 1\n"
        try:
            parse(raw)
        except Malformed as fault:
            raise InvalidError(
                f"{layout.SETTINGS}:{fault.line}:{fault.column}: {fault.message}", hint=fault.hint
            ) from None
        tx.write(layout.SETTINGS, edit.apply(raw, [change], _ORDER))
        tx.message = message
    workspace.changed()
