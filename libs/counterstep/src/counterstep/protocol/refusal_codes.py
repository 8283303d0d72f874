"""The code of a refusal: for programs, beside the reason that is for people.

A sender may use only the codes that its contract declares. A reader takes any well-formed code: a participant that
was upgraded first may send one that this process does not know, and the refusal itself is just as clear.
So a new code needs no new version of its message (`docs/decisions/0040`).
"""

from enum import StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

UNSPECIFIED: Final = "unspecified"
"""The code of a refusal whose sender did not give one."""

EXTENSIBLE_ENUM: Final = "x-extensible-enum"
"""The JSON Schema keyword for the known values of an enumeration that may grow. Readers must bear any other."""

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64, examples=["not_available"])]
"""Any well-formed code: lower case with underscores, so that it can be a metric's label and a URL's parameter."""

_ANY_CODE: Final = TypeAdapter(Code)


class RefusalCode(StrEnum):
    """The codes that one refusal can have. Subclass it in the contract, beside the refusal.

    A process of another release may send a code that is not declared here: `model_validate_json` takes it, and
    keeps it as a plain `str`. So compare codes with `==`, and expect others than yours.

    Units: a code has at most 64 characters: lower-case letters, digits and underscores.

    Raises: pydantic's `ValidationError` where code of your own makes a refusal with a code that is not declared.

    >>> class NoRoomCode(RefusalCode):
    ...     FULL = "full"
    ...     CLOSED = "closed"
    >>> class NoRoom(Refusal):
    ...     code: NoRoomCode
    >>> NoRoom.model_validate_json('{"code": "flooded", "reason": "the cellar is wet"}').code
    'flooded'
    """

    @classmethod
    def declared_by(cls, refusal: type[Any]) -> tuple[Self, ...]:
        """The codes that this refusal's contract declares; empty where it only says `code: str`.

        A command that cannot be refused has `Never` in place of a refusal, and no codes.
        """
        if not isinstance(refusal, type):
            return ()
        declared = refusal.model_fields["code"].annotation
        return tuple(declared) if isinstance(declared, type) and issubclass(declared, cls) else ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        declared = handler(source)
        lenient = core_schema.union_schema([declared, _ANY_CODE.core_schema], mode="left_to_right")
        return core_schema.json_or_python_schema(
            json_schema=lenient, python_schema=declared, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        any_code = handler(_ANY_CODE.core_schema)
        codes = [code.value for code in cls]
        return {**any_code, "examples": codes[:1], EXTENSIBLE_ENUM: codes}
