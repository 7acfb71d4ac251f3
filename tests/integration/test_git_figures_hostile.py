"""Git figures where something is in the way: settings, damage, kills, strange dates, missing contents."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.git_world import NOW, START, World
from tests.plain_git import PlainGit

from gitcoord.errors import CoordError
from gitcoord.metrics.git.measured import Measured, measure
from gitcoord.metrics.git.window import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.usefixtures("own_home")


MEASURE = """
import sys
from datetime import UTC, datetime
from gitcoord.metrics.git.measured import Measured, measure
from gitcoord.metrics.git.window import Window
now = datetime.fromtimestamp(float(sys.argv[3]), UTC)
with Measured(sys.argv[1], now, sys.argv[2]) as measured:
    print(measured.velocity(Window(now))["conflicted_merges"])
"""


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


def velocity(root: str | Path, hub: str | None = None) -> dict[str, Any]:
    with Measured(str(root), NOW, hub) as measured:
        return measured.velocity(Window(NOW)) | measured.about()


def fed(root: Path, commits: Sequence[tuple[str, str]], form: str = "raw-permissive") -> PlainGit:
    """Make a repository of commits with any name and date."""
    subprocess.run(["git", "init", "-q", "-b", "main", root], check=True)
    stream = "".join(
        f"commit refs/heads/main\ncommitter {who} {when}\ndata 1\nx\n" for who, when in commits
    )
    words = ["git", "-C", str(root), "fast-import", "--quiet", f"--date-format={form}"]
    subprocess.run(words, input=stream.encode("utf-8", "surrogateescape"), check=True)
    return PlainGit(root)


def many_merges(world: World, count: int) -> None:
    """Make merges of which every other one conflicts."""
    world.commit("base", {"a": "0\n", "b": "0\n"})
    for number in range(count):
        world.git("checkout", "-q", "-b", f"side{number}")
        world.commit("side", {"a": f"side {number}\n"})
        world.git("checkout", "-q", "main")
        world.commit("main", {"a" if number % 2 else "b": f"main {number}\n"})
        if number % 2:
            world.merge(f"side{number}", resolved={"a": f"both {number}\n"})
        else:
            world.merge(f"side{number}")


@pytest.mark.parametrize(
    "setting",
    ["diff.renames=false", "diff.renameLimit=1", "merge.renames=false", "merge.renameLimit=1",
     "merge.directoryRenames=true", "log.showSignature=true", "log.showRoot=false", "log.follow=true",
     "log.mailmap=false", "diff.relative=true", "core.quotePath=true", "log.date=iso", "color.ui=always",
     "log.diffMerges=first-parent", "merge.conflictStyle=diff3", "diff.noprefix=true",
     "i18n.logOutputEncoding=latin1", "format.pretty=oneline", "diff.ignoreSubmodules=all",
     "core.commentChar=x", "log.abbrevCommit=true", "core.abbrev=4", "log.decorate=full"],
)  # fmt: skip
def test_no_setting_of_a_user_changes_a_figure(world: World, setting: str) -> None:
    lines = "".join(f"{number}\n" for number in range(20))
    world.commit("base", {"old": lines, "dir/é": lines, "b": "1\n"})
    world.git("checkout", "-q", "-b", "side")
    world.git("mv", "old", "new")
    world.git("mv", "dir/é", "dir/ü")
    world.commit("rename")
    world.git("checkout", "-q", "main")
    world.commit("edit", {"old": lines + "more\n", "dir/é": lines + "more\n"})
    world.merge("side")
    before = everything(world.root)
    (Path(os.environ["HOME"]) / ".gitconfig").write_text("")

    world.lines("config", "--global", *setting.split("=", 1))

    assert everything(world.root) == before


def everything(root: str) -> dict[str, Any]:
    with Measured(root, NOW) as measured:
        window = Window(NOW)
        return {**measured.velocity(window), **measured.touched(window), **measured.branches()}


def test_dates_beyond_all_calendars_are_counted_and_shown(tmp_path: Path) -> None:
    who = "Lena <l@x>"
    plain = fed(
        tmp_path / "repo",
        [
            (who, "0 +0000"),
            (who, "99999999999999 +0000"),
            (who, "4102444800 -1200"),
            (who, "1 +9959"),
        ],
    )

    found = velocity(plain.root)

    assert found["commits"] == 4
    assert found["since"] == "1970-01-01T00:00:00+00:00"


def test_names_that_are_empty_or_no_text_are_people(tmp_path: Path) -> None:
    people = [
        "<>",
        " <x@y>",
        "Bj\udcf6rn <b\udcf6@x>",
        "''\" $(x) <q'@x>",
        "\x01 <c@x>",
    ]
    plain = fed(tmp_path / "repo", [(who, f"{START} +0000") for who in people])

    found = velocity(plain.root)

    assert found["commits"] == len(people)
    assert found["authors"] == len(set(plain.lines("log", "--format=%aE;")))


def test_a_repository_of_another_hash_is_measured(tmp_path: Path) -> None:
    subprocess.run(
        ["git", "init", "-q", "--object-format=sha256", "-b", "main", tmp_path / "repo"], check=True
    )
    world = World(tmp_path / "repo")
    many_merges(world, 2)

    found = velocity(world.root)

    assert {n: found[n] for n in PlainGit(world.root).velocity()} == PlainGit(world.root).velocity()
    assert found["conflicted_merges"] == 1


def test_a_repository_whose_head_names_nothing_is_an_error_and_no_figure(world: World) -> None:
    world.commit("one", {"a": "1\n"})
    (Path(world.root) / ".git/refs/heads/main").write_text("1" * 40 + "\n")

    with pytest.raises(CoordError):
        velocity(world.root)


def test_a_missing_object_leaves_that_merge_unknown_and_the_others_known(world: World) -> None:
    many_merges(world, 6)
    blob = world.lines("rev-parse", "side3:a")[0]
    (Path(world.root) / ".git/objects" / blob[:2] / blob[2:]).unlink()

    found = velocity(world.root)

    assert found["merges"] == 6
    assert 0 < found["remerged"] < 6


def test_a_partial_clone_fetches_nothing_and_says_what_it_lacks(
    world: World, tmp_path: Path
) -> None:
    many_merges(world, 2)
    world.git("mv", "a", "renamed")
    world.commit("rename and edit", {"renamed": "quite new\n"})
    world.lines("config", "uploadpack.allowFilter", "true")
    clone, url = tmp_path / "partial", f"file://{world.root}"
    words = ["git", "clone", "-q", "--bare", "--filter=blob:none", url, str(clone)]
    subprocess.run(words, check=True)
    before = PlainGit(clone).lines("count-objects", "-v")

    found = velocity(clone)

    assert PlainGit(clone).lines("count-objects", "-v") == before
    assert (found["commits"], found["merges"]) == (velocity(world.root)["commits"], 2)
    assert found["conflicted_merges"] is None
    assert found["partial"]
    assert "partial clone" in found["reason"]


def test_replaced_commits_count_as_git_shows_them(world: World, hub: str) -> None:
    for number in range(4):
        world.commit(f"{number}", {"a": f"{number}\n"})
    assert velocity(world.root, hub)["commits"] == 4

    world.lines("replace", "--graft", "HEAD", "HEAD~2")

    assert velocity(world.root, hub)["commits"] == 3 == len(world.lines("rev-list", "HEAD"))


def test_checking_out_commits_and_tags_is_no_switch(world: World) -> None:
    world.commit("one", {"a": "1\n"})
    world.commit("two", {"a": "2\n"})
    world.git("tag", "v1.0")
    world.git("branch", "deadbeef")
    oid = world.lines("rev-parse", "HEAD~1")[0]
    for target in (oid, "main", oid[:8], "main", "v1.0", "main", "HEAD~1", "main", "main"):
        world.git("checkout", "-q", target)
    world.git("checkout", "-q", "--detach")
    world.git("checkout", "-q", "main")
    assert velocity(world.root)["branch_switches"] == 0

    for target in ("deadbeef", "main", "-"):
        world.git("checkout", "-q", target)

    assert velocity(world.root)["branch_switches"] == 3


def test_switches_of_linked_work_trees_count_as_well(world: World, tmp_path: Path) -> None:
    world.commit("one", {"a": "1\n"})
    world.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    linked = PlainGit(tmp_path / "linked")
    linked.lines("checkout", "-q", "-b", "other")
    linked.lines("checkout", "-q", "side")

    assert velocity(world.root)["branch_switches"] == 2
    assert velocity(world.root)["branches_created"] == 2


def test_a_kill_at_any_moment_leaves_what_is_remembered_sound(
    world: World, hub: str, tmp_path: Path
) -> None:
    many_merges(world, 12)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    env = {**os.environ, "TMPDIR": str(scratch)}
    words = [sys.executable, "-c", MEASURE, world.root, hub, str(NOW.timestamp())]
    for number in range(8):
        child = subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL)
        time.sleep(0.05 + 0.03 * number)
        child.send_signal(signal.SIGKILL)
        child.wait()

    said = subprocess.run(words, env=env, capture_output=True, text=True, check=True)

    assert said.stdout == "6\n"
    assert os.listdir(scratch) == []
    assert velocity(world.root, hub)["commits"] == velocity(world.root)["commits"]


def test_what_cannot_be_remembered_is_told_all_the_same(world: World, tmp_path: Path) -> None:
    many_merges(world, 2)
    blocked = tmp_path / "hub.git"
    blocked.write_text("no folder")

    assert velocity(world.root, str(blocked))["conflicted_merges"] == 1


def test_drivers_of_the_hub_do_not_run_when_its_merges_are_made_again(
    world: World, tmp_path: Path
) -> None:
    world.commit("attributes", {".gitattributes": "* merge=coord\n"})
    many_merges(world, 2)
    world.lines("config", "merge.coord.driver", f"touch '{tmp_path}/ran'; exit 0")

    assert velocity(world.root)["conflicted_merges"] == 1
    assert not (tmp_path / "ran").exists()


def test_a_remote_that_comes_or_goes_creates_and_deletes_no_branch(
    world: World, hub: str, tmp_path: Path
) -> None:
    world.commit("one", {"a": "1\n"})
    other = World(tmp_path / "other")
    other.commit("two", {"b": "1\n"})
    for name in ("x", "y"):
        other.git("branch", name)
    velocity(world.root, hub)

    world.lines("remote", "add", "-f", "origin", other.root)
    came = velocity(world.root, hub)
    other.git("branch", "z")
    world.lines("fetch", "-q")
    more = velocity(world.root, hub)
    world.lines("remote", "remove", "origin")
    gone = velocity(world.root, hub)

    assert (came["branches_created"], came["branches_deleted"]) == (0, None)
    assert (more["branches_created"], more["branches_deleted"]) == (1, None)
    assert gone["branches_deleted"] is None


@pytest.mark.parametrize("name", ["db", "kept.db"])
def test_damage_that_shows_late_costs_only_time(world: World, hub: str, name: str) -> None:
    many_merges(world, 2)
    before = measured_by(world.root, hub)
    (path,) = [p for p in Path(hub, "coord/git").iterdir() if p.name.split(".", 1)[1:] == [name]]
    for tail in ("-wal", "-shm"):
        Path(f"{path}{tail}").unlink(missing_ok=True)
    content = bytearray(path.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page : page + 200] = os.urandom(200)
    path.write_bytes(content)

    for _ in range(2):
        assert measured_by(world.root, hub) == before


def measured_by(root: str, hub: str) -> tuple[Any, ...]:
    found = measure(
        root, NOW, hub, lambda its: its.velocity(Window(NOW)) | its.touched(Window(NOW))
    )
    return tuple(found[name] for name in ("commits", "authors", "conflicted_merges", "hotspots"))
