"""Cargo.toml: a crate or a workspace of crates, with what members inherit."""

from __future__ import annotations

from gitcoord.manifests import toml
from gitcoord.manifests.manifest import (
    CARGO,
    DEVELOPMENT,
    DYNAMIC,
    RUNTIME,
    STATIC,
    Manifest,
    Package,
    Requirement,
)
from gitcoord.manifests.tables import source_of, strings, table, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.manifests.toml import Places

_SECTIONS = (
    ("dependencies", RUNTIME),
    ("dev-dependencies", DEVELOPMENT),
    ("build-dependencies", DEVELOPMENT),
)
INHERITED = "inherited"
"""The type of a requirement that stands in a workspace for its members, and their version."""


def read(raw: bytes) -> Manifest:
    """Return what a Cargo.toml says; raise `BrokenError` when it is no TOML."""
    data, said = toml.load(raw)
    found = Manifest(CARGO)
    places = toml.Places(said)
    crate = table(data, "package")
    if isinstance(crate.get("name"), str):
        version = text(crate.get("version"))
        line = places.line("package", "version" if version else "name")
        inherited = table(crate, "version").get("workspace") is True
        source = STATIC if version else INHERITED if inherited else DYNAMIC
        found.packages.append(Package(crate["name"], version, line, source))
    _sections(found, data, (), places)
    for name, target in table(data, "target").items():
        _sections(found, target, ("target", name), places)
    space = table(data, "workspace")
    found.members += strings(space.get("members"))
    _table(found, space.get("dependencies"), ("workspace", "dependencies"), INHERITED, places)
    shared = text(table(space, "package").get("version"))
    if shared:
        line = places.line("workspace", "package", "version")
        found.packages.append(Package("", shared, line, INHERITED))
    return found


def _sections(found: Manifest, holder: Any, path: tuple[str, ...], places: Places) -> None:
    for section, type in _SECTIONS:
        for name in dict.fromkeys((section, section.replace("-", "_"))):
            declared = holder.get(name) if isinstance(holder, dict) else None
            marker = path[1] if path else None
            _table(found, declared, (*path, name), type, places, marker)


def _table(
    found: Manifest,
    declared: Any,
    path: tuple[str, ...],
    type: str,
    places: Places,
    marker: str | None = None,
) -> None:
    if declared is None:
        return
    if not isinstance(declared, dict):
        found.flaw(places.line(*path), "bad-manifest", f"{'.'.join(path)} is not a table.",
                   "See Cargo's documentation of the manifest.")  # fmt: skip
        return
    for name, value in declared.items():
        line = places.line(*path, name)
        if isinstance(value, str):
            made = Requirement(name, _constraint(value), type, line=line, dialect=CARGO)
        elif isinstance(value, dict):
            made = Requirement(
                text(value.get("package")) or name,
                _constraint(text(value.get("version"))),
                type,
                line=line,
                optional=value.get("optional") is True,
                source=INHERITED if value.get("workspace") is True else source_of(value),
                dialect=CARGO,
            )
        else:
            found.flaw(line, "bad-requirement", f"{name} is neither a version nor a table.",
                       'Write it as name = "1.2".')  # fmt: skip
            continue
        found.requirements.append(made._replace(marker=marker))


def _constraint(said: str | None) -> str | None:
    said = (said or "").strip()
    return None if said in ("", "*") else said


def settle(root: Manifest | None, member: Manifest) -> None:
    """Fill in what a member takes from its workspace; what nobody else needs is dropped."""
    known = {} if root is None else {
        one.package: one for one in root.requirements if one.type == INHERITED
    }  # fmt: skip
    shared = [] if root is None else [one for one in root.packages if not one.name and one.version]
    kept = []
    for one in member.requirements:
        if one.type == INHERITED:
            continue
        if one.source == INHERITED:
            above = known.get(one.package)
            one = one._replace(
                constraint=above.constraint if above else None,
                source=above.source if above else None,
            )
        kept.append(one)
    member.requirements = kept
    member.packages = [
        one._replace(version=shared[0].version) if one.source == INHERITED and shared else one
        for one in member.packages
        if one.name
    ]
