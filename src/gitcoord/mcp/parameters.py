"""What a tool takes, declared once: its JSON Schema and the check of what comes come from here.

All parameters are flat. The check is the schema's, word for word, but says in one sentence
what is wrong and in another what would be right; a name that the tool does not know is refused
with the nearest it does know, since a client that is not told believes it was heard.
"""

from __future__ import annotations

import re
from datetime import date

from gitcoord.errors import UsageError
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

LONGEST = 100_000
"""Letters in one text: a description may be long, a flood is refused before it is read."""

_MANY = 100
_TYPES = {"string": "a text", "integer": "a whole number", "number": "a number",
          "boolean": "true or false", "array": "a list of texts"}  # fmt: skip
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Parameter:
    """One named value of a tool."""

    __slots__ = ("name", "required", "schema")

    def __init__(self, name: str, schema: dict[str, Any], *, required: bool = False) -> None:
        self.name = name
        self.schema = schema
        self.required = required

    def needed(self) -> Parameter:
        """Return the same, as one that has to be given."""
        return Parameter(self.name, self.schema, required=True)


def text(name: str, told: str = "", *, example: str = "") -> Parameter:
    """Return a parameter that takes any text."""
    return Parameter(name, _described({"type": "string"}, told, example))


def choice(name: str, values: Sequence[str], told: str = "") -> Parameter:
    """Return a parameter that takes one of some words."""
    return Parameter(name, _described({"type": "string", "enum": list(values)}, told))


def day(name: str, told: str = "") -> Parameter:
    """Return a parameter that takes a calendar day."""
    return Parameter(name, _described({"type": "string", "format": "date"}, told))


def texts(name: str, told: str = "", *, example: str = "") -> Parameter:
    """Return a parameter that takes a list of texts."""
    schema = {"type": "array", "items": {"type": "string"}}
    return Parameter(name, _described(schema, told, [example] if example else ""))


def flag(name: str, told: str = "") -> Parameter:
    """Return a parameter that is true or false."""
    return Parameter(name, _described({"type": "boolean"}, told))


def hours(name: str, told: str = "") -> Parameter:
    """Return a parameter that takes a number of hours."""
    return Parameter(name, _described({"type": "number", "minimum": 0}, told))


def count(name: str, most: int, usual: int) -> Parameter:
    """Return a parameter that takes a number from 1 to `most`."""
    return Parameter(name, {"type": "integer", "minimum": 1, "maximum": most, "default": usual})


def _described(schema: dict[str, Any], told: str, example: Any = "") -> dict[str, Any]:
    if told:
        schema["description"] = told
    if example:
        schema["examples"] = [example]
    return schema


def schema_of(parameters: Sequence[Parameter]) -> dict[str, Any]:
    """Return the JSON Schema of an object with some parameters and no others."""
    found: dict[str, Any] = {
        "type": "object",
        "properties": {one.name: one.schema for one in parameters},
        "additionalProperties": False,
    }
    required = [one.name for one in parameters if one.required]
    if required:
        found["required"] = required
    return found


def checked(parameters: Sequence[Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values by name, None for those not given; raise `UsageError` for a wrong one."""
    known = {one.name: one for one in parameters}
    for name in given:
        if name not in known:
            close = nearest(name, known)
            raise UsageError(
                f"There is no parameter {name!r}" + (f"; did you mean {close}?" if close else "."),
                hint=f"It takes {', '.join(known)}." if known else "It takes no parameters.",
            )
    values = {name: one.schema.get("default") for name, one in known.items()}
    for one in parameters:
        if given.get(one.name) is not None:
            values[one.name] = _value(one, given[one.name])
        elif one.required:
            raise UsageError(f"{one.name} is missing.", hint=_wanted(one))
    return values


def _value(one: Parameter, value: Any) -> Any:
    if not _fits(one.schema["type"], value):
        raise UsageError(f"{one.name} is not {_TYPES[one.schema['type']]}.", hint=_wanted(one))
    if one.required and isinstance(value, str) and not value.strip():
        raise UsageError(f"{one.name} is empty.", hint=_wanted(one))
    if isinstance(value, str) and len(value) > LONGEST:
        raise UsageError(
            f"{one.name} has {len(value):,} letters; {LONGEST:,} is the most.", hint="Shorten it."
        )
    if not _allowed(one.schema, value):
        close = nearest(str(value), one.schema.get("enum", ()))
        raise UsageError(
            f"{one.name} cannot be {str(value)[:60]!r}"
            + (f"; did you mean {close}?" if close else "."),
            hint=_wanted(one),
        )
    return value


def _fits(type: str, value: Any) -> bool:
    if type == "array":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if type == "boolean":
        return isinstance(value, bool)
    if type == "string":
        return isinstance(value, str)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return type == "number" or value == int(value)


def _allowed(schema: dict[str, Any], value: Any) -> bool:
    if "enum" in schema:
        return value in schema["enum"]
    if isinstance(value, list):
        return len(value) <= _MANY
    if schema.get("format") == "date":
        return not value or _is_day(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True


def _is_day(value: str) -> bool:
    if not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _wanted(one: Parameter) -> str:
    """Say what a parameter takes."""
    schema = one.schema
    if "enum" in schema:
        return f"{one.name} takes one of: {', '.join(schema['enum'])}."
    if schema.get("format") == "date":
        return f"{one.name} takes a day, such as 2026-12-31."
    told = f"{one.name} takes {_TYPES[schema['type']]}"
    if schema["type"] == "array":
        told += f", at most {_MANY}"
    if "maximum" in schema:
        told += f" from {schema['minimum']} to {schema['maximum']}"
    elif "minimum" in schema:
        told += f" from {schema['minimum']}"
    if "examples" in schema:
        told += f", such as {schema['examples'][0]!r}"
    return told + "."
