"""Type errors: what mypy says with the repository's own configuration and environment.

The count is checked against mypy's own summary line. Where there is no environment, what
could not be imported is unknown to mypy, and the measure says that it is partial.
"""

from __future__ import annotations

import configparser
import json
import os
import re
from collections import Counter
from typing import NamedTuple

from gitcoord.manifests import toml
from gitcoord.manifests.manifest import BrokenError
from gitcoord.metrics.quality import declared, tools
from gitcoord.metrics.quality.measure import (
    KEPT,
    By,
    Measure,
    UnmeasuredError,
    digest,
    shown,
    taken,
)
from gitcoord.metrics.quality.place import INSTALL
from gitcoord.store import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.metrics.quality.place import Place
    from gitcoord.metrics.quality.tools import Tool

_FIXED = ["--no-install-types", "--no-pretty", "--show-error-codes", "--error-summary",
          "--no-color-output", "--hide-error-context"]  # fmt: skip
_LINE = re.compile(r"^(.+?):(\d+)(?::\d+)*: error: (.*?)(?:  \[([a-z0-9-]+)\])?$")
_NO_LINE = re.compile(r"^([^:]+\.pyi?): error: (.*?)(?:  \[([a-z0-9-]+)\])?$")
_FOUND = re.compile(r"^Found (\d+) errors? in (\d+) files? \((?:checked (\d+)|errors)", re.M)
_FINE = re.compile(r"^Success: no issues found in (\d+) source files?", re.M)
_IMPORTS = {"import", "import-not-found", "import-untyped"}
_HINT = "`mypy` in the repository says more."


class Configuration(NamedTuple):
    """The repository's configuration of mypy: its file, its settings, a digest of all of it."""

    file: str | None
    settings: dict[str, Any]
    digest: str


def collect(place: Place, timeout: float, *, static: bool, cache: str | None = None) -> Measure:
    """Return how many errors mypy finds, by their code; it keeps what it knows in `cache`."""
    if not place.python:
        raise UnmeasuredError("there is no Python file")
    own = configuration(place)
    if static and own.settings.get("plugins"):
        raise UnmeasuredError("its plugins are code of the repository, which is not run here")
    tool = tools.find(place, "mypy", static=static)
    words = [*_surroundings(place, tool, static), *targets(place, own)]
    ended = tools.run(tool, [*_FIXED, f"--cache-dir={cache or os.devnull}", *words], place, timeout)
    if ended.code not in (0, 1):
        raise UnmeasuredError(f"mypy {tools.why(ended)}", _HINT)
    errors, checked, faulty = _read(ended.output)
    codes = Counter([code for _, _, _, code in errors])
    figures = {
        "errors": len(errors),
        "by_code": dict(codes.most_common()),
        "files_with_errors": faulty,
        "first": [f"{shown(path)}:{line}: {shown(text)} [{code}]" for path, line, text, code in errors[:KEPT]],
    }  # fmt: skip
    alone = static or place.environment is None
    by = By("mypy", tool.version, tool.source, " ".join(["mypy", *words]), own.file,
            (own.digest, targets(place, own), alone))  # fmt: skip
    doubt = _doubt(place, alone, sum([codes[name] for name in _IMPORTS]))
    return taken(by, checked, figures, doubt=doubt, hint=INSTALL if doubt else None)


def configuration(place: Place) -> Configuration:
    """Return the configuration at the top of a repository, the first that mypy would take."""
    for name in ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg"):
        if name not in place.files:
            continue
        raw = files.read(os.path.join(place.folder, name), 1 << 20) or b""
        settings, whole = _toml(raw) if name.endswith(".toml") else _ini(raw)
        if settings is not None:
            return Configuration(name, settings, digest(name, whole))
    return Configuration(None, {}, digest())


def targets(place: Place, own: Configuration) -> list[str]:
    """Return what to check: nothing to add where the configuration says it, else src or all."""
    if any(own.settings.get(name) for name in ("files", "packages", "modules")):
        return []
    return ["src"] if any(path.startswith("src/") for path in place.python) else ["."]


def _toml(raw: bytes) -> tuple[dict[str, Any] | None, str]:
    try:
        data, _ = toml.load(raw)
    except BrokenError:
        return None, ""
    tool = data.get("tool")
    found = tool.get("mypy") if isinstance(tool, dict) else None
    if not isinstance(found, dict):
        return None, ""
    return found, json.dumps(found, sort_keys=True, default=str)


def _ini(raw: bytes) -> tuple[dict[str, Any] | None, str]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(raw.decode("utf-8", "replace"))
    except configparser.Error:
        return None, ""
    if not parser.has_section("mypy"):
        return None, ""
    whole = {name: dict(parser[name]) for name in parser.sections() if name.startswith("mypy")}
    return dict(parser["mypy"]), json.dumps(whole, sort_keys=True)


def _surroundings(place: Place, tool: Tool, static: bool) -> list[str]:
    """Return the options that let mypy see the repository's packages, and never coord's own."""
    if tool.source == tools.REPOSITORY:
        return []
    if place.environment is None or static:
        return ["--no-site-packages"]
    return ["--python-executable", f"{place.environment}/bin/python"]


def _read(output: str) -> tuple[list[tuple[str, int, str, str]], int, int]:
    """Return the errors, the files checked and those with errors; what does not add up is no answer."""
    errors = _errors(output)
    found, fine = _FOUND.search(output), _FINE.search(output)
    if fine is not None and found is None and not errors:
        return [], int(fine[1]), 0
    if found is None or fine is not None or int(found[1]) != len(errors) or not found[3]:
        raise UnmeasuredError("mypy gave an answer that cannot be read", _HINT)
    return errors, int(found[3]), int(found[2])


def _errors(output: str) -> list[tuple[str, int, str, str]]:
    found = []
    for line in output.splitlines():
        said = _LINE.match(line)
        if said is not None:
            found.append((said[1], int(said[2]), said[3], said[4] or "misc"))
            continue
        said = _NO_LINE.match(line)
        if said is not None:
            found.append((said[1], 1, said[2], said[3] or "misc"))
    return found


def _doubt(place: Place, alone: bool, imports: int) -> str | None:
    """Return why the errors are not all: without an environment what is imported is anything."""
    if not alone or not (imports or declared.read(place).needs):
        return None
    why = place.doubt or (
        "its environment was not used" if place.environment else "there is no environment (.venv)"
    )
    return f"{why}, so what it imports is unknown to mypy" + (
        f" ({imports} imports)" if imports else ""
    )
