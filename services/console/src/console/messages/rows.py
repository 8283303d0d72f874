"""Rows of the message pages: the services' views with the service's name, and the formatting of bodies."""

import json

from counterstep.http.views.boxes import AnswerView, WaitingView


class Waiting(WaitingView, frozen=True):
    """A message in a service's outbox."""

    service: str


class Answer(AnswerView, frozen=True):
    """A reply in a service's inbox."""

    service: str


def indented(text: str) -> str:
    """JSON, indented over several lines; any other text unchanged."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
