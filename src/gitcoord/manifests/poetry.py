"""The table of Poetry in a pyproject.toml, with its own words for constraints."""

from __future__ import annotations

import re

from gitcoord.manifests.manifest import (
    DEVELOPMENT,
    PYPI,
    RUNTIME,
    TAGS,
    Manifest,
    Package,
    Requirement,
)
from gitcoord.manifests.names import normal, type_of_group
from gitcoord.manifests.tables import source_of, table, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.manifests.toml import Places

DIALECT = "poetry"
_NEITHER = "it has neither a version nor a source"


def read(found: Manifest, tool: dict[str, Any], places: Places) -> None:
    """Add what Poetry's table says to a manifest."""
    poetry = table(tool, "poetry")
    if not poetry:
        return
    declared = poetry.get("dependencies")
    _package(found, poetry, places, tags="poetry-dynamic-versioning" in tool)
    _table(found, declared, ("tool", "poetry", "dependencies"), RUNTIME, places)
    path = ("tool", "poetry", "dev-dependencies")
    _table(found, poetry.get("dev-dependencies"), path, DEVELOPMENT, places)
    groups = poetry.get("group")
    for name, group in groups.items() if isinstance(groups, dict) else ():
        if isinstance(group, dict):
            below = ("tool", "poetry", "group", name, "dependencies")
            type = RUNTIME if name == "main" else type_of_group(name, DEVELOPMENT)
            _table(found, group.get("dependencies"), below, type, places)
    _extras(found, poetry.get("extras"))


def _package(found: Manifest, poetry: dict[str, Any], places: Places, *, tags: bool) -> None:
    name, version = poetry.get("name"), poetry.get("version")
    if not isinstance(name, str) or found.packages:
        return
    line = places.line("tool", "poetry", "version" if version else "name")
    python = text(table(poetry, "dependencies").get("python"))
    if isinstance(version, str) and not tags:
        found.packages.append(Package(name, version, line, python=python))
    else:  # the plugin for versions from tags leaves a version that means nothing
        found.packages.append(Package(name, None, line, TAGS, "", python))


def _table(
    found: Manifest, declared: Any, path: tuple[str, ...], type: str, places: Places
) -> None:
    if declared is None:
        return
    if not isinstance(declared, dict):
        found.flaw(
            places.line(*path), "bad-manifest", f"{'.'.join(path)} is not a table.", "See Poetry's documentation."
        )  # fmt: skip
        return
    for name, value in declared.items():
        if name == "python":
            continue
        line = places.line(*path, name)
        for one in value if isinstance(value, list) else [value]:
            made = _requirement(name, one, type, line)
            if made.unreadable:
                found.flaw(line, "bad-requirement", f"{name}: {_NEITHER}.",
                           'Write it as name = "^1.2" or as a table.')  # fmt: skip
            found.requirements.append(made)


def _requirement(name: str, value: Any, type: str, line: int | None) -> Requirement:
    if isinstance(value, str):
        return Requirement(name, _constraint(value), type, line=line, dialect=DIALECT)
    version = value.get("version") if isinstance(value, dict) else value
    if not isinstance(value, dict) or not isinstance(version, str | None):
        return Requirement(name, None, type, line=line, dialect=DIALECT, unreadable=_NEITHER)
    python, marker = text(value.get("python")), text(value.get("markers"))
    if python is not None and marker is None:
        marker = _python_marker(python)
    return Requirement(
        name,
        _constraint(version) if version is not None else None,
        type,
        marker=marker,
        line=line,
        optional=value.get("optional") is True,
        source=source_of(value),
        dialect=DIALECT,
    )


def _constraint(said: str) -> str | None:
    said = said.strip()
    return None if said in ("", "*") else said


def _python_marker(python: str) -> str | None:
    """Return the marker for a condition on Python, where it is a plain comparison."""
    parts = [one.strip() for one in python.split(",")]
    found = [re.fullmatch(r"(<=|>=|<|>|==|!=)\s*([0-9.]+)", one) for one in parts]
    if not all(found):
        return None
    return " and ".join(f'python_full_version {one[1]} "{one[2]}"' for one in found if one)


def _extras(found: Manifest, extras: Any) -> None:
    """Name the extra that brings an optional requirement in."""
    if not isinstance(extras, dict):
        return
    by_name: dict[str, str] = {}
    for extra, listed in extras.items():
        for one in listed if isinstance(listed, list) else ():
            if isinstance(one, str):
                by_name.setdefault(normal(PYPI, one.partition("[")[0].partition(" ")[0]), extra)
    for number, one in enumerate(found.requirements):
        if one.optional and one.extra is None and one.dialect == DIALECT:
            extra = by_name.get(normal(PYPI, one.package))
            if extra:
                type = type_of_group(extra, one.type)
                found.requirements[number] = one._replace(extra=extra, type=type)
