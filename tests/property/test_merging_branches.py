"""Two to four people work on branches that meet in any order: nothing is lost, nothing is mixed up.

Every edit is a fact that the test keeps in a book of its own, by a key that each record
carries. Whatever was merged into what and when, in the end all branches say what the
book says.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitcoord.api import checking, merge, merge_driver
from gitcoord.api.workspace import open_workspace
from gitcoord.codec import edit, emit
from gitcoord.codec.read import parse
from gitcoord.git.repository import discover
from gitcoord.model.kinds import ISSUE, TODO, Kind

PROGRAM = "from gitcoord.cli.main import main\nraise SystemExit(main())"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
OWNED = ("status", "priority", "assignee", "target")
"""A field for each person, so that no two ever set the same one."""
VALUES = {
    "status": ("pending", "in_progress", "closed"),
    "priority": ("low", "high", "critical"),
    "assignee": ("lena", "omar", "zoë 🚀"),
    "target": ("2026-07-01", "2026-08-01", "2026-09-01"),
}
STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(
            ["create", "create", "todo", "own", "label", "unlabel", "comment", "link", "line",
             "form", "archive", "merge", "merge", "delete"]
        ),
        st.integers(0, 10_000),
    ),
    min_size=4,
    max_size=18,
)  # fmt: skip


class World:
    """One repository with a branch for each person, and the book of all facts."""

    def __init__(self, root: Path, people: int, same_created: bool) -> None:
        self.root = root
        self.people = people
        self.same_created = same_created
        self.clock = 1_750_000_000
        self.book: dict[str, dict[str, Any]] = {}
        self.count = 0
        self.git("init", "-q", "--initial-branch=p0")
        for folder in ("issues", "todos"):
            (root / "coord" / folder).mkdir(parents=True)
            # As in every hub: git must not think that a whole folder has moved.
            (root / "coord" / folder / ".gitkeep").touch()
        (root / "coord" / "coord.yaml").write_text("version: 1\n")
        self.create(ISSUE, 0)
        self.commit()
        self.install()
        self.book["r1"]["shared"] = True
        for person in range(1, people):
            self.git("branch", f"p{person}")
        self.at = 0

    def install(self) -> None:
        """Let git merge with our driver, and with a hook that calls `coord renumber`."""
        program = self.root.with_name("coord")
        program.write_text(f"#!{sys.executable}\n{PROGRAM}\n")
        hook = self.root / ".git" / "hooks" / "post-merge"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n'{program}' renumber\n")
        for file in (program, hook):
            file.chmod(0o755)
        repo = discover(str(self.root))
        assert repo is not None
        merge_driver.install(repo, program=str(program))

    def git(self, *words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=self.root, capture_output=True, text=True, check=True
        ).stdout

    def tick(self) -> None:
        self.clock += 60
        for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
            os.environ[name] = f"{self.clock} +0000"

    def commit(self) -> None:
        self.tick()
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "edit")

    def go(self, person: int) -> None:
        if self.at != person:
            self.git("checkout", "-q", f"p{person}")
            self.at = person

    def files(self) -> dict[str, tuple[Path, dict[str, Any]]]:
        """Return the records here by their keys."""
        found = {}
        for path in sorted(self.root.glob("coord/**/*-*.yaml")):
            data = parse(path.read_bytes())
            assert data["metadata"]["key"] not in found, "one record in two places"
            found[data["metadata"]["key"]] = (path, data)
        return found

    def create(self, kind: Kind, person: int) -> None:
        taken = [int(p.stem[-3:]) for p in self.root.glob(f"coord/**/{kind.prefix}-*.yaml")]
        id = f"{kind.prefix}-{max(taken, default=0) + 1:03d}"
        self.count += 1
        key = f"r{self.count}"
        minute = 0 if self.same_created else self.count
        created = f"2026-01-01T{minute // 60:02d}:{minute % 60:02d}:00+00:00"
        title = f"Title {self.count}" if self.same_created or self.count % 2 else "Title"
        data: dict[str, Any] = {
            "id": id, kind.title: title, "status": "pending", "created": created,
            "description": "".join([f"line of {one}\n\n" for one in range(4)]),
            "metadata": {"key": key},
        }  # fmt: skip
        if kind is TODO:
            data["repo"] = "oneiric"
            mine = [k for k, (p, _) in self.files().items() if p.stem.startswith("ISSUE")]
            data["issue"] = self.files()[mine[-1]][1]["id"]
        path = self.root / "coord" / kind.folder / f"{id}.yaml"
        path.write_text(emit.dump(data, kind.fields))
        self.book[key] = {
            "own": {}, "labels": set(), "gone": set(), "links": set(), "comments": set(),
            "lines": [f"line of {one}" for one in range(4)], "by": person, "kind": kind,
            "issue": mine[-1] if kind is TODO else None, "archived": False, "deleted": False,
        }  # fmt: skip

    def change(self, path: Path, data: dict[str, Any], new: dict[str, Any]) -> None:
        kind = TODO if path.stem.startswith("TODO") else ISSUE
        path.write_bytes(edit.apply(path.read_bytes(), edit.diff_changes(data, new), kind.fields))

    def step(self, person: int, what: str, number: int) -> None:
        self.go(person)
        if what == "merge":
            self.merge(number % self.people)
            return
        if what in ("create", "todo"):
            self.create(TODO if what == "todo" else ISSUE, person)
        else:
            held = self.files()
            key = list(held)[number % len(held)]
            self.edit(person, what, number, key, held)
        self.commit()

    def edit(
        self, person: int, what: str, number: int, key: str,
        held: dict[str, tuple[Path, dict[str, Any]]],
    ) -> None:  # fmt: skip
        path, data = held[key]
        fact, new = self.book[key], dict(data)
        self.count += 1
        word = f"w{self.count}"
        if what == "own":
            field = OWNED[person]
            value = VALUES[field][number % 3]
            if fact["kind"] is TODO and value == "closed":
                value = "completed"
            new[field] = fact["own"][field] = value
        elif what == "label":
            new["labels"] = [*data.get("labels", ()), word]
            fact["labels"].add(word)
        elif what == "unlabel" and data.get("labels"):
            gone = data["labels"][number % len(data["labels"])]
            new["labels"] = [one for one in data["labels"] if one != gone]
            fact["gone"].add(gone)
        elif what == "comment":
            remark = {"id": word, "author": f"p{person}", "text": f"says {word}\nand more\n"}
            new["comments"] = [*data.get("comments", ()), remark]
            fact["comments"].add(word)
        elif what == "line":
            fact["lines"][person] = f"line of {person}: {word}"
            lines = data["description"].split("\n")
            lines[2 * person] = fact["lines"][person]
            new["description"] = "\n".join(lines)
        elif what == "link":
            self.link(number, key, new, held)
        self.change(path, data, new)
        if what == "form":
            text = path.read_text()
            text = text.replace("metadata:\n", f"# note {word}\nmetadata:\n")
            path.write_text(text.replace("repo: oneiric", "repo: 'oneiric'  # there"))
        elif what == "archive" and fact["by"] == person and "archive" not in str(path):
            place = self.root / "coord" / "archive" / path.parent.name / path.name
            place.parent.mkdir(parents=True, exist_ok=True)
            path.rename(place)
            fact["archived"] = True
        elif what == "delete":
            self.delete(person, path, key)

    def link(
        self, number: int, key: str, new: dict[str, Any],
        held: dict[str, tuple[Path, dict[str, Any]]],
    ) -> None:  # fmt: skip
        """Let a record wait for one that is older, so that there is never a circle."""
        older = [one for one in held if int(one[1:]) < int(key[1:])]
        if older:
            other = older[number % len(older)]
            name = held[other][1]["id"]
            if name not in new.get("blocked_by", ()):
                new["blocked_by"] = [*new.get("blocked_by", ()), name]
            self.book[key]["links"].add(other)

    def delete(self, person: int, path: Path, key: str) -> None:
        """Delete a record that nobody else has seen, and nobody names."""
        fact = self.book[key]
        elsewhere = self.git("branch", "--contains", "HEAD", "--format=%(refname:short)").split()
        named = any(key in (*one["links"], one["issue"]) for one in self.book.values())
        alone = elsewhere == [f"p{person}"] and not fact.get("shared")
        if fact["by"] == person and alone and not named:
            path.unlink()
            fact["deleted"] = True

    def merge(self, other: int) -> None:
        if other == self.at:
            return
        for key in self.files():
            self.book[key]["shared"] = True
        self.tick()
        before = set(self.files())
        if self.count % 4 or not self.by_git(other):
            workspace = open_workspace(str(self.root), NOW, watch=False)
            done = merge.merge(workspace, f"p{other}")
            assert done.conflicts == []
            assert done.other_paths == []
        assert self.git("status", "--porcelain") == ""
        assert before <= set(self.files())
        for key in self.files():
            self.book[key]["shared"] = True

    def by_git(self, other: int) -> bool:
        """Merge with git itself, the driver and a hook in it; False where that had to stop."""
        words = ["git", "merge", "-q", "--no-edit", f"p{other}"]
        done = subprocess.run(words, cwd=self.root, capture_output=True, text=True, check=False)
        if done.returncode:
            # The one thing that may stop it here; it tells to do just this.
            assert "git took another record" in done.stderr, done.stderr
            self.git("merge", "--abort")
        return done.returncode == 0

    def agrees(self) -> None:
        """Compare what stands here with the book."""
        held = self.files()
        ids = {data["id"]: key for key, (_, data) in held.items()}
        assert len(ids) == len(held)
        assert set(held) == {key for key, fact in self.book.items() if not fact["deleted"]}
        for key, (path, data) in held.items():
            fact = self.book[key]
            assert path.stem == data["id"]
            assert {field: data.get(field) for field in fact["own"]} == fact["own"]
            assert set(data.get("labels", ())) == fact["labels"] - fact["gone"]
            assert {one["id"] for one in data.get("comments", ())} == fact["comments"]
            assert data["description"].split("\n")[:8:2] == fact["lines"]
            assert {ids[one] for one in data.get("blocked_by", ())} == fact["links"]
            assert fact["issue"] is None or ids[data["issue"]] == fact["issue"]
            assert ("archive" in str(path)) == fact["archived"]
        workspace = open_workspace(str(self.root), NOW, watch=False)
        assert [one for one in checking.check(workspace) if one.severity == "error"] == []
        workspace.close()


@settings(
    max_examples=6, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(st.integers(2, 4), st.booleans(), STEPS, st.permutations(range(4)))
def test_branches_that_meet_in_any_order_agree_with_all_that_was_done(
    people: int, same_created: bool, steps: list[tuple[int, str, int]], order: list[int]
) -> None:
    kept = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        try:
            for name in [name for name in os.environ if name.startswith("GIT_")]:
                del os.environ[name]
            os.environ |= {
                "HOME": folder, "GIT_CONFIG_NOSYSTEM": "1", "COORD_WATCH": "0",
                "GIT_AUTHOR_NAME": "L", "GIT_AUTHOR_EMAIL": "l@x",
                "GIT_COMMITTER_NAME": "L", "GIT_COMMITTER_EMAIL": "l@x",
            }  # fmt: skip
            _live(Path(folder) / "hub", people, same_created, steps, order)
        finally:
            os.environ.clear()
            os.environ.update(kept)


def _live(
    root: Path, people: int, same_created: bool, steps: list[tuple[int, str, int]], order: list[int]
) -> None:
    root.mkdir()
    world = World(root, people, same_created)
    for person, what, number in steps:
        world.step(person % people, what, number)
    order = [person for person in order if person < people]
    world.go(order[0])
    for person in order[1:]:
        world.merge(person)
    world.agrees()
    for person in order[1:]:
        world.go(person)
        world.merge(order[0])
        world.agrees()
