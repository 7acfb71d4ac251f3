"""`coord issue suggest` names people and repositories, with the reason for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub, Repo


def _change(repo: Repo, path: str, author: str) -> None:
    file = repo.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((file.read_text() if file.exists() else "") + f"by {author}\n")
    repo.git("add", "--all")
    who = ["-c", f"user.name={author}", "-c", "user.email=x@example.org"]
    repo.git(*who, "commit", "-q", "-m", f"change by {author}")


def test_who_changed_the_named_file_comes_first(hub: Hub, oneiric: Repo) -> None:
    for author in ("Bo", "Bo", "Kim", "dependabot[bot]"):
        _change(oneiric, "src/a b/session ü.py", author)
        _change(oneiric, "src/session.py", author)
    hub.ok("issue", "create", "--title", "Handles stay open", "--repo", "oneiric",
           "--description", "see `src/session.py:12`")  # fmt: skip

    found = hub.json("issue", "suggest", "ISSUE-003")

    assert [one["name"] for one in found["assignees"]][:2] == ["Bo", "Kim"]
    assert "changed src/session.py of oneiric 2 times" in found["assignees"][0]["reasons"]
    assert "dependabot[bot]" not in str(found)


def test_who_had_and_closed_a_record_like_it_is_named(hub: Hub) -> None:
    hub.ok("issue", "close", "ISSUE-001")
    hub.ok("issue", "create", "--title", "Sessions leak again")

    found = hub.json("issue", "suggest", "ISSUE-003")

    (lena,) = found["assignees"]
    assert lena["name"] == "lena"
    assert any(reason.startswith("had ISSUE-001") for reason in lena["reasons"])
    assert any(reason.startswith("closed ISSUE-001") for reason in lena["reasons"])
    assert found["suggested_repos"][0]["name"] == "oneiric"
    assert "lena" in hub.ok("issue", "suggest", "ISSUE-003")


def test_a_repository_that_holds_the_named_file_is_suggested(hub: Hub, oneiric: Repo) -> None:
    _change(oneiric, "src/resolver.py", "Bo")
    hub.ok("issue", "create", "--title", "resolver.py crashes", "--description", "in resolver.py")

    found = hub.json("issue", "suggest", "ISSUE-003")

    assert ("oneiric", ["has src/resolver.py"]) in [
        (one["name"], one["reasons"]) for one in found["suggested_repos"]
    ]


def test_a_clone_that_is_not_here_is_told(hub: Hub) -> None:
    answer = hub("issue", "suggest", "ISSUE-001")

    assert answer.code == 0
    assert "oneiric is not on this machine" in answer.err


def test_nothing_known_suggests_nobody(empty_hub: Hub) -> None:
    empty_hub.ok("issue", "create", "--title", "Alone")

    found = empty_hub.json("issue", "suggest", "ISSUE-001")

    assert (found["assignees"], found["suggested_repos"]) == ([], [])
    assert empty_hub("issue", "suggest", "ISSUE-999").code == 4


def test_names_and_paths_of_others_never_steer_git_or_the_terminal(hub: Hub, oneiric: Repo) -> None:
    _change(oneiric, "src/:(exclude)x.py", "E\x1b[31mve")
    hub.ok("issue", "create", "--title", "x", "--repo", "oneiric", "--description",
           "src/:(exclude)x.py --output=/tmp/x.py ../../etc/passwd.txt :(top)y.py")  # fmt: skip

    assert "\x1b" not in hub.ok("issue", "suggest", "ISSUE-003")


def test_an_empty_clone_is_passed_over(hub: Hub, oneiric: Repo) -> None:
    oneiric.git("checkout", "-q", "--orphan", "unborn")

    assert hub.json("issue", "suggest", "ISSUE-001")["assignees"] is not None
