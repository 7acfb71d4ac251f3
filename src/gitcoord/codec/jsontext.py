"""JSON out, without the `json` module: importing that costs half a query.

Text is UTF-8 as it is; control characters are escaped, so a title can never steer a
terminal. The interpreter's own string encoder does the work.
"""

from __future__ import annotations

try:
    from _json import encode_basestring as _quote
except ImportError:  # an interpreter without the accelerator
    from json.encoder import py_encode_basestring as _quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_UNSAFE = dict.fromkeys([0x7F, *range(0x80, 0xA0), 0x2028, 0x2029, *range(0xD800, 0xE000)])
_UNSAFE_TEXT = {code: f"\\u{code:04x}" for code in _UNSAFE}


def dumps(value: Any) -> str:
    """Return a value as compact JSON on one line; anything but plain data is a `TypeError`."""
    if isinstance(value, str):
        return quote(value)
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        # JSON has no word for these; a reader of the record has refused them already.
        return "null" if value != value or value in (_INF, -_INF) else float.__repr__(value)
    if isinstance(value, dict):
        return "{" + ", ".join([f"{quote(k)}: {dumps(v)}" for k, v in value.items()]) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join([dumps(item) for item in value]) + "]"
    raise TypeError(f"{type(value).__name__} is not plain data")


def quote(text: str) -> str:
    """Return a string as a JSON string."""
    quoted = _quote(text)
    return quoted if quoted.isascii() and "\x7f" not in quoted else quoted.translate(_UNSAFE_TEXT)


def lines(items: list[str]) -> str:
    """Join JSON texts into one array, an item a line."""
    return "[" + ",\n ".join(items) + "]" if items else "[]"


_INF = float("inf")
