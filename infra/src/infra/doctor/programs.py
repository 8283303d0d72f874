"""Examines the programs that are not part of this checkout: required and optional ones."""

import os
import platform
import re
import shlex
import shutil
from collections.abc import Iterator, Mapping

from infra.components.postgres import bundled
from infra.components.postgres import programs as postgres_programs
from infra.components.rabbitmq import programs as rabbitmq_programs
from infra.components.traces import JAEGER_BIN
from infra.doctor.finding import Finding, broken, fine, optional
from infra.launcher import engine
from infra.machine.packages import Package

OLDEST_RABBITMQ = (3, 10)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def native(environment: Mapping[str, str], *, tls: bool) -> Iterator[Finding]:
    """Examine what native mode needs. Raises UserError if a variable names programs that do not exist."""
    yield _rabbitmq()
    elsewhere = postgres_programs.elsewhere(environment, tls=tls)
    major = postgres_programs.major(elsewhere or bundled.programs())
    yield fine("postgres", f"version {major}, {f'in {elsewhere}' if elsewhere else 'from the Python package'}")


def docker(environment: Mapping[str, str], *, needed: bool) -> Finding:
    """Look for a Docker engine that is new enough."""
    missing = engine.problem(environment)
    if missing is None:
        return fine("docker", f"{engine.versions(environment)}, new enough for containers")
    fix = "start Docker, install or update it: docs/docker.md"
    if needed:
        return broken("docker", missing, fix)
    return optional("docker", f"{missing}; everything runs natively", fix)


def recommended(environment: Mapping[str, str], *, native: bool) -> Iterator[Finding]:
    """Examine optional programs: where a stack runs natively, Jaeger, too; in containers it has an image."""
    if not native:
        yield fine("jaeger", "the container `traces` runs it, unless it is left out")
    elif jaeger := shutil.which(environment.get(JAEGER_BIN) or "jaeger", path=environment.get("PATH")):
        yield fine("jaeger", jaeger)
    else:
        yield optional(
            "jaeger", "not installed: the built-in trace sink replaces it", f"set {JAEGER_BIN} to its path"
        )
    if browser := next(filter(None, map(shutil.which, BROWSERS)), None):
        yield fine("browser", browser)
    else:
        yield optional("browser", "no chromium: the pages' tests are skipped", _install("chromium"))


def version_in(text: str) -> tuple[int, ...] | None:
    """The first version that a text names, such as `3.10.8`."""
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return tuple(int(number) for number in found.groups() if number) if found else None


def dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def too_old(version: tuple[int, ...]) -> Finding | None:
    """The finding for a broker that is too old; `None` if it is recent enough."""
    if version >= OLDEST_RABBITMQ:
        return None
    detail = f"version {dotted(version)}; {dotted(OLDEST_RABBITMQ)} or later is required"
    return broken("rabbitmq", detail, "install a newer version: www.rabbitmq.com/docs/download")


def _rabbitmq() -> Finding:
    package = rabbitmq_programs.PACKAGE
    folder = rabbitmq_programs.folder()
    if not rabbitmq_programs.installed():
        return broken("rabbitmq", f"its programs are not in {folder}", _how_to_get(package))
    version = version_in(str((folder / "rabbitmq-server").resolve()))
    if version is None:
        return fine("rabbitmq", f"in {folder}")
    return too_old(version) or fine("rabbitmq", f"version {dotted(version)}, in {folder}")


def _how_to_get(package: Package) -> str:
    if platform.system() == "Darwin":
        return f"type: brew install {package.formula}"
    return f"type `make up` as root, or: {shlex.join(package.installer(as_root=os.geteuid() == 0))}"


def _install(package: str) -> str:
    return f"{'' if os.geteuid() == 0 else 'sudo '}apt-get install {package}"
