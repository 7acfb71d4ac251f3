"""Exchange one branch with a remote; what a remote refuses is told in a way one can act on."""

from __future__ import annotations

import os
import time

from gitcoord.errors import GitError
from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

_SILENT = ("-c", f"core.hooksPath={os.devnull}")  # what no person does runs none of their hooks
_PRIVATE = "refs/coord/fetched"
_FORGOTTEN = 3600.0
_MISSING = b"couldn't find remote ref"
_FIRST = (
    "fetch first", "non-fast-forward", "stale info", "cannot lock ref", "failed to update ref",
    "failed to lock", "already exists", "incorrect old value", "reference already exists",
)  # fmt: skip
_HINTS = (
    ("could not resolve host", "There is no way to the remote now; nothing is lost, run it again later."),
    ("unable to connect", "There is no way to the remote now; nothing is lost, run it again later."),
    ("failed to connect", "There is no way to the remote now; nothing is lost, run it again later."),
    ("timed out", "There is no way to the remote now; nothing is lost, run it again later."),
    ("does not appear to be a git repository", "`git remote -v` shows the names and addresses."),
    ("not found", "`git remote -v` shows the names and addresses."),
    ("permission", "This user may not do that there; ask for the right, or name another remote."),
    ("authentication", "This user may not do that there; ask for the right, or name another remote."),
    ("access denied", "This user may not do that there; ask for the right, or name another remote."),
    ("could not read username", "Log in to the remote first, for example with `git fetch`."),
    ("denying non-fast-forward", "The remote keeps history: see docs/journal.md, Beginning anew."),
    ("hook declined", "The remote protects that branch: let this user push to it there."),
    ("protected branch", "The remote protects that branch: let this user push to it there."),
)  # fmt: skip


def fetch(repo: Repository, remote: str, branch: str) -> str | None:
    """Fetch a branch without moving any of the user's refs; None where the remote has none."""
    # A ref of its own for this moment: FETCH_HEAD is shared with whatever else is fetching.
    private = f"{_PRIVATE}/{os.getpid()}"
    _sweep(repo)
    words = (
        *_SILENT, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=",
        "--no-recurse-submodules", "--",
        remote, f"+refs/heads/{branch}:{private}",
    )  # fmt: skip
    result = process.run(repo.root, *words)
    if result.code:
        if _MISSING in result.err:
            return None
        raise _refused("fetch from", remote, result.err.decode("utf-8", "replace"))
    out = process.call(repo.root, "rev-parse", "--verify", private)
    process.run(repo.root, "update-ref", "-d", private)
    return out.decode().strip()


def _sweep(repo: Repository) -> None:
    """Drop the refs of those who were killed while they fetched."""
    folder = os.path.join(repo.common_dir, _PRIVATE)
    if not os.path.isdir(folder):
        return
    for name in os.listdir(folder):
        try:
            old = time.time() - os.stat(os.path.join(folder, name)).st_mtime > _FORGOTTEN
        except FileNotFoundError:
            continue
        if old and name.isdigit():
            process.run(repo.root, "update-ref", "-d", f"{_PRIVATE}/{name}")


def push(
    repo: Repository,
    remote: str,
    branch: str,
    commit: str,
    *,
    instead_of: str | None = None,
    hooks: bool = False,
) -> bool:
    """Push a commit as a branch; False when somebody was first.

    Only with `instead_of` may the remote's branch lose commits, and only while it stands on
    that one. Raises `GitError` when the remote refuses for good.
    """
    words = [*(() if hooks else _SILENT), "push", "--porcelain", "--no-follow-tags"]
    if instead_of is not None:
        words.append(f"--force-with-lease=refs/heads/{branch}:{instead_of}")
    result = process.run(repo.root, *words, "--", remote, f"{commit}:refs/heads/{branch}")
    if not result.code:
        return True
    said = result.err.decode("utf-8", "replace")
    out = result.out.decode("utf-8", "replace").splitlines()
    answers = [line for line in out if f":refs/heads/{branch}\t" in line]
    refusal = next((line for line in answers if line.startswith("!")), "")
    if answers and not refusal:
        return True  # it is there; only our own note of it, which another push makes too, is not
    for_good = "[remote rejected]" in refusal and "(non-fast-forward)" in refusal
    if refusal and not for_good and any(sign in refusal + said for sign in _FIRST):
        return False
    raise _refused("push to", remote, f"{said}\n{refusal.rpartition(chr(9))[2]}")


def setting(repo: Repository, name: str) -> str | None:
    """Return a setting of git config, or None."""
    result = process.run(repo.root, "config", "--get", name)
    return result.out.decode("utf-8", "surrogateescape").strip() or None


def _refused(what: str, remote: str, said: str) -> GitError:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [
        line for line in lines if line.startswith(("fatal:", "remote:", "ERROR", "error:", "["))
    ] or lines
    reason = telling[-1] if telling else "git did not say why"
    if len(telling) > 1 and reason.startswith(
        ("fatal: Could not read from", "error: failed to push")
    ):
        reason = telling[-2]
    low = said.lower()
    hint = next((hint for sign, hint in _HINTS if sign in low), "git said: " + " ".join(lines))
    return GitError(
        f"Could not {what} {remote}: {reason.rstrip('.')}.", hint=f"{hint} Local facts are kept."
    )
