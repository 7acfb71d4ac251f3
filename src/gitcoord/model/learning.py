"""How a hub learns, as coord.yaml says it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

_HalfLife = Annotated[
    float | None,
    Field(
        title="Half life",
        description="After how many days an outcome counts half; 90 unless told.",
        ge=0.01,
        le=36500,
        examples=[90],
    ),
]
_Prior = Annotated[
    float | None,
    Field(
        title="Prior",
        description="How many outcomes the usual rate counts for; learnt unless told.",
        ge=0.1,
        le=1000,
        examples=[2],
    ),
]
_Similarity = Annotated[
    float | None,
    Field(
        title="Similarity",
        description="How alike an attempt must be to count; 0.3 unless told.",
        ge=0.05,
        le=1,
        examples=[0.3],
    ),
]


class Variant(BaseModel):
    """One of several ways of recommending that run side by side."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    half_life: _HalfLife = None
    prior: _Prior = None
    similarity: _Similarity = None


class Learning(BaseModel):
    """How coord learns from attempts at fixes and from what people open."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    half_life: _HalfLife = None
    prior: _Prior = None
    similarity: _Similarity = None
    defaults: Annotated[
        dict[str, str] | None,
        Field(
            title="Defaults",
            description="What to try where nothing is known, by type; `*` for all others.",
            examples=[{"E501": "autofix", "*": "manual"}],
        ),
    ] = None
    feedback: Annotated[
        Literal["local", "journal"] | None,
        Field(
            title="Feedback",
            description="Whether opened search hits stay on this machine or go to the journal.",
            examples=["local"],
        ),
    ] = None
    variants: Annotated[
        dict[str, Variant] | None,
        Field(
            title="Variants",
            description="Ways of recommending that run side by side; a session always gets the same.",
            examples=[{"A": {"half_life": 90}, "B": {"half_life": 14}}],
        ),
    ] = None
