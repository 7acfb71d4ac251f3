"""Questions with known answers, made from records and from the commits of repositories.

Nobody wrote the questions for this purpose: each is a text that people wrote elsewhere about
the document that has to be found.
"""

from __future__ import annotations

import os
import random
import subprocess
from typing import TYPE_CHECKING, NamedTuple

import yaml

from gitcoord.search import commits as told

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENTS, FEWEST = 450, 20
_QUESTIONS = 80
_NOT_ITS_OWN = ("signed-off-by:", "co-authored-by:", "closes", "fixes", "refs")


class Question(NamedTuple):
    """A text, the documents that answer it, and the one it was taken from, which does not count."""

    text: str
    answers: list[int]
    own: int = -1


class Set(NamedTuple):
    """Documents (title and body), questions about them, and what files each document touches."""

    name: str
    documents: list[tuple[str, str]]
    questions: list[Question]
    paths: list[str] | None = None


class Commit(NamedTuple):
    """One commit with the files that it touched."""

    parents: list[str]
    id: str
    subject: str
    body: str
    files: frozenset[str]


def of_records(name: str, root: str) -> Iterator[Set]:
    """Yield the sets of a hub: a title has to find its record, which is stripped of it."""
    documents, questions = [], []
    for folder in ("issues", "todos", "plans"):
        place = os.path.join(root, "coord", folder)
        for file in sorted(os.listdir(place)):
            if not file.endswith(".yaml"):
                continue
            with open(os.path.join(place, file), encoding="utf-8") as text:
                data = yaml.safe_load(text)
            said = [str(data.get("description") or "")]
            said += [comment["text"] for comment in data.get("comments") or ()]
            said += [str(one) for one in data.get("acceptance_criteria") or ()]
            documents.append(("", "\n".join(said)))
            if len(" ".join(said)) > 40:
                title = data.get("title") or data["task"]
                questions.append(Question(title, [len(documents) - 1]))
    yield from chosen(f"{name}: title to its record", documents, questions)


def of_repository(name: str, root: str) -> Iterator[Set]:
    """Yield the sets of a repository's commits."""
    commits = _commits(root)
    plain = [one for one in commits if len(one.parents) < 2][:DOCUMENTS]
    paths = ["\n".join(sorted(one.files)[: told.PATHS]) for one in plain]
    for one in _of_commits(name, root, commits, plain):
        yield one._replace(paths=paths)


def _of_commits(name: str, root: str, commits: list[Commit], plain: list[Commit]) -> Iterator[Set]:
    bodies = [
        Question(body, [number]) for number, one in enumerate(plain) if (body := _prose(one.body))
    ]
    yield from chosen(
        f"{name}: message body to its subject", [(one.subject, "") for one in plain], bodies
    )
    documents = [(one.subject, one.body[:400]) for one in plain]
    yield from chosen(
        f"{name}: subject to commits of the same files", documents, _same_files(plain)
    )
    yield from chosen(
        f"{name}: pull request to its commits", documents, _pulls(root, commits, plain)
    )


def chosen(
    name: str, documents: list[tuple[str, str]], questions: list[Question], most: int = _QUESTIONS
) -> Iterator[Set]:
    """Yield a set of some of the questions, or none where there are too few."""
    random.Random(7).shuffle(questions)
    if len(questions) >= FEWEST:
        yield Set(name, documents, questions[:most])


def _prose(body: str) -> str:
    lines = [line for line in body.split("\n") if not line.lower().startswith(_NOT_ITS_OWN)]
    text = " ".join(lines).strip()
    return text[:300] if len(text) > 60 else ""


def _same_files(plain: list[Commit]) -> list[Question]:
    found = []
    for number, one in enumerate(plain):
        if not 1 <= len(one.files) <= 6 or len(one.subject) <= 15:
            continue
        answers = [
            other
            for other, two in enumerate(plain)
            if other != number and len(one.files & two.files) * 3 >= len(one.files | two.files) * 2
        ]
        if 1 <= len(answers) <= 12:
            found.append(Question(one.subject, answers, number))
    return found


def _pulls(root: str, commits: list[Commit], plain: list[Commit]) -> list[Question]:
    number = {one.id: place for place, one in enumerate(plain)}
    found = []
    for one in commits:
        if (
            len(one.parents) != 2
            or not one.subject.startswith("Merge pull request")
            or not one.body
        ):
            continue
        span = [one.parents[1], f"^{one.parents[0]}"]
        brought = _git(root, "rev-list", "--no-merges", *span).split()
        answers = [number[id] for id in brought if id in number]
        if 1 <= len(answers) <= 8:
            found.append(Question(one.body.split("\n")[0], answers))
    return found


def _commits(root: str) -> list[Commit]:
    form = "--format=%x01%H%x02%P%x02%s%x02%b%x03"
    out = _git(root, "log", "-z", "--raw", "--no-renames", "--max-count=2000", form)
    found = []
    for part in out.split("\x01")[1:]:
        head, _, raw = part.partition("\x03")
        id, parents, subject, body = head.split("\x02", 3)
        words = [word for word in raw.split("\0") if word.strip()]
        files = frozenset(word for word in words if not word.lstrip("\n").startswith(":"))
        found.append(Commit(parents.split(), id, subject, body.strip(), files))
    return found


def _git(root: str, *words: str) -> str:
    done = subprocess.run(["git", "-C", root, *words], capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


def file_at_head(root: str, path: str) -> str:
    """Return what a file says at HEAD; nothing where there is none."""
    done = subprocess.run(["git", "-C", root, "show", f"HEAD:{path}"], capture_output=True)
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def files_at_head(root: str, folder: str) -> list[str]:
    """Return the paths of the files of a folder at HEAD."""
    return [
        path
        for path in _git(root, "ls-tree", "-rz", "--name-only", "HEAD", folder).split("\0")
        if path
    ]
