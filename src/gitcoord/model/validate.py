"""Check a record's data against the rules of its kind, and name every fault.

The rules are the published JSON Schemas, compiled into `shapes`; calendar dates and the
name of the file come on top. All faults are returned at once, each in words that say
what is there and what should be.
"""

from __future__ import annotations

from gitcoord.model import ids
from gitcoord.model.findings import WARNING, Fault
from gitcoord.model.forms import FORMS, short
from gitcoord.model.kinds import BY_NAME, REPO
from gitcoord.model.shapes import SHAPES
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Where = tuple[str | int, ...]
    Checker = Callable[[Any, Where, list[Fault]], None]

_SYNONYMS = {
    "pending": ("new", "open", "todo", "backlog", "planned", "waiting"),
    "in_progress": ("wip", "doing", "started", "active", "in-progress", "in progress"),
    "resolved": ("fixed", "done", "complete", "completed", "finished"),
    "completed": ("fixed", "done", "complete", "finished", "resolved", "closed"),
    "closed": ("wontfix", "cancelled", "canceled", "dropped", "duplicate"),
    "cancelled": ("wontfix", "canceled", "dropped"),
    "on_hold": ("paused", "blocked"),
    "critical": ("p0", "urgent", "blocker"),
    "high": ("p1", "major"),
    "medium": ("p2", "normal"),
    "low": ("p3", "p4", "minor", "trivial"),
}
"""What other trackers say, for hints only: nothing is ever read as something else."""

_KINDS_OF_VALUE = {
    str: "a text", bool: "true or false", int: "a number", float: "a number", list: "a list",
    dict: "a mapping", type(None): "nothing",
}  # fmt: skip
_WANTED = {
    "string": "a text", "integer": "a whole number", "number": "a number",
    "boolean": "true or false", "array": "a list", "object": "a mapping of fields",
}  # fmt: skip


def check(kind: str, data: dict[str, Any]) -> list[Fault]:
    """Return every fault in the data of a kind, or of `settings` and `roles`; [] when it is fine."""
    faults: list[Fault] = []
    _checker(kind)(data, (), faults)
    return faults


def check_place(kind: str, id: str, data: dict[str, Any]) -> list[Fault]:
    """Return the fault of a record whose id is not the name of its file."""
    key = "name" if kind == REPO.name else "id"
    held = data.get(key)
    if not isinstance(held, str) or held == id:
        return []
    hint = f"Write `{key}: {id}`"
    if ids.is_id(held) or (key == "name" and ids.is_repo_name(held)):
        hint += f", or rename the file to {short(held)}.yaml"
    told = f"The file is named {id}, but the {key} is {short(held)}."
    return [Fault((key,), "id-mismatch", told, hint=f"{hint}.")]


_CHECKERS: dict[str, Checker] = {}


def _checker(kind: str) -> Checker:
    """Return the check of a kind, built from its shape when it is first needed."""
    found = _CHECKERS.get(kind)
    if found is None:
        found = _CHECKERS[kind] = _build(SHAPES[kind], kind)
    return found


def _build(shape: dict[str, Any], kind: str) -> Checker:
    """Return the function that checks a value against a shape.

    `kind` is the kind of record whose own fields the shape holds; "" further down.
    """
    if "any" in shape:
        return _alternatives(shape)
    make = {
        "string": _text, "integer": _number, "number": _number, "boolean": _plain,
        "array": _array, "anything": _anything,
    }.get(shape["type"])  # fmt: skip
    return _mapping(shape, kind) if make is None else make(shape)


def _anything(_: dict[str, Any]) -> Checker:
    def look(value: Any, where: Where, faults: list[Fault]) -> None:
        return

    return look


def _wrong_type(shape: dict[str, Any], value: Any, where: Where) -> Fault:
    name = str(where[-1]) if where else "the record"
    wanted = _WANTED[shape["type"]]
    found = _KINDS_OF_VALUE.get(type(value), "something else")
    hint = f"Write {wanted}."
    if shape["type"] == "string" and isinstance(value, (int, float)):
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        hint = f'Put it in quotes: "{short(shown)}".'
    elif shape["type"] == "array" and isinstance(value, str):
        hint = f"Write it as a list: [{short(value)}]."
    return Fault(where, "bad-type", f"{name} has to be {wanted}, and is {found}.", hint=hint)


def _plain(shape: dict[str, Any]) -> Checker:
    def look(value: Any, where: Where, faults: list[Fault]) -> None:
        if type(value) is not bool:
            faults.append(_wrong_type(shape, value, where))

    return look


def _number(shape: dict[str, Any]) -> Checker:
    types = (int,) if shape["type"] == "integer" else (int, float)
    least, most = shape.get("minimum"), shape.get("maximum")

    def look(value: Any, where: Where, faults: list[Fault]) -> None:
        if type(value) not in types and not (
            types == (int,) and type(value) is float and value.is_integer()
        ):
            faults.append(_wrong_type(shape, value, where))
        elif (least is not None and value < least) or (most is not None and value > most):
            faults.append(
                Fault(where, "out-of-range", f"{where[-1]} has to lie between {least} and {most}.",
                      hint=f"It is {value}.")
            )  # fmt: skip

    return look


