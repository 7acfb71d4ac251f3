"""Remember what a search showed and what was opened of it, and say what that teaches.

Both stay in the git directory of this clone. Only where coord.yaml says `learning.feedback:
journal` does an opening go to the journal as well, with secrets in the query masked. Who
only shows a record pays one look at a file's time.
"""

from __future__ import annotations

import os

from gitcoord.errors import CoordError
from gitcoord.memory import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.memory.clicks import Ranking, Search

_SOON = 1800.0
"""Seconds after which opening a record has nothing to do with a search any more."""
_MOST_HITS = 50
_LONGEST = 1_000


def searched(workspace: Workspace, query: str, hits: Sequence[tuple[str, float]]) -> str | None:
    """Remember what a search showed, ids with scores, the best first; return its name."""
    search = f"search-{os.urandom(5).hex()}"
    event = {
        "search": search, "time": workspace.now.timestamp(),
        "query": query[:_LONGEST],
        "hits": [[id, score] for id, score in hits[:_MOST_HITS]],
    }  # fmt: skip
    return search if shown.append(workspace.repo, shown.SEARCHED, event) else None


def has_openings(workspace: Workspace) -> bool:
    """Whether anything was ever opened after a search made here."""
    return shown.holds(workspace.repo, shown.SEARCHED, b'"opened": ')


def opened(
    workspace: Workspace, id: str, *, search: str | None = None, share: bool = True
) -> bool:  # fmt: skip
    """Remember that a hit was opened; False where it was none of a search just made.

    `search` names the search where a face knows it; else the latest that showed the hit counts.
    Without `share` it stays in this clone, whatever the hub allows.
    """
    now = workspace.now.timestamp()
    if not shown.is_fresh(workspace.repo, shown.SEARCHED, now - _SOON):
        return False
    for event in reversed(shown.read(workspace.repo, shown.SEARCHED)):
        if "opened" in event or not _soon(event, now) or search not in (None, event.get("search")):
            continue
        ids = [one[0] for one in _hits(event)]
        if id in ids:
            place = ids.index(id) + 1
            click = {"opened": event["search"], "place": place, "id": id, "time": now}
            kept = shown.append(workspace.repo, shown.SEARCHED, click)
            if share:
                _share(workspace, event, click)
            return kept
    return False


def _soon(event: dict[str, Any], now: float) -> bool:
    time = event.get("time")
    return isinstance(time, (int, float)) and isinstance(event.get("search"), str) and (
        0 <= now - time <= _SOON
    )  # fmt: skip


def _hits(event: dict[str, Any]) -> list[tuple[str, float]]:
    held = event.get("hits")
    return [
        (one[0], float(one[1]))
        for one in (held if isinstance(held, list) else ())
        if isinstance(one, list) and len(one) == 2 and isinstance(one[0], str)
        and isinstance(one[1], (int, float))
    ]  # fmt: skip


def _share(workspace: Workspace, event: dict[str, Any], click: dict[str, Any]) -> None:
    """Write an opening to the journal, if the hub allows it."""
    from gitcoord.config import learning

    if not learning.load(workspace.repo.root).shared:
        return
    from gitcoord import journal
    from gitcoord.journal import facts
    from gitcoord.memory import attempt, secrets
    from gitcoord.model.ids import is_repo_name

    name = os.path.basename(workspace.repo.root)
    query = attempt.clean("message", secrets.masked(str(event.get("query") or "")))
    data = {"about": "search", "query": query, "place": click["place"],
            "hits": [[id, str(score)] for id, score in _hits(event)]}  # fmt: skip
    fact = facts.Fact("feedback", name if is_repo_name(name) else "hub", workspace.now, None, data)
    path, content = facts.write(fact)
    try:
        journal.append(workspace.repo, {path: content}, "feedback on a search")
    except CoordError:
        return  # it is kept here, and who only shows a record has not asked for more


def searches(workspace: Workspace) -> list[Search]:
    """Return the searches that are known: those made here, and those on the journal."""
    from gitcoord.memory.clicks import Search, words_of

    clicks: dict[str, dict[int, None]] = {}  # opening a hit again says nothing new
    found: list[tuple[str, Search]] = []
    for event in shown.read(workspace.repo, shown.SEARCHED):
        place, of = event.get("place"), event.get("opened")
        if isinstance(of, str) and isinstance(place, int):
            clicks.setdefault(of, {})[place] = None
        elif isinstance(event.get("search"), str) and isinstance(event.get("query"), str):
            time = event.get("time")
            seconds = float(time) if isinstance(time, (int, float)) else 0.0
            search = Search(seconds, words_of(event["query"]), tuple(_hits(event)), ())
            found.append((event["search"], search))
    own = [search._replace(opened=tuple(clicks.get(name, {}))) for name, search in found]
    return sorted([*own, *_of_others(workspace, own)], key=lambda one: one.time)


def _of_others(workspace: Workspace, own: list[Search]) -> list[Search]:
    """Return the searches on the journal that were not made here, where the hub shares them."""
    from gitcoord.config import learning

    if not learning.load(workspace.repo.root).shared:
        return []
    from gitcoord.codec.native import loads
    from gitcoord.memory import view
    from gitcoord.memory.clicks import Search, words_of

    mine = {(one.hits, place) for one in own for place in one.opened}
    found = []
    connection = view.opened(workspace.repo)
    for time, query, place, text in connection.execute(
        "SELECT time, query, place, hits FROM click ORDER BY time, path"
    ):
        hits = tuple((id, float(score)) for id, score in loads(text))
        words = words_of(query)
        if (hits, place) not in mine:
            found.append(Search(time, words, hits, (place,)))
    connection.close()
    return found


def lifts(workspace: Workspace, query: str) -> dict[str, float]:
    """Return what openings after earlier searches say for hits of a query, from 0 to 1 by id."""
    from gitcoord.memory import clicks

    return clicks.lifts(clicks.words_of(query), searches(workspace))


def raised_by(lift: float) -> float:
    """Return the factor by which a lift raises a score."""
    from gitcoord.memory import clicks

    return 1 + clicks.SHARE * lift


def evaluate(workspace: Workspace) -> Ranking:
    """Return how well searches put first what was opened, as shown and with what was learnt."""
    from gitcoord.memory import clicks

    return clicks.evaluate(searches(workspace))
