"""What a merge needs of git: a merged tree, a changed one, and the state of an unfinished merge.

Nothing here runs the user's hooks or drivers, and only `check_out` touches the work
tree; it refuses, as git does, where it would overwrite what is not committed.
"""

from __future__ import annotations

import os

from gitcoord.errors import ConflictError, GitError
from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gitcoord.git.repository import Repository

_UNDER_WAY = {
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
}
_FILES = ("MERGE_HEAD", "MERGE_MSG", "MERGE_MODE")


class Stage:
    """One version of a path that is in conflict: 1 is the base, 2 ours, 3 theirs."""

    __slots__ = ("blob", "mode", "number", "path")

    def __init__(self, path: str, mode: str, blob: str, number: int) -> None:
        self.path = path
        self.mode = mode
        self.blob = blob
        self.number = number


def under_way(repo: Repository) -> str | None:
    """Return what is unfinished in a work tree: `merge`, `rebase`, …; None when nothing is."""
    for name, what in _UNDER_WAY.items():
        if os.path.exists(os.path.join(repo.git_dir, name)):
            return what
    return None


def merged_tree(repo: Repository, ours: str, theirs: str) -> tuple[str, list[Stage]]:
    """Return the tree that git makes of two commits, and the stages of what conflicts in it."""
    words = (
        # Records are merged by us afterwards, so their driver need not do it as well.
        "-c", "merge.coord.driver=true", "-c", "merge.coord-base.driver=true",
        "-c", "merge.directoryRenames=false",
        "merge-tree", "--write-tree", "-z", "--no-messages", ours, theirs,
    )  # fmt: skip
    done = process.run(repo.root, *words)
    if done.code not in (0, 1):
        raise process.failed(words[6:], done)
    tree, _, rest = done.out.partition(b"\0")
    return tree.decode().strip(), [_stage(line) for line in rest.split(b"\0") if b"\t" in line]


def unmerged(repo: Repository, folder: str) -> list[Stage]:
    """Return the stages of all paths below a folder that are in conflict."""
    out = process.call(repo.root, "ls-files", "-u", "-z", "--", folder)
    return [_stage(line) for line in out.split(b"\0") if line]


def _stage(line: bytes) -> Stage:
    head, _, path = line.partition(b"\t")
    mode, blob, number = head.decode().split(" ")
    return Stage(path.decode("utf-8", "surrogateescape"), mode, blob, int(number))


def store_blobs(repo: Repository, contents: Sequence[bytes]) -> list[str]:
    """Write contents as blobs, in one process, and return their ids."""
    import tempfile  # only when something is merged

    if not contents:
        return []
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for number, content in enumerate(contents):
            names.append(os.path.join(folder, str(number)))
            with open(names[-1], "wb") as file:
                file.write(content)
        out = process.call(
            repo.root, "hash-object", "-w", "--no-filters", "--stdin-paths",
            stdin="".join([f"{name}\n" for name in names]).encode(),
        )  # fmt: skip
    return out.decode().split()


def changed_tree(repo: Repository, tree: str, blobs: Mapping[str, str | None]) -> str:
    """Return a tree with other blobs at some paths; None removes a path."""
    import tempfile  # only when something is merged

    if not blobs:
        return tree
    with tempfile.TemporaryDirectory() as folder:
        env = {"GIT_INDEX_FILE": os.path.join(folder, "index")}
        process.call(repo.root, "read-tree", tree, env=env)
        zero = "0" * len(tree)
        lines = [
            f"0 {zero}\t{path}\0" if blob is None else f"100644 {blob}\t{path}\0"
            # What goes first: a file may stand where a folder was.
            for path, blob in sorted(blobs.items(), key=lambda item: item[1] is not None)
        ]
        fed = "".join(lines).encode("utf-8", "surrogateescape")
        process.call(repo.root, "update-index", "-z", "--index-info", stdin=fed, env=env)
        return process.call(repo.root, "write-tree", env=env).decode().strip()


def commit_tree(
    repo: Repository, tree: str, parents: Sequence[str], message: str, *, sign: bool
) -> str:
    """Make a commit of a tree and return it; no branch moves."""
    words = ["commit-tree", *(["-S"] if sign else []), tree]
    for parent in parents:
        words += ["-p", parent]
    out = process.call(repo.root, *words, "-F", "-", stdin=message.encode())
    return out.decode().strip()


