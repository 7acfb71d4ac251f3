"""Workers that hang, die or are stopped take nothing else along."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from tests.integration.measured import FILES, Package

from gitcoord.metrics import pool
from gitcoord.metrics.measurement import Subject

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "[run]\nsource = pkg\n[report]\nexclude_lines =\n    (x+x+)+y\n"


@pytest.fixture
def hanging(tmp_path: Path) -> Package:
    """A package whose settings keep coverage.py busy for ever."""
    package = Package(tmp_path / "hanging")
    package.commit(FILES)
    package.measure()
    package.commit({".coveragerc": HOSTILE})
    package.commit({"pkg/text.py": FILES["pkg/text.py"] + f"# {'x' * 60}\n"})
    package.coverage("run", "--rcfile=/dev/null", "--source=pkg", "run.py")
    return package


def job(name: str, package: Package) -> pool.Job:
    head = package.git("rev-parse", "HEAD")
    scratch = str(package.root.parent / f"scratch {name}")
    subject = Subject(name, str(package.root), False, head, "", scratch, {}, {})
    return pool.Job(name, {"coverage": subject})


def test_a_repository_that_takes_for_ever_is_given_up_and_the_others_are_measured(
    hanging: Package, tmp_path: Path
) -> None:
    quick = Package(tmp_path / "quick")
    quick.commit(FILES)
    quick.measure()

    done = {one.name: one.sections["coverage"] for one in pool.run(
        [job("hanging", hanging), job("quick", quick)], 2, 8.0
    )}  # fmt: skip

    assert done["quick"] is not None
    assert done["hanging"] is not None
    assert done["quick"]["percent"] is not None
    assert "longer than 8 s" in done["hanging"]["reason"]
    assert done["hanging"]["failed"] is True


def test_who_stops_listening_leaves_no_process_behind(hanging: Package) -> None:
    running = pool.run([job("first", hanging), job("second", hanging)], 1, 1.0)
    next(running)
    start = time.monotonic()

    running.close()

    assert time.monotonic() - start < 30
    time.sleep(0.2)
    told = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(hanging.root) not in told


def test_what_a_worker_cannot_answer_is_told_as_such(tmp_path: Path) -> None:
    nowhere = Subject(
        "gone", str(tmp_path / "gone"), False, "0" * 40, "", str(tmp_path / "s"), {}, {}
    )

    (done,) = pool.run([pool.Job("gone", {"coverage": nowhere, "nonsense": nowhere})], 1, 60)

    assert done.sections["coverage"] is not None
    assert done.sections["coverage"]["reason"]
    assert done.sections["nonsense"] is not None
    assert done.sections["nonsense"]["failed"] is True
