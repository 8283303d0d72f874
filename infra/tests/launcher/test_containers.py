"""The Docker way, with a stand-in for `docker`."""

import asyncio
import json
import os
import socket
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from docker_stand_in import StandIn, container, inspected
from infra.components.replicas import Replicas
from infra.launcher.containers.containers import Containers, parts
from infra.launcher.progress import Progress
from infra.machine.checkout import CHECKOUT
from infra.machine.loopback import LOOPBACK
from infra.machine.ports import Ports
from infra.machine.user_error import UserError
from rich.console import Console


@pytest.fixture
def docker(tmp_path: Path) -> StandIn:
    return StandIn(tmp_path)


@pytest.fixture
def containers(docker: StandIn, tmp_path: Path) -> Containers:
    return Containers(tmp_path / "run", Ports.free(), {"PATH": docker.path, "ORDER_PORT": "1", "HOME": "/root"})


def words_of(docker: StandIn, verb: str) -> list[str]:
    return next(call for call in docker.calls() if verb in call)


def test_up_builds_and_starts_all_of_it_and_waits_until_it_is_healthy(
    docker: StandIn, containers: Containers
) -> None:
    containers.up()
    called = words_of(docker, "up")
    assert called[0] == "compose"
    assert called[called.index("up") :] == [
        *("up", "--detach", "--no-build", "--pull", "never", "--remove-orphans"),
        *("--wait", "--wait-timeout", "300"),
    ]
    assert f"--project-name=counterstep-{containers.home.fingerprint}" in called
    assert f"--env-file={containers.home.path}/docker/compose.env" in called
    assert any(word.startswith("--file=") and word.endswith("/infra/compose.yaml") for word in called)


def test_what_the_containers_read_is_closed_to_other_users_of_this_machine(containers: Containers) -> None:
    containers.up()
    folder = containers.home.container_files
    assert folder.stat().st_mode & 0o777 == 0o700
    inside = list(folder.rglob("*"))
    assert {path.stat().st_mode & 0o777 for path in inside if path.is_file()} == {0o644}
    assert {path.stat().st_mode & 0o777 for path in inside if path.is_dir()} == {0o755}


def test_what_the_containers_read_is_open_to_their_accounts_whatever_the_umask(
    containers: Containers,
) -> None:
    before = os.umask(0o077)
    try:
        containers.up()
    finally:
        os.umask(before)
    grafana = containers.home.container_files / "grafana"
    assert {path.stat().st_mode & 0o005 for path in grafana.rglob("*") if path.is_dir()} == {0o005}
    assert all(path.stat().st_mode & 0o004 for path in containers.home.container_files.rglob("*.y*ml"))


def test_a_dashboard_that_was_removed_from_the_checkout_leaves_grafana_too(containers: Containers) -> None:
    containers.up()
    dashboards = containers.home.container_files / "grafana" / "dashboards"
    (dashboards / "of_yesterday.json").write_text("{}")
    containers.up()
    assert {path.name for path in dashboards.iterdir()} == {
        path.name for path in (CHECKOUT / "infra" / "grafana" / "dashboards").iterdir()
    }


def test_the_variables_of_the_shell_do_not_move_the_containers(docker: StandIn, containers: Containers) -> None:
    containers.up()
    told = (containers.home.container_files / "compose.env").read_text()
    assert f"ORDER_PORT='{containers.ports.order}'\n" in told
    assert "ORDER_PORT" not in docker.environment()
    assert docker.environment()["HOME"] == "/root"


def failing(docker: StandIn, *containers: dict[str, Any]) -> None:
    """From now on `up` fails, and these are the containers."""
    docker.answer(
        {
            "up": {"status": 1, "err": "dependency failed to start\n"},
            "ps --quiet": {"out": "1\n2\n"},
            "container inspect": {"out": json.dumps(containers)},
            "logs": {"out": "setup-1 | topology: RabbitMQ refused the definitions\n"},
        }
    )


def test_a_container_that_does_not_become_ready_is_told_in_its_own_words(
    docker: StandIn, containers: Containers
) -> None:
    failing(docker, inspected("order", "created"), inspected("setup", "exited", ExitCode=1))
    with pytest.raises(UserError) as told:
        containers.up()
    assert told.value.part == "setup"
    assert told.value.reason.startswith("it ended with status 1. All of its log: `make logs PART=setup`")
    assert told.value.log == ["setup-1 | topology: RabbitMQ refused the definitions"]


STARTING = inspected("grafana", Health={"Status": "starting", "Log": []})


