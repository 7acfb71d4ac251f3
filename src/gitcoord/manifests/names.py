"""Names of packages, compared as each ecosystem compares them."""

from __future__ import annotations

import re

from gitcoord.manifests.manifest import CARGO, GO, NPM, PYPI

_RUNS = re.compile(r"[-_.]+")
_WORDS = {
    "test": {"test", "tests", "testing"},
    "documentation": {"doc", "docs", "documentation"},
    "mcp": {"mcp"},
    "development": {
        *("dev", "develop", "development", "lint", "linting", "typing", "types", "check", "checks"),
        *("build", "ci"),
    },
}
_MAJOR = re.compile(r"/v[0-9]+$")


def normal(ecosystem: str, name: str) -> str:
    """Return the form under which two spellings of one package's name are equal.

    PEP 503 for Python; crates differ neither by case nor by `-` and `_`; npm's names
    and Go's module paths are taken as they are, a module without its major version.
    """
    if ecosystem == PYPI:
        return _RUNS.sub("-", name).strip("-").lower()
    if ecosystem == CARGO:
        return name.replace("_", "-").lower()
    if ecosystem == GO:
        return _MAJOR.sub("", name)
    return name.lower() if ecosystem == NPM and not name.startswith("@") else name


def module_of_url(url: str) -> str | None:
    """Return the Go module path that a clone's URL stands for."""
    found = re.match(
        r"(?:[a-z+]+://)?(?:[^@/]+@)?([^/:]+)(?::[0-9]+/|[:/])(.+?)(?:\.git)?/?$", url[:500]
    )
    return f"{found[1]}/{found[2]}" if found and "." in found[1] else None


def type_of_group(name: str, otherwise: str) -> str:
    """Return what a group, an extra or a file of requirements is for, by the words of its name."""
    words = set(re.split(r"[^a-z]+", name.lower()))
    for type, telling in _WORDS.items():
        if words & telling:
            return type
    return otherwise
