"""`saga doctor`, on a stack that is well and on one that is not."""

import asyncio
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from command import saga
from infra.launcher.native.stack import Stack
from infra.machine.loopback import LOOPBACK
from infra.machine.private_file import write_private
from outages import stopped
from shop import Shop


@contextmanager
def wrong(stack: Stack, secret: str) -> Iterator[None]:
    """Inside the block the secret's file holds another."""
    path = stack.home.secret_path(secret)
    right = path.read_text()
    write_private(path, "wrong, and as long as a secret must be")
    try:
        yield
    finally:
        write_private(path, right)


async def examined(stack: Stack) -> tuple[int, dict[str, Any]]:
    """The exit code, and what is broken, by its subject."""
    result = await saga(stack, "doctor", "--json")
    findings = json.loads(result.output)
    return result.exit_code, {each["subject"]: each for each in findings if each["verdict"] == "broken"}


async def test_a_healthy_system_has_nothing_to_fix(stack: Stack) -> None:
    result = await saga(stack, "doctor")
    assert result.exit_code == 0, result.output
    assert "Nothing to fix." in result.output


async def test_a_taken_port_a_missing_broker_and_a_wrong_secret_are_each_named_with_their_fix(
    shop: Shop, stack: Stack
) -> None:
    async with stopped(shop, "rabbitmq"):
        with socket.create_server((LOOPBACK, stack.ports.amqp)), wrong(stack, "database.inventory"):
            exit_code, broken = await examined(stack)
    assert exit_code == 1
    assert broken.keys() == {f"port {stack.ports.amqp}", "rabbitmq", "secret database.inventory"}
    port, broker, secret = (broken[subject] for subject in sorted(broken))
    assert f"(pid {os.getpid()})" in port["told"]
    assert f"AMQP_PORT={stack.ports.amqp + 1_000}" in port["cure"]
    assert "make up" in broker["cure"]
    assert "make down up" in secret["cure"]


async def test_every_wrong_secret_is_found_by_trying_it(stack: Stack) -> None:
    for secret in ("jwt", "broker.admin", "broker.payment", "database.postgres"):
        with wrong(stack, secret):
            exit_code, broken = await examined(stack)
        assert (exit_code, set(broken)) == (1, {f"secret {secret}"})


async def test_a_lost_secret_is_reported_and_not_replaced(stack: Stack) -> None:
    path = stack.home.secret_path("broker.admin")
    right = path.read_text()
    path.unlink()
    try:
        exit_code, broken = await examined(stack)
        assert (exit_code, set(broken)) == (1, {"secret broker.admin"})
        assert "saga reset" in broken["secret broker.admin"]["cure"]
        assert not path.exists()
    finally:
        await asyncio.to_thread(write_private, path, right)
