"""Whether a program may listen on a port of this machine, and whether another one does."""

import errno
import socket

from infra.machine.loopback import LOOPBACK

ADDRESSES = ((socket.AF_INET, LOOPBACK), (socket.AF_INET6, "::1"))
"""Browsers try the second one first for `localhost`: a program there would answer in our place."""


def is_taken(port: int) -> bool:
    """Another program listens on this port of a loopback address."""
    return any(_obstacle(*address, port) == errno.EADDRINUSE for address in ADDRESSES)


def is_forbidden(port: int) -> bool:
    """This user may not listen on this port; root may."""
    return _obstacle(*ADDRESSES[0], port) in {errno.EACCES, errno.EPERM}


def _obstacle(family: socket.AddressFamily, address: str, port: int) -> int | None:
    """The number of the error that listening there ends in."""
    try:
        with socket.socket(family) as probe:
            # As servers do: a port that only waits out its last connections is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError as error:  # also where the system has no such addresses
        return error.errno
    return None
