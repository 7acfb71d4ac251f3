"""Run the git binary, feed it bytes, take back bytes.

A small spawn through anonymous files instead of `subprocess`: importing that
module costs more than most of our questions to git. Input and output never pass
a pipe, so neither side can wait for the other.
"""

from __future__ import annotations

import os

from gitcoord.errors import GitError, NoHubError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# Git sets these for hooks and aliases. A hub is found by its folder, so they would
# only point a child at the wrong repository.
_LOCAL = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)

_PROGRAMS: dict[str, str] = {}
_INTERRUPTED = -2
"""How a process ended of which nobody knows any more."""


class Result:
    """How a git process ended: exit code, standard output, standard error."""

    __slots__ = ("code", "err", "out")

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code = code
        self.out = out
        self.err = err


class Running:
    """A git process that is still at work; `wait` collects it."""

    __slots__ = ("_err", "_out", "_pid", "_result")

    def __init__(self, pid: int, out: int, err: int) -> None:
        self._result: Result | None = None
        self._pid = pid
        self._out = out
        self._err = err

    def wait(self) -> Result:
        """Wait for the end and return what was printed; asked again, the same."""
        if self._result is None:
            code = _end_of(self._pid)
            self._result = Result(code, _take(self._out), _take(self._err))
        return self._result


def start(
    where: str,
    *words: str,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    keep_index: bool = False,
) -> Running:
    """Start `git -C WHERE WORDS...` and return at once.

    `keep_index` lets a hook's GIT_INDEX_FILE through, for questions about what is staged.
    """
    out = scratch()
    argv = ["git", "-C", where, *words]
    pid, err = _spawn(argv, _held(stdin), out, _environment(env, keep_index))
    return Running(pid, out, err)


class Listening(Running):
    """A git process that waits to be told what to do; `tell` does, and waits for its end.

    Told nothing it does nothing, also when we are killed: its input then ends.
    """

    __slots__ = ("_writing",)

    def __init__(self, pid: int, out: int, err: int, writing: int) -> None:
        super().__init__(pid, out, err)
        self._writing = writing

    def tell(self, fed: bytes) -> Result:
        """Feed it everything and return how it ended; nothing fits that a pipe does not hold."""
        if self._writing >= 0:
            try:  # noqa: SIM105  # contextlib costs more than this question
                os.write(self._writing, fed)
            except BrokenPipeError:
                pass  # it ended by itself; its exit code and its words say why
            os.close(self._writing)
            self._writing = -1
        return self.wait()


def listen(where: str, *words: str) -> Listening:
    """Start `git -C WHERE WORDS...` early, so that it is ready once we know what to feed it."""
    reading, writing = os.pipe()
    out = scratch()
    try:
        pid, err = _spawn(["git", "-C", where, *words], reading, out, _environment(None, False))
    except BaseException:
        os.close(writing)
        raise
    return Listening(pid, out, err, writing)


class Stream:
    """A git process whose output is read while it works; `close` ends it at any point."""

    __slots__ = ("_err", "_pid", "reader")

    def __init__(self, pid: int, out: int, err: int) -> None:
        self._pid = pid
        self._err = err
        self.reader = os.fdopen(out, "rb", buffering=1 << 18)

    def words(self, what: str) -> Iterator[bytes]:
        """Yield the words that NUL parts, as they come; raise `GitError` if git, asked for `what`, fails.

        None of git's words can hold a NUL, so a name that looks like something else misleads
        nobody, as long as words are taken in their order.
        """
        rest = b""
        try:
            while piece := self.reader.read(1 << 18):
                *whole, rest = (rest + piece).split(b"\0")
                yield from whole
        finally:
            ended = self.close()
        if ended.code:
            raise failed((what,), ended)
        if rest:
            yield rest

    def close(self) -> Result:
        """Stop reading, wait for the end and return how it ended, without the output."""
        self.reader.close()
        return Result(_end_of(self._pid), b"", _take(self._err))


