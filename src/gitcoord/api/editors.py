"""Settings for editors, so that files written by hand are checked by the schemas too."""

from __future__ import annotations

import json
import os

from gitcoord.api import setup as hub_setup
from gitcoord.errors import ConflictError, UsageError
from gitcoord.model.kinds import KINDS
from gitcoord.store import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace

EDITORS = ("vscode", "neovim", "emacs", "helix")


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
    settings = {}
    content = files.read(path, 1 << 20)
    if content:
        try:
            settings = json.loads(content)
        except ValueError:
            raise ConflictError(
                ".vscode/settings.json holds comments or a fault, and is left as it is.",
                hint="Add this by hand: " + json.dumps({"yaml.schemas": associations()}),
            ) from None
    settings["yaml.schemas"] = {**settings.get("yaml.schemas", {}), **associations()}
    files.replace(path, (json.dumps(settings, indent=2) + "\n").encode())
    return ".vscode/settings.json"


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
