"""Schedules: what is written runs, nothing stands there twice, and removing gives back every byte."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from gitcoord.api import timetable

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub, Repo

MINE = b"# mine\nMAILTO=me\n5 4 * * * echo '50\\% done'\n"
CRONTAB = """#!/bin/sh
# As cron's own: keeps one file, and says so when there is none.
case $1 in
-l) cat "$SPOOL" 2>/dev/null || { echo "no crontab for $USER" >&2; exit 1; } ;;
-r) rm "$SPOOL" ;;
-) cat >"$SPOOL" ;;
esac
"""


@pytest.fixture
def units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's units, where no systemd runs."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "con fig"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "none"))
    return tmp_path / "con fig" / "systemd" / "user"


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, units: Path) -> Path:
    """The user's crontab, kept by a program that does as cron's does."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "crontab").write_text(CRONTAB)
    (programs / "crontab").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("SPOOL", str(tmp_path / "spool"))
    return tmp_path / "spool"


def command_of(line: str) -> str:
    """Return what cron gives to the shell: it reads `\\%` as `%`, and any other sign after a backslash as it is."""
    command, escaped = "", False
    for letter in line.split(" ", 5)[5]:
        if escaped and letter == "%":
            command = command[:-1]
        assert escaped or letter != "%", "cron ends the command here"
        escaped = letter == "\\" and not escaped
        command += letter
    return command


def snapshots(hub: Hub) -> int:
    return len(hub.json("journal", "log", "--kind", "snapshot"))


