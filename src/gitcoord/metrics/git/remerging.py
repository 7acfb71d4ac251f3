"""Which merges would conflict: each is made again by `git merge-tree`, once for all time.

It means "would conflict now", by the git that is here; what somebody saw back then may have
been otherwise. The objects it writes go to a folder of its own that is thrown away. An
octopus is not made again: git gives those up as soon as one part conflicts.
"""

from __future__ import annotations

import os

from gitcoord.git import process
from gitcoord.metrics.git.log import OFFLINE, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from gitcoord.git.process import Running
    from gitcoord.metrics.git.kept import Kept
    from gitcoord.metrics.git.place import Place
    from gitcoord.metrics.git.window import Window

    Outcome = tuple[str, list[str] | None]
    """Two parents, and the paths that conflict; None where git cannot merge them."""

FIGURES = ("remerged", "conflicted_merges", "conflict_rate")
_PORTION = 500
_PATIENCE = 20
"""How often git may end for objects that are not here, until the rest is left unknown."""
_USAGE = 129
_TEXT = "git merge-file -q --marker-size=%L %A %O %B"
_PINNED = (
    # What git does by itself: a user's own settings would make the figure another one elsewhere.
    "-c", "merge.renames=true", "-c", "merge.renameLimit=7000",
    "-c", "merge.directoryRenames=conflict", "-c", "merge.renormalize=false",
    # Records are merged as the text they are, whether or not coord's driver is set up.
    "-c", f"merge.coord.driver={_TEXT}", "-c", f"merge.coord-base.driver={_TEXT}",
)  # fmt: skip


def figures(
    connection: sqlite3.Connection, kept: Kept, place: Place, window: Window
) -> dict[str, Any]:
    """Return how many merges of a window conflict; None where there was nothing to merge."""
    merges = _merges(connection, window)
    told = outcomes(connection, kept, place, window)
    made = [paths for paths in told.values() if paths is not None]
    conflicted = sum(1 for paths in made if paths)
    # Without contents git can only make the merges that cannot conflict.
    biased = place.promised and len(made) < len(_pairs(merges))
    known = bool(made) and not biased
    return {
        "remerged": len(made) if told else None,
        "conflicted_merges": conflicted if known else None,
        "conflict_rate": round(100 * conflicted / len(made), 2) if known else None,
    }


def outcomes(
    connection: sqlite3.Connection, kept: Kept, place: Place, window: Window
) -> dict[str, list[str] | None]:
    """Return the paths in conflict of each merge of a window; None where it cannot be made."""
    merges = _merges(connection, window)
    told = remembered(kept, place, list(dict.fromkeys(_pairs(merges))))
    return {oid: told.get(parents) for oid, parents in merges}


def _merges(connection: sqlite3.Connection, window: Window) -> list[tuple[str, str]]:
    where, values = window.condition()
    query = f"SELECT oid, merge.parents FROM merge JOIN commits USING (c) WHERE {where}"
    return connection.execute(query, values).fetchall()


def _pairs(merges: Iterable[tuple[str, str]]) -> list[str]:
    """Return the parents of the merges that have two."""
    return [parents for _, parents in merges if parents.count(" ") == 1]


def remembered(kept: Kept, place: Place, wanted: Sequence[str]) -> dict[str, list[str]]:
    """Return the paths in conflict of pairs of commits; those that cannot be merged are left out."""
    told = kept.outcomes(wanted) if wanted else {}
    missing = [parents for parents in wanted if parents not in told]
    for start in range(0, len(missing), _PORTION):
        done = dict(_made(place, missing[start : start + _PORTION]))
        if not done and place.promised:
            break  # what they need is not here
        kept.keep_outcomes(done)
        told |= done
    return told


def _made(place: Place, wanted: Sequence[str]) -> Iterable[tuple[str, list[str]]]:
    for parents, paths in remerge(place, _related(place, wanted) if place.lacking else wanted):
        if paths is not None:
            yield parents, paths


def most_often(outcomes: Mapping[str, list[str] | None], most: int) -> list[dict[str, Any]]:
    """Return the files that conflicted most often, as far as merges were made again."""
    counts: dict[str, int] = {}
    for paths in outcomes.values():
        for path in paths or ():
            counts[path] = counts.get(path, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"path": path, "conflicts": number} for path, number in ranked[:most]]


def _related(place: Place, wanted: Sequence[str]) -> list[str]:
    """Return those whose sides have met in what a shallow clone holds."""
    asked = [
        (parents, process.start(place.repo.root, "merge-base", *parents.split(" ")))
        for parents in wanted
    ]
    return [parents for parents, running in asked if running.wait().code == 0]


def remerge(place: Place, pairs: Sequence[str]) -> list[Outcome]:
    """Merge commits anew, on all cores; each pair is two commits with a space between."""
    from gitcoord.running import scratch  # mostly all merges are known

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    shares = [list(pairs[start :: cores or 1]) for start in range(cores or 1)]
    with scratch.folder() as work:
        started = [(share, _start(place, share, work)) for share in shares if share]
        return [one for share, running in started for one in _wait(place, share, running, work)]


def _start(place: Place, share: Sequence[str], work: str) -> Running:
    objects = os.path.join(work, os.urandom(8).hex())
    os.mkdir(objects)
    lines = "".join([f"{parents}\n" for parents in share])
    return process.start(
        place.repo.root, *_PINNED, "merge-tree", "--write-tree", "--stdin", "--name-only",
        "--no-messages", "--allow-unrelated-histories",
        stdin=lines.encode(),
        env={
            **OFFLINE,
            "GIT_OBJECT_DIRECTORY": objects,
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": _quoted(os.path.join(place.repo.common_dir, "objects")),
        },
    )  # fmt: skip


def _wait(place: Place, share: Sequence[str], running: Running, work: str) -> Iterable[Outcome]:
    """Yield what came of each merge; one that ends git is unknown, and the rest goes on."""
    for _ in range(_PATIENCE):
        done = running.wait()
        if done.code == _USAGE:
            return  # a git before 2.39
        told = _outcomes(done.out)
        yield from zip(share, told, strict=False)
        if len(told) >= len(share):
            return
        yield share[len(told)], None
        share = share[len(told) + 1 :]
        if not share:
            return
        running = _start(place, share, work)
    running.wait()


def _outcomes(out: bytes) -> list[list[str] | None]:
    """Read git's answers: a status, a tree, the paths in conflict and an empty word for each."""
    words = out.split(b"\0")
    found: list[list[str] | None] = []
    at = 0
    while at + 2 < len(words):
        try:
            end = words.index(b"", at + 2)
        except ValueError:
            break
        names = [shown(word.decode("utf-8", "surrogateescape")) for word in words[at + 2 : end]]
        clash = words[at].strip() == b"0"
        found.append(list(dict.fromkeys(names)) or ["(folders)"] if clash else [])
        at = end + 1
    return found


def _quoted(path: str) -> str:
    """Return a path as git reads it in a list of paths."""
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
