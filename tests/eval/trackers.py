"""Questions from the stores of other trackers: beads (JSON lines) and Backlog.md (Markdown).

A title has to find its record, which is stripped of it; a record that people closed as a
duplicate, or linked as related, has to find the other one.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from tests.eval import sets
from tests.eval.sets import Question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.eval.sets import Set

_STORES = (".beads/issues.jsonl", ".beads/beads.jsonl", ".beads/backup/issues.jsonl")
_TEXTS = ("description", "design", "acceptance_criteria", "notes")
_SAME = re.compile(r"(?i)\b(?:duplicates?|dup)\b(?: of|:)?\s+([\w.]+-[\w.-]*\w)")
_ALIKE = ("related", "duplicates", "duplicate-of", "discovered-from")
_LEAST_TEXT = 60
_MOST, _QUESTIONS = 200, 60
_TEXT, _ASKED = 500, 400
"""How many characters of a text are kept, and of a question."""


class Tracked(NamedTuple):
    """One record of another tracker; `alike` are the ids that people say it goes with."""

    id: str
    title: str
    body: str
    alike: frozenset[str]


def of_tracker(name: str, root: str) -> Iterator[Set]:
    """Yield the sets of the tracker whose store a repository holds, if there is one."""
    found = (_beads(root) or _backlog(root))[:_MOST]
    documents = [("", one.body[:_TEXT]) for one in found]
    questions = [
        Question(one.title, [n]) for n, one in enumerate(found) if len(one.body) > _LEAST_TEXT
    ]
    yield from sets.chosen(f"{name}: title to its record", documents, questions, _QUESTIONS)
    documents = [(one.title, one.body[:_TEXT]) for one in found]
    yield from sets.chosen(
        f"{name}: record to those linked with it", documents, _linked(found), _QUESTIONS
    )


def _linked(found: list[Tracked]) -> list[Question]:
    number = {one.id: n for n, one in enumerate(found)}
    both: dict[int, set[int]] = {}
    for n, one in enumerate(found):
        for other in {number[id] for id in one.alike if id in number} - {n}:
            both.setdefault(n, set()).add(other)
            both.setdefault(other, set()).add(n)
    return [
        Question(f"{found[n].title}\n{found[n].body}"[:_ASKED], sorted(answers), n)
        for n, answers in sorted(both.items())
        if len(answers) <= 8
    ]


def _beads(root: str) -> list[Tracked]:
    for path in _STORES:
        rows = [_object(line) for line in sets.file_at_head(root, path).split("\n")]
        found = [_bead(row) for row in rows if row and row.get("title") and row.get("id")]
        if len(found) >= sets.FEWEST:
            return found
    return []


def _object(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:  # a blank line, or the marks of a merge
        return {}
    return found if isinstance(found, dict) else {}


def _bead(row: dict[str, Any]) -> Tracked:
    body = "\n".join(str(row[field]) for field in _TEXTS if row.get(field))
    links = {
        str(one.get("depends_on_id"))
        for one in row.get("dependencies") or ()
        if one.get("type") in _ALIKE
    }
    told = f"{row.get('close_reason') or ''} {row.get('notes') or ''}"
    links |= {id.rstrip(".") for id in _SAME.findall(told)}
    return Tracked(str(row["id"]), str(row["title"]), body, frozenset(links))


def _backlog(root: str) -> list[Tracked]:
    paths = [path for path in sets.files_at_head(root, "backlog/") if path.endswith(".md")]
    found = []
    for path in paths if len(paths) >= sets.FEWEST else ():
        _, _, rest = sets.file_at_head(root, path).partition("---\n")
        head, _, body = rest.partition("\n---")
        try:
            told = yaml.safe_load(head)
        except yaml.YAMLError:
            continue
        if isinstance(told, dict) and told.get("id") and told.get("title"):
            text = re.sub(r"<!--.*?-->|^#+.*$|- \[.\] (#\d+ )?", "", body, flags=re.M).strip()
            found.append(Tracked(str(told["id"]), str(told["title"]), text[:2000], frozenset()))
            if len(found) == _MOST:
                break
    return found
