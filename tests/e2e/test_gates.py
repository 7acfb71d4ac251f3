"""Gates of coord.yaml and of plans, held against what was really measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integration.measured import FILES, Package

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

KEYS = {"gate", "repo", "value", "wanted", "passed"}


@pytest.fixture
def oneiric(hub: Hub) -> Package:
    """A measured repository beside the hub, collected."""
    package = Package(hub.root.parent / "oneiric")
    package.commit(FILES)
    package.measure()
    hub.ok("metrics", "collect")
    return package


def declare(hub: Hub, text: str) -> None:
    hub.write("coord.yaml", f"version: 1\ngates:\n{text}")


def test_a_gate_that_holds_is_passed(hub: Hub, oneiric: Package) -> None:
    declare(hub, "  - check: coverage >= 10\n    repo: oneiric\n")

    (found,) = hub.json("gate", "check")

    assert found.keys() >= KEYS
    assert (found["repo"], found["wanted"], found["passed"]) == ("oneiric", ">= 10", True)
    assert found["value"] == oneiric.reported()["percent_covered"]
    assert hub("check").code == 0


def test_a_gate_that_does_not_hold_exits_with_one(hub: Hub, oneiric: Package) -> None:
    declare(hub, "  - check: coverage > 99.5%\n    role: [resolver, app]\n")

    answer = hub("gate", "check", "--json")

    assert answer.code == 1
    assert [one["passed"] for one in answer.json] == [False]


def test_what_is_unknown_passes_no_gate(hub: Hub, oneiric: Package) -> None:
    declare(hub, "  - coverage >= 0\n")

    answer = hub("gate", "check", "--json")

    found = {one["repo"]: one for one in answer.json}
    assert answer.code == 1
    assert (found["fastblocks"]["value"], found["fastblocks"]["passed"]) == (None, False)
    assert found["fastblocks"]["reason"]
    assert found["oneiric"]["passed"] is True
    assert hub("gate", "check", "--repo", "oneiric").code == 0


def test_the_repository_around_the_directory_is_a_dot(
    hub: Hub, oneiric: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(hub, "  - coverage >= 10\n")
    monkeypatch.chdir(oneiric.root / "pkg")

    (found,) = hub.json("gate", "check", "--repo", ".", "--hub", str(hub.root))

    assert found["repo"] == "oneiric"


def test_plans_declare_gates_too_and_leave_others_to_people(hub: Hub, oneiric: Package) -> None:
    hub.write(
        "plans/PLAN-001.yaml",
        "id: PLAN-001\ntitle: Move\nstatus: active\nrepos:\n  - oneiric\n"
        "gates:\n  - coverage >= 99\n  - docs are read by somebody\n",
    )

    answer = hub("gate", "check", "--json")

    (found,) = answer.json
    assert (answer.code, found["origin"], found["passed"]) == (1, "PLAN-001", False)
    assert "docs are read by somebody" in answer.err


def test_a_fall_is_held_against_the_measurement_before(hub: Hub, oneiric: Package) -> None:
    declare(hub, "  - check: coverage fall <= 2\n    repo: oneiric\n")
    assert hub("gate", "check").code == 1  # nothing to compare with is not known to hold
    oneiric.commit({"pkg/calc.py": "def one():\n    return 1\n" * 30})
    oneiric.write({"tests/test_calc.py": "import pkg.calc\n"})
    oneiric.measure()
    oneiric.commit()
    hub.ok("metrics", "collect")

    answer = hub("gate", "check", "--json")

    assert answer.code == 1
    assert answer.json[0]["value"] > 2


@pytest.mark.parametrize(
    "text", ["coverage is high", "coverage >= many", "coverage >=", ">= 80", "a b >= 3"]
)
def test_a_text_that_is_no_gate_is_refused(hub: Hub, text: str) -> None:
    declare(hub, f"  - '{text}'\n")

    answer = hub("gate", "check", "--json")

    assert answer.code == 6
    assert "is no gate" in answer.error["message"]
    assert hub("check").code == 1


def test_without_gates_nothing_fails(hub: Hub) -> None:
    assert hub.json("gate", "check") == []


def test_what_failed_is_told_by_how_much(hub: Hub, oneiric: Package) -> None:
    declare(
        hub,
        "  - check: coverage >= 99\n    repo: oneiric\n  - check: git.total_commits < 0\n    repo: oneiric\n",
    )

    answer = hub("gate", "check", "--json")

    low, many = answer.json
    assert low["missed_by"] == pytest.approx(99 - oneiric.reported()["percent_covered"])
    assert (many["value"], many["missed_by"], many["passed"]) == (1, 1, False)
    assert f"by {low['missed_by']:.1f}" in hub("gate", "check").out


def test_a_gate_is_for_a_tag_a_role_or_a_repository(hub: Hub, oneiric: Package) -> None:
    hub.ok("repo", "update", "oneiric", "--set", 'tags=["core"]')
    declare(hub, "".join(
        f"  - check: git.commits >= 1\n    {key}: {value}\n"
        for key, value in (("tag", "[core, other]"), ("role", "resolver"), ("repo", "[oneiric]"))
    ))  # fmt: skip

    found = hub.json("gate", "check")

    assert [(one["repo"], one["missed_by"]) for one in found] == [("oneiric", 0.0)] * 3


@pytest.mark.parametrize("whom", ["tag: [other, none]", "role: nobody", "repo: onieric"])
def test_a_gate_for_nobody_is_a_slip_and_told(hub: Hub, oneiric: Package, whom: str) -> None:
    declare(hub, f"  - check: coverage >= 10\n    {whom}\n")

    answer = hub("gate", "check")

    assert answer.code == 6
    assert "is for no repository" in answer.err


def test_a_part_of_a_measure_passes_no_gate(hub: Hub, oneiric: Package) -> None:
    oneiric.commit({"pkg/far.py": "import nowhere_to_be_found\n"})
    hub.ok("metrics", "collect", "--only", "quality", "--repo", "oneiric")
    declare(hub, "  - check: quality.mypy.errors >= 0\n    repo: oneiric\n")

    (found,) = hub("gate", "check", "--json").json

    assert found["passed"] is False
    assert "only a part was measured" in found["reason"]


def test_a_conflict_rate_without_merges_is_unknown(hub: Hub, oneiric: Package) -> None:
    declare(hub, "  - check: git.conflict_rate < 10\n    repo: oneiric\n")

    answer = hub("gate", "check", "--json")

    assert answer.code == 1
    assert (answer.json[0]["value"], answer.json[0]["missed_by"]) == (None, None)
