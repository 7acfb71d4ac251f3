"""`coord search` and `coord similar`."""

from __future__ import annotations

from gitcoord.api import searching
from gitcoord.api.searching import Wanted
from gitcoord.cli import hits, options, surroundings
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.searching import Answer
    from gitcoord.cli.run import Run
    from gitcoord.model.query.nodes import Query

_KINDS = ("issue", "todo", "plan", "dependency", "repo", "commit", "attempt")
_DEFAULT = 10


def _search(run: Run) -> None:
    run.travel()
    wanted = _wanted(run, " ".join(run["text"]))
    _show(run, searching.search(run.workspace, wanted, surroundings.models(), run.note))


def _similar(run: Run) -> None:
    run.travel()
    wanted = _wanted(run, "")
    found = searching.similar(run.workspace, run["id"], wanted, surroundings.models(), run.note)
    _show(run, found)


def _wanted(run: Run, words: str) -> Wanted:
    since = None
    if run["since"]:
        from gitcoord.api import log  # only where a date is given

        since, _ = log.span(run.workspace, run["since"], None)
    kinds, repos = run["kind"], [_repo(run, name) for name in run["repo"]]
    return Wanted(
        words,
        query=_query(run, repos),
        records=not kinds or not {"commit", "attempt"}.issuperset(kinds),
        attempts=run["attempts"] or "attempt" in kinds,
        commits=run["commits"] or "commit" in kinds,
        repos=repos,
        since=since,
        mode=run["mode"] or "fused",
        limit=_DEFAULT if run["limit"] is None else int(run["limit"]),
    )


def _query(run: Run, repos: list[str]) -> Query | None:
    """Return the query that narrows the records, None where nothing does."""
    kinds = [kind for kind in run["kind"] if kind not in ("commit", "attempt")]
    told = {"kind": kinds, "repo": repos, "status": run["status"]}
    if not any(told.values()):
        return None
    from gitcoord.model.query import parse  # only where records are narrowed down
    from gitcoord.model.query.nodes import is_bare, quoted

    terms = [
        f"{field}:{','.join(word if is_bare(word) else quoted(word) for word in words)}"
        for field, words in told.items()
        if words
    ]
    archived = parse("archived:*", saved={}).where
    return parse(" ".join(terms), saved={}).with_terms(*([archived] if archived else []))


def _repo(run: Run, name: str) -> str:
    from gitcoord.api import read  # only where a repository is named

    return read.repo_named(run.workspace, name)


def _show(run: Run, answer: Answer) -> None:
    for told in answer.notes:
        run.note(told)
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(hit.as_dict()) for hit in answer.hits]))
    elif answer.hits:
        run.out(hits.lines(answer.hits))
    else:
        run.note("nothing was found.")
    if answer.more:
        run.note(f"the best {len(answer.hits)} are shown; --limit shows more.")


_SHARED = (
    Option("--kind", "KIND", "Only this kind; several mean any of them.", multiple=True, choices=_KINDS),
    options.REPO_FILTER,
    options.STATUS_FILTER,
    Option("--since", "DATE", "Only what changed from this day on, or no longer ago than (2w)."),
    Option("--commits", help="Commit messages of the repositories on this machine as well."),
    Option("--attempts", help="Attempts at fixes as well, one hit a message."),
    Option("--limit", "N", f"How many at most; 0 for 1,000 (default {_DEFAULT}).", short="-n",
           convert=options.count),
    Option("--mode", "MODE", "Rank by words, by meaning, or by both (the default).",
           choices=("fused", "lexical", "semantic")),
    options.AT,
)  # fmt: skip
_SHAPE = (
    "an array of {id or commit, kind, repo, repos, title, status, time, score, lexical, similarity,\n"
    "reasons}, the best first"
)

SEARCH = Command(
    _search,
    arguments=[Argument("TEXT", "What to look for, in any words.", multiple=True)],
    options=_SHARED,
    description=(
        "Ranks by the words that records (and what they said before) share with the text, and,\n"
        "where a model is installed (`coord model install`), by meaning. `coord list` finds exactly\n"
        "what holds a word; this finds what is about it."
    ),
    example='coord search "memory leak in sessions" --commits --since 1y',
    shape=_SHAPE,
)
SIMILAR = Command(
    _similar,
    arguments=[options.ID],
    options=_SHARED,
    description="Possible duplicates come first, then what is related.",
    example="coord similar ISSUE-001 --kind issue",
    shape=_SHAPE,
)
