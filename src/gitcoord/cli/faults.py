"""Findings for people and for forges: lines, GitHub, GitLab, SARIF.

What comes from a record can be anything: each format escapes it in its own way.
"""

from __future__ import annotations

from gitcoord import __version__
from gitcoord.cli import text
from gitcoord.model.findings import ERROR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.model.findings import Finding

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "https://pypi.org/project/gitcoord/"


def plain(found: Sequence[Finding]) -> str:
    """Return findings as lines: the place, what is wrong, how to mend it."""
    lines = []
    for one in found:
        place = f"{one.path}:{one.line}:{one.column}" if one.line else one.path
        color = "red" if one.severity == ERROR else "yellow"
        lines.append(
            f"{text.style(text.inert(place), 'bold')}: {text.style(one.severity, color)}:"
            f" {f'{one.field}: ' if one.field else ''}{text.inert(one.message)}"
            f" {text.style(f'[{one.code}]', 'dim')}"
        )
        if one.hint:
            lines.append(f"    {text.inert(one.hint)}")
    return "\n".join(lines)


def counted(found: Sequence[Finding]) -> str:
    """Return how many errors and warnings there are."""
    if not found:
        return "no faults."
    errors = sum(one.severity == ERROR for one in found)
    return f"{text.count(errors, 'error')}, {text.count(len(found) - errors, 'warning')}."


def github(found: Sequence[Finding]) -> str:
    """Return findings as workflow commands, which GitHub shows beside the lines they mean."""
    lines = []
    for one in found:
        where = [f"file={_property(one.path)}"]
        if one.line:
            where += [f"line={one.line}", f"col={one.column or 1}"]
        where.append(f"title={_property(f'{one.id or one.path}: {one.code}')}")
        said = f"{one.field}: {one.message}" if one.field else one.message
        said = f"{said}\n{one.hint}" if one.hint else said
        lines.append(f"::{one.severity} {','.join(where)}::{_message(said)}")
    return "\n".join(lines)


def _message(said: str) -> str:
    return said.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(said: str) -> str:
    return _message(said).replace(":", "%3A").replace(",", "%2C")


def sarif(found: Sequence[Finding]) -> str:
    """Return findings as a SARIF 2.1.0 log."""
    import json  # indented, for people who look into it

    codes = sorted({one.code for one in found})
    run = {
        "tool": {
            "driver": {
                "name": "coord",
                "informationUri": _HOME,
                "version": __version__,
                "rules": [{"id": code} for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, codes.index(one.code)) for one in found],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False)


def _result(one: Finding, rule: int) -> dict[str, Any]:
    from urllib.parse import quote  # only for SARIF

    place: dict[str, Any] = {"artifactLocation": {"uri": quote(one.path)}}
    if one.line:
        place["region"] = {"startLine": one.line, "startColumn": one.column or 1}
    said = f"{one.field}: {one.message}" if one.field else one.message
    return {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": one.severity,
        "message": {"text": f"{said} {one.hint}".strip()},
        "locations": [{"physicalLocation": place}],
    }


def gitlab(found: Sequence[Finding]) -> str:
    """Return findings as the code quality report that GitLab shows in a merge request."""
    import json
    from hashlib import sha256

    report = []
    for one in found:
        known = "\0".join((one.code, one.path, one.field or "", one.message))
        report.append(
            {
                "description": f"{one.field}: {one.message}" if one.field else one.message,
                "check_name": one.code,
                "fingerprint": sha256(known.encode("utf-8", "replace")).hexdigest(),
                "severity": "major" if one.severity == ERROR else "minor",
                "location": {"path": one.path, "lines": {"begin": one.line or 1}},
            }
        )
    return json.dumps(report, indent=2, ensure_ascii=False)
