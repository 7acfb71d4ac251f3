"""What becomes of the form of a file when two people's edits of it are merged."""

from __future__ import annotations

import time

import pytest

from gitcoord.codec import conflicts, resolving
from gitcoord.codec.threeway import Unmergeable, join
from gitcoord.model.kinds import ISSUE

BASE = """\
# schema
id: ISSUE-1
title: 'T'
status: pending   # for now
labels: [a, b]

# why
description: |
  one
  two
comments:
  - id: c1
    text: hi
metadata: {pool: python, size: 4}
"""


def merged(ours: str, theirs: str, base: str | None = BASE) -> str:
    joined = join(
        None if base is None else base.encode(), ours.encode(), theirs.encode(), ISSUE.fields
    )
    return joined.raw.decode()


def test_comments_of_both_sides_stay() -> None:
    ours = BASE.replace("# why", "# why not\n# here").replace("[a, b]", "[a, b, x]")
    theirs = BASE.replace("# for now", "# for long").replace("[a, b]", "[a, b, w]")

    assert merged(ours, theirs) == ours.replace("[a, b, x]", "[a, b, x, w]").replace(
        "# for now", "# for long"
    )


def test_their_comment_beside_a_clash_stays() -> None:
    theirs = BASE.replace("# why", "# why\n# theirs").replace("  two", "  2")

    text = merged(BASE.replace("  two", "  TWO"), theirs)

    assert (
        "# why\n# theirs\ndescription: |\n  one\n<<<<<<< ours\n  TWO\n=======\n  2\n>>>>>>> theirs\n"
        in text
    )


def test_a_field_written_in_another_form_does_not_clash() -> None:
    ours = BASE.replace("'T'", '"T"').replace("[a, b]", "[a, b, x]")
    theirs = BASE.replace("[a, b]", "\n  - a\n  - b\n  - w").replace("'T'", "T")

    text = merged(ours, theirs)

    assert "<<<" not in text
    assert '"T"' in text
    assert "labels: [a, b, x, w]" in text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_markers_have_the_line_ends_of_the_file(end: str) -> None:
    ours = BASE.replace("pending", "closed").replace("\n", end)

    text = merged(ours, BASE.replace("pending", "resolved"))

    hunk = (
        f"<<<<<<< ours{end}status: closed   # for now{end}"
        f"======={end}status: resolved   # for now{end}>>>>>>> theirs{end}"
    )
    assert hunk in text
    assert text.replace(hunk, f"status: closed   # for now{end}") == ours


def test_a_byte_order_mark_and_an_open_last_line_stay() -> None:
    ours = "\ufeff" + BASE.rstrip("\n").replace("pending", "closed")

    text = merged(ours, BASE.replace("size: 4", "size: 5"))

    assert text == ours.replace("size: 4", "size: 5")


def test_a_clash_in_an_open_last_line_keeps_both_values() -> None:
    base = "id: I-1\ndescription: |\n  one"

    text = merged(base.replace("one", "ours"), base.replace("one", "theirs"), base)

    found = resolving.marked(text.encode())
    assert found is not None
    assert [(one.ours, one.theirs) for one in found.clashes[0]] == [("ours", "theirs")]


def test_clashes_on_one_line_are_decided_together() -> None:
    ours = BASE.replace("python", "go").replace("size: 4", "size: 5")
    theirs = BASE.replace("python", "rust").replace("size: 4", "size: 6")

    text = merged(ours, theirs)

    assert text.count("<<<<<<<") == 1
    found = resolving.marked(text.encode())
    assert found is not None
    assert [one.field for one in found.clashes[0]] == ["metadata.pool", "metadata.size"]


