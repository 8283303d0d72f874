"""Which container is to blame where not all of them start, by what the engine knows of each."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, Field, TypeAdapter

SERVICE = "com.docker.compose.service"
"""The label by which Compose names what a container is."""


class Probe(BaseModel, frozen=True):
    """One run of a health check."""

    exit_code: int = Field(validation_alias="ExitCode")
    output: str = Field(default="", validation_alias="Output")


class Health(BaseModel, frozen=True):
    """What the health checks found: `starting`, `healthy` or `unhealthy`, and the last runs."""

    status: str = Field(default="", validation_alias="Status")
    probes: list[Probe] | None = Field(default=None, validation_alias="Log")


class State(BaseModel, frozen=True):
    """A container's state; `error` says why the engine could not start it."""

    status: str = Field(validation_alias="Status")
    exit_code: int = Field(default=0, validation_alias="ExitCode")
    error: str = Field(default="", validation_alias="Error")
    out_of_memory: bool = Field(default=False, validation_alias="OOMKilled")
    health: Health | None = Field(default=None, validation_alias="Health")


class Inspected(BaseModel, frozen=True):
    """A container as `docker container inspect` tells of it."""

    state: State = Field(validation_alias="State")
    restarts: int = Field(default=0, validation_alias="RestartCount")
    config: dict[str, Any] = Field(validation_alias="Config")

    @property
    def service(self) -> str:
        return str(self.config["Labels"][SERVICE])

    @property
    def fault(self) -> tuple[int, str] | None:
        """How surely it is to blame, 0 being the surest, and why; None where it is not.

        One that was made and not started waits for another, and so does, mostly, one that is starting.
        """
        state = self.state
        if state.error:
            return 0, f"the engine cannot start it: {state.error}"
        if state.out_of_memory:
            return 1, "it was ended because it used more memory than its limit allows"
        if state.status == "restarting" or (self.restarts and not self._healthy):
            return 2, f"it ended with status {state.exit_code}, and did so again after {self.restarts} new starts"
        if state.status == "exited" and state.exit_code:
            return 3, f"it ended with status {state.exit_code}"
        if state.health and state.health.status in {"unhealthy", "starting"} and state.status == "running":
            return (4 if state.health.status == "unhealthy" else 5), f"{state.health.status}{self._last_probe}"
        return None

    @property
    def _healthy(self) -> bool:
        return self.state.health is not None and self.state.health.status == "healthy"

    @property
    def _last_probe(self) -> str:
        probes = self.state.health.probes if self.state.health else None
        said = probes[-1].output.strip().splitlines() if probes else []
        return f"; its health check says: {said[-1]}" if said else ""


def read(answer: str) -> list[Inspected]:
    """Read what the engine answered."""
    return TypeAdapter(list[Inspected]).validate_json(answer or "[]")


def blamed(containers: Iterable[Inspected]) -> tuple[str, str] | None:
    """The part that is to blame most surely, and why."""
    found = [(*each.fault, each.service) for each in containers if each.fault]
    if not found:
        return None
    _, reason, service = min(found)
    return service, reason
