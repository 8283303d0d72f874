"""What no engine is needed for to see that `compose.yaml` is right."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from compose_file import DOCUMENT, RUN, SERVICES
from contracts.topology import SERVICES as OURS
from contracts.topology import SHOP
from infra.components.console import CONSOLE
from infra.components.postgres.databases import SUPERUSER_SECRET, WATCHER_SECRET
from infra.components.service import Service
from infra.launcher.containers import compose
from infra.launcher.containers import files as container_files
from infra.launcher.containers.containers import INSIDE_ONLY, SETUP
from infra.machine.home import Home
from infra.machine.ports import Ports, variable

EVERY = pytest.mark.parametrize("name", SERVICES)
PUBLISHED = re.compile(r"127\.0\.0\.1:\$\{(\w+):\?}:(\d+)")
CHOSEN = re.compile(r"\$\{(\w+)_IMAGE:-([^}]+)\}")
PINNED = re.compile(r"[\w./-]+:v?\d+\.\d+(\.\d+)?(-\w+)?(@sha256:[0-9a-f]{64})?")
VARIABLE = re.compile(r"\$\{(\w+):\?}")


@pytest.fixture
def rendered(tmp_path: Path) -> Path:
    """The folder of a home whose files are written."""
    home = Home(tmp_path)
    container_files.write(home, Ports(), {})
    return home.container_files


def mounts(service: dict[str, Any]) -> dict[str, list[str]]:
    """The names of the secrets and configs that a service is given."""
    return {
        kind: [each if isinstance(each, str) else each["source"] for each in service.get(kind, [])]
        for kind in ("secrets", "configs")
    }


def test_it_keeps_to_the_compose_specification() -> None:
    check = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        str(compose.FILE),
    ]
    done = subprocess.run(check, capture_output=True, text=True, check=False)  # noqa: S603 - our own interpreter
    assert done.returncode == 0, done.stdout


@EVERY
def test_every_image_is_pinned_and_can_be_replaced_or_is_built_here_and_never_pulled(name: str) -> None:
    service = SERVICES[name]
    if service["image"] == "counterstep:${COUNTERSTEP_STACK:?}":
        assert service["pull_policy"] == "never"
        return
    chosen = CHOSEN.fullmatch(service["image"])
    assert chosen
    assert chosen[1] == name.replace("-", "_").upper()
    assert PINNED.fullmatch(chosen[2])


def test_a_part_that_can_be_left_out_is_one_that_no_other_needs() -> None:
    optional = {name for name, service in SERVICES.items() if "profiles" in service}
    assert optional == {"traces", "prometheus", "postgres-exporter", "grafana"}
    assert all(SERVICES[name]["profiles"] == [name] for name in optional)
    assert not optional & {need for service in SERVICES.values() for need in service.get("depends_on", {})}


@EVERY
def test_no_container_asks_for_more_open_files_than_an_engine_may_allow(name: str) -> None:
    assert "ulimits" not in SERVICES[name]


@pytest.mark.parametrize(("wanted", "taken"), [(65536, 1024), (512, 512)])
def test_the_broker_takes_as_many_files_as_it_needs_or_as_are_allowed(
    wanted: int, taken: int, tmp_path: Path
) -> None:
    (tmp_path / "rabbitmq-server").write_text("#!/bin/sh\nulimit -S -n\n")
    (tmp_path / "rabbitmq-server").chmod(0o755)
    shell, option, script = SERVICES["rabbitmq"]["command"]
    script = script.replace("$$", "$").replace("65536", str(wanted))
    limited = f"ulimit -S -n 256; ulimit -H -n 1024; exec {shell} {option} '{script}'"
    done = subprocess.run(  # noqa: S603 - our own command
        ["/bin/sh", "-c", limited],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == taken


@EVERY
def test_every_container_may_do_as_little_as_it_can(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["user"].partition(":")[0] not in {"", "0", "root"}


@EVERY
def test_every_container_is_bounded_and_watched(name: str) -> None:
    service = SERVICES[name]
    assert service["deploy"]["resources"]["limits"].keys() >= {"cpus", "memory"}
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert service["init"] is True
    assert service["restart"] == ("no" if name == SETUP else "unless-stopped")
    assert service["healthcheck"].get("test") or name == SETUP


def test_every_port_is_published_on_loopback_where_it_is_natively() -> None:
    published = [PUBLISHED.fullmatch(port) for service in SERVICES.values() for port in service.get("ports", [])]
    assert all(published)
    found = {match[1]: int(match[2]) for match in published if match}
    assert found == {variable(name): port for name, port in Ports() if name not in INSIDE_ONLY}


def test_every_variable_is_rendered_and_has_no_second_default(rendered: Path) -> None:
    text = "\n".join(line.partition(" #")[0] for line in compose.FILE.read_text().splitlines()[3:])
    told = dict(line.split("=", 1) for line in (rendered / container_files.VARIABLES).read_text().splitlines())
    assert set(VARIABLE.findall(text)) <= told.keys()
    assert text.count("${") == len(VARIABLE.findall(text)) + len(CHOSEN.findall(text))


@pytest.mark.parametrize("kind", ["secrets", "configs"])
def test_what_is_mounted_is_there_and_what_is_there_is_mounted(kind: str, rendered: Path) -> None:
    files = {name: each["file"].replace(RUN + "/docker", str(rendered)) for name, each in DOCUMENT[kind].items()}
    assert not [file for file in files.values() if not Path(file).is_file()]
    assert files.keys() == {name for service in SERVICES.values() for name in mounts(service)[kind]}


def test_nothing_is_rendered_that_nobody_reads(rendered: Path) -> None:
    folders = {"grafana"}  # mounted as folders
    read = {Path(each["file"]).name for kind in ("secrets", "configs") for each in DOCUMENT[kind].values()}
    assert {path.name for path in rendered.iterdir()} - read == {container_files.VARIABLES, *folders}


def test_what_holds_a_secret_is_mounted_as_one(rendered: Path) -> None:
    secrets = {path.read_bytes() for path in (rendered.parent / "secrets").iterdir()}
    telling = {
        path.name
        for path in rendered.rglob("*")
        if path.is_file() and any(secret in path.read_bytes() for secret in secrets)
    }
    assert telling == DOCUMENT["secrets"].keys()


def test_the_setup_finds_all_that_it_reads_where_it_looks() -> None:
    given = SERVICES[SETUP]["secrets"]
    owners = {f"{kind}.{name}" for kind in ("broker", "database") for name in OURS}
    keys = {"broker.admin", f"broker.{SHOP.watcher}", SUPERUSER_SECRET, WATCHER_SECRET}
    assert {each for each in given if isinstance(each, str)} == owners | keys
    inside = {Path(each["target"]): each["source"] for each in given if not isinstance(each, str)}
    assert inside == {Service(name, 0, Home(Path("/run"))).env_file: f"{name}.env" for name in OURS}


def test_only_the_setup_is_given_the_keys_to_everything() -> None:
    with_broker_s_key = [
        name for name, service in SERVICES.items() if "broker.admin" in mounts(service)["secrets"]
    ]
    assert with_broker_s_key == [SETUP]
    assert all(mounts(SERVICES[name])["secrets"] == [f"{name}.env"] for name in (*OURS, CONSOLE))


def test_every_folder_that_is_mounted_is_there(rendered: Path) -> None:
    mounted = [volume.split(":/")[0] for service in SERVICES.values() for volume in service.get("volumes", [])]
    ours = [folder for folder in mounted if folder.startswith(RUN)]
    assert ours
    assert all(any(Path(folder.replace(RUN + "/docker", str(rendered))).iterdir()) for folder in ours)
    assert {folder for folder in mounted if folder not in ours} == DOCUMENT["volumes"].keys()


def test_the_services_start_once_the_setup_has_done_its_work() -> None:
    for name in (*OURS, CONSOLE):
        assert SERVICES[name]["depends_on"][SETUP]["condition"] == "service_completed_successfully"
