"""What the README and the pages show, run word for word: the tour in a scratch folder, the rest in a demo hub.

Every ```console block of the README, and on the pages every ```console demo block, is run from
top to bottom, each line that starts with `$ ` on its own, all in one folder. What stands below a
command has to come out of it: spaces do not count, times, ids made from them and commits are
alike, and `...` or `…` stands for anything, in a line or as one.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"
PAGES = [page for page in sorted((README.parent / "docs").glob("*.md"))
         if "```console demo" in page.read_text(encoding="utf-8")]  # fmt: skip
_BLOCK = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
_DEMO = re.compile(r"^```console demo\n(.*?)^```", re.DOTALL | re.MULTILINE)
_PASSING = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?|\b\d{8}-[0-9a-f]{8}\b"
    r"|\b[0-9a-f]{7,40}\b|run-[0-9a-f]{10}|/\S*/\S+"
)


def steps(text: str, block: re.Pattern[str] = _BLOCK) -> list[tuple[str, list[str]]]:
    """Return the commands of all blocks, each with the lines that it is said to print."""
    found: list[tuple[str, list[str]]] = []
    for shown in block.findall(text):
        lines = iter(shown.splitlines())
        for line in lines:
            if line.startswith("$ "):
                command = line[2:]
                while command.endswith("\\"):
                    command = command[:-1] + next(lines).removeprefix(">").strip()
                found.append((command, []))
            else:
                assert found, f"{line!r} stands before the first command"
                found[-1][1].append(line)
    return found


def _same(line: str) -> str:
    return " ".join(_PASSING.sub("§", line).split())


def agrees(wanted: list[str], said: list[str]) -> bool:
    """Whether what was printed is what was shown, where `...` stands for anything."""
    pattern = ""
    for line in wanted:
        if line.strip() in ("...", "…"):
            pattern += r"(?:.*\n)*"
        else:
            pattern += ".*".join(map(re.escape, re.split(r"\.\.\.|…", _same(line)))) + r"\n"
    shown = "".join(_same(line) + "\n" for line in said)
    return re.fullmatch(pattern, shown) is not None


def test_the_readme_is_true(tmp_path: Path, path_with_coord: str) -> None:
    folder = tmp_path / "tour"
    folder.mkdir()

    follow(steps(README.read_text(encoding="utf-8")), folder, path_with_coord)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_what_a_page_shows_of_the_demo_is_true(
    page: Path, tmp_path: Path, path_with_coord: str
) -> None:
    folder = tmp_path / "demo"
    subprocess.run(
        ["coord", "init", "--demo", str(folder)], env={**os.environ, "PATH": path_with_coord},
        stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip

    follow(steps(page.read_text(encoding="utf-8"), _DEMO), folder, path_with_coord)


def follow(todo: list[tuple[str, list[str]]], folder: Path, path: str) -> None:
    """Run commands one after the other, and hold what they print against what is shown."""
    assert todo, "there is no console block with a line that starts with `$ `"
    note = folder.parent / "where"
    note.write_text(str(folder))

    for command, wanted in todo:
        done = subprocess.run(
            ["bash", "-c", f'cd "$(cat "$1")" && {{ {command}\n}}; code=$?; pwd >"$1"; exit $code',
             "bash", str(note)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "PATH": path}, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode in (0, 1), f"$ {command}\n{done.stdout}"
        said = [line for line in done.stdout.splitlines() if line.strip()]
        shown = [line for line in wanted if line.strip()]
        if shown:
            assert agrees(shown, said), f"$ {command}\n{done.stdout}"


@pytest.mark.parametrize(("wanted", "said", "same"), [
    (["a  b"], ["a b"], True), (["a"], ["b"], False), (["..."], ["a", "b"], True),
    (["a", "...", "z"], ["a", "b", "z"], True), (["a ... z"], ["a b c z"], True),
    (["on 2026-01-02"], ["on 2027-03-04"], True), (["a"], ["a", "b"], False), (["a.c"], ["abc"], False),
])  # fmt: skip
def test_output_is_compared_loosely(wanted: list[str], said: list[str], same: bool) -> None:
    assert agrees(wanted, said) is same


def test_steps_are_read_with_what_they_print() -> None:
    text = "x\n```console\n$ coord a \\\n> b\nout\n\n$ c\n```\n```sh\n$ no\n```\n"

    assert steps(text) == [("coord a b", ["out", ""]), ("c", [])]
