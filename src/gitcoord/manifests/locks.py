"""Lock files: the versions that a resolver chose, and the line of each.

Locks are long and written by programs, so the regular form is read by one pattern;
whatever it does not cover is given to the real parser.
"""

from __future__ import annotations

import json
import re

from gitcoord.manifests import toml
from gitcoord.manifests.manifest import CARGO, GO, NPM, PYPI, BrokenError, Locked, Manifest
from gitcoord.manifests.names import normal

_PACKAGE = re.compile(
    rb'^\[\[package\]\]\r?\nname = "([^"\\\r\n]+)"\r?\n(?:version = "([^"\\\r\n]*)"\r?\n)?', re.M
)
_HEADER = re.compile(rb"^[ \t]*\[\[[ \t]*[\"']?package[\"']?[ \t]*\]\]", re.M)
_NODE = re.compile(r'^\s*"((?:[^"]*/)?node_modules/[^"]+)":\s*\{', re.M)


def read_toml(raw: bytes, ecosystem: str) -> Manifest:
    """Return what uv.lock, poetry.lock or Cargo.lock pins; raise `BrokenError`."""
    found = Manifest(ecosystem)
    regular = list(_PACKAGE.finditer(raw))
    if not regular or len(regular) != len(_HEADER.findall(raw)):
        return _slowly(raw, found)
    line, last = 1, 0
    for one in regular:
        line += raw.count(b"\n", last, one.start())
        last = one.start()
        if one[2]:
            name = normal(ecosystem, one[1].decode("utf-8", "replace"))
            found.locked.setdefault(name, []).append(Locked(one[2].decode("utf-8", "replace"), line + 1))  # fmt: skip
    return found


def _slowly(raw: bytes, found: Manifest) -> Manifest:
    data, text = toml.load(raw)
    listed = data.get("package")
    if not isinstance(listed, list):
        return found
    places = toml.Places(text)
    for number, one in enumerate(listed):
        name = one.get("name") if isinstance(one, dict) else None
        if isinstance(name, str) and isinstance(one.get("version"), str):
            line = places.line("package", number, "name") or 1
            found.locked.setdefault(normal(found.ecosystem, name), []).append(
                Locked(one["version"], line)
            )
    return found


def read_python(raw: bytes) -> Manifest:
    """Return what uv.lock or poetry.lock pins."""
    return read_toml(raw, PYPI)


def read_cargo(raw: bytes) -> Manifest:
    """Return what Cargo.lock pins."""
    return read_toml(raw, CARGO)


def read_go(raw: bytes) -> Manifest:
    """Return the modules that go.sum has checksums of the code of."""
    found = Manifest(GO)
    for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), 1):
        words = line.split()
        if len(words) == 3 and words[1].startswith("v") and not words[1].endswith("/go.mod"):
            found.locked.setdefault(normal(GO, words[0]), []).append(Locked(words[1], number))
    return found


def read_npm(raw: bytes) -> Manifest:
    """Return what package-lock.json pins at the top: the copy that the project itself gets."""
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as fault:
        raise BrokenError("it is not JSON", getattr(fault, "lineno", None)) from None
    found = Manifest(NPM)
    text = raw.decode("utf-8", "replace")
    lines: dict[str, int] = {}
    line, last = 1, 0
    for one in _NODE.finditer(text):
        line += text.count("\n", last, one.start(1))
        last = one.start(1)
        lines.setdefault(one[1], line)
    packages = data.get("packages") if isinstance(data, dict) else None
    for path, one in packages.items() if isinstance(packages, dict) else ():
        name = path.removeprefix("node_modules/")
        if path == name or "/node_modules/" in name or not isinstance(one, dict):
            continue
        if isinstance(one.get("version"), str):
            key = normal(NPM, name)
            found.locked.setdefault(key, []).append(Locked(one["version"], lines.get(path, 1)))
    if not found.locked:
        _old_npm(data, found)
    return found


def _old_npm(data: object, found: Manifest) -> None:
    """Read the form before version 2 of package-lock.json."""
    listed = data.get("dependencies") if isinstance(data, dict) else None
    for name, one in listed.items() if isinstance(listed, dict) else ():
        if isinstance(one, dict) and isinstance(one.get("version"), str):
            found.locked.setdefault(normal(NPM, name), []).append(Locked(one["version"], 1))
