"""Envelopes for tests."""

from uuid import UUID, uuid4

from contracts.payment import VoidPayment
from messaging.envelope import Envelope, Headers, command

SAGA = UUID(int=7)
HEADERS = Headers(step="authorize_payment", direction="compensation", attempt=1, reply_key="orchestrator")


def a_command(headers: Headers = HEADERS) -> Envelope:
    return command(VoidPayment(order_id=uuid4(), customer_id="ada"), saga_id=SAGA, headers=headers)
