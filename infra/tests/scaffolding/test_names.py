"""An invalid name of a service or saga is reported in one line, which says what to do."""

import pytest
from infra.machine.user_error import UserError
from infra.scaffolding import names
from infra.scaffolding.saga_places import classes_of

SERVICES = {
    "Order-2": "'Order-2' is not a valid name: use at most 20 characters, lower-case letters and digits",
    "gift_cards": "is not a valid name",
    "": "is not a valid name",
    "s" * 21: "is not a valid name",
    "payment": "the service payment exists already",
    "import": "a keyword of Python",
    "match": "a keyword of Python",
    "filter": "a keyword of Python",
    "calendar": "a module of Python's standard library",
    "console": "already used for something else",
    "postgres": "already used for something else",
    "saga": "already used for something else",
    "money": "already used for something else",
    "httpx2": "already used for something else",
}
SAGAS = {
    "Return": "'Return' is not a valid name: use at most 20 characters, lower-case words joined by underscores",
    "return__order": "is not a valid name",
    "place_order": "the saga place_order exists already",
    "async": "a keyword of Python",
    "queue": "a module of Python's standard library",
    "cancellation": "contracts.order has CancellationRequested already",
    "model": "the order service has a module model already",
}


@pytest.mark.parametrize(("name", "why"), SERVICES.items())
def test_a_service_may_not_be_called(name: str, why: str) -> None:
    with pytest.raises(UserError) as told:
        names.check_service(name)
    assert why in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(("name", "why"), SAGAS.items())
def test_a_saga_may_not_be_called(name: str, why: str) -> None:
    with pytest.raises(UserError) as told:
        names.check_saga(name, classes_of(name))
    assert why in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("thing", ["shipment", "Ship ment", "", "Shipment;", "S" + "h" * 20])
def test_what_a_service_keeps_is_a_class(thing: str) -> None:
    with pytest.raises(UserError, match="write it as a class, such as Shipment"):
        names.check_thing(thing)


def test_what_a_service_keeps_is_no_word_of_python() -> None:
    with pytest.raises(UserError, match="import is a keyword of Python"):
        names.check_thing("Import")


def test_good_names_are_taken() -> None:
    names.check_service("gardening")
    names.check_thing("GiftCard")
    names.check_saga("water_plants", classes_of("water_plants"))
