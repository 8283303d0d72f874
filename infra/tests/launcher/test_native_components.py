"""What a native stack is made of, where services have replicas."""

from pathlib import Path

import pytest
from infra.components.process_spec import ProcessSpec, StartOrder
from infra.components.replicas import Replicas
from infra.components.server import ENV_FILE
from infra.launcher.native.stack import Stack
from infra.machine.ports import Ports
from infra.machine.user_error import UserError

TWO = Replicas.parse("payment=2,orchestrator=3")


def stack(home: Path, ports: Ports | None = None) -> Stack:
    return Stack(home, ports or Ports(), {})


@pytest.fixture
def parts(tmp_path: Path) -> dict[str, ProcessSpec]:
    return stack(tmp_path).parts_with(TWO)


def test_replicas_are_parts_beside_all_others(tmp_path: Path, parts: dict[str, ProcessSpec]) -> None:
    replicas = {"payment-2", "orchestrator-2", "orchestrator-3"}
    assert parts.keys() - stack(tmp_path).parts.keys() == replicas
    assert {name for name, part in parts.items() if part.start_order is StartOrder.REPLICAS} == replicas


def test_a_replica_runs_what_the_first_runs_with_the_same_settings(parts: dict[str, ProcessSpec]) -> None:
    first, second = parts["payment"], parts["payment-2"]
    assert second.command == first.command
    assert second.environment[ENV_FILE] == first.environment[ENV_FILE]


def test_the_first_keeps_its_port_and_each_replica_has_one_of_its_own(parts: dict[str, ProcessSpec]) -> None:
    addresses = [parts[name].address for name in ("payment", "payment-2", "orchestrator-2", "orchestrator-3")]
    assert [address.rpartition(":")[2] for address in addresses] == ["8003", "8013", "8014", "8024"]
    assert parts["payment-2"].environment["HTTP_PORT"] == "8013"
    assert "HTTP_PORT" not in parts["payment"].environment


def test_a_stack_that_was_asked_for_none_has_one_process_of_each(tmp_path: Path) -> None:
    assert stack(tmp_path).processes_of("payment") == ["payment"]


def test_other_commands_know_what_the_last_start_was_asked_for(tmp_path: Path) -> None:
    found = stack(tmp_path)
    found.home.replicas.write_text(str(TWO))
    assert found.processes_of("orchestrator") == ["orchestrator", "orchestrator-2", "orchestrator-3"]
    assert "payment-2" in found.parts


def test_a_replica_for_which_no_port_is_left_is_told_with_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="payment-2 would need port 65540; set PAYMENT_PORT to a lower one"):
        stack(tmp_path, Ports(payment=65530)).parts_with(TWO)
