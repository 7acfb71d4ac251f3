"""The settings of a hub that every write needs, read from `coord/coord.yaml`.

The parsed values are remembered under the git directory for as long as the file's
stat does not change, because reading YAML costs more than the rest of a small write.
"""

from __future__ import annotations

import os
import time

from gitcoord.codec import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FILE = "coord/coord.yaml"
_FIRST = "coord settings 2"
_MOST = 1 << 20
_PRIME = (1 << 61) - 1
_FRESH = 100_000_000  # ns: a file this young may change again without its stat showing it


class Settings:
    """What coord.yaml says of ids and commits; absent ones have their defaults."""

    __slots__ = ("commit", "id_width", "ids", "prefixes", "protected_branch", "queries")

    def __init__(self, data: dict[str, Any]) -> None:
        self.ids = "random" if data.get("ids") == "random" else "sequential"
        width = data.get("id_width")
        self.id_width = width if isinstance(width, int) and 1 <= width <= 9 else 3
        self.commit = data.get("commit") != "manual"
        self.prefixes = _words(data.get("prefixes"))
        self.queries = _words(data.get("queries"))
        branch = data.get("protected_branch")
        self.protected_branch = branch if isinstance(branch, str) else None


def load(root: str, git_dir: str) -> Settings:
    """Return the hub's settings; a file that cannot be read counts as empty (`coord check` says why)."""
    path = os.path.join(root, FILE)
    try:
        seen = os.lstat(path)
    except OSError:
        return Settings({})
    key = f"{seen.st_ino} {seen.st_size} {seen.st_mtime_ns}"
    cached = _load_cached(git_dir, key)
    if cached is not None:
        return Settings(cached)
    data = read(path)
    if time.time_ns() - seen.st_mtime_ns > _FRESH:
        _save_cached(git_dir, key, Settings(data))
    return Settings(data)


def read(path: str) -> dict[str, Any]:
    """Parse coord.yaml; {} when it is no readable mapping."""
    from gitcoord.codec.read import MAX_BYTES, Malformed, parse  # costs more than a small write

    try:
        return parse(plain.read(path, MAX_BYTES) or b"")
    except Malformed:
        return {}


def _words(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {
        key: text for key, text in value.items() if isinstance(key, str) and isinstance(text, str)
    }


def _sum(text: bytes) -> int:
    """Return what is another number for a damaged text; to load `zlib` for that takes longer."""
    return int.from_bytes(text, "big") % _PRIME


def _load_cached(git_dir: str, key: str) -> dict[str, Any] | None:
    raw = plain.read(os.path.join(git_dir, "coord", "settings"), _MOST) or b""
    first, _, text = raw.partition(b"\n")
    if first != f"{_FIRST} {_sum(text)}".encode():
        return None  # none there, of another version, or damaged
    said, *lines = text.decode("utf-8", "surrogateescape").split("\n")
    if said != key:
        return None
    data: dict[str, Any] = {"prefixes": {}, "queries": {}}
    for line in lines:
        name, _, value = line.partition("=")
        group, dot, word = name.partition(".")
        if dot:
            data[group][word] = value
        else:
            data[name] = int(value) if value.isdigit() else value
    return data


def _save_cached(git_dir: str, key: str, settings: Settings) -> None:
    lines = [
        key,
        f"ids={settings.ids}",
        f"id_width={settings.id_width}",
        f"commit={'auto' if settings.commit else 'manual'}",
    ]
    if settings.protected_branch:
        lines.append(f"protected_branch={settings.protected_branch}")
    for group, words in (("prefixes", settings.prefixes), ("queries", settings.queries)):
        lines += [f"{group}.{name}={value}" for name, value in words.items()]
    if any("\n" in line or "\r" in line for line in lines):
        return
    folder = os.path.join(git_dir, "coord")
    try:
        if not os.path.isdir(folder):
            from gitcoord.git import own  # the first time

            own.make(folder)
        passing = os.path.join(folder, f"settings.{os.getpid()}")
        text = "\n".join(lines).encode("utf-8", "surrogateescape")
        with open(passing, "wb") as file:
            file.write(f"{_FIRST} {_sum(text)}\n".encode() + text)
        os.rename(passing, os.path.join(folder, "settings"))
    except OSError:
        return  # a memory that cannot be kept is made anew next time
