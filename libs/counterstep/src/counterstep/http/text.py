"""Text that people send, to be stored or searched for."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

UNSEEN: Final = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
)
"""Control and format characters, those that end a line, and those that look like nothing at all.

They turn the text around, hide a part of it, or make two different texts look alike.
"""

SEEN: Final = rf"^[^{UNSEEN}]*[^\s{UNSEEN}][^{UNSEEN}]*$"

_UNSEEN_FURTHER: Final = re.compile("[\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]")
"""Those beyond the Basic Multilingual Plane: a pattern in an API's document cannot name them for every reader."""


def is_printable(text: str) -> bool:
    """Whether people see all of the text, on one line, and it is more than space."""
    return re.match(SEEN, text) is not None and not _UNSEEN_FURTHER.search(text)


def _printable(text: str) -> str:
    if not is_printable(text):
        raise ValueError("write it on one line, in printable characters")
    return text


OneLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    AfterValidator(_printable),
    Field(json_schema_extra={"pattern": SEEN}),
]
"""The type of a field of text that people write: 1 to 500 printable characters on one line.

PostgreSQL cannot store NUL, and a line break in a log forges an entry. Spaces at both ends are removed.

Units: characters, not bytes.

Raises: pydantic's `ValidationError` for any other text; in a request, the answer is a 422 problem.

```python
class Reason(BaseModel):
    reason: OneLine


assert Reason(reason=" the traveller is ill ").reason == "the traveller is ill"
```
"""
