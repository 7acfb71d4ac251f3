"""Series as one line of text: in block characters, or in ASCII where the locale has no more."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BLOCKS = "▁▂▃▄▅▆▇█"
_ASCII = "_.:-=+*#"


def sparkline(values: Sequence[float | None], columns: int, *, blocks: bool | None = None) -> str:
    """Return values, from zero up to the largest, as one line of at most so many columns.

    Where there are more values than columns, each column is the mean of its share. What
    is unknown is a blank.
    """
    marks = _BLOCKS if (unicode(os.environ) if blocks is None else blocks) else _ASCII
    shown = _fitted(values, columns)
    top = max((value for value in shown if value is not None), default=0)
    line = ""
    for value in shown:
        if value is None:
            line += " "
        else:
            line += marks[round(max(0, value) / top * 7) if top else 0]
    return line.rstrip()


def _fitted(values: Sequence[float | None], columns: int) -> list[float | None]:
    count = len(values)
    if count <= columns:
        return list(values)
    found: list[float | None] = []
    for column in range(columns):
        share = values[column * count // columns : (column + 1) * count // columns]
        known = [value for value in share if value is not None]
        found.append(sum(known) / len(known) if known else None)
    return found


def unicode(environment: Mapping[str, str]) -> bool:
    """Whether the locale can show more than ASCII."""
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        if environment.get(name):
            return environment[name].lower().replace("-", "").rpartition(".")[2] == "utf8"
    return False
