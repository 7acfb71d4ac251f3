"""What is known of one dependency: the verdict, and the record behind it if there is one."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_VERDICTS = {"satisfied": "satisfied", "unsatisfied": "unsatisfied"}


class Verdict:
    """What is known of one dependency, and the place that decides."""

    __slots__ = (
        "constraint",
        "consumer",
        "file",
        "id",
        "line",
        "provider",
        "provider_version",
        "reason",
        "type",
        "verdict",
    )

    def __init__(self, id: str | None, consumer: str, provider: str, type: str) -> None:
        self.id = id
        self.consumer = consumer
        self.provider = provider
        self.type = type
        self.constraint: str | None = None
        self.provider_version: str | None = None
        self.verdict = "unknown"
        self.reason = ""
        self.file: str | None = None
        self.line: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict in its documented JSON shape."""
        return {
            "id": self.id,
            "consumer": self.consumer,
            "provider": self.provider,
            "constraint": self.constraint,
            "provider_version": self.provider_version,
            "verdict": self.verdict,
            "reason": self.reason,
            "file": self.file,
            "line": self.line,
        }


class Recorded:
    """One dependency record."""

    __slots__ = ("data", "id", "path")

    def __init__(self, id: str, path: str, data: dict[str, Any]) -> None:
        self.id = id
        self.path = path
        self.data = data

    @property
    def key(self) -> tuple[str, str, str]:
        """The consumer, the provider and the type."""
        consumer, provider, type = (
            self.data.get(name) for name in ("consumer", "provider", "type")
        )
        return str(consumer), str(provider), str(type)

    @property
    def asked(self) -> str | None:
        """The constraint that the record itself states."""
        told = self.data.get("version_constraint")
        return told if isinstance(told, str) and told.strip() else None


def as_recorded(one: Recorded, why: str = "") -> Verdict:
    """Return the verdict that a record's status gives, where nothing more is known."""
    verdict = Verdict(one.id, *one.key)
    status = one.data.get("status") or "unknown"
    verdict.constraint = one.asked
    verdict.verdict = _VERDICTS.get(str(status), "unknown")
    verdict.file = one.path
    verdict.reason = f"recorded as {status} in {one.path}"
    if why:
        verdict.reason += f"; {why}"
    return verdict
