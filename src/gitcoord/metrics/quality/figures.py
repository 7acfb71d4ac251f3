"""What a measure counted, in a few words."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any


def brief(name: str, one: Mapping[str, Any]) -> str:
    """Return the figures of a measure in a line; the reason where there are none."""
    if not one["measured"]:
        return f"not measured: {one['reason']}"
    words = _WORDS[name](one)
    doubt = "stale: " if one["stale"] else "partial: " if one["partial"] else ""
    return f"{words} ({doubt}{one['reason']})" if doubt else words


def _ruff(one: Mapping[str, Any]) -> str:
    kinds = _kinds(one["by_severity"])
    return f"{one['findings']} findings{kinds} in {one['lines']} lines"


def _mypy(one: Mapping[str, Any]) -> str:
    return f"{one['errors']} errors in {one['files']} files"


def _security(one: Mapping[str, Any]) -> str:
    count = sum(one["by_severity"].values())
    return f"{count} findings{_kinds(one['by_severity'])} outside the tests"


def _complexity(one: Mapping[str, Any]) -> str:
    return (
        f"{one['above']} of {one['functions']} functions above {one['limit']}, mean {one['mean']:g}"
    )


def _documentation(one: Mapping[str, Any]) -> str:
    return f"{one['documented']} of {one['names']} public names"


def _tests(one: Mapping[str, Any]) -> str:
    parts = [
        f"{one[name]} {name}" for name in ("passed", "failed", "errors", "skipped") if one[name]
    ]
    flaky = f", {one['flaky']} flaky" if one["flaky"] else ""
    return f"{', '.join(parts) or 'no tests'} in {one['seconds']:g} s{flaky}"


def _dependencies(one: Mapping[str, Any]) -> str:
    names = ("undeclared", "misplaced", "unused", "unknown")
    parts = [f"{one[name]} {name}" for name in names if one[name]]
    if one["locks"]:
        parts.append(f"{one['outdated_locks']} of {one['locks']} locks outdated")
    return ", ".join(parts) or f"{one['declared']} declared, all fit"


def _vulnerabilities(one: Mapping[str, Any]) -> str:
    return f"{one['vulnerabilities']} in {one['packages']} packages"


def _kinds(counts: Mapping[str, int]) -> str:
    parts = [f"{number} {name}" for name, number in counts.items() if number]
    return f" ({', '.join(parts)})" if parts else ""


_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "ruff": _ruff,
    "mypy": _mypy,
    "security": _security,
    "complexity": _complexity,
    "documentation": _documentation,
    "tests": _tests,
    "dependencies": _dependencies,
    "vulnerabilities": _vulnerabilities,
}
