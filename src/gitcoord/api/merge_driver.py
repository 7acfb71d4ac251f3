"""Tell git to merge records with coord, and take that back.

Two things make a merge driver: lines in `coord/.gitattributes`, which travel with the
hub, and settings in this clone's git config, which name the program. Where the settings
are missing git merges by lines; where the program is, the setting itself does.
"""

from __future__ import annotations

import os
import shlex
import sys

from gitcoord.config.settings import Settings
from gitcoord.git import process
from gitcoord.model.kinds import KINDS
from gitcoord.store import layout
from gitcoord.store.transaction import Transaction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

ATTRIBUTES = f"{layout.ROOT}/.gitattributes"
_HEAD = "# Records merge field by field; see `coord hooks install`."
LINES = (
    _HEAD,
    "/coord.yaml merge=coord",
    "/roles.yaml merge=coord",
    *(f"/{kind.folder}/*.yaml merge=coord" for kind in KINDS),
    "/archive/*/*.yaml merge=coord",
    "/templates/*.yaml merge=coord",
)
_FILES = "%O %A %B %L %P"


def settings(program: str | None = None) -> dict[str, str]:
    """Return the lines of git config that name the driver.

    Unless told, the program is the one beside this interpreter, which needs no PATH. One
    that does not run leaves no markers: git's own merge does it then.
    """
    name = shlex.quote(program or _program())
    run = f'p={name}; command -v "$p" >/dev/null 2>&1 || p=coord; "$p" merge-driver'
    otherwise = (
        "{ grep -q '^<<<<<<<' %A && exit 1;"
        " git merge-file -q --marker-size=%L -L ours -L base -L theirs %A %O %B || exit 1; }"
    )
    return {
        "merge.coord.name": "coord: records field by field",
        "merge.coord.driver": f"{run} {_FILES} %X %Y || {otherwise}",
        "merge.coord.recursive": "coord-base",
        "merge.coord-base.name": "coord: common ancestors",
        "merge.coord-base.driver": f"{run} --ancestor {_FILES} || exit 1",
    }


def install(repo: Repository, *, program: str | None = None, commit: bool = True) -> list[str]:
    """Set up the driver in a hub; return what was written: a path, or names of settings."""
    written = []
    with Transaction(repo, Settings({}), "Merge records field by field", commit=commit) as tx:
        old = tx.read(ATTRIBUTES) or b""
        missing = [line for line in LINES if line not in _lines(old)]
        if missing:
            start = old if not old or old.endswith(b"\n") else old + b"\n"
            tx.write(ATTRIBUTES, start + "".join([f"{line}\n" for line in missing]).encode())
        written += tx.paths()
    for key, value in settings(program).items():
        if _get(repo, key) != value:
            process.call(repo.root, "config", "--local", "--replace-all", key, value)
            written.append(key)
    return written


def installed(repo: Repository, *, program: str | None = None) -> str:
    """Return `installed`, `outdated` (other settings or lines than these) or `missing`."""
    found = [_get(repo, key) for key in settings(program)]
    held = _lines(_read(repo))
    lines = [line in held for line in LINES[1:]]
    if not any(found) and not any(lines):
        return "missing"
    whole = found == list(settings(program).values()) and all(lines)
    return "installed" if whole else "outdated"


def uninstall(repo: Repository, *, commit: bool = True) -> list[str]:
    """Take the driver out again, and nothing else; return what was changed."""
    removed = []
    with Transaction(repo, Settings({}), "Leave merging to git", commit=commit) as tx:
        old = tx.read(ATTRIBUTES)
        if old is not None:
            ours = {f"{line}\n".encode() for line in LINES}
            left = b"".join([line for line in old.splitlines(keepends=True) if line not in ours])
            tx.write(ATTRIBUTES, left or None)
        removed += tx.paths()
    for section in ("merge.coord", "merge.coord-base"):
        done = process.run(repo.root, "config", "--local", "--remove-section", section)
        if done.code == 0:
            removed.append(section)
    return removed


def _program() -> str:
    beside = os.path.join(os.path.dirname(sys.executable), "coord")
    return beside if os.access(beside, os.X_OK) else "coord"


def _read(repo: Repository) -> bytes:
    try:
        with open(os.path.join(repo.root, ATTRIBUTES), "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


def _lines(content: bytes) -> set[str]:
    return set(content.decode("utf-8", "replace").split("\n"))


def _get(repo: Repository, key: str) -> str | None:
    done = process.run(repo.root, "config", "--local", "--get", key)
    return done.out.decode("utf-8", "replace").removesuffix("\n") if done.code == 0 else None
