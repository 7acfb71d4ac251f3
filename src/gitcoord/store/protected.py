"""The branch that is reviewed, as it stands at the remote.

It is found from what git fetched and from settings on that very branch, never from a
file that lies in the work tree, which may be anybody's pull request: the remote is
`coord.trust.remote` of git's configuration, else `upstream`, else `origin`; the branch is the
remote's default one, or the one that its coord.yaml names. Where this leaves a doubt,
there is no protected branch, and the reason is told.
"""

from __future__ import annotations

import os

from gitcoord.codec.read import Malformed, parse
from gitcoord.git import reviewed
from gitcoord.running.surroundings import inside
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.git.repository import Repository
    from gitcoord.git.reviewed import Setting

_REMOTES = ("upstream", "origin")
_BRANCHES = ("main", "master")


class Protected:
    """The protected branch, with its own settings; `commit` is None when there is none, and why."""

    __slots__ = ("branch", "commit", "reason", "remote", "settings")

    def __init__(
        self, remote: str = "", branch: str = "", commit: str | None = None, *,
        reason: str = "", settings: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.remote = remote
        self.branch = branch
        self.commit = commit
        self.reason = reason
        self.settings = settings or {}

    @property
    def name(self) -> str:
        """The name that people use for it."""
        return f"{self.remote}/{self.branch}"


def find(repo: Repository, configured: Sequence[Setting], builds: str | None) -> Protected:
    """Return the protected branch; `builds` is the repository that a build machine says it builds."""
    urls = _of_remotes(configured, "url")
    named = [one.value for one in configured if one.key == "coord.trust.remote"]
    remote = named[-1] if named else next((name for name in _REMOTES if name in urls), None)
    if remote is None:
        return Protected(reason="there is no remote")
    if remote not in urls:
        return Protected(
            reason=f"there is no remote {remote}, which git config coord.trust.remote names"
        )
    if builds is not None and not same_repository(urls[remote][0], builds):
        return Protected(reason=f"{remote} is not {builds}, which this machine builds")
    branches, head = reviewed.remote_refs(repo, remote)
    first = default_branch(branches, head)
    if first is None:
        return Protected(reason=f"the default branch of {remote} is not known here; fetch it")
    settled = _settled(repo, remote, branches, first)
    specs = _of_remotes(configured, "fetch").get(remote, [])
    if settled.commit is not None and not mirrors(specs, remote, settled.branch):
        return Protected(reason=f"git fetch puts something else at {settled.name}")
    return settled


def _of_remotes(configured: Sequence[Setting], what: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in configured:
        if one.key.startswith("remote.") and one.key.endswith(f".{what}"):
            found.setdefault(one.key[len("remote.") : -len(what) - 1], []).append(one.value)
    return found


def mirrors(specs: Sequence[str], remote: str, branch: str) -> bool:
    """Whether fetching puts the remote's branch of that name, and nothing else, at its ref here."""
    target = f"refs/remotes/{remote}/{branch}"
    sources = []
    for spec in specs:
        source, _, goal = spec.removeprefix("+").partition(":")
        lead, star, tail = goal.partition("*")
        if not star:
            sources += [source] if goal == target else []
        elif target.startswith(lead) and target.endswith(tail):
            sources.append(source.replace("*", target[len(lead) : len(target) - len(tail)]))
    return sources != [] and set(sources) == {f"refs/heads/{branch}"}


def _settled(repo: Repository, remote: str, branches: dict[str, str], first: str) -> Protected:
    """Follow the setting of the default branch once; a branch that disagrees is none."""
    found = _settings(repo, branches[first])
    named = found.get("protected_branch")
    if not isinstance(named, str) or named == first:
        return Protected(remote, first, branches[first], settings=found)
    if named not in branches:
        return Protected(reason=f"{remote}/{first} names {named!r} as protected, which is not here")
    there = _settings(repo, branches[named])
    if there.get("protected_branch") not in (None, named):
        return Protected(
            reason=f"{remote}/{first} and {remote}/{named} disagree on what is protected"
        )
    return Protected(remote, named, branches[named], settings=there)


def _settings(repo: Repository, commit: str) -> dict[str, Any]:
    raw = reviewed.files(repo, commit, [layout.SETTINGS]).get(layout.SETTINGS, b"")
    try:
        return parse(raw) if raw else {}
    except Malformed:
        return {}


def default_branch(branches: dict[str, str], head: str | None) -> str | None:
    """Return the remote's HEAD branch, else its only one of main and master."""
    if head is not None:
        return head if head in branches else None
    usual = [name for name in _BRANCHES if name in branches]
    return usual[0] if len(usual) == 1 else None


def same_repository(url: str, path: str) -> bool:
    """Whether a remote's URL names the repository with that path on its forge."""
    _, scheme, rest = url.partition("://")
    if scheme:
        held = rest.partition("/")[2]
    else:  # host:path, as ssh is written
        host, _, held = url.partition(":")
        held = "" if "/" in host else held
    return held.strip("/").removesuffix(".git").casefold() == path.strip("/").casefold()


def planted(repo: Repository, configured: Sequence[Setting]) -> str | None:
    """Return a file of the work tree that git's configuration is read from, if there is one."""
    roots = [repo.root]
    if os.path.basename(repo.common_dir) == ".git":  # the main work tree, seen from a linked one
        roots.append(os.path.dirname(repo.common_dir))
    for one in configured:
        if (
            one.origin
            and any(inside(one.origin, root) for root in roots)
            and not inside(one.origin, repo.common_dir)
            and not inside(one.origin, repo.git_dir)
        ):
            return one.origin
    return None
