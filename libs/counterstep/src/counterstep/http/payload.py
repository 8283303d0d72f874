"""A message's body as text for people, without its secrets, as in the logs."""

import json
from typing import Final

from counterstep.telemetry.redaction import redacted

SHOWN: Final = 16_384
"""How many characters of a body are shown unless the whole is wanted."""


def in_part(text: str) -> str:
    """The beginning of a long text, and how much is left out; a short one unchanged."""
    left_out = len(text) - SHOWN
    return text if left_out <= 0 else f"{text[:SHOWN]}\n… {left_out:,} characters more"


def readable(body: bytes) -> str:
    """The body, unchanged where it holds no secret. A body that is no JSON is searched as plain text."""
    text = body.decode(errors="replace")
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return str(redacted(text))
    shown = redacted(parsed)
    return text if shown == parsed else json.dumps(shown, ensure_ascii=False)
