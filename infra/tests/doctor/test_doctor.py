"""What the doctor finds on a machine where nothing runs."""

import json
import os
import resource
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from docker_stand_in import StandIn
from infra.cli.app import app
from infra.components.rabbitmq import programs as rabbitmq_programs
from infra.doctor import examination, listeners, machine, programs, secrets
from infra.doctor.finding import Finding
from infra.launcher.containers.containers import Containers
from infra.launcher.native.stack import Stack
from infra.machine.checkout import CHECKOUT
from infra.machine.home import Home
from infra.machine.loopback import LOOPBACK
from infra.machine.packages import INSTALLER
from infra.machine.ports import Ports
from infra.machine.private_file import LARGEST
from typer.testing import CliRunner

UNREADABLE: dict[str, Callable[[Path], object]] = {
    "a folder": Path.mkdir,
    "binary": lambda path: path.write_bytes(bytes(range(256))),
    "huge": lambda path: path.write_text(" " * (LARGEST + 1)),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a pipe": os.mkfifo,
    "deep JSON": lambda path: path.write_text("[" * 100_000),
    "another type": lambda path: path.write_text('["8001"]'),
}
"""What a file of state may be instead."""
NO_STATE = ("deep JSON", "another type")
"""Of these, what may be a secret nevertheless."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home that has been up, with all of its secrets."""
    home = Home(tmp_path / "run")
    home.create()
    home.ports.write_text(Ports().model_dump_json())
    for name in secrets.NAMES:
        home.secret(name)
    return home


def broken(findings: list[Finding]) -> dict[str, Finding]:
    return {each.subject: each for each in findings if each.verdict == "broken"}


def test_nothing_is_made_where_nothing_was(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["doctor", "--json"], env={"COUNTERSTEP_RUN": str(tmp_path / "run")})
    assert {each["subject"] for each in json.loads(result.output)} >= {
        "machine",
        "disk",
        "memory",
        "secrets",
        "parts",
    }
    assert not (tmp_path / "run").exists()


def test_who_holds_a_port_is_named_with_how_to_stop_it_and_how_to_move_ours(tmp_path: Path) -> None:
    stack = Stack(tmp_path / "run", Ports.free(), {})
    with socket.create_server((LOOPBACK, stack.ports.payment)):
        (found,) = listeners.examine(stack)
    assert (found.subject, found.verdict) == (f"port {stack.ports.payment}", "broken")
    assert f"(pid {os.getpid()})" in found.detail
    assert found.fix
    assert f"kill {os.getpid()}" in found.fix
    assert "PAYMENT_PORT=" in found.fix


def test_a_broker_that_is_not_installed_is_reported_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rabbitmq_programs, "DEBIAN", tmp_path)
    monkeypatch.setattr(rabbitmq_programs, "HOMEBREW", ())
    found = broken(list(programs.native({}, tls=False)))["rabbitmq"]
    assert found.fix
    assert f"sh {INSTALLER} rabbitmq-server rabbitmq-server" in found.fix, "no second broker is started"


@pytest.mark.parametrize(("version", "serves"), [("3.9.29", False), ("3.10.8", True), ("4.2.1", True)])
def test_a_broker_that_is_too_old_is_reported(version: str, *, serves: bool) -> None:
    found = programs.version_in(f"/usr/lib/rabbitmq/lib/rabbitmq_server-{version}/sbin/rabbitmq-server")
    assert found
    assert programs.dotted(found) == version
    assert (programs.too_old(found) is None) is serves


def test_all_secrets_of_a_home_are_fine_as_they_were_made(home: Home) -> None:
    assert [each.verdict for each in secrets.examine(home)] == ["fine"]


def test_a_secret_that_is_missing_empty_or_readable_by_others_is_reported(home: Home) -> None:
    home.secret_path("broker.admin").unlink()
    home.secret_path("broker.order").write_text("")
    home.secret_path("jwt").chmod(0o644)
    found = broken(list(secrets.examine(home)))
    assert {name: each.detail.rpartition(" is ")[2] for name, each in found.items()} == {
        "secret broker.admin": "missing",
        "secret broker.order": "empty",
        "secret jwt": "readable by other users",
    }
    assert "saga reset" in str(found["secret broker.admin"].fix)
    assert "chmod 600" in str(found["secret jwt"].fix)


