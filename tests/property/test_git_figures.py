"""For any history: every figure equals git's, and what grew by and by equals what was made at once."""

from __future__ import annotations

import os
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import own_world
from tests.plain_git import PlainGit

from gitcoord.metrics.git.measured import Measured
from gitcoord.metrics.git.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = int(os.environ.get("FIGURES_EXAMPLES", "8"))
START = 1_760_000_000
NOW = datetime.fromtimestamp(START + 10_000_000, UTC)
PEOPLE = [
    "Lena <lena@x>",
    "Lena <old@x>",
    "Ole  <OLE@x>",
    "bot[bot] <b@x>",
    " <>",
    "Ü 🎉 <ü@x>",
    "a|b <a'b@x>",
]
SUBJECTS = ["feat: a", "fix(x)!: b | c", "plain", "docs:none", "Merge branch 'x'", "FIX: d", "", "BREAKING CHANGE: e",
            "perf(a b): ü", "x!: y", "feat(🎉): z", "revert!: r"]  # fmt: skip
BODIES = [
    "",
    "text",
    "BREAKING CHANGE: f",
    "no BREAKING CHANGE: g",
    "a\n\nBREAKING-CHANGE: h\nmore",
    "\x01>ff 1 ",
    ":100644",
]
PATHS = ["a", "b", "dir/a", "with space", "é"]
ZONES = ["+0000", "-0800", "+1345", "-1200"]

commits = st.tuples(
    st.lists(st.integers(0, 10_000), min_size=0, max_size=3),  # parents, by number
    st.integers(0, 9_000_000),  # when
    st.sampled_from(ZONES),
    st.sampled_from(PEOPLE),
    st.sampled_from(SUBJECTS),
    st.sampled_from(BODIES),
    st.lists(st.tuples(st.sampled_from(PATHS), st.integers(0, 3)), max_size=3),
)
histories = st.lists(commits, min_size=1, max_size=14)


@pytest.fixture(autouse=True, scope="module")
def _own_world() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as home, pytest.MonkeyPatch.context() as patch:
        own_world.move_in(patch, Path(home))
        yield


def written(history: list[Any], root: Path) -> list[str]:
    """Write a history with `git fast-import` and return its commits."""
    subprocess.run(["git", "init", "-q", "-b", "main", root], check=True)
    feed = []
    for number, (parents, when, zone, person, subject, body, files) in enumerate(history):
        message = f"{subject}\n\n{body}".encode()
        known = list(dict.fromkeys(parent % number for parent in parents)) if number else []
        lines = [f"commit refs/heads/n{number}", f"mark :{number + 1}"]
        lines += [f"{role} {person} {START + when} {zone}" for role in ("author", "committer")]
        lines.append(f"data {len(message)}")
        head = ["from" if place == 0 else "merge" for place in range(len(known))]
        links = [f"{word} :{parent + 1}" for word, parent in zip(head, known, strict=True)]
        changes = []
        for path, kind in files:
            if kind == 3:
                changes.append(f'D "{path}"')
            else:
                text = "".join(f"{line} {kind if line == 5 else ''}\n" for line in range(10))
                changes.append(f'M 644 inline "{path}"\ndata {len(text)}\n{text}')
        feed.append("\n".join(lines).encode() + b"\n" + message + b"\n")
        feed.append("\n".join([*links, *changes, ""]).encode() + b"\n")
    words = ["git", "-C", str(root), "fast-import", "--quiet", "--force"]
    subprocess.run(words, input=b"".join(feed), check=True)
    return PlainGit(root).lines("for-each-ref", "--sort=v:refname", "--format=%(objectname)")


def stand(root: Path, commit: str) -> None:
    PlainGit(root).lines("update-ref", "refs/heads/main", commit)


def figures(root: Path, hub: str | None, window: Window) -> dict[str, Any]:
    with Measured(str(root), NOW, hub) as measured:
        found = measured.velocity(window) | measured.touched(window)
        found |= {"bus_factor": measured.bus_factor(window), **measured.branches()}
        return {name: value for name, value in found.items() if not name.startswith("branches_")}


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories, st.integers(0, 9_000_000), st.integers(0, 9_000_000))
def test_figures_of_any_history_are_those_of_git(history: list[Any], low: int, high: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "repo")
        stand(root, written(history, root)[-1])

        for since, until in ((None, None), (START + low, START + high)):
            wanted = PlainGit(root).velocity(since, until)
            found = figures(root, None, Window(NOW, since, until))
            assert {name: found[name] for name in wanted} == wanted


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories, st.lists(st.integers(0, 10_000), min_size=1, max_size=4))
def test_what_is_remembered_never_depends_on_the_way(history: list[Any], stops: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root, hub = Path(folder, "repo"), str(Path(folder, "hub"))
        commits = written(history, root)

        for stop in stops:
            stand(root, commits[stop % len(commits)])
            assert figures(root, hub, Window(NOW)) == figures(root, None, Window(NOW))
