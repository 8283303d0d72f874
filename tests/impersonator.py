"""A broker user of the tests that may send in any service's name, as RabbitMQ permits with a tag.

Every message names its sender, and the broker checks that name. So a test that copies the messages of others, or
that plays a service, needs this user.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from contracts.topology import SHOP
from infra.launcher.native.stack import Stack
from yarl import URL

EVERYTHING: Final = {"configure": ".*", "write": ".*", "read": ".*"}


@asynccontextmanager
async def impersonator(stack: Stack, virtual_host: str = SHOP.name) -> AsyncIterator[str]:
    """The AMQP address of such a user, which exists during the block."""
    name, password = f"impersonator.{secrets.token_hex(4)}", secrets.token_hex(16)
    async with stack.broker.management() as management:
        user = {"password": password, "tags": "impersonator"}
        (await management.put(f"/api/users/{name}", json=user)).raise_for_status()
        try:
            permission = f"/api/permissions/{virtual_host}/{name}"
            (await management.put(permission, json=EVERYTHING)).raise_for_status()
            admin = URL(stack.amqp_url).with_path(f"/{virtual_host}", keep_query=True)
            yield str(admin.with_user(name).with_password(password))
        finally:
            await management.delete(f"/api/users/{name}")
