"""Log, blame and events say what the slow, obvious walk says, after any change to the history."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.property.slow_history import Slow

from gitcoord.api import blame
from gitcoord.api.workspace import Workspace
from gitcoord.codec.emit import dump
from gitcoord.codec.read import Malformed, parse
from gitcoord.git.repository import Repository, discover
from gitcoord.history import read, view
from gitcoord.history.event import Event
from gitcoord.index import schema
from gitcoord.model.kinds import ISSUE

IDS = [f"ISSUE-{number}" for number in range(1, 5)]
BROKEN = [b"title: [\n", b"- a\n- list\n", b"\xff\xfe", b""]
Files = dict[str, bytes]
ENV = {
    **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull,
}  # fmt: skip


class Hub:
    """A repository that is rewritten at random, commit by commit, by `git fast-import`."""

    def __init__(self, root: Path, chance: Random) -> None:
        self.root = root
        self.chance = chance
        self.files: dict[str, Files] = {}
        self.parents: dict[str, list[str]] = {}
        self.now = 1_700_000_000
        self.git("init", "-q", "-b", "main")
        self.tips = {"main": self.commit("main", [], {"coord/coord.yaml": b"{}\n"})}

    def git(self, *words: str, fed: bytes = b"") -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.root, capture_output=True, check=True, input=fed, env=ENV
        )
        return done.stdout.decode()

    def commit(self, branch: str, parents: list[str], files: Files) -> str:
        """Make a commit; its time may stand still or run backwards."""
        self.now += self.chance.choice([-50, 0, 0, 1, 100])
        who = self.chance.choice(["Lena", "Omar Ö", "Ines \x01 :x"])
        lines = [f"commit refs/heads/{branch}\n".encode()]
        lines.append(f"committer {who} <{who[0]}@x> {self.now} +0200\ndata 1\nx\n".encode())
        if parents:
            lines.append(f"from {parents[0]}\n".encode())
            lines += [f"merge {one}\n".encode() for one in parents[1:]]
        else:
            self.git("update-ref", "-d", f"refs/heads/{branch}")
        lines.append(b"deleteall\n")
        for path, raw in files.items():
            lines.append(b"M 644 inline %b\ndata %d\n%b\n" % (path.encode(), len(raw), raw))
        self.git("fast-import", "--quiet", "--force", fed=b"".join(lines))
        oid = self.git("rev-parse", f"refs/heads/{branch}").strip()
        self.files[oid] = dict(files)
        self.parents[oid] = parents
        return oid

    def step(self) -> None:
        """Do one thing that people do to a history."""
        act = self.chance.choice(
            [self.change] * 6 + [self.merge] * 3 + [self.switch] * 2
            + [self.branch, self.branch, self.amend, self.rebase, self.collect]
        )  # fmt: skip
        act()

    @property
    def current(self) -> str:
        return self.git("symbolic-ref", "--short", "HEAD").strip()

    def change(self) -> None:
        branch = self.current
        tip = self.tips[branch]
        files = self.mutated(self.files[tip])
        self.tips[branch] = self.commit(branch, [tip], files)

    def amend(self) -> None:
        branch = self.current
        tip = self.tips[branch]
        files = self.mutated(self.files[tip])
        self.tips[branch] = self.commit(branch, self.parents[tip], files)

    def branch(self) -> None:
        name = f"b{len(self.tips)}"
        self.tips[name] = self.tips[self.current]
        self.git("update-ref", f"refs/heads/{name}", self.tips[name])
        self.git("symbolic-ref", "HEAD", f"refs/heads/{name}")

    def switch(self) -> None:
        name = self.chance.choice(sorted(self.tips))
        self.git("symbolic-ref", "HEAD", f"refs/heads/{name}")

    def merge(self) -> None:
        branch = self.current
        others = [tip for name, tip in sorted(self.tips.items()) if name != branch]
        others = self.chance.sample(others, min(len(others), self.chance.choice([1, 1, 2])))
        parents = list(dict.fromkeys([self.tips[branch], *others]))
        if len(parents) < 2:
            return
        trees = [self.files[parent] for parent in parents]
        files: Files = {}
        for path in sorted({path for tree in trees for path in tree}):
            raw = self.chance.choice(trees).get(path)
            if raw is not None:
                files[path] = raw
        for path in [path for path in files if path.replace("coord/", "coord/archive/") in files]:
            del files[path]
        if self.chance.random() < 0.4:
            files = self.mutated(files)
        self.tips[branch] = self.commit(branch, parents, files)

    def rebase(self) -> None:
        branch = self.current
        base = self.tips[self.chance.choice(sorted(self.tips))]
        tip, own = self.tips[branch], list[str]()
        while self.parents[tip] and tip != base and len(own) < 3:
            own.append(tip)
            tip = self.parents[tip][0]
        top = base
        for one in reversed(own):
            before, after = self.files[self.parents[one][0]], self.files[one]
            files = dict(self.files[top])
            for path in {*before, *after}:
                if before.get(path) != after.get(path):
                    files.pop(path, None)
                    if path in after:
                        files[path] = after[path]
                        files.pop(_beside(path), None)
            top = self.commit(branch, [top], files)
        self.git("update-ref", f"refs/heads/{branch}", top)
        self.tips[branch] = top

    def collect(self) -> None:
        self.git("reflog", "expire", "--expire=now", "--all")
        self.git("gc", "--quiet", "--prune=now")

    def mutated(self, files: Files) -> Files:
        """Change some records, in any way."""
        files = dict(files)
        for _ in range(self.chance.choice([1, 1, 2, 3])):
            id = self.chance.choice(IDS)
            path = next((path for path in files if path.endswith(f"/{id}.yaml")), None)
            if path is None:
                files[f"coord/issues/{id}.yaml"] = dump(self.data(id), ISSUE.fields).encode()
                continue
            self.touch(files, path)
        return files

    def touch(self, files: Files, path: str) -> None:
        raw = files[path]
        act = self.chance.choice(["edit"] * 6 + ["delete", "move", "number", "number", "break"])
        if act == "delete":
            del files[path]
        elif act == "break":
            files[path] = self.chance.choice(BROKEN)
        elif act == "move":
            files[_beside(path)] = files.pop(path)
        else:
            try:
                data = parse(raw)
            except Malformed:
                data = self.data(path.rpartition("/")[2][:-5])
            free = [id for id in IDS if not any(one.endswith(f"/{id}.yaml") for one in files)]
            if act == "number" and free:
                del files[path]
                data["id"] = self.chance.choice(free)
                files[f"coord/issues/{data['id']}.yaml"] = dump(data, ISSUE.fields).encode()
                if self.chance.random() < 0.5:  # another record takes the old id
                    files[path] = dump(
                        self.data(path.rpartition("/")[2][:-5]), ISSUE.fields
                    ).encode()
            else:
                self.edit(data)
                files[path] = dump(data, ISSUE.fields).encode()

    def edit(self, data: dict[str, Any]) -> None:
        field = self.chance.choice(["status", "status", "title", "labels", "metadata", "comments"])
        if field == "comments":
            had = data.get("comments") or []
            data["comments"] = [
                *had[self.chance.choice([0, 0, 1]) :],
                {"id": f"c{len(had)}", "text": "t"},
            ]
        else:
            data[field] = self.data("x")[field]

    def data(self, id: str) -> dict[str, Any]:
        chance = self.chance
        return {
            "id": id,
            "title": chance.choice(["one", "two"]),
            "status": chance.choice(["pending", "in_progress", "closed", "resolved"]),
            "created": chance.choice(["2026-01-01", "2026-02-02", None]),
            "labels": chance.choice([[], ["a"], ["a", "b"]]),
            "metadata": chance.choice([{}, {"x": 1}, {"x": True, "y": {"z": "q"}}]),
        }


def _beside(path: str) -> str:
    if "archive/" in path:
        return path.replace("archive/", "")
    return path.replace("coord/", "coord/archive/")


def _canon(events: list[Event]) -> list[Any]:
    """Events in their order; those of one commit, in an order of their own."""
    found: list[list[str]] = []
    last = ""
    for event in events:
        if event.commit != last:
            found.append([])
        last = event.commit
        found[-1].append(repr(event))
    return [sorted(some) for some in found]


def _fresh(repo: Repository, head: str) -> list[Event]:
    with closing(schema.connect(":memory:", view.TABLES, view.VERSION)) as connection:
        return read.answer(view.moved(connection, repo, head), read.Wanted(), None)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), steps=st.integers(5, 22))
def test_every_answer_is_that_of_the_slow_walk(seed: int, steps: int) -> None:
    chance = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        hub = Hub(Path(folder), chance)
        repo = discover(folder)
        assert repo is not None
        slow = Slow(hub.root)
        for _ in range(steps):
            hub.step()
            head = hub.git("rev-parse", "HEAD").strip()
            assert _canon(read.events(repo)) == _canon(slow.events(head))
        assert _canon(_fresh(repo, head)) == _canon(read.events(repo))
        for id in IDS:
            found = read.select(repo, read.Wanted(), ids=[id])
            assert _canon(found) == _canon(slow.log(head, id)), id
        _check_blame(hub, repo, slow, head)


def _check_blame(hub: Hub, repo: Repository, slow: Slow, head: str) -> None:
    hub.git("reset", "-q", "--hard")
    workspace = Workspace(repo, datetime(2026, 1, 1, tzinfo=UTC), watch=False)
    for id, (_, blob) in slow.tree(head).items():
        if slow.data(blob) is None:
            continue
        for line in blame.blame(workspace, id):
            assert line.commit == slow.blame(head, id, line.field, line.value), (id, line)
    workspace.close()
