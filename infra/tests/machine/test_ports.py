import os
import pwd
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from contracts.topology import SERVICES
from infra.machine.loopback import LOOPBACK
from infra.machine.ports import BETWEEN_REPLICAS, MOST_PROCESSES, Ports
from infra.machine.user_error import UserError

FIRST_FOR_ALL = int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())


@contextmanager
def somebody_else() -> Iterator[None]:
    """No longer root inside the block, where we are."""
    ours = os.geteuid()
    if ours == 0:
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(ours)


@pytest.fixture
def remembered(tmp_path: Path) -> Path:
    return tmp_path / "ports.json"


def test_the_defaults_hold_where_nothing_is_said(remembered: Path) -> None:
    assert Ports.resolve({}, remembered) == Ports()


def test_an_offset_moves_every_port(remembered: Path) -> None:
    moved = Ports.resolve({"PORT_OFFSET": "100"}, remembered)
    assert all(port == default + 100 for (_, port), (_, default) in zip(moved, Ports(), strict=True))


def test_a_variable_moves_its_own_port_only(remembered: Path) -> None:
    assert Ports.resolve({"ORDER_PORT": "9001"}, remembered) == Ports(order=9001)


def test_a_variable_wins_over_the_offset(remembered: Path) -> None:
    moved = Ports.resolve({"PORT_OFFSET": "100", "ORDER_PORT": "9001"}, remembered)
    assert (moved.order, moved.payment) == (9001, 8103)


def test_a_home_finds_its_ports_again(remembered: Path) -> None:
    remembered.write_text(Ports(order=9001).model_dump_json())
    assert Ports.resolve({}, remembered) == Ports(order=9001)


def test_an_offset_counts_from_the_defaults_and_not_from_the_last_offset(remembered: Path) -> None:
    remembered.write_text(Ports(order=8101).model_dump_json())
    assert Ports.resolve({"PORT_OFFSET": "100"}, remembered).order == 8101


@pytest.mark.parametrize("wrong", ["x", "0", "65536", "80.5"])
def test_a_port_that_is_none_is_named_with_its_variable(remembered: Path, wrong: str) -> None:
    with pytest.raises(UserError, match=f"AMQP_PORT={wrong}: a port is a whole number from 1 to 65535"):
        Ports.resolve({"AMQP_PORT": wrong}, remembered)


def test_an_offset_that_is_no_number_is_told(remembered: Path) -> None:
    with pytest.raises(UserError, match="PORT_OFFSET is 'many'"):
        Ports.resolve({"PORT_OFFSET": "many"}, remembered)


def test_an_offset_that_leaves_no_port_is_told(remembered: Path) -> None:
    with pytest.raises(UserError, match="from 1 to 65535"):
        Ports.resolve({"PORT_OFFSET": "60000"}, remembered)


def test_a_port_on_which_somebody_listens_is_taken() -> None:
    with socket.create_server((LOOPBACK, 0)) as somebody:
        ports = Ports.free().model_copy(update={"payment": somebody.getsockname()[1]})
        assert ports.taken(["order", "payment"]) == {"payment": ports.payment}


def test_a_program_on_the_other_loopback_address_would_answer_in_our_place() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as somebody:
        taken = somebody.getsockname()[1]
        with pytest.raises(UserError, match=f"another program uses {taken}"):
            Ports(order=taken).refuse_unusable(["order"])


@pytest.mark.skipif(FIRST_FOR_ALL <= 80, reason="this system lets every user listen on port 80")
def test_a_port_that_is_only_for_root_is_told_to_every_other_user() -> None:
    with somebody_else(), pytest.raises(UserError, match=r"only root may listen on 80 \(CONSOLE_PORT\); choose"):
        Ports(console=80).refuse_unusable(["console", "order"])


def test_a_replica_listens_above_the_first_process_and_moves_with_it() -> None:
    ports = Ports(payment=9003)
    assert [ports.of(name) for name in ("payment", "payment-2", "payment-3")] == [9003, 9013, 9023]


def test_no_replica_listens_where_another_part_does() -> None:
    ports = Ports()
    replicas = {ports.of(f"{service}-{number}") for service in SERVICES for number in range(2, MOST_PROCESSES + 1)}
    assert len(replicas) == len(SERVICES) * (MOST_PROCESSES - 1)
    assert not replicas & {port for _, port in ports}


def test_somebody_on_a_replica_s_port_is_told_with_the_variable_that_moves_it() -> None:
    with socket.create_server((LOOPBACK, 0)) as somebody:
        taken = somebody.getsockname()[1]
        ports = Ports.free().model_copy(update={"payment": taken - BETWEEN_REPLICAS})
        with pytest.raises(UserError, match=rf"another program uses {taken} \(PAYMENT_PORT\)"):
            ports.refuse_unusable(["payment-2"])


def test_free_ports_have_room_for_replicas(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Ports.free()
    with socket.create_server((LOOPBACK, first.of("payment-8"))):
        second = Ports.free()
        offsets = iter([ports.order - Ports().order for ports in (first, second)])
        monkeypatch.setattr(secrets, "randbelow", lambda _: next(offsets))
        assert Ports.free() == second


def test_free_ports_are_all_different() -> None:
    ports = [port for _, port in Ports.free()]
    assert len(set(ports)) == len(ports)


@pytest.mark.parametrize("left", ["", "{", "[]", '{"order": "eight"}'])
def test_a_file_of_ports_that_a_power_cut_has_left_is_named_with_what_to_do(remembered: Path, left: str) -> None:
    remembered.write_text(left)
    with pytest.raises(UserError, match=f"{remembered} cannot be read; remove it"):
        Ports.resolve({}, remembered)


def test_ports_of_another_branch_s_services_are_left_out(remembered: Path) -> None:
    remembered.write_text('{"order": 9001, "shipping": 9005}')
    assert Ports.resolve({}, remembered) == Ports(order=9001)
