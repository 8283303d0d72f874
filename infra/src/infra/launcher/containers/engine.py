"""The Docker engine of this machine, spoken to by its own command."""

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence

from infra.machine.user_error import UserError

TIMEOUT = 15  # seconds; an engine that is elsewhere and gone may never answer
OLDEST_ENGINE = (25, 0)
"""The first that has a health check interval of its own while a container starts (`start_interval`)."""
OLDEST_COMPOSE = (2, 24)
ENGINE_VERSION = ("docker", "version", "--format", "{{.Server.Version}}")
COMPOSE_VERSION = ("docker", "compose", "version", "--short")


def installed(environment: Mapping[str, str]) -> bool:
    """Tell whether there is a `docker` command, whatever it can do."""
    return shutil.which("docker", path=environment.get("PATH", "")) is not None


def problem(environment: Mapping[str, str]) -> str | None:
    """Tell why nothing can run in containers here, in a few words; `None` if engine and Compose will do."""
    if not installed(environment):
        return "there is no `docker` command"
    engine, complaint = _version(ENGINE_VERSION, environment)
    if engine is None:
        return f"no Docker engine answers ({complaint})" if complaint else "no Docker engine answers"
    if _is_older(engine, OLDEST_ENGINE):
        return f"the Docker engine is {engine}, and containers need {_dotted(OLDEST_ENGINE)} or newer"
    compose, _ = _version(COMPOSE_VERSION, environment)
    if compose is None:
        return f"Docker {engine} answers, but without `docker compose`; install its plugin for Compose 2"
    if _is_older(compose, OLDEST_COMPOSE):
        return f"Docker Compose is {compose}, and containers need {_dotted(OLDEST_COMPOSE)} or newer"
    return None


def versions(environment: Mapping[str, str]) -> str:
    """Name the engine and Compose that answer."""
    engine, compose = (_version(question, environment)[0] for question in (ENGINE_VERSION, COMPOSE_VERSION))
    return f"Docker {engine}, Compose {compose}"


def holds_image(name: str, environment: Mapping[str, str]) -> bool:
    """Tell whether the engine has an image of this name."""
    return _run(("docker", "image", "inspect", "--format", "{{.Id}}", name), environment).returncode == 0


def ask(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return what a command answers. Raises UserError with what it complained of."""
    done = _run(command, environment)
    if done.returncode:
        raise UserError("docker", f"`{' '.join(command[:2])} … {command[-1]}` failed", done.stderr)
    return done.stdout


def _run(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - `docker`
    except OSError as error:
        raise UserError("docker", f"cannot be run: {error.strerror}") from None


def _version(question: Sequence[str], environment: Mapping[str, str]) -> tuple[str | None, str]:
    """The version that answers, or None; and what it complains of instead."""
    try:
        done = subprocess.run(  # noqa: S603 - `docker`
            question, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return None, f"it says nothing for {TIMEOUT} s"
    except OSError as error:
        return None, str(error.strerror)
    complaint = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "")
    return (done.stdout.strip() or "of unknown version", "") if done.returncode == 0 else (None, complaint)


def _is_older(version: str, oldest: tuple[int, ...]) -> bool:
    """A version without numbers is one that somebody built: it is taken as new enough."""
    found = re.search(r"(\d+)\.(\d+)", version)
    return found is not None and tuple(map(int, found.groups())) < oldest


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
