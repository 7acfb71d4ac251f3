"""Versions that stand in files beside the manifest: `__version__ = "1.2"`, VERSION, setup.py.

The files are searched, never run.
"""

from __future__ import annotations

import re

_ASSIGNED = re.compile(
    r"^(?:__version__|VERSION|version|__VERSION__)(?:\s*:\s*[\w.\[\]]+)?\s*=\s*"
    r"(?:[\w.]+\s*=\s*)?[rRuU]?([\"'])([0-9][^\"'\s]*)\1",
    re.M,
)
_NAMED = r"^{}(?:\s*:\s*[\w.\[\]]+)?\s*=\s*(?:[\w.]+\s*=\s*)?[rRuU]?([\"'])([^\"'\s]+)\1"
_CALLED = re.compile(r"\bversion\s*=\s*([\"'])([0-9][^\"'\s]*)\1")
_WHOLE = re.compile(r"\s*v?([0-9]+(?:\.[0-9A-Za-z]+)*(?:[-+][0-9A-Za-z.]+)?)\s*$")
MAX_BYTES = 1 << 20


def version_in(path: str, raw: bytes, name: str = "") -> tuple[str, int] | None:
    """Return the version that a file holds, with its line.

    In Python files it is what is assigned to `name`, or to `__version__` and the like;
    elsewhere the only word of the file.
    """
    text = raw[:MAX_BYTES].decode("utf-8-sig", "replace")
    if path.endswith((".py", ".pyi")):
        found = re.search(_NAMED.format(re.escape(name)), text, re.M) if name else None
        found = found or _ASSIGNED.search(text)
        if found is None and path.endswith("setup.py"):
            found = _CALLED.search(text)
        return (found[2], text.count("\n", 0, found.start(2)) + 1) if found else None
    whole = _WHOLE.match(text.strip().split("\n", 1)[0]) if text.strip() else None
    return (whole[1], 1) if whole else None


def places(package: str) -> list[str]:
    """Return the files that may hold the version of a Python package, the likeliest first."""
    module = re.sub(r"[-.]+", "_", package)
    names = ("__init__.py", "__about__.py", "_version.py", "__version__.py", "version.py")
    folders = (f"src/{module}", module, f"src/{module.lower()}", module.lower())
    found = [f"{folder}/{name}" for folder in folders for name in names]
    return list(dict.fromkeys([*found, "VERSION", "VERSION.txt", "version.txt", "setup.py"]))


def attribute_places(attribute: str) -> tuple[list[str], str]:
    """Return the files that may define `package.module.name`, and the name."""
    module, _, name = attribute.rpartition(".")
    path = module.replace(".", "/")
    found = [
        f"{base}{path}{tail}" for base in ("src/", "", "lib/") for tail in ("/__init__.py", ".py")
    ]
    return found, name
