"""Uses of skills: registered, collected once, counted, advised on, kept as long as wanted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests import skill_files
from tests.e2e.conftest import make_repo
from tests.skill_files import START, habits, invocation, listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.conftest import Hub, Repo


@pytest.fixture
def places(hub: Hub, oneiric: Repo) -> dict[str, Path]:
    """Two repositories beside the hub, one of each really written shape."""
    fastblocks = make_repo(hub.root.parent / "fastblocks")
    skill_files.write(oneiric.root, listed(habits(300)))
    skill_files.write(fastblocks.root, skill_files.with_sessions(habits(200, seed=2)))
    return {"oneiric": oneiric.root, "fastblocks": fastblocks.root}


@pytest.fixture
def collected(hub: Hub, places: dict[str, Path]) -> dict[str, Path]:
    """The same, registered and collected."""
    hub.ok("skill", "register", "--all")
    hub.ok("skill", "collect")
    return places


def _outcomes(hub: Hub, *words: str) -> dict[str, Any]:
    answer = hub("skill", "collect", *words, "--json")
    return {row["repo"]: row for row in answer.json}


def test_nothing_is_read_that_the_user_has_not_registered(
    hub: Hub, places: dict[str, Path]
) -> None:
    for words in (["collect"], ["report"], ["next", "plan"], ["evaluate"]):
        refused = hub("skill", *words)
        assert (refused.code, "coord skill register" in refused.err) == (6, True)

    hub.ok("skill", "register", "one")  # its nickname

    assert list(_outcomes(hub)) == ["oneiric"]
    assert hub("skill", "report", "--repo", "fastblocks").code == 4
    assert hub.git("config", "--local", "coord.repo.oneiric.skills").strip() == str(
        places["oneiric"]
    )
    assert hub.git("status", "--porcelain") == ""


def test_a_registration_is_for_one_folder(hub: Hub, places: dict[str, Path]) -> None:
    hub.ok("skill", "register", "oneiric")
    hub.git("config", "coord.repo.oneiric.path", str(places["fastblocks"]))

    found = _outcomes(hub)["oneiric"]

    assert (found["outcome"], found["rows"]) == ("absent", None)
    assert "coord skill register oneiric" in found["reason"]
    hub.ok("skill", "register", "oneiric")
    assert _outcomes(hub)["oneiric"]["rows"] == 200


def test_the_same_file_counts_once_however_often_and_by_however_many(
    hub: Hub, places: dict[str, Path]
) -> None:
    before = {name: (place / skill_files.NAME).stat() for name, place in places.items()}
    hub.ok("skill", "register", "--all")

    first, second = _outcomes(hub), _outcomes(hub)
    for place in places.values():  # the very same content, in a file of another time
        os.utime(place / skill_files.NAME, ns=(1, 1))
    third = _outcomes(hub)

    assert [first[name]["new"] for name in ("fastblocks", "oneiric")] == [200, 300]
    for found in (second, third):
        assert {row["outcome"] for row in found.values()} == {"unchanged"}
    assert hub.json("skill", "report")["total"]["uses"] == 500
    for name, place in places.items():
        now = (place / skill_files.NAME).stat()
        assert (now.st_ino, now.st_size) == (before[name].st_ino, before[name].st_size)
        assert sorted(os.listdir(place / ".session-buddy")) == ["skill_metrics.json"]


def test_what_the_file_has_lost_stays_known_and_what_it_says_anew_counts(
    hub: Hub, oneiric: Repo
) -> None:
    rows = habits(100)
    hub.ok("skill", "register", "oneiric")
    rows[60]["completed"] = None
    skill_files.write(oneiric.root, listed(rows[:70]))
    hub.ok("skill", "collect")
    rows[60] |= {"completed": True, "duration_seconds": 3}

    skill_files.write(oneiric.root, listed(rows[40:]))
    found = _outcomes(hub)["oneiric"]

    assert (found["rows"], found["new"]) == (100, 30)
    total = hub.json("skill", "report")["total"]
    assert (total["uses"], total["completion"]["known"]) == (100, 100)


def test_figures_are_those_of_the_rows(hub: Hub, collected: dict[str, Path]) -> None:
    rows = habits(300) + habits(200, seed=2)
    builds = [row for row in rows if row["skill_name"] == "build"]

    found = hub.json("skill", "report")

    (build,) = [row for row in found["skills"] if row["skill"] == "build"]
    assert (build["uses"], build["repos"]) == (len(builds), 2)
    assert build["completion"]["rate"] == pytest.approx(
        sum(row["completed"] for row in builds) / len(builds)
    )
    low, high = build["completion"]["interval"]
    assert low < build["completion"]["rate"] < high
    assert build["duration"] == {"median": 12.5, "p90": 12.5, "known": len(builds)}
    assert build["success"] is None
    assert found["total"]["uses"] == 500
    assert "success" not in hub.ok("skill", "report").split("\n")[0]
    assert "?" in hub.ok("skill", "report")


def test_each_shape_says_what_it_knows(hub: Hub, oneiric: Repo) -> None:
    moment = {"invoked_at": START.isoformat(), "success": False, "duration_ms": 2000}
    skill_files.write(oneiric.root, skill_files.documented({"a": [moment]}))
    hub.ok("skill", "register", "oneiric")
    hub.ok("skill", "collect")

    (row,) = hub.json("skill", "report")["skills"]

    assert row["success"]["rate"] == 0
    assert row["worked"]["rate"] == 0
    assert row["completion"] is None
    assert row["follow_ups"] is None
    assert row["duration"]["median"] == 2


def test_a_span_is_cut_at_days_of_the_writers_clock(
    hub: Hub, oneiric: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        invocation("a", datetime(2026, 1, 5, 23, 59, 59)),
        invocation("b", datetime(2026, 1, 6)),
    ]
    skill_files.write(oneiric.root, listed(rows))
    hub.ok("skill", "register", "oneiric")
    hub.ok("skill", "collect")

    for zone in ("UTC", "Asia/Kathmandu", "America/St_Johns"):
        done = hub.process(
            "skill", "report", "--until", "2026-01-05", "--json", env={**os.environ, "TZ": zone}
        )
        found = json.loads(done.stdout)
        assert [row["skill"] for row in found["skills"]] == ["a"], zone
        assert found["until"] == "2026-01-06T00:00:00"


def test_a_use_that_grows_week_by_week_rises_and_the_week_that_runs_is_not_judged(
    hub: Hub, oneiric: Repo
) -> None:
    monday = datetime.now() - timedelta(days=datetime.now().weekday())
    rows = []
    for week in range(12, -1, -1):
        for number in range(2 * (12 - week) + 1 if week else 1):
            start = monday.replace(hour=0, minute=0, second=0, microsecond=0)
            rows.append(
                invocation("grow", start - timedelta(weeks=week) + timedelta(seconds=number))
            )
        rows.append(invocation("same", start - timedelta(weeks=week)))
    skill_files.write(oneiric.root, listed(rows))
    hub.ok("skill", "register", "oneiric")
    hub.ok("skill", "collect")

    found = {row["skill"]: row for row in hub.json("skill", "trend", "--all")["skills"]}

    assert found["grow"]["uses"]["course"] == "rising"
    assert found["grow"]["uses"]["slope"] == pytest.approx(2)
    assert found["same"]["uses"]["course"] == "steady"
    assert found["grow"]["series"][-1]["running"] is True
    assert found["grow"]["uses"]["points"] == 12
    assert {row["repos_known"] for row in found["grow"]["series"]} == {1}
    assert "rising" in hub.ok("skill", "trend", "grow")


def test_two_weeks_say_nothing_of_a_course(hub: Hub, collected: dict[str, Path]) -> None:
    (row,) = hub.json("skill", "trend", "build", "--until", "2026-01-18")["skills"]

    assert row["uses"]["course"] == "unknown"
    assert row["uses"]["interval"] is None


def test_a_repository_that_does_worse_than_all_others_is_told_of(
    hub: Hub, places: dict[str, Path]
) -> None:
    bad = [row | {"completed": number % 3 == 0} for number, row in enumerate(habits(200, seed=2))]
    skill_files.write(places["fastblocks"], listed(bad))
    hub.ok("skill", "register", "--all")
    hub.ok("skill", "collect")

    found = {row["repo"]: row for row in hub.json("skill", "compare")["repos"]}

    assert found["fastblocks"]["against_others"]["verdict"] == "worse"
    assert found["oneiric"]["against_others"]["verdict"] == "better"
    assert "worse" in hub.ok("skill", "compare")


def test_what_is_used_together_is_linked(hub: Hub, oneiric: Repo) -> None:
    rows = []
    for number in range(120):
        start = START + timedelta(hours=2 * number)
        pair = ("plan", "build") if number % 2 else ("read", "write")
        rows += [invocation(name, start + timedelta(minutes=at)) for at, name in enumerate(pair)]
    skill_files.write(oneiric.root, listed(rows))
    hub.ok("skill", "register", "oneiric")
    hub.ok("skill", "collect")

    found = hub.json("skill", "graph")

    assert found["chains"] == 120
    assert [edge["skills"] for edge in found["edges"]] == [["build", "plan"], ["read", "write"]]
    assert found["edges"][0]["lift"] == pytest.approx(2)
    assert found["edges"][0]["support"] == pytest.approx(0.5)
    assert all(edge["linked"] for edge in found["edges"])
    dot = hub.ok("skill", "graph", "--dot")
    assert '"build" -- "plan" [label="2.00", style=solid];' in dot


def test_what_comes_next_is_what_came_next(hub: Hub, collected: dict[str, Path]) -> None:
    found = hub.json("skill", "next", "plan", "--repo", "oneiric")

    assert found["next"][0]["skill"] == "build"
    assert found["next"][0]["chance"] > 0.6
    (here,) = [one for one in found["next"][0]["counts"] if one["where"] == "here after it"]
    rows = [row["skill_name"] for row in habits(300)]
    assert 0 < here["count"] <= sum(rows[at : at + 2] == ["plan", "build"] for at in range(299))
    assert hub("skill", "next", "plam").code == 4
    assert "did you mean plan?" in hub("skill", "next", "plam").err


def test_advice_names_its_evidence_and_what_fails_is_to_be_dropped(
    hub: Hub, collected: dict[str, Path]
) -> None:
    for name in ("oneiric", "fastblocks"):
        (collected[name] / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\n')

    found = hub.json("skill", "recommend", "--repo", "oneiric", "--after", "plan")

    assert (found["languages"], found["similar"]) == (["python"], ["fastblocks"])
    assert found["use"][0]["skill"] == "build"
    assert any("in python" in reason for reason in found["use"][0]["reasons"])
    assert 0 < found["use"][0]["interval"][0] < found["use"][0]["confidence"]
    (drop,) = found["drop"]
    assert (drop["skill"], drop["why"]) == ("test", "fails")
    assert drop["difference"][1] < 0
    assert "drop  test" in hub.ok("skill", "recommend", "--repo", "oneiric")


def test_a_skill_that_others_do_well_with_is_to_be_tried(
    hub: Hub, collected: dict[str, Path]
) -> None:
    third = make_repo(hub.root.parent / "third")
    hub.ok("repo", "create", "third")
    skill_files.write(third.root, listed([invocation("other", START)] * 3))
    hub.ok("skill", "register", "third")
    hub.ok("skill", "collect")

    found = hub.json("skill", "recommend", "--repo", "third")

    names = [row["skill"] for row in found["try"]]
    assert set(names) == {"plan", "build", "commit", "test"}
    assert names[-1] == "test"
    assert found["try"][0]["repos"] == 2


def test_the_advice_is_better_than_the_most_used_where_there_are_habits(
    hub: Hub, collected: dict[str, Path]
) -> None:
    found = hub.json("skill", "evaluate")

    assert found["next"]["ours_1"] > found["next"]["usual_here_1"]
    assert found["next"]["interval"][0] > 0
    assert found["worked"]["ours"] < found["worked"]["usual"]


def test_the_advice_is_no_worse_than_the_most_used_where_all_is_chance(
    hub: Hub, oneiric: Repo
) -> None:
    import random

    chance, rows = random.Random(3), []
    for number in range(2000):
        name = chance.choices("abcdefgh", weights=[8, 7, 6, 5, 4, 3, 2, 1])[0]
        rows.append(invocation(name, START + timedelta(minutes=number)))
    skill_files.write(oneiric.root, listed(rows))
    hub.ok("skill", "register", "oneiric")
    hub.ok("skill", "collect")

    found = hub.json("skill", "evaluate")

    assert found["next"]["gain"] > -0.03


def test_workflows_are_told_with_their_orders_and_a_better_one(hub: Hub, oneiric: Repo) -> None:
    rows = []
    for number in range(120):
        start, good = START + timedelta(hours=number), number % 3 == 0
        steps = ("test", "build") if good else ("build", "test")
        rows += [
            invocation(name, start + timedelta(minutes=at), workflow_path="ship",
                       completed=good or number % 2 == 0)
            for at, name in enumerate(steps)
        ]  # fmt: skip
    skill_files.write(oneiric.root, listed(rows))
    hub.ok("skill", "register", "oneiric")
    hub.ok("skill", "collect")

    (found,) = hub.json("skill", "workflows")["workflows"]

    assert (found["workflow"], found["runs"], found["unknown"]) == ("ship", 120, 0)
    told = [(one["steps"], one["runs"], one["completed"]["rate"]) for one in found["orders"]]
    assert told == [(["build", "test"], 80, 0.5), (["test", "build"], 40, 1)]
    (better,) = found["better"]
    assert better["order"]["steps"] == ["test", "build"]
    assert better["difference"][0] > 0
    assert "better: test > build" in hub.ok("skill", "workflows")
    assert hub("skill", "workflows", "--workflow", "nope").code == 4


def test_what_was_cleaned_away_does_not_come_back(hub: Hub, collected: dict[str, Path]) -> None:
    cut = "2026-01-09"
    kept = sum(row["invoked_at"] >= cut for row in habits(300) + habits(200, seed=2))
    assert 0 < kept < 500

    tried = hub.json("skill", "clean", "--older-than", cut, "--dry-run")
    assert hub.json("skill", "report")["total"]["uses"] == 500
    done = hub.json("skill", "clean", "--older-than", cut)

    assert sum(tried["removed"].values()) == sum(done["removed"].values()) == 500 - kept
    hub.ok("skill", "collect")
    assert hub.json("skill", "report")["total"]["uses"] == kept
    assert hub.json("skill", "report")["total"]["first"] >= cut
    hub.ok("skill", "unregister", "--all", "--forget")
    hub.ok("skill", "register", "--all")
    hub.ok("skill", "collect")
    assert hub.json("skill", "report")["total"]["uses"] == kept


def test_who_is_unregistered_is_in_no_answer_and_forgotten_on_request(
    hub: Hub, collected: dict[str, Path]
) -> None:
    hub.ok("skill", "unregister", "oneiric")

    assert hub.json("skill", "report")["total"]["uses"] == 200
    (row,) = [row for row in hub.json("skill", "check") if row["repo"] == "oneiric"]
    assert (row["state"], row["mend"]) == ("warning", "coord skill unregister oneiric --forget")
    hub.ok("skill", "unregister", "oneiric", "--forget")
    assert [row["repo"] for row in hub.json("skill", "check")] == ["fastblocks"]


def test_a_damaged_file_is_told_left_out_and_made_anew(
    hub: Hub, collected: dict[str, Path]
) -> None:
    (rows,) = (hub.root / ".git/coord/skills/oneiric").glob("*/rows.parquet")
    rows.write_bytes(rows.read_bytes()[:100])

    answer = hub("skill", "report")
    assert answer.code == 0
    assert "oneiric: not in it: rows.parquet is damaged" in answer.err
    assert hub("skill", "check").code == 1
    found = _outcomes(hub)

    assert found["oneiric"]["mended"] is True
    assert found["oneiric"]["rows"] == 300
    assert hub("skill", "check").code == 0
    assert hub.json("skill", "report")["total"]["uses"] == 500


def test_damage_in_the_middle_of_a_file_hides_one_repository(
    hub: Hub, collected: dict[str, Path]
) -> None:
    for path in (hub.root / ".git/coord/skills/oneiric").glob("*/*.parquet"):
        raw = path.read_bytes()  # the end, which tells what is where, stays
        whole = len(raw) > 2000
        path.write_bytes(b"PAR1" + b"\xff" * (len(raw) - 2000) + raw[-1996:] if whole else b"")

    for words in (
        ["report"], ["trend", "--all"], ["compare"], ["next", "plan"], ["recommend"], ["evaluate"],
        ["workflows", "--sessions"], ["graph"], ["share", "--dry-run"],
    ):  # fmt: skip
        found = hub.json("skill", *words)
        assert [row["repo"] for row in found["unread"]] == ["oneiric"], words
        assert "is damaged" in found["unread"][0]["reason"]


def test_periods_add_up_to_the_whole(hub: Hub, collected: dict[str, Path]) -> None:
    whole = hub.json("skill", "report")["total"]

    for every in ("day", "week", "month"):
        rows = hub.json("skill", "report", "--every", every)["periods"]
        assert sum(row["uses"] for row in rows) == whole["uses"]
        assert [row["date"] for row in rows] == sorted({row["date"] for row in rows})
        assert sum(row["worked"]["known"] for row in rows) == whole["worked"]["known"]
    one = hub.json("skill", "report", "--skill", "plan", "--repo", "oneiric")
    assert [row["skill"] for row in one["skills"]] == ["plan"]
    assert hub("skill", "report", "--skill", "nope").code == 4


def test_everything_derived_may_be_deleted(hub: Hub, collected: dict[str, Path]) -> None:
    import shutil

    before = hub.json("skill", "report")
    shutil.rmtree(hub.root / ".git/coord/skills")

    hub.ok("skill", "collect")

    assert hub.json("skill", "report") == before


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _outside(path: Path) -> None:
    secret = path.parent.parent.parent / "outside.json"
    secret.write_text(json.dumps(listed([invocation("stolen", START)])))
    path.symlink_to(secret)


def _vast(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 30)


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "fifo": (_fifo, "is no file"),
    "link": (_outside, "symbolic link"),
    "vast": (_vast, "more than"),
    "folder": (Path.mkdir, "is no file"),
    "torn": (lambda path: path.write_bytes(b'{"invocations": [{"skill'), "line 1, column"),
    "empty": (lambda path: path.write_bytes(b""), "empty"),
    "nested": (lambda path: path.write_bytes(b"[" * 100_000), "nested"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason_and_hides_nothing(
    hub: Hub, places: dict[str, Path], kind: str
) -> None:
    make, reason = HOSTILE[kind]
    path = places["oneiric"] / skill_files.NAME
    path.unlink()
    make(path)
    hub.ok("skill", "register", "--all")

    answer = hub("skill", "collect", "--json")

    assert answer.code == 1
    found = {row["repo"]: row for row in answer.json}
    assert (found["oneiric"]["outcome"], found["oneiric"]["rows"]) == ("unread", None)
    assert reason in found["oneiric"]["reason"]
    assert found["fastblocks"]["rows"] == 200
    report = hub.json("skill", "report")
    assert report["total"]["uses"] == 200
    assert [one["repo"] for one in report["unread"]] == ["oneiric"]
    assert reason in report["unread"][0]["reason"]
    check = {row["repo"]: row for row in hub("skill", "check", "--json").json}
    assert (check["oneiric"]["state"], check["fastblocks"]["state"]) == ("error", "ok")
    assert reason in check["oneiric"]["reason"]
    assert "stolen" not in hub.ok("skill", "report")


def test_a_row_from_the_future_counts_when_its_time_has_come(hub: Hub, oneiric: Repo) -> None:
    later = datetime.now() + timedelta(hours=30)
    skill_files.write(oneiric.root, listed([invocation("a", later), invocation("b", START)]))
    hub.ok("skill", "register", "oneiric")

    known = []
    for zone in ("Pacific/Honolulu", "Pacific/Kiritimati"):  # its clock is a day ahead
        env = {**os.environ, "TZ": zone}
        done = hub.process("skill", "collect", "--json", env=env)
        known.append(json.loads(done.stdout)[0]["rows"])

    assert known == [1, 2]


def test_a_linked_folder_is_not_followed(hub: Hub, places: dict[str, Path]) -> None:
    folder = places["oneiric"] / ".session-buddy"
    folder.rename(hub.root.parent / "elsewhere")
    folder.symlink_to(hub.root.parent / "elsewhere")
    hub.ok("skill", "register", "oneiric")

    assert ".session-buddy is a symbolic link" in _outcomes(hub)["oneiric"]["reason"]


def test_a_file_that_turns_bad_leaves_what_was_known(hub: Hub, collected: dict[str, Path]) -> None:
    (collected["oneiric"] / skill_files.NAME).write_bytes(b'{"invocations": [')

    found = _outcomes(hub)["oneiric"]

    assert (found["outcome"], found["rows"]) == ("unread", 300)
    assert hub.json("skill", "report")["total"]["uses"] == 500
    assert hub("skill", "check").code == 1
    skill_files.write(collected["oneiric"], listed(habits(301)))
    assert _outcomes(hub)["oneiric"]["rows"] == 301
    assert hub("skill", "check").code == 0


def test_strange_names_are_shown_and_steer_nothing(hub: Hub, oneiric: Repo) -> None:
    names = ["\x1b[2Jred", "two\nlines", "drop'; --", 'quo"te', "\u202eevil", "名前", "\x00"]
    rows = [invocation(name, START + timedelta(minutes=at)) for at, name in enumerate(names)] * 4
    skill_files.write(oneiric.root, listed(rows))
    hub.ok("skill", "register", "oneiric")
    hub.ok("skill", "collect")

    for words in (["report"], ["trend", "--all"], ["graph", "--least", "1"], ["graph", "--dot", "--least", "1"],
                  ["workflows", "--sessions"], ["recommend"], ["next", "drop'; --"], ["compare"]):  # fmt: skip
        said = hub.ok("skill", *words)
        assert "\x1b" not in said, words
        assert "\u202e" not in said, words
    assert {row["skill"] for row in hub.json("skill", "report")["skills"]} >= set(names[:6])


def test_forty_columns_are_enough(
    hub: Hub, collected: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "40")

    for words in (
        ["report"], ["report", "--every", "week"], ["trend", "--all"], ["compare"], ["graph"],
        ["workflows", "--sessions"], ["next", "plan"], ["recommend", "--repo", "oneiric"], ["evaluate"],
        ["check"], ["collect"],
    ):  # fmt: skip
        said = hub("skill", *words).out
        assert said, words
        assert max(map(len, said.splitlines())) <= 40, said


def test_a_hub_with_an_odd_name_is_counted_in(tmp_path: Path, hub: Hub, oneiric: Repo) -> None:
    odd = tmp_path / "a [b]*?'q\"ü"
    odd.mkdir()
    hub.root.rename(odd / "hub")
    oneiric.root.rename(odd / "oneiric")
    skill_files.write(odd / "oneiric", listed(habits(50)))
    where = ["--hub", str(odd / "hub")]
    os.chdir(odd)

    hub.ok("skill", "register", "--all", *where)
    hub.ok("skill", "collect", *where)
    skill_files.write(odd / "oneiric", listed(habits(60)))
    hub.ok("skill", "collect", *where)

    assert hub.json("skill", "report", *where)["total"]["uses"] == 60


def test_a_disk_that_refuses_is_told_of(hub: Hub, collected: dict[str, Path]) -> None:
    if os.geteuid() == 0:
        folder = hub.root / ".git/coord/skills/oneiric"
        for path in sorted(folder.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        folder.rmdir()
        folder.write_text("in the way")
    else:
        (hub.root / ".git/coord/skills/oneiric").chmod(0o500)
    skill_files.write(collected["oneiric"], listed(habits(310)))

    answer = hub("skill", "collect", "--json")

    assert answer.code == 1
    found = {row["repo"]: row for row in answer.json}
    assert found["oneiric"]["outcome"] == "failed"
    assert found["fastblocks"]["outcome"] == "unchanged"


def test_without_duckdb_it_is_said_what_to_install(
    hub: Hub, collected: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "none").mkdir()
    hide = (
        "import sys\n"
        "class Hide:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'duckdb': raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Hide())\n"
        "import importlib.util\n"
        "found = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *more: None if name == 'duckdb' else found(name, *more)\n"
        "from gitcoord.cli.main import main; raise SystemExit(main())"
    )
    for words in (["report"], ["collect"], ["check"], ["clean", "--older-than", "9d"], ["share"]):
        done = subprocess.run(
            [sys.executable, "-c", hide, "skill", *words], cwd=hub.root, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, "pip install 'gitcoord[skills]'" in done.stderr) == (6, True), done


def test_only_questions_about_skills_load_duckdb(hub: Hub, collected: dict[str, Path]) -> None:
    for words, wanted in (
        (["list"], False),
        (["skill", "register", "oneiric"], False),
        (["skill", "report"], True),
    ):
        code = f"import sys; from gitcoord.cli.main import main; main({words!r}); print('duckdb' in sys.modules)"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=hub.root, capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == str(wanted), words


def test_wrong_words_are_refused(hub: Hub, collected: dict[str, Path]) -> None:
    for words in (
        ["register"], ["register", "oneiric", "--all"], ["trend"], ["trend", "a", "--all"], ["clean"],
        ["graph", "--json", "--dot"], ["report", "--since", "2026-02-01", "--until", "2026-01-01"],
        ["report", "--since", "whenever"], ["clean", "--older-than", "2126-01-01"], ["trend", "a", "--every", "year"],
    ):  # fmt: skip
        assert hub("skill", *words).code == 2, words


def test_a_repository_that_is_not_here_cannot_be_registered(hub: Hub, oneiric: Repo) -> None:
    refused = hub("skill", "register", "fastblocks")

    assert refused.code == 4
    assert "coord.repo.fastblocks.path" in refused.err
    rows = {row["repo"]: row["state"] for row in hub.json("skill", "register", "--all")}
    assert rows == {"fastblocks": "absent", "oneiric": "registered"}


def test_a_bare_or_empty_repository_says_why_it_has_nothing(hub: Hub, oneiric: Repo) -> None:
    bare = hub.root.parent / "fastblocks.git"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    hub.ok("skill", "register", "--all")

    found = _outcomes(hub)

    assert "bare" in found["fastblocks"]["reason"]
    assert (found["oneiric"]["outcome"], found["oneiric"]["rows"]) == ("none", None)
    assert hub("skill", "collect").code == 0
    report = hub.json("skill", "report")
    assert (report["total"], report["skills"]) == (None, [])
    assert {row["repo"] for row in report["unread"]} == {"fastblocks", "oneiric"}
