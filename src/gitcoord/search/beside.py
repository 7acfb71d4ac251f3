"""A record's vector in a file beside it: `ISSUE-001.npy` next to `ISSUE-001.yaml`.

It is what `numpy.load` reads, with one addition: behind the array stands from which model
and which text it was made. Model, dimension and text are compared before it is used, and one
file that is replaced whole can't disagree with itself, as two files could. (The header of the
format has no room for more: numpy refuses any key that it does not know.)
"""

from __future__ import annotations

import os
import stat

from gitcoord.search.vectors import is_vector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

_MAGIC = b"\x93NUMPY\x01\x00"
_MOST = 1 << 20
IGNORED = "coord/**/*.npy"


def path_of(root: str, record: str) -> str:
    """Return the path of the vector of a record's file."""
    return os.path.join(root, record.removesuffix(".yaml") + ".npy")


def read(
    np: ModuleType, path: str, *, model: str, dimension: int, said: str
) -> bytes | None:  # fmt: skip
    """Return a vector that was made by this model from this text; None for any other."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        raw = os.read(descriptor, _MOST)
    finally:
        os.close(descriptor)
    head, tail = _head(dimension), _tail(model, dimension, said)
    vector = raw[len(head) : len(raw) - len(tail)]
    fits = raw.startswith(head) and raw.endswith(tail) and is_vector(np, vector, dimension)
    return vector if fits else None


def write(path: str, vector: bytes, *, model: str, said: str) -> bool:
    """Write a vector beside its record, whole or not at all; tell whether that could be done."""
    folder, name = os.path.split(path)
    passing = os.path.join(folder, f".{name}.{os.getpid()}.tmp")
    dimension = len(vector) // 4
    try:
        with open(passing, "xb") as file:
            file.write(_head(dimension) + vector + _tail(model, dimension, said))
        os.replace(passing, path)
    except OSError:
        return False
    return True


def prune(folder: str) -> int:
    """Delete the vectors of a folder whose record is gone; return how many."""
    try:
        names = set(os.listdir(folder))
    except OSError:
        return 0
    gone = [
        name
        for name in names
        if name.endswith(".npy") and not name.startswith(".")
        if name.removesuffix(".npy") + ".yaml" not in names
    ]
    for name in gone:
        os.unlink(os.path.join(folder, name))
    return len(gone)


def ignore(root: str, common_dir: str) -> None:
    """Let git ignore vectors where the hub's own .gitignore does not say so."""
    exclude = os.path.join(common_dir, "info", "exclude")
    for path, line in ((os.path.join(root, "coord", ".gitignore"), "*.npy"), (exclude, IGNORED)):
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                if line in file.read().splitlines():
                    return
        except OSError:
            continue
    os.makedirs(os.path.dirname(exclude), exist_ok=True)
    with open(exclude, "a+", encoding="utf-8", errors="surrogateescape") as file:
        file.seek(0)
        text = file.read()
        file.write(("\n" if text and not text.endswith("\n") else "") + IGNORED + "\n")


def _head(dimension: int) -> bytes:
    told = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({dimension},), }}"
    room = 128 - len(_MAGIC) - 2
    return _MAGIC + room.to_bytes(2, "little") + told.encode().ljust(room - 1) + b"\n"


def _tail(model: str, dimension: int, said: str) -> bytes:
    return f"\ncoord embedding 1\nmodel {model}\ndimension {dimension}\ntext {said}\n".encode()