def test_a_timer_runs_what_it_says_and_is_written_once(
    hub: Hub, oneiric: Repo, units: Path
) -> None:
    first = hub.json("schedule", "install", "--daily", "--systemd")
    again = hub.json("schedule", "install", "--daily", "--systemd")

    assert (first["state"], again["state"]) == ("installed", "unchanged")
    assert sorted(path.name for path in units.rglob("*.*")) == sorted(
        [f"{first['name']}.service", f"{first['name']}.timer", "timers.target.wants",
         f"{first['name']}.timer"]
    )  # fmt: skip
    text = (units / f"{first['name']}.service").read_text()
    words = shlex.split(re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)[0])
    done = subprocess.run(words, check=False, capture_output=True, env={"PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, done
    assert snapshots(hub) == 1


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_accepts_the_units(hub: Hub, units: Path) -> None:
    name = hub.json("schedule", "install", "--hourly", "--systemd")["name"]

    for ending in ("service", "timer"):
        done = subprocess.run(
            ["systemd-analyze", "--user", "verify", str(units / f"{name}.{ending}")],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert name not in done.stderr, done.stderr


def test_a_removed_timer_leaves_nothing(hub: Hub, units: Path) -> None:
    units.mkdir(parents=True)
    (units / "mine.timer").write_text("[Timer]\n")
    hub.ok("schedule", "install", "--daily", "--systemd")

    assert hub.json("schedule", "remove")["state"] == "removed"

    assert [path.name for path in units.iterdir()] == ["mine.timer"]
    assert hub.json("schedule", "status")["state"] == "not installed"
    assert hub.json("schedule", "remove")["state"] == "not installed"


@pytest.mark.parametrize("mine", [MINE, b""])
def test_a_line_of_the_crontab_runs_stands_once_and_goes_byte_for_byte(
    hub: Hub, oneiric: Repo, spool: Path, mine: bytes
) -> None:
    if mine:
        spool.write_bytes(mine)
    first = hub.json("schedule", "install", "--cron", "*/30 6-8 * * 1-5")
    again = hub.json("schedule", "install", "--cron", "*/30 6-8 * * 1-5")

    assert (first["how"], first["when"]) == ("cron", "*/30 6-8 * * 1-5")
    assert (first["state"], again["state"]) == ("installed", "unchanged")
    lines = spool.read_bytes()
    assert lines.startswith(mine)
    assert lines.count(b"metrics collect") == 1
    command = command_of(lines.decode().splitlines()[-1])
    done = subprocess.run(["/bin/sh", "-c", command], check=False, capture_output=True, env={})
    assert done.returncode == 0, done
    assert snapshots(hub) == 1

    hub.ok("schedule", "remove")

    assert (spool.read_bytes() if spool.exists() else b"") == mine


def test_another_time_or_way_takes_the_place_of_the_first(
    hub: Hub, spool: Path, units: Path
) -> None:
    spool.write_bytes(MINE)
    hub.ok("schedule", "install", "--daily", "--cron-line")
    assert hub.json("schedule", "install", "--hourly", "--cron-line")["state"] == "replaced"
    assert spool.read_bytes().count(b"metrics collect") == 1

    hub.ok("schedule", "install", "--hourly", "--systemd")
    assert spool.read_bytes() == MINE
    assert hub.json("schedule", "status")["how"] == "systemd"

    hub.ok("schedule", "install", "--daily", "--cron-line")
    assert not list(units.glob("*.timer"))
    assert hub.json("schedule", "status")["how"] == "cron"


@pytest.mark.parametrize("words", [
    [], ["--daily", "--hourly"], ["--cron", "often"], ["--cron", "* * * * * rm"],
    ["--cron", "* * * *\n*"], ["--cron", "1 2 3 4 5", "--systemd"], ["--daily", "--systemd", "--cron-line"],
])  # fmt: skip
def test_a_time_that_is_none_is_refused(hub: Hub, spool: Path, words: list[str]) -> None:
    answer = hub("schedule", "install", *words)

    assert (answer.code, spool.exists()) == (0 if words[-1:] == ["* * * *\n*"] else 2,
                                             words[-1:] == ["* * * *\n*"])  # fmt: skip


def test_a_hub_with_an_odd_name_is_collected_too(
    tmp_path: Path, hub: Hub, oneiric: Repo, spool: Path, units: Path
) -> None:
    odd = tmp_path / 'our hub\'s 100% $HOME "ü" 🌲 a\\%b \\x `id` 5\\\\%'
    shutil.copytree(hub.root, odd)
    for number, way in enumerate(("--cron-line", "--systemd"), 1):
        found = hub.json("--hub", str(odd), "schedule", "install", "--daily", way)

        if way == "--cron-line":
            command = command_of(spool.read_text().splitlines()[-1])
            words = ["/bin/sh", "-c", command]
        else:
            text = (units / f"{found['name']}.service").read_text()
            (line,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
            words = [word.replace("$$", "$").replace("%%", "%") for word in shlex.split(line)]
        oneiric.commit("More")
        done = subprocess.run(
            words, check=False, capture_output=True, env={"PATH": "/usr/bin:/bin"}
        )
        assert done.returncode == 0, done
        assert len(hub.json("--hub", str(odd), "journal", "log", "--kind", "snapshot")) == number


@pytest.mark.parametrize("mine", [b"5 4 * * * echo end", b"SHELL=/bin/false\n5 4 * * * x\n"])
def test_lines_without_an_end_or_with_another_shell_stand_behind_it(
    hub: Hub, oneiric: Repo, spool: Path, mine: bytes
) -> None:
    spool.write_bytes(mine)

    hub.ok("schedule", "install", "--daily", "--cron-line")
    hub.ok("schedule", "install", "--hourly", "--cron-line")

    lines = spool.read_bytes()
    assert lines.endswith(mine)
    assert lines.count(b"metrics collect") == 1
    command = command_of(lines.decode().splitlines()[1])
    done = subprocess.run(["/bin/sh", "-c", command], check=False, capture_output=True, env={})
    assert done.returncode == 0, done
    assert hub.json("schedule", "uninstall")["state"] == "removed"
    assert spool.read_bytes() == mine


def test_a_long_path_is_not_written_twice(
    hub: Hub, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = ":".join(f"/opt/some/tool{number}/bin" for number in range(8))
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:" + ":".join([some] * 6))

    hub.ok("schedule", "install", "--daily", "--cron-line")

    line = spool.read_text().splitlines()[-1]
    assert line.count("/opt/some/tool3/bin") == 1
    assert len(line) < 998


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_accepts_units_of_a_hub_with_an_odd_name(
    tmp_path: Path, hub: Hub, units: Path
) -> None:
    odd = tmp_path / 'our hub\'s 100% $HOME "ü" %h \\x'
    shutil.copytree(hub.root, odd)
    name = hub.json("--hub", str(odd), "schedule", "install", "--daily", "--systemd")["name"]

    for ending in ("service", "timer"):
        done = subprocess.run(
            ["systemd-analyze", "--user", "verify", str(units / f"{name}.{ending}")],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert name not in done.stderr, done.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_finds_a_program_whose_path_has_its_signs(tmp_path: Path, units: Path) -> None:
    program = tmp_path / "pay $5 or 5%" / "coord"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    units.mkdir(parents=True)
    unit = units / "odd.service"
    unit.write_text(timetable.service("/hub", [str(program), "metrics"], "/usr/bin"))

    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", str(unit)],
        check=False,
        capture_output=True,
        text=True,
    )

    assert "odd" not in done.stderr, done.stderr
    assert 'ExecStart="/usr/bin/env" ' in unit.read_text()


def test_without_cron_the_way_out_is_told(
    hub: Hub, units: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))

    answer = hub("schedule", "install", "--daily", "--cron-line")

    assert answer.code == 3
    assert "--systemd" in answer.err
