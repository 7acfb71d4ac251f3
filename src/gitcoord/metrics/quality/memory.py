"""What is remembered of a repository between measurements: derived, and safe to delete.

A folder with the last result, the outcomes of tests seen so far, and mypy's own cache. Where
nothing can be written, nothing is remembered, and the figures are the same.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import threading

from gitcoord.store import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_RESULT, _OUTCOMES, _LOCK = "result.json", "outcomes.json", "lock"
_MOST = 64 << 20


class Memory:
    """The memory of one repository; without a folder it holds nothing and keeps nothing."""

    def __init__(self, where: str | None) -> None:
        self._where = where

    def result(self, key: str | None) -> dict[str, Any] | None:
        """Return the last result if it has that digest, or whatever it is for None."""
        found = self._read(_RESULT)
        sound = isinstance(found.get("measures"), dict) and "score" in found
        return found if sound and key in (None, found.get("digest")) else None

    def keep(self, found: dict[str, Any]) -> None:
        """Remember a result."""
        self._write(_RESULT, found)

    def outcomes(self) -> dict[str, Any]:
        """Return the outcomes of tests seen so far."""
        return self._read(_OUTCOMES)

    def keep_outcomes(self, found: dict[str, Any]) -> None:
        """Remember outcomes of tests."""
        self._write(_OUTCOMES, found)

    def folder(self, name: str) -> str | None:
        """Return a folder that a tool may keep a cache in; None where there can be none."""
        if self._where is None:
            return None
        path = os.path.join(self._where, name)
        try:
            os.makedirs(path, exist_ok=True)
        except OSError:
            return None
        return path if os.access(path, os.W_OK) else None

    @contextlib.contextmanager
    def alone(self) -> Iterator[bool]:
        """Tell whether nobody else measures this repository; the kernel forgets dead holders."""
        descriptor = -1
        try:
            if self._where is not None:
                os.makedirs(self._where, exist_ok=True)
                descriptor = os.open(
                    os.path.join(self._where, _LOCK), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666
                )
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine = descriptor >= 0
        except OSError:
            mine = False
        try:
            yield mine
        finally:
            if descriptor >= 0:
                os.close(descriptor)

    def _read(self, name: str) -> dict[str, Any]:
        if self._where is None:
            return {}
        try:
            found = json.loads(files.read(os.path.join(self._where, name), _MOST) or b"{}")
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, name: str, found: dict[str, Any]) -> None:
        if self._where is None:
            return
        passing = os.path.join(self._where, f".{name}.{os.getpid()}.{threading.get_ident()}")
        try:
            os.makedirs(self._where, exist_ok=True)
            with open(passing, "w", encoding="utf-8") as file:
                file.write(json.dumps(found))
            os.rename(passing, os.path.join(self._where, name))
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(passing)
