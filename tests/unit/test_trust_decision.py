"""Who trusts a check: a decision about values, every way to get it wrong tried."""

from __future__ import annotations

import pytest

from gitcoord.model.checks import Check, checks_of
from gitcoord.running.surroundings import Surroundings, environment
from gitcoord.store.approvals import Approval, digest_of
from gitcoord.store.protected import default_branch, mirrors, same_repository
from gitcoord.store.trust import Ground, Known, Trust, checks_in, decide

CHECK = Check("dependency", "DEP-001", "validation.command", "validation.command",
              "pytest -q", "ok", 30, "oneiric")  # fmt: skip
HERE = Ground("/src/oneiric", reviewed=True)
OTHERS = [
    CHECK._replace(kind="todo"),
    CHECK._replace(id="DEP-002"),
    CHECK._replace(slot="validation.check"),
    CHECK._replace(command="pytest  -q"),
    CHECK._replace(command="pytest -q "),
    CHECK._replace(pattern=None),
    CHECK._replace(pattern="None"),
    CHECK._replace(timeout=None),
    CHECK._replace(timeout=300),
    CHECK._replace(repo=None),
    CHECK._replace(repo="fastblocks"),
]


def known(*branch: Check, approved: tuple[Check, ...] = (), folder: str = "/src/oneiric") -> Known:
    approvals = {digest_of(one, folder): Approval(one, folder, "") for one in approved}
    return Known({one.sameness for one in branch}, "origin/main", "", approvals)


def trust(check: Check, ground: Ground, found: Known) -> Trust:
    return decide(check, ground, found, digest_of(check, ground.folder or ""))


def test_exactly_what_stands_on_the_branch_is_trusted() -> None:
    assert trust(CHECK, HERE, known(CHECK)) == Trust("branch")
    assert trust(CHECK._replace(field="moved[3].command"), HERE, known(CHECK)).by == "branch"


@pytest.mark.parametrize("other", OTHERS)
def test_what_differs_in_anything_is_not(other: Check) -> None:
    assert trust(other, HERE, known(CHECK)).by is None
    assert trust(CHECK, HERE, known(other)).by is None
    assert trust(other, HERE, known(approved=(CHECK,))).by is None
    assert digest_of(other, "/x") != digest_of(CHECK, "/x")


def test_the_user_approves_for_one_folder() -> None:
    found = known(approved=(CHECK,))

    assert trust(CHECK, HERE, found) == Trust("user")
    assert trust(CHECK, HERE._replace(reviewed=False), found) == Trust("user")
    assert trust(CHECK, Ground("/src/other", reviewed=True), found).by is None


def test_the_branch_does_not_count_in_a_folder_it_does_not_mean() -> None:
    assert trust(CHECK, Ground("/src/oneiric", reviewed=False), known(CHECK)).by is None


def test_without_a_folder_nothing_is_trusted() -> None:
    assert trust(CHECK, Ground(None, reason="gone"), known(CHECK, approved=(CHECK,))) == Trust(
        None, "gone"
    )


def test_where_approvals_do_not_count_only_the_branch_does() -> None:
    found = known(approved=(CHECK,))._replace(approvals=None)

    assert trust(CHECK, HERE, found).by is None
    assert trust(CHECK, HERE, known(CHECK)._replace(approvals=None)).by == "branch"


@pytest.mark.parametrize("found", [known(CHECK), known(approved=(CHECK,))])
def test_in_the_hub_itself_its_files_have_to_be_reviewed(found: Known) -> None:
    dirty = Ground("/src/oneiric", reviewed=True, own=True, clean=False)

    assert not trust(CHECK, dirty, found).runs
    assert trust(CHECK, dirty._replace(clean=True), found).runs


def test_a_malformed_check_is_there_and_never_trusted() -> None:
    data = {"consumer": "oneiric", "validation": {"command": "x", "expected_pattern": 5}}
    (check,) = checks_of("dependency", "DEP-001", data)

    assert trust(check, HERE, known(check, approved=(check,))) == Trust(
        None, "its expected_pattern is no text"
    )
    raw = b"consumer: oneiric\nvalidation: {command: x, expected_pattern: 5}\n"
    assert checks_in("dependency", "DEP-001", raw) == []


