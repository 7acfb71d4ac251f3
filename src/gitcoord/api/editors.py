"""Settings for editors, so that files written by hand are checked by the schemas too."""

from __future__ import annotations

import json
import os

from gitcoord.api import setup as hub_setup
from gitcoord.errors import ConflictError, UsageError
from gitcoord.model.kinds import KINDS
from gitcoord.store import files
from gitcoord.store.lock import Folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.workspace import Workspace

EDITORS = ("vscode", "neovim", "emacs", "helix")
_MOST = 1 << 20


class Done:
    """What was written, and what the user has to add to a file of their own."""

    __slots__ = ("snippet", "written")

    def __init__(self, written: list[str], snippet: str) -> None:
        self.written = written
        self.snippet = snippet


def associations() -> dict[str, list[str]]:
    """Return which schema is for which files."""
    found = {
        f"./{hub_setup.SCHEMAS}/{kind.name}.schema.json": [
            f"coord/{kind.folder}/*.yaml",
            f"coord/archive/{kind.folder}/*.yaml",
        ]
        for kind in KINDS
    }
    found[f"./{hub_setup.SCHEMAS}/settings.schema.json"] = ["coord/coord.yaml"]
    found[f"./{hub_setup.SCHEMAS}/roles.schema.json"] = ["coord/roles.yaml"]
    return found


def setup(workspace: Workspace, editor: str) -> Done:
    """Write or return the settings of an editor, and bring the hub's schemas up to date."""
    if editor not in EDITORS:
        raise UsageError(
            f"coord knows no editor {editor!r}.", hint=f"It knows {', '.join(EDITORS)}."
        )
    written = hub_setup.renew_schemas(workspace.repo)
    if editor == "vscode":
        return Done([*written, _vscode(workspace)], "")
    return Done(written, _snippet(editor, workspace.repo.root))


def _vscode(workspace: Workspace) -> str:
    path = os.path.join(workspace.repo.root, ".vscode", "settings.json")
    with Folder(os.path.dirname(path)):
        settings = _plain(path)
        schemas = settings.get("yaml.schemas", {})
        if not isinstance(schemas, dict):
            raise _by_hand("has other yaml.schemas than a mapping")
        settings["yaml.schemas"] = {**schemas, **associations()}
        files.change(path, (json.dumps(settings, indent=2, ensure_ascii=False) + "\n").encode())
    return ".vscode/settings.json"


def _plain(path: str) -> dict[str, Any]:
    """Return the settings in a file that can be written again without losing anything."""
    content = files.read(path, _MOST)
    if os.path.islink(path) or (content is not None and len(content) > _MOST):
        raise _by_hand("is a link, or too large")
    try:
        settings = json.loads(content) if content else {}
    except (ValueError, RecursionError):
        raise _by_hand("holds comments or a fault") from None
    if not isinstance(settings, dict):
        raise _by_hand("holds no mapping")
    return settings


def _by_hand(why: str) -> ConflictError:
    return ConflictError(
        f".vscode/settings.json {why}, and is left as it is.",
        hint="Add this by hand: " + json.dumps({"yaml.schemas": associations()}),
    )


def _snippet(editor: str, root: str) -> str:
    full = {os.path.join(root, name[2:]): globs for name, globs in associations().items()}
    if editor == "neovim":
        body = ",\n".join(
            f"    [{json.dumps('file://' + name)}] = {{ {', '.join(map(json.dumps, globs))} }}"
            for name, globs in full.items()
        )
        return (
            "vim.lsp.config('yamlls', { settings = { yaml = { schemas = {\n" + body + "\n} } } })"
        )
    if editor == "helix":
        body = "\n".join(
            f"{json.dumps('file://' + name)} = {json.dumps(globs)}" for name, globs in full.items()
        )
        return "[language-server.yaml-language-server.config.yaml.schemas]\n" + body
    pairs = " ".join(
        f":{json.dumps('file://' + name)} [{' '.join(map(json.dumps, globs))}]"
        for name, globs in full.items()
    )
    return f"(setq-default eglot-workspace-configuration\n '(:yaml (:schemas ({pairs}))))"
