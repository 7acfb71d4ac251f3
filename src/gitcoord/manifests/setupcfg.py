"""setup.cfg: the metadata and the options of setuptools; and a version in setup.py."""

from __future__ import annotations

import configparser
import re

from gitcoord.manifests.manifest import (
    ATTRIBUTE,
    DEVELOPMENT,
    DYNAMIC,
    FILE,
    PYPI,
    RUNTIME,
    BrokenError,
    Manifest,
    Package,
)
from gitcoord.manifests.names import type_of_group
from gitcoord.manifests.pep508 import UnreadableError, named, requirement


def read(raw: bytes) -> Manifest:
    """Return what a setup.cfg says; raise `BrokenError` when it has no sections."""
    text = raw.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    parser = configparser.ConfigParser(interpolation=None, strict=False, default_section="")
    try:
        parser.read_string(text)
    except configparser.Error as fault:
        line = getattr(fault, "lineno", None)
        raise BrokenError(str(fault.message).split("\n", 1)[0].lower(), line) from None
    found = Manifest(PYPI)
    lines = text.split("\n")
    places = _lines_of(lines)
    name = parser.get("metadata", "name", fallback="").strip()
    if name:
        python = parser.get("options", "python_requires", fallback="").strip() or None
        version = parser.get("metadata", "version", fallback="").strip()
        line = places.get(("metadata", "version" if version else "name"))
        found.packages.append(_package(name, version, line, python))
    _listed(found, parser, lines, places, "options", "install_requires", RUNTIME)
    _listed(found, parser, lines, places, "options", "setup_requires", DEVELOPMENT)
    _listed(found, parser, lines, places, "options", "tests_require", "test")
    if parser.has_section("options.extras_require"):
        for extra in parser.options("options.extras_require"):
            type = type_of_group(extra, RUNTIME)
            _listed(
                found, parser, lines, places, "options.extras_require", extra, type, extra=extra
            )
    return found


def _package(name: str, version: str, line: int | None, python: str | None) -> Package:
    how, colon, where = version.partition(":")
    if colon and how.strip() in ("attr", "file"):
        source = ATTRIBUTE if how.strip() == "attr" else FILE
        return Package(name, None, line, source, where.strip().split(",")[0].strip(), python)
    if version:
        return Package(name, version, line, python=python)
    return Package(name, None, line, DYNAMIC, "", python)


Lines = dict[tuple[str, str], int]


def _lines_of(lines: list[str]) -> Lines:
    """Return the line of each key, by its section."""
    section = ""
    found: Lines = {}
    for number, line in enumerate(lines, 1):
        if line.startswith("["):
            section = line.strip().strip("[]")
        elif line[:1].strip():
            found.setdefault(
                (section, re.split("[=:]", line, maxsplit=1)[0].strip().lower()), number
            )
    return found


def _listed(
    found: Manifest,
    parser: configparser.ConfigParser,
    lines: list[str],
    places: Lines,
    section: str,
    key: str,
    type: str,
    *,
    extra: str | None = None,
) -> None:
    value = parser.get(section, key, fallback="")
    first = places.get((section, key.lower()))
    at = first
    for text in filter(None, (re.sub(r"(^|\s)#.*", "", one).strip() for one in value.split("\n"))):
        at = _line_with(lines, text, at)
        try:
            found.requirements.append(
                requirement(text, type=type, line=at or first, extra=extra, optional=bool(extra))
            )
        except UnreadableError as fault:
            found.unreadable(text, at or first, str(fault), named(
                text, type=type, line=at or first, why=str(fault), extra=extra, optional=bool(extra)))  # fmt: skip


def _line_with(lines: list[str], text: str, start: int | None) -> int | None:
    for number in range(start or 1, len(lines) + 1):
        if text in lines[number - 1]:
            return number
    return start
