"""Attempts at fixes: record them, find them again, and tell what came of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gitcoord import journal
from gitcoord.errors import InvalidError, NotAllowedError
from gitcoord.journal import facts
from gitcoord.journal.facts import Fact
from gitcoord.memory import attempt

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.workspace import Workspace

FILTERS = ("repo", "type", "strategy", "agent", "stage", "session", "run")
GROUPS = ("strategy", "agent", "type", "repo")


def record(
    workspace: Workspace, given: Sequence[dict[str, Any]], *, repo: str | None = None
) -> list[dict[str, Any]]:
    """Record attempts in one commit of the journal, all or none; return them as they are kept.

    `repo` is for those that name none. Raises `InvalidError` with the number of the attempt.
    """
    files: dict[str, bytes] = {}
    kept = []
    for number, one in enumerate(given):
        try:
            fact = _fact(workspace, attempt.of(one), repo, number)
            refuse_others(workspace, fact.repo)
            path, content = facts.write(fact)
        except InvalidError as fault:
            if len(given) == 1:
                raise
            raise InvalidError(f"Attempt {number + 1}: {fault.message}", hint=fault.hint) from None
        files[path] = content
        kept.append((path, fact))
    if files:
        message = f"attempt of {kept[0][1].repo}" if len(files) == 1 else f"{len(files)} attempts"
        journal.append(workspace.repo, files, message)
    return [as_dict(path, fact) for path, fact in kept]


def refuse_others(workspace: Workspace, repo: str) -> None:
    """Raise `NotAllowedError` for an agent that may not write about a repository, or only some kinds."""
    agent = workspace.agent
    if agent is not None and (agent.kinds or (agent.repos and repo not in agent.repos)):
        raise NotAllowedError(
            f"Attempts of {repo} may not be recorded here.",
            hint="The server was started with --allow-kinds or --allow-repos.",
        )


def _fact(workspace: Workspace, given: dict[str, Any], repo: str | None, number: int) -> Fact:
    time, commit = given.pop("time", None), given.pop("commit", None)
    about = given.pop("repo", None) or repo
    if not isinstance(about, str):
        raise InvalidError("An attempt needs a repository.", hint="Name it with --repo.")
    when = time if isinstance(time, datetime) else facts.moment(time) if time else None
    if time and when is None:
        raise InvalidError(
            f"{time!r} is no time with an offset.", hint="As in 2026-01-31T12:00:00+01:00."
        )
    if commit is not None and not facts.is_commit(commit):
        raise InvalidError(f"{commit!r} is not the full id of a commit.", hint="See `git log`.")
    if "run" in given and "recommended" not in given:
        given |= _of_run(workspace, given["run"])
    # Two attempts that are alike in all else are still two: a moment lies between them.
    moment = when or workspace.now + timedelta(microseconds=number)
    return Fact("attempt", about, moment, commit, given)


def _of_run(workspace: Workspace, run: str) -> dict[str, Any]:
    """Return what was recommended in a run that is remembered here."""
    from gitcoord.memory import shown  # few attempts come from a recommendation

    for event in reversed(shown.read(workspace.repo, shown.RECOMMENDED)):
        if event.get("run") == run:
            wanted = {"recommended": event.get("strategy"), "variant": event.get("variant")}
            return {name: text for name, text in wanted.items() if isinstance(text, str)}
    return {}


def as_dict(path: str, fact: Fact) -> dict[str, Any]:
    """Return an attempt in its documented shape."""
    shown = {"id": attempt.id_of(path), "repo": fact.repo, "time": fact.time.isoformat(),
             "commit": fact.commit}  # fmt: skip
    return shown | {name: fact.data.get(name) for name in attempt.FIELDS} | {"confirmed": None}


def attempts(
    workspace: Workspace,
    filters: dict[str, str | None],
    *,
    worked: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 0,
) -> tuple[list[dict[str, Any]], bool]:
    """Return attempts, the latest first, and whether there are more than `limit`."""
    from gitcoord.memory import asking

    connection = opened(workspace)
    where, words = _where(filters, worked, since, until)
    tail = f" LIMIT {limit + 1}" if limit else ""
    numbers = [
        row[0]
        for row in connection.execute(
            f"SELECT n FROM attempt{where} ORDER BY time DESC, path DESC{tail}", words
        )
    ]
    more = bool(limit) and len(numbers) > limit
    return asking.documents(connection, numbers[:limit] if limit else numbers), more


def _where(
    filters: dict[str, str | None],
    worked: bool | None,
    since: datetime | None,
    until: datetime | None,
) -> tuple[str, list[Any]]:
    parts, words = [], []
    for name in FILTERS:
        value = filters.get(name)
        if value is not None:
            parts.append(f"{name} = ?")
            words.append(value)
    for operator, moment in ((">=", since), ("<", until)):
        if moment is not None:
            parts.append(f"time {operator} {moment.timestamp()!r}")
    if worked is not None:
        parts.append(f"coalesce(confirmed, claimed) = {int(worked)}")
    return f" WHERE {' AND '.join(parts)}" if parts else "", words  # fmt: skip


def effectiveness(
    workspace: Workspace, by: str, filters: dict[str, str | None], *, since: datetime | None = None
) -> list[dict[str, Any]]:
    """Return how each strategy (or agent, type, repository) did, the most tried first."""
    from gitcoord.model import intervals

    where, words = _where(filters, None, since, None)
    rows = opened(workspace).execute(
        f"SELECT {by}, count(*), sum(coalesce(confirmed, claimed) = 1),"
        " sum(coalesce(confirmed, claimed) = 0), sum(confirmed IS NOT NULL), avg(duration),"
        f" max(time) FROM attempt{where} GROUP BY {by}"
        f" ORDER BY count(*) DESC, {by}",
        words,
    )
    found = []
    for name, count, good, bad, sure, duration, last in rows:
        worked, failed = good or 0, bad or 0
        judged = worked + failed
        low, high = intervals.wilson(worked, judged)
        found.append(
            {by: name, "attempts": count, "worked": worked, "failed": failed,
             "unknown": count - judged, "confirmed": sure,
             "rate": worked / judged if judged else None,
             "interval": [low, high] if judged else None, "duration": duration,
             "last": datetime.fromtimestamp(last, UTC).isoformat()}
        )  # fmt: skip
    return found


def opened(workspace: Workspace) -> sqlite3.Connection:
    """Return the tables of attempts, up to date; the workspace closes them."""
    from gitcoord.memory import view  # who only records reads none

    return workspace.held(view.opened(workspace.repo))
