"""Every place that names each saga, beside its own modules; a new one is written before `place_order`."""

from typing import Final

from infra.scaffolding.place import Place
from infra.scaffolding.python_place import Element, Statement

SAGAS: Final = "services/orchestrator/src/orchestrator/sagas/__init__.py"
ORDER_API: Final = "services/order/src/order/api/__init__.py"

OF_SAGAS: Final = (
    Statement(SAGAS, "from orchestrator.sagas.<name> import <NAME>"),
    Element(SAGAS, "<NAME>", of="SAGAS"),
    Statement(ORDER_API, "from order.<module> import router as <router>"),
    Statement(ORDER_API, "router.include_router(<router>)"),
    Place(
        "contracts/src/contracts/order.py",
        '''

class <Name>Requested(StartEvent):
    """It is wanted for a confirmed order; the saga `<name>` begins."""

    order_id: UUID
    customer_id: CustomerId
    lines: tuple[Line, ...]


class <Name>Completed(Reply):
    """It is done."""


class <Name>Rejected(Reply):
    """It is not done; why stands in it."""


class Complete<Name>(Command[<Name>Completed, Never]):
    order_id: UUID


class Reject<Name>(Command[<Name>Rejected, Never]):
    order_id: UUID
    reason: str
''',
        at_the_end=True,
    ),
)

FIRST_SAGA: Final = {
    "name": "place_order",
    "NAME": "PLACE_ORDER",
    "event": "order_placed",
    "module": "api.orders",
    "router": "orders",
}


def saga_values(name: str) -> dict[str, str]:
    """What the entries of a saga say."""
    return {
        "name": name,
        "NAME": name.upper(),
        "Name": class_name(name),
        "event": f"{name}_requested",
        "module": f"{name}.api",
        "router": name,
    }


def class_name(name: str) -> str:
    """Return `ReturnOrder` for `return_order`."""
    return "".join(word.capitalize() for word in name.split("_"))


def classes_of(name: str) -> tuple[str, ...]:
    """The messages that a saga of this name adds to the order service's."""
    name = class_name(name)
    return (f"{name}Requested", f"{name}Completed", f"{name}Rejected", f"Complete{name}", f"Reject{name}")
