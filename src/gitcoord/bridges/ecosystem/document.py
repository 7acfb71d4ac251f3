"""The bytes of an `ecosystem.yaml` to plain data, or a refusal that says where.

Such a file may be larger than a record file. A small one is read with all the care of
the codec, a large one by the same parser and the same rules for what it may hold.
"""

from __future__ import annotations

import re
from typing import Any

from gitcoord.codec.native import loads
from gitcoord.codec.read import LARGEST, MAX_BYTES, Malformed, parse
from gitcoord.errors import InvalidError

_LARGEST_FILE = 256 << 20
_DEEPEST = 20_000  # the parser refuses far less, but takes time that grows with the square
_BRACKET = re.compile(r"[\[\]{}]")


def parsed(raw: bytes, name: str = "") -> dict[str, Any]:
    """Return the mapping that a file holds; raise `InvalidError` when it holds anything else."""
    if len(raw) <= MAX_BYTES:
        try:
            return parse(raw)
        except Malformed as fault:
            where = f"line {fault.line}, column {fault.column}"
            if name:
                where = f"{name}:{fault.line}:{fault.column}"
            raise InvalidError(f"{where}: {fault.message}", hint=fault.hint) from None
    if len(raw) > _LARGEST_FILE:
        raise _refusal(f"The file has {len(raw):,} bytes; {_LARGEST_FILE:,} are read at most.")
    try:
        data = loads(_checked(raw.decode()))
    except UnicodeDecodeError as error:
        raise _refusal(f"Byte {error.start} is not UTF-8.") from None
    except ValueError as error:
        raise _refusal(str(error)) from None
    if not isinstance(data, dict):
        raise _refusal("The file holds no mapping.")
    _refuse_odd(data)
    return data


def _checked(text: str) -> str:
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > _DEEPEST:
            raise _refusal(f"Brackets nest deeper than {_DEEPEST}.", text, bracket.start())
    return text


def _refuse_odd(value: Any) -> None:
    """Refuse keys that are no text and numbers that not everybody can hold, at every level."""
    kind = type(value)
    if kind is str:
        return
    if kind is dict:
        for key, held in value.items():
            if type(key) is not str or key == "<<":
                raise _refusal(f"{key!r:.40} cannot be a key.")
            if type(held) is not str:
                _refuse_odd(held)
    elif kind is list:
        for held in value:
            if type(held) is not str:
                _refuse_odd(held)
    elif (kind is int or kind is float) and not -LARGEST <= value < LARGEST:
        raise _refusal(f"{value!r:.40} is no ordinary number.")


def _refusal(message: str, text: str = "", at: int = 0) -> InvalidError:
    where = f"line {text.count(chr(10), 0, at) + 1}: " if text else ""
    return InvalidError(f"{where}{message}", hint="Mend or split the file and import it again.")
