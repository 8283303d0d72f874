"""A message's body for people to read: as far as it is text, and without its secrets, as in the logs."""

import json

from counterstep.telemetry.redaction import redacted


def readable(body: bytes) -> str:
    """The body as it is where it holds no secret; what is no JSON is searched as text."""
    text = body.decode(errors="replace")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return str(redacted(text))
    shown = redacted(said)
    return text if shown == said else json.dumps(shown, ensure_ascii=False)
