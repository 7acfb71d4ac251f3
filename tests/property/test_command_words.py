"""A command's words are those a shell would see, and whatever a shell acts on is refused."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gitcoord.errors import InvalidError
from gitcoord.running.words import split

PRINTABLE = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1
)
SHELLISH = st.text(st.sampled_from("ab =-'\"\\$`|&;<>()*?[]{}~#!%@:,./"), max_size=12)


@given(st.lists(PRINTABLE, max_size=6))
def test_quoted_words_come_back(words: list[str]) -> None:
    assume(len(shlex.join(words)) < 4000)

    assert split(shlex.join(["tool", *words])) == ["tool", *words]


@given(SHELLISH)
@settings(max_examples=300, deadline=None)
def test_a_real_shell_sees_the_same_words(text: str) -> None:
    try:
        words = split(f"tool {text}")
    except InvalidError:
        return
    done = subprocess.run(
        ["sh", "-c", f"printf '%s\\n' tool {text}"], capture_output=True, check=True
    )

    assert done.stdout.decode().splitlines() == words


@pytest.mark.parametrize(
    "text",
    ["a; b", "a && b", "a | b", "a > b", "a < b", "a $HOME", 'a "$HOME"', "a `b`", "a $(b)", "a &",
     "ls *.py", "ls ?", "ls [ab]", "echo {a,b}", "cat ~/.ssh/id", "a # b", "! a", "a\nb", "a\rb",
     "a\tb", "a\0b", "a \u202eb", "a\u200bb", "X=1 a", "", "  ", "'", 'a "b', "''", "-x", "a \\; b",
     "a" * 5000, "(a)", "a\u00a0b"],
)  # fmt: skip
def test_what_a_shell_or_nobody_understands_is_refused(text: str) -> None:
    with pytest.raises(InvalidError) as refused:
        split(text)

    assert refused.value.hint


@pytest.mark.parametrize(
    ("text", "words"),
    [("python -c 'import a; print(a)'", ["python", "-c", "import a; print(a)"]),
     ("pytest -q tests/a.py::b -k 'x or y'", ["pytest", "-q", "tests/a.py::b", "-k", "x or y"]),
     ("make a=b test~ c#d", ["make", "a=b", "test~", "c#d"]), ("a ''", ["a", ""]),
     ("./über 🌿\n", ["./über", "🌿"])],
)  # fmt: skip
def test_plain_commands_are_split(text: str, words: list[str]) -> None:
    assert split(text) == words
