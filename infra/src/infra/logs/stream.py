"""The same filter for lines that another program prints, as `docker compose logs` does."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from infra.logs.entry import begins_entry
from infra.logs.wanted import Wanted

PREFIX: Final = re.compile(r"^[\w.-]+ +\| ")
"""The name of the container, which Compose writes before each line."""


def matching_lines(lines: Iterable[str], wanted: Wanted) -> Iterator[str]:
    """The lines of the entries that are wanted, each at once. The lines after a head go with it."""
    shown: dict[str, bool] = {}
    for line in lines:
        prefix = PREFIX.match(line)
        container, text = (prefix[0], line[prefix.end() :]) if prefix else ("", line)
        goes_on = not begins_entry(text) and shown.get(container, False)
        shown[container] = goes_on or wanted.matches(text)
        if shown[container]:
            yield line
