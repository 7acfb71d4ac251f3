"""The hooks of the hub: nothing faulty is committed or pushed, the index follows."""

from __future__ import annotations

from gitcoord.api import proposed, staged_dependencies
from gitcoord.git import process
from gitcoord.hooks import unmet
from gitcoord.model.findings import ERROR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.proposed import Proposed
    from gitcoord.api.workspace import Workspace
    from gitcoord.hooks.call import Call

_SHOWN = 20


def pre_commit(call: Call, hub: Workspace) -> None:
    """Refuse a commit that brings in a fault; tell of new dependencies that do not hold."""
    if call.name == "pre-commit":  # a merge that git concludes by itself is mended afterwards
        _refuse_two_records(call, hub, "committed")
    _judge(call, proposed.check_staged(hub, call.git_env()), "commit")
    if not call.refused:
        unmet.tell(
            call, "coord.preCommit", "committed",
            lambda: staged_dependencies.check(hub, call.git_env()),
        )  # fmt: skip


def pre_push(call: Call, hub: Workspace) -> None:
    """Refuse to push commits whose records have a fault that the other side has not."""
    _refuse_two_records(call, hub, "pushed")
    remote = call.words[0] if call.words else ""
    found: dict[tuple[str, int | None, str], Proposed] = {}
    for line in call.stdin().splitlines():
        words = line.split(" ")
        if len(words) != 4 or not words[1].strip("0"):
            continue  # a branch that is deleted over there brings nothing
        _, commit, _, theirs = words
        base = _base(hub, commit, theirs, remote)
        if base == commit or process.run(hub.repo.root, "cat-file", "-e", f"{commit}:coord").code:
            continue
        for one in proposed.check_commit(hub, base, commit):
            if one.blocks:
                found[one.finding.path, one.finding.line, one.finding.code] = one
    _judge(call, list(found.values()), "push")


def _refuse_two_records(call: Call, hub: Workspace, done: str) -> None:
    """Stop while one of two records that had one id is left out of a merge."""
    from gitcoord.api import renumber

    left = renumber.left_out(hub.repo)
    for path in left:
        call.say(f"{path}: error: it stands for two records, one of each branch. [two-records]")
    if left:
        call.refused = True
        call.say(f"coord: nothing was {done}; `coord renumber` gives each an id of its own.")


def _base(hub: Workspace, commit: str, theirs: str, remote: str) -> str | None:
    """Return the newest commit that the other side is known to have."""
    if theirs.strip("0") and not process.run(hub.repo.root, "cat-file", "-e", theirs).code:
        return theirs
    pattern = f"--remotes={remote}" if remote and "/" not in remote else "--remotes"
    out = process.run(
        hub.repo.root, "rev-list", "--boundary", "--topo-order", commit, "--not", pattern
    ).out.decode()
    edges = [line[1:] for line in out.split("\n") if line.startswith("-")]
    if not edges and not out.strip():
        return commit  # it has all of it
    return edges[0] if edges else None


def _judge(call: Call, found: list[Proposed], what: str) -> None:
    for one in found[:_SHOWN]:
        finding = one.finding
        place = f"{finding.path}:{finding.line}:{finding.column}" if finding.line else finding.path
        field = f"{finding.field}: " if finding.field else ""
        since = " (as before)" if one.old and finding.severity == ERROR else ""
        text = f"{place}: {finding.severity}{since}: {field}{finding.message} [{finding.code}]"
        call.say(text.replace("\n", " "))
        if finding.hint:
            call.say("    " + finding.hint.replace("\n", " "))
    blocking = sum(one.blocks for one in found)
    if len(found) > _SHOWN:
        call.say(f"… and {len(found) - _SHOWN} more; `coord check` lists all.")
    if blocking:
        call.refused = True
        errors = "1 error" if blocking == 1 else f"{blocking} errors"
        call.say(
            f"coord: {errors} in the records; nothing was {what}{'t' * (what == 'commit')}ed."
            f" Mend them, or `git {what} --no-verify`."
        )


def follow(call: Call, hub: Workspace) -> None:
    """Bring the index up to what lies in the work tree now."""
    hub.view()


def renumber(call: Call, hub: Workspace) -> None:
    """Give new ids to records that two branches created under one."""
    from gitcoord.api.renumber import renumber as settle  # only after a merge

    for old, new in settle(hub).items():
        call.say(f"coord: {old} is {new} now; another branch had the id first.")
