"""The hooks of an ecosystem's repositories: facts for the journal, records that commits move."""

from __future__ import annotations

from gitcoord.api import registry
from gitcoord.git import commits, configuration, process, refs
from gitcoord.hooks import facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace
    from gitcoord.hooks.call import Call

_RECENT = 20


def post_commit(call: Call, hub: Workspace) -> None:
    """Write down that a commit was made, and move the records it closes."""
    name = registry.name_of(hub, call.repo)
    commit = refs.head(call.repo)
    if name is None or commit is None:
        return
    branch = commits.branch(call.repo)
    data = {"branch": branch.removeprefix("refs/heads/") if branch else None}
    facts.write(hub, "commit", name, commit, data)
    move(call, hub)


def post_checkout(call: Call, hub: Workspace) -> None:
    """Write down that another branch was checked out."""
    name = registry.name_of(hub, call.repo)
    if name is None or len(call.words) < 3 or call.words[2] != "1":
        return
    switch = _switch(call)
    if switch is not None:
        left, reached = switch
        facts.write(hub, "branch-switch", name, call.words[1], {"from": left, "to": reached})


def _switch(call: Call) -> tuple[str, str] | None:
    """Return from which branch to which, None where no branch was left for another.

    Git tells a hook commits alone; the reflog knows the names. Another checkout may have
    happened since, so the entry with our commit is looked for.
    """
    out = process.run(
        call.repo.root, "log", "-g", f"-{_RECENT}", "--format=%H %gs", "HEAD", "--"
    ).out.decode("utf-8", "replace")
    for line in out.split("\n"):
        commit, _, subject = line.partition(" ")
        words = subject.removeprefix("checkout: moving from ").split(" ")
        if commit != call.words[1] or subject == " ".join(words) or len(words) != 3:
            continue
        left, _, reached = words
        return (left, reached) if left != reached and _are_branches(call, left, reached) else None
    return None


def _are_branches(call: Call, *names: str) -> bool:
    return not any(
        process.run(call.repo.root, "rev-parse", "--verify", "--quiet", f"refs/heads/{name}").code
        for name in names
    )


def move(call: Call, hub: Workspace) -> None:
    """Move the records that new commits of the default branch close, unless the hub is busy."""
    from gitcoord.api import trailers  # not for every hook

    name = registry.name_of(hub, call.repo)
    ref = commits.default_branch(call.repo)
    if name is None or ref is None:
        return
    on_it = commits.branch(call.repo) == ref and not commits.under_way(call.repo)
    if not on_it or trailers.standing_by(hub):
        return  # `coord trailers apply`, or the next hook, catches up
    for step in trailers.apply(hub, name, call.repo):
        if step.outcome == trailers.MOVED:
            call.say(f"coord: {step.id}: {step.old} → {step.new} ({step.commit[:10]})")


def pre_push(call: Call, hub: Workspace) -> None:
    """Tell of dependencies of this repository that are not satisfied; refuse if so configured."""
    from gitcoord.api import dependencies  # not for every hook

    name = registry.name_of(hub, call.repo)
    wanted = configuration.get(call.repo.root, "coord.prePush") or "warn"
    if name is None or wanted == "off":
        return
    for one in dependencies.check(hub, consumer=name) if _is_consumer(hub, name) else ():
        if one.verdict == "unsatisfied":
            needs = f"{one.provider} {one.constraint or ''}".rstrip()
            call.say(
                f"coord: {one.id}: {name} needs {needs}, and that is not satisfied ({one.reason})."
            )
            call.refused = wanted == "block"
    if call.refused:
        call.say("coord: nothing was pushed; `git config coord.prePush warn` lets it pass.")


def _is_consumer(hub: Workspace, name: str) -> bool:
    row = hub.view().execute(
        "SELECT 1 FROM value WHERE field = 'consumer' AND value = ? LIMIT 1", (name,)
    )
    return row.fetchone() is not None
