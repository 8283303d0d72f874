"""The floors below what was measured."""

from statistics import median

from infra.launcher.native.stack import Stack

from performance.floors import broker, database
from performance.results import Floor, Round


async def floors(stack: Stack, rounds: list[Round], *, seconds: float) -> list[Floor]:
    """Do what a saga of these rounds takes, and nothing else."""
    figures = {name: median(each.per_saga[name] for each in rounds) for name in rounds[0].per_saga}
    messages = figures["broker.published"]
    length = round(figures["broker.bytes_in"] / messages)
    work = database.Work(
        commits=figures["postgres.commits"],
        inserted=figures["postgres.inserted"],
        updated=figures["postgres.updated"],
        deleted=figures["postgres.deleted"],
        length=length,
    )
    return [
        await broker.floor(stack, messages=messages, length=length, seconds=seconds),
        await database.floor(stack, work, seconds=seconds),
    ]
