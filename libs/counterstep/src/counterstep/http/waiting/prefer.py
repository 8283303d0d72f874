"""The request header `Prefer` (RFC 7240), as far as a service honours it: `Prefer: wait=10`."""

import re
from collections.abc import Iterable
from typing import Final

LONGEST_WAIT_SECONDS: Final = 60
"""A client that asks for more is answered after this time."""

_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_WAIT: Final = re.compile(r'\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;.*)?', re.IGNORECASE | re.DOTALL)


def wait_seconds(headers: Iterable[str]) -> int:
    """For how many seconds the client is ready to wait; 0 where it did not ask.

    RFC 7240: of several `wait` the first counts, and what cannot be understood is ignored.

    >>> wait_seconds(["respond-async, wait=10"])
    10
    """
    for header in headers:
        for preference in _unquoted(header).split(","):
            if found := _WAIT.fullmatch(preference):
                return min(int(found[1]), LONGEST_WAIT_SECONDS)
    return 0


def _unquoted(header: str) -> str:
    """The header without the quoted texts that a comma could hide in; quoted digits stay."""
    return _QUOTED.sub(lambda quoted: quoted[0] if quoted[0].strip('"').isdigit() else '""', header)
