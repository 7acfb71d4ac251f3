"""The process that keeps the kernel's notices of changes for one work tree.

It watches the few folders of the store (not the files), answers on a socket that only
this user can reach, and ends by itself: after a quarter of an hour without a question,
when the store goes, or when its socket or the folder of that is gone or another's.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import select
import socket
import struct
import sys
import time
from contextlib import suppress

from gitcoord.git import process
from gitcoord.index import mounts
from gitcoord.index.watch import REFUSED, SOCKET
from gitcoord.store import layout

_IDLE = 900.0
_PULSE = 30.0
_EVENT = struct.Struct("iIII")
_MODIFY, _CLOSE_WRITE, _ATTRIB = 0x2, 0x8, 0x4
_MOVED, _CREATE, _DELETE = 0x40 | 0x80, 0x100, 0x200
_GONE = 0x400 | 0x800 | 0x2000 | 0x8000
_OVERFLOW = 0x4000
_INTEREST = _MODIFY | _CLOSE_WRITE | _ATTRIB | _MOVED | _CREATE | _DELETE | 0x400 | 0x800


class Watcher:
    """Notices of one store: for each changed path, when it last changed."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._libc = ctypes.CDLL(None, use_errno=True)
        self.descriptor: int = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.descriptor < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        self._name = f"{os.getpid()}.{time.time_ns()}"
        self._count = 0
        self._floor = 0
        self._changed: dict[str, int] = {}
        self._folders: dict[int, str] = {}
        self._store = _present(os.path.join(root, layout.ROOT))
        self.blind = False
        for folder in (layout.ROOT, layout.ARCHIVE, *layout.FOLDERS):
            self._watch(folder)

    def _watch(self, folder: str) -> None:
        path = os.fsencode(os.path.join(self._root, folder))
        number: int = self._libc.inotify_add_watch(self.descriptor, path, _INTEREST | 0x03000000)
        if number >= 0:
            self._folders[number] = folder
        elif folder == layout.ROOT:
            raise OSError(ctypes.get_errno(), "inotify_add_watch")

    def drain(self) -> None:
        """Take in every notice the kernel holds."""
        while True:
            try:
                content = os.read(self.descriptor, 1 << 16)
            except BlockingIOError:
                return
            position = 0
            while position < len(content):
                number, mask, _, size = _EVENT.unpack_from(content, position)
                position += _EVENT.size
                name = content[position : position + size].rstrip(b"\0")
                position += size
                self._note(number, mask, os.fsdecode(name))

    def _note(self, number: int, mask: int, name: str) -> None:
        self._count += 1
        if mask & _OVERFLOW:
            self._floor = self._count
            return
        folder = self._folders.get(number)
        if folder is None:
            return
        if mask & _GONE:
            self.blind |= folder == layout.ROOT
            self._changed[folder] = self._count
            self._folders.pop(number, None)
            return
        path = f"{folder}/{name}" if name else folder
        self._changed[path] = self._count
        if mask & (_CREATE | _MOVED) and path in (layout.ARCHIVE, *layout.FOLDERS):
            self._watch(path)
            for below in layout.FOLDERS:
                if below.startswith(path + "/"):
                    self._watch(below)
                    self._changed[below] = self._count

    def answer(self, since: str) -> bytes:
        """Return the bytes for one question; none when the store is not the one it was."""
        self.drain()
        self.blind |= _present(os.path.join(self._root, layout.ROOT)) != self._store
        if self.blind:
            return b""
        name, _, count = since.rpartition(":")
        token = f"{self._name}:{self._count}\n".encode()
        if name != self._name or not count.isdigit() or int(count) < self._floor:
            return token + b"?\0."
        names = [path for path, last in self._changed.items() if last > int(count)]
        return token + b"\0".join(map(os.fsencode, names)) + b"\0."


def serve(root: str, folder: str) -> None:
    """Answer questions until nobody asks any more."""
    lock = os.open(os.path.join(folder, "watch.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    watcher = Watcher(root)
    os.chdir(folder)
    with suppress(FileNotFoundError):
        os.unlink(SOCKET)
    os.umask(0o177)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(SOCKET)
        door.listen(64)
        mine = os.stat(SOCKET).st_ino
        try:
            _answer_all(door, watcher, root, (os.path.join(folder, SOCKET), mine))
        finally:
            if _present(SOCKET) == mine:
                os.unlink(SOCKET)


def _answer_all(door: socket.socket, watcher: Watcher, root: str, mine: tuple[str, int]) -> None:
    """Answer until the socket at that path is not ours any more; our own folder may be moved."""
    asked = time.monotonic()
    while time.monotonic() - asked < _IDLE:
        ready, _, _ = select.select([door.fileno(), watcher.descriptor], [], [], _PULSE)
        watcher.drain()
        if door.fileno() in ready:
            line, _ = door.accept()
            with line, suppress(OSError):
                line.settimeout(1.0)
                line.sendall(watcher.answer(line.recv(256).decode("ascii", "replace").strip()))
            asked = time.monotonic()
        if watcher.blind or _present(mine[0]) != mine[1]:
            return
        if not os.path.isdir(os.path.join(root, layout.ROOT)):
            return


def _present(path: str) -> int | None:
    try:
        return os.stat(path).st_ino
    except OSError:
        return None


def _wanted(root: str) -> bool:
    said = process.run(root, "config", "--type=bool", "--get", "coord.watch")
    return said.out.strip() != b"false"


def main(root: str, folder: str) -> int:
    """Watch a work tree; leave a note when that is not wanted or not possible here."""
    try:
        if _wanted(root) and not mounts.is_far_away(root):
            serve(root, folder)
            return 0
    except OSError as error:
        print(f"coord: no watcher: {error}", file=sys.stderr)
    with open(os.path.join(folder, REFUSED), "w", encoding="utf-8"):
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
