"""go.mod: a module, what it requires, and what it replaces."""

from __future__ import annotations

import re

from gitcoord.manifests.manifest import (
    GO,
    RUNTIME,
    TAGS,
    Locked,
    Manifest,
    Package,
    Requirement,
)
from gitcoord.manifests.names import normal

_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|//.*|[()]|=>|[^\s()"`]+')
_VERSION = re.compile(r"v[0-9]+\.[0-9]+\.[0-9]+")


def read(raw: bytes) -> Manifest:
    """Return what a go.mod says."""
    text = raw.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    found = Manifest(GO)
    replaced: dict[str, str] = {}
    block = ""
    for number, line in enumerate(text.split("\n"), 1):
        words = _WORD.findall(line)
        indirect = bool(words) and words[-1].startswith("//") and "indirect" in words[-1]
        words = [word.strip('"`') for word in words if not word.startswith("//")]
        if not words:
            continue
        if block:
            if words == [")"]:
                block = ""
                continue
        elif len(words) == 2 and words[1] == "(":
            block = words[0]
            continue
        verb, rest = (block, words) if block else (words[0], words[1:])
        _directive(found, verb, rest, number, replaced, indirect)
    _replace(found, replaced)
    return found


def _directive(
    found: Manifest,
    verb: str,
    rest: list[str],
    line: int,
    replaced: dict[str, str],
    indirect: bool,
) -> None:
    if verb == "module" and rest:
        found.packages.append(Package(rest[0], None, line, TAGS))
    elif verb == "require":
        if len(rest) < 2 or not _VERSION.match(rest[1]):
            found.flaw(line, "bad-requirement", "A require names a module and a version.",
                       "For example `require example.org/oneiric v1.2.3`.")  # fmt: skip
            if rest:
                found.requirements.append(Requirement(
                    rest[0], " ".join(rest[1:]) or None, RUNTIME, line=line, dialect=GO,
                    unreadable="a require names a module and a version"))  # fmt: skip
        elif indirect:  # what others need: chosen by the tool, not asked for here
            found.locked.setdefault(normal(GO, rest[0]), []).append(Locked(rest[1], line))
        else:
            found.requirements.append(Requirement(rest[0], rest[1], RUNTIME, line=line, dialect=GO))
    elif verb == "replace" and "=>" in rest:
        arrow = rest.index("=>")
        if rest[:arrow] and rest[arrow + 1 :]:
            replaced[rest[0]] = "@".join(rest[arrow + 1 :])


def _replace(found: Manifest, replaced: dict[str, str]) -> None:
    for number, one in enumerate(found.requirements):
        if one.package in replaced:
            found.requirements[number] = one._replace(source=replaced[one.package])
