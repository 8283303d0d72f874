"""How many processes of each service a person asks for."""

from pathlib import Path

import pytest
from infra.cli.app import app
from infra.components.replicas import SINGLE, Replicas
from infra.machine.ports import MOST_PROCESSES
from infra.machine.user_error import UserError
from typer.testing import CliRunner


def test_a_service_has_its_further_processes_named_after_it_and_counted() -> None:
    replicas = Replicas.parse("payment=3, orchestrator=2")
    assert list(replicas.further("payment")) == ["payment-2", "payment-3"]
    assert list(replicas.further("orchestrator")) == ["orchestrator-2"]


def test_a_service_that_is_not_named_has_one_process() -> None:
    assert list(Replicas.parse("payment=2").further("order")) == []


def test_one_process_of_each_is_what_nothing_said_means() -> None:
    assert Replicas.parse("") == Replicas.parse("payment=1") == SINGLE


@pytest.mark.parametrize("text", ["", "payment=2", "payment=8,orchestrator=2"])
def test_what_is_written_down_is_read_again(text: str) -> None:
    assert str(Replicas.parse(text)) == text


WRONG = [
    ("payment=0", f"'payment=0': say how many processes, from 1 to {MOST_PROCESSES}, as in payment=2"),
    ("payment=9", f"'payment=9': say how many processes, from 1 to {MOST_PROCESSES}, as in payment=2"),
    ("payment=-1", f"'payment=-1': say how many processes, from 1 to {MOST_PROCESSES}, as in payment=2"),
    ("payment=x", f"'payment=x': say how many processes, from 1 to {MOST_PROCESSES}, as in payment=2"),
    ("payment", f"'payment': say how many processes, from 1 to {MOST_PROCESSES}, as in payment=2"),
    ("paymnt=2", "'paymnt=2': no such service; choose among order, inventory, payment, orchestrator"),
    ("rabbitmq=2", "'rabbitmq=2': no such service; choose among order, inventory, payment, orchestrator"),
    ("payment=2,", "'': no such service; choose among order, inventory, payment, orchestrator"),
    ("payment=2,payment=3", "'payment=3': the service is named twice; name it once"),
    ("payment=8,order=8", "'payment=8,order=8': more than 16 processes in all; ask for fewer"),
]


@pytest.mark.parametrize(("text", "why"), WRONG)
def test_what_cannot_be_meant_is_told_with_what_to_write(text: str, why: str) -> None:
    with pytest.raises(UserError) as told:
        Replicas.parse(text)
    assert told.value.reason.startswith(why)


@pytest.mark.parametrize("text", [text for text, _ in WRONG])
def test_a_person_is_told_in_one_line_and_nothing_is_started(text: str, tmp_path: Path) -> None:
    home = tmp_path / "run"
    environment = {"COUNTERSTEP_RUN": str(home), "COUNTERSTEP_MODE": "native"}
    result = CliRunner().invoke(app, ["up", "--replicas", text], env=environment)
    assert result.exit_code == 2
    assert result.stderr.startswith("✗ replicas: ")
    assert result.stderr.count("\n") == 1
    assert not home.exists()


@pytest.mark.parametrize(
    ("left", "further"),
    [("payment=2", ["payment-2"]), ("payment=2,shipping=3", ["payment-2"]), ("", []), ("\0\0\0", [])],
)
def test_replicas_of_another_branch_s_services_are_left_out(tmp_path: Path, left: str, further: list[str]) -> None:
    (file := tmp_path / "replicas").write_text(left)
    assert list(Replicas.remembered(file).further("payment")) == further


@pytest.mark.parametrize("left", ["payment=", "paym", "payment=99", "shipping=x"])
def test_a_file_of_replicas_that_cannot_be_read_is_named_with_the_way_out(tmp_path: Path, left: str) -> None:
    (file := tmp_path / "replicas").write_text(left)
    with pytest.raises(UserError, match=f"{file} cannot be read; remove it, then type `make up`"):
        Replicas.remembered(file)