def test_each_file_of_state_that_was_cut_off_is_reported_once(home: Home) -> None:
    home.replicas.write_text("paym")
    home.tls.switch(on=True)
    home.tls.authority.write_text("")
    found = [each for each in examination.examine(Stack(home.path, Ports(), {})) if each.verdict == "broken"]
    told = [each.detail for each in found if "cannot be read" in each.detail]
    assert told == [
        f"{home.replicas} cannot be read; remove it, then type `make up`",
        f"{home.tls.authority} cannot be read; type `make down up`, which makes a new one",
    ]


@pytest.mark.parametrize("kind", UNREADABLE)
def test_whatever_is_in_the_place_of_a_file_of_state_the_doctor_looks_at_all_and_says_the_way_out(
    home: Home, kind: str
) -> None:
    wrong = [home.ports, home.replicas, *([] if kind in NO_STATE else [home.secret_path("jwt")])]
    for path in wrong:
        path.unlink(missing_ok=True)
        UNREADABLE[kind](path)
    result = CliRunner().invoke(app, ["doctor", "--json"], env={"COUNTERSTEP_RUN": str(home.path)})
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    found = {each["told"]: each["cure"] for each in json.loads(result.output) if each["verdict"] == "broken"}
    for path in wrong:
        (told,) = (each for each in found if str(path) in each)
        assert "remove it" in f"{told} {found[told]}"


@pytest.mark.parametrize("kind", UNREADABLE)
def test_whatever_is_in_the_place_of_the_ports_each_command_says_in_one_line_what_to_do(
    home: Home, kind: str
) -> None:
    home.ports.unlink()
    UNREADABLE[kind](home.ports)
    result = CliRunner().invoke(app, ["status"], env={"COUNTERSTEP_RUN": str(home.path)})
    assert result.exit_code == 1
    assert f"{home.ports} cannot be read; remove it" in result.stderr


def test_a_home_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    assert machine.disk(Path("/proc/counterstep")).verdict == "broken"
    assert machine.disk(tmp_path / "run").verdict == "fine"


def test_a_clock_from_before_the_checkout_was_made_is_reported() -> None:
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    assert machine.clock(long_ago, CHECKOUT).verdict == "broken"
    assert machine.clock(datetime.now(UTC) + timedelta(seconds=1), CHECKOUT).verdict == "fine"


@pytest.mark.parametrize(
    ("soft", "hard", "fix"),
    [
        (256, 4_096, "type: ulimit -n 1024"),
        (256, 256, "type: sudo prlimit --pid $$ --nofile=1024"),
        (1_024, 1_024, None),
    ],
)
def test_too_few_open_files_are_reported_with_the_command_that_allows_more(
    soft: int, hard: int, fix: str | None
) -> None:
    assert machine.files(soft, hard).fix == fix


def test_too_little_address_space_is_reported_with_the_command_that_allows_more() -> None:
    (found,) = machine.address_space(10**9)
    assert found.fix == "type: ulimit -v unlimited"
    assert list(machine.address_space(resource.RLIM_INFINITY)) == []


def test_too_little_memory_is_reported() -> None:
    assert machine.memory(10**6).verdict == "broken"
    assert machine.memory(10**10).verdict == "fine"


def test_a_variable_that_names_no_program_is_reported(tmp_path: Path) -> None:
    environment = {"COUNTERSTEP_POSTGRES_BIN": str(tmp_path)}
    found = broken(list(examination.examine(Stack(tmp_path / "run", Ports.free(), environment))))
    assert "there is no initdb in it" in found["postgres"].detail


def test_a_stopped_engine_is_reported_if_the_data_are_in_containers(tmp_path: Path) -> None:
    docker = StandIn(tmp_path)
    docker.answer({"compose": {"status": 1, "err": "Cannot connect"}, "version": {"status": 1}})
    stack = Containers(tmp_path / "run", Ports.free(), {"PATH": docker.path})
    found = broken(list(examination.examine(stack)))["docker"]
    assert "start Docker" in str(found.fix)
