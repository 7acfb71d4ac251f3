"""What is derived and kept in the git directory: made at once by many, damaged, mended."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Hub

QUESTIONS = (
    ("list",),
    ("ready",),
    ("list", "--at", "HEAD"),
    ("graph", "--at", "HEAD~1"),
    ("search", "login"),
    ("search", "login", "--at", "HEAD"),
    ("similar", "ISSUE-005", "--at", "HEAD"),
    ("blame", "ISSUE-001"),
    ("log", "ISSUE-001"),
    ("trend",),
    ("trend", "--by", "kind"),
)


def _answers(hub: Hub, words: tuple[str, ...]) -> list[tuple[int, bytes, bytes]]:
    running = [
        subprocess.Popen(
            [*hub.program, *words], cwd=hub.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(10)
    ]
    said = [one.communicate() for one in running]
    return [(one.returncode, *both) for one, both in zip(running, said, strict=True)]


@pytest.mark.parametrize("words", QUESTIONS, ids=" ".join)
def test_ten_that_ask_first_all_get_the_answer(hub: Hub, words: tuple[str, ...]) -> None:
    for number in range(20):
        hub.ok("issue", "create", "--title", f"the login fails in way {number}")
    for _ in range(2):
        shutil.rmtree(hub.root / ".git/coord")

        answers = _answers(hub, words)

        assert {code for code, _, _ in answers} == {0}, answers
        assert len(set(answers)) == 1, answers
        assert answers[0][1]


def _spoil(path: Path, after: int) -> None:
    raw = path.read_bytes()
    assert len(raw) > after
    path.write_bytes(raw[:after] + b"\x55" * (len(raw) - after))


def _of_head(hub: Hub) -> Path:
    return hub.root / f".git/coord/at/{hub.git('rev-parse', 'HEAD').strip()}.db"


def test_a_damaged_index_of_a_commit_is_made_anew(hub: Hub) -> None:
    whole = hub.ok("list", "--at", "HEAD")
    for after in (0, 30, 4096):
        _spoil(_of_head(hub), after)

        assert hub.ok("list", "--at", "HEAD") == whole


def test_doctor_mends_what_is_derived_beside_the_index(hub: Hub) -> None:
    for number in range(30):
        hub.ok("issue", "create", "--title", f"the login fails in way {number}")
    whole = hub.ok("list", "--at", "HEAD")
    _spoil(_of_head(hub), 10 * 4096)

    sick = hub("list", "--at", "HEAD")
    found = {one["name"]: one for one in hub("doctor", "--json").json}
    hub.ok("doctor", "--fix")

    assert sick.code == 3
    assert "coord doctor --fix" in sick.err
    assert not found["derived"]["ok"]
    assert f"coord/at/{_of_head(hub).name}" in found["derived"]["message"]
    assert hub.ok("list", "--at", "HEAD") == whole
    assert all(one["ok"] for one in hub.json("doctor"))


@pytest.mark.parametrize("damage", ["empty", "junk", "half", "folder"])
def test_a_damaged_intent_is_told_and_doctor_puts_it_aside(hub: Hub, damage: str) -> None:
    whole = hub.ok("list")
    path = hub.root / ".git/coord/intent"
    if damage == "folder":
        path.mkdir()
    else:
        path.write_bytes(
            {"empty": b"", "junk": b"\xff\x00" * 99, "half": b"coord intent 1\n1 1 4\nabcd"}[damage]
        )

    for words in (("list",), ("issue", "create", "--title", "a"), ("undo",), ("check",)):
        said = hub(*words)
        assert (said.code, said.out) == (3, ""), said
        assert "coord doctor --fix" in said.err
    found = {one["name"]: one for one in hub("doctor", "--json").json}
    assert not found["transaction"]["ok"]

    hub.ok("doctor", "--fix")

    assert hub.ok("list") == whole
    assert all(one["ok"] for one in hub.json("doctor"))
    hub.ok("issue", "create", "--title", "a")


@pytest.mark.parametrize("damage", [b"", b"\xff\x00" * 99])
def test_undo_takes_back_no_other_change_where_its_memory_is_damaged(
    hub: Hub, damage: bytes
) -> None:
    hub.ok("issue", "update", "ISSUE-001", "--priority", "low", "--no-commit")
    before = hub.git("diff"), hub.commits()
    (hub.root / ".git/coord/last").write_bytes(damage)

    said = hub("undo")

    assert (said.code, "git diff" in said.err) == (5, True)
    assert (hub.git("diff"), hub.commits()) == before


def test_a_hub_whose_git_directory_cannot_be_written_answers_all_questions(hub: Hub) -> None:
    hub.ok("fix", "record", "--message", "it fails", "--strategy", "s")
    questions = [*QUESTIONS, ("export", "ecosystem"), ("resolve",), ("check",), ("status",),
                 ("journal", "compact", "--dry-run"), ("journal", "log")]  # fmt: skip
    before = [hub(*words)[:2] for words in questions]
    shutil.rmtree(hub.root / ".git/coord")
    (hub.root / ".git/coord").write_text("a file where the folder is to be")

    after = [hub(*words)[:2] for words in questions]

    assert after == before
    assert hub("issue", "create", "--title", "a").code == 3
