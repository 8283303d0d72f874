from pathlib import Path

from infra.components.rabbitmq.conf import render
from infra.machine.ports import Ports


def test_without_a_certificate_the_node_listens_on_loopback_in_the_clear() -> None:
    told = render(Ports(), "swordfish", certificate=None)
    assert "listeners.tcp.1 = 127.0.0.1:5673\n" in told
    assert "ssl" not in told


def test_with_a_certificate_it_listens_for_nothing_but_tls() -> None:
    told = render(Ports(), "swordfish", certificate=Path("/home/rabbitmq.pem"))
    assert "listeners.tcp = none\n" in told
    assert "listeners.ssl.1 = 127.0.0.1:5673\n" in told
    assert "management.tcp" not in told


def test_the_broker_takes_no_message_of_more_than_a_mebibyte() -> None:
    assert "max_message_size = 1048576\n" in render(Ports(), "swordfish", certificate=None)


def test_the_administrator_takes_the_place_of_the_guest() -> None:
    told = render(Ports(), "swordfish", certificate=None)
    assert "default_user = admin\ndefault_pass = swordfish\n" in told
