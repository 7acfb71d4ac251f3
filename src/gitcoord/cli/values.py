"""A value of a field, or a time, in one short line."""

from __future__ import annotations

import time

from gitcoord.cli.text import clip, inert
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BLANK = "-"
_WIDEST = 60


def brief(value: Any, widest: int = _WIDEST) -> str:
    """Return a value as a short text that cannot steer a terminal; - where it is blank."""
    if value is None or value == [] or value == {}:
        return BLANK
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        shown = ", ".join(value)
    elif isinstance(value, str):
        shown = value.strip()
    elif isinstance(value, dict) and isinstance(value.get("text"), str):
        shown = value["text"].strip()  # a comment, a criterion
    elif isinstance(value, dict) and isinstance(value.get("name"), str):
        shown = value["name"]  # a milestone
    else:
        shown = jsontext.dumps(value)
    return clip(inert(shown[: widest * 4]), widest) or '""'


def iso(seconds: int) -> str:
    """Return a time as RFC 3339, in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(seconds))


def local(seconds: int) -> str:
    """Return a time in the user's zone, to the minute."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
