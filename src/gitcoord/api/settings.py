"""Change the hub's settings."""

from __future__ import annotations

from gitcoord.api import write
from gitcoord.codec import edit
from gitcoord.codec.read import Malformed, parse
from gitcoord.errors import InvalidError
from gitcoord.model.ids import is_repo_name
from gitcoord.model.query import parse as parse_query
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
    with write.transaction(workspace) as tx:
        raw = tx.read(layout.SETTINGS) or b"version: 1\n"
        try:
            parse(raw)
        except Malformed as fault:
            raise InvalidError(
                f"{layout.SETTINGS}:{fault.line}:{fault.column}: {fault.message}", hint=fault.hint
            ) from None
        change = edit.Change(("queries", name), text, "set")
        tx.write(layout.SETTINGS, edit.apply(raw, [change], _ORDER))
        tx.message = f"Save query {name}"
    workspace.changed()
