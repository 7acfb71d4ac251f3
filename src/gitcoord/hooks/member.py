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
        head = call.env.get("COORD_HOOK_HEAD", "")
        branch = head.removeprefix("ref: refs/heads/") if head.startswith("ref: ") else None
        facts.write(hub, "commit", name, commit, {"branch": branch})
    move(call, hub)


def post_checkout(call: Call, hub: Workspace) -> None:
    """Write down that another branch was checked out."""
    name = registry.name_of(hub, call.repo)
    switch = _switch(_logged(call)[1])
    if name is not None and switch is not None and _are_branches(call, *switch):
        left, reached = switch
        facts.write(hub, "branch-switch", name, call.words[1], {"from": left, "to": reached})


def _logged(call: Call) -> tuple[str, str]:
    """Return the commit and the message of the line of HEAD's reflog that this hook is about.

    The hook has read it before it went to the background, since other checkouts and
    commits may have followed; git's own words to the hook name no branch.
    """
    head, tab, message = call.env.get("COORD_HOOK_LOG", "").partition("\t")
    words = head.split(" ")
    return (words[1], message) if tab and len(words) > 3 else ("", "")


def _switch(message: str) -> tuple[str, str] | None:
    """Return from which branch to which, None where no branch was left for another."""
    said = message.removeprefix("checkout: moving from ")
    left, to, reached = said.partition(" to ")
    return (left, reached) if said != message and to and left != reached else None


def _are_branches(call: Call, *names: str) -> bool:
    return not any(
        process.run(call.repo.root, "rev-parse", "--verify", "--quiet", f"refs/heads/{name}").code
        for name in names
    )


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
