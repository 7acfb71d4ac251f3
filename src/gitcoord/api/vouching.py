"""Which repositories the user vouches for, so that programs that lie in them may be run.

Those are the ones that git's configuration names, that lie beside the hub, or whose record
names the same folder on the protected branch. A record can come in anybody's pull
request, and the folder that it names need not be the user's.
"""

from __future__ import annotations

from gitcoord.api.grounds import grounds
from gitcoord.git import reviewed
from gitcoord.store import protected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace


def foreign(workspace: Workspace, names: list[str]) -> dict[str, str]:
    """Return the repositories of which only an unreviewed record says where they lie, and that."""
    configured = reviewed.settings(workspace.repo)
    planted = protected.planted(workspace.repo, configured)
    if planted is not None:
        return dict.fromkeys(names, f"git reads settings from {planted}, so it was not looked at")
    branch = protected.find(workspace.repo, configured, None)
    keys = {one.key for one in configured}
    if branch.commit is None and not any(one.startswith("remote.") for one in keys):
        return {}  # nobody but the user has written these records
    recorded = {id for (id,) in workspace.view().execute(
        "SELECT id FROM record WHERE kind = 'repo' AND json LIKE '%\"repo_path\": \"%'")}  # fmt: skip
    places = grounds(workspace, recorded & set(names), branch, configured)
    return {
        name: f"its path is in a record that is not reviewed, so it was not looked at;"
              f" `git config coord.repo.{name}.path DIR` says that it is yours"
        for name, place in places.items() if place.folder is not None and not place.reviewed
    }  # fmt: skip
