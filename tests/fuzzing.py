"""Messages that a hostile or a broken peer might write: the same for one seed."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from struct import pack
from typing import Final
from uuid import UUID

from contracts.topology import SHOP
from counterstep.messaging.wire.pack import PACK_TYPE
from counterstep.protocol.headers import LARGEST_BODY
from raw_frames import flagged, long, nested, properties, short, table, text

TYPES: Final = sorted(SHOP.contracts.readers)
TEXTS: Final = (
    b"",
    b"\0" * 100,
    b"caf\xe9",
    b"x" * 255,
    "\N{SNOWMAN}".encode() * 85,
    b"\xed\xa0\x80",
    b"a\r\nb",
    b"'; --",
)
BODIES: Final = (b"", b"{}", b"[" * 20_000, b"\xff\xfe", b'{"order_id": "\\ud800"}', b"null", b"1e999", b"{" * 300)
VALUES: Final = (
    b"V",
    b"t\x07",
    b"b\x80",
    b"l" + pack(">q", 2**63 - 1),
    b"l" + pack(">q", -1),
    b"d" + pack(">d", float("nan")),
    b"f" + pack(">f", float("inf")),
    b"D" + pack(">Bi", 255, -1),
    b"T" + pack(">Q", 2**64 - 1),
    b"x" + long(b"\0\xff"),
    text(b"x" * 300),
    text(b"\xff"),
    text("forward"),
    b"A" + long(b"l" + pack(">q", 1) + b"l" + pack(">q", 2)),
    b"F" + table((b"\xff", b"V")),
    nested(b"F", 700),
    nested(b"A", 700),
    b"?",
)
NAMES: Final = (
    *(
        "causation_id",
        "traceparent",
        "step",
        "direction",
        "attempt",
        "reply_key",
        "failures",
        "origin",
        "reason",
        "sender",
    ),
    *("CC", "BCC", "x-delivery-count", "x-first-death-queue", "x-stream-offset", "counterstep-malformed", b"\xff"),
)
FIELDS: Final = (None, 7, "", "\0" * 300, ["a"], {"a": 1})
"""What replaces a text in the lines of a pack."""
DEATH: Final = "x-death"
_DIED: Final = {
    "count": b"l" + pack(">q", 1),
    "reason": text("rejected"),
    "queue": text("orchestrator.replies"),
    "exchange": text(""),
    "time": b"T" + pack(">Q", 1),
    "routing-keys": b"A" + long(text("orchestrator")),
}
DEATHS: Final = (
    b"A" + long(b""),
    b"A" + long(b"F" + table(*_DIED.items())),
    b"A" + long((b"F" + table(*_DIED.items())) * 300),
    *(b"A" + long(b"F" + table(*{**_DIED, name: value}.items())) for name in _DIED for value in VALUES),
    *(b"A" + long(b"F" + table(*((k, v) for k, v in _DIED.items() if k != name))) for name in _DIED),
    *VALUES,
)
"""Deaths as the broker writes them, with each field in every type or left out, and what is no list of deaths."""
STEP: Final = (
    ("step", text("authorize_payment")),
    ("direction", text("forward")),
    ("attempt", b"l" + pack(">q", 1)),
    ("reply_key", text("orchestrator")),
)


@dataclass(frozen=True)
class Hostile:
    """One message: where it is published, and what it holds."""

    exchange: str
    key: bytes
    properties: bytes
    body: bytes


class Fuzzer:
    """Makes up messages to these exchanges and queues, some of them about these sagas."""

    def __init__(self, seed: int, exchanges: Sequence[str], queues: Sequence[str], sagas: Sequence[str]) -> None:
        self._random = random.Random(seed)  # noqa: S311 - it must give the same again
        self._exchanges = exchanges
        self._queues = queues
        self._sagas = sagas

    def message(self, user: str) -> Hostile:
        """The next message of this user."""
        fields, body = self._properties(user), self._body()
        if self._one_in(6):
            fields, body = {**fields, "type": short(PACK_TYPE)}, self._pack()
        raw = properties(**fields)
        if self._one_in(20):
            raw = flagged(raw, self._random.choice([1, 2, 3]))
        if self._one_in(100):
            raw = raw[: self._random.randrange(len(raw))]
        return Hostile(*self._address(), raw, body)

    def _address(self) -> tuple[str, bytes]:
        if self._one_in(2):
            return "", self._random.choice(self._queues).encode()
        keys = [*TEXTS, *(each.rsplit(".", 1)[0].encode() for each in TYPES), *(q.encode() for q in self._queues)]
        return self._random.choice(self._exchanges), self._random.choice([*keys, b"orchestrator"])

    def _properties(self, user: str) -> dict[str, bytes]:
        sound = {
            "message_id": short(str(self._uuid())),
            "correlation_id": short(self._random.choice([*self._sagas, str(self._uuid())])),
            "type": short(self._random.choice(TYPES)),
            "headers": table(*STEP),
            "user_id": short(user),
        }
        strange = {
            **{name: self._text() for name in ("content_type", "content_encoding", "reply_to", "app_id")},
            **{name: self._text() for name in ("message_id", "correlation_id", "type", "cluster_id")},
            "headers": self._headers(),
            "content_encoding": short("gzip"),
            "delivery_mode": self._random.choice([b"\1", b"\2", b"\0", b"\7"]),
            "priority": self._random.choice([b"\0", b"\xff"]),
            "expiration": short(self._random.choice(["0", "60000", "+5", "-1", "soon"])),
            "timestamp": pack(">Q", self._random.choice([0, 2**32, 10**15, 2**63, 2**64 - 1])),
        }
        chosen = self._random.sample(sorted(strange), self._random.choice([0, 1, 1, 2, 3]))
        found = {**sound, **{name: strange[name] for name in chosen}}
        for name in self._random.sample(sorted(found), 1) if self._one_in(5) else ():
            del found[name]
        return found

    def _headers(self) -> bytes:
        names = self._random.choices((*NAMES, DEATH), k=self._random.choice([0, 1, 2, 5, 200]))
        values = ((name, self._random.choice(DEATHS if name == DEATH else VALUES)) for name in names)
        return table(*STEP, *values)

    def _body(self) -> bytes:
        if self._one_in(100):
            return b" " * (LARGEST_BODY + self._random.choice([0, 1, 100_000]))
        return self._random.choice([*BODIES, self._random.randbytes(40)])

    def _pack(self) -> bytes:
        """Lines as in a pack, some of them wrong, and sometimes one too many or very many."""
        many = self._random.choice([0, 1, 2, 5, 20, 1_500])
        lines = [line for _ in range(many) for line in (self._first_line(), self._random.choice(BODIES))]
        return b"\n".join(lines[: len(lines) - self._one_in(4)])

    def _first_line(self) -> bytes:
        line: dict[str, object] = {
            "message_id": str(self._uuid()),
            "saga_id": self._random.choice([*self._sagas, str(self._uuid())]),
            "type": self._random.choice([*TYPES, PACK_TYPE]),
            "headers": {"step": "authorize_payment", "direction": "forward", "reply_key": "orchestrator"},
        }
        if self._one_in(3):
            line[self._random.choice(sorted(line))] = self._random.choice(
                [None, 7, "", "\0" * 300, ["a"], {"a": 1}]
            )
        return json.dumps(line).encode() if self._one_in(2) else self._random.choice(BODIES)

    def _text(self) -> bytes:
        return short(self._random.choice(TEXTS))

    def _uuid(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)

    def _one_in(self, many: int) -> bool:
        return self._random.randrange(many) == 0
