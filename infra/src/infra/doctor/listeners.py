"""Examines the ports: each is free, ours, or used by another program, which is named."""

from collections.abc import Iterator

import psutil

from infra.doctor.finding import Finding, broken, fine
from infra.launcher import Deployment
from infra.machine.ports import variable


def examine(stack: Deployment) -> Iterator[Finding]:
    """Examine every port of this deployment."""
    names = sorted(stack.port_names)
    holders = _holders()
    taken = stack.ports.taken(names)
    foreign = {name: port for name, port in taken.items() if not stack.owns(holders.get(port))}
    for name, port in foreign.items():
        yield _in_use(name, port, holders.get(port))
    if not foreign:
        yield fine("ports", f"{len(names)} needed, {len(taken)} already used by this deployment, the others free")


def _in_use(name: str, port: int, holder: psutil.Process | None) -> Finding:
    who, stop = _identity(holder)
    move = f"use another port: `make up {variable(name)}={port + 1_000}` (or all: PORT_OFFSET=1000)"
    return broken(f"port {port}", f"{name} needs it, but {who} uses it", f"{stop}, or {move}")


def _identity(holder: psutil.Process | None) -> tuple[str, str]:
    if holder is None:
        return "a program of another user", "stop it"
    try:
        return f"{holder.name()} (pid {holder.pid})", f"stop it: kill {holder.pid}"
    except psutil.NoSuchProcess:
        return "a program that has just ended", "check again: `saga doctor`"


def _holders() -> dict[int, psutil.Process]:
    """The processes that listen, by port, as far as this user may see them."""
    found: dict[int, psutil.Process] = {}
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:  # macOS shows them to its administrator only
        return found
    for each in connections:
        if each.status == psutil.CONN_LISTEN and each.laddr and each.pid and psutil.pid_exists(each.pid):
            found[each.laddr.port] = psutil.Process(each.pid)
    return found
