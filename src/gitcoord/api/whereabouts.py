"""Where the repositories of the ecosystem lie on this machine.

That is not shared data: git config `coord.repo.NAME.path` goes first, then the record's
`path`, then the folder beside the hub that has the repository's name. A record can come
from anybody, so the folder it names counts only if it is a repository of its own: one
that lies as plain files inside another could carry a configuration written by others.
"""

from __future__ import annotations

import os

from gitcoord.git import process
from gitcoord.model.kinds import REPO
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from gitcoord.api.workspace import Workspace

_KEY = "coord.repo."


def folder_of(workspace: Workspace, name: str) -> str | None:
    """Return the folder of a repository's clone or bare clone, None when it is not here."""
    return folders_of(workspace, [name])[name]


def folders_of(workspace: Workspace, names: Iterable[str]) -> dict[str, str | None]:
    """Return the folder of each repository, with one question to git for all."""
    from gitcoord.codec.native import loads  # JSON is YAML, and `json` takes longer to load

    running = process.start(
        workspace.repo.root, "config", "-z", "--type=path", "--get-regexp", r"^coord\.repo\..*\.path$"
    )  # fmt: skip
    recorded = {
        id: str(loads(whole + "}").get("repo_path") or "")
        for id, whole in workspace.view().execute(
            "SELECT id, json FROM record WHERE kind = 'repo' AND json LIKE '%\"repo_path\": \"%'"
        )
    }
    configured = _configured(running.wait().out)
    return {name: _folder(workspace, name, configured, recorded) for name in names}


def _configured(out: bytes) -> dict[str, str]:
    found = {}
    for line in out.decode("utf-8", "surrogateescape").split("\0"):
        key, _, path = line.partition("\n")
        if key.lower().startswith(_KEY) and path:
            found[key[len(_KEY) : -len(".path")]] = path
    return found


def _folder(
    workspace: Workspace, name: str, configured: dict[str, str], recorded: dict[str, str]
) -> str | None:
    root = workspace.repo.root
    if not layout.fits(REPO, name):
        return None
    if name in configured:
        path = os.path.realpath(os.path.join(root, configured[name]))
        return path if is_clone(path) or is_bare(path) else None
    told = recorded.get(name)
    if told and "\0" not in told:
        path = os.path.realpath(os.path.join(root, os.path.expanduser(told)))
        if _of_its_own(path):
            return path
    for base in dict.fromkeys((root, os.path.dirname(workspace.repo.common_dir))):
        if os.path.basename(base) == name:
            return base
        for beside in (name, f"{name}.git"):
            path = os.path.join(os.path.dirname(base), beside)
            if _of_its_own(path):
                return os.path.realpath(path)
    return None


def is_clone(path: str) -> bool:
    """Whether a folder is the top of a work tree."""
    return os.path.exists(os.path.join(path, ".git"))


def is_bare(path: str) -> bool:
    """Whether a folder is a repository without a work tree."""
    return all(os.path.exists(os.path.join(path, part)) for part in ("HEAD", "objects", "refs"))


def _of_its_own(path: str) -> bool:
    if is_clone(path):
        return True
    if not is_bare(path):
        return False
    above = os.path.dirname(path)
    while not is_clone(above) and not is_bare(above):
        if above == os.path.dirname(above):
            return True
        above = os.path.dirname(above)
    return False
