"""Answers that are pages: sent with a tag, and refused as pages too."""

import hashlib
import logging
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from app.domain.text.conditional import FAILED, precondition_status
from app.domain.text.negotiation import choose_media_type
from app.errors import Fault, InvalidRequestError, ProblemError, StaleError
from app.http.links import LinkRoute
from app.http.problems import MEDIA_TYPE, faults_of, request_id
from app.settings import get_settings
from app.store.outages import explain

log = logging.getLogger(__name__)

REFUSED_AS = ["text/html", MEDIA_TYPE, "application/json"]


class PageRoute(LinkRoute):
    """Answers refusals with a page, or with a problem document where JSON is asked for."""

    def refuse(self, request: Request, error: Exception) -> Response:
        """Return a page that says what is wrong."""
        raise NotImplementedError

    def get_known_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return a handler that knows what to show where there is no page."""
        answer = super().get_known_handler()

        async def answer_or_explain(request: Request) -> Response:
            try:
                return await answer(request)
            except (ProblemError, RequestValidationError) as error:
                if not wants_page(request):
                    raise
                return self.refuse(request, error)
            except HTTPException:  # of a body that cannot be read
                raise
            except Exception as error:
                if not wants_page(request):
                    raise
                problem = explain(error)
                if problem is None:
                    log.exception("unhandled failure, request %s", request_id(request.scope))
                return self.refuse(request, problem or error)

        return answer_or_explain


FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 500


async def read_form(request: Request) -> list[tuple[str, str]]:
    """Return the fields of a form in their order, those left empty too.

    Raises:
        HTTPException: The body is not sent as a form.
        InvalidRequestError: It cannot be read as one.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415, f"This address reads forms, sent as {FORM}.")
    try:
        return parse_qsl(
            (await request.body()).decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as error:
        raise InvalidRequestError([Fault(f"The form cannot be read: {error}.")]) from error


Form = Annotated[list[tuple[str, str]], Depends(read_form)]


def wants_page(request: Request) -> bool:
    """Return whether a refusal is best shown as a page."""
    return choose_media_type(request.headers.get("accept"), REFUSED_AS) == "text/html"


def reasons_of(request: Request, error: Exception) -> tuple[int, list[Fault]]:
    """Return the status of a refusal and what is wrong with the request."""
    if isinstance(error, ProblemError):
        return error.status, error.faults
    if isinstance(error, RequestValidationError):
        return InvalidRequestError.status, faults_of(request, error)
    return 500, []


def base_of(request: Request) -> str:
    """Return the address that pages and nodes are named under: the public one, else the asked."""
    return get_settings().public_url or str(request.base_url).rstrip("/")


def page_response(
    request: Request, page: str, policy: Mapping[str, str], *, vary: str = "Accept"
) -> Response:
    """Return a page with a tag of what is on it, or 304 where the reader has it.

    ``policy`` is one of ``policies.py``.
    """
    headers = dict(policy)
    headers["Vary"] = vary
    return tagged_response(request, page.encode(), HTMLResponse.media_type, headers)


def tagged_response(
    request: Request, content: bytes, media_type: str, headers: Mapping[str, str]
) -> Response:
    """Return an answer that may be kept, with a tag of it, or 304 where the reader has it."""
    etag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'  # weak: compressed on the way
    headers = {
        **headers,
        "Cache-Control": f"public, max-age={get_settings().cache_seconds}",
        "ETag": etag,
    }
    if refusal := conditional_response(request, etag, headers):
        return refusal
    return Response(content, headers=headers, media_type=media_type)


def conditional_response(
    request: Request, etag: str, headers: Mapping[str, str], changed_at: datetime | None = None
) -> Response | None:
    """Return the answer where the conditions of a read call for another than the whole, or None.

    ``changed_at`` is when it last changed, where that is known.

    Raises:
        StaleError: The conditions name another state than the present one.
    """
    status = precondition_status(request.headers, etag=etag, last_modified=changed_at)
    if status == FAILED:
        raise StaleError("The conditions name another state than the present one.")
    return Response(status_code=status, headers=dict(headers)) if status else None
