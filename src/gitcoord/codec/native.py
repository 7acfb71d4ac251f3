"""The YAML 1.2 parser, without what its package imports around it.

`import ryaml` brings in `typing` and through it `re`, `enum` and `contextlib`: as much
time as everything else a query does. Its extension module alone takes a tenth of that.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_NAME = "ryaml._ryaml"


def _extension() -> Any:
    """Return the extension module, as `import ryaml` would find it."""
    if _NAME in sys.modules:
        return sys.modules[_NAME]
    package = PathFinder.find_spec("ryaml")
    spec = package and PathFinder.find_spec(_NAME, package.submodule_search_locations)
    if not spec or not spec.loader:
        return None
    module = spec.loader.create_module(spec)
    if module is None:
        return None
    spec.loader.exec_module(module)
    # A later `import ryaml` finds this one and does not load it twice.
    sys.modules[_NAME] = module
    return module


def _loads() -> Callable[[str], Any]:
    """Return the function that reads one document."""
    extension = _extension()
    if extension is None:
        # An unusual installation, such as a zip file: the plain way, for all it costs.
        extension = __import__(_NAME, fromlist=["loads"])
    found: Callable[[str], Any] = extension.loads
    return found


loads = _loads()
