"""A list that finds nothing says which names in its query are nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.e2e.mcp_client import run, stdio, text

from gitcoord.cli.main import main

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["list", "repo:oneirik"], "there is no repository oneirik; did you mean oneiric?"),
        (["list", "repo:one"], "there is no repository one; did you mean oneiric?"),
        (["list", "repo:zzz"], "there is no repository zzz; `coord repo list` shows all."),
        (["list", "consumer:fastblok"], "no repository fastblok; did you mean fastblocks?"),
        (["list", "role:resolvre"], "there is no role resolvre; did you mean resolver?"),
        (["list", "plan:PLAN-0001"], "there is no plan PLAN-0001; did you mean PLAN-001?"),
        (["list", "issue:ISSUE-999"], "there is no issue ISSUE-999"),
        (["list", "status:open", "(repo:oneirik", "or", "label:nope)"], "did you mean oneiric?"),
        (["list", "repo:fastblocks,zzz", "label:nope"], "there is no repository zzz"),
        (["list", "repo:zzz", "group:repo"], "there is no repository zzz"),
        (["list", "repo:zzz", "--limit", "0"], "there is no repository zzz"),
        (["list", "repo:zzz", "--at", "HEAD"], "there is no repository zzz"),
        (["issue", "list", "--repo", "oneirik"], "did you mean oneiric?"),
        (["todo", "list", "--plan", "PLAN-0001"], "did you mean PLAN-001?"),
        (["ready", "--role", "resolvre"], "did you mean resolver?"),
        (["blocked", "--repo", "oneirik"], "did you mean oneiric?"),
    ],
)
def test_a_name_that_nobody_bears_is_told_on_stderr_alone(
    hub: Hub, words: list[str], told: str
) -> None:
    hub.ok("plan", "create", "--title", "Soon", "--repo", "oneiric")

    plain, json = hub(*words), hub(*words, "--json")

    assert (plain.code, plain.out, json.code, json.json) == (0, "", 0, [])
    assert told in plain.err
    assert told in json.err
    assert plain.err.count("there is no") == 1


@pytest.mark.parametrize(
    "query",
    [
        "repo:fastblocks status:closed", "repo:ONEIRIC label:nope", "repo:zz*", "repo:none label:nope",
        "-repo:zzz label:nope", "role:spare", "plan:PLAN-007 status:closed", "provider:elsewhere label:x",
        "issue:ISSUE-001", "assignee:nobody", "label:nope", "repo:faulty",
    ],
)  # fmt: skip
def test_known_names_patterns_and_what_must_not_be_are_not_told_of(hub: Hub, query: str) -> None:
    coord = hub.root / "coord"
    (coord / "roles.yaml").write_text("roles:\n  - name: spare\n")
    (coord / "repos" / "faulty.yaml").write_text("name: [\n")
    (coord / "todos").mkdir(exist_ok=True)
    (coord / "todos" / "TODO-001.yaml").write_text(
        "id: TODO-001\ntask: t\nrepo: oneiric\nstatus: pending\nplan: PLAN-007\n"
    )
    hub.ok("dep", "create", "--consumer", "oneiric", "--provider", "elsewhere", "--type", "runtime",
           "--version", ">=1")  # fmt: skip

    answer = hub("list", query)

    assert answer.code == 0
    assert "there is no" not in answer.err


def test_an_answer_with_records_says_nothing_of_names(hub: Hub) -> None:
    assert "there is no" not in hub("list", "repo:oneiric,zzz").err


def test_words_of_a_query_cannot_draw_on_the_terminal(
    hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    path = hub.root / "coord" / "repos" / "akosha.yaml"
    path.write_text('name: akosha\nrole: "spar\\ekling"\n')
    main(["list", "role:sparkling"])

    told = capsys.readouterr().err
    assert "there is no role sparkling; did you mean spar" in told
    assert "\x1b" not in told


TOOLS: tuple[tuple[str, dict[str, str], list[str]], ...] = (
    ("coord_list_issues", {"repo": "oneirik"}, ["no repository oneirik; did you mean oneiric?"]),
    ("coord_list_issues", {"query": "role:resolvre"}, ["no role resolvre; did you mean resolver?"]),
    ("coord_list_todos", {"plan": "zzz"}, ["no plan zzz"]),
    ("coord_list_plans", {"repo": "zzz\u202e"}, ["no repository zzz\\u202e"]),
    ("coord_list_dependencies", {"provider": "oneirik"}, ["did you mean oneiric?"]),
    ("coord_ready", {"repo": "oneirik"}, ["did you mean oneiric?"]),
    ("coord_list_blocked", {"repo": "oneirik"}, ["did you mean oneiric?"]),
    ("coord_list_issues", {"label": "nobody-has-it"}, []),
    ("coord_list_issues", {"repo": "fastblocks"}, []),
)


def test_an_agent_is_told_as_well(hub: Hub) -> None:
    async def question() -> None:
        async with stdio(hub.root, "--toolsets", "all") as client:
            for tool, arguments, told in TOOLS:
                answer = await client.call_tool(tool, arguments)
                assert answer.structured_content is not None
                notes = answer.structured_content.get("notes", [])
                lines = [line for line in text(answer).splitlines() if line.startswith("Note: ")]
                assert (len(notes), len(lines)) == (len(told), len(told)), (tool, arguments)
                assert all(part in line for part, line in zip(told, lines, strict=True)), lines

    run(question)
