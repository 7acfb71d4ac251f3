"""`coord watch` as people use it: their editor, their git, their signals, their odd places."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.conftest import PROGRAM
from tests.e2e.watching import PATIENCE, WITHOUT_EXTRA, Watching, codes, ordered
from tests.terminal import read_all

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.e2e.conftest import Hub

ISSUE = "coord/issues/ISSUE-001.yaml"
WRONG = ("status: pending", "status: pendin")


def _checked(hub: Hub, *paths: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(hub("check", "--json", *paths).out)
    return found


def _in_place(file: Path, text: str) -> None:
    file.write_text(text)


def _in_pieces(file: Path, text: str) -> None:
    with file.open("w") as stream:
        for line in text.splitlines(keepends=True):
            stream.write(line)
            stream.flush()


def _like_vim(file: Path, text: str) -> None:
    (file.parent / "4913").touch()
    (file.parent / "4913").unlink()
    (file.parent / f".{file.name}.swp").write_text("x")
    file.rename(f"{file}~")
    file.write_text(text)
    Path(f"{file}~").unlink()
    (file.parent / f".{file.name}.swp").unlink()


def _like_emacs(file: Path, text: str) -> None:
    (file.parent / f".#{file.name}").symlink_to("lena@machine.1234:1")
    shutil.copy2(file, f"{file}~")
    file.write_text(text)
    (file.parent / f".#{file.name}").unlink()


def _by_rename(file: Path, text: str) -> None:
    passing = file.parent / f".{file.name}.tmp"
    passing.write_text(text)
    passing.rename(file)


def _by_rename_from_elsewhere(file: Path, text: str) -> None:
    passing = file.parent.parent.parent / "passing"
    passing.write_text(text)
    passing.rename(file)


SAVES = (_in_place, _in_pieces, _like_vim, _like_emacs, _by_rename, _by_rename_from_elsewhere)


@pytest.mark.parametrize(("options", "saves"), [([], SAVES), (["--poll"], SAVES[2:3])])
def test_every_way_in_which_editors_save_is_noticed(
    hub: Hub, options: list[str], saves: Sequence[Callable[[Path, str], None]]
) -> None:
    file = hub.root / ISSUE
    good = file.read_text()

    with Watching(hub.root, *options) as watching:
        assert watching.said[0]["findings"] == []
        for save in saves:
            save(file, good.replace(*WRONG))
            told = watching.until(lambda said: "bad-status" in codes(said["findings"]))
            assert ISSUE in told["changed"], save
            save(file, good)
            watching.until(lambda _: watching.state == [])


def test_the_first_line_is_what_check_says(hub: Hub) -> None:
    hub.write(
        "issues/ISSUE-003.yaml", "id: ISSUE-003\ntitle: t\nstatus: odd\ndependencies: [ISSUE-009]\n"
    )

    with Watching(hub.root) as watching:
        first = watching.said[0]

    assert first["findings"] == _checked(hub)
    assert list(first) == [
        "time",
        "changed",
        "findings",
        "mended",
        "moved",
        "errors",
        "warnings",
        "error",
    ]
    assert (first["changed"], first["mended"], first["error"]) == ([], [], None)


def test_what_a_change_breaks_elsewhere_is_told(hub: Hub) -> None:
    file = hub.root / ISSUE
    kept = file.read_bytes()

    with Watching(hub.root) as watching:
        file.unlink()
        told = watching.next()
        assert told["changed"] == [ISSUE]
        assert [(one["path"], one["code"]) for one in told["findings"]] == [
            ("coord/issues/ISSUE-002.yaml", "unknown-id")
        ]
        file.write_bytes(kept)
        watching.until(lambda said: not said["errors"])


def test_a_fault_that_only_moves_to_another_line_is_not_told_again(hub: Hub) -> None:
    file = hub.root / ISSUE
    file.write_text(file.read_text().replace(*WRONG))

    with Watching(hub.root) as watching:
        line = watching.state[0]["line"]
        _by_rename(file, "# a remark\n" + file.read_text())
        told = watching.until(lambda said: bool(said["moved"]))

    assert (told["findings"], told["mended"], told["errors"]) == ([], [], 1)
    assert told["moved"][0]["line"] == line + 1


def test_a_new_folder_and_one_that_comes_back_are_watched(hub: Hub) -> None:
    archived = "coord/archive/todos/TODO-007.yaml"
    with Watching(hub.root) as watching:
        hub.write("archive/todos/TODO-007.yaml", "id: [\n")
        watching.until(lambda said: said["errors"] == 1)
        shutil.rmtree(hub.root / "coord" / "archive")
        watching.until(lambda said: said["errors"] == 0)
        hub.write("archive/todos/TODO-007.yaml", "id: [\n")
        told = watching.until(lambda said: said["errors"] == 1)
        assert archived in told["changed"]


@pytest.mark.parametrize("name", ["coord.yaml", "roles.yaml"])
def test_settings_and_roles_are_checked_again(hub: Hub, name: str) -> None:
    file = hub.root / "coord" / name
    kept = file.read_text() if file.exists() else ""

    with Watching(hub.root) as watching:
        hub.write(name, f"{kept}odd: [\n")
        told = watching.until(lambda said: said["errors"] == 1)
        assert f"coord/{name}" in told["changed"]
        assert told["findings"][0]["path"] == f"coord/{name}"
        hub.write(name, kept)
        watching.until(lambda said: said["errors"] == 0)


def test_what_other_processes_write_is_told(hub: Hub) -> None:
    with Watching(hub.root) as watching:
        hub.ok("issue", "create", "--title", "One more")
        told = watching.next()
        assert told["changed"] == ["coord/issues/ISSUE-003.yaml"]
        assert watching.state == []


def test_git_is_followed_through_branches_merges_and_rebases(hub: Hub) -> None:
    with Watching(hub.root) as watching:
        hub.git("checkout", "--quiet", "-b", "side")
        hub.write(
            "issues/ISSUE-010.yaml",
            "id: ISSUE-010\ntitle: t\nstatus: pending\ndependencies: [ISSUE-011]\n",
        )
        hub.git("add", "-A")
        hub.git("commit", "--quiet", "-m", "half")
        watching.until_it_says(lambda: _checked(hub))
        hub.write("issues/ISSUE-011.yaml", "id: ISSUE-011\ntitle: t\nstatus: pending\n")
        hub.git("add", "-A")
        hub.git("commit", "--quiet", "-m", "whole")
        watching.until_it_says(lambda: _checked(hub))
        hub.git("checkout", "--quiet", "main")
        watching.until(lambda said: "coord/issues/ISSUE-010.yaml" in said["changed"])
        hub.ok("issue", "create", "--title", "Meanwhile")
        hub.git("merge", "--quiet", "-m", "merge", "side")
        watching.until_it_says(lambda: _checked(hub))
        hub.git("reset", "--quiet", "--hard", "HEAD~1")
        hub.git("checkout", "--quiet", "side")
        hub.git("rebase", "--quiet", "main")
        hub.git("checkout", "--quiet", "side~1")
        watching.until(lambda said: codes(said["findings"]) == ["unknown-id"])
        watching.until_it_says(lambda: _checked(hub))
        hub.git("checkout", "--quiet", "side")
        watching.until(lambda said: said["errors"] == 0)


def test_a_store_that_goes_is_unknown_and_not_without_faults(hub: Hub) -> None:
    (hub.root / ISSUE).write_text("id: [\n")
    with Watching(hub.root) as watching:
        (hub.root / "coord").rename(hub.root / "away")
        told = watching.until(lambda said: said["error"] is not None)
        assert (told["errors"], told["warnings"], told["mended"]) == (None, None, [])
        assert told["error"]["code"] == "no-hub"
        (hub.root / "away").rename(hub.root / "coord")
        told = watching.until(lambda said: said["error"] is None)
        watching.until_it_says(lambda: _checked(hub))


@pytest.mark.parametrize("options", [[], ["--poll"]])
def test_watching_ends_when_the_hub_is_deleted(hub: Hub, options: list[str]) -> None:
    with Watching(hub.root, *options) as watching:
        os.chdir(hub.root.parent)
        shutil.rmtree(hub.root)
        _, err = watching.process.communicate(timeout=PATIENCE)

    assert watching.process.returncode == 3
    assert json.loads(err.splitlines()[-1])["error"]["code"] == "no-hub"


_CHECKED_ONCE_IT_IS_GONE = """
import os, time
from gitcoord.api import checking
check, checks = checking.check, []
def late(workspace):
    root = workspace.repo.root
    checks.append(1)
    if len(checks) == 2:
        open(root + ".checking", "w").close()
    while len(checks) > 1 and os.path.exists(root):
        time.sleep(0.01)
    return check(workspace)
