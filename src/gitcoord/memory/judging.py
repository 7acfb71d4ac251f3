"""What a replay shows: success of following a policy, its lift, and whether confidence holds."""

from __future__ import annotations

from math import sqrt

from gitcoord.model import intervals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.memory.replaying import Step

_BINS = 10


def judged(steps: Sequence[Step]) -> dict[str, Any]:
    """Return the figures of a replay."""
    tried = [step for step in steps if step.common is not None]
    usual = _propensities(tried)
    # All policies are judged where there was advice: an answer that only a default would
    # have been might have been spared the hard cases.
    advised = [step for step in tried if step.basis != "default"]
    followed = _policy(advised, usual, "advised")
    common = _policy(advised, usual, "common")
    of_type = _policy(advised, usual, "common_of_type")
    return {
        "attempts": len(steps),
        "judged": len(tried),
        "all": _rate([step.attempt.final for step in tried]),
        "advised": _rate([step.attempt.final for step in advised]) | {"attempts": len(advised)},
        "recommender": followed,
        "most_common": common,
        "most_common_of_type": of_type,
        "lift": _lift(followed, common),
        "lift_over_type": _lift(followed, of_type),
        "basis": {
            basis: sum(step.basis == basis for step in tried)
            for basis in ("similar", "type", "default")
        },
        "calibration": calibration(
            [(step.predicted, step.attempt.final) for step in tried if step.predicted is not None]
        ),
    }


def _propensities(steps: Sequence[Step]) -> dict[tuple[str | None, str], float]:
    """Return how usual each strategy was for each type, over the whole history."""
    of_type: dict[str | None, int] = {}
    of_both: dict[tuple[str | None, str], int] = {}
    for step in steps:
        key = (step.attempt.type, step.attempt.strategy)
        of_type[key[0]] = of_type.get(key[0], 0) + 1
        of_both[key] = of_both.get(key, 0) + 1
    return {key: count / of_type[key[0]] for key, count in of_both.items()}


def _policy(
    steps: Sequence[Step], usual: dict[tuple[str | None, str], float], name: str
) -> dict[str, Any]:
    matched = [step for step in steps if getattr(step, name) == step.attempt.strategy]
    weights = [1 / usual[(step.attempt.type, step.attempt.strategy)] for step in matched]
    whole = sum(weights)
    good = sum(weight for weight, step in zip(weights, matched, strict=True) if step.attempt.final)
    squares = sum(weight * weight for weight in weights)
    return _rate([step.attempt.final for step in matched]) | {
        "matched": len(matched),
        "weighted": {
            "rate": good / whole if whole else None,
            "interval": list(
                intervals.wilson(good / whole * whole**2 / squares, whole**2 / squares)
            )
            if whole
            else None,
            "effective": whole**2 / squares if whole else 0,
        },
    }


def _rate(outcomes: Sequence[bool]) -> dict[str, Any]:
    worked, trials = sum(outcomes), len(outcomes)
    return {
        "worked": worked,
        "rate": worked / trials if trials else None,
        "interval": list(intervals.wilson(worked, trials)) if trials else None,
    }


def _lift(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any] | None:
    """Return by how much a policy did better, with the interval of that; None without data."""
    if not one["matched"] or not other["matched"]:
        return None
    first, second = one["weighted"], other["weighted"]
    return {
        "difference": one["rate"] - other["rate"],
        "interval": list(
            intervals.difference(
                (one["worked"], one["matched"]), (other["worked"], other["matched"])
            )
        ),
        "weighted": first["rate"] - second["rate"],
        "weighted_interval": list(
            intervals.difference(
                (first["rate"] * first["effective"], first["effective"]),
                (second["rate"] * second["effective"], second["effective"]),
            )
        ),
    }


def calibration(pairs: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    """Return how often what was said to work with some confidence did work."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for confidence, worked in pairs:
        bins[min(int(confidence * _BINS), _BINS - 1)].append((confidence, worked))
    rows = []
    error = 0.0
    for number, held in enumerate(bins):
        if not held:
            continue
        predicted = sum(confidence for confidence, _ in held) / len(held)
        actual = sum(worked for _, worked in held) / len(held)
        error += abs(predicted - actual) * len(held)
        rows.append(
            {"from": number / _BINS, "to": (number + 1) / _BINS, "count": len(held),
             "predicted": predicted, "actual": actual,
             "interval": list(intervals.wilson(sum(worked for _, worked in held), len(held)))}
        )  # fmt: skip
    brier = sum((confidence - worked) ** 2 for confidence, worked in pairs)
    return {
        "count": len(pairs),
        "error": error / len(pairs) if pairs else None,
        "brier": brier / len(pairs) if pairs else None,
        "spread": sqrt(_variance([confidence for confidence, _ in pairs])) if pairs else None,
        "bins": rows,
    }


def _variance(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / len(values)
