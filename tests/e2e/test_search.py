"""Searching as a user does it: by words, by meaning, over records and commits."""

from __future__ import annotations

import hashlib
import os
import subprocess
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests import small_model

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub, Repo


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a small model that is not installed yet."""
    monkeypatch.setenv("COORD_MODELS", str(tmp_path / "models"))
    return small_model.make(tmp_path / "small model 🧠")


def install(hub: Hub, folder: Path) -> dict[str, Any]:
    """Install a model from a folder."""
    sum = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    found: dict[str, Any] = hub.json("model", "install", "--from", str(folder), "--sha256", sum)
    return found


def found(hub: Hub, *words: str) -> list[str]:
    """Return ids and commits' titles in the order they are found."""
    return [hit.get("id") or hit["title"] for hit in hub.json("search", *words)]


def test_words_are_found_in_any_form_and_the_title_counts_most(hub: Hub) -> None:
    hub.ok("issue", "create", "--title", "Parser", "-d", "a session was leaking")

    assert found(hub, "leaks", "in", "a", "session") == ["ISSUE-001", "ISSUE-003"]


def test_a_hit_has_the_documented_shape_and_says_why(hub: Hub) -> None:
    hit = hub.json("search", "leaking", "sessions")[0]

    assert list(hit) == ["id", "kind", "repo", "repos", "title", "status", "time", "score",
                         "lexical", "similarity", "reasons"]  # fmt: skip
    assert (hit["id"], hit["kind"], hit["repo"], hit["similarity"]) == (
        "ISSUE-001", "issue", "oneiric", None,
    )  # fmt: skip
    assert hit["reasons"] == ["words: leaking, sessions", "today"]
    assert 0 < hit["score"] <= 1


def test_without_a_model_words_decide_and_the_answer_says_so(hub: Hub, model: Path) -> None:
    answer = hub("search", "leak")

    assert answer.code == 0
    assert "ISSUE-001" in answer.out
    assert "no model is installed" in answer.err
    assert hub("search", "leak", "--mode", "lexical").err == ""
    refused = hub("search", "leak", "--mode", "semantic", "--json")
    assert (refused.code, refused.error["hint"]) == (6, "`coord model install` adds meaning.")


def test_search_and_similar_answer_as_of_a_revision(hub: Hub, model: Path) -> None:
    install(hub, model)
    hub.ok("embed")
    kept = (hub.root / "coord" / "issues" / "ISSUE-001.npy").read_bytes()
    before = hub.json("search", "leaking", "sessions")
    hub.ok("issue", "update", "ISSUE-001", "--title", "A quiet harbour", "-d", "Boats at night.")
    hub.ok("issue", "create", "--title", "Sessions leak once more")
    hub.ok("embed")
    now = (hub.root / "coord" / "issues" / "ISSUE-001.npy").read_bytes()

    then = hub.json("search", "leaking", "sessions", "--at", "HEAD~2")

    assert [(hit["id"], hit["title"]) for hit in then] == [
        (hit["id"], hit["title"]) for hit in before
    ]
    assert [hit["similarity"] for hit in then] == [hit["similarity"] for hit in before]
    assert found(hub, "boats", "--mode", "lexical", "--at", "HEAD~2") == []
    assert "ISSUE-003" not in [
        hit["id"] for hit in hub.json("similar", "ISSUE-001", "--at", "HEAD~2")
    ]
    assert kept != now
    assert (hub.root / "coord" / "issues" / "ISSUE-001.npy").read_bytes() == now
    refused = hub("search", "leak", "--commits", "--at", "HEAD~2", "--json")
    assert (refused.code, refused.error["hint"]) == (
        2, "Leave out --at, or --commits and --attempts.",
    )  # fmt: skip


def test_filters_narrow_records(hub: Hub) -> None:
    hub.ok("issue", "close", "ISSUE-001")
    hub.ok("todo", "create", "--task", "Find the leak", "--repo", "fastblocks")

    assert found(hub, "leak", "--kind", "todo") == ["TODO-001"]
    assert found(hub, "leak", "--status", "closed") == ["ISSUE-001"]
    assert found(hub, "leak", "--repo", "one") == ["ISSUE-001"]
    assert found(hub, "leak", "--since", "1d") != []
    assert found(hub, "leak", "--since", "2099-01-01") == []


