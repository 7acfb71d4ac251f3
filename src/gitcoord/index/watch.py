"""Ask the watcher of a large store what has changed, instead of looking at every file.

A stat pass over 100,000 files takes longer than the rest of a query. For stores of some
thousand files a small process (`index.watcher`) keeps the kernel's notices of changes;
it answers only after it has taken in every notice so far, so its answer is as true
as a look at the files. Without it, each query looks itself.
"""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

SOCKET = "watch.sock"
REFUSED = "watch.off"
_RETRY = 600
_TIMEOUT = 2.0


class Witness:
    """What the watcher says: its word for now, and the paths changed since the last word.

    `names` is None when it cannot tell, because it is another watcher or lost notices.
    """

    __slots__ = ("names", "token")

    def __init__(self, token: str, names: list[str] | None) -> None:
        self.token = token
        self.names = names


def ask(repo: Repository, since: object) -> Witness | None:
    """Ask the watcher of a work tree; None when there is none."""
    folder = os.path.join(repo.git_dir, "coord")
    if not os.path.exists(os.path.join(folder, SOCKET)):
        return None
    import _socket  # a hundredth of the cost of `socket`, which is a layer over it

    line = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        line.settimeout(_TIMEOUT)
        # By way of the descriptor, because a socket's path may have only 107 bytes.
        line.connect(f"/proc/self/fd/{descriptor}/{SOCKET}")
        line.sendall(f"{since or '-'}\n".encode())
        parts = []
        while part := line.recv(1 << 16):
            parts.append(part)
    except OSError:
        return None
    finally:
        line.close()
        os.close(descriptor)
    return _read(b"".join(parts))


def _read(answer: bytes) -> Witness | None:
    token, newline, rest = answer.partition(b"\n")
    if not newline or not rest.endswith(b"\0."):
        return None
    if rest.startswith(b"?"):
        return Witness(token.decode(), None)
    names = [name for name in rest[:-2].split(b"\0") if name]
    return Witness(token.decode(), [name.decode("utf-8", "surrogateescape") for name in names])


def begin(repo: Repository) -> None:
    """Start a watcher in the background, unless one has refused lately."""
    if not sys.platform.startswith("linux"):
        return
    folder = os.path.join(repo.git_dir, "coord")
    try:
        if time.time() - os.stat(os.path.join(folder, REFUSED)).st_mtime < _RETRY:
            return
    except FileNotFoundError:
        pass
    argv = [sys.executable, "-m", "gitcoord.index.watcher", repo.root, folder]
    null = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, null, number) for number in (0, 1, 2)]
    try:
        os.posix_spawn(sys.executable, argv, os.environ, file_actions=actions, setsid=True)
    except OSError:
        return  # the stat pass serves as well, only slower
    finally:
        os.close(null)
