"""Which way to run: in containers where a Docker engine answers, natively where none does."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from infra.launcher.containers import engine
from infra.launcher.containers.containers import Containers
from infra.launcher.deployment import Deployment
from infra.launcher.native.stack import Stack
from infra.machine.checkout import CHECKOUT
from infra.machine.home import Home
from infra.machine.ports import Ports
from infra.machine.user_error import UserError

VARIABLE = "COUNTERSTEP_MODE"
OTHER_WAY = "COUNTERSTEP_MODE=native runs it without them"
WAYS: Mapping[str, type[Deployment]] = {"native": Stack, "docker": Containers}


Tell = Callable[[str], None]


def _tell_nobody(_: str) -> None:
    """For callers that only look at what runs."""


def select_backend(
    environment: Mapping[str, str] = os.environ, *, starting: bool = False, tell: Tell = _tell_nobody
) -> Deployment:
    """Return the stack of this checkout; COUNTERSTEP_RUN names another folder for it than `.run`.

    Where it is about to start for the first time, its way to run is chosen, and `tell` is given the reason. Raises
    UserError where a variable is wrong, or the stack is another user's.
    """
    home = _home(environment)
    home.check_owner()
    way = _choose(home, environment, tell) if starting else _way_of(home) or "native"
    return WAYS[way](home.path, Ports.resolve(environment, home.ports), environment)


def select_to_examine(environment: Mapping[str, str] = os.environ) -> tuple[Deployment, list[UserError]]:
    """The stack of this checkout, whatever is wrong with it, and what is: then with the usual ports."""
    try:
        return select_backend(environment), []
    except UserError as failure:
        reason = failure
    except OSError as error:
        reason = UserError("home", f"{error.filename} cannot be read by you: {error.strerror}")
    home = _home(environment)
    try:
        way = _way_of(home) or "native"
    except OSError:
        way = "native"
    return WAYS[way](home.path, Ports(), environment), [reason]


def _home(environment: Mapping[str, str]) -> Home:
    return Home(Path(environment.get("COUNTERSTEP_RUN") or CHECKOUT / ".run").absolute())


def _way_of(home: Home) -> str | None:
    """The way that made this home's data, which no other way can read."""
    if home.container_files.exists():
        return "docker"
    return "native" if home.ports.exists() else None


def _choose(home: Home, environment: Mapping[str, str], tell: Tell) -> str:
    forced, known = environment.get(VARIABLE), _way_of(home)
    if forced and forced not in WAYS:
        raise UserError("mode", f"{VARIABLE} is {forced!r}; set it to native or docker, or leave it out")
    if forced and known and forced != known:
        raise UserError(
            "mode",
            f"the data here were made in {known} mode; type `make clean` to start"
            f" with new data in {forced} mode, or keep"
            " both with COUNTERSTEP_RUN, set to another folder",
        )
    way = known or forced
    if way == "native":
        return way
    missing = engine.problem(environment)
    if missing is None:
        if way is None:
            tell(f"{engine.versions(environment)}: everything runs in containers. {OTHER_WAY}")
        return "docker"
    if way is None:
        if engine.installed(environment):
            tell(f"everything runs natively, because {missing}")
        return "native"
    ways = "leave COUNTERSTEP_MODE out" if known is None else "type `make clean` to start with new data natively"
    raise UserError("docker", f"{missing}. Start or update Docker (docs/docker.md), or {ways}")
