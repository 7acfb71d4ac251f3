"""The YAML 1.2 parser, without what its package imports around it.

`import ryaml` brings in `typing` and through it `re`, `enum` and `contextlib`: as much
time as everything else a query does. Its extension module alone takes a tenth of that.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from typing import Any

_NAME = "ryaml._ryaml"


def _extension() -> Any:
    """Return the extension module, as `import ryaml` would find it; None without one."""
    if _NAME in sys.modules:
        return sys.modules[_NAME]
    package = _spec("ryaml", None)
    spec = package and _spec(_NAME, package.submodule_search_locations)
    module = spec and spec.loader and spec.loader.create_module(spec)
    if not spec or not spec.loader or not module:
        return None
    spec.loader.exec_module(module)
    # A later `import ryaml` finds this one and does not load it twice.
    sys.modules[_NAME] = module
    return module


def _spec(name: str, path: Sequence[str] | None) -> ModuleSpec | None:
    """Return how to load a module; `importlib.util` would cost more than the module."""
    for finder in sys.meta_path:
        spec = finder.find_spec(name, path)
        if spec is not None:
            return spec
    return None


def _loads() -> Callable[[str], Any]:
    """Return the function that reads one document."""
    extension = _extension()
    if extension is None:
        # An unusual installation, such as a zip file: the plain way, for all it costs.
        extension = __import__(_NAME, fromlist=["loads"])
    found: Callable[[str], Any] = extension.loads
    return found


loads = _loads()
