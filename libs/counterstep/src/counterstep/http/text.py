"""Text that people send, to be stored or searched for."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

UNSEEN: Final = r"\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
"""Control and format characters, and those that end a line."""

SEEN: Final = rf"^[^{UNSEEN}]*[^\s{UNSEEN}][^{UNSEEN}]*$"


def _printable(text: str) -> str:
    if not re.match(SEEN, text):
        raise ValueError("write it on one line, in printable characters")
    return text


OneLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    AfterValidator(_printable),
    Field(json_schema_extra={"pattern": SEEN}),
]
"""The type of a field of text that people write: 1 to 500 printable characters on one line.

PostgreSQL cannot store NUL, and a line break in a log forges an entry.

```python
class Reason(BaseModel):
    reason: OneLine
```
"""
