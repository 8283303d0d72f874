"""A limit for the size of a request's body.

FastAPI's own `max_body_size` answers in plain text. This one raises where the body is read, so the answer is a
problem like every other.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from counterstep.http.problems import Problem


class BodyLimit:
    """ASGI middleware: a body over `most_bytes` is a 413 problem, with a Content-Length or without."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self.app = app
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        received = 0

        async def receive_within_limit() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.most_bytes:
                raise Problem(413, f"send at most {self.most_bytes} bytes")
            return message

        await self.app(scope, receive_within_limit, send)
