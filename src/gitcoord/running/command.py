"""Run a command to its end, whatever it does; what came of it is a value.

The command has no shell, no terminal, nothing to read, none of our environment, a home
that is an empty folder, and limits of time and output. This keeps accidents small. It
is no sandbox: the command can do what its user can do, so only what is trusted is run.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import NamedTuple

from gitcoord.running import surroundings, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping, Sequence

    from gitcoord.running.surroundings import Surroundings

KEPT = 64 << 10
MOST = 10 << 20
_RUNNING: set[subprocess.Popen[bytes]] = set()
_STOPPED: list[bool] = []
_KEEPER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "keeper.py")
_MATCH_SECONDS = 5
_MATCH = (
    "import re, sys\n"
    "with open(sys.argv[2], encoding='utf-8') as file:\n"
    "    sys.exit(0 if re.search(sys.argv[1], file.read(), re.MULTILINE) else 3)\n"
)


class Ended(NamedTuple):
    """How a command ended: `how` is exit, timeout, flood, lost, or gone when it never began.

    `code` is negative for a signal. `cut` says that not all of the output was kept.
    """

    how: str
    code: int | None
    seconds: float
    output: str
    cut: bool
    trouble: str


def run(text: str, folder: str, *, timeout: float, avoid: str | None = None) -> Ended:
    """Run a command's text in a folder; raise `InvalidError` for one that only a shell can run."""
    return _kept(words.split(text), folder, timeout, surroundings.here(), avoid)


def run_program(
    argv: list[str], folder: str, *, timeout: float, most: int = MOST, avoid: str | None = None,
    more: dict[str, str] | None = None,
) -> Ended:  # fmt: skip
    """Run a program of ours or of a repository's environment; all of its output is kept.

    `most` is how many bytes it may print, and `more` goes into its environment.
    """
    return _kept(argv, folder, timeout, surroundings.here(), avoid, most, 2 * most, more)


def stop() -> None:
    """End everything that runs in other threads, and let nothing begin: they see an interrupt."""
    _STOPPED.append(True)
    for kept in list(_RUNNING):
        if kept.stdin is not None:
            with contextlib.suppress(OSError):
                kept.stdin.close()


def holds(pattern: str, output: str) -> bool | None:
    """Whether a regular expression is found in a text; None when that cannot be said.

    It is tried in a process of its own, because some expressions never come to an end.
    """
    from gitcoord.running import scratch  # only where a record has a pattern

    with scratch.folder() as folder:
        path = os.path.join(folder, "output")
        with open(path, "w", encoding="utf-8", errors="replace") as file:
            file.write(output)
        argv = [sys.executable, "-I", "-S", "-c", _MATCH, pattern, path]
        ended = _kept(argv, folder, _MATCH_SECONDS, surroundings.here(), None)
    return {0: True, 3: False}.get(ended.code if ended.code is not None else -1)


def _kept(
    argv: list[str], folder: str, timeout: float, found: Surroundings, avoid: str | None,
    most: int = MOST, keep: int = KEPT, more: dict[str, str] | None = None,
) -> Ended:  # fmt: skip
    import tempfile  # loaded only where something is run

    with tempfile.TemporaryDirectory(prefix="coord-", ignore_cleanup_errors=True) as home:
        told = [str(timeout), str(keep), str(most), home, folder, *argv]
        kept = keeper(
            told, home, {**surroundings.environment(found, home, avoid=avoid), **(more or {})}
        )
        _RUNNING.add(kept)
        try:
            with kept:  # should we be interrupted, this closes its input, and so ends the command
                if _STOPPED and kept.stdin:
                    kept.stdin.close()
                said = kept.stdout.read() if kept.stdout else b""
        finally:
            _RUNNING.discard(kept)
    if _STOPPED:
        raise KeyboardInterrupt
    return read(said, keep)


def keeper(
    words: Sequence[str], home: str, environment: Mapping[str, str], *, shared: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """Start what watches over a command, with its words and a home that is still empty.

    The command ends when the keeper's input is closed. `shared` are descriptors that it holds too.
    """
    import subprocess

    os.mkdir(os.path.join(home, "tmp"))
    return subprocess.Popen(
        [sys.executable, "-I", "-S", _KEEPER, *words], env=environment,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        cwd="/", start_new_session=True, pass_fds=shared,
    )  # fmt: skip


def read(said: bytes, keep: int) -> Ended:
    """Return what a keeper said of how its command ended."""
    try:
        answer = json.loads(said)
    except ValueError:
        return Ended("lost", None, 0.0, "", False, "what watched over it was killed")
    return Ended(answer["ended"], answer["code"], answer["seconds"], answer["output"],
                 answer["total"] > keep, answer["trouble"])  # fmt: skip
