"""Whatever is done with branches, somebody who looks after each step has counted all of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests import own_world
from tests.integration.git_world import NOW, World

from gitcoord.metrics.git.measured import Measured
from gitcoord.metrics.git.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ["a", "b", "c/d", "é", "deadbeef", "v1.0"]
steps = st.lists(
    st.tuples(
        st.sampled_from(["branch", "checkout -b", "checkout", "delete", "detach", "orphan"]),
        st.sampled_from(NAMES),
    ),
    max_size=8,
)


@pytest.fixture(autouse=True, scope="module")
def _own_world() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as home, pytest.MonkeyPatch.context() as patch:
        own_world.move_in(patch, Path(home))
        yield


@settings(max_examples=8, deadline=None)
@example([("checkout -b", "deadbeef"), ("checkout -b", "a"), ("delete", "deadbeef")])
@example([("branch", "a"), ("delete", "a"), ("checkout -b", "a"), ("detach", "a"), ("delete", "a")])
@given(steps)
def test_every_branch_and_switch_is_counted(done: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world, hub = World(Path(folder, "repo")), str(Path(folder, "hub"))
        Path(hub).mkdir()
        world.commit("one")
        here: set[str] = set()
        current: str | None = "main"
        created = deleted = switches = 0
        for what, name in done:
            if what in ("branch", "checkout -b") and name not in here:
                world.git(*what.split(), name)
                here.add(name)
                created += 1
                if what == "checkout -b":
                    switches += current is not None
                    current = name
            elif what == "checkout" and name in here:
                world.git("checkout", "-q", name, "--")
                switches += current not in (None, name)
                current = name
            elif what == "delete" and name in here and name != current:
                world.git("branch", "-D", name)
                here.remove(name)
                deleted += 1
            elif what == "orphan" and name not in here:
                world.git("checkout", "-q", "--orphan", name)
                world.commit(f"root of {name}")
                here.add(name)
                created += 1
                switches += current is not None
                current = name
            elif what == "detach":
                world.git("checkout", "-q", "--detach")
                current = None

            with Measured(world.root, NOW, hub) as measured:
                found = measured.velocity(Window(NOW), remerge=False)
            assert found["branches_created"] == created
            assert found["branches_deleted"] == (deleted or None)
            assert found["branch_switches"] == switches