def test_clashes_on_lines_of_their_own_are_decided_one_by_one() -> None:
    ours = BASE.replace("pending", "closed").replace("'T'", "'A'").replace("text: hi", "text: ours")
    theirs = (
        BASE.replace("pending", "resolved").replace("'T'", "'B'").replace("text: hi", "text: x")
    )

    found = resolving.marked(merged(ours, theirs).encode())

    assert found is not None
    names = [[one.field for one in clashes] for clashes in found.clashes]
    assert names == [["title"], ["status"], ["comments.c1.text"]]
    half = found.take([1], theirs=True)
    assert "status: resolved   # for now\n" in half
    assert half.count("<<<<<<<") == 2
    put = found.put(2, "a: b", ISSUE.fields)
    assert put is not None
    assert 'text: "a: b"\n' in put
    assert put.count("<<<<<<<") == 2


def test_a_new_file_on_both_sides_is_joined() -> None:
    text = merged(
        "id: I-1\ntitle: t\nlabels: [a]\n", "id: I-1\ntitle: t\nlabels: [b]\nx: 1\n", None
    )

    assert text == "id: I-1\ntitle: t\nlabels: [a, b]\nx: 1\n"


@pytest.mark.parametrize(
    "odd", ["a: [\n", "- a\n", "a: 1\na: 2\n", "x: !tag y\n", "\x00", "<<<<<<< a\n"]
)
def test_what_is_no_record_is_refused(odd: str) -> None:
    for ours, theirs in ((BASE + odd, BASE + "z: 1\n"), (BASE + "z: 1\n", odd)):
        with pytest.raises(Unmergeable):
            join(BASE.encode(), ours.encode(), theirs.encode(), ISSUE.fields)


def test_a_value_shared_by_an_alias_is_refused_rather_than_broken() -> None:
    base = "id: I-1\na: &x [1]\nb: *x\nc: [1]\n"

    with pytest.raises(Unmergeable):
        join(base.encode(), base.replace("[1]\nb", "[1, 2]\nb").encode(),
             base.replace("[1]\nb", "[1, 3]\nb").encode(), ())  # fmt: skip


def test_markers_with_the_base_between_them_are_read() -> None:
    text = (
        "id: I-1\n<<<<<<< HEAD\nstatus: a\n||||||| 1234\nstatus: b\n=======\nstatus: c\n>>>>>>> x\n"
    )

    parts = conflicts.split(text)

    assert parts is not None
    assert conflicts.written(parts).replace("||||||| 1234", "|||||||") == text.replace(
        "||||||| 1234", "|||||||"
    )
    assert conflicts.joined(parts) == "id: I-1\nstatus: a\n"
    assert conflicts.joined(parts, theirs=True) == "id: I-1\nstatus: c\n"
    assert conflicts.split("<<<<<<< a\nx\n") is None


@pytest.mark.parametrize("kind", ["same lines", "other lines", "labels", "same labels", "deep"])
def test_hostile_sizes_are_merged_or_refused_in_time(kind: str) -> None:
    size = 40_000
    lines = {
        "same lines": ("d: |\n", "  a\n" * size),
        "other lines": ("d: |\n", "".join([f"  {n}\n" for n in range(size)])),
        "labels": ("d:\n", "".join([f"  - w{n}\n" for n in range(size)])),
        "same labels": ("d:\n", "  - w\n" * size),
        "deep": ("d: ", "[" * 100 + "]" * 100 + "\n"),
    }[kind]
    base = f"id: I-1\nt: 1\n{lines[0]}{lines[1]}"
    ours = base.replace("t: 1", "t: 2").replace("  ", "  \n  ".strip("\n"), 5) + "x: 1\n"
    theirs = base.replace(lines[1], lines[1] * (2 if kind.endswith("lines") else 1)) + "y: 1\n"

    begun = time.process_time()
    try:
        joined = join(base.encode(), ours.encode(), theirs.encode(), ())
        assert b"t: 2\n" in joined.raw
        assert b"y: 1\n" in joined.raw
    except Unmergeable:
        pass
    assert time.process_time() - begun < 120  # a hang takes hours
