"""Errors of validation in our own words: what a value must be, in place of a library's message."""

from collections.abc import Mapping
from typing import Any, Final

WHOLE: Final = "must be a whole number"
NUMBER: Final = "must be a number"
MOMENT: Final = "must be a date and time with a time zone, such as 2026-01-31T12:00:00Z"
TEXT: Final = "must be text"
OBJECT: Final = "must be an object"
LIST: Final = "must be a list"
YES_OR_NO: Final = "must be true or false"
UNUSABLE: Final = "cannot be used here"

WORDS: Final = {
    "missing": "is required",
    "extra_forbidden": "is not known here; leave it out",
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_parsing_size": "has too many digits",
    "int_from_float": WHOLE,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "decimal_type": NUMBER,
    "decimal_parsing": NUMBER,
    "finite_number": "must be a finite number",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "string_type": TEXT,
    "string_unicode": "must be text in UTF-8",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must match {pattern}",
    "too_short": "must have at least {min_length} entries, and has {actual_length}",
    "too_long": "must have at most {max_length} entries, and has {actual_length}",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "bool_type": YES_OR_NO,
    "bool_parsing": YES_OR_NO,
    "uuid_type": "must be a UUID, such as 01a2254c-e24b-774d-8bf1-6de2ee49f5dc",
    "uuid_parsing": "must be a UUID, such as 01a2254c-e24b-774d-8bf1-6de2ee49f5dc",
    "json_invalid": "is not JSON",
    "dict_type": OBJECT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "list_type": LIST,
    "tuple_type": LIST,
    "url_parsing": "must be an address, such as http://localhost:8000",
    "url_scheme": "must be an address that begins with {expected_schemes}",
    **dict.fromkeys(("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "timezone_aware"), MOMENT),
}
"""pydantic's type of an error → what we say of the value; in braces what pydantic knows about the limit."""


def in_words(error: Mapping[str, Any]) -> str:
    """One of the errors that pydantic's `errors()` lists, in our words: `must be at least 1`.

    The message of a validator of our own is kept as it is.
    """
    context = error.get("ctx", {})
    if error["type"] in {"value_error", "assertion_error"}:
        return str(context["error"])
    return WORDS.get(error["type"], UNUSABLE).format_map(context)
