"""What only an unreviewed record names is not looked at: git runs what a repository configures."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.e2e.conftest import make_repo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub


@pytest.mark.parametrize("words", [
    ["metrics", "collect", "--repo", "strange"], ["quality", "strange", "--static"],
    ["git", "velocity", "--repo", "strange"], ["git", "health", "strange"], ["git", "patterns"],
], ids=lambda words: " ".join(words[:2]))  # fmt: skip
def test_neither_filters_nor_merge_drivers_of_it_run(
    hub: Hub, tmp_path: Path, words: list[str]
) -> None:
    strange = make_repo(tmp_path / "away" / "strange")
    bait = tmp_path / "bait"
    (strange.root / ".gitattributes").write_text("* filter=x merge=x\n")
    for name, side in (("one", "left"), ("two", "right")):
        strange.git("checkout", "-q", "-B", name, "HEAD" if name == "one" else "one~1")
        (strange.root / "a.py").write_text(f"a = '{side}'\n")
        strange.git("add", "-A")
        strange.git("commit", "-q", "-m", side)
    strange.run("merge", "-q", "-X", "ours", "one")
    strange.git("config", "filter.x.clean", f"touch '{bait}'; cat")
    strange.git("config", "merge.x.driver", f"touch '{bait}'; exit 1")
    (strange.root / "a.py").write_text("a = 'changed'\n")
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "far.git")], check=True)
    hub.git("remote", "add", "origin", str(tmp_path / "far.git"))
    hub.git("push", "-q", "-u", "origin", "HEAD:main")
    hub.ok("repo", "create", "strange")
    hub.ok("repo", "update", "strange", "--set", f"path={strange.root}")

    answer = hub(*words)

    assert not bait.exists()
    assert "not reviewed" in answer.out + answer.err
    hub.git("config", "coord.repo.strange.path", str(strange.root))
    hub(*words)
    assert bait.exists() or words[:2] == ["git", "patterns"]
