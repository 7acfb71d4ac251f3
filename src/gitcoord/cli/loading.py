"""Find this package's own modules where they are known to lie.

Python looks for a module in one place after the other, and lists the folders, whether or not
anybody could know better. Here the compiled file is opened at once, and taken where it fits its
source by Python's own rule: version, time and size. In every other case Python does as ever.
"""

from __future__ import annotations

import marshal
import os
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import (
    MAGIC_NUMBER,
    SourceFileLoader,
)

import gitcoord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

_PREFIX = "gitcoord."
_KNOWN = MAGIC_NUMBER + bytes(4)  # flags other than none: the file goes by a digest of its source
_HEAD = 16


class _Loader(SourceFileLoader):
    """Python's loader of source files, given the code beforehand."""

    def exec_module(self, module: ModuleType) -> None:
        spec = module.__spec__
        code = spec.loader_state if spec is not None else None
        if code is None:  # a second time, as by `importlib.reload`
            super().exec_module(module)
            return
        spec.loader_state = None  # type: ignore[union-attr]
        exec(code, module.__dict__)  # noqa: S102 - as Python's own loader does


class Finder:
    """Finds compiled modules below one folder."""

    __slots__ = ("_ending", "_folder")

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._ending = f".{sys.implementation.cache_tag}.pyc"

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: object = None
    ) -> ModuleSpec | None:
        """Return how to load a module of ours, or None: then Python looks for it."""
        if not name.startswith(_PREFIX):
            return None
        place = f"{self._folder}/{name[len(_PREFIX) :].replace('.', '/')}"
        folder, _, last = place.rpartition("/")
        return self._spec(name, f"{place}.py", f"{folder}/__pycache__/{last}") or self._spec(
            name, f"{place}/__init__.py", f"{place}/__pycache__/__init__", place
        )

    def _spec(self, name: str, source: str, compiled: str, package: str = "") -> ModuleSpec | None:
        compiled += self._ending
        try:
            held = _read(compiled)
            seen = os.stat(source)
        except OSError:
            return None
        stamp = (int(seen.st_mtime) & 0xFFFFFFFF).to_bytes(4, "little")
        size = (seen.st_size & 0xFFFFFFFF).to_bytes(4, "little")
        if held[:_HEAD] != _KNOWN + stamp + size:
            return None
        code = marshal.loads(memoryview(held)[_HEAD:])  # noqa: S302 - as Python's own loader does
        spec = ModuleSpec(
            name, _Loader(name, source), origin=source, loader_state=code, is_package=bool(package)
        )
        spec.cached = compiled
        spec.has_location = True
        if package:
            spec.submodule_search_locations = [package]
        return spec


def quicken() -> None:
    """Use this way from now on, unless compiled files are kept elsewhere or in another form."""
    plain = sys.pycache_prefix is None and not sys.flags.optimize
    if plain and sys.implementation.cache_tag and len(gitcoord.__path__) == 1:
        sys.meta_path.insert(0, Finder(gitcoord.__path__[0]))


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        size = os.fstat(descriptor).st_size
        held = os.read(descriptor, size + 1)
    finally:
        os.close(descriptor)
    if len(held) != size:
        raise OSError(path)  # another process is writing it
    return held
