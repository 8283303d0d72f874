"""A limit for the size of a request's body, and for the time that it takes to arrive.

FastAPI's own `max_body_size` answers in plain text. This one raises where the body is read, so the answer is a
problem like every other.
"""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from counterstep.http.problems import Problem


class BodyLimit:
    """ASGI middleware: a body over `most_bytes` is a 413 problem, with a Content-Length or without.

    A body that is not there after `seconds` is a 408 problem, so that nobody holds a place by sending slowly.
    """

    def __init__(self, app: ASGIApp, most_bytes: int, seconds: float) -> None:
        self.app = app
        self.most_bytes = most_bytes
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        received, more = 0, True
        due = asyncio.get_running_loop().time() + self.seconds

        async def receive_within_limit() -> Message:
            nonlocal received, more
            if not more:  # what comes now is the end of the connection, for which a live page waits long
                return await receive()
            try:
                async with asyncio.timeout_at(due):
                    message = await receive()
            except TimeoutError:
                late = f"send the whole body within {self.seconds:g} seconds"
                raise Problem(408, late, headers={"Connection": "close"}) from None
            received, more = received + len(message.get("body", b"")), message.get("more_body", False)
            if received > self.most_bytes:
                raise Problem(413, f"send at most {self.most_bytes} bytes")
            return message

        await self.app(scope, receive_within_limit, send)
