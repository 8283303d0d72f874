"""A message in a box of a service, told apart from those of the others; and how a body is written to be read."""

import json

from counterstep.http.views.boxes import AnswerView, WaitingView


class Waiting(WaitingView, frozen=True):
    """A message in the outbox of a service."""

    service: str


class Answer(AnswerView, frozen=True):
    """A command that a service has answered."""

    service: str


def indented(text: str) -> str:
    """JSON on many lines; anything else as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