def _text(shape: dict[str, Any]) -> Checker:
    words = frozenset(shape.get("enum", ()))
    form = FORMS.get(shape.get("form", ""))
    most = shape.get("maxLength", 1 << 30)
    least = shape.get("minLength", 0)

    def look(value: Any, where: Where, faults: list[Fault]) -> None:
        if type(value) is not str:
            faults.append(_wrong_type(shape, value, where))
        elif words:
            if value not in words:
                faults.append(_bad_word(value, shape["enum"], where))
        elif len(value) > most:
            faults.append(
                Fault(where, "too-long", f"{where[-1]} has {len(value)} characters; {most} are the most.",
                      hint="Put the rest into the description.")
            )  # fmt: skip
        elif len(value) < least:
            faults.append(Fault(where, "empty", f"{where[-1]} is empty.", hint="Write something."))
        elif form is not None:
            form(value, where, faults)

    return look


def _bad_word(value: str, words: tuple[str, ...], where: Where) -> Fault:
    low = value.casefold()
    meant = next((word for word in words if low in _SYNONYMS.get(word, ())), None)
    close = meant or nearest(value, words)
    code = "bad-status" if where[-1] == "status" else "bad-value"
    guess = f"Did you mean {close}? " if close else ""
    return Fault(where, code, f"There is no {where[-1]} {short(value)!r}.",
                 hint=f"{guess}It is one of {', '.join(words)}.")  # fmt: skip


def _array(shape: dict[str, Any]) -> Checker:
    look_at = _build(shape["items"], "") if "items" in shape else None

    def look(value: Any, where: Where, faults: list[Fault]) -> None:
        if type(value) is not list:
            faults.append(_wrong_type(shape, value, where))
            return
        if look_at is not None:
            for position, item in enumerate(value):
                look_at(item, (*where, position), faults)
        if len(value) > 1 and all([type(item) is str for item in value]):
            _duplicates(value, where, faults)

    return look


def _duplicates(value: list[str], where: Where, faults: list[Fault]) -> None:
    if len(set(value)) == len(value):
        return
    seen: set[str] = set()
    for position, item in enumerate(value):
        if item in seen:
            faults.append(
                Fault((*where, position), "duplicate-item", f"{short(item)} stands here twice.",
                      hint="Remove one of them.", severity=WARNING)
            )  # fmt: skip
        seen.add(item)


def _mapping(shape: dict[str, Any], kind: str) -> Checker:
    checks = {
        name: (_build(inner, ""), inner.get("nullable", False))
        for name, inner in shape.get("properties", {}).items()
    }
    required = shape.get("required", ())
    values = _build(shape["values"], "") if "values" in shape else None

    def look(value: Any, where: Where, faults: list[Fault]) -> None:
        if type(value) is not dict:
            faults.append(_wrong_type(shape, value, where))
            return
        for name, held in value.items():
            found = checks.get(name)
            if found is not None:
                if held is not None or not found[1]:
                    found[0](held, (*where, name), faults)
            elif values is not None:
                values(held, (*where, name), faults)
            elif checks:
                _unknown(name, checks, where, faults)
        faults += [_missing(name, kind, where) for name in required if name not in value]

    return look


def _unknown(name: str, known: dict[str, Any], where: Where, faults: list[Fault]) -> None:
    close = nearest(name, known)
    hint = f"Did you mean {close}?" if close else "Put it under `metadata` if it is your own."
    message = f"There is no field {short(name)!r}; it is kept as it is."
    faults.append(
        Fault((*where, name), "unknown-field", message, hint=hint, severity=WARNING, at_key=True)
    )


def _missing(name: str, kind: str, where: Where) -> Fault:
    what = f"A {kind}" if kind in BY_NAME else "This"
    return Fault((*where, name), "missing-field", f"{what} needs the field {name}.",
                 hint=f"Add a line `{name}: …`.", at_key=True)  # fmt: skip


def _alternatives(shape: dict[str, Any]) -> Checker:
    """Return the check for a value that can have one of several types."""
    looks = [(one, _build(one, "")) for one in shape["any"]]

    def look(value: Any, where: Where, faults: list[Fault]) -> None:
        tried = []
        for _, look_at in looks:
            found: list[Fault] = []
            look_at(value, where, found)
            if not any(fault.severity != WARNING for fault in found):
                faults += found
                return
            tried.append(found)
        # The alternative that fits the type says best what is wrong inside.
        inside = [
            found for found in tried if found[0].code != "bad-type" or found[0].where != where
        ]
        if inside:
            faults += inside[0]
        else:
            wanted = " or ".join(_WANTED[one["type"]] for one, _ in looks if one["type"] in _WANTED)
            found_type = _KINDS_OF_VALUE.get(type(value), "something else")
            name = where[-1] if where else "the record"
            faults.append(
                Fault(where, "bad-type", f"{name} has to be {wanted}, and is {found_type}.",
                      hint=f"Write {wanted}.")
            )  # fmt: skip

    return look
