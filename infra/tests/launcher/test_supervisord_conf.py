import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from infra.components.process_spec import ProcessSpec, StartOrder
from infra.launcher.native.supervisord_conf import render
from infra.machine.home import Home
from supervisor.options import ServerOptions


async def nothing_missing() -> None:
    return None


def part(name: str, start_order: StartOrder, **more: object) -> ProcessSpec:
    defaults = {"command": ("/bin/true",), "ports": (), "address": "", "missing": nothing_missing}
    return ProcessSpec(name=name, start_order=start_order, **{**defaults, **more})  # type: ignore[arg-type] # any field, by name


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "a home with spaces")
    home.create()
    yield home
    home.remove()


def read_by_supervisor(home: Home, *parts: ProcessSpec) -> ServerOptions:
    path = home.path / "supervisord.conf"
    path.write_text(render(home, parts))
    options = ServerOptions()
    options.realize(["--configuration", str(path)])
    return options


def everything(**more: object) -> tuple[ProcessSpec, ...]:
    return (
        part("epmd", StartOrder.NAMES),
        part("postgres", StartOrder.STORES, **more),
        part("order", StartOrder.SERVICES),
    )


def test_services_stop_before_the_stores_they_stand_on(home: Home) -> None:
    groups = read_by_supervisor(home, *everything()).process_group_configs
    last_to_stop_first = sorted(groups, key=lambda group: group.priority)
    assert [group.name for group in last_to_stop_first] == ["names", "stores", "services"]


def test_a_replica_is_a_group_by_itself_and_stops_before_the_stores(home: Home) -> None:
    replicas = (part("order-2", StartOrder.REPLICAS), part("order-3", StartOrder.REPLICAS))
    groups = read_by_supervisor(home, *everything(), *replicas).process_group_configs
    assert {group.name for group in groups if group.priority > StartOrder.STORES} == {
        "services",
        "order-2",
        "order-3",
    }


def test_nothing_starts_before_it_is_told_to(home: Home) -> None:
    groups = read_by_supervisor(home, *everything()).process_group_configs
    assert not any(program.autostart for group in groups for program in group.process_configs)


def test_whatever_ends_is_started_again(home: Home) -> None:
    groups = read_by_supervisor(home, *everything()).process_group_configs
    assert all(program.autorestart for group in groups for program in group.process_configs)


@pytest.mark.parametrize("name", ["für uns", "Заказы", 'the "first"', "it's", "a ;b", "a #b", "50%"])
def test_a_home_arrives_by_a_plain_name_whatever_its_own_is(tmp_path: Path, name: str) -> None:
    home = Home(tmp_path / name)
    home.create()
    command, environment = ("/bin/true", str(home.path)), {"HOME": str(home.path / "rabbitmq")}
    options = read_by_supervisor(home, *everything(command=command, environment=environment))
    [postgres] = next(group for group in options.process_group_configs if group.name == "stores").process_configs
    assert Path(shlex.split(postgres.command)[1]).samefile(home.path)
    assert Path(postgres.environment["HOME"]).parent.samefile(home.path)
    assert Path(postgres.stdout_logfile).parent.samefile(home.logs)
    home.remove()
    assert not home.alias.link.is_symlink()


def test_commands_and_environments_arrive_as_they_were_written(home: Home) -> None:
    environment = {"ARGUMENTS": "-kernel inet_dist_use_interface {127,0,0,1}", "SHARE": "50%"}
    command = ("/a path/with spaces", "--share=50%")
    options = read_by_supervisor(home, *everything(command=command, environment=environment))
    [postgres] = next(group for group in options.process_group_configs if group.name == "stores").process_configs
    assert postgres.command == "'/a path/with spaces' --share=50%"
    assert postgres.environment == environment
