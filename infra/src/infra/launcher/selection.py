"""Which way to run: in containers where a Docker engine answers, natively where none does."""

import os
from collections.abc import Mapping
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
WAYS: Mapping[str, type[Deployment]] = {"native": Stack, "docker": Containers}


def select_backend(environment: Mapping[str, str] = os.environ, *, starting: bool = False) -> Deployment:
    """Return the stack of this checkout; COUNTERSTEP_RUN names another folder for it than `.run`.

    Where it is about to start for the first time, its way to run is chosen. Raises UserError where a variable is
    wrong, or the stack is another user's.
    """
    home = Home(Path(environment.get("COUNTERSTEP_RUN", CHECKOUT / ".run")).absolute())
    home.check_owner()
    way = _choose(home, environment) if starting else _way_of(home) or "native"
    return WAYS[way](home.path, Ports.resolve(environment, home.ports), environment)


def _way_of(home: Home) -> str | None:
    """The way that made this home's data, which no other way can read."""
    if home.container_files.exists():
        return "docker"
    return "native" if home.ports.exists() else None


def _choose(home: Home, environment: Mapping[str, str]) -> str:
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
    if engine.answers(environment):
        return "docker"
    if way is None:
        return "native"
    raise UserError(
        "docker", "no engine answers with `docker compose`; start Docker, or leave COUNTERSTEP_MODE out"
    )
