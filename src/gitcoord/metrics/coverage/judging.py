"""What a reading is worth at the commit where it was measured: whole or a part, fresh or stale."""

from __future__ import annotations

from gitcoord.metrics.coverage import partial, telling
from gitcoord.metrics.coverage.choice import Said
from gitcoord.metrics.coverage.code import apart, kinds, told
from gitcoord.metrics.coverage.reading import RATCHET
from gitcoord.metrics.coverage.sources import EMPTY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.metrics.coverage.commits import Place
    from gitcoord.metrics.coverage.reading import Reading
    from gitcoord.metrics.coverage.sources import Repo


def judged(repo: Repo, head: str | None, reading: Reading, place: Place, definition: str) -> Said:
    """Return what counts or report say, once it is known where they were measured."""
    assert reading.counts is not None
    present = [path for path, blob in repo.tree(place.commit or head).items() if blob != EMPTY]
    measured = {place.paths.get(path, path) for path in (reading.lines or reading.files)}
    ran = {place.paths.get(path, path) for path in reading.ran}
    omitted = measured - set(reading.files) if reading.data else set()
    short = (
        _unread(reading, place)
        or partial.few_files(measured - omitted, present, omitted)
        or partial.few_tests(ran, reading.contexts, present)
    )
    files = {place.paths.get(path, path): held for path, held in reading.files.items()}
    stale, age = _age(repo, place.commit, head, reading)
    reasons = [one for one in (short, age, *reading.notes) if one]
    percent = reading.counts.percent
    if percent is None:
        reasons.insert(0, f"{reading.path} has nothing that can be executed")
    return Said(
        reading.kind, reading.path, reading.time, percent, reading.counts, reading.branch,
        reading.version or (telling.tool() if reading.data else None), place.commit,
        repo.code(place.commit), short is not None, stale, "; ".join(reasons) or None, files,
        reading.tool, definition,
    )  # fmt: skip


def _unread(reading: Reading, place: Place) -> str | None:
    """Return what of a source does not count: damaged files of data, sources that are gone."""
    if reading.faults:
        files = "1 file" if len(reading.faults) == 1 else f"{len(reading.faults)} files"
        return f"{files} of data left out: {reading.faults[0].rstrip('.')}"
    if place.gone:
        files = (
            "1 measured file is"
            if len(place.gone) == 1
            else f"{len(place.gone)} measured files are"
        )
        return f"{files} gone: {place.gone[0]}"
    return None


def _age(
    repo: Repo, commit: str | None, head: str | None, reading: Reading
) -> tuple[bool, str | None]:
    """Return whether the code has changed since, and how to say that."""
    endings = kinds(reading.files or reading.lines)
    beside, held = repo.uncommitted(head, endings), repo.tree(head)
    now = repo.now(head, endings)
    later = {path for path in now if (repo.written(path) or 0) > reading.time}
    if commit is None:
        loose = [path for path in later if path in beside]
        since = f"; {told(loose)}, not committed" if loose else ""
        return bool(loose), f"measured with changes that are in no commit{since}"
    changed = apart(repo.state(commit, endings), now)
    # What git does not know was there already when the tests ran, unless it is younger.
    changed = [path for path in changed if path in held or path not in beside or path in later]
    if not changed:
        return False, None
    where = "" if commit == head else f"measured at {commit[:9]}; "
    mark = ", not committed" if all(path in beside for path in changed) else ""
    return True, f"{where}{told(changed)}{mark}"


def ratchet(repo: Repo, head: str | None, reading: Reading) -> Said:
    """Return what a ratchet says: a percentage, at a commit if it names one."""
    commit = repo.resolve(reading.commit) if reading.commit else None
    stale = commit is not None and bool(apart(repo.state(commit), repo.now(head)))
    reason = "a percentage that somebody wrote down, without counts"
    if stale:
        reason += f"; at {str(commit)[:9]}, and the code changed since"
    return Said(RATCHET, reading.path, reading.time, reading.percent, None, None, None, commit,
                repo.code(commit), False, stale or commit is None, reason)  # fmt: skip