def stream(
    where: str, *words: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> Stream:
    """Start `git -C WHERE WORDS...` to read its output piece by piece.

    What it is fed lies in an anonymous file, so it never waits for us to write.
    """
    reading, writing = os.pipe()
    try:
        argv = ["git", "-C", where, *words]
        pid, err = _spawn(argv, _held(stdin), writing, _environment(env, False))
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    return Stream(pid, reading, err)


def run(
    where: str,
    *words: str,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    keep_index: bool = False,
) -> Result:
    """Run git to its end; the caller looks at the exit code."""
    return start(where, *words, stdin=stdin, env=env, keep_index=keep_index).wait()


def call(
    where: str, *words: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> bytes:
    """Run git and return its output; raise `GitError` with its own words when it fails."""
    result = run(where, *words, stdin=stdin, env=env)
    if result.code:
        raise failed(words, result)
    return result.out


def failed(words: Sequence[str], result: Result) -> GitError:
    """Turn a failed run into an error that quotes git."""
    said = result.err.decode("utf-8", "replace").strip().splitlines()
    locked = next((line for line in said if ".lock': File exists" in line), None)
    if locked is not None:
        path = locked.partition("'")[2].partition("'")[0]
        return GitError(
            f"git {words[0]}: another git holds {path}.",
            hint="Wait for it; if no git is at work here, it was killed: delete that file.",
        )
    reason = said[-1] if said else f"exit code {result.code}"
    return GitError(f"git {words[0]}: {reason}", hint="\n".join(said[:-1]))


def _end_of(pid: int) -> int:
    """Wait for a process and return its exit code."""
    try:
        _, status = os.waitpid(pid, 0)
    except ChildProcessError:  # Ctrl-C came after it had been waited for, and before that was noted
        return _INTERRUPTED
    return os.waitstatus_to_exitcode(status)


def _held(stdin: bytes) -> int:
    """Return a descriptor from which these bytes can be read."""
    fed = scratch()
    if stdin:
        _write_all(fed, stdin)
        os.lseek(fed, 0, os.SEEK_SET)
    return fed


def _spawn(argv: list[str], fed: int, out: int, env: dict[str, str]) -> tuple[int, int]:
    """Start a process from one descriptor to another; return its id and where its errors go.

    The first descriptor is closed here.
    """
    err = scratch()
    actions = [
        (os.POSIX_SPAWN_DUP2, fed, 0),
        (os.POSIX_SPAWN_DUP2, out, 1),
        (os.POSIX_SPAWN_DUP2, err, 2),
    ]
    try:
        return os.posix_spawnp(_program(env.get("PATH")), argv, env, file_actions=actions), err
    except FileNotFoundError:
        raise NoHubError("git is not installed.", hint="Install git 2.34 or newer.") from None
    finally:
        os.close(fed)


def _program(path: str | None) -> str:
    """Return where git is, looked for once: the system would try each folder for each process."""
    folders = os.defpath if path is None else path
    if folders not in _PROGRAMS:
        found = (f"{folder}/git" for folder in folders.split(os.pathsep) if folder)
        _PROGRAMS[folders] = next((one for one in found if os.access(one, os.X_OK)), "git")
    return _PROGRAMS[folders]


def scratch() -> int:
    """Return a descriptor of an unnamed file, gone when it is closed."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("coord", os.MFD_CLOEXEC)
    import tempfile  # only where the kernel has no anonymous files

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _environment(extra: Mapping[str, str] | None, keep_index: bool) -> dict[str, str]:
    env = {
        key: value
        for key, value in os.environ.items()
        if key not in _LOCAL or (keep_index and key == "GIT_INDEX_FILE")
    }
    env["LC_ALL"] = "C"
    env["GIT_TERMINAL_PROMPT"] = "0"
    if extra:
        env.update(extra)
    return env


def _take(descriptor: int) -> bytes:
    size = os.fstat(descriptor).st_size
    parts = []
    offset = 0
    while offset < size:
        part = os.pread(descriptor, size - offset, offset)
        if not part:
            break
        parts.append(part)
        offset += len(part)
    os.close(descriptor)
    return b"".join(parts)


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
