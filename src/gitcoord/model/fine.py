"""Say quickly that a record has no fault at all.

Nearly every record is fine, and to see that takes a third of the time of naming faults
with their places. A no says nothing: `validate` then looks closely.
"""

from __future__ import annotations

from gitcoord.model.ids import is_id, is_repo_name
from gitcoord.model.moments import date, datetime
from gitcoord.model.shapes import SHAPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Test = Callable[[Any], bool]

_TESTS: dict[str, Test] = {}
_SHORT = 40
_MANY = 100_000


def fine(kind: str, data: dict[str, Any]) -> bool:
    """Whether a record certainly keeps all rules of its kind."""
    test = _TESTS.get(kind)
    if test is None:
        test = _TESTS[kind] = _test(SHAPES[kind])
    return test(data)


class Parts:
    """The rules of a kind one by one: for whoever sees the fields of a record one by one.

    A record is fine if it has all `required` fields and each of its fields is.
    """

    __slots__ = ("_empty", "required", "tests")

    def __init__(self, kind: str) -> None:
        self.tests, self._empty, self.required = _parts(SHAPES[kind])

    def fine(self, field: str, value: Any) -> bool:
        """Whether a field certainly keeps its rule."""
        test = self.tests.get(field)
        return test is not None and (field in self._empty if value is None else test(value))


def _parts(shape: dict[str, Any]) -> tuple[dict[str, Test], frozenset[str], frozenset[str]]:
    """Return the tests of a mapping's properties, which may be empty, and which must be there."""
    properties = shape.get("properties", {})
    tests = {name: _test(inner) for name, inner in properties.items()}
    empty = frozenset(name for name, inner in properties.items() if inner.get("nullable"))
    return tests, empty, frozenset(shape.get("required", ()))


def _test(shape: dict[str, Any]) -> Test:
    if "any" in shape:
        tests = [_test(one) for one in shape["any"]]
        return lambda value: any([test(value) for test in tests])
    make = _MAKERS.get(shape["type"], _mapping)
    return make(shape)


def _anything(_: dict[str, Any]) -> Test:
    return lambda value: True


def _boolean(_: dict[str, Any]) -> Test:
    return lambda value: type(value) is bool


def _number(shape: dict[str, Any]) -> Test:
    types = (int,) if shape["type"] == "integer" else (int, float)
    least = shape.get("minimum", -(2**63))
    most = shape.get("maximum", 2**63)
    return lambda value: type(value) in types and least <= value <= most


def _text(shape: dict[str, Any]) -> Test:
    if "enum" in shape:
        words = frozenset(shape["enum"])
        return lambda value: type(value) is str and value in words
    form = _FORMS.get(shape.get("form", ""))
    least, most = shape.get("minLength", 0), shape.get("maxLength", 1 << 30)
    if form is None:
        return lambda value: type(value) is str and least <= len(value) <= most
    known: set[str] = set()

    def look(value: Any) -> bool:
        if type(value) is not str:
            return False
        if value in known:
            return True
        if not (least <= len(value) <= most and form(value)):
            return False
        # The same few names and days, and the ids of neighbours, stand in very many records.
        if len(value) <= _SHORT and len(known) < _MANY:
            known.add(value)
        return True

    return look


def _array(shape: dict[str, Any]) -> Test:
    test = _test(shape["items"]) if "items" in shape else None

    def look(value: Any) -> bool:
        if type(value) is not list:
            return False
        if test is not None:
            for item in value:
                if not test(item):
                    return False
        # The same text twice is worth a warning; other items cannot be compared as cheaply.
        return len(value) < 2 or type(value[0]) is not str or _distinct(value)

    return look


def _distinct(value: list[Any]) -> bool:
    return all([type(item) is str for item in value]) and len(set(value)) == len(value)


def _mapping(shape: dict[str, Any]) -> Test:
    tests, empty, required = _parts(shape)
    others = _test(shape["values"]) if "values" in shape else None

    def look(value: Any) -> bool:
        if type(value) is not dict or not required <= value.keys():
            return False
        for name, held in value.items():
            test = tests.get(name)
            if test is not None:
                if not (name in empty if held is None else test(held)):
                    return False
            elif (others is None and tests) or (others is not None and not others(held)):
                return False
        return True

    return look


def _is_day(value: str) -> bool:
    try:
        return len(value) == 10 and date.fromisoformat(value) is not None
    except ValueError:
        return False


def _is_moment(value: str) -> bool:
    try:
        return (
            len(value) >= 16
            and value[4] == value[7] == "-"
            and value[10] in "T "
            and datetime.fromisoformat(value).tzinfo is not None
        )
    except ValueError:
        return False


_FORMS: dict[str, Callable[[str], bool]] = {
    "id": is_id,
    "repo": is_repo_name,
    "day": _is_day,
    "moment": _is_moment,
    "filled": lambda value: not value.isspace() and value != "",
}
_MAKERS: dict[str, Callable[[dict[str, Any]], Test]] = {
    "string": _text,
    "integer": _number,
    "number": _number,
    "boolean": _boolean,
    "array": _array,
    "anything": _anything,
}
