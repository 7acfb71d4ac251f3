"""pyproject.toml: PEP 621, dependency groups (PEP 735), the build system, and tools' tables."""

from __future__ import annotations

from gitcoord.manifests import pep508, poetry, toml
from gitcoord.manifests.manifest import (
    ATTRIBUTE,
    DEVELOPMENT,
    DYNAMIC,
    FILE,
    PYPI,
    RUNTIME,
    TAGS,
    Manifest,
    Package,
)
from gitcoord.manifests.names import normal, type_of_group
from gitcoord.manifests.pep508 import UnreadableError, requirement
from gitcoord.manifests.tables import source_of, strings, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.manifests.toml import Places

_VCS_TOOLS = ("setuptools_scm", "setuptools-scm", "versioningit", "poetry-dynamic-versioning")


def read(raw: bytes) -> Manifest:
    """Return what a pyproject.toml says; raise `BrokenError` when it is no TOML."""
    data, text = toml.load(raw)
    found = Manifest(PYPI)
    places = toml.Places(text)
    project, tool = table(data, "project"), table(data, "tool")
    name = project.get("name")
    if isinstance(name, str):
        found.packages.append(_package(project, tool, name, places))
    _strings(found, places, project, ("project", "dependencies"), RUNTIME)
    _extras(found, places, project)
    _groups(found, places, data)
    _strings(found, places, table(data, "build-system"), ("build-system", "requires"), DEVELOPMENT)
    poetry.read(found, tool, places)
    uv = table(tool, "uv")
    _strings(found, places, uv, ("tool", "uv", "dev-dependencies"), DEVELOPMENT)
    found.members += strings(table(uv, "workspace").get("members"))
    _take_sources(found, table(uv, "sources"))
    return found


def _package(project: dict[str, Any], tool: dict[str, Any], name: str, places: Places) -> Package:
    version = project.get("version")
    python = project.get("requires-python")
    python = python if isinstance(python, str) else None
    line = places.line("project", "version" if version else "name")
    if isinstance(version, str):
        return Package(name, version, line, python=python)
    source, detail = _dynamic(tool)
    return Package(name, None, line, source, detail, python)


def _dynamic(tool: dict[str, Any]) -> tuple[str, str]:
    """Return where a build backend would take the version from."""
    hatch = table(tool, "hatch", "version")
    if isinstance(hatch.get("path"), str):
        return FILE, hatch["path"]
    setuptools = table(tool, "setuptools", "dynamic", "version")
    if isinstance(setuptools.get("attr"), str):
        return ATTRIBUTE, setuptools["attr"]
    files = setuptools.get("file")
    files = files if isinstance(files, str) else next(iter(strings(files)), None)
    if files:
        return FILE, files
    pdm = table(tool, "pdm", "version")
    if pdm.get("source") == "file" and isinstance(pdm.get("path"), str):
        return FILE, pdm["path"]
    if (
        hatch.get("source") in ("vcs", "versioningit")
        or pdm.get("source") == "scm"
        or any(name in tool for name in _VCS_TOOLS)
    ):
        return TAGS, ""
    return DYNAMIC, ""


def _strings(
    found: Manifest,
    places: Places,
    holder: dict[str, Any],
    path: tuple[str, ...],
    type: str,
    extra: str | None = None,
) -> None:
    listed = holder.get(path[-1])
    if listed is None:
        return
    if not isinstance(listed, list):
        _strange(found, places.line(*path), ".".join(path))
        return
    for number, text in enumerate(listed):
        line = places.line(*path, number)
        if found.hopeless:
            return
        if isinstance(text, dict) and "include-group" in text:
            continue
        if not isinstance(text, str):
            _strange(found, line, ".".join(path))
            continue
        try:
            one = requirement(text, type=type, line=line, extra=extra, optional=extra is not None)
        except UnreadableError as fault:
            found.unreadable(text, line, str(fault), pep508.named(
                text, type=type, line=line, why=str(fault), extra=extra, optional=extra is not None))  # fmt: skip
        else:
            found.requirements.append(one)


def _strange(found: Manifest, line: int | None, where: str) -> None:
    found.flaw(
        line, "bad-manifest", f"{where} is not a list of texts.", "See the specification of pyproject.toml."
    )  # fmt: skip


def _extras(found: Manifest, places: Places, project: dict[str, Any]) -> None:
    extras = table(project, "optional-dependencies")
    for name in extras:
        path = ("project", "optional-dependencies", name)
        _strings(found, places, extras, path, type_of_group(name, RUNTIME), extra=name)


def _groups(found: Manifest, places: Places, data: dict[str, Any]) -> None:
    groups = table(data, "dependency-groups")
    known = {normal(PYPI, name) for name in groups}
    for name, listed in groups.items():
        path = ("dependency-groups", name)
        _strings(found, places, groups, path, type_of_group(name, DEVELOPMENT))
        # What is included is read where it stands; only a name that leads nowhere is told.
        for number, one in enumerate(listed if isinstance(listed, list) else ()):
            included = one.get("include-group") if isinstance(one, dict) else None
            if included is not None and normal(PYPI, str(included)) not in known:
                found.flaw(
                    places.line(*path, number),
                    "unknown-group",
                    f"There is no dependency group {included!r}.",
                    "Correct the name, or add the group.",
                )


def _take_sources(found: Manifest, sources: dict[str, Any]) -> None:
    """Note where uv takes a package from, if not from a registry."""
    by_name = {normal(PYPI, name): source_of(one) for name, one in sources.items()}
    for number, one in enumerate(found.requirements):
        source = by_name.get(normal(PYPI, one.package))
        if source:
            found.requirements[number] = one._replace(source=source)
