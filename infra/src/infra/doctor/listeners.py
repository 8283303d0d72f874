"""The ports: whether each is free or ours, and who has it where it is neither."""

from collections.abc import Iterator

import psutil

from infra.doctor.finding import Finding, broken, fine
from infra.launcher import Deployment
from infra.machine.ports import variable


def examine(stack: Deployment) -> Iterator[Finding]:
    """Look at every port of this stack."""
    names = sorted(stack.port_names)
    holders = _holders()
    taken = stack.ports.taken(names)
    foreign = {name: port for name, port in taken.items() if not stack.owns(holders.get(port))}
    for name, port in foreign.items():
        yield _in_use(name, port, holders.get(port))
    if not foreign:
        yield fine("ports", f"{len(names)} needed, {len(taken)} ours already, the others free")


def _in_use(name: str, port: int, holder: psutil.Process | None) -> Finding:
    who, stop = _identity(holder)
    move = f"move ours: make up {variable(name)}={port + 1_000} (or all: PORT_OFFSET=1000)"
    return broken(f"port {port}", f"{name} needs it, and {who} has it", f"{stop}, or {move}")


def _identity(holder: psutil.Process | None) -> tuple[str, str]:
    if holder is None:
        return "a program of another user", "stop it"
    try:
        return f"{holder.name()} (pid {holder.pid})", f"stop it: kill {holder.pid}"
    except psutil.NoSuchProcess:
        return "a program that has just ended", "look again"


def _holders() -> dict[int, psutil.Process]:
    """Who listens on which port, as far as we may see it."""
    found: dict[int, psutil.Process] = {}
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:  # macOS tells its administrator only
        return found
    for each in connections:
        if each.status == psutil.CONN_LISTEN and each.laddr and each.pid and psutil.pid_exists(each.pid):
            found[each.laddr.port] = psutil.Process(each.pid)
    return found
