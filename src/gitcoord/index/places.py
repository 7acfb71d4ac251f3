"""From a fault in a value to a finding with line and column."""

from __future__ import annotations

from gitcoord.model.findings import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from gitcoord.model.findings import Fault


def located(path: str, raw: bytes, id: str, faults: Iterable[Fault]) -> list[Finding]:
    """Return the findings for the faults of one file, in the order of their places."""
    from gitcoord.codec.marks import locate  # only a faulty file is read a second time

    found = []
    for fault in faults:
        line, column = locate(raw, fault.where, at_key=fault.at_key)
        found.append(
            Finding(
                path=path,
                line=line,
                column=column,
                id=id,
                field=".".join(str(step) for step in fault.where) or None,
                code=fault.code,
                severity=fault.severity,
                message=fault.message,
                hint=fault.hint,
            )
        )
    found.sort(key=lambda finding: (finding.line or 0, finding.column or 0, finding.code))
    return found
