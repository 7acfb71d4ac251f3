"""The process that stands between coord and a command, and outlives neither.

It is run by path, with the command's own bare environment, and imports nothing of coord.
It starts the command in a session of its own, without a terminal and with nothing to
read, keeps the beginning and the end of what it prints, and ends it at the timeout, when it prints
too much, or when coord itself is gone (its own standard input closes): then it also removes
the home, because nobody else is left to do it. Whatever the command has started is
adopted and ended with it, also what has left its process group. The answer is one line
of JSON.

With `--log FILE SECONDS` in front, what is kept of the output is also written to a file, its
beginning as it comes, and the command is asked to end (SIGTERM) so many seconds before it is killed.

Usage: keeper.py [--log FILE SECONDS] TIMEOUT KEEP MOST HOME FOLDER PROGRAM [WORD...]
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_SUBREAPER, _DEATH_SIGNAL = 36, 1
_PATIENCE = 10.0  # seconds for what cannot be killed at once: a disk that hangs, another user's


def main(words: list[str]) -> int:
    """Keep one command and print how it ended."""
    log, grace = None, 0.0
    if words[0] == "--log":
        log, grace = words[1], float(words[2])
        words = words[3:]
        _keep_to_itself()
    limits = (float(words[0]), int(words[1]), int(words[2]))
    _prctl(_SUBREAPER, 1)
    began = time.monotonic()
    pid, output, trouble = start(words[4], words[5:])
    told = Told(limits[1], log)
    ended = "gone" if pid is None else watch(pid, output, told, limits)
    if pid is not None and grace and ended != "exit":
        ask(pid, output, told, grace)
    status = None if pid is None else finish(pid)
    os.close(output)
    told.close()
    if ended == "orphaned":
        import shutil  # hardly ever, and it takes a while

        shutil.rmtree(words[3], ignore_errors=True)
    answer = {
        "ended": ended,
        "code": None if status is None else os.waitstatus_to_exitcode(status),
        "seconds": round(time.monotonic() - began, 3),
        "trouble": trouble,
        "total": told.total,
        "output": told.text(),
    }
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


def _keep_to_itself() -> None:
    """Let the command inherit nothing of what was handed to us, such as a lease."""
    for name in os.listdir("/dev/fd"):
        if int(name) > 2:
            with contextlib.suppress(OSError):  # that of the listing itself
                os.set_inheritable(int(name), False)


def start(folder: str, argv: list[str]) -> tuple[int | None, int, str]:
    """Start the command; return its id, where its output comes from, and why it did not start."""
    reading, writing = os.pipe()
    told, telling = os.pipe()
    pid = os.fork()
    if pid == 0:
        _become(folder, argv, writing, telling)
    os.close(writing)
    os.close(telling)
    with os.fdopen(told, "rb") as trouble:
        said = trouble.read().decode("utf-8", "replace")
    if said:
        os.waitpid(pid, 0)
        return None, reading, said
    os.set_blocking(reading, False)
    return pid, reading, ""


def _become(folder: str, argv: list[str], output: int, telling: int) -> None:
    try:
        os.setsid()
        _prctl(_DEATH_SIGNAL, signal.SIGKILL)
        for name in (signal.SIGPIPE, signal.SIGINT):
            signal.signal(name, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(source, target)
        os.chdir(folder)
        os.execvp(argv[0], argv)  # noqa: S606  that there is no shell is the point
    except BaseException as error:  # noqa: BLE001  whatever it is, the other side tells it
        reason = getattr(error, "strerror", None) or str(error)
        os.write(telling, f"{reason}".encode("utf-8", "replace"))
    finally:
        os._exit(127)


class Told:
    """What was printed: the beginning, the end, and how much there was."""

    def __init__(self, keep: int, log: str | None = None) -> None:
        self.log = -1
        if log is not None:
            with contextlib.suppress(OSError):  # a full disk does not end the work
                self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.half = keep // 2
        self.head = bytearray()  # it may be long, and is only added to
        self.tail = b""
        self.total = 0

    def add(self, part: bytes) -> None:
        """Take in a piece."""
        self.total += len(part)
        room = self.half - len(self.head)
        self.head += part[:room]
        self.write(part[:room])
        self.tail = (self.tail + part[max(room, 0) :])[-self.half :]

    def write(self, part: bytes) -> None:
        """Write a piece to the log, where there is one."""
        if self.log >= 0 and part:
            with contextlib.suppress(OSError):
                os.write(self.log, part)

    def close(self) -> None:
        """Write what the log lacks."""
        self.write(self.between() + self.tail)
        if self.log >= 0:
            os.close(self.log)

    def between(self) -> bytes:
        """Return the line that stands in the place of what was not kept."""
        left_out = self.total - len(self.head) - len(self.tail)
        return f"\n[… {left_out} bytes left out …]\n".encode() if left_out else b""

    def text(self) -> str:
        """Return what was kept, with a line in the place of what was not."""
        return (bytes(self.head) + self.between() + self.tail).decode("utf-8", "replace")


def watch(pid: int, output: int, told: Told, limits: tuple[float, int, int]) -> str:
    """Read on until the command ends, or has to; return which."""
    give_up = time.monotonic() + limits[0]
    while True:
        left = give_up - time.monotonic()
        if left <= 0:
            return "timeout"
        # Its end shows by a look now and then: something it started may hold the pipe open.
        ready, _, _ = select.select([output, 0], [], [], min(left, 0.02))
        if 0 in ready and not os.read(0, 1):
            return "orphaned"
        if output in ready and _read(output, told):
            if told.total > limits[2]:
                return "flood"
            continue
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            while _read(output, told):
                if told.total > limits[2]:
                    return "flood"
            return "exit"
        if output in ready:
            time.sleep(0.005)  # closed by a command that goes on


def _read(output: int, told: Told) -> bool:
    try:
        part = os.read(output, 1 << 16)
    except BlockingIOError:
        return False
    told.add(part)
    return bool(part)


def ask(pid: int, output: int, told: Told, grace: float) -> None:
    """Ask the command's group to end, and read on for as long as it may take over that."""
    _kill(os.killpg, pid, signal.SIGTERM)
    give_up = time.monotonic() + grace
    while time.monotonic() < give_up:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            break
        if not _read(output, told):
            time.sleep(0.005)
    for _ in range(256):  # what it said last, and no more than a pipe holds
        if not _read(output, told):
            break


def finish(pid: int) -> int:
    """End the command and all that came from it; return how the command itself ended."""
    status = None
    give_up = time.monotonic() + _PATIENCE
    while time.monotonic() < give_up:
        if status is None:  # its group can be named only as long as it is not waited for
            _kill(os.killpg, pid)
        for one in _children():
            _kill(os.kill, one)
        try:
            ended, how = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if ended == pid:
            status = how
        elif ended == 0:
            time.sleep(0.002)
    return 0x7F00 if status is None else status


def _children() -> list[int]:
    """Return our children, among them those of the command whose parents have died."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except (OSError, ValueError):
        return []


def _kill(how: Callable[[int, int], None], pid: int, sign: int = signal.SIGKILL) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        how(pid, sign)


def _prctl(option: int, value: int) -> None:
    """Ask Linux for what other systems lack; there the process group has to do."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
