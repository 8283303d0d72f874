"""From where a form was sent, as browsers say it.

Signing in has no session yet, so its form has no CSRF token. Another site could otherwise sign a person in as
somebody else, who then reads what the person does.
"""

from urllib.parse import urlsplit

from fastapi import Request


def is_from_here(request: Request) -> bool:
    """Whether the request was sent from a page of this console.

    Every browser tells it in one of three ways: newer ones in `Sec-Fetch-Site`, though only to `https` and
    localhost; all others in `Origin`, and some that hide it in `Referer`. Silence is not trusted.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    sent_from = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return _host(sent_from) == request.headers.get("Host", "").lower()


def _host(address: str) -> str | None:
    """The host of an address, with its port; None for what is no address, such as `null`."""
    try:
        return urlsplit(address).netloc.lower() or None
    except ValueError:
        return None
