"""Every git figure equals one that plain git commands give, in repositories of every shape."""

from __future__ import annotations

import os
import subprocess
from datetime import timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.git_world import DAY, NOW, START, World
from tests.plain_git import PlainGit

from gitcoord.errors import GitError
from gitcoord.metrics.git.collecting import collect_all
from gitcoord.metrics.git.measured import Measured
from gitcoord.metrics.git.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty repository."""
    return World(tmp_path / "repo")


@pytest.fixture
def hub(tmp_path: Path) -> str:
    """A git directory to remember in."""
    folder = tmp_path / "hub.git"
    folder.mkdir()
    return str(folder)


def velocity(
    root: str | Path, hub: str | None = None, window: Window | None = None
) -> dict[str, Any]:
    with Measured(str(root), NOW, hub) as measured:
        return measured.velocity(window or Window(NOW)) | measured.about()


def assert_equal_to_git(
    root: str | Path, since: int | None = None, until: int | None = None
) -> None:
    found = velocity(root, window=Window(NOW, since, until))
    wanted = PlainGit(root).velocity(since, until)
    assert {name: found[name] for name in wanted} == wanted


def conflicting(world: World) -> None:
    world.commit("base", {"a": "1\n", "b": "1\n"})
    world.git("checkout", "-q", "-b", "side")
    world.commit("side", {"a": "side\n"})
    world.git("checkout", "-q", "main")
    world.commit("main", {"a": "main\n"})
    world.merge("side", resolved={"a": "both\n"})


def clean(world: World) -> None:
    world.commit("base", {"a": "1\n", "b": "1\n"})
    world.git("checkout", "-q", "-b", "side")
    world.commit("side", {"a": "side\n"})
    world.git("checkout", "-q", "main")
    world.commit("main", {"b": "main\n"})
    world.merge("side")


def octopus(world: World) -> None:
    world.commit("base", {"a": "1\n"})
    for name in ("one", "two"):
        world.git("checkout", "-q", "-b", name, "main")
        world.commit(name, {name: "1\n"})
    world.git("checkout", "-q", "main")
    world.merge("one", "two")


def criss_cross(world: World) -> None:
    world.commit("base", {"a": "1\n2\n3\n4\n5\n"})
    world.git("checkout", "-q", "-b", "side")
    world.commit("side", {"a": "1\n2\n3\n4\nside\n"})
    world.git("checkout", "-q", "main")
    world.commit("main", {"a": "main\n2\n3\n4\n5\n"})
    world.git("branch", "before")
    world.merge("side")
    world.git("checkout", "-q", "side")
    world.merge("before")
    world.commit("side again", {"a": "main\n2\nside\n4\nside\n"})
    world.git("checkout", "-q", "main")
    world.commit("main again", {"a": "main\n2\nmain\n4\nside\n"})
    world.merge("side", resolved={"a": "main\n2\nboth\n4\nside\n"})


def unrelated(world: World) -> None:
    world.commit("base", {"a": "1\n"})
    world.git("checkout", "-q", "--orphan", "other")
    world.commit("other root", {"a": "2\n"})
    world.git("checkout", "-q", "main")
    assert world.run("merge", "--allow-unrelated-histories", "other").returncode
    world.commit("join", {"a": "3\n"})


def renamed_on_one_side(world: World) -> None:
    world.commit("base", {"old": "".join(f"{n}\n" for n in range(20))})
    world.git("checkout", "-q", "-b", "side")
    world.git("mv", "old", "new")
    world.commit("rename")
    world.git("checkout", "-q", "main")
    world.commit("edit", {"old": "".join(f"{n}\n" for n in range(20)) + "more\n"})
    world.merge("side")


def words(world: World) -> None:
    for number, message in enumerate([
        "feat: a", "feat(api)!: b | c", "FIX: loud", "fix:no space", "feat (x): space", "feature: long",
        "wip: not one", "docs(a(b)): nested", "chore: \n\nBREAKING CHANGE: in the body",
        "plain\n\ntext\nBREAKING-CHANGE: with a dash", "x\n\nno BREAKING CHANGE: in a line",
        "BREAKING CHANGE: as the subject", "drop!: of another type", "feat!:", "revert: two\nlines",
        "fix(scope): quoted \"x\" 'y' \\z 🎉", "  feat: led by spaces", "\x01>0 looks like a head",
        ":100644 100644 looks like a file", "test: ends\n\n\n\n",
    ]):  # fmt: skip
        world.commit(message, {f"f{number}": "1\n"})


def zones(world: World) -> None:
    for number, zone in enumerate(["-0800", "+0000", "+1345", "-1200", "+0530"]):
        world.commit("late", {f"f{number}": "1\n"}, when=START + number * DAY // 2, zone=zone)


def skewed(world: World) -> None:
    for number, hours in enumerate([100, 3, 200, 1, 150, 2]):
        world.commit("clock", {"f": f"{number}\n"}, when=START + hours * 3600)


def mailmapped(world: World) -> None:
    world.commit("one", who="Lena")
    world.commit("two", who="Lena Old")
    world.commit("three", who="Somebody")
    world.commit("map", {".mailmap": "Lena <lena@example.org> <lena.old@example.org>\n"})


def strange_names(world: World) -> None:
    world.commit(
        "one", {"with space": "1\n", "tab\there": "1\n", "émoji 🎉": "1\n", "new\nline": "1\n"}
    )
    world.commit("two", {"with space": "2\n", '"quoted"': "1\n", ":colon": "1\n", "-dash": "1\n"})


SHAPES = [conflicting, clean, octopus, criss_cross, unrelated, renamed_on_one_side, words, zones,
          skewed, mailmapped, strange_names]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_figures_equal_what_git_says(world: World, shape: Callable[[World], None]) -> None:
    shape(world)

    assert_equal_to_git(world.root)
    times = sorted({int(t) for t in world.lines("log", "--format=%ct")})
    for since in times[:: max(1, len(times) // 3)]:
        assert_equal_to_git(world.root, since, times[-1])
        assert_equal_to_git(world.root, since + 1, None)


@pytest.mark.parametrize("shape", SHAPES)
def test_bus_factor_and_paths_equal_what_git_says(
    world: World, shape: Callable[[World], None]
) -> None:
    shape(world)

    with Measured(world.root, NOW) as measured:
        assert measured.bus_factor(Window(NOW)) == world.bus_factor()
        hotspots = measured.touched(Window(NOW))["hotspots"]
    if shape not in (renamed_on_one_side, strange_names):
        counts = world.touched()
        assert {one["path"]: one["changes"] for one in hotspots} == dict(
            sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:10]
        )


def test_a_conflicting_merge_is_counted_and_its_file_named(world: World) -> None:
    conflicting(world)

    found = velocity(world.root)

    assert (found["merges"], found["remerged"], found["conflicted_merges"]) == (1, 1, 1)
    assert found["conflict_rate"] == 100
    with Measured(world.root, NOW) as measured:
        assert measured.conflicting(Window(NOW)) == [{"path": "a", "conflicts": 1}]


def test_without_merges_conflicts_are_unknown_and_not_zero(world: World) -> None:
    world.commit("one", {"a": "1\n"})

    found = velocity(world.root)

    assert found["merges"] == 0
    assert [found[n] for n in ("remerged", "conflicted_merges", "conflict_rate")] == [None] * 3


def test_an_octopus_is_a_merge_that_is_not_made_again(world: World) -> None:
    octopus(world)

    found = velocity(world.root)

    assert (found["merges"], found["remerged"], found["conflicted_merges"]) == (1, 0, None)


def test_merging_again_leaves_no_object_behind(world: World) -> None:
    conflicting(world)
    before = world.lines("count-objects", "-v")

    velocity(world.root)

    assert world.lines("count-objects", "-v") == before


def test_a_repository_in_a_folder_of_a_strange_name_is_measured(tmp_path: Path) -> None:
    world = World(tmp_path / 'a "b" 🎉:c\\d')
    conflicting(world)

    assert_equal_to_git(world.root)


def test_before_the_first_commit_there_is_nothing_to_count(world: World, hub: str) -> None:
    found = velocity(world.root, hub)

    assert (found["commits"], found["authors"], found["commit"]) == (0, 0, None)
    assert (found["commits_per_day"], found["days"], found["conventional_share"]) == (None,) * 3
    assert found["reason"] == "there is no commit yet"
    assert collect_all(world.root, NOW, hub=hub)["bus_factor"] is None


def test_a_bare_clone_has_the_same_figures(world: World, tmp_path: Path) -> None:
    conflicting(world)
    world.commit("map", {".mailmap": "Lena <lena@example.org> <x@y>\n"})
    subprocess.run(["git", "clone", "-q", "--bare", world.root, tmp_path / "bare.git"], check=True)

    here, bare = velocity(world.root), velocity(tmp_path / "bare.git")

    same = ("commits", "authors", "merges", "conflicted_merges", "active_days", "commit", "branch")
    assert [here[name] for name in same] == [bare[name] for name in same]
    assert bare["branch_switches"] is None


def test_a_shallow_clone_says_that_it_is_one(world: World, tmp_path: Path, hub: str) -> None:
    conflicting(world)
    world.commit("more", {"c": "1\n"})
    shallow = tmp_path / "shallow"
    url = f"file://{world.root}"
    subprocess.run(["git", "clone", "-q", "--depth=2", url, shallow], check=True)

    found = velocity(shallow, hub)

    assert found["partial"]
    assert "shallow" in found["reason"]
    assert found["commits"] == int(PlainGit(shallow).lines("rev-list", "--count", "HEAD")[0])
    with Measured(str(shallow), NOW, hub) as measured:  # what came before is nobody's change
        assert [one["path"] for one in measured.touched(Window(NOW))["hotspots"]] == ["c"]

    PlainGit(shallow).lines("fetch", "-q", "--unshallow")

    whole = velocity(shallow, hub)
    assert not whole["partial"]
    assert whole["commits"] == velocity(world.root)["commits"]
    assert whole["conflicted_merges"] == 1


def test_a_detached_head_is_measured_where_it_stands(world: World) -> None:
    conflicting(world)
    world.git("checkout", "-q", "--detach", "HEAD~1")

    assert_equal_to_git(world.root)
    assert velocity(world.root)["branch"] is None


def test_a_linked_work_tree_has_its_own_head(world: World, tmp_path: Path, hub: str) -> None:
    conflicting(world)
    world.git("worktree", "add", "-q", str(tmp_path / "linked"), "side")

    whole, linked = velocity(world.root, hub), velocity(tmp_path / "linked", hub)

    assert (whole["commits"], linked["commits"]) == (4, 2)
    assert velocity(world.root, hub)["commits"] == 4


def test_a_folder_without_a_repository_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="no git repository"):
        Measured(str(tmp_path), NOW)


def test_a_folder_inside_a_repository_is_not_its_own(world: World) -> None:
    world.commit("one", {"sub/a": "1\n"})

    with pytest.raises(GitError, match="no git repository"):
        Measured(os.path.join(world.root, "sub"), NOW)


def test_what_is_remembered_follows_commits_switches_and_rewriting(world: World, hub: str) -> None:
    conflicting(world)
    assert velocity(world.root, hub) | {"branches_created": 0, "branches_deleted": 0} == (
        velocity(world.root) | {"branches_created": 0, "branches_deleted": 0}
    )

    world.commit("one more", {"c": "1\n"})
    assert velocity(world.root, hub)["commits"] == 5

    world.git("checkout", "-q", "side")
    assert velocity(world.root, hub)["commits"] == 2
    assert velocity(world.root, hub)["rewritten"] is None

    world.git("checkout", "-q", "main")
    old = world.lines("rev-parse", "HEAD")[0]
    assert velocity(world.root, hub)["commits"] == 5

    world.git("reset", "-q", "--hard", "HEAD~2")
    found = velocity(world.root, hub)
    assert found["commits"] == 2
    assert found["rewritten"] == {"commits": 3, "from": old}
    assert velocity(world.root, hub)["rewritten"] == {"commits": 3, "from": old}

    world.commit("onwards", {"d": "1\n"})
    assert velocity(world.root, hub)["rewritten"] is None


def test_a_tip_that_git_has_thrown_away_is_no_trouble(world: World, hub: str) -> None:
    world.commit("one", {"a": "1\n"})
    world.commit("two", {"a": "2\n"})
    velocity(world.root, hub)
    world.git("reset", "-q", "--hard", "HEAD~1")
    world.git("reflog", "expire", "--expire=now", "--all")
    world.git("gc", "-q", "--prune=now")

    found = velocity(world.root, hub)

    assert found["commits"] == 1
    assert found["rewritten"]["commits"] == 1


def test_a_changed_mailmap_counts_at_once(world: World, hub: str) -> None:
    world.commit("one", who="Lena")
    world.commit("two", who="Lena Old")
    assert velocity(world.root, hub)["authors"] == 2

    Path(world.root, ".mailmap").write_text("Lena <lena@example.org> <lena.old@example.org>\n")

    assert velocity(world.root, hub)["authors"] == 1


def test_programs_are_counted_and_told_apart(world: World) -> None:
    world.commit("one")
    for name in ("dependabot[bot]", "Renovate Bot", "github-actions", "Abbot"):
        world.commit("x", who=name)

    found = velocity(world.root)

    assert (found["authors"], found["bots"], found["bot_commits"]) == (5, 3, 3)


def test_a_day_is_a_day_of_the_zone_that_was_asked_for(world: World) -> None:
    for hour in (22, 23, 25, 26):
        world.commit("x", when=START - START % DAY + hour * 3600)

    east = timezone(timedelta(hours=2))

    assert velocity(world.root)["active_days"] == 2
    assert velocity(world.root, window=Window(NOW, zone=east))["active_days"] == 1


def test_author_dates_count_when_they_are_asked_for(world: World) -> None:
    world.commit("x")
    env = {"GIT_COMMITTER_DATE": f"{START + 50 * DAY} +0000", "GIT_COMMITTER_NAME": "x",
           "GIT_COMMITTER_EMAIL": "x@y"}  # fmt: skip
    assert world.run("commit", "--amend", "--no-edit", "--allow-empty", "-q", **env).returncode == 0
    span = (START, START + DAY)

    assert velocity(world.root, window=Window(NOW, *span))["commits"] == 0
    assert velocity(world.root, window=Window(NOW, *span, authored=True))["commits"] == 1


def test_rates_are_commits_by_the_length_of_the_window(world: World) -> None:
    for number in range(6):
        world.commit("x", when=START + number * DAY)

    found = velocity(world.root, window=Window(NOW, START, START + 3 * DAY))

    assert (found["days"], found["commits"]) == (3, 3)
    assert found["commits_per_day"] == 1
    assert found["commits_per_week"] == 7
    assert found["commits_per_hour"] == round(1 / 24, 4)


def test_a_file_is_followed_to_the_name_it_has_now(world: World) -> None:
    lines = "".join(f"{number}\n" for number in range(30))
    world.commit("one", {"old": lines})
    world.commit("two", {"old": lines + "a\n"})
    world.git("mv", "old", "new")
    world.commit("three")
    world.commit("four", {"new": lines + "b\n", "old": "quite another one\n"})
    followed = len(world.lines("log", "--follow", "--format=%H", "--", "new"))

    with Measured(world.root, NOW) as measured:
        found = measured.touched(Window(NOW))["hotspots"]

    assert [(one["path"], one["changes"]) for one in found] == [("new", followed), ("old", 1)]


def test_files_that_change_together_are_told_with_their_counts(world: World) -> None:
    for number in range(4):
        world.commit("both", {"a": f"{number}\n", "b": f"{number}\n"})
    world.commit("alone", {"a": "x\n"})
    world.commit("licence", {f"many/{n}": "x\n" for n in range(40)} | {"a": "y\n", "b": "y\n"})

    with Measured(world.root, NOW) as measured:
        found = measured.touched(Window(NOW))["coupled"]

    assert found == [{"paths": ["a", "b"], "together": 4, "share": 1.0}]


def test_stale_branches_are_those_without_a_commit_for_ninety_days(world: World) -> None:
    world.commit("old", {"a": "1\n"})
    world.git("branch", "merged")
    world.git("checkout", "-q", "-b", "left")
    world.commit("left", {"b": "1\n"})
    world.git("checkout", "-q", "-b", "fresh", "main")
    world.commit("fresh", {"c": "1\n"}, when=START + 399 * DAY)
    world.git("checkout", "-q", "main")

    with Measured(world.root, NOW) as measured:
        found = measured.branches()

    assert (found["default_branch"], found["branches"], found["stale_branches"]) == ("main", 4, 2)
    assert [(one["name"], one["merged"]) for one in found["stale"]] == [
        ("merged", True),
        ("left", False),
    ]


def test_a_branch_that_would_conflict_today_is_named(world: World) -> None:
    world.commit("base", {"a": "1\n"}, when=START + 395 * DAY)
    for name, files in (("clash", {"a": "2\n"}), ("fine", {"b": "1\n"})):
        world.git("checkout", "-q", "-b", name, "main")
        world.commit(name, files)
    world.git("checkout", "-q", "main")
    world.commit("main", {"a": "3\n"})

    with Measured(world.root, NOW) as measured:
        assert measured.would_conflict() == ["clash"]


def test_the_last_release_is_the_newest_final_version(world: World) -> None:
    for name in ("v1.0.0", "not-a-release", "v1.1.0", "v2.0.0-rc.1", "v2.0.0b2"):
        world.commit(name)
        world.git("tag", name)
    world.commit("after")

    with Measured(world.root, NOW) as measured:
        found = measured.release()

    count = int(world.lines("rev-list", "--count", "v1.1.0..HEAD")[0])
    assert (found["release"], found["commits_since_release"]) == ("v1.1.0", count)
    assert found["days_since_release"] == 399


def test_without_a_release_its_age_is_unknown(world: World) -> None:
    world.commit("one")

    with Measured(world.root, NOW) as measured:
        assert set(measured.release().values()) == {None}
