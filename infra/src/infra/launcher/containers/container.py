"""A container as `docker compose ps --format json` tells of it: one object a line."""

from pydantic import BaseModel, Field, TypeAdapter

from infra.launcher.status import PartStatus, Running


class Publisher(BaseModel, frozen=True):
    """Where a port of a container is published on this machine; port 0 is none."""

    host: str = Field(validation_alias="URL")
    port: int = Field(validation_alias="PublishedPort")


class Container(BaseModel, frozen=True):
    """One container; `health` is empty where it has no check, `status` is for people, such as "Up 5 minutes"."""

    service: str = Field(validation_alias="Service")
    state: str = Field(validation_alias="State")
    health: str = Field(default="", validation_alias="Health")
    exit_code: int = Field(default=0, validation_alias="ExitCode")
    status: str = Field(default="", validation_alias="Status")
    publishers: list[Publisher] | None = Field(default=None, validation_alias="Publishers")

    @property
    def runs(self) -> bool:
        return self.state == "running"

    @property
    def missing(self) -> str | None:
        """The reason why it is not usable yet; `None` if it is ready, or has done its work."""
        if self.state == "exited":
            return f"ended with status {self.exit_code}" if self.exit_code else None
        return None if self.runs and self.health in {"", "healthy"} else self.health or self.state

    @property
    def is_ready(self) -> bool:
        """Whether it can be used, or has done its work; one that was only made waits for others."""
        return self.state != "created" and self.missing is None

    @property
    def address(self) -> str:
        """Where a person finds it."""
        return next((f"{each.host}:{each.port}" for each in self.publishers or () if each.port), "")

    def part_status(self) -> PartStatus:
        up_for = self.status.removeprefix("Up ").partition(" (")[0]
        running = Running(pid=None, up_for=up_for) if self.runs else None
        return PartStatus(name=self.service, address=self.address, process=running, missing=self.missing)


def read(answer: str) -> list[Container]:
    """Read what Compose answered."""
    one = TypeAdapter(Container)
    return [one.validate_json(line) for line in answer.splitlines() if line]
