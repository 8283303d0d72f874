"""How many files and connections this process may open."""

import resource
from typing import Final

ENOUGH: Final = 65_536
"""More are never used; on some machines the hard limit is a billion, and every new process closes them all."""

OTHER_FILES: Final = 200
"""Logs, libraries, and the connections to the database, the broker and the trace collector."""


def connections_within(most: int) -> int:
    """Raise the soft limit of open files as far as it may go. Returns how many connections then fit, up to `most`.

    A shell's usual soft limit of 1,024 is below what a server needs, and any process may raise it to the hard one.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return most if soft == resource.RLIM_INFINITY else max(1, min(most, soft - OTHER_FILES))
