"""How words on the command line become values."""

from __future__ import annotations

import pytest

from gitcoord.cli import spec, table
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.errors import UsageError


def _command() -> Command:
    return Command(
        lambda run: None,
        arguments=[Argument("ID"), Argument("REST", required=False, multiple=True)],
        options=[
            Option("--title", "TEXT", short="-t"),
            Option("--label", "LABEL", short="-l", multiple=True),
            Option("--limit", "N", convert=int),
            Option("--format", "F", choices=("tree", "dot")),
            Option("--dry-run"),
            Option("--dry-cough"),
        ],
        example="coord x",
        shape="nothing",
    )


@pytest.mark.parametrize(
    "words",
    [["A", "--title", "x"], ["--title", "x", "A"], ["--title=x", "A"], ["A", "-t", "x"],
     ["A", "--tit", "x"]],
)  # fmt: skip
def test_an_option_may_stand_anywhere_and_be_written_in_several_ways(words: list[str]) -> None:
    values = spec.parse(_command(), words, "x")

    assert (values["id"], values["title"]) == ("A", "x")


def test_an_option_that_may_repeat_gathers_its_values_in_order() -> None:
    values = spec.parse(_command(), ["A", "-l", "b", "--label=a", "--label", "b"], "x")

    assert values["label"] == ["b", "a", "b"]


def test_a_value_may_be_empty_or_hold_an_equals_sign() -> None:
    values = spec.parse(_command(), ["A", "--title=", "--label=a=b"], "x")

    assert (values["title"], values["label"]) == ("", ["a=b"])


def test_two_dashes_end_the_options() -> None:
    values = spec.parse(_command(), ["--", "--title", "-t"], "x")

    assert (values["id"], values["rest"], values["title"]) == ("--title", ["-t"], None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "needs ID"),
        (["A", "--title"], "needs a value"),
        (["A", "--limit", "x"], "does not take 'x'"),
        (["A", "--format", "dto"], "did you mean dot?"),
        (["A", "--dry"], "several options"),
        (["A", "--dry-run=1"], "takes no value"),
        (["A", "--titel", "x"], "did you mean --title?"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_reason(words: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said.replace("?", r"\?")):
        spec.parse(_command(), words, "x")


@pytest.mark.parametrize(
    ("words", "name", "rest", "before"),
    [
        (["issue", "list", "-x"], "issue list", ["-x"], []),
        (["list-issues"], "issue list", [], []),
        (["--json", "--hub", "list", "show", "A"], "show", ["A"], ["--json", "--hub", "list"]),
        (["list", "issue"], "list", ["issue"], []),
        (["dependency", "list"], "dep list", [], []),
        (["issue"], None, ["issue"], []),
        ([], None, [], []),
    ],
)
def test_the_command_is_found_behind_what_may_stand_before_it(
    words: list[str], name: str | None, rest: list[str], before: list[str]
) -> None:
    assert table.find(words) == (name, rest, before)


@pytest.mark.parametrize("name", table.COMMANDS)
def test_every_command_of_the_table_loads_and_is_described(name: str) -> None:
    command = table.load(name)

    assert "coord " in command.example
    assert command.shape
    names = [option.name for option in (*command.options, *spec.COMMON)]
    shorts = [option.short for option in (*command.options, *spec.COMMON) if option.short]
    assert len(set(names)) == len(names)
    assert len(set(shorts)) == len(shorts)
    assert all(option.help.endswith((".", "…")) for option in command.options)


def test_every_alias_leads_to_a_command() -> None:
    assert set(table.ALIASES.values()) <= set(table.COMMANDS)
    assert not set(table.ALIASES) & set(table.COMMANDS)
    assert {name.split()[0] for name in table.COMMANDS if " " in name} <= set(table.GROUPS)
