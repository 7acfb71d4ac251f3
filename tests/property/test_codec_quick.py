"""The quick way to read a file says what the parser says, or nothing."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gitcoord.codec import quick
from gitcoord.codec.change import same
from gitcoord.codec.emit import dump
from gitcoord.codec.read import Malformed, parse_fully
from gitcoord.errors import InvalidError
from gitcoord.model.kinds import KINDS

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("tests/corpus/**/*.yaml"), *ROOT.glob("coord/**/*.yaml")])
USUAL = b"""# yaml-language-server: $schema=../issue.json
id: ISSUE-001
title: The pool leaks, 3 of 4 workers (since 2.1.0)
status: in_progress
estimated_hours: 4.5
created: 2026-02-10T10:00:00+00:00
assignee:
target: 2026-03-01
repos:
  - alpha
  - beta-2
labels: [leak, ops]
blocked_by: []
description: |
  It grows: by 3 MB an hour.

    import leak  # here
  Done.
comments:
  - author: lena
    time: 2026-02-11T09:30:00+01:00
    text: |-
      Seen it too.
      Twice.
  - author: "omar: not me"
    text: 'it''s gone'
metadata:
  source: https://example.org/a#b
  depth: {}
  ok: true
"""
LINES = [
    *USUAL.decode().splitlines(),
    "a: b", "b: yes", "c: no", "d: on", "e: 010", "f: 0o17", "g: 0x1F", "h: 12:30", "i: 1_000",
    "j: 1e5", "k: .5", "l: -0", "m: +5", "n: 00.5", "o: -1.50", "p: .inf", "q: NaN", "r: ~",
    "s: Null", "t: tRUE", "u: FALSE", "v: 2026-02-30", "w: 2026-01-01 10:00", "x: 1.2.3",
    "y: 99999999999999999999", "z: 9007199254740993", "null: a", "true: a", "2: a", "? a", ": b",
    "<<: *a", "k: &a b", "k: *a", "k: !!str 5", "k: !x y", "k: | # why", "k: |+", "k: |2", "k: >",
    "k: >-", "k: |-", "k: |", "k: 'a", "k: \"a", 'k: "a\\n"', "k: 'a' b", "k: a # b", "k: a #", "k: a#b",
    "k: a:", "k: a:b", "k: a: b", "k:", "k: ", "k:  a", "k : a", "k: a ", "k: [a", "k: [a, b]",
    "k: [a,b]", "k: [ a ]", "k: [a b]", "k: [null, a]", "k: {a: b}", "k: {}", "k: []", "k: [1]",
    "k: -", "k: - a", "k: ?", "k: @a", "k: `a`", "k: %a", "k: =", "k: <<", "k: 3 : 4", "k: 3 #4",
    "k: 3 a", "k: 3 5", "k: 1 e5", "k: é", "k: \u2028", "k: \x85", "k: \ufeff", "k: \ud7ff", "k: \u00a0",
    "k: a\u00a0", "k: a\u3000", "k: \U0001f600 a", "k: a\tb", "k:\ta", "\ta: b", "k: a\r", "k: \x00",
    "k: \x7f", "k: (a", "k: /a", "k: ^a", "--- a", "---", "...", "%YAML 1.2", "# c", " # c", "  # c",
    "    # c", "", " ", "  ", "    ", "- a", "- a: b", "- - a", "-", "- ", "-a", "  - a", "  - a: b",
    "  - - a", "  -", "  - ", "  -  a", "  - # c", "  - a # c", "  - |", "  - 'a: b'", "  - \"a\": b",
    "  - 5", "  - null", "  - a:", "   - a", "    - a", "    - a: b", "  a", "  a: b", "  a:", "  a: |",
    "    a", "    a: b", "      a", "      a: b", "   a: b", "    text: |", "      - a", "  \ta",
    "<<<<<<< ours", "=======", ">>>>>>> theirs", "  <<<<<<< ours", "  >>>>>>> theirs",
]  # fmt: skip


def agrees(raw: bytes) -> bool:
    """Check one file; return whether the quick way had an answer."""
    found = quick.mapping(raw)
    if found is None:
        return False
    try:
        right = parse_fully(raw)
    except Malformed as fault:
        pytest.fail(f"{raw!r} is refused ({fault}), and the quick way reads {found!r}")
    assert same(found, right), raw
    assert repr(found) == repr(right), raw  # the order of keys as well
    return True


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_at_hand_is_read_alike(path: Path) -> None:
    agrees(path.read_bytes())


def test_what_people_usually_write_is_read_in_the_quick_way() -> None:
    assert agrees(USUAL)
    assert all(agrees(path.read_bytes()) for path in ROOT.glob("coord/*/*.yaml"))


@settings(max_examples=1500)
@given(st.lists(st.sampled_from(LINES), max_size=7), st.booleans())
@example(["a: b", "- a"], True)
@example(["k:", "  - a", "- a"], True)
@example(["k:", "  - a: |", "  a"], True)
def test_any_lines_together_are_read_alike(lines: list[str], ended: bool) -> None:
    text = "\n".join(lines) + ("\n" if ended else "")
    agrees(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=600)
@given(st.sampled_from([USUAL, *[path.read_bytes() for path in FILES]]), st.integers(0, 2**32))
def test_files_with_a_few_changes_are_read_alike(raw: bytes, seed: int) -> None:
    chance = random.Random(seed)
    pieces = [b" ", b"  ", b"\n", b":", b": ", b"-", b"- ", b"#", b" #", b"'", b'"', b"|", b">", b"[",
              b"]", b"{", b",", b"&", b"*", b"!", b"\t", b"\r", b"~", b"null", b"0", b".", b"e", b"\xc3\xa9",
              b"\xc2\x85", b"\xe2\x80\xa8", b"?", b"%", b"@", b"\\", b"<<"]  # fmt: skip
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(raw) + 1)
        gone = chance.choice((0, 0, 1, 2, 5))
        raw = raw[:at] + chance.choice(pieces) * chance.choice((0, 1, 1, 2)) + raw[at + gone :]
    agrees(raw)


SCALARS = st.one_of(
    st.text(max_size=30), st.integers(-(2**63), 2**63 - 1), st.booleans(), st.none(),
    st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([line[3:] for line in LINES]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=400)
@given(st.dictionaries(st.sampled_from(KINDS[0].fields), VALUES, max_size=6))
def test_whatever_coord_writes_is_read_alike(data: dict[str, object]) -> None:
    try:
        raw = dump(data, KINDS[0].fields).encode()
    except (InvalidError, UnicodeEncodeError):
        return
    agrees(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"a" * 1_000_000, b"a: " + b"b " * 500_000, b"a:\n" + b"  - b\n" * 150_000 + b"    c\n",
        b"a: b: " * 150_000, b"a:\n" + b"  " * 400_000, b"a:\n" + b"  b:\n" * 200_000,
        b"".join(b"%ba:\n" % (b"  " * depth) for depth in range(900)), b"- " * 400_000,
        b"a:\n" + b"  - a: |\n" * 100_000, b"a: '" + b"''" * 400_000, b"a: [" + b"a," * 400_000,
        b"a: |\n" + b"\n" * 900_000, b"\n" * 1_000_000, b"#\n" * 500_000, b": " * 500_000,
        b"a: 3" + b"3" * 900_000, b"a: b" + b" #" * 450_000, b"a: x" + b" " * 900_000 + b"\ny: 1\n",
    ],
    ids=range(18),
)  # fmt: skip
def test_hostile_files_cost_no_more_than_their_length(raw: bytes) -> None:
    begin = time.process_time()
    quick.mapping(raw)
    assert time.process_time() - begin < 60  # a hang takes hours
