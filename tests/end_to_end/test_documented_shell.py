"""The commands in README and the documents, typed on a running system, in one shell for each document."""

import asyncio
import os
import re
import shlex
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from pathlib import Path
from typing import Final

import asyncpg
import pytest
from counterstep.http.roles import Role
from documented import DOCUMENTS, blocks, name, shell
from infra.demo import orders, seeding
from infra.launcher.native.stack import Stack
from infra.machine.checkout import CHECKOUT
from infra.machine.ports import Ports
from poison import INCOMPLETE, dead_letter, publish
from shop import Shop

PRELUDE: Final = """
set -euo pipefail
curl() { command curl --fail-with-body "$@"; }
"""
SHOWS: Final = re.compile(r"(?P<command>.+?) +# → (?P<shown>[^,]+)")
HOME: Final = re.compile(r"(?<![\w/])\.run(?=/)")
ADDRESS: Final = re.compile(r"\b(localhost|127\.0\.0\.1):(\d+)")


def _begin_anew(stack: Stack) -> None:
    """Put back the prices, the stock and the money that a new shop has: other tests of this stack change them."""
    api = stack.api(Role.OPERATOR, "seed")
    for entry in seeding.entries():
        api.send(entry.service, entry.put)


def _sql(document: Path) -> list[str]:
    return [block.text for block in blocks(document) if block.language == "sql"]


@pytest.fixture
async def reader(stack: Stack, shop: Shop) -> dict[str, str]:
    """What a reader has at hand: this checkout, this stack with a new shop, an order, its saga, a dead letter."""
    await asyncio.to_thread(_begin_anew, stack)
    order = await asyncio.to_thread(orders.place, stack, "ada", {"lamp": 1})
    await shop.ended(str(order.order_id))  # before that, its saga may not have begun
    await shop.saga_ended(str(order.saga_id))
    message_id = await publish(shop, "payment.commands", INCOMPLETE)
    await dead_letter(shop, "payment", message_id, within=60)
    return {
        **os.environ,
        "PATH": f"{CHECKOUT / '.venv/bin'}:{os.environ['PATH']}",
        "COUNTERSTEP_RUN": str(stack.home.path),
        "ORDER": str(order.order_id),
        "SAGA": str(order.saga_id),
        "MESSAGE_ID": message_id,
    }


@pytest.mark.parametrize("document", [each for each in DOCUMENTS if shell(each)], ids=name)
async def test_a_command_in_a_document_works(document: Path, stack: Stack, reader: dict[str, str]) -> None:
    script = "\n".join(_checked(line) for block in shell(document) for line in block.lines)
    exit_code, output = await _run(PRELUDE + _moved(script, stack), reader)
    assert exit_code == 0, f"{name(document)}:\n{output}"


@pytest.mark.parametrize("document", [each for each in DOCUMENTS if _sql(each)], ids=name)
async def test_a_query_in_a_document_is_answered_by_the_database(document: Path, stack: Stack) -> None:
    connection = await asyncpg.connect(stack.database_url("order"))
    try:
        for query in _sql(document):
            assert await connection.fetch(query)
    finally:
        await connection.close()


async def _run(script: str, environment: dict[str, str]) -> tuple[int, str]:
    """The exit code and the output of a shell in this checkout; each line is shown before it runs."""
    process = await asyncio.create_subprocess_exec(
        "bash", "-vc", script, cwd=CHECKOUT, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


def _checked(line: str) -> str:
    """The line, which fails where it does not show what its comment says, up to a comma: `# → confirmed`."""
    if output := SHOWS.match(line):
        return f"{output['command']} | tee /dev/stderr | grep -F -e {shlex.quote(output['shown'])} >/dev/null"
    return line


def _moved(script: str, stack: Stack) -> str:
    """The same text with the ports and the home of this stack in place of those that are usual."""
    ports = {usual: getattr(stack.ports, part) for part, usual in Ports()}
    script = ADDRESS.sub(lambda output: f"{output[1]}:{ports[int(output[2])]}", script)
    return HOME.sub(str(stack.home.path), script)
