"""A merge replayed in a real hub: by `coord merge`, and by `git merge` with the driver.

What comes out is held against what our own function makes of the same three versions,
which is judged elsewhere. Records that share an id are the exception: `coord merge`
keeps both, one of them under another id.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.clock import COORD, environment
from tests.bench.replay.oracle import same

from gitcoord.api import merge_driver
from gitcoord.codec.read import Malformed, parse
from gitcoord.git.repository import discover
from gitcoord.store import combining, versions
from gitcoord.store.renumbering import Trees

if TYPE_CHECKING:
    from collections.abc import Iterator

    Side = dict[str, bytes]

LABELS = ("HEAD", "theirs")


class Hub:
    """A hub whose branches `ours` and `theirs` left their common ancestor."""

    def __init__(self, root: Path, sides: list[Side]) -> None:
        self.root = root
        self.git("init", "-q", "--initial-branch=ours")
        self.git("config", "user.name", "Lena")
        self.git("config", "user.email", "lena@example.org")
        self.git("config", "gc.auto", "0")
        self.run(COORD, "init")
        base, ours, theirs = sides
        self._commit({}, base)
        self.git("checkout", "-q", "-b", "theirs")
        self._commit(base, theirs)
        self.git("checkout", "-q", "ours")
        self._commit(base, ours)
        self.head = self.git("rev-parse", "HEAD").strip()

    def _commit(self, before: Side, after: Side) -> None:
        for path in before.keys() - after.keys():
            (self.root / path).unlink()
        for path, raw in after.items():
            (self.root / path).write_bytes(raw)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "edit")

    def run(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            words, cwd=self.root, capture_output=True, check=False, env=environment()
        )

    def git(self, *words: str) -> str:
        done = self.run("git", *words)
        assert done.returncode == 0, done
        return done.stdout.decode()

    def records(self) -> Side:
        return {
            f"coord/{path.parent.name}/{path.name}": path.read_bytes()
            for path in self.root.glob("coord/*/*.yaml")
        }

    def back(self) -> None:
        """Stand where we stood before the merge."""
        self.git("reset", "-q", "--hard", self.head)
        self.git("clean", "-fdq", "coord")


def in_git(sides: list[Side]) -> Iterator[tuple[str, str]]:
    """Yield what was done and where it came out otherwise than by our function; "" if nowhere."""
    combined = combining.combine(Trees(*[versions.tree(side) for side in sides]), labels=LABELS)
    with tempfile.TemporaryDirectory(prefix="coord-bench-") as folder:
        hub = Hub(Path(folder), sides)
        done = hub.run(COORD, "merge", "theirs", "--json")
        answer = json.loads(done.stdout or done.stderr)
        if "error" in answer:
            yield "coord merge", str(answer["error"])
        else:
            renumbered: dict[str, str] = answer["renumbered"]
            wrong = _differing(combined.files, hub.records(), renumbered)
            wrong += _lost(sides, hub.records(), renumbered)
            yield "coord merge", ", ".join(wrong)
        hub.back()
        repo = discover(folder)
        assert repo is not None
        merge_driver.install(repo, program=COORD)
        hub.head = hub.git("rev-parse", "HEAD").strip()
        done = hub.run("git", "merge", "-q", "theirs")
        if done.returncode and b"git took another record" in done.stderr:
            yield "git merge with the driver: stopped, as git took a record for another", ""
        else:
            wrong = _differing(combined.files, hub.records(), {})
            yield "git merge with the driver", ", ".join(wrong)


def _differing(wanted: Side, found: Side, renumbered: dict[str, str]) -> list[str]:
    """Return the paths with another content; those that name a renumbered record aside."""
    ids = [id.encode() for id in (*renumbered, *renumbered.values())]
    return [
        path
        for path in sorted(wanted.keys() | found.keys())
        if _unnamed(wanted.get(path)) != _unnamed(found.get(path))
        and not any(
            id in (path.encode() + wanted.get(path, b"") + found.get(path, b"")) for id in ids
        )
    ]


def _unnamed(raw: bytes | None) -> bytes | None:
    """Return a file without the names of the sides: older gits do not tell a driver."""
    return None if raw is None else re.sub(rb"(?m)^(<{7}|>{7}) .*$", rb"\1", raw)


def _lost(sides: list[Side], found: Side, renumbered: dict[str, str]) -> list[str]:
    """Return the ids under which two records stood of which not both are there."""
    lost = []
    for old, new in renumbered.items():
        paths = {id: [path for path in found if path.endswith(f"/{id}.yaml")] for id in (old, new)}
        held = [_plain(found[path[0]], renumbered) for path in paths.values() if path]
        for side in sides[1:]:
            path = next(path for path in side if path.endswith(f"/{old}.yaml"))
            wanted = _plain(side[path], renumbered)
            if not any(same(one, wanted) for one in held):
                lost.append(f"one of the two {old}")
    return lost


def _plain(raw: bytes, renumbered: dict[str, str]) -> Any:
    """Return what a file says, with the same word for the old and the new id."""
    text = raw.decode()
    for old, new in renumbered.items():
        text = text.replace(new, old)
    try:
        return parse(text.encode())
    except Malformed:
        return None
