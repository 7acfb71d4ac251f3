"""Whatever a tool, a file or a configuration does, the figure is "not measured" and the rest goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from tests.integration.quality_world import (
    PROJECT,
    environment,
    git,
    make,
    measure,
    one,
    save,
    write,
)

from gitcoord.metrics.quality.collect import MEASURES

if TYPE_CHECKING:
    from pathlib import Path

VERSION = 'if [ "$1" = --version ]; then echo ruff 1.2.3; exit 0; fi\n'
OUT = 'while [ "$1" != --output-file ]; do shift; done; out=$2\n'
FAKES = {
    "nonsense instead of a version": ("echo 'Hello, I am a tool'\n", "does not answer as ruff"),
    "no version": ("exit 3\n", "does not answer as ruff"),
    "nonsense instead of findings": (f"{VERSION}{OUT}echo nonsense > $out\n", "cannot be read"),
    "JSON of another shape": (f"{VERSION}{OUT}echo '{{}}' > $out; echo '[1, null]' > $out\n", "cannot be read"),
    "nested findings": (f"{VERSION}{OUT}printf '[%.0s' $(seq 20000) > $out\n", "cannot be read"),
    "no findings at all": (VERSION, "cannot be read"),
    "a crash": (f"{VERSION}kill -SEGV $$\n", "ended with -11"),
    "an exit code of its own": (f"{VERSION}echo 'error: no space' >&2; exit 42\n", "no space"),
    "a flood": (f"{VERSION}yes\n", "printed too much"),
    "no end": (f"{VERSION}sleep 600\n", "stopped after"),
    "no end that ignores signals": (f"{VERSION}trap '' TERM INT; while :; do sleep 1; done\n", "stopped after"),
    "control characters": (f"{VERSION}printf '\\033[31merror\\033]0;x\\007\\n' >&2; exit 2\n", "ruff ended with 2"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAKES)
def test_a_ruff_that_misbehaves_leaves_not_measured_and_stops_nobody(
    tmp_path: Path, name: str
) -> None:
    script, reason = FAKES[name]
    root = make(tmp_path / "r", {"pyproject.toml": PROJECT, "a.py": '"""Doc."""\n'})
    environment(root, {"ruff": f"#!/bin/sh\n{script}"})
    began = time.monotonic()

    found = measure(root, "ruff", "security", "documentation", settings={"timeout": 2})

    assert time.monotonic() - began < 40
    for measured in ("ruff", "security"):
        assert not found["measures"][measured]["measured"]
        assert reason in found["measures"][measured]["reason"]
        assert "findings" not in found["measures"][measured]
        assert found["parts"][measured] is None
    assert found["score"] is None
    assert "documentation" in found["made_of"]
    assert found["parts"]["documentation"] == 100.0
    assert "%" in found["reason"]


def test_a_mypy_that_contradicts_itself_is_not_believed(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"a.py": "x = 1\n"})
    lines = "echo 'a.py:1: error: No  [misc]'; echo 'Found 7 errors in 1 file (checked 1 source file)'; exit 1\n"
    script = f'#!/bin/sh\nif [ "$1" = --version ]; then echo mypy 1.0.0; exit 0; fi\n{lines}'
    environment(root, {"mypy": script})

    assert one(root, "mypy")["reason"] == "mypy gave an answer that cannot be read"


def test_a_program_that_cannot_be_started_is_told_with_what_mends_it(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"a.py": "x = 1\n"})
    environment(root, {"ruff": "#!/nowhere/python\n"})

    found = one(root, "ruff")

    assert "cannot be started" in found["reason"]
    assert found["hint"] == ".venv/bin/python -m pip install --force-reinstall ruff"


def test_a_tool_that_is_nowhere_is_told_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make(tmp_path / "r", {"a.py": "x = 1\n"})
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "python").symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(empty / "python"))
    monkeypatch.setenv("PATH", f"{root}:relative:{os.defpath}")
    write(root, {"mypy": "#!/bin/sh\necho mypy 1.0\n"})
    (root / "mypy").chmod(0o755)

    found = measure(root)["measures"]

    for name in ("ruff", "security", "complexity", "mypy"):
        tool = "mypy" if name == "mypy" else "ruff"
        assert found[name] == {"measured": False, "reason": f"{tool} is not installed",
                               "hint": f"pip install {tool}"}  # fmt: skip
    assert found["documentation"]["measured"]


@pytest.mark.parametrize("config", ["[tool.ruff]\nline-length = 'x'\n", "[tool.ruff]\nrequired-version = '==0.0.1'\n",
                                    "[tool.ruff.lint]\nselect = ['NOPE123']\n", "[tool.mypy\n"])  # fmt: skip
def test_a_configuration_that_breaks_is_told(tmp_path: Path, config: str) -> None:
    root = make(tmp_path / "r", {"pyproject.toml": config, "a.py": "x = 1\n"})

    found = measure(root)["measures"]

    assert not found["ruff"]["measured"]
    assert found["ruff"]["reason"].startswith("ruff ended with 2")
    assert found["documentation"]["measured"]


def test_python_that_takes_the_parser_down_is_named_and_the_rest_is_counted(tmp_path: Path) -> None:
    files = {"deep.py": "(" * 50_000, "minus.py": "-" * 200_000 + "1", "null.py": "x = '\0'",
             "chain.py": "a" + ".a" * 100_000, "odd.py": "# coding: nope\n",
             "int.py": "x = " + "9" * 10_000, "good.py": '"""Doc."""\n'}  # fmt: skip
    root = make(tmp_path / "r", files)

    found = one(root, "documentation")

    assert not found["measured"] or found["partial"]
    assert found["reason"]


def test_tokens_do_not_reach_a_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make(tmp_path / "r", {"a.py": "x = 1\n"})
    environment(root, {"ruff": f"#!/bin/sh\n{VERSION}env >&2; echo error >&2; exit 9\n"})
    for name in ("GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "SSH_AUTH_SOCK", "http_proxy"):
        monkeypatch.setenv(name, "leaked")

    found = json.dumps(measure(root))

    assert "leaked" not in found


def test_links_and_pipes_among_the_files_are_not_followed(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"a.py": '"""Doc."""\n'})
    (root / "away.py").symlink_to("/etc/passwd")
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "pipe.py")
    (root / "junit.xml").symlink_to("/etc/passwd")

    found = measure(root, "documentation", "tests", "dependencies")["measures"]

    assert found["documentation"]["names"] == 1
    assert found["tests"]["reason"] == "there is no test report (JUnit XML)"


def test_names_that_are_no_text_are_counted_or_told(tmp_path: Path) -> None:
    root = make(tmp_path / "line\nend 🌿", {"pyproject.toml": PROJECT})
    for name in (b"\xff\n.py", b"caf\xe9.py", "😀 a.py".encode()):
        with open(os.fsencode(root) + b"/" + name, "w", encoding="utf-8") as file:
            file.write('"""Doc."""\nimport os\n')
    save(root)

    found = measure(
        root, "ruff", "security", "documentation", "dependencies", memory=str(tmp_path / "memory")
    )

    assert found["measures"]["ruff"]["findings"] == 3
    assert found["measures"]["ruff"]["partial"]
    assert found["measures"]["documentation"]["documented"] == 3
    assert json.dumps(found, ensure_ascii=False).encode()


def test_a_read_only_disk_changes_no_figure(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"a.py": "import os\n"})
    memory = tmp_path / "memory"
    memory.write_text("a file where a folder should be")

    found = measure(root, memory=str(memory))

    assert found["measures"]["ruff"]["findings"] == 1
    assert found["measures"]["mypy"]["errors"] == 0


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"measures": 1}', b"\xff\xfe", b"[" * 100_000]
)
def test_a_damaged_memory_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    root = make(tmp_path / "r", {"a.py": "import os\n"})
    memory = tmp_path / "memory"
    memory.mkdir()
    for name in ("result.json", "outcomes.json"):
        (memory / name).write_bytes(content)

    found = measure(root, "ruff", "tests", memory=str(memory))

    assert found["measures"]["ruff"]["findings"] == 1
    assert measure(root, "ruff", "tests", memory=str(memory)) == found


def test_what_runs_ends_with_coord_when_it_is_killed(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"a.py": "x = 1\n"})
    told = tmp_path / "pid"
    environment(root, {"ruff": f"#!/bin/sh\n{VERSION}echo $$ > {told}; sleep 600\n"})
    program = (
        "from tests.integration.quality_world import one; from pathlib import Path;"
        f"one(Path({str(root)!r}), 'ruff')"
    )
    coord = subprocess.Popen([sys.executable, "-c", program])
    give_up = time.monotonic() + 20
    while not (told.exists() and told.read_text().strip()) and time.monotonic() < give_up:
        time.sleep(0.02)

    coord.kill()
    coord.wait()

    pid = int(told.read_text())
    while os.path.exists(f"/proc/{pid}") and time.monotonic() < give_up:
        time.sleep(0.02)
    assert not os.path.exists(f"/proc/{pid}")


def test_an_interrupt_waits_until_all_that_runs_has_tidied_up(tmp_path: Path) -> None:
    program = (
        "import os, sys, time\n"
        "from gitcoord.api import quality\n"
        "from gitcoord.running import command\n"
        "def work(name):\n"
        "    open(name + '-begun', 'x').close()\n"
        "    try:\n"
        "        command.run('sleep 600', '/', timeout=600)\n"
        "    finally:\n"
        "        time.sleep(0.5)\n"
        "        open(name + '-tidy', 'x').close()\n"
        "try:\n"
        "    quality._each(work, ['a', 'b'], 1)\n"
        "except KeyboardInterrupt:\n"
        "    sys.exit(130)\n"
    )
    coord = subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path)
    give_up = time.monotonic() + 20
    while not (tmp_path / "a-begun").exists() and time.monotonic() < give_up:
        time.sleep(0.01)

    coord.send_signal(signal.SIGINT)

    assert coord.wait(timeout=20) == 130
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-begun", "a-tidy"]


def test_an_unchanged_repository_is_not_measured_again_and_a_changed_one_is(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"a.py": "import os\n"})
    environment(
        root, {"ruff": f"#!/bin/sh\n{VERSION}echo run >> {tmp_path}/runs\n{OUT}echo '[]' > $out\n"}
    )
    memory = str(tmp_path / "memory")

    first = measure(root, "ruff", memory=memory)
    runs = (tmp_path / "runs").read_text()
    second = measure(root, "ruff", memory=memory)
    assert (tmp_path / "runs").read_text() == runs
    assert second == first

    write(root, {"a.py": "import sys  # another\n"})
    third = measure(root, "ruff", memory=memory)
    assert (tmp_path / "runs").read_text() != runs
    assert (first["dirty"], third["dirty"]) == (False, True)
    assert measure(root, "ruff", memory=memory, again=True)["digest"] == third["digest"]
    assert len((tmp_path / "runs").read_text()) > len(runs) * 2


def test_a_monitor_or_filter_in_the_repositorys_git_configuration_is_not_run(
    tmp_path: Path,
) -> None:
    root = make(tmp_path / "r", {"a.py": "import os\n"})
    git(root, "config", "core.fsmonitor", f"touch {tmp_path}/bait")

    measure(root, "ruff", "documentation")

    assert not (tmp_path / "bait").exists()


def test_every_measure_says_what_it_could_not_do(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"README": "x"})

    found = measure(root)

    assert list(found["measures"]) == list(MEASURES)
    assert all(each["reason"] for each in found["measures"].values())
    assert found["formula"] == ""