@pytest.mark.parametrize(
    ("culprit", "told"),
    [
        (
            inspected("rabbitmq", "created", Error="error setting rlimit type 7"),
            "cannot start it: error setting rlimit",
        ),
        (
            inspected("rabbitmq", "restarting", ExitCode=78, restarts=3),
            "ended with status 78, .* 3 new starts",
        ),
        (inspected("rabbitmq", "exited", ExitCode=137, OOMKilled=True), "used more memory than its limit"),
        (
            inspected(
                "rabbitmq", Health={"Status": "unhealthy", "Log": [{"ExitCode": 1, "Output": "no listener\n"}]}
            ),
            "unhealthy; its health check says: no listener",
        ),
    ],
)
def test_the_container_that_failed_is_blamed_and_not_one_that_waits(
    docker: StandIn, containers: Containers, culprit: dict[str, Any], told: str
) -> None:
    failing(docker, STARTING, inspected("order", "created"), culprit)
    with pytest.raises(UserError, match=f"^rabbitmq: .*{told}"):
        containers.up()


def test_a_failure_before_any_container_is_told_in_docker_s_own_words(
    docker: StandIn, containers: Containers
) -> None:
    docker.answer({"up": {"status": 17, "err": "no space left on device\n"}})
    with pytest.raises(UserError, match="no space left on device"):
        containers.up()


def test_every_image_that_is_missing_is_pulled_before_anything_starts(
    docker: StandIn, containers: Containers
) -> None:
    docker.answer({"image inspect": {"status": 1}})
    containers.up()
    verbs = [
        call[0] if call[0] != "compose" else "up" for call in docker.calls() if {"pull", "build", "up"} & {*call}
    ]
    pulled = [call[-1] for call in docker.calls() if call[0] == "pull"]
    assert verbs == ["pull"] * len(pulled) + ["build", "up"]
    assert {name.partition(":")[0] for name in pulled} >= {"rabbitmq", "postgres", "python", "grafana/grafana"}
    assert not any("counterstep" in name for name in pulled)


def test_an_image_that_cannot_be_pulled_leaves_the_native_way_open(
    docker: StandIn, containers: Containers
) -> None:
    docker.answer({"image inspect": {"status": 1}, "pull": {"status": 1, "err": "dial tcp: no such host\n"}})
    with pytest.raises(UserError, match=r"rabbitmq:\S+ cannot be pulled") as told:
        containers.up()
    assert "docker load" in told.value.reason
    assert "COUNTERSTEP_MODE=native" in told.value.reason
    assert told.value.log == ["dial tcp: no such host"]
    assert len([call for call in docker.calls() if "pull" in call]) == 1
    assert not containers.home.container_files.exists()
    assert not containers.home.ports.exists()


def test_where_data_are_in_containers_the_native_way_is_not_offered(
    docker: StandIn, containers: Containers
) -> None:
    containers.up()
    docker.answer({"image inspect": {"status": 1}, "pull": {"status": 1}})
    with pytest.raises(UserError) as told:
        containers.up()
    assert "native" not in told.value.reason


def test_an_image_that_cannot_be_built_is_told_with_the_end_of_the_build(
    docker: StandIn, containers: Containers
) -> None:
    docker.answer({"build": {"status": 1, "err": "#9 ERROR: no route to host\n"}})
    with pytest.raises(UserError, match=r"counterstep:\w+ cannot be built.*native(.|\n)*no route to host"):
        containers.up()
    assert not containers.home.container_files.exists()


def test_images_of_other_names_are_used_and_the_choice_holds(docker: StandIn, containers: Containers) -> None:
    chosen = {"RABBITMQ_IMAGE": "mirror.example.com/rabbitmq:4", "PYTHON_IMAGE": "mirror.example.com/python:3.11"}
    Containers(containers.home.path, containers.ports, {**containers.environment, **chosen}).up()
    docker.answer({"image inspect": {"status": 1}})
    containers.up()
    pulled = {call[-1] for call in docker.calls() if call[0] == "pull"}
    assert pulled >= set(chosen.values())
    assert not any(name.startswith(("rabbitmq:", "python:")) for name in pulled)
    assert (
        "RABBITMQ_IMAGE='mirror.example.com/rabbitmq:4'"
        in (containers.home.container_files / "compose.env").read_text()
    )


def test_a_part_that_is_left_out_is_neither_pulled_nor_shown_nor_watched(
    docker: StandIn, containers: Containers
) -> None:
    docker.answer({"image inspect": {"status": 1}})
    Containers(
        containers.home.path, containers.ports, {**containers.environment, "COUNTERSTEP_WITHOUT": "grafana"}
    ).up()
    assert not any("grafana" in call[-1] for call in docker.calls() if call[0] == "pull")
    assert "grafana" not in {*containers.part_names, *containers.pages, *containers.port_names}
    assert (
        "COMPOSE_PROFILES='postgres-exporter,prometheus,traces'"
        in (containers.home.container_files / "compose.env").read_text()
    )


