"""Completion as people use it: the real shells, asked as if somebody pressed Tab."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import struct
import subprocess
import termios
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub

_LINES = [
    ("coord list repo:fa", ["repo:fastblocks"]),
    ("coord show ISSUE-00", ["ISSUE-001", "ISSUE-002"]),
    ("coord issue list --label ", ["async"]),
    ("coord graph --format m", ["mermaid"]),
    ("coord issue list --repo f", ["fastblocks"]),
]


def _completes(hub: Hub, path: str, line: str) -> list[str]:
    script = (
        'source <(coord completion bash); COMP_LINE="$1"; COMP_POINT=${#1}; '
        'read -ra COMP_WORDS <<< "$1"; [[ "$1" == *" " ]] && COMP_WORDS+=(""); '
        "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); "
        '_coord; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script, "bash", line],
        cwd=hub.root, capture_output=True, text=True, check=True,
        env={**os.environ, "PATH": path},
    )  # fmt: skip
    assert done.stderr == ""
    return [word for word in done.stdout.split("\n") if word]


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(("line", "words"), [
    ("coord show IS", ["ISSUE-001", "ISSUE-002"]),
    ("coord status one", ["oneiric"]),
    ("coord issue list --repo f", ["fastblocks"]),
    ("coord issue list --label ", ["async"]),
    ("coord iss", ["issue"]),
    ("coord issue cl", ["close"]),
    ("coord graph --format m", ["mermaid"]),
    ("coord issue update ISSUE-001 --pri", ["--priority"]),
    ("coord issue list --priority=cri", ["--priority=critical"]),
    ("coord todo update TODO-001 --status c", ["completed", "cancelled"]),
    ("coord list-i", ["list-issues"]),
    ("coord list is:rea", ["is:ready"]),
    ("coord list -repo:f", ["-repo:fastblocks"]),
    ("coord list prio", ["priority:"]),
    ("coord list sort:-targ", ["sort:-target"]),
    ("coord list label:async,a", [r"label:async\,async"]),
])  # fmt: skip
def test_bash_completes(hub: Hub, path_with_coord: str, line: str, words: list[str]) -> None:
    assert _completes(hub, path_with_coord, line) == words


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_completion_runs_nothing_that_a_title_or_label_says(hub: Hub, path_with_coord: str) -> None:
    trap = hub.root / "trapped"
    hub.write(
        "issues/ISSUE-050.yaml",
        f"id: ISSUE-050\ntitle: $(touch {trap})\nstatus: pending\nlabels: ['$(touch {trap})', 'a b;c']\n",
    )

    _completes(hub, path_with_coord, "coord show ISSUE-05")
    offered = _completes(hub, path_with_coord, "coord issue list --label ")

    assert not trap.exists()
    assert offered[-1] == "async"
    assert r"a\ b\;c" in offered  # quoted: what is offered ends up on a command line


_BASHRC = """
PS1='go> '
bind 'set enable-bracketed-paste off'
source <(coord completion bash)
show() { echo "LINE[$READLINE_LINE]END"; }
bind -x '"\\C-x": show'
"""


def _bash_makes_of(hub: Hub, path: str, line: str) -> str:
    """Return what an interactive bash has on its line after it and Tab."""
    rc = hub.root / "rc"
    rc.write_text(_BASHRC)
    env = {**os.environ, "PATH": path, "TERM": "dumb"}
    child, terminal = pty.fork()
    if not child:
        try:
            os.chdir(hub.root)
            os.execvpe("bash", ["bash", "--noprofile", "--rcfile", str(rc), "-i"], env)
        finally:
            os._exit(127)
    try:
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        _read_until(terminal, "go> ")
        os.write(terminal, line.encode() + b"\t\x18")
        return _read_until(terminal, "]END").rpartition("LINE[")[2].partition("]END")[0]
    finally:
        os.close(terminal)
        os.waitpid(child, 0)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(("line", "made"), [
    ("coord list repo:fastb", "coord list repo:fastblocks "),
    ("coord list is:open repo:fastb", "coord list is:open repo:fastblocks "),
    ("coord list 'is:open repo:fastb", "coord list 'is:open repo:fastblocks' "),
    ("coord list prio", "coord list priority:"),
    ("coord list @ho", "coord list @hot "),
    ("coord issue list --priority=cri", "coord issue list --priority=critical "),
    ("coord show issue-", "coord show issue-"),
])  # fmt: skip
def test_bash_puts_in_queries_in_spite_of_its_own_ideas_of_words(
    hub: Hub, path_with_coord: str, line: str, made: str
) -> None:
    hub.ok("query", "save", "hot", "priority>=high")

    assert _bash_makes_of(hub, path_with_coord, line) == made


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell(hub: Hub, shell: str) -> None:
    script = hub.ok("completion", shell)

    assert "coord __complete" in script
    if shutil.which(shell):
        check = [shell, "-n"] if shell != "fish" else [shell, "--no-execute"]
        assert subprocess.run(check, input=script.encode(), check=False).returncode == 0


def test_completion_outside_a_hub_is_silent(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")

    answer = hub("__complete", "show", "I")

    assert answer == (0, "", "")


def _fish_completes(hub: Hub, path: str, line: str) -> list[str]:
    done = subprocess.run(
        ["fish", "--no-config", "-c", "coord completion fish | source; complete -C $argv[1]", line],
        cwd=hub.root, capture_output=True, text=True, check=True,
        env={**os.environ, "PATH": path, "HOME": str(hub.root.parent)},
    )  # fmt: skip
    assert done.stderr == ""
    return [word.partition("\t")[0] for word in done.stdout.split("\n") if word]


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
@pytest.mark.parametrize(("line", "words"), _LINES)
def test_fish_completes(hub: Hub, path_with_coord: str, line: str, words: list[str]) -> None:
    assert _fish_completes(hub, path_with_coord, line) == words


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_offers_files_where_a_file_is_wanted(hub: Hub, path_with_coord: str) -> None:
    (hub.root / "my ecosystem.yaml").write_text("")

    assert _fish_completes(hub, path_with_coord, "coord import ecosystem m") == [
        "my ecosystem.yaml"
    ]


_ZSHRC = r"""
PS1='ready> '
unsetopt zle_bracketed_paste
LISTMAX=0
autoload -U compinit && compinit -D -u
source <(coord completion zsh)
show() { print -r -- "LINE[$BUFFER]END" }
zle -N show
bindkey '^I' complete-word
bindkey '^X' show
"""


def _zsh_shows(hub: Hub, path: str, line: str, folder: Path) -> str:
    """Return what a terminal shows after a line and Tab, and then the line as zsh has it."""
    folder.mkdir()
    (folder / ".zshrc").write_text(_ZSHRC)
    env = {**os.environ, "PATH": path, "ZDOTDIR": str(folder), "TERM": "dumb", "LC_ALL": "C.UTF-8"}
    child, terminal = pty.fork()
    if not child:
        try:
            os.chdir(hub.root)
            os.execvpe("zsh", ["zsh", "-d", "-i"], env)
        finally:
            os._exit(127)
    try:
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 120, 0, 0))
        _read_until(terminal, "ready> ")
        os.write(terminal, line.encode() + b"\t\x18")
        return _read_until(terminal, "]END")
    finally:
        os.close(terminal)
        os.waitpid(child, 0)


def _read_until(terminal: int, mark: str) -> str:
    shown, end = "", time.monotonic() + 60
    while mark not in shown and time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            shown += os.read(terminal, 65536).decode(errors="replace")
    return shown


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
@pytest.mark.parametrize(("line", "words"), _LINES)
def test_zsh_completes(
    hub: Hub, path_with_coord: str, line: str, words: list[str], tmp_path: Path
) -> None:
    shown = _zsh_shows(hub, path_with_coord, line, tmp_path / "zsh")

    if len(words) == 1:
        before = line.rpartition(" ")[0]
        assert f"LINE[{before} {words[0]} ]END" in shown
    else:
        assert all(word in shown for word in words)


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_puts_in_a_label_as_one_word_that_runs_nothing(
    hub: Hub, path_with_coord: str, tmp_path: Path
) -> None:
    trap = hub.root / "trapped"
    hub.write(
        "issues/ISSUE-050.yaml",
        f"id: ISSUE-050\ntitle: Trap\nstatus: pending\nlabels: ['$(touch {trap})']\n",
    )

    shown = _zsh_shows(hub, path_with_coord, "coord issue list --label \\$", tmp_path / "zsh")

    assert rf"LINE[coord issue list --label \$\(touch\ {trap}\) ]END" in shown.replace("\r\n", "")
    assert not trap.exists()
