"""A service's version and summary, read from its installed distribution."""

from importlib.metadata import PackageNotFoundError, metadata
from typing import NamedTuple


class About(NamedTuple):
    """A service's version, and what it does in one sentence."""

    version: str
    summary: str


def about(service: str) -> About:
    """Read them from the distribution of the service's name; a service that is not installed is version 0."""
    try:
        found = metadata(service)
    except PackageNotFoundError:
        return About("0", f"The {service} service.")
    return About(found["Version"], found["Summary"])
