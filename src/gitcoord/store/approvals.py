"""What this user approved on this machine, one file for each approval.

They lie under the common git directory in `coord/trust/`, where no clone and no pull
request brings them, and only their owner can read them. Each is named by a digest of
everything that was shown: the check and the folder. A file of another user, one that
others can write, or one whose name does not fit its content does not count.
"""

from __future__ import annotations

import json
import os
import stat
from hashlib import sha256
from typing import NamedTuple

from gitcoord.model.checks import Check
from gitcoord.store import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

_LARGEST = 1 << 16
_VERSION = "coord approval 1"


class Approval(NamedTuple):
    """A check that was approved, where it may run, and since when."""

    check: Check
    folder: str
    since: str


def digest_of(check: Check, folder: str) -> str:
    """Return the name of an approval: another one for any other check or folder."""
    whole = json.dumps([_VERSION, *check.sameness, folder])
    return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def home_of(repo: Repository) -> str:
    """Return the folder that holds the approvals."""
    return os.path.join(repo.common_dir, "coord", "trust")


def read(repo: Repository) -> dict[str, Approval]:
    """Return this user's approvals by digest."""
    folder = home_of(repo)
    try:
        if not _own(os.lstat(folder), stat.S_IFDIR):
            return {}
        names = sorted(os.listdir(folder))
    except OSError:
        return {}
    found = {}
    for name in names:
        approval = _read(os.path.join(folder, name))
        if approval is not None and digest_of(approval.check, approval.folder) == name:
            found[name] = approval
    return found


def _own(seen: os.stat_result, kind: int) -> bool:
    mine = seen.st_uid == os.geteuid() and not seen.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return mine and stat.S_IFMT(seen.st_mode) == kind


def _read(path: str) -> Approval | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not _own(os.fstat(descriptor), stat.S_IFREG):
            return None
        try:
            held = json.loads(file.read(_LARGEST))
            return Approval(Check(*held["check"]), held["folder"], held["since"])
        except (ValueError, KeyError, TypeError):
            return None


def write(repo: Repository, approval: Approval) -> str:
    """Keep an approval and return its digest."""
    folder = home_of(repo)
    name = digest_of(approval.check, approval.folder)
    content = {"check": list(approval.check), "folder": approval.folder, "since": approval.since}
    passing = os.path.join(folder, f".{name}.{os.getpid()}")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        os.chmod(folder, 0o700)  # whatever the umask and the repository's sharing say
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
        with os.fdopen(os.open(passing, flags, 0o600), "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        os.rename(passing, os.path.join(folder, name))
    except OSError as error:
        raise files.refused(os.path.join(folder, name), error) from None
    return name


def remove(repo: Repository, names: list[str]) -> None:
    """Forget approvals; one that is gone already is fine."""
    for name in names:
        path = os.path.join(home_of(repo), name)
        try:
            files.remove(path)
        except OSError as error:
            raise files.refused(path, error) from None
