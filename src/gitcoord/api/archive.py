"""Move finished records out of the way, bring them back, or delete them."""

from __future__ import annotations

from gitcoord.api import read, write
from gitcoord.api.entry import Entry
from gitcoord.errors import InvalidError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace

ENDING = {
    "issue": "issue close {}",
    "todo": "todo complete {}",
    "plan": "plan update {} --status completed",
    "dependency": "dep update {} --status deprecated",
    "repo": "repo update {} --status archived",
}


def archive(workspace: Workspace, found: list[Entry], *, commit: bool = True) -> list[str]:
    """Move records into the archive, in one commit; return their ids.

    Raises `InvalidError` for one that is still open.
    """
    for entry in found:
        if entry.open:
            raise InvalidError(
                f"{entry.id} is {entry.status}; only finished records are archived.",
                hint=f"End it first: `coord {ENDING[entry.kind].format(entry.id)}`.",
            )
    return _move(workspace, [entry for entry in found if not entry.archived], True, commit)


def unarchive(workspace: Workspace, found: list[Entry], *, commit: bool = True) -> list[str]:
    """Bring archived records back, in one commit; return their ids."""
    return _move(workspace, [entry for entry in found if entry.archived], False, commit)


def _move(workspace: Workspace, found: list[Entry], archived: bool, commit: bool) -> list[str]:
    verb = "archive" if archived else "bring back"
    with write.transaction(workspace, commit=commit) as tx:
        for entry in found:
            tx.move(write.locate(tx, entry.kind, entry.id), archived=archived)
        ids = [entry.id for entry in found]
        tx.message = (
            f"{ids[0]}: {verb}"
            if len(ids) == 1
            else f"{verb.capitalize()} {len(ids)} records\n\n{' '.join(ids)}"
        )
    workspace.changed()
    return ids


def delete(workspace: Workspace, id: str, *, force: bool = False, commit: bool = True) -> str:
    """Delete a record; raise `InvalidError` when others name it, unless forced."""
    entry = read.get(workspace, id)
    rows = workspace.view().execute(
        "SELECT DISTINCT r.id FROM link JOIN record r ON r.n = link.n"
        " WHERE (link.src = ?1 OR link.dst = ?1) AND r.id <> ?1 ORDER BY r.sort",
        (entry.id,),
    )
    named = [row[0] for row in rows]
    if named and not force:
        raise InvalidError(
            f"{entry.id} is named by {', '.join(named)}.",
            hint="Drop those links first, or delete it anyway with --force.",
        )
    with write.transaction(workspace, commit=commit) as tx:
        stored = write.locate(tx, entry.kind, entry.id)
        tx.write(stored.path, None)
        tx.message = f"{entry.id}: delete"
    workspace.changed()
    return str(entry.id)
