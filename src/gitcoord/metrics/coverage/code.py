"""What of a repository decides what is covered: its code, and coverage's own settings.

A settings file such as pyproject.toml counts with the part that is coverage's, so a new
version number there changes nothing.
"""

from __future__ import annotations

import posixpath

from gitcoord.metrics.measurement import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CONFIGS = (".coveragerc", ".coveragerc.toml", "setup.cfg", "tox.ini", "pyproject.toml")
PYTHON = frozenset({".py", ".pyx", ".pyi"})
OTHERS = frozenset({
    ".c", ".cc", ".cjs", ".clj", ".coffee", ".cpp", ".cs", ".cxx", ".dart", ".erl", ".ex", ".exs", ".f90",
    ".fs", ".go", ".groovy", ".h", ".hh", ".hpp", ".hs", ".java", ".js", ".jsx", ".kt", ".kts", ".lua",
    ".m", ".mjs", ".ml", ".mm", ".mts", ".nim", ".php", ".pl", ".pm", ".r", ".rb", ".rs", ".scala", ".sh",
    ".svelte", ".swift", ".ts", ".tsx", ".vala", ".vb", ".vue", ".zig",
})  # fmt: skip
"""Endings of code in other languages, whose reports XML and lcov are."""
_ENVIRONMENT = "pyvenv.cfg"


def kinds(measured: Iterable[str]) -> frozenset[str]:
    """Return the endings of code: those of Python, and of what was measured."""
    found = {posixpath.splitext(path)[1].lower() for path in measured}
    return PYTHON | frozenset(one for one in found if one)


def is_code(path: str, endings: frozenset[str] = PYTHON) -> bool:
    """Whether a file can change what is covered."""
    return path in CONFIGS or posixpath.splitext(path)[1].lower() in endings


def settings_part(path: str, content: bytes) -> str:
    """Return a digest of what a settings file has for coverage, "" where that is nothing."""
    text = content.decode("utf-8", "replace").replace("\r\n", "\n")
    if path == ".coveragerc":
        part: object = text.strip()
    elif path.endswith(".toml"):
        part = _of_toml(text)
    else:
        part = _sections(text)
    return digest(part) if part else ""


def _of_toml(text: str) -> object:
    import tomllib  # only where there is such a file

    try:
        tool = tomllib.loads(text).get("tool")
    except (ValueError, RecursionError):
        return text
    return tool.get("coverage") if isinstance(tool, dict) else None


def _sections(text: str) -> list[str]:
    """Return the lines of the sections `[coverage:…]` of an INI file."""
    found, inside = [], False
    for line in text.splitlines():
        if line.startswith("["):
            inside = line.startswith("[coverage:")
        if inside and line.strip():
            found.append(line.rstrip())
    return found


def without_environments(paths: Iterable[str]) -> list[str]:
    """Return paths without those of installed packages and environments that nobody ignores."""
    held = list(paths)
    folders = tuple(
        path[: -len(_ENVIRONMENT)] for path in held if path.endswith(f"/{_ENVIRONMENT}")
    )
    return [
        path
        for path in held
        if "/site-packages/" not in path and not (folders and path.startswith(folders))
    ]


def apart(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return the paths at which two states of the code differ."""
    return sorted(path for path in {*before, *now} if before.get(path, "") != now.get(path, ""))


def told(paths: Iterable[str]) -> str:
    """Return in words what changed: files of code, or only coverage's settings."""
    files = [path for path in paths if path not in CONFIGS]
    if not files:
        return "the settings of coverage changed since"
    count = "1 file" if len(files) == 1 else f"{len(files)} files"
    return f"{count} of code changed since"
