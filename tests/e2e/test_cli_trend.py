"""`coord trend` and `coord burndown`: the demo's half year, formats, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from tests import terminal

from gitcoord.cli import trending
from gitcoord.cli.csvtext import csv as as_csv
from gitcoord.cli.sparkline import sparkline, unicode

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub

DONE = ("closed", "resolved", "completed", "cancelled")


@pytest.fixture
def demo(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    root = tmp_path / "demo"
    hub.ok("init", "--demo", str(root))
    monkeypatch.chdir(root)
    hub.root = root
    return hub


def total(rows: list[dict[str, Any]], field: str) -> int:
    return sum(row[field] or 0 for row in rows)


def statuses(hub: Hub) -> list[tuple[str, str]]:
    """Return the changes of status that the subjects of `git log` tell of."""
    subjects = hub.git("log", "--format=%s")
    found = re.findall(r"^(?:ISSUE|TODO|PLAN)-\d+: status (\w+) → (\w+)$", subjects, re.MULTILINE)
    return [(old, new) for old, new in found]


@pytest.mark.parametrize("every", ["day", "week", "month", "quarter"])
def test_the_sums_are_those_of_git_log(demo: Hub, every: str) -> None:
    rows = demo.json("trend", "--every", every)
    changes = statuses(demo)
    subjects = demo.git("log", "--format=%s")
    created = len(re.findall(r"^\S+: create (?:issue|todo|plan)", subjects, re.MULTILINE))
    second = demo.git("log", "--reverse", "--format=%H").split()[1]
    imported = demo.ids("list", "is:open", "--at", second, "--limit", "0")

    assert total(rows, "opened") == created + len(imported)
    assert total(rows, "closed") == sum(b in DONE and a not in DONE for a, b in changes)
    assert total(rows, "reopened") == sum(a in DONE and b not in DONE for a, b in changes)
    assert rows[-1]["open"] == len(demo.ids("list", "is:open", "--limit", "0"))


def test_every_week_of_the_demo_is_what_a_list_of_that_day_shows(demo: Hub) -> None:
    rows = demo.json("trend", "--every", "month", "--repo", "oneiric")

    for one, after in pairwise(rows):
        there = demo.git("rev-list", "-1", f"--before={after['date']}T00:00:00Z", "HEAD").strip()
        query = "is:open repo:oneiric kind:issue,todo,plan"
        assert one["open"] == len(demo.ids("list", query, "--at", there, "--limit", "0"))


@pytest.mark.parametrize("by", ["repo", "role", "label", "plan", "kind", "assignee", "severity"])
def test_a_group_is_what_the_filter_of_its_name_gives(demo: Hub, by: str) -> None:
    rows = demo.json("trend", "--every", "month", "--by", by)
    groups = sorted({row["group"] for row in rows})

    for group in groups[:3]:
        plain = demo.json("trend", "--every", "month", f"--{by}", group)
        for row in (*rows, *plain):
            row["age"] = None if row["partial"] else row["age"]  # what is open grows older
        own = [
            {k: v for k, v in row.items() if k != "group"} for row in rows if row["group"] == group
        ]
        assert own == plain


def test_a_query_narrows_like_the_options(demo: Hub) -> None:
    window = ["--every", "month", "--until", "40d"]
    by_query = demo.json("trend", "repo:oneiric", "kind:issue", *window)

    assert by_query == demo.json("trend", "--repo", "oneiric", "--kind", "issue", *window)


def test_csv_holds_the_numbers_of_json(demo: Hub) -> None:
    rows = demo.json("trend", "--by", "kind")

    table = list(csv.DictReader(io.StringIO(demo.ok("trend", "--by", "kind", "--csv"))))

    assert [(line["group"], line["date"], line["open"]) for line in table] == [
        (row["group"], row["date"], str(row["open"])) for row in rows
    ]
    assert [line["cycle_time_p85"] or None for line in table] == [
        str(row["cycle_time"]["p85"]) if row["cycle_time"] else None for row in rows
    ]


def test_csv_defuses_formulas_and_quotes_what_has_to_be() -> None:
    rows = [{"group": text} for text in ("=1+1", "@x", "a,b", 'say "x"', "two\nlines", "plain")]

    cells = [row[0] for row in csv.reader(io.StringIO(as_csv(rows, [("group",)])))]

    assert cells == ["group", "'=1+1", "'@x", "a,b", 'say "x"', "two\nlines", "plain"]


def test_a_burndown_ends_where_the_plan_stands(demo: Hub) -> None:
    found = demo.json("burndown", "PLAN-006")

    members = demo.ids("list", "kind:issue,todo", "is:open", "plan:PLAN-006", "--limit", "0")
    listed = demo.json("show", "PLAN-006")["issues"]
    opened = {r["id"] for r in demo.json("list", "is:open kind:issue", "--limit", "0")}
    assert found["series"][-1]["remaining"] == len(set(members) | (set(listed) & opened))
    assert (found["plan"], found["forecast"] is None) == ("PLAN-006", found["reason"] is not None)
    assert demo.json("plan", "burndown", "plan-006") == found
    assert "PLAN-006" in demo.ok("burndown", "PLAN-006")
    assert demo.ok("burndown", "PLAN-006", "--csv").startswith("date,remaining,done,scope")


@pytest.mark.parametrize(("words", "code", "said"), [
    (["--repo", "oneirc"], 4, "oneiric"), (["--label", "nope"], 4, "label 'nope'"),
    (["--plan", "PLAN-999"], 4, "PLAN-999"), (["is:ready"], 2, "is:ready"),
    (["--since", "2026-02-30"], 2, "--since"), (["--since", "2026-01..2026-02"], 2, "--since"),
    (["--since", "2030", "--until", "2029"], 2, "ends before"), (["--every", "hour"], 2, "--every"),
    (["--since", "0001-01-02", "--every", "day"], 2, "20,000"), (["--csv", "--json"], 2, "--csv"),
    (["--plot", "x.gif"], 2, ".svg"), (["group:status"], 2, "status"), (["status:"], 2, ""),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_with_a_hint(
    hub: Hub, words: list[str], code: int, said: str
) -> None:
    answer = hub("trend", *words)

    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
    assert "--json" in words or len(answer.err.strip().splitlines()) >= 2


def test_a_nickname_and_another_case_name_the_repository(hub: Hub) -> None:
    rows = hub.json("trend", "--repo", "oneiric")

    assert hub.json("trend", "--repo", "one") == hub.json("trend", "--repo", "ONEIRIC") == rows
    assert rows[-1]["open"] == 2


def test_an_unborn_branch_has_no_history(empty_hub: Hub) -> None:
    empty_hub.git("checkout", "-q", "--orphan", "other")

    assert empty_hub.json("trend") == []
    assert "no history" in empty_hub.ok("trend")
    assert "no history" in empty_hub.ok("trend", "--by", "repo")


def test_a_linked_work_tree_and_a_detached_head_have_trends_of_their_own(hub: Hub) -> None:
    before = hub.git("rev-parse", "HEAD").strip()
    hub.ok("issue", "close", "ISSUE-001")
    hub.git("worktree", "add", "-q", "--detach", "../a tree ✓", before)

    there = hub.json("trend", "--hub", str(hub.root.parent / "a tree ✓"))

    assert [row["closed"] for row in there] == [0]
    assert [row["closed"] for row in hub.json("trend")] == [1]


def test_no_file_is_needed_to_answer(hub: Hub) -> None:
    import shutil

    wanted = hub.json("trend")
    folder = hub.root / ".git" / "coord"
    shutil.rmtree(folder)
    folder.write_text("a file where the folder would be")

    assert hub.json("trend") == wanted


def test_many_at_once_answer_alike(hub: Hub) -> None:
    words = [*hub.program, "trend", "--json"]
    running = [subprocess.Popen(words, cwd=hub.root, stdout=subprocess.PIPE) for _ in range(10)]

    answers = {child.communicate()[0] for child in running}

    assert len(answers) == 1
    assert json.loads(answers.pop())[-1]["open"] == 2


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_a_picture_is_drawn(hub: Hub, ending: str) -> None:
    hub.ok("issue", "update", "ISSUE-001", "--add-label", "$x_1$ <b>\\frac")
    name = f"my trend ✓.{ending}"

    answer = hub("trend", "--by", "label", "--plot", name)

    assert answer.code == 0
    assert name in answer.err
    drawn = (hub.root / name).read_bytes()
    assert drawn.startswith(b"<?xml" if ending == "svg" else b"\x89PNG")
    hub.ok("trend", "--by", "label", "--plot", name)
    assert ending == "png" or (hub.root / name).read_bytes() == drawn


def test_a_picture_without_matplotlib_says_what_to_install(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "matplotlib.py").write_text("raise ImportError('not here')\n")
    env = os.environ | {"PYTHONPATH": str(tmp_path)}

    done = hub.process("trend", "--plot", "x.svg", env=env)

    assert done.returncode == 2
    assert b"pip install 'gitcoord[plot]'" in done.stderr
    assert not (hub.root / "x.svg").exists()


def test_a_picture_that_cannot_be_written_is_told(hub: Hub) -> None:
    assert hub("trend", "--plot", "no/such/folder/x.svg").code == 3


def test_a_narrow_terminal_is_not_overrun(demo: Hub) -> None:
    for words in (["trend"], ["trend", "--by", "repo"], ["burndown", "PLAN-006"]):
        lines = on_a_terminal(demo, 40, *words)
        assert max(map(len, lines)) <= 40, words
        assert any("█" in line for line in lines)


def test_a_locale_without_unicode_gets_ascii(demo: Hub) -> None:
    done = demo.process("trend", env=os.environ | {"LC_ALL": "C"})

    assert done.stdout.isascii()
    assert b"#" in done.stdout


def on_a_terminal(hub: Hub, columns: int, *words: str) -> list[str]:
    """Run the program on a terminal of some width; return its lines without colours."""
    ours, theirs = pty.openpty()
    env = os.environ | {"COLUMNS": str(columns), "LC_ALL": "C.UTF-8"}
    child = subprocess.Popen(
        [*hub.program, *words], cwd=hub.root, stdout=theirs, stderr=theirs, stdin=theirs, env=env
    )
    os.close(theirs)
    said = terminal.read_all(ours)
    assert child.wait() == 0
    os.close(ours)
    return re.sub(r"\x1b\[[0-9;]*m", "", said).replace("\r", "").split("\n")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Los_Angeles", "America/Sao_Paulo"])
def test_each_day_of_a_year_is_there_once_in_any_zone(hub: Hub, zone: str) -> None:
    words = ["trend", "--every", "day", "--since", "2018", "--until", "2018", "--json"]

    done = hub.process(*words, env=os.environ | {"TZ": zone})

    days = [row["date"] for row in json.loads(done.stdout)]
    assert (len(days), len(set(days)), days[0], days[-1]) == (365, 365, "2018-01-01", "2018-12-31")


@pytest.mark.parametrize("every", ["week", "month", "quarter"])
def test_the_ends_of_the_calendar_are_no_trouble(hub: Hub, every: str) -> None:
    first = hub.json("trend", "--since", "0001-01-02", "--until", "0002", "--every", every)
    last = hub.json("trend", "--since", "9985", "--until", "9999-12-31", "--every", every)

    assert {row["open"] for row in (*first, *last)} == {None}


def test_sparklines_start_at_zero_and_leave_the_unknown_blank() -> None:
    assert sparkline([0, 7, None, 3.5], 10, blocks=True) == "▁█ ▅"
    assert sparkline([0, 7, 3.5], 10, blocks=False) == "_#="
    assert sparkline([], 10, blocks=True) == ""
    assert sparkline([0, 0], 10, blocks=True) == "▁▁"
    assert len(sparkline(list(range(1000)), 40, blocks=True)) == 40


@pytest.mark.parametrize(("environment", "wanted"), [
    ({"LANG": "de_DE.UTF-8"}, True), ({"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, False), ({}, False),
    ({"LC_CTYPE": "C.utf8"}, True), ({"LANG": "de_DE.ISO-8859-1"}, False), ({"LANG": "POSIX"}, False),
])  # fmt: skip
def test_the_locale_says_what_can_be_shown(environment: dict[str, str], wanted: bool) -> None:
    assert unicode(environment) is wanted


def test_hostile_labels_do_not_steer_the_terminal(hub: Hub) -> None:
    hub.write(
        "issues/ISSUE-009.yaml",
        'id: ISSUE-009\ntitle: t\nstatus: pending\nlabels: ["\\e[31mred"]\n',
    )
    hub.git("add", "-A")
    hub.git("commit", "-q", "-m", "x")

    assert "\x1b" not in hub.ok("trend", "--by", "label")
    assert "\x1b" not in hub.ok("trend", "--by", "label", "--json")


def test_trends_load_nothing_heavy() -> None:
    code = "import gitcoord.cli.commands.trending, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}; {code}"],
                            capture_output=True, text=True, check=True).stdout.split()  # fmt: skip

    assert not {"matplotlib", "numpy", "sqlite3", "json", "random", "typing", "csv"} & set(loaded)
    assert trending.__name__ in loaded
