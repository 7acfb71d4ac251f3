"""Which files are manifests, and the reader of each: a new format is a line here.

`read` takes any bytes: what cannot be read becomes a flaw of the manifest.
"""

from __future__ import annotations

import posixpath
import re
from functools import partial

from gitcoord.manifests.manifest import CARGO, GO, NPM, PYPI, BrokenError, Manifest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[bytes], Manifest]

VERSION = 2
"""Raised when a reader gives another answer for the same bytes, so that nothing old is remembered."""

BROKEN, TOO_LARGE, LINKED = "bad-manifest", "too-large", "linked-manifest"
"""Codes of flaws for which a file may not count at all."""

MAX_BYTES = 1 << 18
MAX_LOCK = 1 << 24

_READERS = {
    # file name: (ecosystem, module:function); a module is loaded with the first file it reads
    "pyproject.toml": (PYPI, "pyproject:read"),
    "setup.cfg": (PYPI, "setupcfg:read"),
    "uv.lock": (PYPI, "locks:read_python"),
    "poetry.lock": (PYPI, "locks:read_python"),
    "package.json": (NPM, "package_json:read"),
    "package-lock.json": (NPM, "locks:read_npm"),
    "pnpm-lock.yaml": (NPM, "npm_locks:read_pnpm"),
    "yarn.lock": (NPM, "npm_locks:read_yarn"),
    "bun.lock": (NPM, "npm_locks:read_bun"),
    "Cargo.toml": (CARGO, "cargo_toml:read"),
    "Cargo.lock": (CARGO, "locks:read_cargo"),
    "go.mod": (GO, "go_mod:read"),
    "go.sum": (GO, "locks:read_go"),
}


def _reader(name: str, path: str) -> Reader:
    from importlib import import_module  # what is remembered needs no reader

    place = _READERS.get(name)
    if place is None:
        files = import_module("gitcoord.manifests.requirements_txt")
        return partial(files.read, path=path)
    module, _, function = place[1].partition(":")
    found: Reader = getattr(import_module(f"gitcoord.manifests.{module}"), function)
    return found


def read(path: str, raw: bytes) -> Manifest:
    """Return what a manifest says; a broken one says so in its flaws."""
    name = posixpath.basename(path)
    found = Manifest(_READERS.get(name, (PYPI, ""))[0])
    # What is no manifest by its own name is a requirements file; with hashes those are long.
    limit = (
        MAX_LOCK
        if "lock" in name or name == "go.sum"
        else MAX_BYTES
        if name in _READERS
        else 2 * MAX_BYTES
    )
    if len(raw) > limit:
        found.flaw(1, TOO_LARGE, f"It has more than {limit:,} bytes.", "Is it a manifest at all?")
        return found
    try:
        return _reader(name, path)(raw)
    except BrokenError as fault:
        found.flaw(fault.line, BROKEN, f"It cannot be read: {fault}.",
                   f"Mend {name}; until then nothing in it counts.")  # fmt: skip
    except RecursionError:
        found.flaw(1, BROKEN, "It is nested too deeply.", f"Mend {name}.")
    return found


def linked(path: str) -> Manifest:
    """Return what is known of a manifest that is a symbolic link: only that."""
    found = Manifest(_READERS.get(posixpath.basename(path), (PYPI, ""))[0])
    found.flaw(None, LINKED, "It is a symbolic link, which is not followed.",
               "Put a file in its place; what it leads to is read where it lies.")  # fmt: skip
    return found


def settle(manifests: dict[str, Manifest]) -> None:
    """Fill in what members of a Cargo workspace take from it, in all manifests of a repository."""
    cargo = {path: one for path, one in manifests.items() if path.endswith("Cargo.toml")}
    if not cargo:
        return
    from gitcoord.manifests import cargo_toml  # only where there is a crate

    roots = {
        path: one
        for path, one in cargo.items()
        if one.members or any(need.type == cargo_toml.INHERITED for need in one.requirements)
    }
    before = {path: _copy(one) for path, one in roots.items()}
    for path, one in cargo.items():
        folder = posixpath.dirname(path)
        above = [root for root in before if _within(folder, posixpath.dirname(root))]
        cargo_toml.settle(before[max(above, key=len)] if above else None, one)


def _copy(one: Manifest) -> Manifest:
    copy = Manifest(one.ecosystem)
    copy.packages, copy.requirements = list(one.packages), list(one.requirements)
    return copy


def _within(folder: str, above: str) -> bool:
    return above == "" or folder == above or folder.startswith(above + "/")


_AT_ROOT = re.compile(r"(?:[\w.-]*requirements[\w.-]*|constraints[\w.-]*)\.txt$")
_ELSEWHERE = re.compile(
    r"(?:^|/)(?:tests?|testing|testdata|fixtures?|examples?|samples?|templates?|vendor|third_party"
    r"|node_modules|site-packages|__pycache__|build|dist|target|\.[^/]*)(?:/|$)",
    re.I,
)


def is_manifest(path: str) -> bool:
    """Whether a file at the top, or one folder below it, is taken for a manifest.

    Folders of tests, examples and other people's code hold manifests that say nothing
    about the repository itself.
    """
    folder, _, name = path.rpartition("/")
    if "/" in folder or _ELSEWHERE.search(folder):
        return False
    if name in _READERS:
        return True
    if folder == "requirements":
        return name.endswith(".txt")
    return _AT_ROOT.match(name) is not None


def member_paths(folder: str) -> list[str]:
    """Return the manifests to look for in a folder that a workspace names as a member."""
    return [
        posixpath.join(folder, name) for name in ("pyproject.toml", "package.json", "Cargo.toml")
    ]
