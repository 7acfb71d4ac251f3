"""What a record file may hold, and how a refusal says where and why."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from typing import Any

import pytest

from gitcoord.codec.read import MAX_BYTES, Malformed, parse

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def refused(text: str | bytes) -> Malformed:
    with pytest.raises(Malformed) as caught:
        parse(text if isinstance(text, bytes) else text.encode())
    fault = caught.value
    assert fault.message.endswith(".")
    assert fault.hint.endswith((".", '"'))
    return fault


@pytest.mark.parametrize(
    ("text", "line", "column", "code"),
    [
        ("", 1, 1, "empty"),
        ("# only a comment\n", 1, 1, "empty"),
        ("---\n", 1, 1, "empty"),
        ("# x\n- a\n", 2, 1, "not-a-mapping"),
        ("just text\n", 1, 1, "not-a-mapping"),
        (b"title: caf\xe9\n", 1, 11, "not-utf8"),
        (b"a: 1\r\nb: \xed\xa0\x80\r\n", 2, 4, "not-utf8"),
        ("a: 1\nb: x\0y\n", 2, 5, "control-character"),
        ("é: \x1b[31m\n", 1, 4, "control-character"),
        ("# \x07\na: 1\n", 1, 3, "control-character"),
        ("a: 1\nb: 2\na: 3\n", 3, 1, "duplicate-key"),
        ("a:\n  - b: 1\n    'b': 2\n", 3, 5, "duplicate-key"),
        ("a: {b: 1, b: 2}\n", 1, 11, "duplicate-key"),
        ("a: 1\n---\nb: 2\n", 2, 1, "second-document"),
        ("a: 1\n...\nb: 2\n", 3, 1, "second-document"),
        ("a: " + "[" * 10_000 + "]" * 10_000, 1, 131, "too-deep"),
        ("".join(" " * depth + "a:\n" for depth in range(1_000)), 129, 129, "too-deep"),
        ("a:\n" + "- " * 10_000 + "x\n", 2, 255, "too-deep"),
        (BOMB, 5, 36, "aliases-explode"),
        ("a: &a [*a]\n", 1, 8, "alias-in-itself"),
        ("a: *b\n", 1, 4, "syntax"),
        ("[a]: 1\n", 1, 1, "key-not-text"),
        ("a: {{ x }}\n", 1, 5, "key-not-text"),
        ("? - a\n: b\n", 1, 3, "key-not-text"),
        ("a:\n  1: x\n", 2, 3, "key-not-text"),
        ("a: 1\ntrue: x\n", 2, 1, "key-not-text"),
        ("a: 1\n~: x\n", 2, 1, "key-not-text"),
        ("a:\n\tb: 1\n", 2, 1, "tab"),
        ("a: 1\n\tb: 2\n", 2, 1, "tab"),
        ("\ta: 1\n", 1, 1, "tab"),
        ("a:\n  -\tb\n", 2, 4, "tab"),
        ("a: |\n\tx\n", 2, 1, "tab"),
        ("a: !!str 1\n", 1, 4, "tag"),
        ("a: !x y\n", 1, 4, "tag"),
        ("a:\n  - !!python/object:os.system {}\n", 2, 5, "tag"),
        ("!x\na: 1\n", 1, 1, "tag"),
        ("a: [b, !x c]\n", 1, 8, "tag"),
        ("a: &x !y z\n", 1, 4, "tag"),
        ("a: &a {b: 1}\nc:\n  <<: *a\n", 3, 3, "merge-key"),
        ("a: 18446744073709551616\n", 1, 4, "number"),
        ("a: -9223372036854775809\n", 1, 4, "number"),
        ("a: [1, 99999999999999999999999999999999999999999]\n", 1, 8, "number"),
        ("a: .nan\n", 1, 4, "number"),
        ("a: {b: -.inf}\n", 1, 8, "number"),
        ("a: x\u2028y\nb: 1\n", 1, 5, "line-separator"),
        ("a: |\n  x\x85y\n  z\n", 2, 4, "line-separator"),
        ("a: b: c\n", 1, 5, "syntax"),
        ("a: 'open\nb: 1\n", 1, 4, "syntax"),
        ("a: [1, 2\nb: 1\n", 1, 4, "syntax"),
        ("a: @x\n", 1, 4, "syntax"),
        ('a: "\\d"\n', 1, 5, "syntax"),
        ("a: 1\n  - b\nc: 2\n  d: 3\n", 4, 4, "syntax"),
    ],
)
def test_a_refusal_names_the_place_and_the_reason(
    text: str | bytes, line: int, column: int, code: str
) -> None:
    fault = refused(text)

    assert (fault.line, fault.column, fault.code) == (line, column, code)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "text",
    [
        "id: x\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n",
        "id: x\n=======\nb: 2\n",
        "id: x\n>>>>>>> other\nb: !x 2\n",
        "id: x\n||||||| base\nb: 1\n",
    ],
)
def test_conflict_markers_are_told_before_anything_else(text: str, end: str) -> None:
    fault = refused(text.replace("\n", end))

    assert (fault.line, fault.column, fault.code) == (2, 1, "conflict-markers")


def test_a_message_never_carries_a_terminal_escape() -> None:
    fault = refused('"\\e[31mx": 1\n"\\e[31mx": 2\n')

    assert fault.code == "duplicate-key"
    assert fault.message.isprintable()


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    assert refused(b"[" * MAX_BYTES + b"\xff").code == "too-large"


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "9" * 100_000,
        "a: " + "{a: " * 100_000,
        "a: " + "[" * 1_000_000,
        "? " * 100_000,
        "! " * 100_000,
        "<" * 1_000_000,
        "a: " + " " * 900_000 + "!",
    ],
)
def test_hostile_text_does_not_hang(text: str) -> None:
    begin = time.process_time()

    with contextlib.suppress(Malformed):
        parse(text.encode())

    assert time.process_time() - begin < 60  # a hang takes hours


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: no\nb: on\nc: 12:30\nd: 1_000\ne: 010\nf: 2026-02-30\n", None),
        ("a: 1\nb: 1.5\nc: true\nd: null\ne: ~\nf:\n", [1, 1.5, True, None, None, None]),
        ("\ufeffa: 1\nb:\n- 2\n", [1, [2]]),
        ("\ufeff---\r\na: 1\r\nb: x\r\n", [1, "x"]),
        ('a: "\\e[31m\\0"\n', ["\x1b[31m\0"]),
        ("a: &x [1]\nb: *x\n", [[1], [1]]),
        ("a: Wow! (!) x != y\nb: ![image](x)\n".replace("b: !", "b: an !"), None),
        ("a: R&D & *stars*\n", None),
        ("a: |\n  cat <<EOF\n  <<<<<<< not a conflict\n  !x & &y\n", None),
        ("'<<': 1\n", [1]),
        ("a: '!x'\nb: \"&y\"\n", ["!x", "&y"]),
        ("a: 9223372036854775807\n", [2**63 - 1]),
        ("%YAML 1.2\n---\na: 1\n...\n", [1]),
    ],
)
def test_what_people_write_is_read(text: str, data: list[Any] | None) -> None:
    values = list(parse(text.encode()).values())

    assert all(type(value) is str for value in values) if data is None else values == data


def test_reading_and_writing_import_nothing_that_is_slow() -> None:
    code = (
        "import sys; from gitcoord.codec import read, emit; read.parse(b'a: 1');"
        "print(*sys.modules.keys() & {'typing', 're', 'yaml', 'enum', 'json', 'contextlib',"
        "'functools', 'dataclasses', 'inspect', 'warnings'})"
    )

    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == ""
