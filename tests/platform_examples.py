"""Runs the example of every public name of the platform: `python -m platform_examples`, in a process of its own.

The examples declare messages and tables, which nothing else should find. They may use every public name, the names
of `examples/trip`, and what its modules import. An example that defines a migration's `upgrade` is run as alembic
does it, and must give SQL.
"""

import ast
import asyncio
import doctest
import inspect
import os
import re
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from io import StringIO
from types import ModuleType
from typing import Any, Final
from uuid import UUID

from alembic.migration import MigrationContext
from alembic.operations import Operations
from platform_page import DOORS, docstring

NEED_A_DATABASE: Final = frozenset({"create_instances"})
"""Revisions for which alembic cannot write SQL alone. Every orchestrator's first revision runs them."""
MODULE: Final = "an_example"
FENCED: Final = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
ENVIRONMENT: Final = {
    "DATABASE_URL": "postgresql://agency:not-guessable@localhost/agency",
    "AMQP_URL": "amqp://agency:not-guessable@localhost/trip",
    "JWT_SECRET": "0123456789abcdef0123456789abcdef",
    "HTTP_PORT": "0",
}
IMPORTED: Final = (
    "asyncpg",
    "httpx2",
    "datetime:timedelta",
    "fastapi:Depends",
    "fastapi:Response",
    "faststream.rabbit:RabbitBroker",
    "pathlib:Path",
    "pydantic:BaseModel",
    "sqlalchemy:Column",
    "sqlmodel:Field",
    "sqlmodel:SQLModel",
    "sqlmodel:select",
    "typing:Annotated",
    "typing:Never",
    "uuid:UUID",
    "uuid:uuid4",
    "uuid_utils.compat:uuid7",
)
TRIP: Final = (
    "trip.contracts.agency",
    "trip.contracts.suppliers",
    "trip.agency.model",
    "trip.agency.handlers",
    "trip.agency.api",
    "trip.suppliers.model",
    "trip.topology",
    "trip.trip_orchestrator.book_trip",
)


def names() -> dict[str, Any]:
    """What an example may use: every public name, the trip's names, and what its modules import."""
    found: dict[str, Any] = {}
    for module in map(import_module, TRIP):
        found |= {name: value for name, value in vars(module).items() if not name.startswith("_")}
    for place in IMPORTED:
        module_name, _, attribute = place.partition(":")
        module = import_module(module_name)
        found[attribute or module_name] = getattr(module, attribute) if attribute else module
    public = {name: getattr(door, name) for door in DOORS for name in door.__all__}
    wanted = found["TripRequested"](trip_id=UUID(int=1), traveller="ada", city="Lisbon", nights=3)
    return {**found, **public, "WANTED": wanted, "__name__": MODULE}


def examples_run(text: str, name: str, known: Mapping[str, Any]) -> int:
    """Run the examples in this docstring of a public name, and say how many there are. Raises what they raise."""
    doctests = doctest.DocTestParser().get_doctest(text, dict(known), name, name, 0)
    if doctests.examples:
        doctest.DebugRunner(verbose=False).run(doctests, clear_globs=False)
    programs = FENCED.findall(text)
    for program in programs:
        asyncio.run(_run(program, name, dict(known)))
    return len(programs) + bool(doctests.examples)


async def _run(program: str, name: str, known: dict[str, Any]) -> None:
    before = known.get("upgrade")
    code = compile(program, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    awaited = eval(code, known)  # noqa: S307 - our own docstrings
    if inspect.isawaitable(awaited):
        await awaited
    if known.get("upgrade") is not before and name not in NEED_A_DATABASE:
        assert _sql(known["upgrade"]), f"the revision of {name} gives no SQL"


def _sql(revision: Callable[[], None]) -> str:
    """The SQL that alembic would run for this revision."""
    written = StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": written}
    )
    with Operations.context(context):
        revision()
    return written.getvalue()


def main() -> None:
    """Run them all, and print the names of those that were run."""
    os.environ |= ENVIRONMENT
    sys.modules[MODULE] = ModuleType(MODULE)  # pydantic looks there for what a class is made of
    known = names()
    for door in DOORS:
        for name in door.__all__:
            if examples_run(docstring(name, getattr(door, name)), name, known):
                sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
