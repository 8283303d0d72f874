"""The platform's public names as a page, `docs/api/platform.md`, made from their docstrings."""

import ast
import inspect
import re
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from itertools import pairwise
from textwrap import dedent
from types import ModuleType
from typing import Any, Final, get_args

from pydantic import BaseModel

DOORS: Final = tuple(
    map(
        import_module,
        (
            "counterstep",
            "counterstep.saga",
            "counterstep.http",
            "counterstep.testing",
            "counterstep.protocol",
            "counterstep.fields",
            "counterstep.http.paging",
            "counterstep.http.waiting",
            "counterstep.messaging",
            "counterstep.orchestration",
            "counterstep.migrations",
            "counterstep.provision",
        ),
    )
)
PUBLIC: Final = frozenset(name for door in DOORS for name in door.__all__)

HEAD: Final = """\
# The platform's public names

`make apis` makes this page from the docstrings. What is not here is private: it may change with any release, and
[import-linter](../../pyproject.toml) refuses a service that imports it. Every name is explained in four parts:
what it means, its units, the errors that it raises, and an example. The tests run each example; it may use the
public names and those of [`examples/trip`](../../examples/trip/README.md).

The first four doors hold what the authors of a first service and its saga need: `counterstep`, `counterstep.saga`,
`counterstep.http` and `counterstep.testing`. The next five are for what fewer need. The last three are for
operators, who start an orchestrator and prepare databases and the broker.
"""
EXAMPLE: Final = re.compile(r"(?:^>>> .*\n(?:(?!\n).+\n?)*)", re.MULTILINE)
WIDTH: Final = 100


def platform_page() -> str:
    """The page in Markdown."""
    parts = [HEAD]
    for door in DOORS:
        parts += [f"## {door.__name__}", markdown(door.__doc__)]
        for name in door.__all__:
            parts += [f"### {name}", *_entry(name, getattr(door, name))]
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def docstring(name: str, found: Any) -> str:
    """How this public name explains itself: in its docstring, or in the text below `name = …`."""
    if _is_alias(name, found):
        return _below_assignment(name)
    return inspect.getdoc(found) or ""


def _entry(name: str, found: Any) -> Iterator[str]:
    if _is_alias(name, found):
        yield markdown(docstring(name, found))
        of = next(iter(get_args(found)), None)
        if inspect.isclass(of) and of.__module__.startswith("counterstep") and of.__name__ not in PUBLIC:
            yield from _members(name, of)
        return
    if not _is_private(found):
        yield _signature(name, found)
    yield markdown(docstring(name, found))
    if inspect.isclass(found):
        yield from _members(name, found)


def _is_alias(name: str, found: Any) -> bool:
    """Whether it is another's name, or a type alias."""
    return getattr(found, "__name__", None) != name


def _members(owner: str, found: type[Any]) -> Iterator[str]:
    for member, value in vars(found).items():
        yield from _member(owner, member, value)


def _member(owner: str, name: str, value: Any) -> Iterator[str]:
    if name.startswith("_") or not value.__doc__:  # one of its own: it inherits what other libraries say
        return
    if isinstance(value, property):
        yield f"**`{owner}.{name}`**: {markdown(inspect.getdoc(value))}"
    elif inspect.isfunction(value) and not _is_private(value):
        yield f"**`{owner}.{name}`**"
        yield _signature(name, value)
        yield markdown(inspect.getdoc(value))


def _is_private(found: Any) -> bool:
    """Whether only the platform calls it: a parameter's type has no door."""
    if inspect.isclass(found) and issubclass(found, (BaseModel, Enum, BaseException, str)):
        return True
    taken = (parameter.annotation for parameter in inspect.signature(found).parameters.values())
    return any(
        inspect.isclass(each) and each.__module__.startswith("counterstep") and each.__name__ not in PUBLIC
        for each in taken
    )


def _signature(name: str, found: Any) -> str:
    printed = [each for each in _parameters(found) if each != "self"]
    if sum(map(len, printed)) < WIDTH:
        return f"```\n{name}({', '.join(printed)})\n```"
    return "```\n" + "\n".join([f"{name}(", *(f"    {each}," for each in printed), ")"]) + "\n```"


def _parameters(found: Any) -> list[str]:
    """The parameters as the source writes them; of a dataclass, its fields."""
    (node,) = ast.parse(dedent(inspect.getsource(found))).body
    if isinstance(node, ast.ClassDef):
        made = [each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"]
        if not made:
            return [ast.unparse(each) for each in node.body if isinstance(each, ast.AnnAssign)]
        (node,) = made
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        raise TypeError(f"{found} is neither a class nor a function")
    taken = node.args
    positional = [*taken.posonlyargs, *taken.args]
    required = [None] * (len(positional) - len(taken.defaults))
    return [
        *map(_parameter, positional, [*required, *taken.defaults]),
        *([f"*{ast.unparse(taken.vararg)}"] if taken.vararg else ["*"] if taken.kwonlyargs else []),
        *map(_parameter, taken.kwonlyargs, taken.kw_defaults),
        *([f"**{ast.unparse(taken.kwarg)}"] if taken.kwarg else []),
    ]


def _parameter(taken: ast.arg, default: ast.expr | None) -> str:
    return f"{ast.unparse(taken)} = {ast.unparse(default)}" if default else ast.unparse(taken)


def markdown(docstring: str | None) -> str:
    """The docstring as Markdown: its examples fenced, and reStructuredText's `::` as one colon."""
    text = inspect.cleandoc(docstring or "").replace("::\n", ":\n")
    return EXAMPLE.sub(lambda example: f"```\n{example[0].rstrip()}\n```\n", f"{text}\n").strip()


def _below_assignment(name: str) -> str:
    """The text below `name = …`, in the module that a door opens to for this name."""
    (home,) = {
        node.module
        for door in DOORS
        for node in ast.walk(ast.parse(inspect.getsource(door)))
        if isinstance(node, ast.ImportFrom) and node.module and name in {each.name for each in node.names}
    }
    return _texts(import_module(home))[name]


def _texts(module: ModuleType) -> dict[str, str]:
    found = {}
    for statement, after in pairwise(ast.parse(inspect.getsource(module)).body):
        match statement, after:
            case (
                ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found[name] = text
    return found
