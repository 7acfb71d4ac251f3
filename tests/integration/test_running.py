"""A command of a record, run for real: what it is given, and that it always comes to an end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gitcoord.running import command

FORK_AWAY = (
    "import os, sys, time\n"
    "if os.fork() == 0:\n"
    "    if sys.argv[2] == 'away':\n"
    "        os.setsid()\n"
    "        if os.fork(): os._exit(0)\n"
    "    open(sys.argv[1], 'w').write(str(os.getpid()))\n"
    "    time.sleep(600)\n"
    "while not os.path.exists(sys.argv[1]): time.sleep(0.01)\n"
    "if sys.argv[3] == 'wait': time.sleep(600)\n"
)


def script(folder: Path, text: str) -> str:
    (folder / "script.py").write_text(text)
    return f"{sys.executable} script.py"


def run(text: str, folder: Path, timeout: float = 20) -> command.Ended:
    return command.run(text, str(folder), timeout=timeout)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def gone_soon(pid: int) -> bool:
    give_up = time.monotonic() + 5
    while alive(pid) and time.monotonic() < give_up:
        time.sleep(0.01)
    return not alive(pid)


def test_it_runs_in_its_folder_and_tells_code_and_both_outputs(tmp_path: Path) -> None:
    folder = tmp_path / "a folder 🌿"
    folder.mkdir()
    text = (
        "import os, sys; print(os.getcwd(), flush=True); print('no', file=sys.stderr); sys.exit(7)"
    )

    ended = run(script(folder, text), folder)

    assert (ended.how, ended.code, ended.cut) == ("exit", 7, False)
    assert ended.output == f"{folder}\nno\n"
    assert 0 < ended.seconds < 20


def test_of_the_environment_only_a_few_names_reach_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GITHUB_TOKEN", "GIT_DIR", "GIT_SSH_COMMAND", "SSH_AUTH_SOCK", "PYTHONPATH",
                 "LD_PRELOAD_X", "AWS_SECRET_ACCESS_KEY", "http_proxy", "CI", "EDITOR"):  # fmt: skip
        monkeypatch.setenv(name, "leak")
    monkeypatch.setenv("TZ", "Asia/Tokyo")

    ended = run(script(tmp_path, "import os; print(sorted(os.environ))"), tmp_path)

    assert "leak" not in run("env", tmp_path).output
    allowed = {"HOME", "LANG", "LC_ALL", "LC_CTYPE", "NO_COLOR", "PATH", "TERM", "TMPDIR", "TZ"}
    assert set(eval(ended.output)) <= allowed
    assert "'TZ'" in ended.output


def test_home_is_an_empty_folder_that_is_gone_afterwards(tmp_path: Path) -> None:
    text = "import os; h = os.environ['HOME']; print(h, os.listdir(h)); open(h + '/x', 'w')"

    home, _, listed = run(script(tmp_path, text), tmp_path).output.strip().partition(" ")

    assert listed == "['tmp']"
    assert home != os.environ.get("HOME")
    assert not os.path.exists(home)


def test_there_is_nothing_to_read_and_no_terminal(tmp_path: Path) -> None:
    text = (
        "import sys, os\nprint(repr(sys.stdin.read()), os.isatty(1))\n"
        "try:\n    open('/dev/tty')\nexcept OSError as e:\n    print('no terminal')\n"
    )

    assert run(script(tmp_path, text), tmp_path).output == "'' False\nno terminal\n"


def test_only_three_descriptors_are_open(tmp_path: Path) -> None:
    with open(tmp_path / "secret", "w") as secret:
        os.set_inheritable(secret.fileno(), True)

        ended = run(script(tmp_path, "import os; print(os.listdir('/proc/self/fd'))"), tmp_path)

    assert set(eval(ended.output)) == {"0", "1", "2", "3"}  # 3 is the listing itself


@pytest.mark.parametrize("how", ["near", "away"])
def test_a_timeout_ends_what_the_command_started_also_what_left_its_group(
    tmp_path: Path, how: str
) -> None:
    told = tmp_path / "pid"

    ended = run(f"{script(tmp_path, FORK_AWAY)} {told} {how} wait", tmp_path, timeout=2)

    assert (ended.how, ended.code) == ("timeout", -signal.SIGKILL)
    assert gone_soon(int(told.read_text()))


@pytest.mark.parametrize("how", ["near", "away"])
def test_what_is_left_behind_is_ended_although_the_command_ended_well(
    tmp_path: Path, how: str
) -> None:
    told = tmp_path / "pid"
    began = time.monotonic()

    ended = run(f"{script(tmp_path, FORK_AWAY)} {told} {how} leave", tmp_path)

    assert (ended.how, ended.code) == ("exit", 0)
    assert time.monotonic() - began < 15
    assert gone_soon(int(told.read_text()))


def test_a_command_that_ignores_signals_is_ended(tmp_path: Path) -> None:
    text = "import signal, time\nfor s in (1, 2, 15): signal.signal(s, signal.SIG_IGN)\ntime.sleep(600)"

    assert run(script(tmp_path, text), tmp_path, timeout=1).how == "timeout"


def test_a_flood_is_stopped_and_little_of_it_is_kept(tmp_path: Path) -> None:
    ended = run("yes", tmp_path)

    assert ended.how == "flood"
    assert ended.cut
    assert len(ended.output) < command.KEPT + 100
    assert ended.seconds < 15


def test_of_a_long_output_beginning_and_end_are_kept(tmp_path: Path) -> None:
    ended = run(script(tmp_path, "print('first'); print('x' * 500_000); print('last')"), tmp_path)

    assert (ended.how, ended.code, ended.cut) == ("exit", 0, True)
    assert ended.output.startswith("first\n")
    assert ended.output.endswith("last\n")
    assert "bytes left out" in ended.output
    assert len(ended.output) < command.KEPT + 100


def test_output_that_is_no_text_is_shown_all_the_same(tmp_path: Path) -> None:
    text = "import sys; sys.stdout.buffer.write(b'\\xff\\x00\\xed\\xa0\\x80ok')"

    assert run(script(tmp_path, text), tmp_path).output.endswith("ok")


@pytest.mark.parametrize("text", ["no-such-program-anywhere", "./missing.sh", "/", "."])
def test_what_cannot_be_started_is_told(tmp_path: Path, text: str) -> None:
    ended = run(text, tmp_path)

    assert (ended.how, ended.code) == ("gone", None)
    assert ended.trouble


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    assert run("true", tmp_path / "gone").how == "gone"


def test_a_relative_folder_in_path_is_not_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = tmp_path / "hub"
    for folder in (tmp_path / "bin", hub / "bin"):
        folder.mkdir(parents=True)
        (folder / "planted").write_text("#!/bin/sh\ntouch bait\n")
        (folder / "planted").chmod(0o755)
    (tmp_path / "link").symlink_to(hub / "bin")

    path = f"bin:.::{hub}/bin:{tmp_path}/link:{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)
    ended = command.run("planted", str(tmp_path), timeout=5, avoid=str(hub))

    assert ended.how == "gone"
    assert not (tmp_path / "bait").exists()


def test_it_dies_with_coord_and_its_home_goes_also_when_that_is_killed(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    text = f"{script(tmp_path, FORK_AWAY)} {told} away wait"
    program = f"from gitcoord.running import command; command.run({text!r}, {str(tmp_path)!r}, timeout=600)"
    (tmp_path / "scratch").mkdir()
    coord = subprocess.Popen([sys.executable, "-c", program],
                             env={**os.environ, "TMPDIR": str(tmp_path / "scratch")})  # fmt: skip
    give_up = time.monotonic() + 20
    while not (told.exists() and told.read_text()) and time.monotonic() < give_up:
        time.sleep(0.01)
    assert list((tmp_path / "scratch").iterdir())

    coord.kill()
    coord.wait()

    assert gone_soon(int(told.read_text()))
    while list((tmp_path / "scratch").iterdir()) and time.monotonic() < give_up:
        time.sleep(0.01)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_an_interrupt_ends_the_command(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    text = f"{script(tmp_path, FORK_AWAY)} {told} near wait"
    program = f"from gitcoord.running import command; command.run({text!r}, {str(tmp_path)!r}, timeout=600)"
    coord = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL)
    give_up = time.monotonic() + 20
    while not (told.exists() and told.read_text()) and time.monotonic() < give_up:
        time.sleep(0.01)

    coord.send_signal(signal.SIGINT)

    assert coord.wait(timeout=15) != 0
    assert gone_soon(int(told.read_text()))


def test_a_command_that_kills_its_keeper_has_no_good_end(tmp_path: Path) -> None:
    text = "import os, signal, time; os.kill(os.getppid(), signal.SIGKILL); time.sleep(60)"

    ended = run(script(tmp_path, text), tmp_path)

    assert (ended.how, ended.code) == ("lost", None)
    assert "killed" in ended.trouble


def test_a_pattern_that_never_ends_is_given_up() -> None:
    began = time.monotonic()

    assert command.holds("(a+)+$", "a" * 60 + "b") is None
    assert time.monotonic() - began < 15


@pytest.mark.parametrize(
    ("pattern", "output", "held"),
    [("^b$", "a\nb\nc", True), ("x", "a", False), ("(", "a", None), ("-c", "-c", True),
     ("ü.*🌿", "über 🌿", True), ("", "", True)],
)  # fmt: skip
def test_a_pattern_is_looked_for_anywhere(pattern: str, output: str, held: bool | None) -> None:
    assert command.holds(pattern, output) is held
