"""Search in odd repositories and in trouble: killed, at the same time, without a disk to write on."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests import small_model

PROGRAM = (sys.executable, "-c", "from gitcoord.cli.main import main; raise SystemExit(main())")


class World:
    """A hub with some issues and one repository, and a small model."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.hub = root / "a hub ☂"
        self.home = root / "home"
        self.home.mkdir()
        (self.home / ".gitconfig").write_text(
            "[user]\n\tname = Lena\n\temail = lena@example.org\n[init]\n\tdefaultBranch = main\n"
        )
        self.env = {
            "PATH": os.environ["PATH"], "HOME": str(self.home), "GIT_CONFIG_NOSYSTEM": "1",
            "COORD_WATCH": "0", "NO_COLOR": "1", "TZ": "Pacific/Kiritimati", "LANG": "C.UTF-8",
            "COORD_MODELS": str(root / "models"),
        }  # fmt: skip
        subprocess.run(["git", "init", "-q", str(self.hub)], check=True, env=self.env)
        self.ok("init")
        for number in range(1, 13):
            self.write(number, f"Session {number} leaks memory in the pool")
        self.git(self.hub, "add", "-A")
        self.git(self.hub, "commit", "-qm", "Issues")

    def write(self, number: int, title: str) -> None:
        """Write an issue by hand."""
        id = f"ISSUE-{number:03d}"
        path = self.hub / "coord" / "issues" / f"{id}.yaml"
        path.write_text(f"id: {id}\r\ntitle: {title}\r\nstatus: pending\r\n", encoding="utf-8")

    def git(self, where: Path, *words: str) -> str:
        """Run git."""
        return subprocess.run(
            ["git", "-C", str(where), *words], env=self.env, check=True, capture_output=True, text=True
        ).stdout  # fmt: skip

    def run(self, *words: str, where: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run coord as a process."""
        return subprocess.run(
            [*PROGRAM, *words], cwd=where or self.hub, env=self.env, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start coord as a process."""
        return subprocess.Popen(
            [*PROGRAM, *words], cwd=self.hub, env=self.env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def ok(self, *words: str, where: Path | None = None) -> str:
        """Run coord; it has to succeed."""
        done = self.run(*words, where=where)
        assert done.returncode == 0, done
        return done.stdout

    def json(self, *words: str, where: Path | None = None) -> Any:
        """Run coord with --json and return its document."""
        return json.loads(self.ok(*words, "--json", where=where))

    def install(self) -> None:
        """Install the small model."""
        folder = small_model.make(self.root / "small")
        sum = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
        self.ok("model", "install", "--from", str(folder), "--sha256", sum)

    def repo(self, name: str, place: Path) -> None:
        """Put a repository into the registry, at a place."""
        self.ok("repo", "create", name)
        self.git(self.hub, "config", f"coord.repo.{name}.path", str(place))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A hub with some issues, and a small model that is not installed."""
    return World(tmp_path)


def _titles(world: World, *words: str) -> list[str]:
    return [hit["title"] for hit in world.json("search", *words)]


def test_embedding_killed_at_any_moment_is_finished_by_the_next_one(world: World) -> None:
    world.install()
    for number in range(100, 400):
        world.write(
            number, f"Token {number} is slow in the {number % 7} worker queue of the login page"
        )

    for moment in (0.15, 0.25, 0.4, 0.6):
        running = world.start("embed")
        time.sleep(moment)
        running.send_signal(signal.SIGKILL)
        running.communicate()

    told = world.json("embed")["records"]
    assert told["missing"] == 0
    assert told["embedded"] + told["taken"] + told["unchanged"] == 312
    assert world.json("embed")["records"]["unchanged"] == 312
    hits = world.json("search", "Token 123 is slow in the 4 worker queue of the login page")
    assert hits[0]["id"] == "ISSUE-123"
    assert hits[0]["similarity"] > 0.999
    assert not list(world.hub.glob("coord/**/*.npy.tmp"))


def test_ten_searches_at_once_answer_alike(world: World) -> None:
    world.install()

    running = [world.start("search", "leaking memory pool", "--json") for _ in range(10)]
    answers = [process.communicate() for process in running]

    assert {process.returncode for process in running} == {0}, answers
    ids = {tuple(sorted(hit["id"] for hit in json.loads(out))) for out, _ in answers}
    assert len(ids) == 1
    assert {err for _, err in answers} == {"coord: the best 10 are shown; --limit shows more.\n"}


def test_of_two_who_embed_one_waits_or_is_told(world: World) -> None:
    world.install()
    for number in range(100, 500):
        world.write(number, f"Queue {number}")

    running = [world.start("embed", "--json") for _ in range(4)]
    errors = [process.communicate()[1] for process in running]

    codes = [process.returncode for process in running]
    assert 0 in codes
    assert set(codes) <= {0, 5}
    assert all("at work" in error for code, error in zip(codes, errors, strict=True) if code == 5)
    assert world.json("embed")["records"]["missing"] == 0


def test_a_damaged_or_cut_file_is_made_anew(world: World) -> None:
    world.install()
    world.ok("embed")
    before = world.json("search", "memory leak")
    folder = world.hub / ".git" / "coord" / "search"
    (vectors,) = folder.glob("records-*.f32")

    os.truncate(vectors, 100)
    assert world.json("search", "memory leak") == before
    for file in folder.glob("records.db*"):
        file.write_bytes(b"SQLite format 3\0 but not really" * 200)
    assert world.json("search", "memory leak") == before
    (folder / "records.db").write_bytes(b"")
    assert world.json("search", "memory leak") == before


def test_rows_that_are_no_vectors_are_embedded_again(world: World) -> None:
    world.install()
    world.ok("embed")
    (vectors,) = (world.hub / ".git" / "coord" / "search").glob("records-*.f32")
    raw = bytearray(vectors.read_bytes())
    raw[: 4 * small_model.WIDE] = bytes(4 * small_model.WIDE)
    vectors.write_bytes(bytes(raw))

    told = world.json("embed")["records"]

    assert told["taken"] + told["embedded"] == 1
    assert bytes(4 * small_model.WIDE) != vectors.read_bytes()[: 4 * small_model.WIDE]


def test_linked_work_trees_have_their_own_records_and_common_commits(world: World) -> None:
    linked = world.root / "linked 🌿"
    world.git(world.hub, "worktree", "add", "-q", "-b", "side", str(linked))
    (linked / "coord" / "issues" / "ISSUE-001.yaml").write_text(
        "id: ISSUE-001\ntitle: Rewritten on the side\nstatus: pending\n"
    )

    assert _titles(world, "rewritten") == []
    (hit,) = world.json("search", "rewritten", where=linked)
    assert hit["id"] == "ISSUE-001"
    world.json("search", "issues", "--commits", where=linked)
    assert (world.hub / ".git" / "coord" / "search" / "commits.db").exists()


def test_commits_of_odd_repositories_are_read(world: World) -> None:
    source = world.root / "source"
    world.git(world.root, "init", "-q", str(source))
    for number in range(4):
        world.git(
            source, "commit", "-q", "--allow-empty", "-m", f"Drop crumb {number}\n\n| \x02 ünï"
        )
    shallow, bare, unborn = world.root / "shal low", world.root / "bare.git", world.root / "unborn"
    world.git(world.root, "clone", "-q", "--depth", "2", f"file://{source}", str(shallow))
    world.git(world.root, "clone", "-q", "--bare", str(source), str(bare))
    world.git(world.root, "init", "-q", str(unborn))
    for name, place in (("shallow", shallow), ("bare", bare), ("unborn", unborn)):
        world.repo(name, place)

    def crumbs(repo: str) -> int:
        return len(world.json("search", "crumb", "--kind", "commit", "--repo", repo))

    assert (crumbs("shallow"), crumbs("bare"), crumbs("unborn")) == (2, 4, 0)
    world.git(shallow, "fetch", "-q", "--unshallow")
    world.git(unborn, "commit", "-q", "--allow-empty", "-m", "Drop the first crumb")
    assert (crumbs("shallow"), crumbs("unborn")) == (4, 1)
    world.git(shallow, "checkout", "-q", "--detach", "HEAD~1")
    assert crumbs("shallow") == 4
    world.git(shallow, "checkout", "-q", "main")
    world.git(shallow, "reset", "-q", "--hard", "HEAD~3")
    assert crumbs("shallow") == 1
    world.ok("delete", "bare", "--yes")
    assert len(world.json("search", "crumb", "--kind", "commit")) == 2


def test_a_hub_that_cannot_be_written_is_searched_all_the_same(world: World) -> None:
    world.install()
    world.ok("embed")
    before = world.json("search", "memory leak")
    subprocess.run(["rm", "-rf", world.hub / ".git" / "coord"], check=True)
    (world.hub / ".git" / "coord").write_text("a file, where a folder should be")

    again = world.json("search", "memory leak")

    assert again == before


def test_hostile_texts_are_found_and_shown_harmlessly(world: World) -> None:
    world.install()
    world.write(900, '"\\e[31mred\\u202E <script> [SEP] crash 🧨"')

    (hit, *_) = world.json("search", "script crash")
    shown = world.ok("search", "script crash")

    assert hit["id"] == "ISSUE-900"
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_a_link_in_place_of_a_vector_is_not_followed(world: World) -> None:
    world.install()
    victim = world.root / "victim"
    victim.write_text("precious")
    (world.hub / "coord" / "issues" / "ISSUE-001.npy").symlink_to(victim)
    os.mkfifo(world.hub / "coord" / "issues" / "ISSUE-002.npy")

    world.ok("embed")

    assert victim.read_text() == "precious"
    assert not (world.hub / "coord" / "issues" / "ISSUE-001.npy").is_symlink()


def test_vectors_are_ignored_by_git_in_a_hub_whose_gitignore_does_not_say_so(world: World) -> None:
    world.install()
    world.git(world.hub, "rm", "-q", "coord/.gitignore")
    world.git(world.hub, "commit", "-qm", "Less")

    world.ok("embed")
    world.ok("embed")

    assert world.git(world.hub, "status", "--porcelain") == ""
    assert (world.hub / ".git" / "info" / "exclude").read_text().count("*.npy") == 1


def test_vectors_that_are_damaged_in_the_middle_are_computed_anew(world: World) -> None:
    world.install()
    world.ok("embed")
    before = world.run("search", "memory leak", "--json")
    (vectors,) = (world.hub / ".git" / "coord" / "search").glob("records-*.f32")
    third = len(vectors.read_bytes()) // 3
    for junk in (b"\x55", b"\xff", b"\x00", b"\x7f\x7f\xff\x7f"):
        whole = vectors.read_bytes()  # after mending the rows lie in another order
        vectors.write_bytes(whole[:third] + junk * (third // len(junk)) + whole[2 * third :])

        after = world.run("search", "memory leak", "--json")

        assert (after.returncode, after.stdout) == (0, before.stdout)
        assert after.stderr == before.stderr
        assert world.run("search", "memory leak", "--json").stdout == before.stdout


@pytest.mark.parametrize("sort", ["folder", "pipe", "link"])
def test_what_is_no_file_in_the_place_of_vectors_is_done_without(world: World, sort: str) -> None:
    world.install()
    world.ok("embed")
    before = world.json("search", "memory leak")
    (vectors,) = (world.hub / ".git" / "coord" / "search").glob("records-*.f32")
    vectors.unlink()
    if sort == "folder":
        vectors.mkdir()
    elif sort == "pipe":
        os.mkfifo(vectors)
    else:
        vectors.symlink_to("/nonexistent/place")

    for _ in range(2):
        assert world.json("search", "memory leak") == before


def test_a_damaged_model_is_done_without_and_said_so(world: World) -> None:
    world.install()
    folder = world.root / "models" / "current"
    by_words = world.json("search", "memory leak", "--mode", "lexical")
    for name in ("config.json", "vocab.txt", "model.safetensors", "coord-model.json"):
        whole = (folder / name).read_bytes()
        for damaged in (b"\xff" * len(whole), whole[: len(whole) // 2], b"{}", b""):
            (folder / name).write_bytes(damaged)

            found = world.run("search", "memory leak", "--json")
            refused = world.run("search", "memory leak", "--mode", "semantic")

            assert found.returncode == 0, found
            assert [one["id"] for one in json.loads(found.stdout)] == [
                one["id"] for one in by_words
            ]
            assert "the model is damaged" in found.stderr, name
            assert refused.returncode == 6, refused
            assert "coord model install" in refused.stderr
        (folder / name).write_bytes(whole)
    (folder / "coord-model.json").unlink()
    os.mkfifo(folder / "coord-model.json")
    assert "damaged" in world.run("search", "memory leak").stderr

    world.install()

    assert "damaged" not in world.run("search", "memory leak").stderr
