"""Every dependency held against what is shipped: the recorded ones, and those only declared."""

from __future__ import annotations

from gitcoord.api.fitting import RANK, held_against, judge
from gitcoord.api.shipped import Shipping
from gitcoord.api.verdict import Recorded, Verdict, as_recorded
from gitcoord.manifests.manifest import PYPI
from gitcoord.manifests.markers import scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.fitting import Judgement
    from gitcoord.api.matching import Edge
    from gitcoord.api.scanning import Scan


class Comparison:
    """One run: the records, the declarations that no record has, and the versions shipped."""

    def __init__(self, scan: Scan, edges: list[Edge], recorded: list[Recorded], head: bool) -> None:
        self._scan = scan
        self._head = head
        self._recorded = recorded
        self._by_pair: dict[tuple[str, str], list[Edge]] = {}
        for edge in edges:
            self._by_pair.setdefault((edge.consumer, edge.provider), []).append(edge)
        providers = [edge.provider for edge in edges] + [one.key[1] for one in recorded]
        self._shipping = Shipping(scan.surveyed, providers)

    def verdicts(self) -> list[Verdict]:
        """Return the verdicts: records in their order, then what is only declared."""
        found = []
        claimed: set[int] = set()
        for one in self._recorded:
            edges = self._declared(one)
            claimed.update(map(id, edges))
            found.append(self._of_record(one, edges))
        groups: dict[tuple[str, str, str], list[Edge]] = {}
        for edges in self._by_pair.values():
            for edge in edges:
                if id(edge) not in claimed:
                    groups.setdefault((edge.consumer, edge.provider, edge.need.type), []).append(edge)  # fmt: skip
        for key, edges in sorted(groups.items()):
            found.append(self._of_edges(Verdict(None, *key), edges))
        return found

    def _declared(self, one: Recorded) -> list[Edge]:
        """Return the declarations that a record stands for: of its type, or of any if none has it."""
        consumer, provider, type = one.key
        pair = self._by_pair.get((consumer, provider), [])
        return [edge for edge in pair if edge.need.type == type] or pair

    def _of_edges(self, verdict: Verdict, edges: list[Edge]) -> Verdict:
        judged = [(self._judge(edge), edge) for edge in edges]
        worst, edge = max(judged, key=lambda one: (one[0].rank, -judged.index(one)))
        verdict.verdict, verdict.reason = worst.verdict, worst.reason
        verdict.provider_version = worst.version
        verdict.constraint = edge.need.constraint
        verdict.file, verdict.line = edge.file, edge.need.line
        return verdict

    def _judge(self, edge: Edge) -> Judgement:
        one = self._scan.surveyed[edge.consumer]
        packages = [package for manifest in one.manifests.values() for package in manifest.packages]
        python = next((package.python for package in packages if package.python), None)
        marker = edge.need.marker if edge.ecosystem == PYPI else None
        where = scope(marker, edge.need.extra, python)
        shipped = self._shipping.of(edge.provider, edge.ecosystem, edge.need.package)
        return judge(edge, shipped, where, head=self._head)

    def _of_record(self, one: Recorded, edges: list[Edge]) -> Verdict:
        consumer, provider, _ = one.key
        missing = self._scan.missing()
        if one.data.get("status") == "deprecated":
            return as_recorded(one)
        asked = one.asked
        own = self._of_constraint(one, asked, edges) if asked else None
        if edges:
            verdict = _worse(self._of_edges(Verdict(one.id, *one.key), edges), own, one)
            return _remembered(verdict, one) if provider in missing else verdict
        if own is not None:
            return self._without_manifest(one, own)
        here = [name for name in (consumer, provider) if name in missing]
        if here:
            return as_recorded(one, " and ".join(f"{name} {missing[name]}" for name in here))
        return as_recorded(one, self._undeclared(consumer, provider))

    def _undeclared(self, consumer: str, provider: str) -> str:
        """Say that nothing declares a dependency, as far as the manifests can be read."""
        one = self._scan.surveyed.get(consumer)
        broken = [place for place, _ in one.broken()] if one else []
        if broken:
            return f"{' and '.join(broken)} of {consumer} cannot be read in full"
        return f"no manifest of {consumer} declares {provider}"

    def _without_manifest(self, one: Recorded, own: Judgement) -> Verdict:
        """Hold the record's constraint alone against what is shipped."""
        consumer, provider, _ = one.key
        missing = self._scan.missing().get(consumer)
        why = f"{consumer} {missing}" if missing else self._undeclared(consumer, "it")
        verdict = Verdict(one.id, *one.key)
        verdict.verdict, verdict.provider_version = own.verdict, own.version
        verdict.constraint, verdict.file = one.asked, one.path
        verdict.reason = f"{one.id} asks for {provider} {one.asked}; {own.reason}; {why}"
        return verdict

    def _of_constraint(self, one: Recorded, asked: str, edges: list[Edge]) -> Judgement | None:
        provider = one.key[1]
        ecosystem, package = self._shipping.main(provider)
        if edges:  # of several packages of one repository, the one whose constraint it is
            same = [edge for edge in edges if edge.need.constraint == asked] or edges
            ecosystem, package = same[0].ecosystem, same[0].need.package
        shipped = self._shipping.of(provider, ecosystem, package)
        if shipped is None:
            return None
        return held_against(asked, ecosystem, shipped, head=self._head)


def _worse(verdict: Verdict, own: Judgement | None, one: Recorded) -> Verdict:
    """Let the record's own constraint speak where it differs from what is declared."""
    asked = one.asked
    if asked is None or asked == verdict.constraint:
        return verdict
    if own is None or own.rank <= RANK[verdict.verdict]:
        verdict.reason += f"; {one.id} asks for {asked}"
        return verdict
    declared = verdict.constraint or "any version"
    place = f"{verdict.file}:{verdict.line}" if verdict.line else verdict.file
    verdict.reason = f"{one.id} asks for {asked}; {own.reason}; declared is {declared} ({place})"
    verdict.verdict, verdict.provider_version = own.verdict, own.version
    verdict.constraint, verdict.file, verdict.line = asked, one.path, None
    return verdict


def _remembered(verdict: Verdict, one: Recorded) -> Verdict:
    """Let the recorded status stand where nothing is known of what the provider ships."""
    kept = as_recorded(one)
    if kept.verdict == verdict.verdict:
        return verdict
    verdict.verdict = kept.verdict
    verdict.reason = f"{kept.reason}; {verdict.reason}"
    return verdict
