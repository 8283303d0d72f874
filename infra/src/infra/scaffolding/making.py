"""Making a service or a saga: its answers, its files, and its entries in other files."""

import re
from collections.abc import Iterable
from pathlib import Path

from contracts.topology import SERVICES
from counterstep.protocol.naming import snake_case

from infra.machine.ports import Ports
from infra.machine.user_error import UserError
from infra.scaffolding import names, tools
from infra.scaffolding.place import edited
from infra.scaffolding.places import LAST_SERVICE, OF_SERVICES, service_values
from infra.scaffolding.saga_places import FIRST_SAGA, OF_SAGAS, classes_of, saga_values
from infra.scaffolding.templates import Templates

NUMBERED = re.compile(r"(\d{4})_\w+\.py")


def make_service(checkout: Path, name: str, thing: str) -> list[str]:
    """Make it; give the files that are new or changed. Raises UserError: for a wrong name before any is."""
    names.check_service(name)
    names.check_thing(thing)
    templates = Templates(checkout)
    templates.refuse_taken(name, f"services/{name}", f"contracts/src/contracts/{name}.py")
    values = service_values(name, _free_port())
    edits = edited(checkout, OF_SERVICES, values, LAST_SERVICE)
    templates.render("service", name, thing=thing, port=values["port"])
    tools.write(checkout, edits)
    tools.module(checkout, "infra.monitoring")
    tools.write_contracts(checkout)
    return templates.changes()


def make_saga(checkout: Path, name: str, partner: str | None) -> list[str]:
    """Make it, about a confirmed order, whose steps this service does. Raises as above."""
    names.check_saga(name, classes_of(name))
    service, thing = _partner(partner)
    templates = Templates(checkout)
    templates.refuse_taken(
        name, f"docs/{name}.md", f"services/orchestrator/golden/{name}.v1.json", f"tests/end_to_end/test_{name}.py"
    )
    if name in {snake_case(f"{verb}{thing}") for verb in ("Arrange", "Cancel", "Confirm")}:
        raise UserError("new saga", f"{name} is the name of one of its steps; choose another name")
    edits = edited(checkout, OF_SAGAS, saga_values(name), FIRST_SAGA)
    revision = _next_revision(checkout / "services" / "order" / "migrations" / "versions")
    templates.render("saga", name, thing=thing, partner=service, revision=revision)
    tools.write(checkout, edits)
    tools.write_sagas(checkout)
    tools.write_contracts(checkout)
    return templates.changes()


def _partner(wanted: str | None) -> tuple[str, str]:
    """The service that the saga asks, and what that arranges."""
    found = names.partners()
    if wanted is None and len(found) == 1:
        return next(iter(found.items()))
    if wanted in found:
        return wanted, found[wanted]
    if not found:
        raise UserError("new saga", "no service has such steps; `saga new service` creates one")
    raise UserError("new saga", f"choose the service of its steps with `--asks`: {', '.join(found)}")


def _free_port() -> int:
    """The next one after those of the services that no other part listens on."""
    taken = {port for _, port in Ports()}
    return next(port for port in _upwards(max(getattr(Ports(), name) for name in SERVICES)) if port not in taken)


def _upwards(port: int) -> Iterable[int]:
    return range(port + 1, port + 1_000)


def _next_revision(folder: Path) -> str:
    numbers = [int(match[1]) for path in folder.iterdir() if (match := NUMBERED.fullmatch(path.name))]
    return f"{max(numbers) + 1:04d}"
