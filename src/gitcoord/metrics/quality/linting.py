"""One run of ruff over a repository, and its findings as values.

It only reads: no fixes, whatever the configuration says, and no cache in the repository.
"""

from __future__ import annotations

import json
import os
import re
from typing import NamedTuple

from gitcoord.manifests import toml
from gitcoord.manifests.manifest import BrokenError
from gitcoord.metrics.quality import tools
from gitcoord.metrics.quality.measure import UnmeasuredError, digest
from gitcoord.running import scratch
from gitcoord.store import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.metrics.quality.place import Place
    from gitcoord.metrics.quality.tools import Tool

_FIXED = ["check", "--no-cache", "--no-fix", "--no-fix-only", "--output-format", "json"]
_MOST = 256 << 20
_OWN = (".ruff.toml", "ruff.toml", "pyproject.toml")
SCOPE = ("include", "extend-include", "exclude", "extend-exclude", "respect-gitignore", "extend")
"""The settings that say which files are looked at."""
SYNTAX = "invalid-syntax"
_LOWER = re.compile(r"(?:===?|~=|>=?)\s*v?(\d{1,4})(?:\.(\d{1,4}))?")
_TARGETS = [(3, minor) for minor in range(7, 15)]
MOST_SOURCE = 16 << 20


class Finding(NamedTuple):
    """One thing that ruff found; a file that it cannot parse has the code `invalid-syntax`."""

    code: str
    path: str
    line: int
    message: str
    fixable: bool


class Configuration(NamedTuple):
    """The repository's configuration of ruff: its file and its table.

    Without one the file is None and the table has only what ruff takes from the project.
    """

    file: str | None
    table: dict[str, Any]

    @property
    def digest(self) -> str:
        """A digest of everything that it says."""
        return digest(self.file, json.dumps(self.table, sort_keys=True, default=str))

    def part(self, *names: str) -> str:
        """Return a digest of some settings."""
        return digest([json.dumps(self.get(name), sort_keys=True, default=str) for name in names])

    def get(self, name: str) -> Any:
        """Return a setting of the linter, from where it may stand."""
        lint = self.table.get("lint")
        held = lint.get(name) if isinstance(lint, dict) else None
        return held if held is not None else self.table.get(name)


def configuration(place: Place) -> Configuration:
    """Return the configuration at the top of a repository, the first that ruff would take."""
    for name in _OWN:
        if name not in place.files:
            continue
        try:
            data, _ = toml.load(files.read(os.path.join(place.folder, name), 1 << 20) or b"")
        except BrokenError:  # ruff will say so itself
            return Configuration(name, {})
        if name != "pyproject.toml":
            return Configuration(name, data)
        tool = data.get("tool")
        if isinstance(tool, dict) and isinstance(tool.get("ruff"), dict):
            return Configuration(name, tool["ruff"])
        return Configuration(None, _inferred(data))
    return Configuration(None, {})


def _inferred(data: dict[str, Any]) -> dict[str, Any]:
    """Return the target that ruff infers of a project: the oldest Python that it names."""
    project = data.get("project")
    said = project.get("requires-python") if isinstance(project, dict) else None
    named = _LOWER.findall(said) if isinstance(said, str) else []
    oldest = min([(int(major), int(minor or 0)) for major, minor in named], default=None)
    return {"target-version": f"py3{oldest[1]}"} if oldest in _TARGETS else {}


def check(
    place: Place, tool: Tool, found: Configuration, timeout: float, *words: str
) -> list[Finding]:
    """Return what ruff finds; raise `UnmeasuredError` when it gives no answer that counts."""
    with scratch.folder() as folder:
        out = os.path.join(folder, "findings")
        argv = [*_FIXED, "--output-file", out, *isolated(place, found), *words, "."]
        ended = tools.run(tool, argv, place, timeout)
        if ended.code not in (0, 1):
            raise UnmeasuredError(
                f"ruff {tools.why(ended)}", "`ruff check` in the repository says more."
            )
        try:
            if os.path.getsize(out) > _MOST:
                raise UnmeasuredError("ruff printed too much")
            with open(out, encoding="utf-8", errors="surrogateescape") as file:
                return [_finding(one, place.folder) for one in json.load(file)]
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise UnmeasuredError(
                "ruff gave an answer that cannot be read", "Is it ruff 0.1 or newer?"
            ) from None


def isolated(place: Place, found: Configuration) -> list[str]:
    """Return the option that keeps out a configuration of a folder above the repository."""
    own = found.file or any(os.path.basename(path) in _OWN for path in place.files if "/" in path)
    target = found.table.get("target-version")
    return [] if own else ["--isolated", *(["--target-version", target] if target else [])]


def checked_files(place: Place, tool: Tool, found: Configuration, timeout: float) -> list[str]:
    """Return the Python files that ruff looks at."""
    ended = tools.run(
        tool, ["check", "--no-cache", "--show-files", *isolated(place, found), "."], place, timeout
    )
    if ended.code:
        raise UnmeasuredError(
            f"ruff {tools.why(ended)}", "`ruff check` in the repository says more."
        )
    return [line for line in ended.output.splitlines() if line.endswith((".py", ".pyi"))]


def ignored(found: Configuration, prefix: str) -> list[str]:
    """Return the rules of a family that the repository decided not to follow."""
    named: list[str] = []
    for key in ("ignore", "extend-ignore"):
        held = found.get(key)
        named += [one for one in held if isinstance(one, str)] if isinstance(held, list) else []
    return sorted({one for one in named if re.fullmatch(rf"{prefix}[0-9]*", one)})


def _finding(one: dict[str, Any], folder: str) -> Finding:
    path = os.path.relpath(one["filename"], os.path.realpath(folder))
    return Finding(one["code"] or SYNTAX, path, int(one["location"]["row"]), str(one["message"]),
                   bool(one.get("fix")))  # fmt: skip
