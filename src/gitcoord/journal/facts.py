"""Facts: what a program saw or did at one moment, each in a small YAML file of its own.

A fact says of what kind it is, which repository it is about, when, at which commit, and
its data. Anyone who may push to the journal may write anything there, so a fact is checked
whenever it is read: what is torn or does not agree with its path is a finding, never more.
"""

from __future__ import annotations

from datetime import UTC, datetime

from gitcoord.codec import emit
from gitcoord.codec.read import MAX_BYTES, Malformed, parse
from gitcoord.errors import InvalidError
from gitcoord.journal import paths
from gitcoord.model.findings import Finding
from gitcoord.model.ids import is_repo_name
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FIELDS = ("kind", "repo", "time", "commit", "data")
_HEX = frozenset("0123456789abcdef")
_SWITCH = ("from", "to")


class Fact:
    """One fact; `commit` is that of the repository it is about, None where there is none."""

    __slots__ = ("commit", "data", "kind", "repo", "time")

    def __init__(
        self, kind: str, repo: str, time: datetime, commit: str | None, data: dict[str, Any]
    ) -> None:
        self.kind = kind
        self.repo = repo
        self.time = time
        self.commit = commit
        self.data = data

    def as_dict(self) -> dict[str, Any]:
        """Return the fact in its documented shape, which is also that of its file."""
        return {
            "kind": self.kind,
            "repo": self.repo,
            "time": self.time.isoformat(),
            "commit": self.commit,
            "data": self.data,
        }


def write(fact: Fact) -> tuple[str, bytes]:
    """Return the path and the content of a fact; raise `InvalidError` for one that is none."""
    sort = paths.BY_KIND.get(fact.kind)
    if sort is None:
        close = nearest(fact.kind, list(paths.BY_KIND))
        raise InvalidError(
            f"There is no kind of fact {fact.kind!r}"
            + (f"; did you mean {close}?" if close else "."),
            hint=f"The kinds are {', '.join(paths.BY_KIND)}.",
        )
    if not is_repo_name(fact.repo):
        raise InvalidError(
            f"{fact.repo!r} is no name of a repository.",
            hint="Letters, digits, dots, dashes and underscores, as in `coord repo list`.",
        )
    try:
        content = emit.dump(fact.as_dict(), _FIELDS).encode()
        path = paths.path_of(sort, fact.repo, fact.time, content)
    except (ValueError, OverflowError, RecursionError) as error:
        raise InvalidError(
            f"The fact cannot be written: {error}.", hint="Give plain data."
        ) from None
    fault = read(path, content)
    if isinstance(fault, Finding):
        told = (
            '{"from": "main", "to": "fix"}'
            if fact.kind == "branch-switch"
            else '{"coverage": 91.5}'
        )
        raise InvalidError(fault.message, hint=f"Give a JSON object: --data '{told}'.")
    if fault.data != fact.data:
        raise InvalidError("The data would not read back as it is.", hint="Give plain data.")
    return path, content


def read(path: str, content: bytes) -> Fact | Finding:
    """Return the fact in a file of the journal, or what is wrong with it."""
    if len(content) > MAX_BYTES:
        return too_large(path)
    try:
        found = parse(content)
    except Malformed as fault:
        return _finding(path, fault.code, fault.message, fault.hint, fault.line, fault.column)
    place = paths.place(path)
    wrong = _wrong(found, place)
    if wrong:
        return _finding(path, "invalid-fact", wrong)
    data, commit = found.get("data"), found.get("commit")
    time = datetime.fromisoformat(found["time"])
    return Fact(found["kind"], found["repo"], time, commit, dict(data) if data else {})


def _wrong(found: dict[str, Any], place: paths.Place | None) -> str:
    """Return what is wrong with a fact, or nothing."""
    if place is None:
        return "Its path is not that of a fact."
    if found.get("kind") != place.sort.kind:
        return f"Its kind is not {place.sort.kind}, as its path says."
    if found.get("repo") != place.subject:
        return f"Its repo is not {place.subject}, as its path says."
    time = _time(found.get("time"))
    if time is None:
        return "Its time is not in RFC 3339 with an offset."
    if int(time.timestamp() // 1) != place.second:
        return "Its time is not that of its path."
    commit = found.get("commit")
    if commit is not None and not is_commit(commit):
        return "Its commit is not the full id of one."
    data = found.get("data")
    if data is not None and not isinstance(data, dict):
        return "Its data is not a mapping."
    if place.sort.kind == "branch-switch" and not _is_switch(data or {}):
        return "Its data does not name the branches `from` and `to`."
    if place.sort.kind == "snapshot" and not data:
        return "It has no data."
    return ""


def state_time(content: bytes) -> datetime | None:
    """Return the time of which a file tells the state, or None for one that is no state."""
    try:
        found = parse(content)
    except Malformed:
        return None
    kind = found.get("kind")
    sort = paths.BY_KIND.get(kind) if isinstance(kind, str) else None
    return _time(found.get("time")) if sort is not None and sort.state else None


def is_commit(text: object) -> bool:
    """Whether a value is the full id of a commit."""
    return isinstance(text, str) and len(text) in (40, 64) and _HEX.issuperset(text)


def moment(text: str) -> datetime | None:
    """Return a time that is written with an offset, else None."""
    return _time(text)


def _time(text: object) -> datetime | None:
    if not isinstance(text, str) or len(text) < 20 or text[10:11] not in ("T", "t"):
        return None
    try:
        found = datetime.fromisoformat(text.upper())
        found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo is not None else None


def _is_switch(data: dict[str, Any]) -> bool:
    """Whether both ends of a switch are told; None stands for a detached head."""
    return all(
        name in data and (data[name] is None or isinstance(data[name], str)) for name in _SWITCH
    )


def too_large(path: str) -> Finding:
    """Return the finding for a file that nobody should load."""
    return _finding(path, "too-large", f"It is larger than {MAX_BYTES:,} bytes.")


def _finding(
    path: str, code: str, message: str, hint: str = "", line: int | None = None,
    column: int | None = None,
) -> Finding:  # fmt: skip
    return Finding(
        path=path, code=code, message=message, line=line, column=column,
        hint=hint or "It is left out. Look at it with `coord journal show PATH`.",
    )  # fmt: skip
