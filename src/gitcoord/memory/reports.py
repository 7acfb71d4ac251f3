"""Read what tools report: JSON of ruff, mypy and crackerjack, and JUnit XML as pytest writes it.

Each trouble becomes type, message, file, line and stage, in the words of attempts. A report
is somebody's file: one that is not what it seems is refused, and XML with a DOCTYPE, which
could make a parser grow without bound, is not parsed at all.
"""

from __future__ import annotations

import json

from gitcoord.errors import InvalidError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any
    from xml.etree.ElementTree import Element

LARGEST = 64 << 20
_TOOLS = (
    "ruff check --output-format json, mypy --output json, pytest --junit-xml,"
    " and crackerjack's result of schema version 1"
)
_CRACKERJACK = "1"
"""The version of crackerjack's result that is read here."""


def read(content: bytes, folder: str = "") -> tuple[str, list[dict[str, Any]]]:
    """Return the tool and the troubles it reports; paths below `folder` are made relative."""
    text = _text(content)
    if text.startswith("<"):
        tool, found = "pytest", _junit(text)
    else:
        tool, found = _json(text)
    for one in found:
        path = str(one.get("file") or "").replace("\\", "/")
        inside = path.removeprefix(folder.replace("\\", "/").rstrip("/") + "/") if folder else path
        one["file"] = inside.removeprefix("./") or None
        one["tool"] = tool
    return tool, found


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise InvalidError("The report is larger than 64 MiB.", hint="Split it.")
    try:
        return content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise _unknown("It is not UTF-8.") from None


def _unknown(why: str) -> InvalidError:
    return InvalidError(f"This is no report that coord reads. {why}", hint=f"It reads {_TOOLS}.")


def _json(text: str) -> tuple[str, list[dict[str, Any]]]:
    try:
        whole = json.loads(text) if text else []
        items = whole if isinstance(whole, list) else [whole]
    except ValueError:
        items = _json_lines(text)
    except RecursionError:
        raise _unknown("It is nested too deeply.") from None
    if not all(isinstance(one, dict) for one in items):
        raise _unknown("It is JSON of another shape.")
    if len(items) == 1 and "schema_version" in items[0] and "issues" in items[0]:
        return "crackerjack", _run(items[0])
    if all("location" in one and "filename" in one for one in items):
        return "ruff", [_checked(_ruff, one) for one in items]
    if all("severity" in one and "message" in one and "file" in one for one in items):
        return "mypy", [_checked(_mypy, one) for one in items if one["severity"] == "error"]
    raise _unknown("It is JSON of another shape.")


def _json_lines(text: str) -> list[Any]:
    try:
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError):
        raise _unknown("It is neither JSON nor XML.") from None


def _checked(
    build: Callable[[dict[str, Any]], dict[str, Any]], one: dict[str, Any]
) -> dict[str, Any]:
    try:
        return build(one)
    except (KeyError, TypeError, AttributeError):
        raise _unknown("One of its entries lacks what it should have.") from None


def _ruff(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": one["code"] or "syntax-error", "message": one["message"], "file": one["filename"],
        "line": one["location"]["row"], "stage": "lint",
    }  # fmt: skip


def _mypy(one: dict[str, Any]) -> dict[str, Any]:
    line = one.get("line")
    return {
        "type": one.get("code") or "mypy", "message": one["message"], "file": one["file"],
        "line": line if isinstance(line, int) and line >= 0 else None, "stage": "types",
    }  # fmt: skip


def _run(whole: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the issues of a run of crackerjack; one that says how it stands in no way is refused."""
    version, issues = whole["schema_version"], whole["issues"]
    if version != _CRACKERJACK:
        raise _unknown(f"It is crackerjack's version {str(version)[:20]!r}; 1 is read.")
    if not isinstance(issues, list):
        raise _unknown("It is JSON of another shape.")
    return [_checked(_issue, one) for one in issues]


def _issue(one: dict[str, Any]) -> dict[str, Any]:
    line, stage = one.get("line_number"), one.get("stage")
    return {
        "type": one["type"], "message": one["message"], "file": one.get("file_path"),
        "line": line if isinstance(line, int) and line >= 0 else None,
        "stage": stage if stage != "unknown" else None,
    }  # fmt: skip


def _junit(text: str) -> list[dict[str, Any]]:
    from xml.etree import ElementTree  # only for this sort of report

    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise _unknown("It is XML with a DOCTYPE.")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  (no DOCTYPE, so no entities)
    except (ElementTree.ParseError, RecursionError):
        raise _unknown("It is no well-formed XML.") from None
    if root.tag not in ("testsuites", "testsuite"):
        raise _unknown("It is XML of another sort.")
    return [
        _case(case, fault)
        for case in root.iter("testcase")
        for fault in case
        if fault.tag in ("failure", "error")
    ]


def _case(case: Element, fault: Element) -> dict[str, Any]:
    message = fault.get("message") or (fault.text or "").strip().partition("\n")[0] or "failed"
    line = case.get("line") or ""
    return {
        "type": _exception(message) or fault.get("type") or f"test-{fault.tag}",
        "message": f"{case.get('name', '')}: {message}" if case.get("name") else message,
        "file": case.get("file") or (case.get("classname") or "").replace(".", "/") or None,
        "line": int(line) if line.isdecimal() and len(line) < 8 else None, "stage": "test",
    }  # fmt: skip


def _exception(message: str) -> str:
    """Return the name of the exception with which a message begins."""
    name = message.partition(":")[0].strip().rpartition(".")[2]
    return name if name.isidentifier() and name.endswith(("Error", "Exception")) else ""
