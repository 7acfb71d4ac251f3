"""Files of skill metrics in the shapes that are really written, and the documented one."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

NAME = ".session-buddy/skill_metrics.json"
START = datetime(2026, 1, 5, 9)


def invocation(skill: str, moment: datetime, **more: Any) -> dict[str, Any]:
    """Return one invocation as it is really written."""
    return {
        "skill_name": skill, "invoked_at": moment.isoformat(), "workflow_path": None,
        "completed": True, "duration_seconds": 12.5, "follow_up_actions": [], "error_type": None, **more,
    }  # fmt: skip


def listed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a whole file with a list of invocations and the sums beside it."""
    names = {row["skill_name"] for row in rows}
    sums = {
        name: {"skill_name": name, "total_invocations": 1, "completion_rate": 100.0}
        for name in sorted(names)
    }
    return {"invocations": rows, "skills": sums, "last_updated": START.isoformat()}


def with_sessions(rows: list[dict[str, Any]], session: str = "s-1") -> dict[str, Any]:
    """Return the variant that has ids of sessions and what the user said."""
    more = {"session_id": session, "user_query": "mend it", "alternatives_considered": ["b"],
            "selection_rank": 1}  # fmt: skip
    return listed([{**more, **row} for row in rows])


def documented(rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the shape that is documented: lists by skill."""
    return {"skills": rows}


def write(folder: Path, content: Any) -> Path:
    """Write the file of a repository, by a rename as a careful program does."""
    path = folder / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    passing = path.with_suffix(".tmp")
    passing.write_bytes(raw)
    passing.rename(path)
    return path


def habits(count: int, seed: int = 1, *, start: datetime = START) -> list[dict[str, Any]]:
    """Return invocations of somebody with habits: plan leads to build, build to test."""
    found, chance, moment = [], random.Random(seed), start
    follows = {"plan": "build", "build": "test", "test": "commit", "commit": "plan"}
    skill = "plan"
    for _ in range(count):
        moment += timedelta(seconds=chance.randrange(20, 600), microseconds=chance.randrange(10**6))
        found.append(
            invocation(
                skill, moment, completed=chance.random() < (0.3 if skill == "test" else 0.95)
            )
        )
        skill = follows[skill] if chance.random() < 0.8 else chance.choice(list(follows))
        if chance.random() < 0.15:
            moment += timedelta(hours=chance.randrange(2, 20))
            skill = "plan"
    return found
