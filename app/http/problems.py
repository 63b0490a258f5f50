"""Every refusal and failure as a problem document (RFC 9457), whoever raised it."""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from app.errors import (
    Fault,
    InvalidRequestError,
    NotFoundError,
    ProblemError,
    TooManyRequestsError,
    UnavailableError,
)
from app.http.addresses import meant_address
from app.http.faults import Contract, printable, to_faults
from app.store.outages import OUTAGES, explain

MEDIA_TYPE = "application/problem+json"
MAX_FAULTS = 20
MAX_DETAIL = 1000
MAX_INSTANCE = 1000
RETRY_AFTER_SECONDS = 5
EXAMPLES = Path(__file__).with_name("problem_examples.json")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of problem; its ``slug`` ends the address that is its type."""

    slug: str
    status: int
    title: str
    meaning: str
    advice: str

    @property
    def type(self) -> str:
        """The address of the kind, the same on every host."""
        return f"/problems/{self.slug}"


HTTP_KINDS = (
    ProblemKind(
        "bad-request",
        400,
        "Bad request",
        "The request cannot be read, for example because its body is not JSON. "
        "The detail says where it stops making sense.",
        "Mend that place and send the request again. In JSON, names and text stand in double "
        "quotes, and no comma follows the last entry.",
    ),
    ProblemKind(
        "method-not-allowed",
        405,
        "Method not allowed",
        "The address exists, but not for this method. The Allow header lists those it answers.",
        "Use one of the methods listed. What is read takes GET; what takes a body is sent by POST.",
    ),
    ProblemKind(
        "body-too-large",
        413,
        "Body too large",
        "The body is larger than this service reads.",
        "Send less, or split the request. The detail tells the limit.",
    ),
    ProblemKind(
        "address-too-long",
        414,
        "Address too long",
        "Path and query string together are longer than this service reads.",
        "Leave parameters out, or ask in several requests. Comparisons with answers of your own go "
        "into the body of POST /v1/comparison.",
    ),
    ProblemKind(
        "unsupported-media-type",
        415,
        "Unsupported media type",
        "The body is not sent as JSON.",
        "Send JSON, with the header Content-Type: application/json.",
    ),
    ProblemKind(
        "range-not-satisfiable",
        416,
        "Range not satisfiable",
        "The part of the file that Range asks for begins after its end. Content-Range tells how "
        "long it is.",
        "Ask for a part that is there. A copy that is as long as the file is complete already.",
    ),
    ProblemKind(
        "headers-too-large",
        431,
        "Headers too large",
        "The headers of the request are longer than this service reads.",
        "Send fewer or shorter headers; reading takes none but Host.",
    ),
    ProblemKind(
        "internal-error",
        500,
        "Internal error",
        "A fault of this service, not of the request. It has been logged under the request id.",
        "Try once more; if it comes again, report it and quote the request id.",
    ),
)


@dataclass(frozen=True, slots=True)
class ProblemExample:
    """A request that is refused, as it is sent, and the problem document it is answered with."""

    asked: str
    answer: dict[str, Any]


@lru_cache(maxsize=1)
def problem_examples() -> dict[str, ProblemExample]:
    """Return the slug of every kind -> an example of it, as this service answered it once."""
    recorded = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return {slug: ProblemExample(**example) for slug, example in recorded.items()}


def problem_kinds() -> list[ProblemKind]:
    """Return every kind of problem the service can answer with, by status and slug."""
    kinds = {kind.slug: kind for kind in (*HTTP_KINDS, *map(kind_of, _leaves(ProblemError)))}
    return sorted(kinds.values(), key=lambda kind: (kind.status, kind.slug))


def kind_of(error: type[ProblemError]) -> ProblemKind:
    """Return the kind that an error class stands for."""
    return ProblemKind(error.slug, error.status, error.title, error.meaning, error.advice)


def kind_for_status(status: int) -> ProblemKind:
    """Return the general kind of a status; an unlisted status counts as its class, 400 or 500."""
    known = {kind.status: kind for kind in HTTP_KINDS}
    errors = (NotFoundError, InvalidRequestError, UnavailableError)
    known |= {error.status: kind_of(error) for error in errors}
    return known.get(status) or known[500 if status >= 500 else 400]


def problem_response(
    scope: Scope,
    kind: ProblemKind,
    detail: str,
    *,
    status: int | None = None,
    faults: Iterable[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the problem document for a request; whatever the caller sent is made printable."""
    status = status or kind.status
    document = {
        "type": kind.type,
        "title": kind.title,
        "status": status,
        "detail": printable(detail, MAX_DETAIL),
        "instance": quote(scope.get("path", "").encode("utf-8", "replace"))[:MAX_INSTANCE],
        "request_id": request_id(scope),
        "errors": [_fault_document(fault) for fault in faults],
    }
    headers = dict(headers or {}) | {"Cache-Control": "no-store"}
    if status == 401:
        headers.setdefault("WWW-Authenticate", "Bearer")
    if status == 503:
        headers.setdefault("Retry-After", str(RETRY_AFTER_SECONDS))
    content = json.dumps(document, ensure_ascii=False).encode()
    return Response(content, status, headers, media_type=MEDIA_TYPE)


