"""Whatever several writers and clones do, in whatever order, every fact is there at the end."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import own_world
from tests.integration.journal_world import NOW, bare, clone, held, sound, sync

from gitcoord import journal
from gitcoord.journal import compacting, facts, policy
from gitcoord.journal.facts import Fact
from gitcoord.journal.paths import POLICY
from gitcoord.journal.policy import Policy

if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

CLONES = 3
WRITE = """
import sys
from gitcoord import journal
from gitcoord.git.repository import discover
repo = discover(sys.argv[1])
for line in sys.stdin:
    commit = eval(line)
    journal.append(repo, {path: content.encode() for path, content in commit.items()}, "x")
"""
NAMES = st.text(
    st.characters(exclude_characters="/", exclude_categories=["C"]), min_size=1, max_size=3
)
COMMITS = st.dictionaries(
    st.tuples(NAMES, NAMES).map(lambda parts: f"runs/{parts[0]}.d/{parts[1]}.f"),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1, max_size=4,
)  # fmt: skip
STEP = st.one_of(
    st.tuples(st.just("state"), st.integers(0, CLONES - 1), st.integers(0, 12), st.integers(0, 40)),
    st.tuples(st.just("event"), st.integers(0, CLONES - 1), st.integers(0, 12), st.integers(0, 40)),
    st.tuples(st.just("sync"), st.integers(0, CLONES - 1), st.just(0), st.just(0)),
    st.tuples(st.just("compact"), st.integers(0, CLONES - 1), st.integers(0, 12), st.just(0)),
    st.tuples(st.just("rewrite"), st.integers(0, CLONES - 1), st.integers(0, 12), st.just(0)),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _own_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_world.move_in(monkeypatch, tmp_path)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(writers=st.lists(st.lists(COMMITS, min_size=1, max_size=6), min_size=2, max_size=4))
def test_processes_that_append_at_once_lose_nothing(writers: list[list[dict[str, str]]]) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        repo = clone(Path(scratch) / "hub")
        running = []
        for number, commits in enumerate(writers):
            own = [{f"{number}/{p}": text for p, text in one.items()} for one in commits]
            fed = "".join(f"{one!r}\n" for one in own)
            child = subprocess.Popen(
                [sys.executable, "-c", WRITE, repo.root], stdin=subprocess.PIPE, text=True
            )
            assert child.stdin is not None
            child.stdin.write(fed)
            child.stdin.close()
            running.append(child)

        assert [child.wait(60) for child in running] == [0] * len(writers)

        expected = {
            f"{number}/{path}": text.encode()
            for number, commits in enumerate(writers)
            for one in commits
            for path, text in one.items()
        }
        assert held(repo) == expected
        sound(repo)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, max_size=25))
def test_clones_converge_to_all_facts_that_the_rule_keeps(
    steps: list[tuple[str, int, int, int]],
) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        remote = Path(scratch) / "hub.git"
        bare(remote)
        repos = [clone(Path(scratch) / f"c{n}", remote=remote) for n in range(CLONES)]
        written: dict[str, bytes] = {}
        cuts = [_do(repos[who], *step) for step in steps for who in [step[1]]]
        for made in cuts:
            written |= made

        for repo in repos * 2:
            sync(repo)

        found = [held(repo) for repo in repos]
        assert found[0] == found[1] == found[2]
        rule = policy.read(found[0].pop(POLICY, None))
        gone = policy.pruned(written, rule, NOW)
        assert found[0] == {p: content for p, content in written.items() if p not in gone}
        assert len({sync(repo).commit for repo in repos}) == 1
        sound(repos[0])


def _do(repo: Repository, what: str, _: int, days: int, number: int) -> dict[str, bytes]:
    """Take one step; return what it wrote."""
    when = NOW - timedelta(days=days, minutes=number * 20)
    if what == "sync":
        sync(repo)
    elif what in ("compact", "rewrite"):
        compacting.compact(repo, when, NOW, rewrite=what == "rewrite")
    else:
        kind = "snapshot" if what == "state" else "attempt"
        path, content = facts.write(Fact(kind, f"r{number % 2}", when, None, {"n": number}))
        journal.append(repo, {path: content}, "x")
        return {path: content}
    return {}


@given(days=st.lists(st.integers(0, 400), max_size=40), cut=st.integers(0, 400))
def test_a_rule_applied_again_prunes_nothing_more(days: list[int], cut: int) -> None:
    all_paths = [
        facts.write(Fact("snapshot", "r", NOW - timedelta(hours=hours), None, {"n": 1}))[0]
        for hours in days
    ]
    rule = Policy(policy.day_of(NOW - timedelta(hours=cut)))

    left = set(all_paths) - set(policy.pruned(set(all_paths), rule, NOW))

    assert policy.pruned(left, rule, NOW) == []
    kept_days = {path[: len("snapshots/r/2026/11/21")] for path in left}
    assert kept_days == {path[: len("snapshots/r/2026/11/21")] for path in all_paths}
