"""The settings of the trace sink."""

from pathlib import Path
from typing import Annotated

from counterstep.http.settings import EnvironmentSettings
from pydantic import Field

Port = Annotated[int, Field(ge=0, le=65535)]


class TraceSinkSettings(EnvironmentSettings):
    """It listens on loopback alone: it asks nobody who they are."""

    otlp_port: Port = 4318
    traces_port: Port = 16686
    traces_file: Path
    console_url: str | None = None
    """Where the console answers; a saga's trace then leads to the saga's page."""
    traces_most_spans: int = Field(default=200_000, ge=1)
    """Of these the oldest traces are dropped, each as a whole."""

    traces_most_bytes: int = Field(default=256 * 1024 * 1024, ge=1024 * 1024)
    """Of the spans in the file, with what they are searched by. Beyond it the oldest traces are dropped, too."""
