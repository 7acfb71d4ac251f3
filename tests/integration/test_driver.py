"""A driver at work: asked to end before it is killed, ended with all it started, its lease held until then."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from gitcoord.execution import leases
from gitcoord.running.driver import KEPT, Driver

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def until(holds: Callable[[], Any]) -> None:
    give_up = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.01)


class Desk:
    """Where a driver is started from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "output"
        self.said = folder / "said"
        lease = leases.take(str(folder), "TODO-001")
        assert lease is not None
        self.lease = lease

    def start(self, script: str, *, timeout: float = 60, grace: float = 0.1) -> Driver:
        return Driver(
            ["sh", "-c", script], str(self.folder), timeout=timeout, log=str(self.log), avoid="/nowhere",
            more={"SAID": str(self.said)}, shared=self.lease.descriptor, grace=grace,
        )  # fmt: skip

    def is_held(self) -> bool:
        return leases.is_held(str(self.folder), "TODO-001")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_who_ignores_being_asked_is_killed(desk: Desk) -> None:
    driver = desk.start("trap '' TERM INT HUP; touch $SAID; while :; do sleep 1; done")
    until(desk.said.exists)

    driver.stop()

    assert driver.wait().code == -9


def test_who_is_asked_may_end_in_order(desk: Desk) -> None:
    driver = desk.start(
        "trap 'echo saved; exit 7' TERM; touch $SAID; while :; do sleep 0.05; done", grace=60
    )
    until(desk.said.exists)

    driver.stop()
    ended = driver.wait()

    assert (ended.code, ended.output.splitlines()[-1]) == (7, "saved")
    assert desk.log.read_text() == ended.output


def test_what_is_printed_can_be_read_while_the_driver_is_at_work(desk: Desk) -> None:
    driver = desk.start("echo begun; while :; do sleep 0.05; done")

    until(lambda: desk.log.exists() and desk.log.read_text() == "begun\n")

    driver.stop()
    driver.wait()


def test_the_log_holds_the_beginning_and_the_end(desk: Desk) -> None:
    ended = desk.start("echo first; head -c 3000000 /dev/zero | tr '\\0' x; echo; echo last").wait()

    log = desk.log.read_text()
    assert ended.code == 0
    assert log == ended.output
    assert log.startswith("first\n")
    assert log.endswith("\nlast\n")
    assert len(log) < KEPT + 100


def test_the_keeper_holds_the_lease_until_the_driver_is_gone_and_the_driver_does_not(
    desk: Desk,
) -> None:
    driver = desk.start(
        "ls -l /proc/$$/fd > $SAID.new; mv $SAID.new $SAID; while :; do sleep 0.05; done"
    )
    until(desk.said.exists)

    desk.lease.close()
    held = desk.is_held()
    driver.stop()
    driver.wait()

    assert held
    until(lambda: not desk.is_held())
    assert "leases" not in desk.said.read_text()


def test_a_look_never_takes_a_lease_from_anybody(desk: Desk) -> None:
    desk.lease.close()

    for _ in range(50):
        assert not desk.is_held()
        taken = leases.take(str(desk.folder), "TODO-001")
        assert taken is not None
        assert leases.take(str(desk.folder), "TODO-001") is None
        taken.close()
