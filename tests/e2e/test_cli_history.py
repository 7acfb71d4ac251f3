"""`coord log`, `coord blame` and `coord diff`, as a person types them."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub

SHAPE = ["id", "event", "field", "old", "new", "author", "time", "commit"]


def brief(events: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(e["id"], e["event"], e["field"], e["old"], e["new"]) for e in events]


def renumber(hub: Hub, old: str, new: str) -> None:
    """Give a record another id by hand, and commit."""
    path = hub.root / "coord" / "issues" / f"{old}.yaml"
    hub.write(f"issues/{new}.yaml", path.read_text().replace(f"id: {old}", f"id: {new}"))
    path.unlink()
    hub.git("add", "-A")
    hub.git("commit", "-qm", "renumber")


def test_log_tells_who_changed_what_when_and_in_which_commit(hub: Hub) -> None:
    hub.ok("issue", "update", "ISSUE-001", "--status", "in_progress", "--add-label", "x")
    hub.ok("issue", "close", "ISSUE-001")
    hub.ok("issue", "reopen", "ISSUE-001")

    events = hub.json("log", "ISSUE-001")

    assert [list(event) for event in events] == [SHAPE] * len(events)
    assert events[0]["event"] == "created"
    assert events[0]["new"]["title"] == "Sessions leak"
    assert brief(events)[1:] == [
        ("ISSUE-001", "changed", "status", "pending", "in_progress"),
        ("ISSUE-001", "changed", "labels", ["async"], ["async", "x"]),
        ("ISSUE-001", "closed", "status", "in_progress", "closed"),
        ("ISSUE-001", "reopened", "status", "closed", "pending"),
    ]
    last = events[-1]
    assert last["author"] == "Lena"
    assert last["commit"] == hub.git("rev-parse", "HEAD").strip()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", last["time"])


def test_what_a_status_means_is_in_the_events_name(hub: Hub) -> None:
    hub.ok("todo", "create", "--task", "t", "--repo", "oneiric")
    hub.ok("todo", "complete", "TODO-001")
    hub.ok("dep", "create", "--consumer", "fastblocks", "--provider", "oneiric", "--type",
           "runtime", "--version", ">=1")  # fmt: skip
    hub.ok("dep", "update", "DEP-001", "--status", "satisfied")
    hub.ok("todo", "create", "--task", "u", "--repo", "oneiric")
    hub.ok("todo", "update", "TODO-002", "--status", "cancelled")

    words = {e["event"] for id in ("TODO-001", "TODO-002", "DEP-001") for e in hub.json("log", id)}

    assert {"created", "completed", "validated", "closed"} <= words


def test_log_follows_a_record_through_the_archive_and_to_its_earlier_ids(hub: Hub) -> None:
    hub.ok("issue", "close", "ISSUE-001")
    hub.ok("issue", "close", "ISSUE-002")
    hub.ok("archive", "ISSUE-002")
    hub.ok("unarchive", "ISSUE-002")
    renumber(hub, "ISSUE-002", "ISSUE-040")
    hub.ok("issue", "update", "ISSUE-040", "--title", "Later")

    events = hub.json("log", "ISSUE-040")

    assert [event["event"] for event in events] == [
        "created", "closed", "moved", "moved", "renumbered", "changed",
    ]  # fmt: skip
    assert brief(events)[4] == ("ISSUE-040", "renumbered", "id", "ISSUE-002", "ISSUE-040")
    assert hub.json("log", "ISSUE-002") == events


def test_show_at_follows_neither_but_answers_for_the_id_of_that_time(hub: Hub) -> None:
    hub.ok("issue", "close", "ISSUE-001")
    before = hub.json("show", "ISSUE-002")
    renumber(hub, "ISSUE-002", "ISSUE-040")
    hub.ok("issue", "close", "ISSUE-040")
    hub.ok("archive", "ISSUE-040")

    assert hub.json("show", "ISSUE-002", "--at", "HEAD~3") == before
    assert hub("show", "ISSUE-040", "--at", "HEAD~3").code == 4
    assert hub("show", "ISSUE-002", "--at", "HEAD~2").code == 4
    assert hub.json("show", "ISSUE-040", "--at", "HEAD~1")["archived"] is False
    then = hub.json("show", "ISSUE-040", "--at", "HEAD")
    assert (then["archived"], then["status"]) == (True, "closed")
    assert then["path"] == "coord/archive/issues/ISSUE-040.yaml"


def test_two_records_that_had_one_id_keep_their_own_history(hub: Hub) -> None:
    hub.git("checkout", "-qb", "side")
    hub.ok("issue", "create", "--title", "theirs")
    hub.ok("issue", "update", "ISSUE-003", "--priority", "low")
    theirs = (hub.root / "coord/issues/ISSUE-003.yaml").read_text()
    hub.git("checkout", "-q", "main")
    hub.write("issues/ISSUE-003.yaml", theirs.replace("theirs", "ours").replace("low", "high"))
    hub.git("add", "-A")
    hub.git("commit", "-qm", "ours")
    hub.git("merge", "-q", "--no-commit", "-s", "ours", "side")
    hub.write("issues/ISSUE-004.yaml", theirs.replace("ISSUE-003", "ISSUE-004"))
    hub.git("add", "-A")
    hub.git("commit", "-qm", "merge")

    ours, moved = hub.json("log", "ISSUE-003"), hub.json("log", "ISSUE-004")

    assert [(e["event"], e["new"]["title"]) for e in ours] == [("created", "ours")]
    assert [(e["id"], e["event"]) for e in moved] == [
        ("ISSUE-003", "created"), ("ISSUE-003", "changed"), ("ISSUE-004", "renumbered"),
    ]  # fmt: skip


def test_a_record_that_is_gone_has_a_log_and_one_that_never_was_is_an_error(hub: Hub) -> None:
    hub.ok("delete", "ISSUE-002", "--yes")

    assert [event["event"] for event in hub.json("log", "ISSUE-002")] == ["created", "removed"]
    assert hub("log", "ISSUE-777").code == 4
    assert "never was" in hub("log", "ISSUE-777", "--json").error["message"]


def test_a_record_is_found_by_nickname_and_however_it_is_capitalised(hub: Hub) -> None:
    assert hub.json("log", "one") == hub.json("log", "ONEIRIC") == hub.json("log", "oneiric")
    assert hub.json("log", "issue-001") == hub.json("log", "ISSUE-001")


def test_a_record_that_is_not_committed_has_an_empty_log(hub: Hub) -> None:
    hub.ok("issue", "create", "--title", "new", "--no-commit")

    assert hub.json("log", "ISSUE-003") == []
    assert "no events" in hub("log", "ISSUE-003").err


def test_log_takes_a_query(hub: Hub) -> None:
    assert {e["id"] for e in hub.json("log", "is:blocked")} == {"ISSUE-002"}
    assert {e["id"] for e in hub.json("log", "kind:issue")} == {"ISSUE-001", "ISSUE-002"}
    assert hub.json("log", "priority:low") == []
    assert hub("log", "prio:low").code == 2


@pytest.mark.parametrize(("options", "count"), [
    (["--since", "2000-01-01"], 2), (["--until", "2000-01-01"], 0), (["--since", "1d"], 2),
    (["--since", "2099"], 0), (["--until", "today"], 2), (["--until", "1d"], 0),
    (["--author", "lena"], 2), (["--author", "LENA@example"], 2), (["--author", "omar"], 0),
    (["--field", "status"], 1), (["--field", "assignee"], 0), (["--limit", "1"], 1),
])  # fmt: skip
def test_options_narrow_the_log(hub: Hub, options: list[str], count: int) -> None:
    hub.ok("issue", "close", "ISSUE-001")

    assert len(hub.json("log", "ISSUE-001", *options)) == count


@pytest.mark.parametrize("option", ["--since", "--until"])
def test_a_date_that_is_none_is_refused(hub: Hub, option: str) -> None:
    assert hub("log", option, "whenever").code == 2
    assert hub("log", option, "2026-01-01..2026-02-01").code == 2


def test_text_has_the_newest_first_and_says_when_there_is_more(hub: Hub) -> None:
    hub.ok("issue", "close", "ISSUE-001")
    hub.ok("comment", "ISSUE-001", "Done in 1.2\nreally")

    answer = hub("log", "--limit", "2")

    first, second = answer.out.splitlines()
    assert "comment: Done in 1.2⏎really" in first
    assert "closed: status: pending → closed" in second
    assert "--limit 0" in answer.err


def test_a_field_of_metadata_is_named_with_a_dot(hub: Hub) -> None:
    hub.ok("issue", "update", "ISSUE-001", "--set", "metadata.team=core")
    hub.ok("issue", "update", "ISSUE-001", "--set", "metadata.team=web")

    events = hub.json("log", "ISSUE-001", "--field", "metadata")

    assert brief(events)[1] == ("ISSUE-001", "changed", "metadata.team", "core", "web")


def test_a_file_that_cannot_be_read_for_a_while_is_told_and_bridged(hub: Hub) -> None:
    path = hub.root / "coord/issues/ISSUE-001.yaml"
    sound = path.read_text()
    for text in ("title: [\n", "- list\n", sound.replace("pending", "closed")):
        path.write_text(text)
        hub.git("commit", "-qam", "by hand")

    events = hub.json("log", "ISSUE-001")

    assert brief(events)[1:] == [
        ("ISSUE-001", "changed", None, None, None),
        ("ISSUE-001", "changed", None, None, None),
        ("ISSUE-001", "closed", "status", "pending", "closed"),
    ]
    assert "cannot be read" in hub.ok("log", "ISSUE-001")


def test_blame_names_the_commit_behind_each_value(hub: Hub) -> None:
    first = hub.json("log", "ISSUE-001")[0]["commit"]
    hub.ok("issue", "update", "ISSUE-001", "--priority", "low")
    second = hub.git("rev-parse", "HEAD").strip()
    hub.ok("issue", "update", "ISSUE-001", "--assignee", "omar", "--no-commit")

    lines = {line["field"]: line for line in hub.json("blame", "ISSUE-001")}

    assert list(lines["title"]) == ["field", "value", "author", "time", "commit"]
    assert lines["title"]["commit"] == first
    assert (lines["priority"]["value"], lines["priority"]["commit"]) == ("low", second)
    assert lines["assignee"] == {
        "field": "assignee", "value": "omar", "author": None, "time": None, "commit": None,
    }  # fmt: skip
    assert re.search(r"assignee +omar +not committed", hub.ok("blame", "ISSUE-001"))
    assert hub("blame", "ISSUE-777").code == 4


def test_blame_answers_as_of_a_revision_without_what_is_not_committed(hub: Hub) -> None:
    first = hub.json("log", "ISSUE-001")[0]["commit"]
    hub.ok("issue", "update", "ISSUE-001", "--priority", "low")
    hub.ok("issue", "update", "ISSUE-001", "--assignee", "omar", "--no-commit")

    now = {line["field"]: line for line in hub.json("blame", "ISSUE-001", "--at", "HEAD")}
    before = {line["field"]: line for line in hub.json("blame", "ISSUE-001", "--at", "HEAD~1")}

    assert now["priority"]["value"] == "low"
    assert now["assignee"]["value"] != "omar"
    assert before["priority"]["value"] != "low"
    assert {line["commit"] for line in before.values()} == {first}
    hub.ok("issue", "create", "--title", "younger")
    assert hub("blame", "ISSUE-003", "--at", "HEAD~1").code == 4


def test_roles_are_those_of_the_revision_that_is_asked_for(hub: Hub) -> None:
    hub.write("roles.yaml", "roles:\n  - name: builder\n    description: Builds.\n")
    hub.git("add", "coord/roles.yaml")
    hub.git("commit", "-qm", "roles")
    hub.ok("repo", "update", "oneiric", "--set", "role=builder")
    hub.write("roles.yaml", "roles:\n  - name: builder\n    description: Builds all.\n")

    def builder(*words: str) -> list[tuple[str, list[str]]]:
        found = hub.json("role", "list", *words)
        return [(one["description"], one["repos"]) for one in found if one["name"] == "builder"]

    assert builder() == [("Builds all.", ["oneiric"])]
    assert builder("--at", "HEAD") == [("Builds.", ["oneiric"])]
    assert builder("--at", "HEAD~1") == [("Builds.", [])]
    assert builder("--at", "HEAD~2") == []


def test_blame_goes_through_the_archive_and_renumbering(hub: Hub) -> None:
    hub.ok("issue", "close", "ISSUE-001")
    first = hub.json("log", "ISSUE-002")[0]["commit"]
    renumber(hub, "ISSUE-002", "ISSUE-040")
    number = hub.git("rev-parse", "HEAD").strip()
    hub.ok("issue", "close", "ISSUE-040")
    hub.ok("archive", "ISSUE-040")

    lines = {line["field"]: line["commit"] for line in hub.json("blame", "ISSUE-040")}

    assert lines["title"] == first
    assert lines["id"] == number


def test_diff_compares_revisions_record_by_record(hub: Hub) -> None:
    hub.ok("issue", "close", "ISSUE-001")
    hub.ok("issue", "create", "--title", "three")
    hub.ok("delete", "ISSUE-002", "--yes")

    found = hub.json("diff", "HEAD~3..HEAD")

    assert [list(one) for one in found] == [["id", "kind", "change", "fields"]] * 3
    assert [(one["id"], one["change"]) for one in found] == [
        ("ISSUE-001", "changed"), ("ISSUE-002", "removed"), ("ISSUE-003", "added"),
    ]  # fmt: skip
    assert found[0]["fields"] == {"status": ["pending", "closed"]}
    assert found[2]["fields"]["title"] == [None, "three"]
    assert found[1]["fields"]["title"] == ["Move to 1.0", None]
    assert hub.json("diff", "HEAD~3..") == found
    assert hub.json("diff", "HEAD~3") == found


def test_diff_tells_a_renumbered_record(hub: Hub) -> None:
    renumber(hub, "ISSUE-002", "ISSUE-040")

    (found,) = hub.json("diff", "HEAD~1..HEAD")

    assert (found["id"], found["change"]) == ("ISSUE-040", "renumbered")
    assert found["fields"] == {"id": ["ISSUE-002", "ISSUE-040"]}
    assert "was ISSUE-002" in hub.ok("diff", "HEAD~1..HEAD")


def test_diff_with_three_dots_leaves_out_what_the_base_has_done_since(hub: Hub) -> None:
    hub.git("checkout", "-qb", "side")
    hub.ok("issue", "update", "ISSUE-001", "--priority", "low")
    hub.git("checkout", "-q", "main")
    hub.ok("issue", "close", "ISSUE-001")

    assert hub.json("diff", "main...side")[0]["fields"] == {"priority": ["high", "low"]}
    assert len(hub.json("diff", "main..side")[0]["fields"]) == 2


def test_diff_of_work_tree_and_stage(hub: Hub) -> None:
    assert hub.json("diff") == []
    path = hub.root / "coord/issues/ISSUE-001.yaml"
    path.write_text(path.read_text().replace("high", "low"))
    hub.git("add", "-A")
    path.write_text(path.read_text().replace("low", "critical"))
    hub.write("issues/ISSUE-009.yaml", "id: ISSUE-009\ntitle: t\nstatus: pending\n")

    staged, all = hub.json("diff", "--staged"), hub.json("diff")

    assert [one["fields"] for one in staged] == [{"priority": ["high", "low"]}]
    assert [(one["id"], one["change"]) for one in all] == [
        ("ISSUE-001", "changed"), ("ISSUE-009", "added"),
    ]  # fmt: skip
    assert all[0]["fields"] == {"priority": ["high", "critical"]}


def test_diff_is_about_records_not_about_how_they_are_written(hub: Hub) -> None:
    path = hub.root / "coord/issues/ISSUE-001.yaml"
    text = "# a comment\n" + path.read_text().replace("\n", "\r\n")
    path.write_bytes(text.encode())

    assert hub.json("diff") == []
    assert hub("diff").out == ""


@pytest.mark.parametrize(
    "words", [["nope..HEAD"], ["HEAD..nope"], ["nope"], ["HEAD..HEAD", "--staged"]]
)
def test_a_revision_that_is_none_is_refused(hub: Hub, words: list[str]) -> None:
    assert hub("diff", *words).code == 2


def test_diff_without_a_common_commit_says_so(hub: Hub) -> None:
    hub.git("checkout", "-q", "--orphan", "other")
    hub.git("commit", "-qm", "other")

    assert hub("diff", "main...other").code == 4
    assert hub("diff", "main..other").code == 0


HOSTILE = (
    "@org/team <img src=x onerror=1> | `tick` ``two`` ](http://x) \x1b[31m\u202e\nnew # line\\"
)


def test_values_steer_no_terminal(hub: Hub) -> None:
    hub.ok("issue", "update", "ISSUE-001", "--title", HOSTILE, "--set", f"metadata.{HOSTILE[:9]}=1")

    for words in (
        ["log"],
        ["blame", "ISSUE-001"],
        ["diff", "HEAD~1.."],
        ["diff", "HEAD~1..", "--markdown"],
    ):
        out = hub.ok(*words)
        assert "\x1b" not in out
        assert "\u202e" not in out


def test_markdown_holds_values_in_code_spans_that_they_cannot_end(hub: Hub) -> None:
    hub.ok("issue", "update", "ISSUE-001", "--title", HOSTILE)
    hub.ok("issue", "create", "--title", "`")

    lines = hub.ok("diff", "HEAD~2..", "--markdown").splitlines()

    assert lines[0] == "- **ISSUE-001** changed"
    assert len(lines) == 3
    for line in lines:
        assert not set("<@|`[#\\") & set(_outside(line))


def _outside(line: str) -> str:
    """Return what of a line stands in no code span, by the rule of CommonMark."""
    out, at = "", 0
    while at < len(line):
        if line[at] != "`":
            out += line[at]
            at += 1
            continue
        end = at
        while end < len(line) and line[end] == "`":
            end += 1
        fence = line[at:end]
        match = re.search(rf"(?<!`){fence}(?!`)", line[end:])
        if match is None:
            out += fence
            at = end
        else:
            at = end + match.end()
    return out


def test_markdown_stays_short_enough_for_a_comment(hub: Hub) -> None:
    for number in range(100, 1600):
        hub.write(
            f"issues/ISSUE-{number}.yaml",
            f"id: ISSUE-{number}\ntitle: {'t' * 90}\nstatus: pending\n",
        )

    out = hub.ok("diff", "--markdown")

    assert len(out) < 65_536
    assert re.search(r"… and \d+ more records$", out.strip())


def test_nothing_to_compare_is_told_in_markdown(hub: Hub) -> None:
    assert hub.ok("diff", "--markdown") == "No record differs.\n"


def test_a_hub_before_its_first_commit(empty_hub: Hub) -> None:
    empty_hub.git("update-ref", "-d", "HEAD")
    empty_hub.write("issues/ISSUE-001.yaml", "id: ISSUE-001\ntitle: t\nstatus: pending\n")

    assert empty_hub.json("log") == []
    assert [one["change"] for one in empty_hub.json("diff")] == ["added"]
    assert {line["commit"] for line in empty_hub.json("blame", "ISSUE-001")} == {None}
    assert empty_hub("diff", "HEAD..HEAD").code == 3


def test_times_are_shown_in_the_users_zone(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    done = hub.process("log", env={**os.environ, "TZ": "Asia/Tokyo"})
    plain = hub.process("log", "--json", env={**os.environ, "TZ": "Asia/Tokyo"})

    assert json.loads(plain.stdout)[0]["time"].endswith("+00:00")
    hour = int(done.stdout.decode().split()[1][:2])
    assert (hour - int(json.loads(plain.stdout)[-1]["time"][11:13])) % 24 == 9


def test_after_coord_merge_each_of_two_records_of_one_id_has_its_own_log(hub: Hub) -> None:
    other = hub.root.parent / "other"
    hub.git("clone", "-q", str(hub.root), str(other))
    hub.ok("issue", "create", "--title", "ours")
    hub.ok("--hub", str(other), "issue", "create", "--title", "theirs")
    hub.ok("--hub", str(other), "issue", "create", "--title", "w", "--blocked-by", "ISSUE-003")
    hub.git("fetch", "-q", str(other), "main:side")
    changed = hub.json("merge", "side")["renumbered"]

    titles = {
        id: [event["new"]["title"] for event in hub.json("log", id) if event["event"] == "created"]
        for id in ("ISSUE-003", changed["ISSUE-003"])
    }

    assert sorted(titles.values()) == [["ours"], ["theirs"]]
    waits = hub.json("log", "ISSUE-004", "--field", "dependencies")
    assert [(one["old"], one["new"]) for one in waits] in (
        [], [(["ISSUE-003"], [changed["ISSUE-003"]])],
    )  # fmt: skip


def test_the_log_as_of_a_revision_ends_there(hub: Hub) -> None:
    before = hub.json("log", "ISSUE-001")
    hub.ok("issue", "update", "ISSUE-001", "--priority", "low")

    assert hub.json("log", "ISSUE-001", "--at", "HEAD~1") == before
    assert len(hub.json("log", "ISSUE-001")) == len(before) + 1


def test_a_shallow_clone_says_why_it_knows_nothing_older(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shallow = tmp_path / "shallow"
    hub.git("clone", "--quiet", "--depth", "1", hub.root.as_uri(), str(shallow))
    monkeypatch.chdir(shallow)

    assert "--unshallow" in hub("list", "--at", "2001-01-01").err
    assert "--unshallow" in hub("trend").err
