"""Calling the services as any client does: over their public HTTP APIs, with a token."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
from counterstep.http.views.problem import MEDIA_TYPE, ProblemDetails

from infra.machine.failure import Failure
from infra.machine.tls import Tls

PAGE = 100  # the longest that the services give


class PublicApi:
    """The services' APIs for one caller."""

    def __init__(self, token: str, tls: Tls) -> None:
        self._client = httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=10, **tls.http())

    def get(self, url: str) -> Any:
        """Return what is there, or None where nothing is. Raises Failure on any other answer."""
        return self._call("GET", url, absent_is_fine=True)

    def items(self, url: str, query: Mapping[str, str | None], *, page: int = PAGE) -> Iterator[Any]:
        """Go through a list, page by page. Raises Failure as `get` does."""
        asked = {**{name: value for name, value in query.items() if value is not None}, "limit": str(page)}
        while True:
            found = self.get(str(httpx.URL(url, params=asked)))
            yield from found["items"]
            if found["next_cursor"] is None:
                return
            asked["cursor"] = found["next_cursor"]

    def put(self, url: str, body: Any) -> None:
        """Raises Failure where it is not accepted."""
        self._call("PUT", url, json=body)

    def post(self, url: str, body: Any = None, **headers: str) -> Any:
        """Return the answer. Raises Failure where it is not accepted."""
        return self._call("POST", url, json=body, headers=headers)

    def delete(self, url: str) -> Any:
        """Return the answer. Raises Failure where it is not accepted."""
        return self._call("DELETE", url)

    def _call(self, method: str, url: str, *, absent_is_fine: bool = False, **request: Any) -> Any:
        try:
            answer = self._client.request(method, url, **request)
        except httpx.TransportError as error:
            raise Failure(f"{method} {url}", str(error) or type(error).__name__) from None
        if absent_is_fine and answer.status_code == httpx.codes.NOT_FOUND:
            return None
        if not answer.is_success:
            raise Failure(f"{method} {url}", *refusal(answer), status=answer.status_code)
        return answer.json()


def refusal(answer: httpx.Response) -> tuple[str, str]:
    """Give the reason and what else was said: a problem has its own words."""
    if answer.headers.get("content-type") == MEDIA_TYPE:
        problem = ProblemDetails.model_validate_json(answer.content)
        wrong = "\n".join(f"{each.field}: {each.detail}" for each in problem.errors or ())
        return f"{problem.detail} ({answer.status_code})", wrong
    return f"answered {answer.status_code}", answer.text
