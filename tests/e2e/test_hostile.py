"""A store that somebody filled with everything that could hurt: the rest goes on."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from typing import TYPE_CHECKING

import pytest
from tests import terminal

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

_HEAD = b"id: ISSUE-066\ntitle: x\nstatus: pending\n"
_BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (n, n, b",".join([b"*%c" % (n - 1)] * 9)) for n in b"bcdefghi"
)
UNREADABLE = {
    "duplicate key": _HEAD + b"title: y\n",
    "exploding aliases": _HEAD
    + b"metadata:\n"
    + _BOMB.replace(b"\n", b"\n  ").join([b"  ", b"z: 1\n"]),
    "deep flow": _HEAD + b"metadata: " + b"[" * 10_000 + b"]" * 10_000 + b"\n",
    "deep braces": _HEAD + b"metadata: " + b"{a: " * 10_000 + b"\n",
    "deep block": _HEAD + b"metadata:\n" + b"".join(b" " * (n + 1) + b"a:\n" for n in range(1200)),
    "NUL": _HEAD + b"description: a\0b\n",
    "control characters": _HEAD + b"description: a\x07\x1bb\n",
    "invalid UTF-8": _HEAD + b"description: \xff\xfe\n",
    "UTF-16": _HEAD.decode().encode("utf-16"),
    "tabs": _HEAD + b"metadata:\n\ta: 1\n",
    "a tag": _HEAD + b"metadata: !!python/object/apply:os.system [id]\n",
    "a private tag": _HEAD + b"metadata: !secret x\n",
    "a merge key": _HEAD + b"metadata: {<<: {a: 1}}\n",
    "two documents": _HEAD + b"---\nid: x\n",
    "a list": b"- a\n- b\n",
    "a word": b"hello\n",
    "not closed": _HEAD + b'description: "abc\n',
}
WRONG = {
    "norwegian status": b"id: ISSUE-066\ntitle: x\nstatus: no\n",
    "sexagesimal": _HEAD + b"target: 12:30\n",
    "underscored number": _HEAD + b"target: 1_000\n",
    "no such day": _HEAD + b"target: 2026-02-30\n",
    "created is no time": _HEAD + b"created: yesterday\n",
    "a mapping for a title": b"id: ISSUE-066\ntitle: {a: 1}\nstatus: pending\n",
    "a list for a status": b"id: ISSUE-066\ntitle: x\nstatus: [pending]\n",
    "a text for labels": _HEAD + b"labels: {a: b}\n",
    "unknown key": _HEAD + b"labls: [a]\n",
    "an id that is a path": b"id: ../../x\ntitle: x\nstatus: pending\n",
    "another file's id": b"id: ISSUE-001\ntitle: x\nstatus: pending\n",
    "no title": b"id: ISSUE-066\nstatus: pending\n",
    "a link to nothing": _HEAD + b"dependencies: [ISSUE-999]\n",
    "a link that is a path": _HEAD + b"dependencies: [../../x]\n",
    "a link to itself": _HEAD + b"dependencies: [ISSUE-066]\n",
    "empty": b"",
    "only a comment": b"# nothing\n",
}
FINE = {
    "BOM": b"\xef\xbb\xbf" + _HEAD,
    "CRLF": _HEAD.replace(b"\n", b"\r\n"),
    "no line end": _HEAD.rstrip(),
}


def _rest_goes_on(hub: Hub) -> None:
    assert {"ISSUE-001", "ISSUE-002"} <= set(hub.ids("issue", "list"))
    assert "ISSUE-001" in hub.ids("ready")
    assert "ISSUE-002" in hub.ids("blocked")
    assert hub("show", "ISSUE-001").code == 0
    assert hub("status").code == 0
    assert hub("graph").code == 0
    assert hub("__complete", "show", "I").code == 0


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_hides_nothing_else(hub: Hub, name: str) -> None:
    hub.write("issues/ISSUE-066.yaml", UNREADABLE[name])

    _rest_goes_on(hub)
    listed = hub("issue", "list", "--json")
    assert len(listed.err.splitlines()) == 1
    assert "`coord check`" in listed.err
    findings = hub("check", "--json")
    assert findings.code == 1
    for one in findings.json:
        assert one["path"] == "coord/issues/ISSUE-066.yaml"
        assert one["line"] >= 1
        assert one["column"] >= 1
        assert one["message"]
    assert "coord/issues/ISSUE-066.yaml:" in hub("check").out


@pytest.mark.parametrize("name", WRONG)
def test_a_record_that_is_wrong_is_reported_with_its_place(hub: Hub, name: str) -> None:
    hub.write("issues/ISSUE-066.yaml", WRONG[name])

    _rest_goes_on(hub)
    findings = hub("check", "--json").json
    assert findings
    assert all(one["path"] == "coord/issues/ISSUE-066.yaml" for one in findings)
    assert all(one["line"] >= 1 and one["column"] >= 1 for one in findings)
    assert all(one["message"] and one["hint"] for one in findings)


@pytest.mark.parametrize("name", FINE)
def test_a_file_of_another_editor_is_fine(hub: Hub, name: str) -> None:
    file = hub.write("issues/ISSUE-066.yaml", FINE[name])

    assert hub("check").code == 0
    hub.ok("issue", "update", "ISSUE-066", "--title", "new")
    after = file.read_bytes()
    assert after == FINE[name].replace(b"title: x", b"title: new")


@pytest.mark.parametrize("id", ["../../x", "/etc/passwd", "ISSUE-001/../ISSUE-002", "..", ".", "-",
                                "issues/ISSUE-001", "ISSUE-001.yaml", "a" * 5000, "", " ", "\x1b[2J"])  # fmt: skip
@pytest.mark.parametrize("words", [["show", "{}"], ["issue", "update", "{}", "--title", "x"],
                                   ["comment", "{}", "x"], ["delete", "{}", "--yes"],
                                   ["archive", "{}"], ["issue", "close", "{}"]])  # fmt: skip
def test_an_id_is_never_a_path(hub: Hub, words: list[str], id: str) -> None:
    answer = hub(*[word.replace("{}", id) for word in words])

    assert answer.code in (2, 4, 6)
    assert answer.out == ""
    assert "\x1b" not in answer.err
    assert hub.git("status", "--short") == ""


@pytest.mark.parametrize("name", ["../x", "a/b", ".", "..", ".git", "-x", "a b", "a\nb", "x" * 101])
def test_a_repository_name_is_never_a_path(hub: Hub, name: str) -> None:
    answer = hub("repo", "create", "--", name)

    assert answer.code in (2, 6)
    assert hub.git("status", "--short") == ""


@pytest.mark.parametrize("name", [b"a b.yaml", "😀.yaml".encode(), b"a\nb.yaml", b"\x1b[31m.yaml",
                                  b"\xff.yaml", b"$(id).yaml", b"ISSUE 001.yaml"])  # fmt: skip
def test_a_strange_file_name_is_shown_inert(hub: Hub, name: bytes) -> None:
    (hub.root / "coord/issues" / os.fsdecode(name)).write_bytes(_HEAD)

    _rest_goes_on(hub)
    plain = hub("check")
    assert "\x1b" not in plain.out
    assert hub("check").code == 1
    assert "bad-file-name" in {one["code"] for one in hub("check", "--json").json}
    done = hub.process("check", "--json")
    assert b"Traceback" not in done.stderr


def test_links_out_of_the_store_are_not_followed(hub: Hub) -> None:
    secret = hub.root.parent / "secret.yaml"
    secret.write_bytes(_HEAD.replace(b"title: x", b"title: geheim"))
    (hub.root / "coord/issues/ISSUE-066.yaml").symlink_to(secret)
    (hub.root / "coord/issues/ISSUE-067.yaml").mkdir()
    os.mkfifo(hub.root / "coord/issues/ISSUE-068.yaml")

    _rest_goes_on(hub)
    assert "geheim" not in hub("issue", "list").out
    assert hub("show", "ISSUE-066").code == 4
    assert hub("issue", "update", "ISSUE-066", "--title", "x").code in (4, 6)
    assert b"geheim" in secret.read_bytes()
    assert {one["path"][-14:] for one in hub("check", "--json").json} == {
        "ISSUE-066.yaml", "ISSUE-067.yaml", "ISSUE-068.yaml",
    }  # fmt: skip


def test_a_linked_folder_is_not_followed(hub: Hub) -> None:
    outside = hub.root.parent / "outside"
    outside.mkdir()
    (outside / "TODO-001.yaml").write_text("id: TODO-001\ntask: geheim\nrepo: oneiric\n")
    todos = hub.root / "coord/todos"
    for file in todos.iterdir():
        file.unlink()
    todos.rmdir()
    todos.symlink_to(outside)

    _rest_goes_on(hub)
    assert "geheim" not in hub("list").out
    assert hub("todo", "create", "--task", "x", "--repo", "oneiric").code != 0
    assert [file.name for file in outside.iterdir()] == ["TODO-001.yaml"]


EVIL = "\x1b[31mred\x1b]0;owned\x07 [bold red]x[/bold red] \u202egnp \x9b2J"


def test_escapes_and_markup_are_shown_inert_everywhere(hub: Hub) -> None:
    quoted = EVIL.replace("\x1b", "\\e").replace("\x07", "\\a").replace("\x9b", "\\x9b")
    quoted = quoted.replace("\u202e", "\\u202e")
    hub.write(
        "issues/ISSUE-066.yaml",
        f'id: ISSUE-066\ntitle: "{quoted}"\nstatus: pending\nassignee: "{quoted}"\n'
        f'labels: ["{quoted}"]\nrepos: ["{quoted}"]\ndependencies: [ISSUE-001]\n'
        f'description: "{quoted}"\nmetadata: {{"{quoted}": "{quoted}"}}\n'
        f'comments:\n- {{id: a, author: "{quoted}", created: 2026-01-01T00:00:00Z, text: "{quoted}"}}\n',
    )
    hub.ok("query", "save", "all", "kind:issue")

    for words in (
        ["list"], ["issue", "list", "--limit", "0"], ["show", "ISSUE-066"], ["show", "ISSUE-001"],
        ["blocked"], ["ready"], ["status"], ["status", "oneiric"], ["graph"], ["check"],
        ["graph", "--format", "dot"], ["graph", "--format", "mermaid"], ["list", "group:label"],
        ["list", "group:assignee"], ["list", "group:repo"], ["bulk", "kind:issue", "--priority", "low"],
        ["issue", "update", "ISSUE-066", "--priority", "low"], ["undo", "--dry-run"], ["list", EVIL],
        ["show", EVIL], ["status", EVIL], ["blocking", EVIL], [EVIL], ["list", "--status", EVIL],
        ["__complete", "show", "I"], ["__complete", "issue", "list", "--label", ""],
        ["list", "--at", EVIL], ["check", EVIL], ["import", "ecosystem", EVIL], ["plan", "validate"],
    ):  # fmt: skip
        answer = hub(*words)
        for stream in (answer.out, answer.err):
            assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(stream), words
    assert "[bold red]x[/bold red]" in hub("list").out
    assert hub.json("show", "ISSUE-066")["title"] == EVIL


def test_a_commit_message_is_inert(hub: Hub) -> None:
    hub.ok("issue", "create", "--title", "a\nb")
    if hub("issue", "create", "--title", EVIL, "--label", EVIL).code == 0:
        hub.ok("issue", "update", "ISSUE-004", "--add-label", EVIL + "\nx")

    raw = hub.git("log", "--format=%B", "-3")
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(raw)
    assert len(hub.git("log", "-1", "--format=%s").splitlines()) == 1


def test_fifty_megabytes_are_not_read_into_memory(hub: Hub) -> None:
    with (hub.root / "coord/issues/ISSUE-066.yaml").open("wb") as file:
        file.write(_HEAD + b"description: |\n")
        for _ in range(50):
            file.write(b"  " + b"x" * ((1 << 20) - 3) + b"\n")
    watch = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=False);"
        " print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)"
    )

    for words in (["issue", "list"], ["check"], ["doctor"], ["check", "--staged"]):
        done = subprocess.run(
            [sys.executable, "-c", watch, *hub.program, *words],
            cwd=hub.root, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert int(done.stderr.splitlines()[-1]) < 60_000, words
    _rest_goes_on(hub)
    (finding,) = hub("check", "--json").json
    assert (finding["code"], finding["line"]) == ("too-large", 1)


def _loop(hub: Hub) -> None:
    hub.write("issues/ISSUE-066.yaml", _HEAD + b"dependencies: [TODO-066]\n")
    hub.write(
        "todos/TODO-066.yaml",
        "id: TODO-066\ntask: x\nrepo: oneiric\nstatus: pending\nblocked_by: [PLAN-066]\n",
    )
    hub.write(
        "plans/PLAN-066.yaml", "id: PLAN-066\ntitle: x\nstatus: active\ndependencies: [ISSUE-066]\n"
    )


def test_a_loop_over_kinds_is_written_out(hub: Hub) -> None:
    _loop(hub)

    _rest_goes_on(hub)
    assert {"ISSUE-066", "TODO-066", "PLAN-066"} <= set(hub.ids("blocked"))
    (finding,) = hub("check", "--json").json
    assert finding["code"] == "cycle"
    assert "ISSUE-066 → TODO-066 → PLAN-066 → ISSUE-066" in finding["message"]
    assert (finding["path"], finding["line"]) == ("coord/issues/ISSUE-066.yaml", 4)
    assert hub.ids("list", "is:cyclic") == ["ISSUE-066", "TODO-066", "PLAN-066"]


def test_a_loop_stays_known_when_one_of_it_is_edited(hub: Hub) -> None:
    _loop(hub)
    assert hub("check").code == 1

    file = hub.write("issues/ISSUE-066.yaml", _HEAD + b"dependencies: [TODO-066]\nseverity: bug\n")
    os.utime(file, ns=(1, 1))
    assert [one["code"] for one in hub("check", "--json").json] == ["cycle"]

    hub.write("issues/ISSUE-066.yaml", _HEAD)
    assert hub("check").code == 0
    assert hub.ids("list", "is:cyclic") == []


def test_the_tool_refuses_to_close_a_loop(hub: Hub) -> None:
    answer = hub("issue", "update", "ISSUE-001", "--add-blocker", "ISSUE-002", "--json")

    assert answer.code == 6
    assert "ISSUE-001" in answer.error["message"]


def test_two_records_of_one_id_are_reported(hub: Hub) -> None:
    hub.write("archive/issues/ISSUE-001.yaml", "id: ISSUE-001\ntitle: old\nstatus: closed\n")
    hub.write("issues/issue-002.yaml", "id: issue-002\ntitle: small\nstatus: pending\n")

    _rest_goes_on(hub)
    codes = [(one["code"], one["path"]) for one in hub("check", "--json").json]
    assert [code for code, _ in codes] == ["duplicate-id", "duplicate-id"]
    assert hub.json("show", "ISSUE-001")["title"] == "Sessions leak"
    assert hub.json("show", "ISSUE-002")["title"] == "Move to 1.0"


def test_an_empty_repository_answers_with_nothing(empty_hub: Hub) -> None:
    for words in (["list"], ["issue", "list"], ["ready"], ["blocked"], ["check"], ["plan", "validate"],
                  ["dep", "check"], ["role", "list"], ["template", "list"]):  # fmt: skip
        assert empty_hub.json(*words) == [], words
    assert empty_hub.ok("list") == ""
    assert empty_hub.json("status")["repos"] == []


def test_a_hub_before_its_first_commit_works(tmp_path: object, hub: Hub) -> None:
    root = hub.root.parent / "bare-new"
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    hub.ok("init", str(root), "--no-commit")

    where = ["--hub", str(root)]
    assert hub.ids("list", *where) == []
    assert hub("undo", *where).code == 4
    assert hub("list", "--at", "HEAD", *where).code == 3
    assert hub.json("issue", "create", "--title", "x", *where)["id"] == "ISSUE-001"


def _many(hub: Hub) -> None:
    for number in range(100, 700):
        hub.write(
            f"issues/ISSUE-{number}.yaml",
            f"id: ISSUE-{number}\ntitle: {'long ' * 40}\nstatus: pending\n",
        )


@pytest.mark.parametrize("words", [["list", "--limit", "0"], ["list", "--limit", "0", "--json"]])
def test_a_broken_pipe_is_silent(hub: Hub, words: list[str]) -> None:
    _many(hub)
    with subprocess.Popen(
        [*hub.program, *words], cwd=hub.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        said = running.stderr.read()
        running.wait(30)

    assert said == b""
    assert running.returncode == 0


def test_a_full_disk_is_said_in_one_line(hub: Hub) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*hub.program, "list"], cwd=hub.root, stdout=full, stderr=subprocess.PIPE, check=False
        )

    assert done.returncode == 3
    assert done.stderr.startswith(b"coord: ")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_harm_nothing(hub: Hub, closed: str) -> None:
    script = f'"$@" {closed}'
    for words in (
        ["list"],
        ["issue", "create", "--title", "x"],
        ["show", "NOPE-1"],
        ["delete", "ISSUE-002"],
    ):
        done = subprocess.run(
            ["sh", "-c", script, "sh", *hub.program, *words], cwd=hub.root, capture_output=True, check=False
        )  # fmt: skip
        assert done.returncode == {"show": 4, "delete": 1}.get(words[0], 0), done
        assert b"Traceback" not in done.stderr
    assert hub.ids("issue", "list") == ["ISSUE-001", "ISSUE-002", "ISSUE-003"]
    assert hub("check").code == 0


def test_words_that_are_not_utf8_are_refused(hub: Hub) -> None:
    for words in (["show"], ["status"], ["graph"], ["issue", "create", "--title"], ["list"]):
        done = subprocess.run(
            [*hub.program, *words, b"a\xff"], cwd=hub.root, capture_output=True, check=False
        )
        assert done.returncode in (2, 4, 6), (words, done)
        assert done.stderr.startswith(b"coord: ")
        assert b"Traceback" not in done.stderr


def test_output_is_utf8_whatever_the_locale_says(hub: Hub) -> None:
    hub.ok("issue", "create", "--title", "Käse 😀")
    done = subprocess.run(
        [*hub.program, "show", "ISSUE-003"], cwd=hub.root, capture_output=True, check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip

    assert "Käse 😀" in done.stdout.decode()


def test_a_narrow_terminal_gets_lines_that_fit(hub: Hub) -> None:
    hub.ok("issue", "create", "--title", "A very long title that does not fit at all 漢字漢字漢字")
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    with subprocess.Popen(
        [*hub.program, "issue", "list"], cwd=hub.root, stdout=theirs, stdin=theirs, stderr=theirs
    ) as running:
        os.close(theirs)
        said = terminal.read_all(ours)
    os.close(ours)

    lines = said.replace("\r\n", "\n").splitlines()
    assert running.returncode == 0
    begun = [line.split()[0] for line in lines if line.lstrip() == line]
    assert begun == ["ISSUE-001", "ISSUE-002", "ISSUE-003"]
    assert "漢字漢字漢字" in said, "the title is the very thing that a row is read for"
    from gitcoord.cli.text import width

    assert max(map(width, lines)) <= 40, lines
