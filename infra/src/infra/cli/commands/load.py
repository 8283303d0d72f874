"""`saga load`: orders at a steady rate, each followed to its end."""

import asyncio
import getpass
from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import httpx2
import typer
from counterstep.client import AsyncClient
from counterstep.http.roles import Role
from rich.live import Live

from infra.cli.terminal import AsJson, checkout, console, operator
from infra.launcher import Deployment
from infra.load import Measurements, Mix, Planned, Running, fill, plan, report, screen, verdict
from infra.machine.terminal import write_json

SLOWEST_ANSWER = 10  # seconds
LARGEST_SEED = 2**63 - 1


def load(
    *,
    rate: Annotated[float, typer.Option(min=0.1, max=2_000, help="Orders per second.")] = 50,
    seconds: Annotated[float, typer.Option(min=1, max=3_600, help="The duration in seconds.")] = 30,
    mix: Annotated[
        str, typer.Option(help="The relative share of each outcome among the orders.")
    ] = "confirmed=80,no_stock=10,no_money=10",
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="The same seed makes the same orders.")] = 7,
    json: AsJson = False,
) -> None:
    """Place orders at a fixed rate. Exits with 1 if an order does not end as planned."""
    try:
        chosen = Mix.parse(mix)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--mix") from None
    planned = plan(rate=rate, seconds=seconds, mix=chosen, seed=seed)
    if not json:
        console.print(f"{len(planned):,} orders in {seconds:g} s, seed {seed}: {mix}\n")
    watched = console.is_terminal and not json
    with checkout() as stack:
        fill(operator(stack), planned)
        measurements = Measurements(planned, datetime.now(UTC))
        with Live(console=console, auto_refresh=False) if watched else nullcontext() as live:
            interrupted = _interrupted(_run(stack, planned, measurements, partial(_show, live)))
    if json:
        write_json(report(measurements).model_dump_json(indent=2))
    else:
        console.print(*([] if watched else [screen(measurements)]), verdict(measurements), sep="\n")
    raise typer.Exit(130 if interrupted else 0 if measurements.well else 1)


def _interrupted(work: Coroutine[None, None, None]) -> bool:
    """Run the load. Returns whether Ctrl-C stopped it early; the measurements up to then are kept."""
    try:
        asyncio.run(work)
    except KeyboardInterrupt:
        return True
    return False


def _show(live: Live | None, measurements: Measurements) -> None:
    if live:
        live.update(screen(measurements), refresh=True)


async def _run(
    stack: Deployment, planned: list[Planned], measurements: Measurements, show: Callable[[Measurements], None]
) -> None:
    token = stack.token(Role.OPERATOR, getpass.getuser())
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=100)
    async with AsyncClient(
        stack.urls, token, verify=stack.home.tls.context(), timeout=SLOWEST_ANSWER, limits=limits
    ) as client:
        await Running(client, show).go(planned, measurements)
