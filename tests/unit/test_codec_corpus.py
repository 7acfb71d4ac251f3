"""Files as people write them, each edited in many ways: what a diff shows is on record.

Beside every file of the corpus lies the diff of each edit. After a change of the codec
that is meant, `python tests/unit/test_codec_corpus.py` writes them anew: read what git
says about it.
"""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import pytest

from gitcoord.codec.change import change_data, copy, same
from gitcoord.codec.edit import APPEND, INSERT, REMOVE, Change, apply, diff_changes
from gitcoord.codec.read import parse
from gitcoord.errors import InvalidError
from gitcoord.model.kinds import ISSUE

CORPUS = Path(__file__).parents[1] / "corpus" / "handwritten"
FILES = sorted(CORPUS.glob("*.yaml"))
EDITS = {
    "status": Change(("status",), "in_progress"),
    "title with a colon": Change(("title",), "It's: new"),
    "title of two lines": Change(("title",), "One\ntwo"),
    "new assignee": Change(("assignee",), "les"),
    "no priority": Change(("priority",), None, REMOVE),
    "priority null": Change(("priority",), None),
    "one more label": Change(("labels",), "new", APPEND),
    "a label first": Change(("labels", 0), "new", INSERT),
    "one label less": Change(("labels", 0), None, REMOVE),
    "another label": Change(("labels", 0), "other"),
    "no labels": Change(("labels",), []),
    "labels a text": Change(("labels",), "none"),
    "long description": Change(("description",), "First.\n\n  Second\n# third\n"),
    "short description": Change(("description",), "Short."),
    "no description": Change(("description",), None, REMOVE),
    "one more comment": Change(("comments",), {"id": "c9", "text": "Two\nlines"}, APPEND),
    "comment changed": Change(("comments", 0, "text"), "changed"),
    "first comment gone": Change(("comments", 0), None, REMOVE),
    "metadata note": Change(("metadata", "note"), "x: y"),
    "metadata without a": Change(("metadata", "a"), None, REMOVE),
    "metadata gone": Change(("metadata",), None, REMOVE),
    "metadata matrix": Change(("metadata", "matrix", 0, 0), None, REMOVE),
}


def shown(raw: bytes) -> list[str]:
    """Return the lines of a file with their ends visible."""
    text = raw.decode().replace("\ufeff", "␠").replace("\r\n", "␍\n").replace("\r", "␍\n")
    lines = text.splitlines(keepends=True)
    return [line[:-1] if line.endswith("\n") else f"{line}⏹" for line in lines]


def diffs(raw: bytes) -> str:
    """Return what each edit does to a file."""
    out = []
    for name, change in EDITS.items():
        out.append(f"## {name}")
        try:
            result = apply(raw, [change], ISSUE.fields)
        except InvalidError as error:
            out.append(f"!! {error.message}")
            continue
        lines = unified_diff(shown(raw), shown(result), lineterm="", n=0)
        out += [line for line in lines if not line.startswith(("---", "+++"))]
    return "\n".join(out) + "\n"


def test_the_corpus_is_large_enough() -> None:
    assert len(FILES) >= 25


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_edit_touches_only_the_lines_on_record(path: Path) -> None:
    assert diffs(path.read_bytes()) == path.with_suffix(".diff").read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("change", EDITS.values(), ids=EDITS.keys())
def test_an_edit_reads_back_and_can_be_undone(path: Path, change: Change) -> None:
    raw = path.read_bytes()
    data = parse(raw)
    expected = copy(data)
    try:
        change_data(expected, change)
        result = apply(raw, [change], ISSUE.fields)
    except InvalidError:
        return

    assert same(parse(result), expected)
    undone = apply(result, diff_changes(expected, data), ISSUE.fields)
    assert same(parse(undone), data)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_change_is_no_change_of_bytes(path: Path) -> None:
    raw = path.read_bytes()

    assert apply(raw, diff_changes(parse(raw), parse(raw)), ISSUE.fields) == raw


if __name__ == "__main__":
    for file in FILES:
        file.with_suffix(".diff").write_text(diffs(file.read_bytes()), "utf-8")
