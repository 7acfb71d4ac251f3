"""package.json: an npm package, its dependencies, and the folders of its workspaces."""

from __future__ import annotations

import json
import re
from bisect import bisect_right

from gitcoord.manifests.manifest import (
    DEVELOPMENT,
    DYNAMIC,
    NPM,
    RUNTIME,
    STATIC,
    BrokenError,
    Manifest,
    Package,
    Requirement,
)
from gitcoord.manifests.tables import strings, table, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KEY = re.compile(r'("(?:[^"\\\n]|\\.)*+")\s*+:')
_SECTIONS = (
    ("dependencies", RUNTIME, False),
    ("devDependencies", DEVELOPMENT, False),
    ("peerDependencies", RUNTIME, False),
    ("optionalDependencies", RUNTIME, True),
)
_PLACE = re.compile(
    r"^(?:file:|link:|portal:|git[+:@]|https?:|github:|gitlab:|bitbucket:|[\w.-]+/[\w.-]+(?:#|$))"
)


def read(raw: bytes) -> Manifest:
    """Return what a package.json says; raise `BrokenError` when it is no JSON."""
    said = raw.decode("utf-8-sig", "replace")
    data = load(said)
    lines = Lines(said)
    found = Manifest(NPM)
    name, version = data.get("name"), text(data.get("version"))
    if isinstance(name, str) and name:
        line = lines.of(None, "version" if version else "name")
        found.packages.append(Package(name, version, line, STATIC if version else DYNAMIC))
    optional = table(data, "peerDependenciesMeta")
    for section, type, spare in _SECTIONS:
        declared = data.get(section)
        if declared is not None and not isinstance(declared, dict):
            found.flaw(lines.of(None, section), "bad-manifest", f"{section} is not an object.",
                       "See npm's documentation of package.json.")  # fmt: skip
            continue
        for package, wanted in (declared or {}).items():
            line = lines.of(section, package)
            if not isinstance(wanted, str):
                found.flaw(line, "bad-requirement", f"{package} has no version range.",
                           'Write it as "name": "^1.2.3".')  # fmt: skip
                found.requirements.append(Requirement(
                    package, None, type, line=line, dialect=NPM, unreadable="it has no version range"))  # fmt: skip
                continue
            maybe = spare or table(optional, package).get("optional") is True
            found.requirements.append(_requirement(package, wanted, type, line, maybe))
    spaces = data.get("workspaces")
    found.members += strings(spaces.get("packages") if isinstance(spaces, dict) else spaces)
    return found


def load(said: str) -> dict[str, Any]:
    """Return a JSON object; raise `BrokenError` for anything else."""
    try:
        data = json.loads(said)
    except json.JSONDecodeError as fault:
        raise BrokenError(f"it is not JSON: {fault.msg.lower()}", fault.lineno) from None
    except (ValueError, RecursionError):
        raise BrokenError("it holds a value that is too large", None) from None
    if not isinstance(data, dict):
        raise BrokenError("it is not a JSON object", 1)
    return data


class Lines:
    """The line of each key, found in one pass."""

    def __init__(self, said: str) -> None:
        self._keys: dict[str, list[int]] = {}
        self._ends = [one.start() for one in re.finditer("\n", said)]
        for one in _KEY.finditer(said):
            try:
                key = json.loads(one[1])
            except ValueError:
                continue
            self._keys.setdefault(key, []).append(one.start())

    def of(self, section: str | None, key: str) -> int | None:
        """Return the line of a key, the first one after its section begins."""
        start = self._keys.get(section, [0])[0] if section is not None else -1
        found = self._keys.get(key, [])
        at = bisect_right(found, start)
        return bisect_right(self._ends, found[at]) + 1 if at < len(found) else None


def _requirement(
    package: str, wanted: str, type: str, line: int | None, optional: bool
) -> Requirement:
    constraint: str | None = wanted.strip()
    source = None
    if wanted.startswith("npm:"):  # an alias: the name behind the colon is what is installed
        package, _, constraint = wanted[4:].rpartition("@") if "@" in wanted[5:] else (wanted[4:], "", "")  # fmt: skip
    elif wanted.startswith("workspace:"):
        source = "workspace"
        constraint = wanted.removeprefix("workspace:").strip()
        constraint = None if constraint in ("^", "~", "*") else constraint
    elif _PLACE.match(wanted):
        source, constraint = wanted, wanted.partition("#semver:")[2] or None
    if constraint in ("", "*", "latest"):
        constraint = None
    return Requirement(
        package, constraint, type, line=line, optional=optional, source=source, dialect=NPM
    )
