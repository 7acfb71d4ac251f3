"""Recommend a strategy for a trouble, from all attempts at troubles like it."""

from __future__ import annotations

import os

from gitcoord.api import fixes
from gitcoord.config import learning
from gitcoord.errors import UsageError
from gitcoord.memory import asking, defaults, evidence, priors, recommending, shown, variants
from gitcoord.memory.evidence import Tally
from gitcoord.memory.recommending import Parameters

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.config.learning import Learning
    from gitcoord.memory.asking import Known, Meaning
    from gitcoord.memory.recommending import Choice, Decision

RESTS_ON = 10
"""How many attempts an answer lists, the weightiest first."""


class Asked:
    """One question to the memory: a message, perhaps its type, and how alike counts."""

    __slots__ = ("connection", "found", "now", "similarity")

    def __init__(
        self, workspace: Workspace, message: str, type: str | None, threshold: float,
        meaning: Meaning | None,
    ) -> None:  # fmt: skip
        if not message.strip():
            raise UsageError(
                "There is no message to go by.", hint="Give what the tool said, in quotes."
            )
        self.connection: sqlite3.Connection = fixes.opened(workspace)
        self.similarity = asking.alike(self.connection, message, type, threshold, meaning)
        self.found: list[Known] = asking.attempts(self.connection, self.similarity)
        self.now = workspace.now.timestamp()

    def hits(self, chosen: list[Known]) -> list[dict[str, Any]]:
        """Return attempts as hits of a search, with the reason for each."""
        documents = asking.documents(self.connection, [one.n for one in chosen])
        return [
            {"id": document["id"], "kind": "attempt", "repo": document["repo"],
             "title": document["message"].partition("\n")[0],
             "score": round(self.similarity[one.message], 6), "reasons": self._reasons(one)}
            | {key: value for key, value in document.items() if key not in ("id", "repo")}
            for one, document in zip(chosen, documents, strict=True)
        ]  # fmt: skip

    def _reasons(self, one: Known) -> list[str]:
        days = max(0, int((self.now - one.time) // 86_400))
        said = {None: "outcome unknown", True: "worked", False: "failed"}[one.worked]
        return [
            f"similarity {self.similarity[one.message]:.2f}",
            f"{said}, confirmed" if one.confirmed else said,
            "today" if not days else f"{days} day{'s' * (days != 1)} ago",
        ]


def similar(
    workspace: Workspace, message: str, *, type: str | None = None, limit: int = 0,
    meaning: Meaning | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return attempts at troubles like this one, the most alike first, then the latest."""
    said = learning.load(workspace.repo.root)
    asked = Asked(workspace, message, type, said.similarity, meaning)
    found = sorted(asked.found, key=lambda one: -asked.similarity[one.message])
    return asked.hits(found[:limit] if limit else found)


def recommend(
    workspace: Workspace, message: str, *, type: str | None = None, repo: str | None = None,
    session: str | None = None, variant: str | None = None, meaning: Meaning | None = None,
    remember: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """Return a strategy with its confidence, what it rests on, and what else there is."""
    said = learning.load(workspace.repo.root)
    if variant is None and session is not None:
        variant = variants.assigned(session, said.variants)
    parameters = Parameters(**said.of(variant))
    asked = Asked(workspace, message, type, parameters.similarity, meaning)
    if parameters.prior is None:
        known = asking.outcomes(asked.connection)
        parameters = parameters._replace(prior=priors.learnt(known))
    answer = _answer(asked, _decided(asked, type, said, parameters))
    answer |= {"similarity": "lexical" if meaning is None else "lexical and semantic",
               "variant": variant, "run": None}  # fmt: skip
    if remember:
        answer["run"] = _remember(workspace, answer, message, type, repo, session)
    asked.connection.close()
    return answer


def _decided(asked: Asked, type: str | None, said: Learning, parameters: Parameters) -> Decision:
    now, connection, half_life = asked.now, asked.connection, parameters.half_life
    overall = asking.overall(connection, now, half_life)
    taken = asking.followed(connection)
    tallies = asking.by_strategy(asked.found, asked.similarity, now, half_life)
    similar = recommending.rank(tallies, overall, taken, parameters)
    of_type = asking.overall(connection, now, half_life, type) if type else {}
    return recommending.decide(
        similar,
        recommending.rank(of_type, overall, taken, parameters),
        defaults.strategy(type, said.defaults),
        parameters,
    )


def _answer(asked: Asked, made: Decision) -> dict[str, Any]:
    if made.best is not None:
        rest = [one for one in asked.found if one.strategy == made.strategy]
        head = _told(asked, made.best) | {"reason": _reason(made.best, made.basis)}
    else:
        why = "little is known of troubles like this"
        if made.doubtful:
            why = "what was tried at troubles like this mostly failed"
        rest = asked.found
        head = {"strategy": made.strategy, "agent": None, "confidence": None, "interval": None,
                "worked": 0, "failed": 0,
                "reason": f"{why}; {made.strategy} is the default"}  # fmt: skip
    weighty = sorted(rest, key=lambda one: (-asked.similarity[one.message], -one.time, one.n))
    return head | {
        "basis": made.basis,
        "evidence": len(asked.found),
        "attempts": asked.hits(weighty[:RESTS_ON]),
        "alternatives": [
            _told(asked, one) | {"behind": _behind(one, made.best)} for one in made.others
        ],
    }


def _behind(one: Choice, best: Choice | None) -> str | None:
    """Say why a strategy with a higher confidence is not the best; None where it has none."""
    if best is None or one.confidence <= best.confidence:
        return None
    if one.low < best.low:
        return "it rests on less, so its range begins lower"
    return "it was often not followed when it was recommended"


def _reason(best: Choice, basis: str) -> str:
    among = "at troubles like this" if basis == "similar" else "at this type of trouble"
    tried = best.tally.worked + best.tally.failed
    return f"worked in {best.tally.worked} of {tried} attempts {among}"


def _told(asked: Asked, choice: Choice) -> dict[str, Any]:
    return {
        "strategy": choice.strategy,
        "agent": _agent(asked, choice.strategy),
        "confidence": round(choice.confidence, 6),
        "interval": [round(choice.low, 6), round(choice.high, 6)],
        "worked": choice.tally.worked,
        "failed": choice.tally.failed,
    }


def _agent(asked: Asked, strategy: str) -> str | None:
    """Return who did best with a strategy on troubles like this, drawn to an even chance."""
    sums: dict[str, Tally] = {}
    for one in asked.found:
        if one.strategy == strategy and one.agent is not None and one.worked is not None:
            weight = asked.similarity[one.message] * evidence.trust(one.confirmed)
            sums.setdefault(one.agent, Tally()).add(one.worked, weight)
    ranked = sorted(
        sums, key=lambda name: (-round((sums[name].good + 1) / (sums[name].weight + 2), 9), name)
    )
    return ranked[0] if ranked else None


def _remember(
    workspace: Workspace, answer: dict[str, Any], message: str, type: str | None,
    repo: str | None, session: str | None,
) -> str | None:  # fmt: skip
    """Write down what was recommended, so that its outcome can be told; return its name."""
    from gitcoord.memory import attempt, secrets  # the one thing here that loads `re`

    run = f"run-{os.urandom(5).hex()}"
    event = {
        "run": run, "time": workspace.now.isoformat(), "type": type, "repo": repo,
        "session": session, "message": attempt.clean("message", secrets.masked(message)),
    }  # fmt: skip
    event |= {name: answer[name] for name in ("strategy", "agent", "variant", "confidence")}
    return run if shown.append(workspace.repo, shown.RECOMMENDED, event) else None
