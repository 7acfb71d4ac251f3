"""A hub that is opened: where it lies, its settings, the time, and who is asking.

Every function of `api` takes a workspace. It knows neither terminal nor environment:
whoever opens it says what time it is.
"""

from __future__ import annotations

import os

from gitcoord.config import settings as hub_settings
from gitcoord.errors import NoHubError, UsageError
from gitcoord.git import identity, process, refs
from gitcoord.git.repository import discover
from gitcoord.model.moments import datetime
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Protocol, TypeVar

    from gitcoord.config.settings import Settings
    from gitcoord.git.repository import Repository
    from gitcoord.store.agent import Agent

    class Held(Protocol):
        """What has to be closed."""

        def close(self) -> None:
            """Let go of what it holds."""

    H = TypeVar("H", bound=Held)


class Workspace:
    """An opened hub.

    `now` is an aware time; `at` is the commit that reads answer for, None for the work
    tree. `watch` allows a watcher to be started for a large store. `agent` is the program
    that writes on the user's behalf, None where the user does.
    """

    __slots__ = ("_held", "_me", "_settings", "_view", "agent", "at", "now", "repo", "watch")

    def __init__(self, repo: Repository, now: datetime, *, watch: bool = True) -> None:
        self.repo = repo
        self.now = now
        self.agent: Agent | None = None
        self.at: str | None = None
        self._held: list[Held] = []
        self.watch = watch
        self._settings: Settings | None = None
        self._view: sqlite3.Connection | None = None
        self._me: str | None = None

    @property
    def settings(self) -> Settings:
        """The hub's settings."""
        if self._settings is None:
            self._settings = hub_settings.load(self.repo.root, self.repo.git_dir)
        return self._settings

    @property
    def me(self) -> str:
        """The name git knows the user by."""
        if self._me is None:
            who = identity.read(identity.start(self.repo))
            self._me = who.author.partition(" <")[0]
        return self._me

    @property
    def signature(self) -> str:
        """The name under a comment: the user's, with that of the agent that writes it."""
        agent = self.agent
        if agent is None:
            return self.me
        if agent.author:
            return agent.author.partition(" <")[0]
        return f"{self.me} ({agent.name})" if agent.name else self.me

    def view(self) -> sqlite3.Connection:
        """Return the index that reads answer from, brought up to date once."""
        from gitcoord.index import view  # a create never looks

        if self._view is None:
            if self.at is None:
                self._view = view.work_tree(self.repo, watch=self.watch)
            else:
                self._view = view.at_commit(self.repo, self.at)
        return self._view

    def changed(self) -> None:
        """Forget what was read, because something was written."""
        if self._view is not None:
            self._view.close()
        self._view = None
        self._settings = None

    def held(self, opened: H) -> H:
        """Return something that is open, to be closed with the workspace."""
        self._held.append(opened)
        return opened

    def close(self) -> None:
        """Close all that was opened: SQLite tidies its files up only where it is told."""
        self.changed()
        for one in self._held:
            one.close()
        self._held.clear()


def open_workspace(start: str, now: datetime, *, watch: bool = True) -> Workspace:
    """Open the hub around a folder, or the one its repository names in `coord.hub`."""
    repo = discover(start)
    if repo is not None and is_hub(repo.root):
        return Workspace(repo, now, watch=watch)
    if repo is not None:
        said = process.run(repo.root, "config", "--type=path", "--get", "coord.hub")
        where = said.out.decode("utf-8", "surrogateescape").strip()
        if where:
            found = (
                discover(os.path.join(repo.root, where))
                if os.path.isdir(os.path.join(repo.root, where))
                else None
            )
            if found is not None and is_hub(found.root):
                return Workspace(found, now, watch=watch)
            raise NoHubError(
                f"git config coord.hub names {where}, where there is no hub.",
                hint="Correct it with `git config coord.hub PATH`.",
            )
    raise NoHubError(
        f"There is no hub at or above {os.path.abspath(start)}.",
        hint="Make one with `coord init` in a git repository, or name one with --hub DIR.",
    )


def is_hub(root: str) -> bool:
    """Whether a work tree holds a store."""
    return os.path.isfile(os.path.join(root, layout.SETTINGS)) or any(
        os.path.isdir(os.path.join(root, folder)) for folder in layout.FOLDERS[:4]
    )


def travel(workspace: Workspace, text: str) -> None:
    """Make a workspace answer as of a revision or a date."""
    moment = _moment(text, workspace.now)
    if refs.head(workspace.repo) is None:
        raise NoHubError("The hub has no commit yet.", hint="Leave out --at.")
    commit = refs.resolve(workspace.repo, text)
    if commit is not None:
        moment = refs.commit_time(workspace.repo, commit)
    workspace.at = commit or _before(workspace, text, moment)
    if moment is not None:
        workspace.now = datetime.fromtimestamp(moment, workspace.now.tzinfo)


def commit_of(workspace: Workspace, text: str) -> str:
    """Return the commit that a revision means, or the last one of a date."""
    if refs.head(workspace.repo) is None:
        raise NoHubError("The hub has no commit yet.", hint="Commit something first.")
    commit = refs.resolve(workspace.repo, text)
    return commit or _before(workspace, text, _moment(text, workspace.now))


def _before(workspace: Workspace, text: str, moment: int | None) -> str:
    if moment is None:
        raise UsageError(
            f"{text!r} is neither a revision nor a date.",
            hint="Examples: HEAD~5, v1.0, 2026-01-31, 2w (two weeks ago).",
        )
    return refs.before(workspace.repo, moment)


def _moment(text: str, now: datetime) -> int | None:
    """Return the last second that a date or an age names: a day is meant to its end."""
    from gitcoord.model.query import dates  # only for --at

    if ".." in text or not dates.is_date(text):
        return None
    start, end = dates.seconds(":", text, now)
    return start if end is None else end - 1
