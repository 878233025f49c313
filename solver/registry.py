"""Tables in pieces: every module of a folder declares its own part, and no list names the modules.

Adding to such a table is adding a file. Used for metrics, reference solutions, kinds of pictures;
the module `table` of their folder joins the parts.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any


def declared(package: str, name: str) -> dict[str, Any]:
    """{module: what it calls `name`} of the modules beside `table` that do, in alphabetical order.

    Imports them all: they must not import at their head what takes long to load.
    """
    names = [m.name for m in iter_modules(import_module(package).__path__) if m.name != "table"]
    modules = {name: import_module(f"{package}.{name}") for name in names}
    return {module: getattr(m, name) for module, m in modules.items() if hasattr(m, name)}
