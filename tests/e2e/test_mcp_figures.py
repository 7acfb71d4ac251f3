"""Figures, attempts and trust as agents are told them: as the command line has them, over real pipes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.e2e.mcp_client import run, said, stdio, text, wrong
from tests.integration.measured import FILES, Package

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub

ALL = ("--toolsets", "all")
MESSAGE = "E501 line too long (120 > 100) in core.py"


@pytest.fixture
def package(hub: Hub) -> Package:
    """A measured repository beside the hub."""
    found = Package(hub.root.parent / "oneiric")
    found.commit(FILES)
    found.measure()
    hub.ok("metrics", "collect", "--only", "coverage")
    return found


def _memory(hub: Hub) -> list[Path]:
    return sorted((hub.root / ".git/coord").glob("learning/*"))


def test_figures_are_those_of_the_command_line(hub: Hub, package: Package) -> None:
    percent = package.reported()["percent_covered"]
    package.commit({"README.md": "words\n"})

    async def question() -> None:
        async with stdio(hub.root, *ALL) as client:
            found = await client.call_tool("coord_get_metrics", {})
            assert found.structured_content is not None
            assert found.structured_content["items"] == hub.json("metrics", "status")["repos"]
            assert "oneiric stale: coverage" in text(found)
            assert "fastblocks absent: coverage unknown: not on this machine" in text(found)
            one = await said(client, "coord_get_metric", repo="one")  # its nickname
            assert (one["repo"], one["metric"], one["value"]) == (
                "oneiric",
                "coverage.percent",
                percent,
            )
            trend = hub.json("metrics", "trend", "oneiric", "coverage")
            assert one["items"] == trend[::-1]
            assert one["origin"]["commit"] == trend[-1]["commit"]
            one = await said(client, "coord_get_metric", repo="oneiric", until="1y")
            assert one["total"] == 0

    run(question)


def test_a_figure_that_is_not_known_is_an_error_with_a_way_out(hub: Hub, package: Package) -> None:
    async def question() -> None:
        async with stdio(hub.root, *ALL) as client:
            told = await wrong(client, "coord_get_metric", repo="fastblocks")
            assert "coord metrics collect" in told
            assert "oneiric" in await wrong(client, "coord_get_metric", repo="onieric")
            told = await wrong(client, "coord_get_metric", repo="oneiric", metric="covrage")
            assert "did you mean coverage?" in told
            told = await wrong(client, "coord_get_metric", repo="oneiric", since="never")
            assert told.startswith("usage")

    run(question)


def test_quality_is_told_as_measured_last_and_nothing_is_measured(
    hub: Hub, package: Package
) -> None:
    async def question() -> None:
        async with stdio(hub.root, *ALL) as client:
            before = await said(client, "coord_get_quality")
            assert {one["reason"] for one in before["items"]} == {"it was not measured yet"}
            held = hub.json("quality", "oneiric", "--static")["repos"][0]["quality"]
            found = await client.call_tool("coord_get_quality", {"repo": "oneiric"})
            assert found.structured_content is not None
            (row,) = found.structured_content["items"]
            assert (row["score"], row["parts"]) == (held["score"], held["parts"])
            assert f"oneiric: {held['score']:g}" in text(found)

    run(question)


def test_an_agent_follows_a_recommendation_and_tells_what_came_of_it(hub: Hub) -> None:
    async def question() -> None:
        async with stdio(hub.root, *ALL, "--agent", "robot") as client:
            for _ in range(4):
                made = await said(client, "coord_record_fix", message=MESSAGE, repo="oneiric",
                                  strategy="autofix", success=True)  # fmt: skip
            found = await said(client, "coord_recommend_fix", message=MESSAGE)
            assert (found["strategy"], found["agent"]) == ("autofix", "robot")
            told = await wrong(client, "coord_record_outcome", run=found["run"], worked=True)
            assert "needs a repository" in told
            done = await said(
                client, "coord_record_outcome", run=found["run"], worked=True, repo="oneiric"
            )
            assert done["items"][0]["run"] == found["run"]
            done = await said(
                client, "coord_record_outcome", run=made["id"], worked=False, note="x"
            )
            assert done["items"][0]["confirmed"] is False
            told = await wrong(client, "coord_record_outcome", run="run-nope", worked=True)
            assert "coord fix list" in told
            assert "worked is missing" in await wrong(client, "coord_record_outcome", run="run-x")

    run(question)
    assert len(hub.json("fix", "list")) == 5


def test_a_server_that_only_reads_remembers_nothing_either(hub: Hub) -> None:
    async def question() -> None:
        async with stdio(hub.root, *ALL, "--read-only") as client:
            found = await said(client, "coord_recommend_fix", message=MESSAGE)
            assert found["run"] is None
            await said(client, "coord_search", text="leak")

    run(question)
    assert _memory(hub) == []


def test_limits_hold_for_attempts_and_their_outcomes(hub: Hub) -> None:
    hub.ok("fix", "record", "--message", MESSAGE, "--repo", "oneiric", "--strategy", "autofix")
    (made,) = hub.json("fix", "list")

    async def question() -> None:
        async with stdio(hub.root, *ALL, "--allow-repos", "fastblocks") as client:
            attempt = {"message": MESSAGE, "strategy": "autofix"}
            assert "not-allowed" in await wrong(
                client, "coord_record_fix", repo="oneiric", **attempt
            )
            assert "not-allowed" in await wrong(
                client, "coord_record_outcome", run=made["id"], worked=True
            )
            await said(client, "coord_record_fix", repo="fastblocks", **attempt)

    run(question)
    assert [one["repo"] for one in hub.json("fix", "list")] == ["fastblocks", "oneiric"]
    assert {one["confirmed"] for one in hub.json("fix", "list")} <= {None, False}


def test_trust_is_told_and_the_folder_is_not(hub: Hub) -> None:
    hub.write("todos/TODO-001.yaml",
              "id: TODO-001\ntask: t\nrepo: oneiric\nstatus: pending\nacceptance_criteria:\n"
              "  - text: c\n    check: touch \"x\\e[31m\"\n")  # fmt: skip

    async def question() -> None:
        async with stdio(hub.root, *ALL) as client:
            found = await client.call_tool("coord_get_trust", {"id": "TODO-001"})
            assert found.structured_content is not None
            (row,) = found.structured_content["items"]
            assert (row["state"], row["trusted"]) == ("pending", None)
            assert str(hub.root.parent) not in str(found.model_dump())
            assert "not-found" in await wrong(client, "coord_get_trust", id="ISSUE-001")
            assert (await said(client, "coord_get_trust"))["total"] == 1

    run(question)


def test_records_like_one_are_found(hub: Hub) -> None:
    hub.ok(
        "issue", "create", "--title", "A leak of memory in the session pool", "--repo", "oneiric"
    )
    hub.ok("issue", "create", "--title", "The session pool leaks memory", "--repo", "fastblocks")

    async def question() -> None:
        async with stdio(hub.root, *ALL) as client:
            found = await said(client, "coord_find_similar", id="issue-003")
            assert found["items"][0]["id"] == "ISSUE-004"
            assert "not-found" in await wrong(client, "coord_find_similar", id="../x")

    run(question)