def test_what_changes_is_found_by_its_new_words_only(hub: Hub) -> None:
    assert found(hub, "leak") == ["ISSUE-001"]

    hub.ok("issue", "update", "ISSUE-001", "--title", "Slow pages")
    assert found(hub, "slow") == ["ISSUE-001"]
    hub.write("issues/ISSUE-009.yaml", "id: ISSUE-009\ntitle: Written by hand\nstatus: pending\n")
    assert found(hub, "hand") == ["ISSUE-009"]
    hub.ok("delete", "ISSUE-009", "--yes")
    assert found(hub, "hand") == []


def test_an_id_finds_its_record_first(hub: Hub) -> None:
    hub.ok("issue", "create", "--title", "ISSUE-001 ISSUE-001 again", "-d", "see ISSUE-001")

    assert hub.json("search", "issue-001")[0]["reasons"][0] == "its id"
    assert found(hub, "issue-001")[0] == "ISSUE-001"


@pytest.mark.parametrize(
    "text",
    ['"', "'; --", "NEAR(a b)", "title:x", "*", "(", "^leak", "\u0301", "🧠", "-", "a" * 9999],
)
def test_no_text_is_taken_for_syntax(hub: Hub, text: str) -> None:
    assert hub("search", "--", text).code == 0


def test_an_empty_text_is_refused(hub: Hub) -> None:
    assert hub("search", " ").code == 2


def test_commits_of_the_repositories_are_found_and_followed(hub: Hub, oneiric: Repo) -> None:
    oneiric.commit("Stop the leak of sockets\n\nThey stayed open after a crash.")

    both = hub.json("search", "leak", "--commits")
    assert {hit.get("id") or hit["title"] for hit in both} == {
        "ISSUE-001", "Stop the leak of sockets",
    }  # fmt: skip
    (commit,) = [hit for hit in both if hit["kind"] == "commit"]
    assert commit["commit"] == oneiric.git("rev-parse", "HEAD").strip()
    assert commit["repo"] == "oneiric"
    assert found(hub, "crash", "--kind", "commit") == ["Stop the leak of sockets"]

    oneiric.git("commit", "--quiet", "--amend", "-m", "Stop the drip")
    assert found(hub, "crash", "--kind", "commit") == []
    assert found(hub, "drip", "--commits") == ["Stop the drip"]
    assert found(hub, "drip", "--commits", "--repo", "fastblocks") == []


def test_a_repository_that_is_not_here_is_named(hub: Hub, oneiric: Repo) -> None:
    assert "without their commits: fastblocks" in hub("search", "begin", "--commits").err


def test_only_new_commits_are_read(hub: Hub, oneiric: Repo, tmp_path: Path) -> None:
    hub.ok("search", "begin", "--commits")
    oneiric.commit("Second")
    trace = tmp_path / "trace"

    os.environ["GIT_TRACE"] = str(trace)
    try:
        hub.ok("search", "second", "--commits")
    finally:
        del os.environ["GIT_TRACE"]

    logs = [line for line in trace.read_text().splitlines() if " log -z " in line]
    assert len(logs) == 1
    assert ".." in logs[0]


def test_meaning_is_searched_where_a_model_is_installed(hub: Hub, model: Path) -> None:
    install(hub, model)

    answer = hub("search", "leaky", "memory", "--json", "--mode", "semantic")

    assert answer.err == ""
    assert all(hit["lexical"] is None and hit["similarity"] > 0 for hit in answer.json)
    (same, *_) = hub.json("search", "Sessions leak")
    assert same["similarity"] > 0.9
    assert f"similarity {same['similarity']:.2f}" in same["reasons"]


def test_a_commit_that_touches_files_of_such_names_comes_first_and_says_so(
    hub: Hub, model: Path, oneiric: Repo
) -> None:
    install(hub, model)
    for path in ("docs/index.md", "src/sessions/readPool.py", "setup.cfg"):
        (oneiric.root / path).parent.mkdir(parents=True, exist_ok=True)
        (oneiric.root / path).write_text("content")
        oneiric.commit("fix the slow page")

    hits = hub.json("search", "slow pool", "--kind", "commit")

    assert hits[0]["commit"] == oneiric.git("rev-parse", "HEAD^").strip()
    assert [[reason for reason in hit["reasons"] if "paths" in reason] for hit in hits[:3]] == [
        ["paths: pool"], [], [],
    ]  # fmt: skip
    assert all(0 <= hit["score"] <= 1 for hit in hits)


def test_a_vector_lies_beside_its_record_for_numpy_to_load(hub: Hub, model: Path) -> None:
    install(hub, model)

    told = hub.json("embed")

    assert told["records"]["embedded"] == 4
    vector = np.load(hub.root / "coord" / "issues" / "ISSUE-001.npy")
    assert (vector.shape, vector.dtype) == ((small_model.WIDE,), np.dtype("<f4"))
    assert abs(float(vector @ vector) - 1) < 1e-5
    assert hub.git("status", "--porcelain") == ""
    assert hub.ok("check") == ""


