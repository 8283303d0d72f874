"""A message's body as text for people, without its secrets, as in the logs."""

import json

from counterstep.telemetry.redaction import redacted


def readable(body: bytes) -> str:
    """The body, unchanged where it holds no secret. A body that is no JSON is searched as plain text."""
    text = body.decode(errors="replace")
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return str(redacted(text))
    shown = redacted(parsed)
    return text if shown == parsed else json.dumps(shown, ensure_ascii=False)
