"""Where a value stands in a file that parses."""

from __future__ import annotations

import pytest

from gitcoord.codec.marks import locate

TEXT = """\
id: ISSUE-001
labels:
  - a
  -   b   # second
metadata:
  k: {x: 1, "y z": [2, 3]}
  empty:
shared: &s
  inner: 1
other: *s
"""


@pytest.mark.parametrize(
    ("where", "value", "key"),
    [
        ((), (1, 1), (1, 1)),
        (("id",), (1, 5), (1, 1)),
        (("labels",), (3, 3), (2, 1)),
        (("labels", 1), (4, 7), (4, 7)),
        (("metadata", "k", "y z"), (6, 20), (6, 13)),
        (("metadata", "k", "y z", 1), (6, 24), (6, 24)),
        (("metadata", "empty"), (7, 3), (7, 3)),
        (("other", "inner"), (9, 10), (9, 3)),
        (("nothing",), (1, 1), (1, 1)),
        (("labels", 7), (3, 3), (2, 1)),
        (("labels", "x"), (3, 3), (2, 1)),
        (("metadata", "gone", 3), (6, 3), (5, 1)),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_a_place_is_told_in_lines_and_columns_from_one(
    where: tuple[str | int, ...], value: tuple[int, int], key: tuple[int, int], end: str, bom: str
) -> None:
    raw = (bom + TEXT.replace("\n", end)).encode()

    assert locate(raw, where) == value
    assert locate(raw, where, at_key=True) == key
