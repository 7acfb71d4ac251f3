"""From the versions of the records of one commit to its events."""

from __future__ import annotations

from typing import Any, NamedTuple

from gitcoord.model.compare import Change, compare, same
from gitcoord.model.kinds import BY_NAME, DEPENDENCY, REPO
from gitcoord.model.renumbering import pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.history.cases import Case, Rival
    from gitcoord.history.versions import Versions
    from gitcoord.model.renumbering import Key

    Data = dict[str, Any]


class Fact(NamedTuple):
    """An event without who and when; `source` is the parent from which a record was renumbered."""

    id: str
    kind: str
    event: str
    field: str | None
    old: Any
    new: Any
    source: str = ""


def facts(cases: list[Case], rivals: dict[str, list[Rival]], versions: Versions) -> list[Fact]:
    """Return what happened to the records that a commit changed.

    `rivals` are, for each parent, the records that the commit changed or removed there.
    """
    came = {
        case.key: data
        for case in cases
        if not case.old and case.new is not None
        if (data := versions.get(case.new.blob)) is not None
    }
    origins = _origins(came, rivals, versions) if came and any(rivals.values()) else {}
    left = {(rival.old.commit, rival.key) for rival in origins.values()}
    found: list[Fact] = []
    for case in cases:
        rival = None if case.old else origins.get(case.key)
        if rival is not None:
            case.old = [rival.old]
            found += _renumbered(case, rival, versions)
            continue
        if left:
            stays = [held for held in case.old if (held.commit, case.key) not in left]
            if case.new is None and not stays:
                continue
            case.old = stays
        found += _facts(case, versions)
    return found


def _origins(
    came: dict[Key, Data], rivals: dict[str, list[Rival]], versions: Versions
) -> dict[Key, Rival]:
    """Return for each record that is an old one under a new id which one that was."""
    found: dict[Key, Rival] = {}
    for parent, candidates in rivals.items():
        gone: dict[Key, Data] = {}
        replaced: dict[Key, tuple[Data, Data | None]] = {}
        for rival in candidates:
            old = versions.last(parent, rival.old.path, rival.old.blob)
            if old is None:
                continue
            if rival.new is None:
                gone[rival.key] = old
            else:
                replaced[rival.key] = (old, versions.get(rival.new.blob))
        left = {key: data for key, data in came.items() if key not in found}
        by_key = {rival.key: rival for rival in candidates}
        for key, was in pairs(gone, replaced, left).items():
            found[key] = by_key[was]
    return found


def _renumbered(case: Case, rival: Rival, versions: Versions) -> list[Fact]:
    kind, id = case.key
    own = "name" if kind == REPO.name else "id"
    told = Fact(id, kind, "renumbered", own, rival.key[1], id, rival.old.commit)
    changed = [fact for fact in _changed(case, versions) if fact.field != own]
    folder = rival.old.path.rpartition("/")[0]
    if case.path.rpartition("/")[0] != folder:
        changed.insert(0, Fact(id, kind, "moved", "path", rival.old.path, case.path))
    return [told, *changed]


def _facts(case: Case, versions: Versions) -> list[Fact]:
    kind, id = case.key
    if not case.old:
        if case.new is None:
            return []
        data = versions.get(case.new.blob)
        return [Fact(id, kind, "changed" if data is None else "created", None, None, data)]
    if case.new is None:
        first = case.old[0]
        data = versions.last(first.commit, first.path, first.blob)
        return [Fact(id, kind, "changed" if data is None else "removed", None, data, None)]
    found = _changed(case, versions)
    if all(held.path != case.path for held in case.old):
        found.insert(0, Fact(id, kind, "moved", "path", case.old[0].path, case.path))
    return found


def _changed(case: Case, versions: Versions) -> list[Fact]:
    """Return the fields that differ from every parent's."""
    kind, id = case.key
    if case.new is None or any(held.blob == case.new.blob for held in case.old):
        return []
    new = versions.get(case.new.blob)
    if new is None:
        return [Fact(id, kind, "changed", None, None, None)]
    known = [versions.last(held.commit, held.path, held.blob) for held in case.old]
    olds = [old for old in known if old is not None]
    if not olds:
        return [Fact(id, kind, "created", None, None, new)]
    changes = compare(olds[0], new)
    for old in olds[1:]:
        others = {change.field: change for change in compare(old, new)}
        changes = [one for one in changes if _agrees(one, others.get(one.field))]
    return [Fact(id, kind, word(kind, *one), one.field, one.old, one.new) for one in changes]


def _agrees(one: Change, other: Change | None) -> bool:
    """Whether a field got its new value against another parent as well."""
    return other is not None and same(one.new, other.new)


def word(kind: str, field: str, old: Any, new: Any) -> str:
    """Return what a change of a field is called."""
    if field != "status" or kind == REPO.name:
        return "changed"
    if kind == DEPENDENCY.name:
        return "validated" if new in ("satisfied", "unsatisfied") else "changed"
    done = BY_NAME[kind].done
    was, now = old in done if isinstance(old, str) else False, isinstance(new, str) and new in done
    if was == now:
        return "changed"
    if was:
        return "reopened"
    return "completed" if new == "completed" else "closed"