def check_out(repo: Repository, old: str, new: str) -> None:
    """Bring work tree and index from one tree to another, keeping what is not committed.

    Raises `ConflictError`, with nothing changed, where that would be overwritten, and
    `GitError`, with everything put back, where a file cannot be written.
    """
    process.run(repo.root, "update-index", "-q", "--refresh")
    done = process.run(repo.root, "read-tree", "-n", "-m", "-u", old, new)
    if done.code:
        said = done.err.decode("utf-8", "replace").strip()
        raise ConflictError(
            "Changes that are not committed stand in the way of the merge.",
            hint=f"Nothing was changed. Commit or stash them first. git said: {said}",
        )
    done = process.run(repo.root, "read-tree", "-m", "-u", old, new)
    if done.code:
        _put_back(repo, old, new)
        said = done.err.decode("utf-8", "replace").strip()
        raise GitError(
            "The merged files could not be written; nothing was merged.",
            hint=f"Is the disk full, or a folder read-only? git said: {said}",
        )


def _put_back(repo: Repository, old: str, new: str) -> None:
    """Undo what was written before git gave up; it had seen that these files were as committed."""
    words = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", old, new)
    paths = process.run(repo.root, *words).out
    kept = set(process.run(repo.root, "ls-files", "-z").out.split(b"\0"))
    for path in paths.split(b"\0"):
        if path not in kept:  # only what is merged has it
            try:
                os.unlink(os.path.join(os.fsencode(repo.root), path))
            except OSError:
                continue
    process.run(repo.root, "checkout-index", "-q", "-f", "-u", "-z", "--stdin", stdin=paths)


def stage(repo: Repository, stages: Sequence[Stage]) -> None:
    """Put paths into the index as in conflict, all their stages at once."""
    # An id that means none is as long as the others: 64 digits where git uses SHA-256.
    absent = {one.path: "0" * len(one.blob) for one in stages}
    lines = [f"0 {zero}\t{path}\0" for path, zero in absent.items()]
    lines += [f"{one.mode} {one.blob} {one.number}\t{one.path}\0" for one in stages]
    fed = "".join(lines).encode("utf-8", "surrogateescape")
    if fed:
        process.call(repo.root, "update-index", "-z", "--index-info", stdin=fed)


def begin(repo: Repository, theirs: str, message: str) -> None:
    """Let git know of a merge that is under way, so that it can be finished or given up."""
    for name, content in zip(_FILES, (f"{theirs}\n", message, ""), strict=True):
        with open(os.path.join(repo.git_dir, name), "w", encoding="utf-8") as file:
            file.write(content)


def end(repo: Repository) -> None:
    """Forget the merge that was under way."""
    for name in _FILES:
        try:
            os.unlink(os.path.join(repo.git_dir, name))
        except FileNotFoundError:
            continue


def move_head(repo: Repository, new: str, old: str, told: str) -> None:
    """Let HEAD stand on a commit if it still stands where it stood; raise `ConflictError`."""
    process.run(repo.root, "update-ref", "ORIG_HEAD", old)
    done = process.run(repo.root, "update-ref", "-m", told, "HEAD", new, old)
    if done.code:
        raise ConflictError(
            "The branch moved while coord was merging.",
            hint="`git merge --abort` goes back; then run the command again.",
        )


def message(repo: Repository, ref: str, commit: str) -> str:
    """Return the first line that git would give a merge of a revision."""
    what = f"commit '{ref}'"
    for folder, name in (
        ("heads", "branch"),
        ("tags", "tag"),
        ("remotes", "remote-tracking branch"),
    ):
        known = process.run(repo.root, "show-ref", "--verify", "--quiet", f"refs/{folder}/{ref}")
        if known.code == 0:
            what = f"{name} '{ref}'"
            break
    done = process.run(
        repo.root, "fmt-merge-msg", "--no-log", stdin=f"{commit}\t\t{what}\n".encode()
    )
    return done.out.decode("utf-8", "replace").strip() or f"Merge {what}"
