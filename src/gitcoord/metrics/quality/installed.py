"""What lies in an environment: distributions, their versions, and the modules each provides.

Only metadata is read; no interpreter of the environment is started, and nothing imported.
"""

from __future__ import annotations

import glob
import os
from importlib import metadata
from typing import Any, NamedTuple

from gitcoord.manifests.manifest import PYPI
from gitcoord.manifests.names import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_KNOWN = {
    "attr": "attrs", "bs4": "beautifulsoup4", "cv2": "opencv-python", "dateutil": "python-dateutil",
    "dotenv": "python-dotenv", "git": "gitpython", "jose": "python-jose", "jwt": "pyjwt",
    "magic": "python-magic", "PIL": "pillow", "pkg_resources": "setuptools", "serial": "pyserial",
    "skimage": "scikit-image", "sklearn": "scikit-learn", "yaml": "pyyaml", "zmq": "pyzmq",
}  # fmt: skip
"""Packages whose module has another name: a last resort where nothing is installed."""


class Installed(NamedTuple):
    """By module the distributions that provide it, and by distribution its version and modules."""

    modules: dict[str, set[str]]
    versions: dict[str, str]
    provided: dict[str, set[str]]

    def providers(self, module: str) -> set[str]:
        """Return the distributions that provide a module, as far as that is known."""
        return self.modules.get(module) or ({_KNOWN[module]} if module in _KNOWN else set())


def read(folder: str, environment: str | None) -> Installed:
    """Return what is installed in a repository's environment; nothing without one."""
    if environment is None:
        return Installed({}, {}, {})
    return _read(sorted(glob.glob(os.path.join(glob.escape(os.path.join(folder, environment)),
                                               "lib", "python3*", "site-packages"))))  # fmt: skip


def own() -> Installed:
    """Return what coord itself is installed with: good to learn which package has which module."""
    import sys

    return _read([one for one in sys.path if one.endswith(("site-packages", "dist-packages"))])


def _read(paths: Sequence[str]) -> Installed:
    found = Installed({}, {}, {})
    for one in metadata.distributions(path=list(paths)):
        try:
            name: Any = one.metadata["Name"]
            version: Any = one.version
            modules = _modules(one)
        except (OSError, ValueError, KeyError, TypeError):  # damaged metadata is as good as none
            continue
        if not isinstance(name, str) or not isinstance(version, str):
            continue
        package = normal(PYPI, name)
        found.versions.setdefault(package, version)
        found.provided.setdefault(package, set()).update(modules)
        for module in modules:
            found.modules.setdefault(module, set()).add(package)
    return found


def _modules(one: metadata.Distribution) -> set[str]:
    told = one.read_text("top_level.txt")
    if told:
        return {line.strip().split("/")[0] for line in told.splitlines() if line.strip()}
    found = set()
    for path in one.files or ():
        first = path.parts[0]
        if len(path.parts) == 1:
            stem, _, ending = first.partition(".")
            if ending.endswith(("py", "so", "pyd")):
                found.add(stem)
        elif path.suffix in (".py", ".so", ".pyi") and first.isidentifier():
            found.add(first)
    return found
