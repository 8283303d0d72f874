"""The shop's services, and the commands that each owns."""

from contracts.topology import PARTICIPANTS, SERVICES, SHOP
from counterstep.protocol.messages import Command
from counterstep.protocol.naming import owner


def test_the_services_are_those_of_the_topology() -> None:
    assert set(SERVICES) == set(SHOP.services)


def test_every_command_is_addressed_to_a_service_that_its_module_names() -> None:
    ours = [
        message for message in SHOP.contracts.catalogue.values() if message.__module__.startswith("contracts.")
    ]
    commands = [message for message in ours if issubclass(message, Command)]
    assert {owner(command) for command in commands} == set(PARTICIPANTS)