def test_nothing_leads_to_traces_or_dashboards_that_are_left_out(containers: Containers) -> None:
    chosen = {**containers.environment, "COUNTERSTEP_WITHOUT": "grafana,traces"}
    Containers(containers.home.path, containers.ports, chosen).up()
    settings = [path.read_text() for path in containers.home.container_files.glob("*.env")]
    assert not any("OTEL_" in text or "GRAFANA_URL" in text or "TRACE_UI_URL" in text for text in settings)
    assert not {"otlp", "traces"} & containers.port_names


def test_a_part_that_others_need_cannot_be_left_out(containers: Containers) -> None:
    wrong = {**containers.environment, "COUNTERSTEP_WITHOUT": "payment"}
    with pytest.raises(UserError, match="COUNTERSTEP_WITHOUT names payment; what can be left out is grafana,"):
        Containers(containers.home.path, containers.ports, wrong).up()


def test_each_container_has_its_line_when_it_is_ready(docker: StandIn, containers: Containers) -> None:
    docker.answer({"ps": {"out": container("rabbitmq") + container("order", health="starting")}})
    screen = StringIO()
    containers.up(Progress(Console(file=screen)))
    told = [line.split()[1] for line in screen.getvalue().splitlines()]
    assert told == ["image", "rabbitmq"]


def test_a_port_that_another_program_uses_is_told_and_one_of_our_containers_is_not(
    docker: StandIn, containers: Containers
) -> None:
    containers.up()
    with socket.create_server((LOOPBACK, containers.ports.grafana)):
        with pytest.raises(UserError, match=rf"another program uses {containers.ports.grafana} \(GRAFANA_PORT\)"):
            containers.up()
        docker.answer({"ps": {"out": container("grafana")}})
        containers.up()


def test_what_runs_is_not_moved_to_other_ports(docker: StandIn, containers: Containers) -> None:
    containers.up()
    docker.answer({"ps": {"out": container("order")}})
    moved = Containers(containers.home.path, containers.ports.shifted(1), containers.environment)
    with pytest.raises(UserError, match=r"already running on other ports .* type `make down` first"):
        moved.up()


def test_down_keeps_the_volumes_and_clean_does_not(docker: StandIn, containers: Containers) -> None:
    containers.up()
    containers.down()
    assert words_of(docker, "down")[-2:] == ["down", "--remove-orphans"]
    containers.clean()
    assert docker.calls()[-2][-3:] == ["down", "--remove-orphans", "--volumes"]
    assert docker.calls()[-1] == ["image", "rm", "--force", f"counterstep:{containers.home.fingerprint}"]
    assert not containers.home.path.exists()


def test_a_down_that_docker_refuses_is_told(docker: StandIn, containers: Containers) -> None:
    containers.up()
    docker.answer({"down": {"status": 1, "err": "permission denied\n"}})
    with pytest.raises(UserError, match="permission denied"):
        containers.down()


def test_every_part_has_a_state(docker: StandIn, containers: Containers) -> None:
    containers.up()
    docker.answer({"ps": {"out": container("order") + container("payment", health="starting")}})
    found = {part.name: part for part in asyncio.run(containers.part_statuses())}
    assert list(found) == parts()
    assert found["order"].usable
    assert found["order"].process
    assert found["order"].process.up_for == "2 minutes"
    assert found["payment"].missing == "starting"
    assert not found["grafana"].usable


def test_the_logs_of_one_part_are_docker_s(containers: Containers) -> None:
    command = containers.log_command("payment", lines=5, follow=True)
    assert command[:3] == ["docker", "compose", "--ansi=never"]  # else each line begins with an escape sequence
    assert command[-4:] == ["logs", "--tail=5", "--follow", "payment"]
    with pytest.raises(UserError, match="there is no part warehouse; the parts are"):
        containers.log_command("warehouse", lines=5, follow=False)


def test_tls_is_refused(containers: Containers) -> None:
    with pytest.raises(UserError, match="tls: needs native mode"):
        containers.up(tls=True)


def test_replicas_are_refused_before_anything_is_made(docker: StandIn, containers: Containers) -> None:
    with pytest.raises(UserError, match="replicas: need native mode"):
        containers.up(replicas=Replicas.parse("payment=2"))
    assert not containers.home.path.exists()
    assert docker.calls() == []


def test_one_part_is_stopped_and_started_again_without_the_others(docker: StandIn, containers: Containers) -> None:
    containers.up()
    containers.stop("payment")
    containers.start("payment")
    stopped, started = docker.calls()[-2:]
    assert stopped[stopped.index("stop") :] == ["stop", "payment"]
    assert started[started.index("up") :] == [
        *("up", "--detach", "--no-deps", "--wait", "--wait-timeout", "300", "payment")
    ]
