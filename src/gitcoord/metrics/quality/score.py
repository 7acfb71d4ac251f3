"""One score from 0 to 100 out of the measures, with the formula that gave it.

A pure function. Each measure becomes a part from 0 to 100 by its own rule; the score is the mean
of the parts by weight. A measure that was not taken, or is partial or stale, leaves the formula
and is named; it is neither 0 nor 100. Where too little of the weight is left, there is no score:
a mean of one part out of five would say nothing of the others.
"""

from __future__ import annotations

from typing import Any, NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Part = Callable[[Mapping[str, Any], float], float | None]

WEIGHTS = {
    "ruff": 20, "mypy": 20, "security": 15, "complexity": 10, "documentation": 10, "tests": 15,
    "dependencies": 10, "vulnerabilities": 10,
}  # fmt: skip
"""All measures in their order, with what each weighs unless coord.yaml says otherwise."""

LOSSES = {"ruff": 2, "mypy": 25, "security": 5, "dependencies": 5, "vulnerabilities": 20}
"""Points that a part loses for each unit of what its rule counts."""

LEAST_SHARE = 50
"""How much of the weight of what was asked for has to be measured, in percent."""

_URGENCY = {"high": 10, "medium": 3, "low": 1}


class Formula(NamedTuple):
    """What a hub's settings make of the score: weights and losses by measure, the least share."""

    weights: dict[str, float]
    losses: dict[str, float]
    least_share: float = LEAST_SHARE


def formula_of(settings: Mapping[str, Any]) -> Formula:
    """Return the formula of `quality:` in coord.yaml; what is no sound number keeps its default."""
    return Formula(
        {**WEIGHTS, **_numbers(settings.get("weights"), WEIGHTS)},
        {**LOSSES, **_numbers(settings.get("losses"), LOSSES)},
        _share(settings.get("least_share")),
    )


def _share(held: Any) -> float:
    return held if type(held) in (int, float) and 0 <= held <= 100 else LEAST_SHARE


def _numbers(held: Any, names: Mapping[str, Any]) -> dict[str, float]:
    if not isinstance(held, dict):
        return {}
    return {
        name: value
        for name, value in held.items()
        if name in names and type(value) in (int, float) and 0 <= value <= 1000
    }


def score(measures: Mapping[str, Mapping[str, Any]], formula: Formula) -> dict[str, Any]:
    """Return the score, its parts, the formula in words, and what was left out and why."""
    parts: dict[str, float | None] = {}
    left_out = []
    for name in WEIGHTS:
        one = measures.get(name)
        if one is None:
            continue
        part = _PARTS[name](one, formula.losses.get(name, 0)) if _counts(one) else None
        parts[name] = None if part is None else round(min(100.0, max(0.0, part)), 2)
        if part is None:
            left_out.append(_left_out(name, one))
    weights = {name: formula.weights[name] for name, part in parts.items() if part is not None}
    made_of = {name: weight for name, weight in weights.items() if weight}
    share, reason = _weighed(made_of, [name for name in parts if formula.weights[name]], formula)
    value = None
    if reason is None:
        value = sum([weight * (parts[name] or 0) for name, weight in made_of.items()])
        value = round(value / sum(made_of.values()), 1)
    return {
        "score": value,
        "parts": parts,
        "weights": weights,
        "made_of": list(made_of),
        "share": share,
        "reason": reason,
        "formula": "" if value is None else _words(made_of, formula),
        "left_out": left_out,
    }


def _weighed(
    made_of: Mapping[str, float], asked: list[str], formula: Formula
) -> tuple[float | None, str | None]:
    """Return how much of the weight is measured, in percent, and why that is too little."""
    whole = sum([formula.weights[name] for name in asked])
    if not made_of or not whole:
        return (0.0 if whole else None), "nothing that counts could be measured"
    share = round(100 * sum(made_of.values()) / whole, 1)
    if 100 * sum(made_of.values()) >= formula.least_share * whole:
        return share, None
    return share, (
        f"not measured: only {len(made_of)} of {len(asked)} parts, {share:g} % of the weight "
        f"({', '.join(made_of)}), can be counted; "
        f"{formula.least_share:g} % are needed"
    )


def _counts(one: Mapping[str, Any]) -> bool:
    return bool(one.get("measured")) and not one.get("partial") and not one.get("stale")


def _left_out(name: str, one: Mapping[str, Any]) -> dict[str, Any]:
    state = "not measured"
    if one.get("measured"):
        state = "stale" if one.get("stale") else "partial"
    reason = one.get("reason") or "there is nothing to count"
    return {"measure": name, "state": state, "reason": reason, "hint": one.get("hint")}


def _per_lines(count: float, lines: int, loss: float) -> float | None:
    return 100 - loss * 1000 * count / max(lines, 1000) if lines else None


def _security(one: Mapping[str, Any], loss: float) -> float | None:
    count = sum([_URGENCY[name] * number for name, number in one["by_severity"].items()])
    return _per_lines(count, one["lines"], loss)


def _mypy(one: Mapping[str, Any], loss: float) -> float | None:
    return 100 - loss * one["errors"] / max(one["files"], 10) if one["files"] else None


def _tests(one: Mapping[str, Any], _: float) -> float | None:
    ran = one["passed"] + one["failed"] + one["errors"]
    return 100 * one["passed"] / ran if ran else None


_PARTS: dict[str, Part] = {
    "ruff": lambda one, loss: _per_lines(one["findings"], one["lines"], loss),
    "mypy": _mypy,
    "security": _security,
    "complexity": lambda one, _: 100 * (one["functions"] - one["above"]) / one["functions"],
    "documentation": lambda one, _: 100 * one["documented"] / one["names"],
    "tests": _tests,
    "dependencies": lambda one, loss: 100 - loss * (one["faults"] + 2 * one["outdated_locks"]),
    "vulnerabilities": lambda one, loss: 100 - loss * one["vulnerabilities"],
}
_RULES = {
    "ruff": "100 - {loss:g} * findings per 1000 lines (of at least 1000)",
    "mypy": "100 - {loss:g} * errors per file (of at least 10)",
    "security": "100 - {loss:g} * (10 * high + 3 * medium + low) per 1000 lines (of at least 1000)",
    "complexity": "100 * functions within the limit / functions",
    "documentation": "100 * documented / public names",
    "tests": "100 * passed / (passed + failed + errors)",
    "dependencies": "100 - {loss:g} * (undeclared + misplaced + unused + 2 * outdated locks)",
    "vulnerabilities": "100 - {loss:g} * vulnerabilities",
}


def _words(weights: Mapping[str, float], formula: Formula) -> str:
    """Return the formula as it was applied: `(20 * ruff + 10 * tests) / 30; ruff = …`."""
    if not weights:
        return ""
    above = " + ".join([f"{weight:g} * {name}" for name, weight in weights.items()])
    rules = [
        f"{name} = {_RULES[name].format(loss=formula.losses.get(name, 0))}" for name in weights
    ]
    return "; ".join([f"score = ({above}) / {sum(weights.values()):g}", *rules])
