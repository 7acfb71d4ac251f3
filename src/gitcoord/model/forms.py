"""The forms that a text can have to have: an id, a name, a day, a moment, not blank."""

from __future__ import annotations

from gitcoord.model import ids
from gitcoord.model.findings import WARNING, Fault
from gitcoord.model.moments import date, datetime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Where = tuple[str | int, ...]
    Form = Callable[[str, Where, list[Fault]], None]

_SHOWN = 60


def short(text: str) -> str:
    """Return a text as a message shows it, cut where it is long."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _form_id(value: str, where: Where, faults: list[Fault]) -> None:
    if not ids.is_id(value):
        faults.append(
            Fault(where, "bad-id", f"{short(value)!r} is not an id.",
                  hint="An id is a prefix, a dash and a number or word, such as ISSUE-001.")
        )  # fmt: skip


def _form_repo(value: str, where: Where, faults: list[Fault]) -> None:
    if not ids.is_repo_name(value):
        faults.append(
            Fault(where, "bad-name", f"{short(value)!r} is not a name.",
                  hint="Letters, digits, `.`, `_` and `-`, beginning with a letter or digit.")
        )  # fmt: skip


def _form_day(value: str, where: Where, faults: list[Fault]) -> None:
    try:
        if len(value) == 10:
            date.fromisoformat(value)
        else:
            _whole_time(value)
    except ValueError as error:
        faults.append(_bad_time(value, where, error, "2026-12-31"))


def _form_moment(value: str, where: Where, faults: list[Fault]) -> None:
    try:
        if len(value) == 10:
            date.fromisoformat(value)
        elif _whole_time(value).tzinfo is not None:
            return
    except ValueError as error:
        faults.append(_bad_time(value, where, error, "2026-12-31T09:30:00+01:00"))
        return
    faults.append(
        Fault(where, "no-offset", f"{where[-1]} has no offset; it is read as UTC.",
              hint=f"Write `{value if len(value) > 10 else value + 'T00:00:00'}+00:00`.",
              severity=WARNING)
    )  # fmt: skip


def _whole_time(value: str) -> datetime:
    """Read a time; `fromisoformat` alone takes compact and week dates as well."""
    if len(value) < 16 or value[4] != "-" or value[7] != "-" or value[10] not in "T ":
        raise ValueError("not in the form YYYY-MM-DDTHH:MM:SS")
    return datetime.fromisoformat(value)


def _bad_time(value: str, where: Where, error: ValueError, example: str) -> Fault:
    reason = str(error)
    told = "" if reason.startswith(("Invalid isoformat", "not in the form")) else f": {reason}"
    return Fault(where, "bad-date", f"{short(value)!r} is no date{told}.",
                 hint=f"Write it like {example}.")  # fmt: skip


def _form_filled(value: str, where: Where, faults: list[Fault]) -> None:
    if not value.strip():
        faults.append(Fault(where, "empty", f"{where[-1]} is empty.", hint="Write something."))


FORMS: dict[str, Form] = {
    "id": _form_id,
    "repo": _form_repo,
    "day": _form_day,
    "moment": _form_moment,
    "filled": _form_filled,
}
