"""Turn a git repository into a hub, and give editors the schemas."""

from __future__ import annotations

import os
import shlex

from gitcoord.codec import emit
from gitcoord.config.settings import Settings
from gitcoord.errors import ConflictError, NoHubError
from gitcoord.git.repository import discover
from gitcoord.model.kinds import KINDS
from gitcoord.store import layout
from gitcoord.store.transaction import Transaction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

SCHEMAS = "coord/schemas"
_SETTINGS = """\
# yaml-language-server: $schema=schemas/settings.schema.json
# Settings of this hub; all are optional. `coord check` reads this file as well.
version: 1
ids: sequential
commit: auto
"""
_ATTRIBUTES = "coord/.gitignore"
_IGNORED = "# Embeddings are derived from the records beside them.\n*.npy\n.*.tmp\n"


def init(start: str, *, commit: bool = True) -> tuple[str, list[str]]:
    """Make the repository around a folder a hub; return its root and the paths created.

    Files that are there already stay as they are, so it can be run again. Raises
    `NoHubError` outside a repository and in a bare one.
    """
    repo = discover(start) if os.path.isdir(start) else None  # not the one around a folder to come
    if repo is None:
        raise NoHubError(
            f"{os.path.abspath(start)} is not in a git repository.",
            hint=f"Run `git init {shlex.quote(start)}` first.",
        )
    if os.path.exists(os.path.join(repo.root, layout.ROOT)) and not os.path.isdir(
        os.path.join(repo.root, layout.ROOT)
    ):
        raise ConflictError(
            "There is a file named coord here.", hint="Rename it; the hub needs the name."
        )
    refuse_code(repo)
    wanted = files_of_hub()
    with Transaction(repo, Settings({}), "Make this repository a coord hub", commit=commit) as tx:
        for path, content in wanted.items():
            if tx.read(path) is None:
                tx.write(path, content)
        created = tx.paths()
    return repo.root, created


def files_of_hub() -> dict[str, bytes]:
    """Return the files of an empty hub, by path."""
    wanted = {layout.SETTINGS: _SETTINGS.encode(), _ATTRIBUTES: _IGNORED.encode()}
    wanted |= {f"{SCHEMAS}/{name}": text for name, text in schemas().items()}
    for kind in KINDS:
        wanted[f"{layout.ROOT}/{kind.folder}/.gitkeep"] = b""
    return wanted


def refuse_code(repo: Repository) -> None:
    """Raise `ConflictError` when coord/ is a Python package or other code."""
    folder = os.path.join(repo.root, layout.ROOT)
    if not os.path.isdir(folder):
        return
    code = sorted(
        name for name in os.listdir(folder) if name.endswith((".py", ".go", ".rs", ".js"))
    )
    if code:
        raise ConflictError(
            f"coord/ holds code here ({code[0]}); a hub keeps its records in that folder.",
            hint="Make a repository of its own for the hub.",
        )


def schemas() -> dict[str, bytes]:
    """Return the JSON Schemas by file name, as this version ships them."""
    folder = os.path.join(os.path.dirname(os.path.dirname(__file__)), "schemas")
    found = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".json"):
            with open(os.path.join(folder, name), "rb") as file:
                found[name] = file.read()
    return found


def renew_schemas(repo: Repository, *, commit: bool = True) -> list[str]:
    """Bring the hub's copies of the schemas up to this version; return the paths written."""
    with Transaction(repo, Settings({}), "Renew the schemas", commit=commit) as tx:
        for name, text in schemas().items():
            tx.write(f"{SCHEMAS}/{name}", text)
        return tx.paths()


def roles_text(roles: list[dict[str, object]]) -> str:
    """Return the text of coord/roles.yaml."""
    header = "# yaml-language-server: $schema=schemas/roles.schema.json\n"
    return emit.dump({"roles": roles}, ("roles",), header=header)
