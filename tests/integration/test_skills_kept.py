"""What is kept of the use of skills survives kills, crowds and files that change while they are read."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tests import skill_files
from tests.integration.git_world import World
from tests.integration.hub_world import CODE, coord, made
from tests.skill_files import habits, listed

from gitcoord.skills import store


@pytest.fixture
def hub(tmp_path: Path, own_home: Path) -> World:
    """A hub with a registered repository beside it."""
    hub = made(tmp_path)
    World(tmp_path / "one")
    coord(hub, "repo", "create", "one")
    coord(hub, "skill", "register", "one")
    return hub


def _uses(hub: World) -> int:
    total = json.loads(coord(hub, "skill", "report", "--json"))["total"]
    return int(total["uses"]) if total else 0


def _start(hub: World, *words: str, code: str = CODE) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], cwd=hub.root, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip


def test_ten_collectors_at_once_count_everything_once(hub: World, tmp_path: Path) -> None:
    skill_files.write(tmp_path / "one", listed(habits(400)))
    coord(hub, "skill", "collect")
    skill_files.write(tmp_path / "one", listed(habits(500)[100:]))

    crowd = [_start(hub, "skill", "collect", "--json") for _ in range(10)]
    said = [one.communicate() for one in crowd]

    assert {one.returncode for one in crowd} == {0}, said
    rows = [json.loads(out)[0] for out, _ in said]
    assert {row["rows"] for row in rows} == {500}
    assert sum(row["new"] for row in rows) == 100
    assert _uses(hub) == 500


def test_ten_who_register_at_once_are_all_heard(hub: World, tmp_path: Path) -> None:
    names = [f"r{number}" for number in range(10)]
    for name in names:
        World(tmp_path / name)
        coord(hub, "repo", "create", name)

    crowd = [_start(hub, "skill", "register", name) for name in names]
    said = [one.communicate() for one in crowd]

    assert {one.returncode for one in crowd} == {0}, said
    rows = json.loads(coord(hub, "skill", "check", "--json"))
    assert [row["repo"] for row in rows] == ["one", *names]


KILLED = """
import os, sys
left = int(sys.argv.pop(1))
def watch(event, details):
    global left
    if event in ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree", "open") and any(
        "coord/skills" in str(one) for one in details if isinstance(one, (str, bytes))
    ):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)
sys.addaudithook(watch)
from gitcoord.git import forked
forked._cores = lambda: 1
from gitcoord.cli.main import program; program()
"""


def test_a_kill_at_any_step_loses_nothing(hub: World, tmp_path: Path) -> None:
    rows = habits(300)
    skill_files.write(tmp_path / "one", listed(rows[:100]))
    coord(hub, "skill", "collect")
    skill_files.write(tmp_path / "one", listed(rows[50:]))
    kept = Path(hub.root) / ".git/coord/skills"
    saved = tmp_path / "saved"
    subprocess.run(["cp", "-a", kept, saved], check=True)

    step, killed = 0, True
    while killed:
        step += 1
        subprocess.run(["rm", "-rf", kept], check=True)
        subprocess.run(["cp", "-a", saved, kept], check=True)
        one = _start(hub, str(step), "skill", "collect", code=KILLED)
        one.communicate()
        killed = one.returncode == -signal.SIGKILL

        held = store.current(str(kept), "one")
        assert held is not None, step
        assert held.meta["rows"] in (100, 300), step
        assert store.damaged(held) == [], step
        if step % 4 == 0 or not killed:
            coord(hub, "skill", "collect")
            assert _uses(hub) == 300, step
            assert len([name for name in os.listdir(kept / "one") if name != "lock"]) == 1
    assert step > 8


def test_who_reads_while_others_collect_sees_one_state_or_the_next(
    hub: World, tmp_path: Path
) -> None:
    rows = habits(400)
    skill_files.write(tmp_path / "one", listed(rows[:40]))
    coord(hub, "skill", "collect")
    counts = range(40, 401, 40)
    done = threading.Event()
    seen: list[int] = []

    def read() -> None:
        while not done.is_set():
            seen.append(_uses(hub))

    reader = threading.Thread(target=read)
    reader.start()
    for count in counts:
        skill_files.write(tmp_path / "one", listed(rows[:count]))
        coord(hub, "skill", "collect")
    done.set()
    reader.join()

    assert seen == sorted(seen)
    assert set(seen) <= set(counts)


def test_a_file_that_is_written_in_place_is_taken_whole_or_not_at_all(
    hub: World, tmp_path: Path
) -> None:
    whole = json.dumps(listed(habits(200))).encode()
    path = skill_files.write(tmp_path / "one", whole)
    coord(hub, "skill", "collect")
    with path.open("r+b") as file:
        file.truncate(0)
        file.write(whole[: len(whole) // 2])
        file.flush()

        torn = _start(hub, "skill", "collect", "--json")
        out, _ = torn.communicate()
        (row,) = json.loads(out)

    assert (torn.returncode, row["outcome"], row["rows"]) == (1, "unread", 200)
    assert "no JSON" in row["reason"]
    path.write_bytes(whole)
    assert json.loads(coord(hub, "skill", "collect", "--json"))[0]["rows"] == 200


FINISHING = """
import sys
path, whole, count = sys.argv.pop(1), sys.argv.pop(1), 0
def watch(event, details):
    global count
    if event == "open" and details[0] == "skill_metrics.json":
        count += 1
        if count == 4:
            with open(path, "wb") as file, open(whole, "rb") as held:
                file.write(held.read())
sys.addaudithook(watch)
from gitcoord.git import forked
forked._cores = lambda: 1
from gitcoord.cli.main import program; program()
"""


def test_a_file_that_is_finished_while_it_is_read_is_met_again(hub: World, tmp_path: Path) -> None:
    path = skill_files.write(tmp_path / "one", b'{"invocations": [{"skill')
    (tmp_path / "whole").write_text(json.dumps(listed(habits(200))))

    one = _start(
        hub, str(path), str(tmp_path / "whole"), "skill", "collect", "--json", code=FINISHING
    )
    out, err = one.communicate()

    (found,) = json.loads(out)
    assert (found["outcome"], found["rows"]) == ("collected", 200), err


@pytest.mark.parametrize("said", ['{"version": 99}', '{"version": 1}', "[]", "{", "[" * 9999])
def test_a_generation_whose_description_is_gone_is_passed_over(
    hub: World, tmp_path: Path, said: str
) -> None:
    skill_files.write(tmp_path / "one", listed(habits(100)))
    coord(hub, "skill", "collect")
    folder = Path(hub.root) / ".git/coord/skills/one/000001"
    (folder / "meta.json").write_text(said)

    coord(hub, "skill", "collect")

    assert _uses(hub) == 100
    assert not folder.exists()


@pytest.mark.parametrize("table", store.TABLES)
def test_one_changed_byte_is_noticed(hub: World, tmp_path: Path, table: str) -> None:
    skill_files.write(tmp_path / "one", listed(habits(100)))
    coord(hub, "skill", "collect")
    path = Path(hub.root) / ".git/coord/skills/one/000001" / table
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 0x10
    path.write_bytes(raw)

    (row,) = json.loads(coord(hub, "skill", "collect", "--json"))

    assert (row["outcome"], row["mended"], row["rows"]) == ("collected", True, 100)
    assert _uses(hub) == 100
