"""Settings in git's own configuration: read with their scope, set, and taken back."""

from __future__ import annotations

from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_SET = 5


class Setting:
    """A value as it was written, the same as a path, and the scope it comes from."""

    __slots__ = ("path", "raw", "scope")

    def __init__(self, scope: str, raw: str, path: str) -> None:
        self.scope = scope
        self.raw = raw
        self.path = path


def get(where: str, name: str) -> str | None:
    """Return the value of a setting, None where it is not set."""
    result = process.run(where, "config", "--get", "-z", name)
    return _text(result.out).removesuffix("\0") if result.code == 0 else None


def path_of(where: str, name: str) -> Setting | None:
    """Return a setting that names a path, with `~` resolved in its `path`."""
    raw = process.start(where, "config", "--show-scope", "-z", "--get", name)
    full = process.start(where, "config", "--type=path", "-z", "--get", name)
    first, second = raw.wait(), full.wait()
    if first.code:
        return None
    scope, _, value = _text(first.out).removesuffix("\0").partition("\0")
    return Setting(scope, value, _text(second.out).removesuffix("\0") or value)


def matching(where: str, pattern: str, *, local: bool = False) -> dict[str, str]:
    """Return the settings whose name matches a regular expression; values as paths."""
    words = ["config", "--type=path", "-z", "--get-regexp", pattern]
    if local:
        words.insert(1, "--local")
    found = {}
    for line in _text(process.run(where, *words).out).split("\0"):
        name, newline, value = line.partition("\n")
        if newline:
            found[name] = value
    return found


def put(where: str, values: Mapping[str, str], *, scope: str = "local") -> None:
    """Set values in the repository's own configuration."""
    for name, value in values.items():
        process.call(where, "config", f"--{scope}", name, value)


def drop(where: str, *names: str, scope: str = "local") -> None:
    """Take settings out of the repository's own configuration; absent ones are fine."""
    for name in names:
        result = process.run(where, "config", f"--{scope}", "--unset-all", name)
        if result.code not in (0, _NOT_SET):
            raise process.failed(("config",), result)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
