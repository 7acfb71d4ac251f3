"""Other trackers beside coord: create, list, filter and search on stores of the same size.

Only those that are installed take part: task and fossil (Debian: taskwarrior, fossil), todo
(PyPI: todoman), papis (PyPI), backlog (npm: backlog.md). Each has its own store in the scratch folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from tests.bench import stores
from tests.bench.clock import COORD, PASS, against, environment, same

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Peer(NamedTuple):
    """How another tracker is filled, and what its commands are called."""

    program: str
    fill: Callable[[str, int], None]
    commands: Mapping[str, Sequence[str]]


def _task(root: str, count: int) -> None:
    with open(os.path.join(root, ".taskrc"), "w", encoding="utf-8") as file:
        file.write(f"data.location={root}/.task\nconfirmation=off\nverbose=nothing\n")
    lines = [
        f'{{"description":"memory leak n{n}","status":"pending","project":"repo-{n % 24}"}}'
        for n in range(count)
    ]
    words = ["task", f"rc:{root}/.taskrc", "import", "-"]
    subprocess.run(words, input="\n".join(lines).encode(), capture_output=True, check=True)


def _todo(root: str, count: int) -> None:
    os.makedirs(os.path.join(root, "cal", "work"))
    with open(os.path.join(root, "todo.py"), "w", encoding="utf-8") as file:
        file.write(
            f'path = "{root}/cal/*"\ncache_path = "{root}/cache.sqlite"\ndefault_list = "work"\n'
        )
    for n in range(count):
        with open(os.path.join(root, "cal", "work", f"{n}.ics"), "w", encoding="utf-8") as file:
            file.write(
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTODO\r\n"
                f"UID:{n}\r\nSUMMARY:memory leak n{n}\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
            )


def _fossil(root: str, count: int) -> None:
    os.environ["USER"] = os.environ.get("USER", "bench")
    subprocess.run(["fossil", "init", "x.fossil"], cwd=root, capture_output=True, check=True)
    for n in range(count):
        words = ["fossil", "ticket", "add", "-R", "x.fossil", "title", f"memory leak n{n}"]
        subprocess.run([*words, "status", "Open"], cwd=root, capture_output=True, check=True)


def _backlog(root: str, count: int) -> None:
    for words in (
        ["git", "init", "--quiet"],
        ["git", "config", "user.name", "Bench"],
        ["git", "config", "user.email", "bench@example.org"],
        ["backlog", "init", "bench", "--defaults", "--integration-mode", "none"],
        ["backlog", "config", "set", "remoteOperations", "false"],
    ):
        subprocess.run(words, cwd=root, capture_output=True, check=True, stdin=subprocess.DEVNULL)
    for n in range(1, count + 1):
        path = os.path.join(root, "backlog", "tasks", f"task-{n} - memory-leak-n{n}.md")
        with open(path, "w", encoding="utf-8") as file:
            file.write(
                f"---\nid: TASK-{n}\ntitle: memory leak n{n}\nstatus: To Do\nassignee: []\n"
                "created_date: '2026-01-01 10:00'\nlabels: []\ndependencies: []\n---\n"
            )


def _papis(root: str, count: int) -> None:
    for n in range(count):
        folder = os.path.join(root, "papers", str(n))
        os.makedirs(folder)
        with open(os.path.join(folder, "info.yaml"), "w", encoding="utf-8") as file:
            file.write(f"title: memory leak n{n}\nauthor: bench\nref: r{n}\n")


PEERS = (
    Peer(
        "backlog",
        _backlog,
        {
            "create": ["backlog", "task", "create", "new"],
            "list": ["backlog", "task", "list", "--plain"],
            "search": ["backlog", "search", "n77", "--plain"],
        },
    ),
    Peer(
        "papis",
        _papis,
        {
            "create": ["papis", "-l", "{folder}/papers", "add", "--batch", "--set", "title", "new"],
            "list": ["papis", "-l", "{folder}/papers", "list", "--all"],
            "search": ["papis", "-l", "{folder}/papers", "list", "--all", "title:n77"],
        },
    ),
    Peer(
        "task",
        _task,
        {
            "create": ["task", "rc:.taskrc", "add", "new"],
            "list": ["task", "rc:.taskrc", "limit:50", "list"],
            "filter": ["task", "rc:.taskrc", "project:repo-3", "limit:50", "list"],
            "search": ["task", "rc:.taskrc", "/n77/", "list"],
        },
    ),
    Peer(
        "todo",
        _todo,
        {
            "create": ["todo", "--config", "todo.py", "new", "-l", "work", "new"],
            "list": ["todo", "--config", "todo.py", "list"],
            "search": ["todo", "--config", "todo.py", "list", "--grep", "n77"],
        },
    ),
    Peer(
        "fossil",
        _fossil,
        {
            "create": ["fossil", "ticket", "add", "-R", "x.fossil", "title", "new"],
            "list": ["fossil", "ticket", "show", "-R", "x.fossil", "0"],
        },
    ),
)
OURS = {
    "create": [COORD, "issue", "create", "--title", "new"],
    "list": [COORD, "list"],
    "filter": [COORD, "list", "repo:repo-3"],
    "search": [COORD, "list", "n77"],
    "ready": [COORD, "ready"],
}


def compare(scratch: str) -> None:
    """Print a table of medians in milliseconds, with P beside them."""
    for count in (1_000, 10_000):
        root = os.path.join(scratch, f"peers{count}")
        stores.make(os.path.join(root, "coord"), count)
        _table("coord", OURS, os.path.join(root, "coord"), count)
        for peer in PEERS:
            if shutil.which(peer.program, path=environment().get("PATH")) is None:
                print(f"{count:>7,} {peer.program}: not installed")
                continue
            if peer.program == "fossil" and count > 1_000:
                continue  # one process a ticket is the only way in
            folder = os.path.join(root, peer.program)
            os.makedirs(folder)
            peer.fill(folder, count)
            _table(peer.program, peer.commands, folder, count)
        shutil.rmtree(root)


def _table(name: str, commands: Mapping[str, Sequence[str]], folder: str, count: int) -> None:
    shown = []
    for verb, template in commands.items():
        # papis finds nothing by a relative path
        words = [word.replace("{folder}", folder) for word in template]
        done = subprocess.run(
            words, cwd=folder, env=environment(), stdin=subprocess.DEVNULL, capture_output=True,
            check=False,
        )  # fmt: skip
        if done.returncode:
            shown.append(f"{verb} fails with {done.returncode}")
            continue
        found = against(same(words), same(PASS), folder, rounds=7)
        shown.append(f"{verb} {found.milliseconds:.0f} ms ({found.ratio:.1f} x P)")
    print(f"{count:>7,} {name:8} {'; '.join(shown)}", flush=True)
