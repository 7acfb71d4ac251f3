"""`coord hooks`: what stands in the hook folders before, between and after."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.e2e.conftest import make_repo

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub, Repo

SAY = '#!/bin/sh\necho "$0 $*" >>"$HOME/ran"\ncat >>"$HOME/ran"\n'
TRIED = {"pre-commit", "pre-merge-commit", "commit-msg", "post-checkout", "post-merge",
         "post-rewrite", "pre-push"}  # fmt: skip


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return every file below a folder with its mode and content."""
    return {
        str(path.relative_to(folder)): (
            stat.S_IMODE(path.lstat().st_mode),
            os.readlink(path).encode() if path.is_symlink() else path.read_bytes(),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def states(hub: Hub, *words: str) -> dict[tuple[str, str | None], str]:
    return {(row["repo"], row["hook"]): row["state"] for row in hub.json("hooks", *words)}


def ran(home: Path) -> str:
    log = home / "home" / "ran"
    return log.read_text() if log.exists() else ""


def test_without_words_the_repository_one_stands_in_gets_the_hooks(
    hub: Hub, oneiric: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {repo for repo, _ in states(hub, "install")} == {"hub"}
    assert set(states(hub, "status").values()) == {"installed"}
    assert {hook for _, hook in states(hub, "status")} >= TRIED

    monkeypatch.chdir(oneiric.root)
    assert hub("hooks", "install").code == 3  # it does not know its hub yet
    found = states(hub, "install", "--hub", str(hub.root))

    assert {repo for repo, _ in found} == {"oneiric"}
    assert oneiric.git("config", "coord.hub").strip() == str(hub.root)
    assert states(hub, "status") == found


def test_all_means_the_hub_and_what_is_on_this_machine(hub: Hub, oneiric: Repo) -> None:
    found = states(hub, "install", "--all")

    assert found["hub", "pre-commit"] == "installed"
    assert found["oneiric", "post-commit"] == "installed"
    assert found["fastblocks", None] == "not on this machine"
    assert ("oneiric", "pre-commit") not in found


def test_a_repository_is_found_by_git_config_then_record_then_beside_the_hub(
    hub: Hub, oneiric: Repo, tmp_path: Path
) -> None:
    recorded = make_repo(tmp_path / "recorded")
    configured = make_repo(tmp_path / "with spaces 🚀")

    def where() -> set[str]:
        rows = hub.json("hooks", "status", "oneiric")
        return {str(Path(row["path"]).parent.parent.parent) for row in rows if row["path"]}

    assert where() == {str(oneiric.root)}
    hub.ok("repo", "update", "oneiric", "--path", "../recorded")
    assert where() == {str(recorded.root)}
    hub.git("config", "coord.repo.oneiric.path", str(configured.root))
    assert where() == {str(configured.root)}
    hub.git("config", "coord.repo.oneiric.path", "../nowhere")
    assert where() == set()


def test_a_folder_inside_another_repository_is_no_repository_of_the_registry(
    hub: Hub, tmp_path: Path
) -> None:
    outer = make_repo(tmp_path / "outer")
    (outer.root / "inner").mkdir()
    hub.ok("repo", "update", "oneiric", "--path", "../outer/inner")

    assert states(hub, "install", "oneiric") == {("oneiric", None): "not on this machine"}


@pytest.mark.parametrize("mode", [0o755, 0o700, 0o644])
def test_uninstall_gives_back_every_byte_and_mode(hub: Hub, oneiric: Repo, mode: int) -> None:
    for name in ("commit-msg", "pre-push", "post-commit"):
        oneiric.hook(name, SAY).chmod(mode)
    oneiric.hook("prepare-commit-msg", SAY)
    (oneiric.root / ".git" / "hooks" / "post-merge").symlink_to("../elsewhere")
    before = snapshot(oneiric.root / ".git" / "hooks")
    config = (oneiric.root / ".git" / "config").read_bytes()

    installed = states(hub, "install", "oneiric")
    again = states(hub, "install", "oneiric")
    after = states(hub, "uninstall", "oneiric")

    assert installed == again
    assert installed["oneiric", "commit-msg"] == "chained"
    assert installed["oneiric", "post-merge"] == "chained"
    assert installed["oneiric", "post-checkout"] == "installed"
    assert after["oneiric", "commit-msg"] == "foreign"
    assert after["oneiric", "post-checkout"] == "missing"
    assert snapshot(oneiric.root / ".git" / "hooks") == before
    assert (oneiric.root / ".git" / "config").read_bytes() == config


def test_a_folder_that_was_not_there_is_gone_again(hub: Hub, oneiric: Repo) -> None:
    folder = oneiric.root / ".git" / "hooks"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()

    states(hub, "install", "oneiric")
    assert folder.is_dir()
    states(hub, "uninstall", "oneiric")

    assert not folder.exists()


def test_a_change_of_the_users_hook_made_meanwhile_stays(hub: Hub, oneiric: Repo) -> None:
    mine = oneiric.hook("commit-msg", SAY)
    states(hub, "install", "oneiric")
    kept = mine.with_name("commit-msg.coord-chained")
    kept.write_text(SAY + "# changed\n")

    states(hub, "uninstall", "oneiric")

    assert mine.read_text() == SAY + "# changed\n"
    assert not kept.exists()


def test_a_hook_that_took_the_place_of_ours_stays(hub: Hub, oneiric: Repo) -> None:
    states(hub, "install", "oneiric")
    oneiric.hook("commit-msg", SAY)

    assert states(hub, "status", "oneiric")["oneiric", "commit-msg"] == "foreign"
    states(hub, "uninstall", "oneiric")

    assert (oneiric.root / ".git" / "hooks" / "commit-msg").read_text() == SAY


def test_a_hook_of_ours_that_was_edited_is_kept_aside(hub: Hub, oneiric: Repo) -> None:
    states(hub, "install", "oneiric")
    path = oneiric.root / ".git" / "hooks" / "commit-msg"
    path.write_text(path.read_text() + "echo mine\n")

    assert states(hub, "status", "oneiric")["oneiric", "commit-msg"] == "outdated"
    rows = hub.json("hooks", "uninstall", "oneiric")

    assert not path.exists()
    assert path.with_name("commit-msg.coord-edited").read_text().endswith("echo mine\n")
    assert "commit-msg.coord-edited" in next(r["note"] for r in rows if r["hook"] == "commit-msg")


@pytest.mark.parametrize(
    "shell", ["#!/bin/sh", "#!/usr/bin/env bash", "#!/bin/sh -e", "#!/bin/bash"]
)
def test_a_chained_hook_sees_its_own_name_its_words_and_its_input(
    hub: Hub, oneiric: Repo, tmp_path: Path, shell: str
) -> None:
    oneiric.git("init", "--quiet", "--bare", str(tmp_path / "far.git"))
    oneiric.git("remote", "add", "far", str(tmp_path / "far.git"))
    oneiric.hook("pre-push", SAY.replace("#!/bin/sh", shell))
    oneiric.git("push", "--quiet", "far", "main:one")
    alone = ran(tmp_path)
    states(hub, "install", "oneiric")

    oneiric.git("push", "--quiet", "far", "main:two")

    assert ran(tmp_path) == alone + alone.replace("heads/one", "heads/two")


def test_a_chained_hook_that_is_no_shell_script_gets_words_and_input(
    hub: Hub, oneiric: Repo, tmp_path: Path
) -> None:
    oneiric.git("init", "--quiet", "--bare", str(tmp_path / "far.git"))
    oneiric.hook("pre-push", "#!/usr/bin/env python3\nimport sys, pathlib, os\n"
                 "pathlib.Path(os.environ['HOME'], 'ran').write_text(f'{sys.argv[1:]} {sys.stdin.read()}')\n"
                 "raise SystemExit(3)\n")  # fmt: skip
    states(hub, "install", "oneiric")

    done = oneiric.run("push", str(tmp_path / "far.git"), "main")

    assert done.returncode != 0
    assert ran(tmp_path).endswith("0" * 40 + "\n")
    assert "far.git" in ran(tmp_path)


def test_a_chained_hook_that_refuses_stops_git(hub: Hub, oneiric: Repo) -> None:
    oneiric.hook("commit-msg", "#!/bin/sh\nexit 7\n")
    states(hub, "install", "oneiric")

    assert oneiric.commit("no").returncode == 1
    assert oneiric.commit("yes", "--no-verify").returncode == 0


def test_a_chained_hook_without_the_right_to_run_is_left_alone(hub: Hub, oneiric: Repo) -> None:
    oneiric.hook("commit-msg", "#!/bin/sh\nexit 7\n").chmod(0o644)
    states(hub, "install", "oneiric")

    assert oneiric.commit("fine").returncode == 0


@pytest.mark.parametrize("where", [".githooks", "shared", "global", "link"])
def test_a_folder_named_elsewhere_stays_untouched_and_its_hooks_run(
    hub: Hub, oneiric: Repo, tmp_path: Path, where: str
) -> None:
    folder = oneiric.root / where if where == ".githooks" else tmp_path / "shared hooks"
    oneiric.hook("commit-msg", SAY, folder)
    oneiric.hook("prepare-commit-msg", SAY, folder)
    if where == "global":
        oneiric.git("config", "--global", "core.hooksPath", "~/../shared hooks")
    elif where == "link":
        subprocess.run(["rm", "-r", str(oneiric.root / ".git" / "hooks")], check=True)
        (oneiric.root / ".git" / "hooks").symlink_to(folder)
    else:
        oneiric.git("config", "core.hooksPath", where if where == ".githooks" else str(folder))
    before, config = snapshot(folder), (oneiric.root / ".git" / "config").read_bytes()
    everyones = (tmp_path / "home" / ".gitconfig").read_bytes()

    found = states(hub, "install", "oneiric")
    done = oneiric.commit("see ISSUE-099")

    assert found["oneiric", "commit-msg"] == "chained"
    assert found["oneiric", "post-commit"] == "installed"
    assert done.returncode == 0
    assert "ISSUE-099" in done.stderr
    assert ran(tmp_path).count("/commit-msg ") == 1
    assert ran(tmp_path).count("/prepare-commit-msg ") == 1
    assert snapshot(folder) == before
    assert states(hub, "install", "oneiric") == found

    states(hub, "uninstall", "oneiric")

    assert snapshot(folder) == before
    assert (oneiric.root / ".git" / "config").read_bytes() == config
    assert (tmp_path / "home" / ".gitconfig").read_bytes() == everyones
    assert not (oneiric.root / ".git" / "coord-hooks").exists()


def test_force_writes_into_the_folder_that_is_named(
    hub: Hub, oneiric: Repo, tmp_path: Path
) -> None:
    folder = tmp_path / "shared"
    oneiric.hook("commit-msg", SAY, folder)
    oneiric.git("config", "--global", "core.hooksPath", str(folder))
    before = snapshot(folder)

    found = states(hub, "install", "oneiric", "--force")

    assert found["oneiric", "commit-msg"] == "chained"
    assert (folder / "commit-msg.coord-chained").read_text() == SAY
    states(hub, "uninstall", "oneiric")
    assert snapshot(folder) == before


def test_a_husky_style_folder_keeps_finding_its_scripts(
    hub: Hub, oneiric: Repo, tmp_path: Path
) -> None:
    husky = oneiric.root / ".husky"
    oneiric.hook("commit-msg", '#!/usr/bin/env sh\n. "${0%/*}/h"\n', husky / "_")
    oneiric.hook("h", 'n=$(basename "$0")\ns=$(dirname "$(dirname "$0")")/$n\n[ ! -f "$s" ] && exit 0\n'
                 'sh -e "$s" "$@"\n', husky / "_")  # fmt: skip
    oneiric.hook("commit-msg", 'echo "husky $1" >>"$HOME/ran"\n', husky)
    (husky / "_" / ".gitignore").write_text("*\n")
    oneiric.git("config", "core.hooksPath", ".husky/_")

    states(hub, "install", "oneiric")
    oneiric.commit("anything")
    states(hub, "uninstall", "oneiric")
    oneiric.git("config", "core.hooksPath", str(oneiric.root / ".husky/_"))
    states(hub, "install", "oneiric", "--force")
    oneiric.commit("anything")

    assert ran(tmp_path).splitlines() == ["husky .git/COMMIT_EDITMSG"] * 2


def test_linked_work_trees_share_the_hooks(hub: Hub, oneiric: Repo, tmp_path: Path) -> None:
    oneiric.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side tree"))
    side = type(oneiric)(tmp_path / "side tree")
    hub.git("config", "coord.repo.oneiric.path", str(side.root))

    found = states(hub, "install", "oneiric")

    assert found["oneiric", "commit-msg"] == "installed"
    assert (oneiric.root / ".git" / "hooks" / "commit-msg").exists()
    for repo in (oneiric, side):
        assert "ISSUE-099" in repo.commit("see ISSUE-099").stderr


def test_a_remembered_interpreter_that_is_gone_gives_way_to_the_path(
    hub: Hub, oneiric: Repo, path_with_coord: str
) -> None:
    states(hub, "install", "oneiric")
    path = oneiric.root / ".git" / "hooks" / "commit-msg"
    lines = path.read_text().split("\n")
    lines[5] = "coord_python='/gone/venv/bin/python'"
    path.write_text("\n".join(lines))

    assert states(hub, "status", "oneiric")["oneiric", "commit-msg"] == "outdated"
    assert "ISSUE-099; did" in oneiric.commit("ISSUE-099", env={"PATH": path_with_coord}).stderr
    states(hub, "install", "oneiric")
    assert states(hub, "status", "oneiric")["oneiric", "commit-msg"] == "installed"


@pytest.mark.parametrize("broken", ["gone", "no python", "no package", "crash"])
def test_work_goes_on_with_one_line_of_warning_when_coord_is_broken(
    hub: Hub, oneiric: Repo, tmp_path: Path, broken: str
) -> None:
    states(hub, "install", "oneiric")
    program = tmp_path / "python"
    program.write_text({
        "no python": "\x7fELF nonsense", "no package": "#!/bin/sh\nexit 127\n",
        "crash": "#!/bin/sh\necho 'Traceback:' >&2\necho 'KeyError: x' >&2\nexit 1\n",
    }.get(broken, ""))  # fmt: skip
    program.chmod(0o644 if broken == "gone" else 0o755)
    path = oneiric.root / ".git" / "hooks" / "commit-msg"
    lines = path.read_text().split("\n")
    lines[5] = f"coord_python='{program}'"
    path.write_text("\n".join(lines))

    done = oneiric.commit("ISSUE-099", env={"PATH": "/usr/bin:/bin"})

    assert done.returncode == 0
    (line,) = done.stderr.splitlines()
    assert line.startswith("coord: the commit-msg hook did nothing: ")
    assert broken != "crash" or line.endswith("KeyError: x")


def test_a_hub_that_is_gone_warns_and_blocks_nothing(
    hub: Hub, oneiric: Repo, tmp_path: Path
) -> None:
    states(hub, "install", "oneiric")
    hub.root.rename(tmp_path / "moved")

    done = oneiric.commit("ISSUE-099")

    assert done.returncode == 0
    assert "coord.hub names" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_coord_skip_hooks_leaves_out_coord_alone(hub: Hub, oneiric: Repo, tmp_path: Path) -> None:
    oneiric.hook("commit-msg", SAY)
    states(hub, "install", "oneiric")

    done = oneiric.commit("ISSUE-099", env={"COORD_SKIP_HOOKS": "1"})

    assert (done.returncode, done.stderr) == (0, "")
    assert "commit-msg" in ran(tmp_path)


def test_code_in_the_repository_is_not_imported_by_its_hooks(hub: Hub, oneiric: Repo) -> None:
    states(hub, "install", "oneiric")
    for name in ("gitcoord", "bisect", "datetime"):
        (oneiric.root / f"{name}.py").write_text("open('/dev/stderr', 'w').write('evil')\n")

    done = oneiric.commit("ISSUE-099")

    assert "ISSUE-099" in done.stderr
    assert "evil" not in done.stderr


def test_a_path_with_quotes_and_spaces_is_written_so_that_the_shell_reads_it(
    hub: Hub, tmp_path: Path
) -> None:
    odd = make_repo(tmp_path / 'it\'s "odd" $HOME 🚀')
    hub.git("config", "coord.repo.fastblocks.path", str(odd.root))
    oneiric_hooks = odd.hook("commit-msg", SAY).parent
    odd.git("config", "core.hooksPath", str(tmp_path / "it's $PATH"))
    odd.hook("commit-msg", SAY, tmp_path / "it's $PATH")

    states(hub, "install", "fastblocks")

    assert "ISSUE-099" in odd.commit("ISSUE-099").stderr
    assert "it's $PATH/commit-msg" in ran(tmp_path)
    assert (oneiric_hooks / "commit-msg").read_text() == SAY


def test_ten_installs_at_once_leave_one_chain(hub: Hub, oneiric: Repo) -> None:
    oneiric.hook("commit-msg", SAY)
    before = snapshot(oneiric.root / ".git" / "hooks")
    words = [*hub.program, "hooks", "install", "oneiric", "--json"]

    running = [subprocess.Popen(words, cwd=hub.root, stdout=subprocess.DEVNULL) for _ in range(10)]

    assert [one.wait() for one in running] == [0] * 10
    assert states(hub, "status", "oneiric")["oneiric", "commit-msg"] == "chained"
    states(hub, "uninstall", "oneiric")
    assert snapshot(oneiric.root / ".git" / "hooks") == before


def test_the_doctor_tells_of_hooks_that_are_outdated_and_renews_them(
    hub: Hub, oneiric: Repo
) -> None:
    def said() -> dict[str, object]:
        found = {one["name"]: one for one in hub("doctor", "--json").json}
        symptom: dict[str, object] = found["hooks"]
        return symptom

    assert said()["ok"]
    states(hub, "install", "--all")
    assert said()["ok"]
    (oneiric.root / ".git" / "hooks" / "post-commit").unlink()
    assert not said()["ok"]
    hub("doctor", "--fix")
    assert said()["ok"]
    assert (oneiric.root / ".git" / "hooks" / "post-commit").exists()


def test_an_unknown_repository_is_an_error(hub: Hub) -> None:
    assert hub("hooks", "install", "nope").code == 4


@pytest.mark.parametrize("moment", ["kept", "half written"])
def test_an_install_that_was_killed_half_way_is_finished_by_the_next(
    hub: Hub, oneiric: Repo, moment: str
) -> None:
    mine = oneiric.hook("commit-msg", SAY)
    before = snapshot(mine.parent)
    os.link(mine, mine.with_name("commit-msg.coord-chained"))
    if moment == "half written":
        mine.with_name(".commit-msg.coord-tmp").write_text("#!/bin")

    assert states(hub, "install", "oneiric")["oneiric", "commit-msg"] == "chained"
    states(hub, "uninstall", "oneiric")

    assert snapshot(mine.parent) == before


def test_uninstalling_after_a_kill_leaves_one_hook(hub: Hub, oneiric: Repo) -> None:
    mine = oneiric.hook("commit-msg", SAY)
    before = snapshot(mine.parent)
    os.link(mine, mine.with_name("commit-msg.coord-chained"))

    states(hub, "uninstall", "oneiric")

    assert snapshot(mine.parent) == before


def test_an_unregistered_folder_with_any_name_knows_its_hub_and_gets_no_name(
    hub: Hub, tmp_path: Path
) -> None:
    odd = make_repo(tmp_path / "my repo ☂")

    found = states(hub, "install", str(odd.root))

    assert found["my repo ☂", "commit-msg"] == "installed"
    assert "ISSUE-099" in odd.commit("see ISSUE-099\n\nCloses: ISSUE-001").stderr
    assert odd.run("config", "coord.name").returncode == 1


def test_a_folder_in_a_hooks_place_stays(hub: Hub, oneiric: Repo) -> None:
    folder = oneiric.root / ".git" / "hooks" / "commit-msg"
    folder.mkdir()

    assert states(hub, "install", "oneiric")["oneiric", "commit-msg"] == "foreign"
    states(hub, "uninstall", "oneiric")
    assert folder.is_dir()


def test_one_repository_that_refuses_does_not_keep_hooks_from_the_others(
    hub: Hub, oneiric: Repo, tmp_path: Path
) -> None:
    other = make_repo(tmp_path / "fastblocks")
    subprocess.run(["rm", "-r", str(oneiric.root / ".git" / "hooks")], check=True)
    (oneiric.root / ".git" / "hooks").write_text("a file")
    (other.root / ".git" / "hooks" / "commit-msg").unlink(missing_ok=True)

    answer = hub("hooks", "install", "oneiric", "fastblocks")

    assert answer.code == 3
    assert "cannot be written" in answer.err
    assert states(hub, "status", "fastblocks")["fastblocks", "commit-msg"] == "installed"


def test_a_tool_that_sets_the_folder_again_is_told_of_and_mended(
    hub: Hub, oneiric: Repo, tmp_path: Path
) -> None:
    oneiric.hook("commit-msg", SAY, oneiric.root / ".husky" / "_")
    oneiric.git("config", "core.hooksPath", ".husky/_")
    config = (oneiric.root / ".git" / "config").read_bytes()
    states(hub, "install", "oneiric")
    oneiric.git("config", "core.hooksPath", ".husky/_")

    assert states(hub, "status", "oneiric")["oneiric", "commit-msg"] == "foreign"
    assert states(hub, "install", "oneiric")["oneiric", "commit-msg"] == "chained"
    oneiric.git("config", "core.hooksPath", ".husky/_")
    states(hub, "uninstall", "oneiric")

    assert (oneiric.root / ".git" / "config").read_bytes() == config
    assert not (oneiric.root / ".git" / "coord-hooks").exists()
