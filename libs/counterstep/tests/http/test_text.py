"""Text that people send: one line, and all of it is seen."""

import re

import pytest
from counterstep.http.text import SEEN, OneLine, is_printable
from pydantic import TypeAdapter, ValidationError

text: TypeAdapter[str] = TypeAdapter(OneLine)

UNSEEN = {
    "NUL": "a\x00b",
    "an escape": "a\x1b[31mb",
    "a control sequence introducer of C1": "a\x9b31mb",
    "a line break": "a\nb",
    "a line separator": "a\u2028b",
    "the other direction": "a\u202eb",
    "an isolate": "a\u2066b",
    "a letter mark": "a\u061cb",
    "a space without width": "a\u200bb",
    "a byte order mark": "a\ufeffb",
    "a soft hyphen": "a\xadb",
    "a Hangul filler": "a\u3164b",
    "a half of a surrogate pair": "a\ud800b",
    "a tag": "a\U000e0041b",
    "a variation selector of the supplement": "a\U000e0100b",
    "nothing but space": "\u3000 ",
    "nothing": "",
}
SEEN_TEXTS = ("Desk lamp", "Größe 38", "机", "❤\ufe0f", "🪑", "[/red]", "a\ufffdb", "مصباح", "café")


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
def test_what_is_not_seen_is_refused(unseen: str) -> None:
    with pytest.raises(ValidationError):
        text.validate_python(unseen)


@pytest.mark.parametrize("seen", SEEN_TEXTS)
def test_what_is_seen_is_taken_as_it_is(seen: str) -> None:
    assert text.validate_python(seen) == seen
    assert is_printable(seen)
    assert re.match(SEEN, seen)