def internal_error(scope: Scope) -> Response:
    """Return the 500 problem: always the same words, with no details of the failure."""
    return problem_response(
        scope, kind_for_status(500), "The service failed to answer. The failure has been logged."
    )


def request_id(scope: Scope) -> str:
    """Return the id of a request in answers and logs."""
    name: bytes = scope.get("name", b"")
    return name.decode()


def add_problem_handlers(app: FastAPI) -> None:
    """Register handlers that answer exceptions with problem documents."""
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    for error in OUTAGES:
        app.add_exception_handler(error, _on_outage)
    app.add_exception_handler(Exception, lambda request, _error: internal_error(request.scope))


def _on_problem(request: Request, error: Exception) -> Response:
    problem = cast(ProblemError, error)
    headers = {}
    if isinstance(problem, TooManyRequestsError):
        headers["Retry-After"] = str(problem.retry_after)
    return problem_response(
        request.scope,
        kind_of(type(problem)),
        problem.detail,
        faults=problem.faults,
        headers=headers,
    )


def _on_invalid(request: Request, error: Exception) -> Response:
    invalid = cast(RequestValidationError, error)
    if isinstance(invalid.body, bytes):  # FastAPI leaves a body unread unless it is sent as JSON
        return _not_json(request)
    errors = invalid.errors()
    faults = faults_of(request, invalid)
    detail = " ".join(fault.detail for fault in faults)
    if len(errors) > MAX_FAULTS:
        detail = f"{len(errors)} things are wrong, the first {MAX_FAULTS} are listed. {detail}"
    return problem_response(request.scope, kind_of(InvalidRequestError), detail, faults=faults)


def faults_of(request: Request, invalid: RequestValidationError) -> list[Fault]:
    """Return the first faults that the validation found in a request."""
    contract = Contract.of_route(request.scope["route"])
    return to_faults(invalid.errors()[:MAX_FAULTS], invalid.body, contract)


def _not_json(request: Request) -> Response:
    sent = request.headers.get("content-type")
    detail = f"The body is sent as {sent!r}" if sent else "The body has no Content-Type"
    return problem_response(
        request.scope,
        kind_for_status(415),
        f"{detail}; this address reads application/json.",
        headers={"Accept": "application/json"},
    )


def _on_http(request: Request, error: Exception) -> Response:
    refusal = cast(HTTPException, error)
    # raised while FastAPI was reading the body
    if isinstance(refusal.__cause__, ProblemError):
        return _on_problem(request, refusal.__cause__)
    if isinstance(refusal.__cause__, OUTAGES) and explain(refusal.__cause__):
        return _on_outage(request, refusal.__cause__)
    headers = dict(refusal.headers or {})
    detail = refusal.detail
    if refusal.status_code == 404:
        detail = _nothing_here(request)
    elif refusal.status_code == 405:
        allowed = allowed_methods(request)
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ", ".join([*allowed, "OPTIONS"])})
        headers["Allow"] = ", ".join(allowed)
        detail = f"{request.method} is not possible here; possible: {', '.join(allowed)}."
    return problem_response(
        request.scope,
        kind_for_status(refusal.status_code),
        detail,
        status=refusal.status_code,
        headers=headers,
    )


CLAIMS_ARE_ELSEWHERE = (
    "Claims stand with what they are about: /v1/programs/{slug}/claims and its /history, "
    "/v1/credentials/{code}, and as whole tables in /v1/export."
)


def _nothing_here(request: Request) -> str:
    path = request.scope["path"]
    paths = [route.path for route in _routes(request) if route.path and "{" not in route.path]
    if path.rstrip("/") == "/v1/claims":
        return CLAIMS_ARE_ELSEWHERE
    near = meant_address(path, paths)
    hint = f" Did you mean {near!r}?" if near else ""
    return (
        f"There is nothing at {path[:200]!r}.{hint} Every address is listed at '/docs/interface'."
    )


def _on_outage(request: Request, error: Exception) -> Response:
    problem = explain(error)
    if problem is None:
        raise error
    log.error("%s, request %s: %s", problem.title, request_id(request.scope), error)
    return _on_problem(request, problem)


def allowed_methods(request: Request) -> list[str]:
    """Return the methods that the address of a request answers, over all routes that have it."""
    methods: set[str] = set()
    for route in _routes(request):
        if route.methods and route.path_regex.match(request.scope["path"]):
            methods |= route.methods
    if "GET" in methods:
        methods.add("HEAD")
    return sorted(methods)


def _routes(request: Request) -> Iterable[RouteContext]:
    return iter_route_contexts(request.app.routes)


def _fault_document(fault: Fault) -> dict[str, Any]:
    fields = {
        "pointer": fault.pointer,
        "parameter": fault.parameter,
        "detail": printable(fault.detail, MAX_DETAIL),
        "value": None if fault.value is None else printable(fault.value),
        "suggestion": fault.suggestion,
    }
    return {
        name: printable(value, MAX_DETAIL) for name, value in fields.items() if value is not None
    }


def _leaves(error: type[ProblemError]) -> list[type[ProblemError]]:
    found = []
    for child in error.__subclasses__():
        found += [child, *_leaves(child)]
    return found
