"""How tools ask: the interface itself, within this process or of another server."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
CANDIDATES, MOST_ALIKE = 6, 20
"""Programs named where words may mean several, and beyond how many none is named."""

SECONDS = 60.0

Params = Mapping[str, Any]


class RefusedError(Exception):
    """What is asked cannot be answered: why, in a sentence, with the nearest that can."""


class Interface:
    """Asks the addresses of the interface for short answers.

    Args:
        client: Where to ask.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def get(self, path: str, params: Params | None = None) -> Any:
        """Return what an address answers.

        Raises:
            RefusedError: It refuses what is asked.
        """
        told = {name: value for name, value in (params or {}).items() if value not in (None, [])}
        return await self._ask("GET", path, params=told)

    async def post(self, path: str, body: Params) -> Any:
        """Return what an address answers to a body; nothing is stored.

        Raises:
            RefusedError: It refuses what is asked.
        """
        told = {name: value for name, value in body.items() if value not in (None, [], {})}
        return await self._ask("POST", path, json=told)

    async def _ask(self, method: str, path: str, **asked: Any) -> Any:
        try:
            answer = await self._client.request(method, path, **asked)
        except httpx.HTTPError as error:
            raise RefusedError(
                f"The service cannot be reached ({type(error).__name__})."
            ) from error
        try:
            read = answer.json()
        except ValueError as error:
            raise RefusedError(f"The service answered {answer.status_code}.") from error
        if answer.is_success:
            return read
        said = [_in_a_sentence(fault) for fault in read.get("errors") or ()]
        raise RefusedError(" ".join(said) or read.get("detail") or "The service cannot answer.")

    async def find_program(self, named: str) -> str:
        """Return the slug of a program by its slug, the address of its page, or words.

        Raises:
            RefusedError: Words find none, or several, which are named.
        """
        named = named.strip()
        last = unquote(urlsplit(named).path.rstrip("/").rpartition("/")[2])
        if SLUG.fullmatch(last):
            return last
        wanted = ["slug", "name", "institution", "award_level"]
        asked = {"q": named, "limit": CANDIDATES, "fields": wanted}
        found = await self.get("/v1/programs", asked)
        items: Sequence[Any] = found["items"]
        if len(items) == 1:
            return str(items[0]["slug"])
        if not items:
            why = (found.get("beyond") or {}).get("said") or "Name its school and field."
            raise RefusedError(f"No program is found by {named!r}. {why}")
        if found["total"] > MOST_ALIKE:
            raise RefusedError(
                f"{found['total']} programs are found by {named!r}: name its school and field."
            )
        listed = "; ".join(
            f"{one['slug']} ({one['institution']['name']}: {one['name']})" for one in items
        )
        raise RefusedError(f"Several programs are found by {named!r}; name one: {listed}.")


def _in_a_sentence(fault: Mapping[str, Any]) -> str:
    """Return what is wrong with what is meant instead, which the sentence may tell already."""
    said, near = str(fault["detail"]), fault.get("suggestion")
    return said if not near or near in said else f"{said} Did you mean {near!r}?"


def to_path(template: str, *parts: str) -> str:
    """Return the path of an address with its places filled."""
    return template.format(*(quote(part, safe="") for part in parts))


def within(app: ASGIApp, scope: Scope) -> httpx.AsyncClient:
    """Return a client that asks an application on behalf of a request that it is answering.

    What is asked takes its own place in a lane and may come from the cache. It is not counted
    against the rate limit again, and names pages by the address that the request came to.
    """
    outer: dict[bytes, bytes] = scope["fields"]
    host = outer.get(b"host", b"localhost").decode("latin-1")

    async def ask(inner: Scope, receive: Receive, send: Send) -> None:
        await app({**inner, "is_counted": True}, receive, send)

    transport = httpx.ASGITransport(app=ask, client=scope["client"] or ("unknown", 0))
    base = f"{scope['scheme']}://{host}"
    return httpx.AsyncClient(transport=transport, base_url=base, timeout=SECONDS)
