"""Imports against declarations: what is imported and not declared, declared and not imported.

Pure decisions on data. What is shipped needs a runtime requirement; tests and scripts
may use anything that is declared. A module whose package is not known is listed as unknown, and never
counted as a fault.
"""

from __future__ import annotations

import os
import sys
from typing import NamedTuple

from gitcoord.manifests.manifest import PYPI, RUNTIME
from gitcoord.manifests.names import normal
from gitcoord.metrics.quality.place import is_test

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from gitcoord.metrics.quality.declared import Declared
    from gitcoord.metrics.quality.installed import Installed
    from gitcoord.metrics.quality.surveying import Survey

_STANDARD = {
    *sys.stdlib_module_names,
    *sys.builtin_module_names,
    "__future__",
    "__main__",
    "_typeshed",
    "annotationlib",
    "compression",
    "string.templatelib",
    "pathlib",
    "tomllib",
}
_ASIDE = {"doc", "docs", "example", "examples", "scripts", "script", "tools", "bench", "benchmark",
          "benchmarks", "ci", "tasks", "contrib", "hooks", "demo", "demos", "samples"}  # fmt: skip
_ALWAYS = {"setuptools", "pip", "wheel"}
_CODE = (".py", ".pyi", ".pyx", ".so", ".pyd")


class Imports(NamedTuple):
    """What was found: each a module or package, and the first place of it."""

    undeclared: dict[str, str]
    misplaced: dict[str, str]
    unused: dict[str, str]
    unknown: dict[str, str]
    elsewhere: dict[str, str]


def compare(
    survey: Survey, paths: Collection[str], declared: Declared, here: Installed, known: Installed
) -> Imports:
    """Return how imports and declarations fit.

    `here` is the repository's environment, `known` further knowledge of who provides what.
    """
    found = Imports({}, {}, {}, {}, {})
    local = local_names(paths)
    used: set[str] = set()
    for path in sorted(survey.imports):
        for module, line, guard in survey.imports[path]:
            if guard == "mentioned":
                used.add(module)
                continue
            if module in local or module in _STANDARD:
                continue
            packages = providers(module, declared, here, known)
            used |= {module, *packages}
            _judge(found, module, f"{path}:{line}", guard, packages, declared, shipped(path, paths))
    found.unused.update(_unused(declared, used, here, known))
    return found


def providers(module: str, declared: Declared, here: Installed, known: Installed) -> set[str]:
    """Return the packages that may provide a module; {} when nobody knows."""
    sure = here.providers(module) or known.providers(module)
    same = normal(PYPI, module)
    return sure or ({same} if declared.anywhere(same) or same in declared.own else set())


def _judge(
    found: Imports, module: str, where: str, guard: str, packages: set[str], declared: Declared, ships: bool,
) -> None:  # fmt: skip
    packages = packages - _ALWAYS if packages & declared.own else packages
    if packages & declared.own:
        return
    if not packages:
        if guard == "needed" and ships:
            found.unknown.setdefault(module, where)
        return
    if any(declared.shipped(one) for one in packages):
        return
    somewhere = any(declared.anywhere(one) for one in packages)
    if guard != "needed" or (somewhere and not ships):
        return
    if not ships:
        found.elsewhere.setdefault(module, where)
    elif somewhere:
        found.misplaced.setdefault(module, where)
    else:
        found.undeclared.setdefault(module, where)


def _unused(
    declared: Declared, used: set[str], here: Installed, known: Installed
) -> Iterable[tuple[str, str]]:
    """Return runtime requirements of which no module is imported, where their modules are known."""
    for path, need in declared.needs:
        if (
            need.type != RUNTIME
            or need.extra
            or need.optional
            or path in declared.compiled
            or path not in declared.main
        ):
            continue
        if (
            need.package in declared.own
            or need.package in used
            or need.package.startswith("types-")
        ):
            continue
        modules = here.provided.get(need.package) or known.provided.get(need.package)
        if modules and not {one for one in modules if not one.startswith("_")} & used:
            yield need.package, f"{path}:{need.line or 1}"


def shipped(path: str, paths: Collection[str]) -> bool:
    """Whether a file is part of what is installed: below src, or in a package, or a module at the top."""
    if is_test(path):
        return False
    first, _, rest = path.partition("/")
    if any(one.startswith("src/") for one in paths):
        return first == "src"
    if not rest:
        return path not in ("setup.py", "noxfile.py", "tasks.py", "fabfile.py") and not any(
            one.endswith("/__init__.py") and one.count("/") == 1 and shipped(one, ())
            for one in paths
        )
    return first.lower() not in _ASIDE and not first.startswith(".")


def local_names(paths: Collection[str]) -> set[str]:
    """Return the modules that are the repository's own, from whichever of its folders they are imported."""
    packages = {os.path.dirname(path) for path in paths if os.path.basename(path) == "__init__.py"}
    found = set()
    for path in paths:
        if not path.endswith(_CODE):
            continue
        parts = path.split("/")
        for depth, part in enumerate(parts):
            if "/".join(parts[:depth]) not in packages:
                found.add(part.partition(".")[0])
    return found
