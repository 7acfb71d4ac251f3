"""What holds for all commands: streams, exit codes, options anywhere, names, help."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from gitcoord.cli import spec, table

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub


@pytest.mark.parametrize(
    ("words", "code", "kind"),
    [
        (["issue", "create", "--nope"], 2, "usage"),
        (["nonsense"], 2, "usage"),
        (["show", "ISSUE-999"], 4, "not-found"),
        (["issue", "update", "ISSUE-001", "--status", "wat"], 6, "invalid"),
        (["issue", "create", "--title", "x", "--blocked-by", "NOPE-1"], 6, "invalid"),
        (["issue", "update", "ISSUE-001", "--set", "id=ISSUE-9"], 2, "usage"),
        (["--hub", "/", "list"], 3, "no-hub"),
        (["list", "--at", "nope"], 2, "usage"),
        (["list", "prio:high"], 2, None),
        (["template", "create", "x", "NOPE-1"], 4, "not-found"),
    ],
)
def test_errors_have_their_exit_code_and_shape(
    hub: Hub, words: list[str], code: int, kind: str | None
) -> None:
    before = hub.commits()

    plain = hub(*words)
    as_json = hub(*words, "--json")

    assert (plain.code, as_json.code) == (code, code)
    assert (plain.out, as_json.out) == ("", "")
    assert plain.err.startswith("coord: ")
    assert {"code", "message", "hint"} <= as_json.error.keys()
    assert kind is None or as_json.error["code"] == kind
    assert hub.commits() == before


@pytest.mark.parametrize(
    "words",
    [["list"], ["issue", "list"], ["show", "ISSUE-001"], ["ready"], ["status"], ["check"],
     ["graph"], ["doctor"], ["role", "list"], ["template", "list"], ["query", "list"],
     ["plan", "list"], ["todo", "list"], ["dep", "list"], ["repo", "list"], ["blocked"]],
)  # fmt: skip
def test_json_and_hub_may_stand_before_or_after_the_command(
    hub: Hub, words: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    where = ["--hub", str(hub.root)]

    after = hub.ok(*words, "--json", *where)
    before = hub.ok("--json", *where, *words)
    equals = (
        hub.ok(words[0], f"--hub={hub.root}", *words[1:], "--json") if len(words) == 1 else after
    )

    assert json.loads(after) == json.loads(before) == json.loads(equals)


def test_hub_with_equals_sign_may_stand_before_the_command(hub: Hub) -> None:
    assert hub.ok(f"--hub={hub.root}", "issue", "list") == hub.ok("issue", "list")


def test_every_flat_name_answers_like_its_canonical_one() -> None:
    for alias, name in table.ALIASES.items():
        assert table.find(alias.split())[0] == name


@pytest.mark.parametrize(("flat", "canonical"), [
    ("list-issues", "issue list"),
    ("list-repos", "repo list"), ("list-plans", "plan list"),
    ("list-todos", "todo list"), ("list-deps", "dep list"), ("show-issue ISSUE-001", "issue show ISSUE-001"),
])  # fmt: skip
def test_flat_names_print_the_same(hub: Hub, flat: str, canonical: str) -> None:
    assert hub.ok(*flat.split(), "--json") == hub.ok(*canonical.split(), "--json")


@pytest.mark.parametrize("name", table.COMMANDS)
def test_help_has_an_example_whose_words_parse(hub: Hub, name: str) -> None:
    page = hub.ok(*name.split(), "--help")
    command = table.load(name)

    assert table.COMMANDS[name][1] in page
    assert "\nExample:\n" in page
    assert "With --json:" in page
    for line in command.example.strip().splitlines():
        for part in line.split("&&"):
            words = shlex.split(part, comments=True)
            if words[:1] == ["source"]:
                words = shlex.split(part.partition("<(")[2].rstrip(") "))
            if words[0] != "coord":
                continue
            found, rest, before = table.find(words[1:])
            assert found is not None, line
            spec.parse(table.load(found), [*before, *rest], found)


def test_help_as_a_word_prints_the_same_page(hub: Hub) -> None:
    assert hub.ok("help", "issue", "create") == hub.ok("issue", "create", "--help")
    assert hub.ok("help") == hub.ok("--help")
    assert hub.ok("help", "list-issues") == hub.ok("issue", "list", "--help")
    assert hub("help", "nope").code == 2


def test_every_line_of_help_is_a_sentence() -> None:
    for _, line in table.COMMANDS.values():
        assert line[0].isupper()
        assert line.endswith(".")


@pytest.mark.parametrize(("words", "nearest"), [
    ("isue list", "issue"), ("issue lst", "issue list"), ("list-isues", "list-issues"),
    ("issue list --statsu x", "--status"), ("issue create --titel x", "--title"),
    ("issue create --priority hgh --title x", "high"), ("graph --format mermiad", "mermaid"),
    ("show ISSUE-01", "ISSUE-001"),
])  # fmt: skip
def test_a_typing_error_gets_the_nearest_word(hub: Hub, words: str, nearest: str) -> None:
    answer = hub(*words.split())

    assert answer.code in (2, 4)
    assert nearest in answer.err


def test_limit_says_on_stderr_that_there_is_more(hub: Hub) -> None:
    cut = hub("issue", "list", "--limit", "1", "--json")
    whole = hub("issue", "list", "--limit", "0", "--json")

    assert len(cut.json) == 1
    assert "--limit 0" in cut.err
    assert (len(whole.json), whole.err) == (2, "")


def test_the_default_limit_is_fifty(hub: Hub) -> None:
    for number in range(100, 160):
        hub.write(f"issues/ISSUE-{number}.yaml", f"id: ISSUE-{number}\ntitle: t\nstatus: pending\n")

    answer = hub("issue", "list", "--json")

    assert len(answer.json) == 50
    assert "50" in answer.err


@pytest.mark.parametrize("number", ["-1", "x", "1.5", "٣"])
def test_a_limit_is_a_number(hub: Hub, number: str) -> None:
    assert hub("list", "--limit", number).code == 2


@pytest.mark.parametrize(
    "words",
    [["list"], ["issue", "list"], ["show", "ISSUE-001"], ["ready"], ["status"], ["blocked"]],
)
def test_at_a_revision_answers_as_of_then(hub: Hub, words: list[str]) -> None:
    then = hub.git("rev-parse", "HEAD").strip()
    before = hub.ok(*words, "--json")

    hub.ok("issue", "close", "ISSUE-001")

    assert hub.ok(*words, "--json", "--at", then[:10]) == before
    assert hub.ok(*words, "--json", "--at", "HEAD~1") == before
    assert hub.ok(*words, "--json") != before


def test_at_a_date_answers_as_of_the_end_of_that_day(hub: Hub) -> None:
    assert hub("list", "--at", "2001-01-01").code == 4
    assert hub.ids("issue", "list", "--at", "2100-01-01") == ["ISSUE-001", "ISSUE-002"]


@pytest.mark.parametrize(("options", "ids"), [
    (["--status", "pending"], ["ISSUE-001", "ISSUE-002"]), (["--status", "done"], []),
    (["--priority", "high"], ["ISSUE-001"]), (["--severity", "bug"], ["ISSUE-001"]),
    (["--repo", "fastblocks"], ["ISSUE-002"]), (["--assignee", "lena"], ["ISSUE-001"]),
    (["--label", "async"], ["ISSUE-001"]), (["--label", "async", "--repo", "fastblocks"], []),
])  # fmt: skip
def test_filters_narrow_a_list(hub: Hub, options: list[str], ids: list[str]) -> None:
    assert hub.ids("issue", "list", *options) == ids


@pytest.mark.parametrize(("query", "ids"), [
    ("is:blocked", ["ISSUE-002"]), ("is:ready kind:issue", ["ISSUE-001"]),
    ("leak", ["ISSUE-001"]), ("role:resolver kind:issue", ["ISSUE-001", "ISSUE-002"]),
    ("priority>=high or repo:fastblocks and kind:issue", ["ISSUE-001", "ISSUE-002"]),
])  # fmt: skip
def test_list_takes_a_query(hub: Hub, query: str, ids: list[str]) -> None:
    assert sorted(hub.ids("list", query)) == ids


def test_a_wrong_query_names_its_place(hub: Hub) -> None:
    answer = hub("list", "status:open prio:high", "--json")

    assert answer.code == 2
    assert answer.error["position"] == len("status:open ")


def test_options_after_two_dashes_are_words(hub: Hub) -> None:
    assert hub("list", "--", "--json").out == ""
    assert [one["id"] for one in hub("list", "--json", "--", "leak").json] == ["ISSUE-001"]


@pytest.mark.parametrize(
    ("words", "code"), [([], 2), (["issue"], 2), (["issue", "--help"], 0), (["-h"], 0)]
)
def test_without_a_command_the_help_is_shown(hub: Hub, words: list[str], code: int) -> None:
    answer = hub(*words)

    assert (answer.code, answer.err) == (code, "")
    assert "Usage: coord" in answer.out


def test_options_without_a_command_are_not_enough(hub: Hub) -> None:
    assert "No command" in hub("--json").error["message"]
    assert "--nope" in hub("--nope").err


def test_the_version_is_told(hub: Hub) -> None:
    assert hub.ok("--version").startswith("coord ")


def test_the_first_page_names_every_command_of_one_word_and_every_noun(hub: Hub) -> None:
    page = hub.ok("--help")

    names = [
        name for name in (*table.COMMANDS, *table.GROUPS) if " " not in name and name != "hook"
    ]
    assert [name for name in names if f"\n  {name} " not in page] == []


@pytest.mark.parametrize(("words", "meant"), [
    ("dep add", "dep create"), ("issue delete", "delete"), ("todo done", "todo complete"), ("ls", "list"),
    ("issue edit", "edit"), ("isue list", "issue"), ("issue lst", "issue list"), ("grph", "graph"),
])  # fmt: skip
def test_what_was_probably_meant_is_said(hub: Hub, words: str, meant: str) -> None:
    assert f"did you mean `coord {meant}`?" in hub(*words.split()).err


def test_what_nothing_is_near_to_gets_no_guess(hub: Hub) -> None:
    assert "did you mean" not in hub("issue", "frob").err
