"""Requests as no client should send them, made from the document of a service's API."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote_from_bytes
from uuid import UUID

import yaml
from api_documents import FOLDER
from hypothesis import strategies as st

SURROGATE: Final = b"\xed\xa0\x80"
TEXTS: Final = (
    *(
        b"",
        b" ",
        b"\0",
        b"a\0b",
        SURROGATE,
        b"\xff\xfe",
        b"\xc0\x80",
        b"..",
        b"../../etc/passwd",
        b"%",
        b"%25",
        b"a/b",
    ),
    *(
        "\u202eabc\u2066".encode(),
        "\u200b".encode(),
        "e\u0301".encode(),
        "\N{SNOWMAN}".encode() * 300,
        b"\r\nX: y",
    ),
    *(
        b"9" * 400,
        b"9" * 5_000,
        b"-1",
        b"0",
        b"1e999",
        b"NaN",
        b"null",
        b"true",
        b"x" * 5_000,
        b"'; --",
        b"{}",
        b"[]",
    ),
    *(str(UUID(int=7)).encode(), b"2026-01-01T00:00:00Z", b"9999-12-31T23:59:59-23:59", b"0000-00-00", b"lamp"),
)
BODIES: Final = (
    *(
        b"",
        b"null",
        b"[]",
        b'"',
        b"{",
        b"\xff\xfe{}",
        b"\0",
        b"[" * 20_000,
        b'{"a":' * 5_000,
        b"1" * 5_000,
        b"1e999",
    ),
    *(
        b'{"lines":' + b"[" * 900 + b"]" * 900 + b"}",
        b'"\\ud800"',
        b"x" * 70_000,
        SURROGATE,
        b'{"reason": "\\u0000"}',
    ),
)
CONTENT_TYPES: Final = (
    *(
        b"application/json",
        b"application/json",
        b"application/json; charset=utf-16",
        b"text/plain",
        b"",
        b"/",
        b"\xff",
    ),
    *(
        b"multipart/form-data; boundary=x",
        b"multipart/form-data",
        b"application/x-www-form-urlencoded",
        b"application/xml",
    ),
)
NAMES: Final = (
    b"Idempotency-Key",
    b"Prefer",
    b"If-None-Match",
    b"traceparent",
    b"Accept",
    b"X-Forwarded-Host",
    b"Cookie",
)


_BY_TYPE: Final[Mapping[str, list[Any]]] = {
    "integer": [1, 0, 2**31, 2**63],
    "boolean": [True],
    "string": [str(UUID(int=7)), "lamp", "EUR"],
}


@dataclass(frozen=True)
class Operation:
    """A method of a path, the names of its query, and the schema of its body."""

    method: str
    path: str
    query: tuple[str, ...]
    body: Mapping[str, Any] | None


@dataclass(frozen=True)
class StrangeRequest:
    """The bytes that are sent, without `Host`."""

    method: str
    target: str
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes


def operations(service: str) -> tuple[list[Operation], Mapping[str, Any]]:
    """Every operation but the one that injects faults, and the schemas to which they refer."""
    document = yaml.safe_load((FOLDER / f"{service}.openapi.yaml").read_text())
    return list(_operations(document)), document["components"]["schemas"]


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, about in methods.items():
            if (method, path) == ("post", "/faults"):
                continue
            query = tuple(each["name"] for each in about.get("parameters", ()) if each["in"] == "query")
            content = about.get("requestBody", {}).get("content", {})
            yield Operation(method.upper(), path, query, content.get("application/json", {}).get("schema"))


def strange_requests(service: str) -> st.SearchStrategy[StrangeRequest]:
    """Requests to the operations of a service."""
    known, schemas = operations(service)
    return st.sampled_from(known).flatmap(lambda operation: _requests(operation, schemas))


def _requests(operation: Operation, schemas: Mapping[str, Any]) -> st.SearchStrategy[StrangeRequest]:
    bodies = st.sampled_from(BODIES) | st.binary(max_size=50)
    if operation.body is not None:
        bodies |= _documents(operation.body, schemas).map(lambda document: json.dumps(document).encode())
    names = st.sampled_from([*operation.query, "strange"])
    return st.builds(
        StrangeRequest,
        st.sampled_from([operation.method] * 9 + ["PATCH", "HEAD", "OPTIONS", "BREW"]),
        st.builds(_target, _paths(operation.path), st.lists(st.tuples(names, _texts()), max_size=3)),
        st.lists(st.tuples(st.sampled_from(NAMES), _texts().map(_as_header)), max_size=2).flatmap(_with_type),
        bodies if operation.method != "GET" else st.just(b"") | bodies,
    )


def _texts() -> st.SearchStrategy[bytes]:
    return st.sampled_from(TEXTS) | st.binary(max_size=20)


def _paths(path: str) -> st.SearchStrategy[str]:
    parts = (_texts().map(quote_from_bytes) if part.startswith("{") else st.just(part) for part in path.split("/"))
    return st.tuples(*parts).map("/".join) | st.just(path + "/")


def _target(path: str, query: Sequence[tuple[str, bytes]]) -> str:
    asked = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in query)
    return f"{path}?{asked}" if asked else path


def _as_header(value: bytes) -> bytes:
    """Without what no client can put into a header."""
    return bytes(byte for byte in value if byte >= 0x20 and byte != 0x7F).strip()


def _with_type(headers: list[tuple[bytes, bytes]]) -> st.SearchStrategy[list[tuple[bytes, bytes]]]:
    return st.sampled_from(CONTENT_TYPES).map(lambda kind: [(b"Content-Type", kind), *headers])


def _documents(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """What the schema allows in the rough, with strange values in it: so they get further than the first check."""
    if "$ref" in schema:
        return _documents(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return st.one_of([_documents(each, schemas) for each in schema[choice]])
    if "properties" in schema:
        fields = {name: _documents(each, schemas) for name, each in schema["properties"].items()}
        required = {name: fields.pop(name) for name in schema.get("required", ()) if name in fields}
        return st.fixed_dictionaries(required, optional={**fields, "strange": _strange()})
    if schema.get("type") == "array":
        return st.lists(_documents(schema.get("items", {}), schemas), max_size=3)
    return st.sampled_from(_plain(schema)) | _strange()


def _plain(schema: Mapping[str, Any]) -> list[Any]:
    if "enum" in schema:
        return list(schema["enum"])
    if "examples" in schema:
        return list(schema["examples"])
    return _BY_TYPE.get(schema.get("type", ""), [None])


def _strange() -> st.SearchStrategy[Any]:
    texts = st.sampled_from(TEXTS).map(lambda text: text.decode(errors="surrogateescape"))
    numbers = st.sampled_from([2**31, -(2**63), 2**64, 10**400, 1e308, float("nan"), float("inf"), -1, 0.5])
    return (
        st.none() | st.booleans() | numbers | texts | st.sampled_from(["\ud800", "\0", "\u202e"]) | st.just([[[]]])
    )
