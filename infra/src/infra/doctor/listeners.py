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
    forbidden, taken = stack.ports.forbidden(names), stack.ports.taken(names)
    for name, port in forbidden.items():
        yield _only_for_root(name, port)
    foreign = {name: port for name, port in taken.items() if not _is_ours(stack, holders.get(port, []))}
    for name, port in foreign.items():
        others = (holder for holder in holders.get(port, []) if not stack.owns(holder))
        yield _in_use(name, port, next(others, None))
    if not foreign and not forbidden:
        yield fine("ports", f"{len(names)} needed, {len(taken)} already used by this deployment, the others free")


def _is_ours(stack: Deployment, holders: list[psutil.Process]) -> bool:
    return bool(holders) and all(map(stack.owns, holders))


def _only_for_root(name: str, port: int) -> Finding:
    move = f"choose a higher one: `make up {variable(name)}={port + 8_000}`"
    return broken(f"port {port}", f"{name} needs it, but only root may listen on it", move)


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


def _holders() -> dict[int, list[psutil.Process]]:
    """The processes that listen, by port, as far as this user may see them; each address may have its own."""
    found: dict[int, list[psutil.Process]] = {}
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:  # macOS shows them to its administrator only
        return found
    for each in connections:
        if each.status == psutil.CONN_LISTEN and each.laddr and each.pid and psutil.pid_exists(each.pid):
            found.setdefault(each.laddr.port, []).append(psutil.Process(each.pid))
    return found
