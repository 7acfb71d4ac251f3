"""The hooks of an ecosystem's repositories: facts for the journal, records that commits move."""

from __future__ import annotations

from gitcoord.api import registry
from gitcoord.git import process, refs
from gitcoord.hooks import facts, unmet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace
    from gitcoord.hooks.call import Call


def post_commit(call: Call, hub: Workspace) -> None:
    """Write down that a commit was made, and move the records it closes."""
    name = registry.name_of(hub, call.repo)
    commit = _logged(call)[0] or refs.head(call.repo)
    if name is not None and commit is not None:
        facts.write(hub, "commit", name, commit, {"branch": _standing(call)})
    move(call, hub)


def post_checkout(call: Call, hub: Workspace) -> None:
    """Write down that another branch was checked out."""
    name = registry.name_of(hub, call.repo)
    reached = _standing(call)
    left = None if name is None or reached is None else _left(call, reached)
    if left is not None and name is not None:
        facts.write(hub, "branch-switch", name, call.words[1], {"from": left, "to": reached})


def _standing(call: Call) -> str | None:
    """Return the branch that HEAD named when git called; None for a commit."""
    head = call.env.get("COORD_HOOK_HEAD", "")
    return head.removeprefix("ref: refs/heads/") if head.startswith("ref: ") else None


def _left(call: Call, reached: str) -> str | None:
    """Return the branch that was left for another; None where none was.

    To begin a branch without a parent (`checkout --orphan`) writes no line, so the last
    one is about something earlier: the branch that was left stands where HEAD stood.
    """
    message = _logged(call)[1]
    left, to, said = message.removeprefix("checkout: moving from ").partition(" to ")
    moved = bool(to) and message.startswith("checkout: moving from ")
    if moved and said == reached:
        return left if left != reached and {left, reached} <= _branches(call) else None
    if not message or call.words[0] != call.words[1]:
        return None
    near = _branches(call, f"--points-at={call.words[0]}") - {reached}
    if moved:
        return said if said in near else None
    return near.pop() if len(near) == 1 else None


def _logged(call: Call) -> tuple[str, str]:
    """Return the commit and the message of the line of HEAD's reflog that this hook is about.

    The hook has read it before it went to the background, since other checkouts and
    commits may have followed; git's own words to the hook name no branch.
    """
    head, tab, message = call.env.get("COORD_HOOK_LOG", "").partition("\t")
    words = head.split(" ")
    return (words[1], message) if tab and len(words) > 3 else ("", "")


def _branches(call: Call, *words: str) -> set[str]:
    listed = process.run(call.repo.root, "for-each-ref", "--format=%(refname:lstrip=2)", *words,
                         "refs/heads")  # fmt: skip
    return set(listed.out.decode("utf-8", "surrogateescape").splitlines())


def move(call: Call, hub: Workspace) -> None:
    """Move the records that new commits of the default branch close, once the hub is at rest."""
    from gitcoord.api import trailers  # not for every hook

    name = registry.name_of(hub, call.repo)
    if name is None:
        return
    for step in trailers.follow(hub, name, call.repo):
        if step.outcome == trailers.MOVED:
            call.say(f"coord: {step.id}: {step.old} → {step.new} ({step.commit[:10]})")


def pre_push(call: Call, hub: Workspace) -> None:
    """Tell of what this repository needs and does not get; refuse if so configured."""
    from gitcoord.api import dependencies  # not for every hook

    name = registry.name_of(hub, call.repo)
    if name is not None:
        unmet.tell(call, "coord.prePush", "pushed", lambda: dependencies.check(hub, consumer=name))
