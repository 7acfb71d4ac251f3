"""Search: one ranked list of records and commits, by words, by meaning, or by both."""

from __future__ import annotations

import time

from gitcoord.api import feedback, shelves
from gitcoord.errors import InvalidError, NotFoundError, UsageError
from gitcoord.search import corpus, fusing, lexical, ranking
from gitcoord.search.ranking import Question

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gitcoord.api.meaning import Meaning
    from gitcoord.api.shelves import Row, Shelf
    from gitcoord.api.workspace import Workspace
    from gitcoord.model.query.nodes import Query
    from gitcoord.search.ranking import Scored

    Tell = Callable[[str], object]


class Wanted:
    """What is looked for: `text`; which records (`query`) and whether commits and attempts are asked for.

    `since` (seconds) narrows both, `query` records and `repos` commits; `records` false
    leaves records out; `limit` 0 means all.
    """

    __slots__ = (
        "attempts",
        "commits",
        "limit",
        "mode",
        "query",
        "records",
        "repos",
        "since",
        "text",
    )

    def __init__(
        self, text: str, *, query: Query | None = None, records: bool = True, commits: bool = False,
        attempts: bool = False,
        repos: list[str] | None = None, since: int | None = None, mode: str = "fused", limit: int = 10,
    ) -> None:  # fmt: skip
        self.text = text
        self.query = query
        self.records = records
        self.commits = commits
        self.attempts = attempts
        self.repos = repos or []
        self.since = since
        self.mode = mode
        self.limit = limit


class Hit:
    """One record or commit that was found, with its score from 0 to 1 and the reasons for it."""

    __slots__ = ("key", "kind", "lexical", "reasons", "repos", "score", "similarity", "status",
                 "time", "title")  # fmt: skip

    def __init__(self, scored: Scored, row: Row) -> None:
        self.key, self.kind, self.repos, self.title, self.status, self.time = row
        self.score = scored.score
        self.lexical = scored.lexical
        self.similarity = scored.similarity
        self.reasons: list[str] = []

    def as_dict(self) -> dict[str, Any]:
        """Return the hit in its documented JSON shape."""
        return {
            "commit" if self.kind == "commit" else "id": self.key,
            "kind": self.kind,
            "repo": self.repos[0] if self.repos else None,
            "repos": self.repos,
            "title": self.title,
            "status": self.status,
            "time": _moment(self.time),
            "score": round(self.score, 4),
            "lexical": None if self.lexical is None else round(self.lexical, 4),
            "similarity": None if self.similarity is None else round(self.similarity, 4),
            "reasons": self.reasons,
        }


class Answer:
    """The hits, the best first, whether there are more, and what a person should know of them."""

    __slots__ = ("hits", "more", "notes")

    def __init__(self) -> None:
        self.hits: list[Hit] = []
        self.more = False
        self.notes: list[str] = []


def search(
    workspace: Workspace, wanted: Wanted, models: str, tell: Tell, *, remember: bool = True
) -> Answer:
    """Return what fits a text best; `models` is the user's folder of models.

    Without a model, or with one but no vectors yet, the words decide, and the answer says so.
    """
    _refuse_commits_of_the_past(workspace, wanted)
    if not wanted.text.strip():
        raise UsageError("There is nothing to search for.", hint='coord search "memory leak"')
    answer = Answer()
    understood = _understood(wanted.mode, models, answer)
    shelf_list = _shelves(workspace, wanted, answer, tell)
    vector = None
    if understood is not None:
        vector = understood.embedder.embed([wanted.text])[0]
        _prepare(workspace, understood, shelf_list, answer, wanted.mode)
    question = Question(wanted.text, vector, wanted.mode)
    named = _named(shelf_list, wanted.text)
    lifts = _lifts(workspace, wanted)
    _answer(answer, workspace, shelf_list, question, wanted.limit, named=named, lifts=lifts)
    if remember and workspace.at is None:  # what is opened now tells nothing of what was there
        feedback.searched(workspace, wanted.text, [(hit.key, hit.score) for hit in answer.hits])
    return answer


def similar(workspace: Workspace, id: str, wanted: Wanted, models: str, tell: Tell) -> Answer:
    """Return what is most like a record: possible duplicates first, then what is related."""
    _refuse_commits_of_the_past(workspace, wanted)
    answer = Answer()
    understood = _understood(wanted.mode, models, answer)
    shelf_list = _shelves(workspace, wanted, answer, tell)
    own = shelves.Records(workspace)
    n = own.number(id)
    row = None
    if n is not None:
        query = "SELECT title, tags, body FROM doc WHERE n = ?"
        row = own.connection.execute(query, (n,)).fetchone()
    if n is None or row is None:
        raise NotFoundError(f"There is no record {id!r}.", hint="`coord list --limit 0` shows all.")
    title, _, body = row
    vector = None
    if understood is not None:
        vector = understood.embedder.embed([corpus.said(title, body)])[0]
        _prepare(workspace, understood, shelf_list, answer, wanted.mode)
    question = Question(f"{title}\n{body}", vector, wanted.mode)
    _answer(answer, workspace, shelf_list, question, wanted.limit, but=n)
    return answer


def _refuse_commits_of_the_past(workspace: Workspace, wanted: Wanted) -> None:
    if workspace.at is not None and (wanted.commits or wanted.attempts):
        raise UsageError(
            "Only records can be searched as of a revision or a date.",
            hint="Leave out --at, or --commits and --attempts.",
        )


def _lifts(workspace: Workspace, wanted: Wanted) -> dict[str, float]:
    """Return what was opened after earlier searches says, from 0 to 1 by id."""
    if wanted.mode != "fused" or not feedback.has_openings(workspace):
        return {}
    return feedback.lifts(workspace, wanted.text)