@pytest.mark.parametrize(
    "raw", [b"", b"- a\n", b"a: [", b"\xff", b"validation: x\n", b"validation: {command: [x]}\n"]
)
def test_what_cannot_be_read_holds_no_check(raw: bytes) -> None:
    assert checks_in("dependency", "DEP-001", raw) == []


@pytest.mark.parametrize(
    "data",
    [{"acceptance_criteria": "x"}, {"acceptance_criteria": [1, None, "x", {"check": 3}, {"check": " "}]},
     {"milestones": [{"completion_criteria": [{"check": "x"}]}]}, {}],
)  # fmt: skip
def test_a_todo_of_odd_values_holds_no_check(data: dict[str, object]) -> None:
    assert checks_of("todo", "TODO-001", data) == []


def test_a_plan_of_several_repositories_does_not_say_where() -> None:
    criteria = [{"completion_criteria": [{"text": "t", "check": "x", "command": "y"}]}]

    both = checks_of("plan", "PLAN-001", {"repos": ["a", "b"], "milestones": criteria})

    assert [(one.field, one.command, one.repo) for one in both] == [
        ("milestones[0].completion_criteria[0].check", "x", None),
        ("milestones[0].completion_criteria[0].command", "y", None),
    ]


@pytest.mark.parametrize(
    ("branches", "head", "found"),
    [("main", "main", "main"), ("main master", None, None), ("main", None, "main"),
     ("master", None, "master"), ("develop", None, None), ("develop main", "develop", "develop"),
     ("main", "gone", None), ("", None, None)],
)  # fmt: skip
def test_the_default_branch_is_known_or_it_is_not(
    branches: str, head: str | None, found: str | None
) -> None:
    assert default_branch(dict.fromkeys(branches.split(), "c0ffee"), head) == found


@pytest.mark.parametrize(
    ("specs", "mirrored"),
    [
        (["+refs/heads/*:refs/remotes/origin/*"], True),
        (["refs/heads/main:refs/remotes/origin/main"], True),
        (
            ["+refs/heads/*:refs/remotes/origin/*", "+refs/pull/*/head:refs/remotes/origin/pr/*"],
            True,
        ),
        (["+refs/heads/*:refs/remotes/origin/*", "+refs/pull/*/head:refs/remotes/origin/*"], False),
        (["+refs/heads/evil:refs/remotes/origin/main"], False),
        (["+refs/heads/x/*:refs/remotes/origin/*"], False),
        (["+refs/heads/dev:refs/remotes/origin/dev"], False),
        (["+refs/heads/*:refs/heads/*"], False),
        ([], False),
    ],
)
def test_a_ref_counts_only_if_fetching_mirrors_the_branch(specs: list[str], mirrored: bool) -> None:
    assert mirrors(specs, "origin", "main") is mirrored


@pytest.mark.parametrize(
    ("url", "same"),
    [("https://example.org/owner/hub", True), ("https://example.org/Owner/Hub.git", True),
     ("https://user:secret@example.org:8443/owner/hub.git/", True), ("git@example.org:owner/hub.git", True),
     ("ssh://git@example.org/owner/hub", True), ("https://example.org/mallory/hub", False),
     ("https://example.org/mallory/owner/hub", False), ("git@example.org:mallory/owner/hub", False),
     ("/srv/owner/hub", False), ("./a:owner/hub", False), ("", False)],
)  # fmt: skip
def test_a_remote_is_the_repository_that_is_built_or_not(url: str, same: bool) -> None:
    assert same_repository(url, "owner/hub") is same


@pytest.mark.parametrize(
    ("environ", "ci"),
    [({}, False), ({"CI": ""}, False), ({"CI": "false"}, False), ({"CI": "0"}, False),
     ({"CI": "true"}, True), ({"CI": "woodpecker"}, True), ({"JENKINS_URL": "x"}, True)],
)  # fmt: skip
def test_a_build_machine_is_known_by_its_environment(environ: dict[str, str], ci: bool) -> None:
    assert Surroundings(environ).ci is ci


def test_without_a_path_the_systems_folders_are_searched() -> None:
    for path in ("", ".", "bin:"):
        found = environment(Surroundings({"PATH": path}), "/home", avoid=None)
        assert found["PATH"] == "/usr/local/bin:/usr/bin:/bin"
