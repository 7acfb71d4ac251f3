"""Search recall of coord and other trackers: of the records that should be found, how many are.

All trackers get the same records and the same questions, each in the words of its own
search. What should be found is decided by a plain substring test over title and text,
with case folded. Only trackers that are installed take part: task (Debian: taskwarrior),
todo (PyPI: todoman), papis (PyPI).
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from tests.bench import stores
from tests.bench.clock import COORD, environment

from gitcoord.codec.emit import dump
from gitcoord.model.kinds import ISSUE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

RECORDS = 400
_TITLES = (
    "Memory leak in the session pool", "Über-lange Zeilen im Größenfilter", "Café menu shows ÉCLAIR twice",
    "async_worker drops retries", "fix(parser): don't crash on C:\\temp", "Timeouts at 99.5 % load",
    "日本語のタイトルが切れる", "Deadlock between scheduler and queue",
)  # fmt: skip
_NEUTRAL = ("lorem", "ipsum", "dolor", "amet", "tempor", "magna", "aliqua", "veniam")
QUESTIONS = {
    "a word": "deadlock", "another case": "MEMORY", "middle of a word": "imeou", "beginning": "sched",
    "a phrase": "session pool", "umlauts in another case": "GRÖSSENFILTER".replace("SS", "ß"),
    "accent in another case": "éclair", "with underscore": "async_worker", "part of a name": "worker",
    "punctuation": "fix(parser)", "apostrophe": "don't", "backslash": "C:\\temp", "number": "99.5",
    "Japanese": "タイトル", "in the text": "needle",
}  # fmt: skip
"""What a person types, by what is hard about it."""


class Seeker(NamedTuple):
    """How a tracker is filled with records, and how it is asked; it answers with their numbers."""

    program: str
    fill: Callable[[str, Mapping[int, tuple[str, str]]], None]
    ask: Callable[[str, str], set[int]]


def records() -> dict[int, tuple[str, str]]:
    """Return the title and text of each record; one in ten has the needle in its text."""
    chance = random.Random(7)
    found = {}
    for number in range(RECORDS):
        words = " ".join(chance.choices(_NEUTRAL, k=12))
        text = f"{words}\nneedle in line two" if number % 10 == 0 else words
        found[number] = (f"{chance.choice(_TITLES)} n{number}", text)
    return found


def expected(all_records: Mapping[int, tuple[str, str]], question: str) -> set[int]:
    """Return the records whose title or text holds the question, whatever its case."""
    wanted = question.casefold()
    return {
        n for n, parts in all_records.items() if any(wanted in part.casefold() for part in parts)
    }


def compare(scratch: str) -> None:
    """Print recall and precision of every tracker that is installed, by question."""
    all_records = records()
    for seeker in SEEKERS:
        if shutil.which(seeker.program, path=environment().get("PATH")) is None:
            print(f"recall  {seeker.program}: not installed")
            continue
        folder = os.path.join(scratch, f"recall-{os.path.basename(seeker.program)}")
        seeker.fill(folder, all_records)
        missed, hits, found_all, wanted_all = [], 0, 0, 0
        for name, question in QUESTIONS.items():
            wanted, found = expected(all_records, question), seeker.ask(folder, question)
            hits, found_all = hits + len(wanted & found), found_all + len(found)
            wanted_all += len(wanted)
            if wanted - found:
                missed.append(f"{name} {len(wanted & found)}/{len(wanted)}")
        precision = f"{hits / found_all:.3f}" if found_all else "-"
        print(
            f"recall  {os.path.basename(seeker.program):6} {hits / wanted_all:.3f} precision {precision}"
            f"  missed: {', '.join(missed) or 'nothing'}",
            flush=True,
        )


def _run(words: list[str], folder: str) -> str:
    done = subprocess.run(
        words,
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return done.stdout.decode("utf-8", "replace")


def _numbers(text: str) -> set[int]:
    return {int(number) for number in re.findall(r"\bn(\d+)\b", text)}


def _fill_coord(folder: str, all_records: Mapping[int, tuple[str, str]]) -> None:
    stores.make(folder, 0)
    for number, (title, text) in all_records.items():
        data = {
            "id": f"ISSUE-{number:03d}",
            "title": title,
            "status": "pending",
            "description": text,
        }
        with open(f"{folder}/coord/issues/{data['id']}.yaml", "w", encoding="utf-8") as file:
            file.write(dump(data, ISSUE.fields))


def _ask_coord(folder: str, question: str) -> set[int]:
    quoted = '"' + question.replace("\\", "\\\\") + '"'
    return _numbers(_run([COORD, "list", "--limit", "0", quoted], folder))


def _fill_task(folder: str, all_records: Mapping[int, tuple[str, str]]) -> None:
    os.makedirs(folder)
    with open(f"{folder}/.taskrc", "w", encoding="utf-8") as file:
        file.write(f"data.location={folder}/.task\nconfirmation=off\nverbose=nothing\n")
    lines = [
        json.dumps({
            "description": title, "status": "pending",
            "annotations": [{"entry": "20260101T000000Z", "description": text}],
        }) for title, text in all_records.values()
    ]  # fmt: skip
    words = ["task", f"rc:{folder}/.taskrc", "import", "-"]
    subprocess.run(words, input="\n".join(lines).encode(), capture_output=True, check=True)


def _ask_task(folder: str, question: str) -> set[int]:
    # Its patterns are regular expressions between slashes; case is ignored as its manual says.
    words = [
        "task",
        "rc:.taskrc",
        "rc.search.case.sensitive=no",
        f"/{re.escape(question)}/",
        "export",
    ]
    return _numbers(_run(words, folder))


def _fill_todo(folder: str, all_records: Mapping[int, tuple[str, str]]) -> None:
    os.makedirs(f"{folder}/cal/work")
    with open(f"{folder}/todo.py", "w", encoding="utf-8") as file:
        file.write(
            f'path = "{folder}/cal/*"\ncache_path = "{folder}/c.sqlite"\ndefault_list = "work"\n'
        )
    for number, (title, text) in all_records.items():
        safe = [part.replace("\\", "\\\\").replace("\n", "\\n") for part in (title, text)]
        with open(f"{folder}/cal/work/{number}.ics", "w", encoding="utf-8", newline="") as file:
            file.write(
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTODO\r\n"
                f"UID:{number}\r\nSUMMARY:{safe[0]}\r\nDESCRIPTION:{safe[1]}\r\n"
                "END:VTODO\r\nEND:VCALENDAR\r\n"
            )


def _ask_todo(folder: str, question: str) -> set[int]:
    return _numbers(_run(["todo", "--config", "todo.py", "list", "--grep", question], folder))


def _fill_papis(folder: str, all_records: Mapping[int, tuple[str, str]]) -> None:
    for number, (title, text) in all_records.items():
        os.makedirs(f"{folder}/papers/{number}")
        data = {"title": title, "author": "bench", "ref": f"r{number}", "note": text}
        with open(f"{folder}/papers/{number}/info.yaml", "w", encoding="utf-8") as file:
            file.write(json.dumps(data, ensure_ascii=False))


def _ask_papis(folder: str, question: str) -> set[int]:
    if "'" in question or "\\" in question:  # elsewhere quotes make it find less
        question = f'"{question}"'.replace("\\", "\\\\")
    layout, papers = "{doc[title]}", f"{folder}/papers"  # it finds nothing by a relative path
    words = ["papis", "-l", papers, "list", "--all", "--format", layout, question]
    return _numbers(_run(words, folder))


SEEKERS = (
    Seeker(COORD, _fill_coord, _ask_coord),
    Seeker("task", _fill_task, _ask_task),
    Seeker("todo", _fill_todo, _ask_todo),
    Seeker("papis", _fill_papis, _ask_papis),
)
