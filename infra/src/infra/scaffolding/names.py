"""Which names a new service or saga may have; for another, Failure is raised and says what to do."""

import builtins
import keyword
import re
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

import yaml
from contracts.topology import SERVICES, SHOP
from counterstep.protocol.messages import Command
from counterstep.protocol.naming import owner, snake_case

from infra.launcher import compose
from infra.machine.ports import Ports
from infra.machine.user_error import UserError

LONGEST = 20
SERVICE = re.compile(r"[a-z][a-z0-9]*")
SAGA = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
THING = re.compile(r"([A-Z][a-z0-9]+)+")


def check_service(name: str) -> None:
    """Whether a service may be called this: a package, a container, a database and a queue will be."""
    _check_form(name, SERVICE, "lower-case letters and digits, such as shipping")
    if name in SERVICES:
        raise UserError("new service", f"the service {name} exists already; choose another name")
    _check_python(name)
    parts = {*Ports.model_fields, *yaml.safe_load(compose.FILE.read_text())["services"]}
    if name in parts or find_spec(name) or find_spec(f"contracts.{name}"):
        raise UserError("new service", f"{name} is already used for something else; choose another name")


def check_thing(thing: str) -> None:
    """Whether what a service arranges may be called this: a class will be."""
    if not THING.fullmatch(thing) or len(thing) > LONGEST:
        raise UserError("new service", f"--keeps {thing!r}: write it as a class, such as Shipment")
    _check_python(snake_case(thing))


def check_saga(name: str, classes: Iterable[str]) -> None:
    """Whether a saga may be called this: a module and a table of the order service will be, and these classes."""
    _check_form(name, SAGA, "lower-case words joined by underscores, such as return_order")
    if find_spec(f"orchestrator.sagas.{name}"):
        raise UserError("new saga", f"the saga {name} exists already; choose another name")
    _check_python(name)
    said = {message.__name__ for message in SHOP.contracts.catalogue.values() if owner(message) == "order"}
    if taken := said & set(classes):
        raise UserError("new saga", f"contracts.order has {', '.join(sorted(taken))} already; choose another name")
    if find_spec(f"order.{name}"):
        raise UserError("new saga", f"the order service has a module {name} already; choose another name")


def partners() -> dict[str, str]:
    """Service → what it arranges, for each that can be asked to arrange, to confirm and to cancel something."""
    commands: list[type[Any]] = [each for each in SHOP.contracts.catalogue.values() if issubclass(each, Command)]
    by_service = {(owner(command), command.__name__) for command in commands}
    return {
        service: thing
        for service, name in sorted(by_service)
        if (thing := name.removeprefix("Arrange")) != name
        and {(service, f"Confirm{thing}"), (service, f"Cancel{thing}")} <= by_service
    }


def _check_form(name: str, form: re.Pattern[str], rule: str) -> None:
    if not form.fullmatch(name) or len(name) > LONGEST:
        raise UserError("new", f"{name!r} is not a valid name: use at most {LONGEST} characters, {rule}")


def _check_python(name: str) -> None:
    if keyword.iskeyword(name) or keyword.issoftkeyword(name) or hasattr(builtins, name):
        raise UserError("new", f"{name} is a keyword of Python; choose another name")
    if name in sys.stdlib_module_names:
        raise UserError("new", f"{name} is a module of Python's standard library; choose another name")