checking.check = late
"""


def test_a_hub_that_is_deleted_just_before_a_check_stays_deleted(hub: Hub) -> None:
    with Watching(hub.root, before=_CHECKED_ONCE_IT_IS_GONE) as watching:
        hub.write("issues/ISSUE-005.yaml", "id: [\n")
        while not os.path.exists(f"{hub.root}.checking"):
            assert watching.process.poll() is None
            time.sleep(0.01)
        os.chdir(hub.root.parent)
        shutil.rmtree(hub.root)
        _, err = watching.process.communicate(timeout=PATIENCE)

    assert watching.process.returncode == 3
    assert json.loads(err.splitlines()[-1])["error"]["code"] == "no-hub"
    assert not hub.root.exists()


def test_only_what_lies_below_the_named_paths_is_told(hub: Hub) -> None:
    plan = "plans/PLAN-001.yaml"
    hub.write(plan, "id: PLAN-001\ntitle: p\nstatus: draft\nissues: [ISSUE-001]\n")

    with Watching(hub.root, "coord/plans") as watching:
        hub.write("issues/ISSUE-005.yaml", "id: [\n")
        (hub.root / ISSUE).unlink()
        told = watching.next()
        assert [one["path"] for one in told["findings"]] == [f"coord/{plan}"]
        assert ISSUE in told["changed"]
        assert ordered(watching.state) == ordered(_checked(hub, "coord/plans"))
        (hub.root / "coord" / plan).unlink()
        watching.until(lambda said: said["errors"] == 0)


def test_a_path_that_is_not_there_is_told_at_once(hub: Hub) -> None:
    done = hub("watch", "coord/nothing")

    assert done.code == 4
    assert "coord/nothing" in done.err


def _as_it_is(hub: Hub, _: Path) -> Path:
    return hub.root


def _by_a_link(hub: Hub, folder: Path) -> Path:
    (folder / "a link").symlink_to(hub.root)
    return folder / "a link"


def _work_tree(hub: Hub, folder: Path) -> Path:
    hub.git("worktree", "add", "--quiet", str(folder / "beside"), "-b", "beside")
    return folder / "beside"


def _submodule(hub: Hub, folder: Path) -> Path:
    outer = folder / "outer"
    git = ["git", "-C", str(outer), "-c", "protocol.file.allow=always"]
    subprocess.run(["git", "init", "--quiet", str(outer)], check=True)
    subprocess.run([*git, "submodule", "--quiet", "add", str(hub.root), "inner"], check=True)
    return outer / "inner"


def _odd_name(hub: Hub, folder: Path) -> Path:
    subprocess.run(
        ["git", "clone", "--quiet", str(hub.root), str(folder / "ein Hub 🚀")], check=True
    )
    return folder / "ein Hub 🚀"


def _store_by_a_link(hub: Hub, folder: Path) -> Path:
    (hub.root / "coord").rename(folder / "elsewhere")
    (hub.root / "coord").symlink_to(folder / "elsewhere")
    return hub.root


def _from_inside(hub: Hub, _: Path) -> Path:
    return hub.root / "coord" / "issues"


PLACES = (_as_it_is, _by_a_link, _work_tree, _submodule, _odd_name, _store_by_a_link, _from_inside)


@pytest.mark.parametrize("place", PLACES)
def test_it_watches_wherever_the_hub_lies(
    hub: Hub, tmp_path: Path, place: Callable[[Hub, Path], Path]
) -> None:
    root = place(hub, tmp_path)
    top = root if (root / "coord").exists() else hub.root

    with Watching(root) as watching:
        linked = codes(watching.state)  # git does not track what lies behind a link
        assert linked == (["not-a-file"] if place is _store_by_a_link else [])
        file = top / ISSUE
        file.write_text(file.read_text().replace(*WRONG))
        told = watching.until(lambda said: said["errors"] == 1 + len(linked))

    assert told["changed"] == [ISSUE]


def test_odd_file_names_are_told_as_text(hub: Hub) -> None:
    folder = os.fsencode(hub.root / "coord" / "issues")
    with Watching(hub.root) as watching:
        for name in ("ein Fall 🚀.yaml".encode(), b"ISSUE-\xff.yaml"):
            Path(os.fsdecode(folder + b"/" + name)).write_text("id: x\n")
        watching.until_it_says(lambda: _checked(hub))

    assert len(watching.state) > 1
    changed = {path for said in watching.said for path in said["changed"]}
    assert changed == {"coord/issues/ein Fall 🚀.yaml", "coord/issues/ISSUE-\\xff.yaml"}


def test_without_the_extra_it_looks_by_itself_and_says_so(hub: Hub) -> None:
    with Watching(hub.root, before=WITHOUT_EXTRA) as watching:
        (hub.root / ISSUE).write_text("id: [\n")
        watching.until(lambda said: said["errors"] is not None and said["errors"] > 0)
        watching.process.terminate()
        _, err = watching.process.communicate(timeout=PATIENCE)

    assert "pip install 'gitcoord[watch]'" in err


def test_a_system_without_watches_left_is_told_and_looked_at(hub: Hub) -> None:
    none = (
        "unshare",
        "-Ur",
        "sh",
        "-c",
        'echo 0 >/proc/sys/user/max_inotify_watches; exec "$@"',
        "-",
    )
    tried = subprocess.run([*none, "true"], capture_output=True, check=False)
    if tried.returncode or tried.stderr:
        pytest.skip("this system lets nobody have a user namespace")

    with Watching(hub.root, program=none) as watching:
        (hub.root / ISSUE).write_text("id: [\n")
        watching.until(lambda said: said["errors"] is not None and said["errors"] > 0)
        watching.process.terminate()
        _, err = watching.process.communicate(timeout=PATIENCE)

    assert "the system grants no watch" in err


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)]
)
@pytest.mark.parametrize("options", [[], ["--poll"]])
def test_a_signal_ends_it_quietly(
    hub: Hub, number: signal.Signals, code: int, options: list[str]
) -> None:
    with Watching(hub.root, *options) as watching:
        watching.process.send_signal(number)
        out, err = watching.process.communicate(timeout=PATIENCE)

    assert (watching.process.returncode, out) == (code, "")
    assert "Traceback" not in err
    assert hub("check").code == 0


def test_a_folder_that_may_not_be_read_is_unknown_until_it_may(hub: Hub) -> None:
    folder = hub.root / "coord" / "issues"
    with Watching(hub.root) as watching:
        folder.chmod(0)
        try:
            if os.access(folder, os.R_OK):
                pytest.skip("this user may read everything")
            told = watching.until(lambda said: said["error"] is not None)
            assert (told["errors"], told["error"]["code"]) == (None, "io")
        finally:
            folder.chmod(0o755)
        watching.until(lambda said: said["error"] is None)
        (hub.root / ISSUE).write_text("id: [\n")
        watching.until(lambda said: ISSUE in said["changed"] and said["errors"])


def _lines(hub: Hub, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, "watch", *words], cwd=hub.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def test_text_tells_what_is_new_what_is_mended_and_how_many_are_left(hub: Hub) -> None:
    file = hub.root / ISSUE
    good = file.read_text()
    process = _lines(hub)
    assert process.stdout is not None

    said = [process.stdout.readline()]
    for text in (good.replace(*WRONG), f"# x\n{good.replace(*WRONG)}", good):
        passing = file.with_name(f".{file.name}.tmp")
        passing.write_text(text)
        passing.rename(file)
        said.append(process.stdout.readline())
        while not said[-1].rstrip().endswith(("faults.", "warnings.")):
            said.append(process.stdout.readline())
    process.terminate()
    process.communicate(timeout=PATIENCE)

    assert [line[9:] if line[2] == ":" else line for line in said] == [
        "no faults.\n",
        f"{ISSUE}\n",
        f"{ISSUE}:4:9: error: status: There is no status 'pendin'. [bad-status]\n",
        "    Did you mean pending? It is one of pending, in_progress, blocked, resolved, closed.\n",
        "1 error, 0 warnings.\n",
        f"{ISSUE}: nothing new; 1 error, 0 warnings.\n",
        f"{ISSUE}\n",
        f"mended: {ISSUE}: status: There is no status 'pendin'. [bad-status]\n",
        "no faults.\n",
    ]


def test_a_reader_that_has_enough_ends_it(hub: Hub) -> None:
    process = _lines(hub)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()

    file = hub.root / ISSUE
    file.write_text(file.read_text().replace(*WRONG))

    assert process.wait(PATIENCE) == 0
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()


def test_a_terminal_is_cleared_only_when_asked(hub: Hub) -> None:
    shown = {}
    for options in ([], ["--clear"]):
        ours, theirs = os.openpty()
        file = hub.root / ISSUE
        good = file.read_text()
        process = subprocess.Popen(
            [*PROGRAM, "watch", *options], cwd=hub.root, stdout=theirs, stderr=theirs,
            env={**os.environ, "COLUMNS": "40"},
        )  # fmt: skip
        os.close(theirs)
        seen = b""
        while b"no faults." not in seen:
            seen += os.read(ours, 65536)
        file.write_text(good.replace(*WRONG))
        while b"1 error" not in seen:
            seen += os.read(ours, 65536)
        process.send_signal(signal.SIGINT)
        seen += read_all(ours).encode()
        assert process.wait(PATIENCE) == 130
        os.close(ours)
        file.write_text(good)
        shown[bool(options)] = seen.decode()

    assert "\x1b[2J" not in shown[False]
    assert shown[True].count("\x1b[2J") >= 2


def test_python_can_watch_too(hub: Hub) -> None:
    code = (
        "import datetime, sys\n"
        "from gitcoord.api import watching, workspace\n"
        "now = lambda: datetime.datetime.now(datetime.UTC)\n"
        "watch = watching.Watch(workspace.open_workspace('.', now()), now)\n"
        "print(next(watch.bursts()).as_dict()['errors'])\n"
        "watch.close()\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=hub.root, capture_output=True, text=True, check=True
    )

    assert done.stdout == "0\n"
