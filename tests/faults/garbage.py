"""Kinds of message that nobody can handle, as a broken or a hostile peer would send them."""

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from aio_pika import Message

AUTHORIZE: Final = "payment.authorize_payment.v1"
STEP: Final[Mapping[str, Any]] = {"step": "x", "direction": "forward", "attempt": 1, "reply_key": "orchestrator"}

KINDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "no properties at all": {"message_id": None, "correlation_id": None, "type": None, "headers": None},
    "no sender": {"user_id": None},
    "not JSON": {"body": b"<order/>"},
    "not even text": {"body": b"\xff\xfe\x00\x80"},
    "JSON of another shape": {"body": b"[1, 2, 3]"},
    "a missing field": {"body": b"{}"},
    "an unknown field": {"body": b'{"bribe": 1000000}'},
    "half a character": {"body": b'{"order_id": "\\ud800"}'},
    "brackets without end": {"body": b"[" * 20_000},
    "200 KiB of nothing": {"body": b" " * 200 * 1024},
    "an unknown type": {"type": "payment.print_money.v1"},
    "an unknown version": {"type": "payment.authorize_payment.v99"},
    "a type with a NUL": {"type": "payment\x00"},
    "a message id that is none": {"message_id": "4711"},
    "a saga that is none": {"correlation_id": "none"},
    "no step": {"headers": {}},
    "an attempt before the first": {"headers": {**STEP, "attempt": -7}},
    "a header of another kind": {"headers": {**STEP, "step": {"of": [1, {"deep": "\x00"}]}}},
    "a header with a NUL": {"headers": {**STEP, "step": "x\x00", "reason": "\x00", "origin": "\x00"}},
    "a strange reply address": {"headers": {**STEP, "reply_key": "q|no.such.exchange"}},
    "a wild trace": {"headers": {**STEP, "traceparent": "00-" + "z" * 5_000}},
}


def garbage(kind: str, sender: str) -> Message:
    """One message of this kind, unlike any other in its body."""
    body = json.dumps({"nonce": str(uuid4())}).encode()
    properties = {
        "body": body,
        "message_id": str(uuid4()),
        "correlation_id": str(uuid4()),
        "type": AUTHORIZE,
        "headers": dict(STEP),
        "user_id": sender,
        **KINDS[kind],
    }
    return Message(**properties)
