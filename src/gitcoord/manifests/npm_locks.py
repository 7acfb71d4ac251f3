"""The locks of npm's other tools: pnpm-lock.yaml, yarn.lock and bun.lock.

They are long, written by programs and regular, so they are read line by line; a line in
another form is passed over. Of pnpm and bun only what the project itself gets is taken;
yarn does not tell that apart.
"""

from __future__ import annotations

import re

from gitcoord.manifests.manifest import NPM, Locked, Manifest
from gitcoord.manifests.names import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_YAML = re.compile(r"( *)(?:'([^']+)'|\"([^\"]+)\"|([^\s'\":#][^\s:]*(?::[^\s:]+)*)):(?: +(.+))?")
_SECTIONS = ("dependencies", "devDependencies", "optionalDependencies")
_BUN = re.compile(r'\s*"([^"]+)": \["((?:@[^"/@]+/)?[^"/@]+)@([^"]+)"')
_LOCAL = "0.0.0-use.local"


def read_pnpm(raw: bytes) -> Manifest:
    """Return what pnpm-lock.yaml pins for the project and the members of its workspace."""
    found = Manifest(NPM)
    path: list[tuple[int, str]] = []
    for number, line in _lines(raw):
        match = _YAML.fullmatch(line)
        if match is None:
            continue
        depth, key = len(match[1]), match[2] or match[3] or match[4]
        while path and path[-1][0] >= depth:
            path.pop()
        path.append((depth, key))
        keys = [one for _, one in path]
        if match[5] and _is_pin(keys):
            name = keys[-2] if key == "version" and keys[-2] not in _SECTIONS else key
            _take(found, name, match[5].strip("'\""), number)
    return found


def _is_pin(keys: list[str]) -> bool:
    """Whether keys lead to a version: `dependencies NAME`, in older locks, or one below it."""
    if keys[0] == "importers":
        keys = keys[2:]
    if len(keys) == 3:
        return keys[0] in _SECTIONS and keys[2] == "version"
    return len(keys) == 2 and keys[0] in _SECTIONS


def _take(found: Manifest, name: str, said: str, line: int) -> None:
    said = re.split(r"[(_]", said, maxsplit=1)[0]
    alias = re.fullmatch(r"/?((?:@[^/@]+/)?[^/@]+)[@/](.+)", said)
    if alias is not None:  # what is installed under another name
        name, said = alias[1], alias[2]
    if _VERSION.fullmatch(said):
        found.locked.setdefault(normal(NPM, name), []).append(Locked(said, line))


def read_yarn(raw: bytes) -> Manifest:
    """Return all that yarn.lock pins, of its first form and the later one."""
    found = Manifest(NPM)
    names: set[str] = set()
    for number, line in _lines(raw):
        if line[:1] not in (" ", "#", ""):
            names = {_named(one) for one in line.rstrip(":").strip('"').split(", ")}
            continue
        words = line.split()
        if line.startswith("  ") and len(words) == 2 and words[0].rstrip(":") == "version":
            version = words[1].strip('"')
            for name in sorted(names - {""}) if version != _LOCAL else ():
                _take(found, name, version, number)
            names = set()
    return found


def _named(asked: str) -> str:
    """Return the package of `name@range`; an alias leads to what is behind it."""
    asked = asked.strip('"')
    name, _, range = asked[1:].partition("@")
    target = range.removeprefix("npm:")
    if target != range and "@" in target[1:]:
        return target.rpartition("@")[0]
    return asked[:1] + name


def read_bun(raw: bytes) -> Manifest:
    """Return what bun.lock pins at the top: the copy that the project itself gets."""
    found = Manifest(NPM)
    for number, line in _lines(raw):
        match = _BUN.match(line)
        if match is not None and match[1] == match[2]:
            _take(found, match[2], match[3], number)
    return found


def _lines(raw: bytes) -> Iterator[tuple[int, str]]:
    return enumerate(raw.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n"), 1)