def test_what_meaning_cannot_find_yet_is_counted_and_how_to_mend_it_told(
    hub: Hub, model: Path
) -> None:
    install(hub, model)
    for number in range(10, 50):
        path = hub.root / "coord" / "issues" / f"ISSUE-0{number}.yaml"
        path.write_text(f"id: ISSUE-0{number}\ntitle: leak {number}\nstatus: pending\n")

    lacking = hub("search", "leak", "--mode", "semantic", "--json")
    words = hub("search", "leak", "--json")
    hub.ok("embed")
    whole = hub("search", "leak", "--mode", "semantic", "--json")

    assert lacking.code == 0
    assert lacking.json
    assert (
        "12 of 44 records have no vector yet, so they are not found; `coord embed` computes"
        in lacking.err
    )
    assert "no vector" not in words.err  # each search computes some
    assert "no vector" not in whole.err


def test_only_what_changed_is_embedded_again(hub: Hub, model: Path) -> None:
    install(hub, model)
    hub.ok("embed")
    files = {path: path.stat().st_mtime_ns for path in hub.root.glob("coord/**/*.npy")}

    hub.ok("issue", "update", "ISSUE-001", "--status", "in_progress")
    assert hub.json("embed")["records"] == {
        "embedded": 0, "taken": 0, "unchanged": 4, "missing": 0,
    }  # fmt: skip
    hub.ok("issue", "update", "ISSUE-001", "--title", "Crash on login")
    assert hub.json("embed")["records"]["embedded"] == 1

    after = {path: path.stat().st_mtime_ns for path in hub.root.glob("coord/**/*.npy")}
    assert [path.name for path in files if files[path] != after[path]] == ["ISSUE-001.npy"]


def test_vectors_beside_records_serve_when_all_that_is_derived_is_gone(
    hub: Hub, model: Path
) -> None:
    install(hub, model)
    hub.ok("embed")
    before = hub.json("search", "leak", "of", "memory")
    subprocess.run(["rm", "-rf", hub.root / ".git" / "coord"], check=True)

    assert hub.json("embed")["records"] == {
        "embedded": 0, "taken": 4, "unchanged": 0, "missing": 0,
    }  # fmt: skip
    assert hub.json("search", "leak", "of", "memory") == before


def test_a_vector_of_another_text_or_model_is_not_used(hub: Hub, model: Path) -> None:
    install(hub, model)
    hub.ok("embed")
    issues = hub.root / "coord" / "issues"
    (issues / "ISSUE-001.npy").write_bytes((issues / "ISSUE-002.npy").read_bytes())
    (issues / "ISSUE-002.npy").write_bytes(b"\x93NUMPY\x01\x00 not whole")
    subprocess.run(["rm", "-rf", hub.root / ".git" / "coord"], check=True)

    told = hub.json("embed")["records"]
    assert (told["embedded"], told["taken"]) == (2, 2)

    install(hub, small_model.make(model.parent / "other", seed=2))
    assert hub.json("embed")["records"]["embedded"] == 4
    assert hub.json("search", "Sessions leak")[0]["similarity"] > 0.9


def test_a_vector_whose_record_is_gone_goes_with_the_next_embed(hub: Hub, model: Path) -> None:
    install(hub, model)
    hub.ok("embed")
    hub.ok("delete", "ISSUE-002", "--yes")

    hub.ok("embed")

    assert not (hub.root / "coord" / "issues" / "ISSUE-002.npy").exists()


def test_a_model_with_another_checksum_is_not_installed(hub: Hub, model: Path) -> None:
    unknown = hub("model", "install", "--from", str(model), "--json")
    wrong = hub("model", "install", "--from", str(model), "--sha256", "0" * 64, "--json")

    assert (unknown.code, wrong.code) == (6, 6)
    assert "checksum" in unknown.error["message"]
    assert hub("model", "status", "--json").json is None


def test_a_model_can_be_looked_at_and_removed(hub: Hub, model: Path) -> None:
    told = install(hub, model)

    assert hub.json("model", "status") == told
    assert (told["dimension"], told["damaged"]) == (small_model.WIDE, [])
    weights = model.parent / "models" / "current" / "model.safetensors"
    raw = bytearray(weights.read_bytes())
    raw[-1] ^= 1
    weights.write_bytes(bytes(raw))
    damaged = hub("model", "status", "--json")
    assert (damaged.code, damaged.json["damaged"]) == (1, ["model.safetensors"])
    hub.ok("model", "remove")
    assert hub("model", "remove", "--json").error["code"] == "not-found"
    assert hub("search", "leak").code == 0


