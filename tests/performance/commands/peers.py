"""Ours beside DBOS and Restate: the same six steps, at the same levels, in turns."""

from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from infra.machine.user_error import UserError

from performance import report
from performance.alternating import Measured
from performance.commands import options
from performance.commands.measuring import OURS, console, measure, private_stack, results
from performance.peers.peer import Peer
from performance.peers.with_dbos import dbos
from performance.peers.with_restate import restate
from performance.results import Level
from performance.round import Load, System


def peers(
    *,
    seconds: options.Seconds = 8,
    rounds: options.Rounds = 3,
    at_once: options.AtOnce = "1,8,32,64,128",
    seed: options.Seed = 7,
    out: options.Out = Path(".bench"),
) -> None:
    """Measure them all, every order confirmed; a peer that cannot be installed is left out."""
    levels: list[Level] = options.levels(at_once)
    load = Load(options.ALL_CONFIRMED, seed, seconds)
    with private_stack(sampled=0.1) as stack, ExitStack() as running:
        others = [peer for each in (dbos(stack), restate()) if (peer := _entered(running, each))]
        systems: list[Measured] = [System(OURS, stack), *others]
        measured = results(stack, load, measure(systems, levels, load, rounds))
    console.print(report.screen(measured))
    for peer in others:
        console.print("", report.at_their_best(measured, OURS, peer.name))
    measured.write(out / "peers.json")


def _entered(running: ExitStack, peer: AbstractContextManager[Peer]) -> Peer | None:
    """Start it; None, and a line that says why, where that cannot be done."""
    try:
        return running.enter_context(peer)
    except UserError as failure:
        console.print(f"{failure.part} {failure.reason}: left out")
        return None
