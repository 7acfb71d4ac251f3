"""Tell git to merge records with coord, and take that back.

Two things make a merge driver: lines in `coord/.gitattributes`, which travel with the
hub, and settings in this clone's git config, which name the program. Where the settings
are missing git merges by lines; where the program is, the setting itself does. The same
lines stand in this clone's own attributes, for what is checked out without that file: a
branch from before it, or a sparse work tree.
"""

from __future__ import annotations

import os
import shlex
import sys

from gitcoord.config.settings import Settings
from gitcoord.git import process
from gitcoord.model.kinds import KINDS
from gitcoord.store import files, layout
from gitcoord.store.lock import Folder
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
_OWN = (_HEAD, *(f"/{layout.ROOT}{line}" for line in LINES[1:]))
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
    with Transaction(
        repo, Settings({}), "Let git merge records field by field", commit=commit
    ) as tx:
        old = tx.read(ATTRIBUTES) or b""
        missing = [line for line in LINES if line not in _lines(old)]
        if missing:
            start = old if not old or old.endswith(b"\n") else old + b"\n"
            tx.write(ATTRIBUTES, start + "".join([f"{line}\n" for line in missing]).encode())
        written += tx.paths()
    with Folder(os.path.dirname(_own(repo))):
        own = _content(_own(repo))
        lines = [f"{line}\n" for line in _OWN if line not in _lines(own)]
        if lines:
            end = b"" if not own or own.endswith(b"\n") else b"\n"
            files.change(_own(repo), own + end + "".join(lines).encode())
            written.append("info/attributes")
    for key, value in settings(program).items():
        if _get(repo, key) != value:
            process.call(repo.root, "config", "--local", "--replace-all", key, value)
            written.append(key)
    return written


def installed(repo: Repository, *, program: str | None = None) -> str:
    """Return `installed`, `outdated` (other settings or lines than these) or `missing`."""
    found = [_get(repo, key) for key in settings(program)]
    held = _lines(_content(os.path.join(repo.root, ATTRIBUTES)))
    own = _lines(_content(_own(repo)))
    lines = [line in held for line in LINES[1:]] + [line in own for line in _OWN[1:]]
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
            tx.write(ATTRIBUTES, _without(old, LINES) or None)
        removed += tx.paths()
    with Folder(os.path.dirname(_own(repo))):
        own = _content(_own(repo))
        left = _without(own, _OWN)
        if left != own:
            _leave(_own(repo), left)
            removed.append("info/attributes")
    for section in ("merge.coord", "merge.coord-base"):
        done = process.run(repo.root, "config", "--local", "--remove-section", section)
        if done.code == 0:
            removed.append(section)
    return removed


def _program() -> str:
    beside = os.path.join(os.path.dirname(sys.executable), "coord")
    return beside if os.access(beside, os.X_OK) else "coord"


def _own(repo: Repository) -> str:
    return os.path.join(repo.common_dir, "info", "attributes")


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


def _without(content: bytes, lines: tuple[str, ...]) -> bytes:
    ours = {f"{line}\n".encode() for line in lines}
    return b"".join([line for line in content.splitlines(keepends=True) if line not in ours])


def _leave(path: str, content: bytes) -> None:
    """Write what is left of a file; an empty one goes."""
    if content:
        files.change(path, content)
    else:
        files.remove(path)


def _lines(content: bytes) -> set[str]:
    return set(content.decode("utf-8", "replace").split("\n"))


def _get(repo: Repository, key: str) -> str | None:
    done = process.run(repo.root, "config", "--local", "--get", key)
    return done.out.decode("utf-8", "replace").removesuffix("\n") if done.code == 0 else None