def test_similar_records_are_listed_without_the_record_itself(hub: Hub) -> None:
    hub.ok("issue", "create", "--title", "Leaking session pool")

    (hit,) = hub.json("similar", "issue-003")

    assert hit["id"] == "ISSUE-001"
    assert hub("similar", "ISSUE-999").code == 4


def test_what_a_record_said_before_still_leads_to_it(hub: Hub) -> None:
    hub.ok("search", "leak")
    hub.ok("issue", "update", "ISSUE-001", "--title", "Slow pages")
    hub.ok("issue", "update", "ISSUE-002", "--description", "After the leak is gone")

    assert found(hub, "leak") == ["ISSUE-002", "ISSUE-001"]

    file = hub.root / "coord" / "issues" / "ISSUE-001.yaml"
    file.write_text(file.read_text().replace("Slow pages", "Lazy startup"))
    assert found(hub, "slow") == []
    hub.git("commit", "--quiet", "-am", "By hand")
    assert found(hub, "slow") == ["ISSUE-001"]

    hub.git("reset", "--quiet", "--hard", "HEAD~1")
    assert found(hub, "lazy") == []


def test_a_record_that_repeats_another_is_told_of_when_it_is_created(hub: Hub) -> None:
    first = hub.json("issue", "create", "--title", "Session pools leak memory")
    again = hub("issue", "create", "--title", "Session pool leaking memory", "--json")
    other = hub("issue", "create", "--title", "Session names of slow workers leak")

    assert "similar" not in first
    assert [one["id"] for one in again.json["similar"]] == ["ISSUE-003"]
    assert "much like ISSUE-003: Session pools leak memory" in again.err
    assert "much like" not in other.err


@pytest.mark.parametrize("seen", [(), ("list",), ("search", "leak")])
def test_repeated_records_are_told_of_whatever_was_derived_before(
    hub: Hub, seen: tuple[str, ...]
) -> None:
    hub.ok("todo", "create", "--task", "Größe der Tabellen messen", "--repo", "oneiric")
    if seen:
        hub.ok(*seen)
    hub.ok("todo", "create", "--task", "Close sockets after a crash", "--repo", "oneiric")

    old = hub("todo", "create", "--task", "größe der tabellen messen", "--repo", "oneiric")
    new = hub("todo", "create", "--task", "Closing sockets after crashes", "--repo", "oneiric")
    kind = hub("issue", "create", "--title", "Close sockets after a crash")

    assert "much like TODO-001: Größe der Tabellen messen" in old.err
    assert "much like TODO-002: Close sockets after a crash" in new.err
    assert "much like" not in kind.err


def test_files_that_are_no_records_do_not_stop_a_create(hub: Hub) -> None:
    issues = hub.root / "coord" / "issues"
    os.mkfifo(issues / "ISSUE-900.yaml")
    (issues / "ISSUE-901.yaml").write_text("{")
    (issues / "ISSUE-902.yaml").symlink_to("/dev/zero")

    made = hub("issue", "create", "--title", "Sessions leak", "--json")

    assert made.code == 0


def test_a_review_warns_of_a_record_that_repeats_another(hub: Hub) -> None:
    hub.ok("issue", "create", "--title", "Workers keep sockets open")
    hub.git("branch", "base")
    hub.ok("issue", "create", "--title", "Worker keeping open sockets")
    hub.ok("issue", "create", "--title", "Sockets are slow to open on login pages")

    (finding,) = hub.json("review", "--base", "base")["findings"]

    assert (finding["code"], finding["severity"], finding["id"]) == (
        "likely-duplicate", "warning", "ISSUE-004",
    )  # fmt: skip
    assert "ISSUE-003: Workers keep sockets open" in finding["message"]


def test_what_people_open_after_a_search_rises(hub: Hub) -> None:
    for _ in range(3):
        hub.ok("issue", "create", "--title", "A leak of threads", "-d", "Threads leak")
    before = found(hub, "leak", "threads")
    for _ in range(5):
        hub.ok("search", "leak", "threads")
        hub.ok("show", before[2])

    hit = hub.json("search", "leak", "threads")[0]

    assert hit["id"] == before[2]
    assert "opened after such searches" in hit["reasons"]
    assert found(hub, "leak", "threads", "--mode", "lexical") == before
