"""One line of PEP 508: `oneiric[extra]>=0.3.12; python_version < "3.14"`."""

from __future__ import annotations

import re

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed

from gitcoord.manifests.manifest import PYPI, Requirement

MAX_TEXT = 4_000
_SHOWN = 200
_NAME = re.compile(r"^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
_HEAD = re.compile(r"^\s*[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]+)['"]|['"]([^'"]+)['"]\s*==\s*extra""")


class UnreadableError(ValueError):
    """A text that is no requirement."""


def requirement(
    text: str,
    *,
    type: str,
    line: int | None,
    extra: str | None = None,
    optional: bool = False,
) -> Requirement:
    """Return what a text requires; raise `UnreadableError` with the reason."""
    if len(text) > MAX_TEXT:
        raise UnreadableError("it is too long")
    try:
        parsed = Parsed(text)
    except (InvalidRequirement, RecursionError) as fault:
        raise UnreadableError(str(fault).split("\n", 1)[0]) from None
    marker = str(parsed.marker) if parsed.marker else None
    if marker and extra is None:
        named = _EXTRA.search(marker)
        extra = named and (named[1] or named[2])
        optional = optional or named is not None
    return Requirement(
        package=parsed.name,
        constraint=_constraint(text) if str(parsed.specifier) else None,
        type=type,
        extra=extra,
        marker=marker,
        line=line,
        optional=optional,
        source=parsed.url,
        dialect=PYPI,
    )


def named(
    text: str,
    *,
    type: str,
    line: int | None,
    why: str,
    extra: str | None = None,
    optional: bool = False,
) -> Requirement | None:
    """Return a requirement of which only the name can be read; None where there is not even that."""
    name = _NAME.match(text[:MAX_TEXT])
    if name is None:
        return None
    rest = " ".join(text[name.end() : name.end() + _SHOWN].split())
    return Requirement(
        name[1], rest or None, type, extra=extra, line=line, optional=optional,
        dialect=PYPI, unreadable=why,
    )  # fmt: skip


def _constraint(text: str) -> str:
    """Return the constraint in the order it was written: the library sorts it."""
    rest = _HEAD.sub("", text, count=1).partition(";")[0].strip()
    if rest.startswith("("):
        rest = rest[1:].rpartition(")")[0]
    return re.sub(r"\s+", "", rest)
