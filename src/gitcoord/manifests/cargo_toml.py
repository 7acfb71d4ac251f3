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
_NEITHER = "it is neither a version nor a table"
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
            made = _detailed(found, name, value, type, line)
        else:
            found.flaw(line, "bad-requirement", f"{name}: {_NEITHER}.",
                       'Write it as name = "1.2".')  # fmt: skip
            made = Requirement(name, None, type, line=line, dialect=CARGO, unreadable=_NEITHER)
        alias = name if type == INHERITED else None  # members know it by this name
        found.requirements.append(made._replace(marker=marker, extra=alias))


def _detailed(
    found: Manifest, name: str, value: dict[str, Any], type: str, line: int | None
) -> Requirement:
    version = value.get("version")
    strange = version is not None and not isinstance(version, str)
    if strange:
        found.flaw(line, "bad-requirement", f"The version of {name} is no text.",
                   'Write it as version = "1.2".')  # fmt: skip
    return Requirement(
        text(value.get("package")) or name,
        _constraint(text(version)),
        type,
        line=line,
        optional=value.get("optional") is True,
        source=INHERITED if value.get("workspace") is True else source_of(value),
        dialect=CARGO,
        unreadable="its version is no text" if strange else None,
    )


def _constraint(said: str | None) -> str | None:
    said = (said or "").strip()
    return None if said in ("", "*") else said


def settle(root: Manifest | None, member: Manifest) -> None:
    """Fill in what a member takes from its workspace; what nobody else needs is dropped."""
    known = {} if root is None else {
        one.extra or one.package: one for one in root.requirements if one.type == INHERITED
    }  # fmt: skip
    shared = [] if root is None else [one for one in root.packages if not one.name and one.version]
    kept = []
    for one in member.requirements:
        if one.type == INHERITED:
            continue
        if one.source == INHERITED:
            one = _handed_down(one, known.get(one.package))
        kept.append(one)
    member.requirements = kept
    member.packages = [
        one._replace(version=shared[0].version) if one.source == INHERITED and shared else one
        for one in member.packages
        if one.name
    ]


def _handed_down(one: Requirement, above: Requirement | None) -> Requirement:
    """Return a requirement with what its workspace says of it."""
    if above is None:
        why = "it is taken from a workspace that does not name it"
        return one._replace(source=None, unreadable=one.unreadable or why)
    return one._replace(
        package=above.package,
        constraint=above.constraint,
        source=above.source,
        unreadable=one.unreadable or above.unreadable,
    )
