"""Say why a file is refused: the first fault that a person would want to hear of, and its place."""

from __future__ import annotations

import re

import yaml

from gitcoord.codec.forbidden import first_fault
from gitcoord.codec.malformed import Malformed, position
from gitcoord.codec.syntax import syntax_fault

_SIDE = re.compile(rb"^(?:\xef\xbb\xbf)?(?:<{7}|>{7}|\|{7})(?= |\r?$)", re.MULTILINE)
_MIDDLE = re.compile(rb"^={7}\r?$", re.MULTILINE)
_LINE = re.compile(r"\S[^\r\n]*")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


def before_parsing(raw: bytes, limit: int) -> Malformed | None:
    """Return what makes a file unfit for the parser, or is refused though it parses."""
    if len(raw) > limit:
        return Malformed(
            1,
            1,
            "too-large",
            f"The file is larger than {limit / (1 << 20):g} MiB.",
            "Keep long logs and data in files of their own and name them in the record.",
        )
    fault = _conflict(raw, _SIDE) or _undecodable(raw)
    return fault or _forbidden(raw.decode())


def after_parsing(text: str, error: str) -> Malformed:
    """Return what is wrong with a text that the parser refused with `error`, or read oddly."""
    raw = text.encode()
    fault = _conflict(raw, _SIDE) or _conflict(raw, _MIDDLE) or _control(text) or _forbidden(text)
    if fault is not None:
        return fault
    if error:
        return syntax_fault(text, error)
    return _not_a_mapping(text)


def _conflict(raw: bytes, marker: re.Pattern[bytes]) -> Malformed | None:
    """Return where git left the two sides of a merge."""
    found = marker.search(raw)
    if found is None:
        return None
    return Malformed(
        raw.count(b"\n", 0, found.start()) + 1,
        1,
        "conflict-markers",
        "The file holds an unresolved merge conflict.",
        "Decide with `coord resolve`, or keep what is right and remove the lines of <, = and >.",
    )


def _undecodable(raw: bytes) -> Malformed | None:
    """Return the first byte that is not UTF-8."""
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode()
        return Malformed(
            *position(before, len(before)),
            "not-utf8",
            f"The byte 0x{raw[error.start]:02x} is not valid UTF-8.",
            "Save the file as UTF-8.",
        )
    return None


def _control(text: str) -> Malformed | None:
    """Return the first character that no text file should hold."""
    found = _CONTROL.search(text)
    if found is None:
        return None
    code = ord(found[0])
    return Malformed(
        *position(text, found.start()),
        "control-character",
        f"The control character U+{code:04X} stands in the file.",
        f'Remove it, or write it as "\\x{code:02x}" in double quotes.',
    )


def _forbidden(text: str) -> Malformed | None:
    """Return what is refused of a text's YAML, nothing when it is not even YAML."""
    body = text.removeprefix("\ufeff")
    try:
        return first_fault(body)
    except Malformed as fault:
        return fault
    except yaml.YAMLError:
        return None


def _not_a_mapping(text: str) -> Malformed:
    """Say what stands at the top of a file instead of fields."""
    for found in _LINE.finditer(text.removeprefix("\ufeff")):
        if found[0][0] not in "#%" and found[0].rstrip() != "---":
            return Malformed(
                *position(found.string, found.start()),
                "not-a-mapping",
                "The file does not begin with a field such as `id: ISSUE-001`.",
                "Write one `name: value` a line; a list or a bare text is not a record.",
            )
    return Malformed(
        1,
        1,
        "empty",
        "The file holds no fields.",
        "Write the record's fields, or delete the file.",
    )
