"""How a door of the platform opens: a public name is imported when it is first used (PEP 562).

Contracts and sagas therefore need pydantic alone, although the same door also offers what needs a database driver.
Type checkers read the imports that each door writes under `TYPE_CHECKING`.
"""

import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

_NOTHING_MOVED: Final[Mapping[str, str]] = MappingProxyType({})


def door(
    package: str, homes: Mapping[str, tuple[str, ...]], moved: Mapping[str, str] = _NOTHING_MOVED
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The `__getattr__` and `__dir__` of a package whose public names are defined in these modules.

    `homes` maps a module, relative to `counterstep`, to the names that it defines. The first use of a name raises
    `ImportError` with the extra to install where a library is missing. `moved` maps a name that this door had in
    an earlier release to its door of today: it still works here, with a `DeprecationWarning`.
    """
    home_of = {name: f"counterstep.{module}" for module, names in homes.items() for name in names}

    def get(name: str) -> Any:
        if new := moved.get(name):
            warnings.warn(f"import {name} from {new}, not from {package}", DeprecationWarning, stacklevel=2)
            return getattr(import_module(new), name)
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        try:
            return getattr(import_module(home_of[name]), name)
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("counterstep"):
                raise
            raise ImportError(
                f"{package}.{name} needs {error.name}: install counterstep[service], in tests also [testing]"
            ) from error

    return get, lambda: sorted(home_of)
