"""Removes secrets from logs and pages: by the names of fields, and by the form of tokens and card numbers."""

import re
from collections.abc import Mapping
from typing import Any, Final

from structlog.typing import EventDict, WrappedLogger

REDACTED: Final = "[redacted]"

_SECRET_NAME: Final = re.compile(
    r"passw|secret|token|authorization$|cookie|api_?key|private_?key|credential|(?<![a-z])(card|pan|cvc|cvv|iban)(?![a-z])",
    re.IGNORECASE,
)
_SECRET_TEXT: Final = re.compile(
    r"(?P<url>(?<=://)[^\s/:@]*:[^\s/@]+(?=@))"  # user:password in an address
    r"|(?P<bearer>(?<=bearer )[\w.~+/=-]+)"
    r"|(?P<jwt>\beyJ[\w-]+\.[\w-]+\.[\w-]+)",
    re.IGNORECASE,
)
_CARD: Final = re.compile(r"(?<![\w.-])[2-6](?:[ -]?\d){12,18}(?![\w.-])")


def redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A structlog processor: the same event, without its secrets."""
    return {name: redacted(value, name) for name, value in event.items()}


def redacted(value: Any, name: str = "") -> Any:
    """The value without the secrets inside of it. A value whose name says that it is secret is replaced whole."""
    if _SECRET_NAME.search(name) and value is not None:
        return REDACTED
    match value:
        case str():
            return _CARD.sub(_card, _SECRET_TEXT.sub(REDACTED, value))
        case Mapping():
            return {str(key): redacted(item, str(key)) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [redacted(item) for item in value]
    return value


def _card(found: re.Match[str]) -> str:
    return REDACTED if _is_card(re.sub(r"\D", "", found[0])) else found[0]


def _is_card(digits: str) -> bool:
    """The check digit of ISO/IEC 7812 (Luhn)."""
    doubled = (int(digit) * (1 + nth % 2) for nth, digit in enumerate(reversed(digits)))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
