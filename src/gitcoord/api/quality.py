"""The quality of the repositories of the registry: measured where they lie, several at once.

Tools of a repository run its own code, so they run only in those that the user vouches for
(`api.vouching`). Elsewhere nothing that lies in the repository is run.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from gitcoord.api import read, vouching, whereabouts
from gitcoord.api.chosen import registered
from gitcoord.config import settings
from gitcoord.errors import CoordError, UsageError
from gitcoord.git import configuration
from gitcoord.metrics.quality import collect
from gitcoord.metrics.quality.collect import MEASURES, Asked
from gitcoord.running import command, waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gitcoord.api.workspace import Workspace

    Told = Callable[[str], None]


class Row(NamedTuple):
    """One repository: what was measured, or why nothing was; `note` is worth saying either way."""

    name: str
    role: str | None
    quality: dict[str, Any] | None
    reason: str | None = None
    note: str | None = None
    here: bool = True

    @property
    def score(self) -> float | None:
        """The score, None where there is none."""
        return None if self.quality is None else self.quality["score"]


class Options(NamedTuple):
    """How to measure: `last` shows what is remembered, `again` believes nothing remembered."""

    last: bool = False
    again: bool = False
    static: bool = False
    advisories: str | None = None
    only: tuple[str, ...] = ()
    jobs: int = 0


def measure(
    workspace: Workspace, names: Sequence[str] = (), roles: Sequence[str] = (), *,
    options: Options = Options(), before: Told | None = None,  # noqa: B008  it never changes
) -> list[Row]:  # fmt: skip
    """Return the quality of some repositories, or of all; `before` is told each that begins."""
    _check(options.only)
    wanted = _chosen(workspace, names, roles)
    folders = whereabouts.folders_of(workspace, wanted)
    foreign = {} if options.last else vouching.foreign(workspace, list(wanted))
    found: dict[str, Row] = {}
    asked = Asked(
        settings=_settings(workspace), advisories=options.advisories or _configured(workspace),
        only=options.only, again=options.again,
    )  # fmt: skip

    def one(name: str) -> None:
        if before is not None and not options.last and folders[name] is not None:
            before(name)
        here = asked._replace(static=options.static,
                              memory=_memory(workspace, name, options))  # fmt: skip
        place = None if name in foreign else folders[name]
        row = _row(name, place, here, workspace, last=options.last)
        found[name] = row._replace(role=wanted[name], note=foreign.get(name) or row.note)

    _each(one, list(wanted), options.jobs or os.cpu_count() or 2)
    return [found[name] for name in wanted]


def settings_for(workspace: Workspace, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return by repository what its collector of snapshots has to be given as settings.

    The repositories are some that the user vouches for: programs in them are run.
    """
    common = {"quality": _settings(workspace), "advisories": _configured(workspace)}
    return {
        name: {**common, "static": False, "memory": _memory(workspace, name, Options())}
        for name in names
    }


def _settings(workspace: Workspace) -> dict[str, Any]:
    found = settings.read(os.path.join(workspace.repo.root, settings.FILE)).get("quality")
    return found if isinstance(found, dict) else {}


def _check(only: Sequence[str]) -> None:
    strange = next((one for one in only if one not in MEASURES), None)
    if strange is not None:
        raise UsageError(
            f"There is no measure {strange!r}.", hint=f"There are {', '.join(MEASURES)}."
        )


def summary(rows: Sequence[Row]) -> dict[str, Any]:
    """Return what holds of all of them; an average is the mean of the scores there are."""
    scores = sorted([row.score for row in rows if row.score is not None])
    return {
        "repos": len(rows),
        "measured": len(scores),
        "average": round(sum(scores) / len(scores), 1) if scores else None,
        "median": scores[len(scores) // 2] if len(scores) % 2 else
                  round((scores[len(scores) // 2 - 1] + scores[len(scores) // 2]) / 2, 1) if scores else None,
        "lowest": scores[0] if scores else None,
        "highest": scores[-1] if scores else None,
    }  # fmt: skip


def _chosen(
    workspace: Workspace, names: Sequence[str], roles: Sequence[str]
) -> dict[str, str | None]:
    """Return the repositories that are meant, in the order of the registry, with their roles."""
    known = registered(workspace)
    meant = [read.get(workspace, name, "repo").id for name in names]
    strange = next((one for one in meant if one not in known), None)
    if strange is not None:
        raise UsageError(
            f"{strange} is archived.", hint=f"`coord unarchive {strange}` brings it back."
        )
    found = {name: known[name] for name in dict.fromkeys(meant) or known}
    if not roles:
        return found
    return {name: role for name, role in found.items() if role in roles}


def _configured(workspace: Workspace) -> str | None:
    """Return the folder of advisories that this machine has for all hubs or for this one."""
    told = configuration.get(workspace.repo.root, "coord.advisories")
    return os.path.join(workspace.repo.root, os.path.expanduser(told)) if told else None


def _memory(workspace: Workspace, name: str, options: Options) -> str:
    parts = [
        "coord",
        "quality",
        name,
        *(["only-" + "-".join(options.only)] if options.only else []),
    ]
    return os.path.join(workspace.repo.common_dir, *parts)


def _row(name: str, folder: str | None, asked: Asked, workspace: Workspace, *, last: bool) -> Row:
    if last:
        known = collect.last(asked)
        return Row(
            name, None, known, None if known else "it was not measured yet", here=folder is not None
        )
    if folder is None:
        return Row(name, None, None, "is not on this machine", here=False)
    if not whereabouts.is_clone(folder):
        return Row(name, None, None, "is a bare repository; there are no files to measure")
    try:
        return Row(name, None, collect.collect(folder, workspace.now, asked))
    except CoordError as error:
        return Row(name, None, None, f"cannot be measured: {error.message}")


def _each(work: Callable[[str], None], names: list[str], jobs: int) -> None:
    """Do the work for each name, several at once; what one raises is raised when all have ended.

    An interrupt ends what they run, and with it the threads. Waiting for results, not for
    threads: Python takes a thread whose `join` was interrupted for ended while it still runs.
    """
    with ThreadPoolExecutor(max(1, min(jobs, len(names)))) as threads:
        try:
            for one in waiting.completed([threads.submit(work, name) for name in names]):
                one.result()
        except BaseException as trouble:
            threads.shutdown(wait=False, cancel_futures=True)
            if isinstance(trouble, KeyboardInterrupt):
                command.stop()
            raise
