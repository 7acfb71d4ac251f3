"""The dependency records that are staged, held against what the repositories ship."""

from __future__ import annotations

import os

from gitcoord.api.verdict import Recorded
from gitcoord.git import changes, objects, refs
from gitcoord.model.kinds import DEPENDENCY
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.verdict import Verdict
    from gitcoord.api.workspace import Workspace


def check(workspace: Workspace, env: dict[str, str] | None = None) -> list[Verdict]:
    """Return a verdict on each dependency record that is staged and differs from HEAD.

    One that cannot be read is left out: checking the record itself tells of it.
    """
    repo = workspace.repo
    base = refs.head(repo) or changes.empty_tree(repo)
    folder = f"{layout.ROOT}/{DEPENDENCY.folder}"
    found = changes.found(changes.staged(repo, base, folder, env))
    staged = {one.path: one.blob for one in found if one.mode.startswith("100")}
    if not staged:
        return []
    from gitcoord.api import dependencies  # only when a dependency changes
    from gitcoord.codec.read import Malformed, parse

    recorded = []
    for path, raw in zip(staged, objects.blobs(repo, list(staged.values())), strict=True):
        try:
            id = os.path.basename(path).removesuffix(".yaml")
            recorded.append(Recorded(id, path, parse(raw or b"")))
        except Malformed:
            continue
    return dependencies.check_records(workspace, recorded)
