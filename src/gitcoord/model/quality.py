"""How a hub scores quality: the part `quality:` of coord/coord.yaml."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gitcoord.model.shared import Seconds

_FROZEN = ConfigDict(frozen=True, extra="allow", strict=True)
_Weight = Annotated[
    float | None,
    Field(title="Weight", description="What it weighs in the score; 0 leaves it out.", ge=0, le=1000),
]  # fmt: skip
_Loss = Annotated[
    float | None,
    Field(title="Loss", description="Points that its part loses for each unit.", ge=0, le=1000),
]


class QualityWeights(BaseModel):
    """What each measure weighs in the score; `docs/quality.md` has the defaults."""

    model_config = _FROZEN

    ruff: _Weight = None
    mypy: _Weight = None
    security: _Weight = None
    complexity: _Weight = None
    documentation: _Weight = None
    tests: _Weight = None
    dependencies: _Weight = None
    vulnerabilities: _Weight = None


class QualityLosses(BaseModel):
    """How many of its 100 points a measure loses for each unit that it counts."""

    model_config = _FROZEN

    ruff: _Loss = None
    mypy: _Loss = None
    security: _Loss = None
    dependencies: _Loss = None
    vulnerabilities: _Loss = None


class Quality(BaseModel):
    """How quality is measured, and how the score comes of it."""

    model_config = _FROZEN

    weights: Annotated[
        QualityWeights | None,
        Field(title="Weights", description="What each measure weighs.", examples=[{"tests": 30}]),
    ] = None
    losses: Annotated[
        QualityLosses | None,
        Field(title="Losses", description="What each unit costs.", examples=[{"ruff": 1}]),
    ] = None
    reports: Annotated[
        list[str] | None,
        Field(
            title="Reports",
            description="Where the repositories leave JUnit XML; a `*` may stand in the name.",
            examples=[["reports/junit-*.xml"]],
        ),
    ] = None
    timeout: Annotated[
        Seconds | None,
        Field(
            title="Timeout",
            description="The most seconds that one tool may take; 300 unless told.",
            examples=[600],
        ),
    ] = None
    least_share: Annotated[
        float | None,
        Field(
            title="Least share",
            description="How much of the weight has to be measured for a score, in percent; 50 unless told.",
            ge=0,
            le=100,
            examples=[70],
        ),
    ] = None