def _understood(mode: str, models: str, answer: Answer) -> Meaning | None:
    if mode == "lexical":
        return None
    from gitcoord.api import meaning  # words alone need none of it

    found, why = meaning.opened(models, alone=True)
    if found is None and mode == "semantic":
        raise InvalidError(
            f"The meaning cannot be searched: {why.partition(':')[0]}.",
            hint=why.partition("; ")[2] or "pip install 'gitcoord[search]'",
        )
    if found is None:
        answer.notes.append(why)
    return found


def _shelves(workspace: Workspace, wanted: Wanted, answer: Answer, tell: Tell) -> list[Shelf]:
    found: list[Shelf] = (
        [shelves.Records(workspace, wanted.query, wanted.since)] if wanted.records else []
    )
    if wanted.commits:
        shelf, away = shelves.of_commits(workspace, wanted.repos, wanted.since, tell)
        found.append(shelf)
        if away:
            names = ", ".join(away[:5]) + (", …" if len(away) > 5 else "")
            answer.notes.append(f"not on this machine, so without their commits: {names}.")
    if wanted.attempts:
        from gitcoord.api import attempt_shelf  # few searches look through attempts

        found.append(attempt_shelf.of_attempts(workspace, wanted.repos, wanted.since))
    return found


def _prepare(
    workspace: Workspace, found: Meaning, listed: list[Shelf], answer: Answer, mode: str
) -> None:
    """Let shelves use their vectors; compute a few that are missing, and tell of the others."""
    for shelf in listed:
        shelf.understand(found, shelves.path_of(workspace, shelf))
        if shelf.vectors is None or not shelf.vectors.waiting():
            continue
        shelf.fill(found, shelves.AT_ONCE)
        missing = shelf.vectors.waiting()
        if missing:
            answer.notes.append(_without_vectors(shelf, missing, mode))


def _without_vectors(shelf: Shelf, missing: int, mode: str) -> str:
    (count,) = shelf.connection.execute("SELECT count(*) FROM doc").fetchone()
    option = "" if shelf.name == "records" else " --all"
    hint = f"; `coord embed{option}` computes what is missing." if shelf.keeps else "."
    lack = "has no vector" if missing == 1 else "have no vector"
    rank = "not found" if mode == "semantic" else "ranked by words alone"
    so = "so it is" if missing == 1 else "so they are"
    return f"{missing:,} of {count:,} {shelf.name} {lack} yet, {so} {rank}{hint}"


def _named(listed: list[Shelf], text: str) -> int | None:
    """Return the record whose id the text is."""
    word = text.strip()
    for shelf in listed:
        if isinstance(shelf, shelves.Records) and " " not in word:
            return shelf.number(word)
    return None


def _answer(
    answer: Answer, workspace: Workspace, listed: list[Shelf], question: Question, limit: int,
    *, named: int | None = None, but: int | None = None, lifts: dict[str, float] | None = None,
) -> None:  # fmt: skip
    most = limit or 1_000
    looked = [(shelf, shelf.look(question, most)) for shelf in listed]
    top = max([found.top for _, found in looked], default=0.0)
    now = workspace.now.timestamp()
    wide = max(most + 2, ranking.COMPARED if question.mode == "fused" else 0)
    candidates = [
        (shelf, scored)
        for shelf, found in looked
        for scored in ranking.score(found, question, top)[:wide]
        if not isinstance(shelf, shelves.Records) or scored.n != but
    ]
    ranking.closer([(shelf.connection, scored) for shelf, scored in candidates], question)
    hits: list[tuple[Shelf, Scored, Hit]] = []
    for shelf, scored in sorted(candidates, key=lambda one: -one[1].score)[: wide + 2]:
        row = shelf.row(scored.n)
        if row is None:
            continue
        hit = Hit(scored, row)
        exact = isinstance(shelf, shelves.Records) and scored.n == named
        hit.score = 1.0 if exact else fusing.aged(hit.score, hit.time, now)
        hit.reasons = ["its id"] if exact else []
        lift = (lifts or {}).get(hit.key, 0.0)
        if lift and not exact:
            hit.score *= feedback.raised_by(lift)
            hit.reasons.append("opened after such searches")
        hits.append((shelf, scored, hit))
    hits.sort(key=lambda one: (-one[2].score, one[2].key))
    for _, _, hit in hits:
        hit.score = min(hit.score, 1.0)
    answer.more = len(hits) > most
    _explain(hits[:most], question, now)
    answer.hits = [hit for _, _, hit in hits[:most]]


def _explain(hits: list[tuple[Shelf, Scored, Hit]], question: Question, now: float) -> None:
    """Say of each hit which words it and its files have, how near it is, and whether it is recent."""
    for shelf, scored, hit in hits:
        if scored.lexical is not None:
            words = lexical.matched(shelf.connection, question.terms, [scored.n])[scored.n]
            if words:
                hit.reasons.append(f"words: {', '.join(words)}")
        named = ranking.named(shelf.connection, scored.n, question)
        if named:
            hit.reasons.append(f"paths: {', '.join(named)}")
        if scored.similarity is not None and scored.similarity >= ranking.LEAST:
            hit.reasons.append(f"similarity {scored.similarity:.2f}")
        days = (now - hit.time) / 86400 if hit.time is not None else 1e9
        if days < 30:
            hit.reasons.append(
                "today" if days < 1 else f"{int(days)} {'day' if days < 2 else 'days'} ago"
            )


def _moment(seconds: int | None) -> str | None:
    if seconds is None:
        return None
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(seconds))
