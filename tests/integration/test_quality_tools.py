"""Every figure is the one that the tool itself tells when a person runs it."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from tests.integration.quality_world import (
    MESSY,
    PROJECT,
    by_hand,
    environment,
    git,
    make,
    measure,
    one,
    save,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

STRICT = f"{PROJECT}[tool.mypy]\nstrict = true\n[tool.ruff.lint]\nselect = ['E', 'F', 'S', 'C90']\n"


@pytest.mark.parametrize(
    "config", [PROJECT, STRICT, f"{PROJECT}[tool.ruff]\nlint.select = ['ALL']\n"]
)
def test_ruff_counts_what_ruff_check_counts(tmp_path: Path, config: str) -> None:
    root = make(
        tmp_path / "a b 🌿",
        {"pyproject.toml": config, "tiny/__init__.py": "", "tiny/über.py": MESSY},
    )

    found = one(root, "ruff")

    said = json.loads(
        by_hand(root, "ruff", "check", "--no-cache", "--output-format", "json").stdout
    )
    assert found["findings"] == len(said) > 0
    assert found["by_rule"] == dict(Counter(each["code"] for each in said).most_common())
    assert sum(found["by_severity"].values()) == len(said)
    assert found["files"] == 2
    assert found["lines"] == MESSY.count("\n")
    assert found["version"] in by_hand(root, "ruff", "--version").stdout


@pytest.mark.parametrize("config", [PROJECT, STRICT])
def test_mypy_counts_what_mypy_counts(tmp_path: Path, config: str) -> None:
    root = make(
        tmp_path / "r", {"pyproject.toml": config, "tiny/__init__.py": "", "tiny/a.py": MESSY}
    )

    found = one(root, "mypy")

    said = by_hand(root, "mypy", "--cache-dir=/dev/null", ".").stdout
    assert f"Found {found['errors']} error" in said
    assert f"(checked {found['files']} source files)" in said
    assert sum(found["by_code"].values()) == found["errors"] > 0


def test_mypy_reads_ini_files_with_their_own_targets_and_pretty_output(tmp_path: Path) -> None:
    ini = "[mypy]\nfiles = lib\npretty = True\nshow_error_end = True\nshow_column_numbers = True\n"
    root = make(tmp_path / "r", {"mypy.ini": ini, "lib/a.py": MESSY, "other/b.py": MESSY})

    found = one(root, "mypy")

    assert (found["errors"], found["files"], found["configuration"]) == (1, 1, "mypy.ini")
    assert (
        f"Found {found['errors']} error in 1 file"
        in by_hand(root, "mypy", "--cache-dir=/dev/null").stdout
    )


@pytest.mark.parametrize(
    "python", [">=3.8", ">3.8,<4", "~=3.9", ">=2.7", ">=3.12", ">=3.8,>=3.12", ">=3", "<4", "==3.13.*"]
)  # fmt: skip
def test_a_project_without_configuration_is_linted_for_the_python_it_names(
    tmp_path: Path, python: str
) -> None:
    newer = (
        "import datetime\n\ntz = datetime.timezone.utc\n"
        "with open('a') as a:\n    with open('b') as b:\n        pass\n"
    )
    project = f'{PROJECT}requires-python = "{python}"\n'
    root = make(tmp_path / "r", {"pyproject.toml": project, "a.py": newer + MESSY})

    found = one(root, "ruff")

    said = json.loads(
        by_hand(root, "ruff", "check", "--no-cache", "--output-format", "json").stdout
    )
    assert found["findings"] == len(said)
    assert Counter(found["by_rule"]) == Counter([finding["code"] for finding in said])


def test_security_counts_what_ruff_counts_and_honours_what_the_repository_ignores(
    tmp_path: Path,
) -> None:
    config = f"{PROJECT}[tool.ruff.lint]\nignore = ['S101']\n"
    root = make(tmp_path / "r", {"pyproject.toml": config, "a.py": MESSY, "tests/test_a.py": MESSY,
                                 "b.py": "exec('x')  # noqa: S102\n"})  # fmt: skip

    found = one(root, "security")

    said = by_hand(root, "ruff", "check", "--no-cache", "--select", "S", "--ignore", "S101",
                   "--output-format", "json").stdout  # fmt: skip
    assert found["findings"] == len(json.loads(said)) == 2
    assert found["by_severity"] == {"high": 0, "medium": 1, "low": 0}
    assert found["in_tests"] == {"high": 0, "medium": 1, "low": 0}
    assert found["by_rule"] == {"S307": 2}


def test_complexity_sees_every_function_whatever_is_ignored(tmp_path: Path) -> None:
    branches = "".join(f"    if x == {n}:\n        return {n}\n" for n in range(11))
    code = f"def big(x):  # noqa: C901\n{branches}    return None\n\n\ndef small():\n    pass\n"
    config = "[lint]\nignore = ['C901']\nper-file-ignores = {'a.py' = ['C901']}\n"
    root = make(tmp_path / "r", {"ruff.toml": config, "a.py": code})

    found = one(root, "complexity")

    assert (found["functions"], found["above"], found["limit"]) == (2, 1, 10)
    assert (found["highest"], found["total"], found["mean"]) == (12, 13, 6.5)
    assert found["worst"][0] == {"place": "a.py:1", "function": "big", "complexity": 12}


def test_the_limit_of_complexity_is_the_repositorys_own(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"ruff.toml": "lint.mccabe.max-complexity = 1\n", "a.py": MESSY})

    found = one(root, "complexity")

    assert (found["limit"], found["above"]) == (1, 1)


def test_the_repository_is_left_as_it_was(tmp_path: Path) -> None:
    config = f"{PROJECT}[tool.ruff]\nfix = true\nunsafe-fixes = true\nfix-only = true\n"
    root = make(
        tmp_path / "r", {"pyproject.toml": config, "a.py": MESSY, "plug.py": "def plugin(v): ..."}
    )
    index = (root / ".git" / "index").read_bytes()
    before = sorted(path for path in root.rglob("*") if ".git" not in path.parts)

    found = measure(root)

    assert found["measures"]["ruff"]["findings"] > 0
    assert (root / "a.py").read_text() == MESSY
    assert sorted(path for path in root.rglob("*") if ".git" not in path.parts) == before
    assert (root / ".git" / "index").read_bytes() == index
    assert not found["dirty"]


def test_a_plugin_of_mypy_leaves_no_bytecode(tmp_path: Path) -> None:
    plugin = "from mypy.plugin import Plugin\n\n\ndef plugin(version: str) -> type[Plugin]:\n    return Plugin\n"
    root = make(
        tmp_path / "r",
        {"mypy.ini": "[mypy]\nplugins = ./plug.py\n", "plug.py": plugin, "a.py": "x: int = ''\n"},
    )

    assert one(root, "mypy")["errors"] >= 1
    assert not list(root.rglob("__pycache__"))
    assert "plugins" in one(root, "mypy", static=True)["reason"]


def test_a_configuration_above_the_repository_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "ruff.toml").write_text("lint.select = ['ALL']\n")
    root = make(tmp_path / "r", {"a.py": "import os\n"})

    assert one(root, "ruff")["by_rule"] == {"F401": 1}


def test_the_repositorys_own_program_goes_first_and_is_told(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"a.py": "import os\n"})
    venv = environment(root)
    shutil.copy(shutil.which("ruff", path=str(venv.parent)) or by_ruff(), venv / "bin" / "ruff")

    found = one(root, "ruff")

    assert (found["source"], found["findings"]) == ("repository", 1)
    assert one(root, "ruff", static=True)["source"] == "coord"


def by_ruff() -> str:
    from tests.integration.quality_world import BIN

    return str(BIN / "ruff")


def test_mypy_sees_the_packages_of_the_environment_and_not_ours(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"a.py": "import pydantic\nimport theirs\n\ntheirs.number + ''\n"})
    alone = one(root, "mypy")
    package = next((environment(root) / "lib").glob("python3*/site-packages")) / "theirs"
    write(package, {"__init__.py": "number: int = 1\n", "py.typed": ""})

    found = one(root, "mypy")

    assert alone["partial"]
    assert "environment" in alone["reason"]
    assert alone["by_code"] == {"import-not-found": 2}
    assert found["by_code"] == {"import-not-found": 1, "operator": 1}
    assert not found["partial"]


@pytest.mark.parametrize("ignored", [True, False])
def test_an_environment_is_no_source_whether_git_ignores_it_or_not(
    tmp_path: Path, ignored: bool
) -> None:
    root = make(tmp_path / "r", {"a.py": "import os\n"})
    package = (
        next((environment(root, ignored=ignored) / "lib").glob("python3*/site-packages")) / "theirs"
    )
    write(package, {"__init__.py": "import os\n\n\ndef public(): ...\n"})

    found = measure(root)

    assert not found["dirty"]
    assert found["measures"]["documentation"]["names"] == 1
    assert not found["measures"]["mypy"]["partial"]


def test_an_environment_that_came_with_the_commits_is_not_run(tmp_path: Path) -> None:
    program = "#!/bin/sh\ntouch /tmp/bait; echo ruff 9.9.9\n"
    root = make(
        tmp_path / "r", {"a.py": "import os\n", ".venv/pyvenv.cfg": "", ".venv/bin/ruff": program}
    )
    (root / ".venv" / "bin" / "ruff").chmod(0o755)
    git(root, "add", "-f", ".venv")
    save(root)

    found = one(root, "ruff")

    assert (found["source"], found["findings"]) == ("coord", 1)
    assert found["version"] != "9.9.9"


def test_a_file_that_cannot_be_parsed_is_a_finding_of_ruff_and_stops_mypy(tmp_path: Path) -> None:
    root = make(
        tmp_path / "r", {"pyproject.toml": PROJECT, "a.py": "def f(:\n", "b.py": '"""Doc."""\n'}
    )

    found = measure(root)["measures"]

    assert found["ruff"]["by_severity"]["error"] == found["ruff"]["findings"] > 0
    assert not found["mypy"]["measured"]
    assert "a.py:1" in found["mypy"]["reason"]
    assert found["documentation"]["partial"]
    assert "a.py" in found["documentation"]["reason"]


def test_an_unborn_branch_and_a_repository_without_python_are_told(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"README.md": "x"}, commit=False)

    found = measure(root)

    assert (found["score"], found["commit"], found["dirty"]) == (None, None, True)
    assert {each["measure"] for each in found["left_out"]} == set(found["measures"])
    assert found["measures"]["ruff"]["reason"] == "there is no Python file"


def test_a_linked_work_tree_and_a_detached_head_are_measured_as_they_stand(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"a.py": "import os\n"})
    first = git(root, "rev-parse", "HEAD")
    write(root, {"a.py": "import os\nimport sys\n"})
    save(root)
    git(root, "worktree", "add", "-q", "--detach", str(tmp_path / "w"), first)

    assert one(root, "ruff")["findings"] == 2
    assert measure(tmp_path / "w", "ruff")["commit"] == first
    assert one(tmp_path / "w", "ruff")["findings"] == 1
