"""`coord fix`: record, find again, recommend, confirm, as a person or a program does it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.conftest import PROGRAM

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub, Repo

UNUSED = "'{}' imported but unused"


def record(hub: Hub, *words: str, message: str = UNUSED.format("os"), strategy: str = "autofix",
           worked: bool | None = True) -> Any:  # fmt: skip
    flags = {True: ["--success"], False: ["--failed"], None: []}[worked]
    return hub.json(
        "fix", "record", "--message", message, "--strategy", strategy, "--repo", "oneiric",
        *flags, *words,
    )  # fmt: skip


def lines(hub: Hub, *attempts: dict[str, Any]) -> subprocess.CompletedProcess[bytes]:
    said = "".join(json.dumps(one) + "\n" for one in attempts)
    return hub.process("fix", "record", "--stdin", "--json", input=said.encode())


def test_an_attempt_is_kept_as_it_was_told(hub: Hub) -> None:
    made = record(
        hub, "--type", "F401", "--file", "app/ünï 🎉.py", "--line", "3", "--stage", "lint",
        "--agent", "ruff", "--duration", "1.5", "--session", "s1",
    )  # fmt: skip

    assert made["message"] == UNUSED.format("os")
    assert (made["type"], made["file"], made["line"]) == ("F401", "app/ünï 🎉.py", 3)
    assert (made["success"], made["duration"], made["confirmed"]) == (True, 1.5, None)
    assert hub.json("fix", "list") == [made]
    assert hub.git("status", "--porcelain") == ""


def test_attempts_come_as_lines_in_the_words_of_other_programs(hub: Hub) -> None:
    done = lines(
        hub,
        {"issue_type": "E501", "issue_message": "Line too long", "file_path": "x.py", "line_number": 1,
         "agent_used": "a", "fix_strategy": "wrap", "succeeded": True, "duration_ms": 1500,
         "session_id": "s", "repository": "oneiric", "timestamp": "2026-01-01T12:00:00-08:00"},
        {"message": "x", "strategy": "y", "success": None},
        {"message": "x", "strategy": "y", "success": None},
    )  # fmt: skip

    found = json.loads(done.stdout)
    assert [one["strategy"] for one in found] == ["wrap", "y", "y"]
    assert (found[0]["duration"], found[0]["time"]) == (1.5, "2026-01-01T12:00:00-08:00")
    assert found[1]["repo"] == "hub"
    assert len({one["id"] for one in found}) == 3
    assert len(hub.json("fix", "list")) == 3


@pytest.mark.parametrize(
    "line",
    ["{", "[1]", '{"message": "x"}', '{"message": "", "strategy": "y"}', "nul",
     '{"message": "x", "strategy": "y", "sucess": true}',
     '{"message": "x", "strategy": "y", "success": "maybe"}',
     '{"message": "x", "strategy": "y", "line": -1}',
     '{"message": "x", "strategy": "y", "duration": 1e999}',
     '{"message": "x", "strategy": "y", "time": "yesterday"}',
     '{"message": "x", "strategy": "y", "commit": "HEAD"}',
     '{"message": "x", "strategy": "y", "repo": "../x"}',
     '{"message": "x", "strategy": "y", "issue_message": "z"}'],
)  # fmt: skip
def test_one_wrong_line_writes_nothing(hub: Hub, line: str) -> None:
    good = '{"message": "x", "strategy": "y"}\n'

    done = hub.process("fix", "record", "--stdin", "--json", input=f"{good}{line}\n".encode())

    assert done.returncode == 6, done
    assert json.loads(done.stderr)["error"]["hint"]
    assert hub.json("fix", "list") == []


def test_lines_end_as_they_like_and_a_mark_may_stand_before_them(hub: Hub) -> None:
    said = b'\xef\xbb\xbf{"message": "a", "strategy": "b"}\r\n\r\n{"message": "c", "strategy": "d"}\r\n'

    assert hub.process("fix", "record", "--stdin", input=said).returncode == 0
    assert [one["message"] for one in hub.json("fix", "list")] == ["c", "a"]


def test_times_are_kept_with_their_offset_and_shown_in_the_users_zone(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(hub, "--time", "2026-01-01T12:00:00+05:45")
    record(hub, "--time", "9999-12-31T23:59:59+00:00")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        shown = hub.ok("fix", "list")
        hub.ok("fix", "effectiveness")
        hub.ok("fix", "recommend", UNUSED)
    finally:
        monkeypatch.undo()
        time.tzset()

    assert "2026-01-01 19:15" in shown


@pytest.mark.parametrize("words", [["similar", ""], ["recommend", " "], ["recommend"]])
def test_a_question_needs_words(hub: Hub, words: list[str]) -> None:
    assert hub("fix", *words).code == 2


@pytest.mark.parametrize(
    "words",
    [["--message", "x"], ["--strategy", "y"], ["--message", " ", "--strategy", "y"]],
)
def test_an_attempt_needs_a_message_and_a_strategy(hub: Hub, words: list[str]) -> None:
    assert hub("fix", "record", *words).code == 6


@pytest.mark.parametrize(
    "words",
    [["--success", "--failed", "--message", "x", "--strategy", "y"],
     ["--stdin", "--message", "x"], ["--message", "x", "--strategy", "y", "--line", "x"],
     ["--message", "x", "--strategy", "y", "--duration", "nan"]],
)  # fmt: skip
def test_options_that_contradict_each_other_are_refused(hub: Hub, words: list[str]) -> None:
    assert hub("fix", "record", *words).code == 2


def test_secrets_never_reach_the_journal(hub: Hub) -> None:
    token = "ghp_" + "a1B2" * 9
    record(hub, "--file", f"x/{token}.py", "--agent", token, message=f"push refused: {token}")
    lines(hub, {"message": "x", "strategy": f"use {token}"})
    hub.ok("fix", "recommend", f"push refused: {token}")

    everything = hub.git("log", "-p", "coord-journal") + "".join(
        path.read_text() for path in (hub.root / ".git/coord/learning").iterdir()
    )

    assert token not in everything
    assert "[masked]" in everything


def test_a_huge_message_is_cut_and_takes_no_time(hub: Hub) -> None:
    said = json.dumps({"message": "'ab1 " * 1_000_000, "strategy": "s" * 10_000})

    done = hub.process("fix", "record", "--stdin", "--json", input=said.encode())

    (made,) = json.loads(done.stdout)
    assert (len(made["message"]), len(made["strategy"])) == (8000, 300)
    assert hub.json("fix", "list") == [made]


def test_what_a_terminal_would_obey_is_shown_inert(hub: Hub) -> None:
    record(hub, message="bad \x1b[2J\x07 thing\nsecond line", strategy="a\x1b[31mb")

    shown = hub.ok("fix", "list") + hub.ok("fix", "similar", "bad thing")

    assert "\x1b" not in shown
    assert len(shown.splitlines()) == 2


def test_similar_finds_failures_as_well_and_says_why(hub: Hub) -> None:
    record(hub, message=UNUSED.format("re"), strategy="noqa", worked=False)
    record(hub)
    record(hub, message="Connection refused by peer")

    found = hub.json("fix", "similar", "`yaml`", "imported", "but", "unused")

    assert {one["strategy"] for one in found} == {"noqa", "autofix"}
    assert all(one["kind"] == "attempt" and one["score"] > 0.9 for one in found)
    assert any("failed" in one["reasons"] for one in found)
    assert hub.json("fix", "similar", "nothing like it whatever") == []


def test_recommend_prefers_what_works_and_shows_what_it_rests_on(hub: Hub) -> None:
    for _ in range(4):
        record(hub, "--agent", "ruff")
        record(hub, strategy="noqa", worked=False)

    found = hub.json("fix", "recommend", "'yaml' imported but unused")

    assert (found["strategy"], found["agent"], found["basis"]) == ("autofix", "ruff", "similar")
    assert (found["worked"], found["failed"], found["evidence"]) == (4, 0, 8)
    assert 0.5 < found["confidence"] < 1
    assert [one["strategy"] for one in found["attempts"]] == ["autofix"] * 4
    assert [one["strategy"] for one in found["alternatives"]] == ["noqa"]
    assert found["alternatives"][0]["confidence"] < found["confidence"]


def test_failures_count_against_a_strategy(hub: Hub) -> None:
    record(hub, strategy="sometimes")
    for _ in range(5):
        record(hub, strategy="sometimes", worked=False)
    for _ in range(3):
        record(hub, strategy="often")

    assert hub.json("fix", "recommend", UNUSED)["strategy"] == "often"


def test_what_is_old_counts_less(hub: Hub) -> None:
    old = ["--time", "2020-01-01T00:00:00Z"]
    for _ in range(6):
        record(hub, *old, "--session", str(_), strategy="old")
        record(hub, strategy="old", worked=False)
    for _ in range(3):
        record(hub, strategy="new")

    assert hub.json("fix", "recommend", UNUSED)["strategy"] == "new"


def test_without_history_there_is_a_default_that_says_so(hub: Hub) -> None:
    found = hub.json("fix", "recommend", "whatever", "--type", "F401")

    assert (found["strategy"], found["basis"], found["confidence"]) == ("autofix", "default", None)
    assert found["attempts"] == found["alternatives"] == []


def test_the_hub_sets_defaults_and_numbers(hub: Hub) -> None:
    hub.write("coord.yaml", "learning:\n  similarity: 0.99\n  defaults: {F401: remove}\n")
    record(hub, message="unused import of a module")

    found = hub.json("fix", "recommend", "unused import", "--type", "F401")

    assert (found["strategy"], found["basis"]) == ("remove", "default")
    assert hub.json("check") == []


def test_a_strategy_with_a_higher_rate_that_stands_second_says_why(hub: Hub) -> None:
    hub.write("coord.yaml", "learning:\n  prior: 0.25\n")
    for number in range(10):
        record(hub, strategy="often", worked=number > 0)
    record(hub, strategy="lucky")

    told = hub.ok("fix", "recommend", UNUSED)
    found = hub.json("fix", "recommend", UNUSED)

    (lucky,) = found["alternatives"]
    assert found["strategy"] == "often"
    assert lucky["confidence"] > found["confidence"]
    assert lucky["behind"] == "it rests on less, so its range begins lower"
    assert f"1 worked, 0 failed; second because {lucky['behind']}" in told


def test_how_much_one_outcome_says_is_learnt_unless_the_hub_sets_it(hub: Hub) -> None:
    rows = [
        {"type": f"T{number}", "message": f"trouble {word}", "strategy": "fix", "repo": "oneiric",
         "success": number % 2 == 0}
        for number in range(12)
        for word in ("one", "two", "three", "four")
    ]  # fmt: skip
    assert lines(hub, *rows).returncode == 0

    learnt = hub.json("learn", "status")["parameters"]["prior"]
    hub.write("coord.yaml", "learning:\n  prior: 3\n")

    assert learnt < 1
    assert hub.json("learn", "status")["parameters"]["prior"] == 3


def test_settings_that_make_no_sense_are_findings_and_change_nothing(hub: Hub) -> None:
    hub.write(
        "coord.yaml",
        "learning:\n  half_life: -1\n  prior: many\n  variants: [a]\n  feedback: everywhere\n",
    )
    record(hub)

    assert hub.json("fix", "recommend", UNUSED)["strategy"] == "autofix"
    assert {one["field"].partition(".")[0] for one in json.loads(hub("check", "--json").out)} == {
        "learning"
    }


def test_an_answer_is_the_same_each_time(hub: Hub) -> None:
    for strategy in ("b", "a", "c"):
        record(hub, "--time", "2026-01-01T00:00:00Z", strategy=strategy)

    answers = [hub.json("fix", "recommend", UNUSED) for _ in range(3)]

    for one in answers:
        del one["run"]
    told = [
        [one["strategy"], [rest["strategy"] for rest in one["alternatives"]]] for one in answers
    ]
    assert told == [["a", ["b", "c"]]] * 3


def test_an_outcome_confirms_or_corrects_an_attempt(hub: Hub) -> None:
    made = record(hub)

    confirmed = hub.json("fix", "outcome", made["id"], "--failed", "--note", "came back")

    assert [one["id"] for one in confirmed] == [made["id"]]
    assert hub.json("fix", "list")[0]["confirmed"] is False
    assert hub.json("fix", "effectiveness")[0]["failed"] == 1
    hub.ok("fix", "outcome", made["id"], "--worked")
    assert hub.json("fix", "list")[0]["confirmed"] is True
    assert hub.json("fix", "list", "--failed") == []


def test_the_outcome_of_a_recommendation_becomes_an_attempt(hub: Hub) -> None:
    record(hub, "--agent", "ruff")
    run = hub.json("fix", "recommend", UNUSED, "--session", "s9", "--repo", "oneiric")["run"]

    (made,) = hub.json("fix", "outcome", run, "--worked")

    assert (made["strategy"], made["agent"], made["run"]) == ("autofix", "ruff", run)
    assert (made["recommended"], made["session"], made["success"]) == ("autofix", "s9", True)
    assert hub.json("learn", "status")["followed"] == 1


def test_recording_with_a_run_remembers_what_was_recommended(hub: Hub) -> None:
    record(hub)
    run = hub.json("fix", "recommend", UNUSED)["run"]

    made = record(hub, "--run", run, strategy="by-hand")

    assert made["recommended"] == "autofix"
    assert hub.json("learn", "status")["recommended"] == 1
    assert hub.json("learn", "status")["followed"] == 0


def test_an_outcome_of_nothing_is_not_found(hub: Hub) -> None:
    assert hub("fix", "outcome", "run-nope", "--worked").code == 4
    assert hub("fix", "outcome", "run-nope").code == 2


@pytest.mark.parametrize("by", ["strategy", "agent", "type", "repo"])
def test_effectiveness_is_told_by_anything(hub: Hub, by: str) -> None:
    record(hub, "--agent", "a", "--type", "t")
    record(hub, "--agent", "a", "--type", "t", worked=False)
    record(hub, "--agent", "a", "--type", "t", worked=None)

    (found,) = hub.json("fix", "effectiveness", "--by", by)

    assert (found["attempts"], found["worked"], found["failed"], found["unknown"]) == (3, 1, 1, 1)
    assert found["rate"] == 0.5
    assert found["interval"][0] < 0.5 < found["interval"][1]


def test_sessions_get_variants_and_the_variants_are_compared(hub: Hub) -> None:
    hub.write("coord.yaml", "learning:\n  variants:\n    A: {}\n    B: {half_life: 7}\n")
    record(hub)
    given = set()
    for number in range(12):
        found = hub.json("fix", "recommend", UNUSED, "--session", f"s{number}")
        given.add(found["variant"])
        hub.ok("fix", "outcome", found["run"], "--worked")

    status = hub.json("learn", "status")

    assert given == {"A", "B"}
    assert [one["variant"] for one in status["results"]] == ["A", "B"]
    assert status["comparisons"][0]["better"] is None
    assert hub("learn", "evaluate", "--variant", "C").code == 4
    assert hub.json("learn", "evaluate", "--variant", "B")["parameters"]["half_life"] == 7


def test_reports_from_before_and_after_become_attempts(hub: Hub, tmp_path: Path) -> None:
    source = tmp_path / "x y.py"
    source.write_text("import os\nimport sys\nprint(undefined)\n")
    ruff = [
        str(Path(sys.executable).parent / "ruff"),
        "check",
        "--isolated",
        "--no-cache",
        "--select",
        "F",
    ]
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    for report in (before, after):
        if report == after:
            subprocess.run([*ruff, "--fix", "-q", str(source)], check=False, capture_output=True)
        done = subprocess.run(
            [*ruff, "--output-format", "json", str(source)], check=False, capture_output=True
        )
        report.write_bytes(done.stdout)

    found = hub.json("fix", "import", str(after), "--before", str(before), "--strategy", "autofix")

    assert {(one["type"], one["success"]) for one in found} == {("F401", True), ("F821", False)}
    assert hub("fix", "import", str(after)).code == 2
    assert hub("fix", "import", "nope", "--strategy", "x").code == 2
    assert hub("fix", "import", str(source), "--strategy", "x").code == 6


def test_history_is_replayed(hub: Hub) -> None:
    for number in range(6):
        time = f"2026-01-{number + 1:02d}T00:00:00Z"
        record(hub, "--time", time)
        record(hub, "--time", time, strategy="noqa", worked=False)

    found = hub.json("learn", "evaluate")

    assert (found["attempts"], found["judged"]) == (12, 11)
    assert found["recommender"]["rate"] == 1
    assert found["calibration"]["count"] > 0
    assert "recommender" in hub.ok("learn", "evaluate")


def test_what_lies_before_a_day_is_known_and_not_judged(hub: Hub) -> None:
    for number in range(4):
        record(hub, "--time", f"2026-0{number + 1}-01T00:00:00Z", strategy=f"s{number % 2}")

    found = hub.json("learn", "evaluate", "--since", "2026-03-15")

    assert (found["attempts"], found["judged"], found["advised"]["attempts"]) == (1, 1, 1)


def test_nothing_to_learn_from_is_unknown_not_zero(hub: Hub) -> None:
    found = hub.json("learn", "evaluate")

    assert (found["judged"], found["recommender"]["rate"], found["lift"]) == (0, None, None)
    assert hub.json("learn", "evaluate", "--search")["shown"] is None
    assert (
        hub.ok("learn", "evaluate")
        + hub.ok("learn", "status")
        + hub.ok("learn", "evaluate", "--search")
    )


def test_a_repository_of_the_ecosystem_records_in_its_hub(
    hub: Hub, oneiric: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    oneiric.git("config", "coord.hub", str(hub.root))
    monkeypatch.chdir(oneiric.root)

    assert hub.json("fix", "record", "--message", "x", "--strategy", "y")["repo"] == "oneiric"


def test_a_bare_repository_and_a_linked_work_tree_have_the_same_memory(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    record(hub)
    monkeypatch.chdir(tmp_path / "linked")

    assert len(hub.json("fix", "list")) == 1

    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "bare.git")], check=True)
    monkeypatch.chdir(tmp_path / "bare.git")
    record(hub)
    assert hub.json("fix", "recommend", UNUSED)["strategy"] == "autofix"


def test_where_nothing_can_be_written_there_is_an_answer(hub: Hub) -> None:
    record(hub)
    shutil.rmtree(hub.root / ".git" / "coord")
    (hub.root / ".git" / "coord").write_text("in the way of everything that is derived")

    answer = hub("fix", "recommend", UNUSED)
    found = hub.json("fix", "recommend", UNUSED)

    assert (found["strategy"], found["run"]) == ("autofix", None)
    assert "coord fix record" in answer.err


def test_a_kill_while_recording_leaves_all_or_nothing(hub: Hub) -> None:
    said = "".join(
        json.dumps({"message": f"error {n}", "strategy": "s", "success": True}) + "\n"
        for n in range(400)
    )
    for wait in (0.05, 0.1, 0.2, 0.3, 0.4, 0.6):
        running = subprocess.Popen(
            [*PROGRAM, "fix", "record", "--stdin"], cwd=hub.root, stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            running.communicate(said.encode(), timeout=wait)
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate()
        count = len(hub.json("fix", "list", "--limit", "0"))
        assert count % 400 == 0
    hub.git("fsck", "--strict", "--no-dangling")


def test_a_kill_while_reading_leaves_tables_that_are_mended(hub: Hub) -> None:
    said = "".join(
        json.dumps({"message": f"error {n} x{n}", "strategy": "s"}) + "\n" for n in range(2000)
    )
    assert hub.process("fix", "record", "--stdin", input=said.encode()).returncode == 0
    for wait in (0.1, 0.2, 0.3, 0.5):
        running = subprocess.Popen(
            [*PROGRAM, "fix", "list"], cwd=hub.root, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            running.communicate(timeout=wait)
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate()

    assert len(hub.json("fix", "list", "--limit", "0")) == 2000


def test_a_detached_or_unborn_head_is_no_hindrance(hub: Hub) -> None:
    hub.git("checkout", "-q", "--detach")
    record(hub)
    hub.git("checkout", "-q", "--orphan", "empty")
    record(hub)

    assert hub.json("fix", "recommend", UNUSED)["worked"] == 2


def test_a_journal_that_somebody_stands_on_is_left_alone(hub: Hub) -> None:
    record(hub)
    hub.git("checkout", "-q", "coord-journal")

    answer = hub("--hub", str(hub.root), "fix", "record", "--message", "x", "--strategy", "y")

    assert answer.code in (3, 5)
    assert hub.git("rev-list", "--count", "coord-journal").strip() == "1"
