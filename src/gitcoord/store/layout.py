"""Which path belongs to which record, and which paths are no record at all.

The kind comes from the folder and the id from the file name. Archived records keep
both below `coord/archive/`.
"""

from __future__ import annotations

from gitcoord.model.ids import is_id, is_repo_name, parse_file_name
from gitcoord.model.kinds import BY_FOLDER, KINDS, REPO, Kind

ROOT = "coord"
SETTINGS = "coord/coord.yaml"
ROLES = "coord/roles.yaml"
TEMPLATES = "coord/templates"
ARCHIVE = "coord/archive"

FOLDERS = tuple(f"{ROOT}/{kind.folder}" for kind in KINDS) + tuple(
    f"{ARCHIVE}/{kind.folder}" for kind in KINDS
)
"""Every folder that may hold records, relative to the hub."""


class Place:
    """What a path says about the record in it."""

    __slots__ = ("archived", "id", "kind")

    def __init__(self, kind: Kind, id: str, archived: bool) -> None:
        self.kind = kind
        self.id = id
        self.archived = archived


def path_of(kind: Kind, id: str, *, archived: bool = False) -> str:
    """Return the path of a record, relative to the hub."""
    return f"{ARCHIVE if archived else ROOT}/{kind.folder}/{id}.yaml"


def beside(path: str) -> str:
    """Return the path a record has when it is in the archive, or when it is not."""
    if path.startswith(f"{ARCHIVE}/"):
        return ROOT + path[len(ARCHIVE) :]
    return ARCHIVE + path[len(ROOT) :]


def folder_kind(folder: str) -> tuple[Kind, bool] | None:
    """Return the kind a folder holds and whether it is the archive."""
    head, _, name = folder.rpartition("/")
    kind = BY_FOLDER.get(name)
    if kind is None or head not in (ROOT, ARCHIVE):
        return None
    return kind, head == ARCHIVE


def place(path: str) -> Place | None:
    """Return the place of a path that can hold a record, else None."""
    folder, _, name = path.rpartition("/")
    held = folder_kind(folder)
    if held is None:
        return None
    id = parse_file_name(name)
    if id is None or not fits(held[0], id):
        return None
    return Place(held[0], id, held[1])


def fits(kind: Kind, id: str) -> bool:
    """Whether a text can be the id of a record of this kind."""
    return is_repo_name(id) if kind is REPO else is_id(id)


def header(kind: str) -> str:
    """Return the line by which an editor finds the schema of a kind, for the top of a file."""
    folder = "schemas" if kind == "roles" else "../schemas"
    return f"# yaml-language-server: $schema={folder}/{kind}.schema.json\n"
