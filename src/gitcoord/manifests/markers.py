"""Environment markers: whether a requirement can apply at all, and where.

Nobody's environment is asked. A marker is tried on every Python that the consumer
supports and on the usual platforms: what never holds is no requirement.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PYTHONS = ("2.7", *(f"3.{minor}" for minor in range(6, 17)))
_PLATFORMS = {
    "Linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    "macOS": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
    "Windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
}  # fmt: skip


class Scope:
    """Where a requirement applies; `never` when nowhere."""

    __slots__ = ("never", "words")

    def __init__(self, words: str = "", *, never: bool = False) -> None:
        self.words = words
        self.never = never


def scope(marker: str | None, extra: str | None, python: str | None) -> Scope:
    """Return where a marker holds, on the Pythons that `python` (requires-python) allows."""
    if not marker:
        return Scope()
    from packaging.markers import InvalidMarker, Marker

    try:
        parsed = Marker(marker)
    except (InvalidMarker, RecursionError):
        return Scope()
    pythons = _supported(python)
    held = {
        (name, version)
        for name, platform in _PLATFORMS.items()
        for version in pythons
        if _holds(parsed, platform, version, extra)
    }
    if not held:
        return Scope(never=True)
    parts = []
    platforms = [name for name in _PLATFORMS if any(one == name for one, _ in held)]
    if len(platforms) < len(_PLATFORMS):
        parts.append(f"on {' and '.join(platforms)}")
    versions = [version for version in pythons if any(one == version for _, one in held)]
    if len(versions) < len(pythons):
        parts.append(f"on Python {_span(versions)}")
    return Scope(" ".join(parts))


def _span(versions: list[str]) -> str:
    return versions[0] if len(versions) == 1 else f"{versions[0]} to {versions[-1]}"


def _supported(python: str | None) -> list[str]:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    from gitcoord.manifests.versions import as_pep440

    try:
        allowed = SpecifierSet(as_pep440(python or ""))
    except InvalidSpecifier:
        allowed = SpecifierSet("")
    found = [one for one in PYTHONS if allowed.contains(one) or allowed.contains(f"{one}.99")]
    return found or list(PYTHONS)


def _holds(marker: object, platform: Mapping[str, str], version: str, extra: str | None) -> bool:
    from packaging.markers import Marker, UndefinedComparison, UndefinedEnvironmentName

    assert isinstance(marker, Marker)
    environment = {
        **platform,
        "python_version": version,
        "python_full_version": f"{version}.9",
        "implementation_name": "cpython",
        "implementation_version": f"{version}.9",
        "platform_python_implementation": "CPython",
        "extra": extra or "",
    }
    try:
        return marker.evaluate(environment)
    except (UndefinedComparison, UndefinedEnvironmentName):
        return True
