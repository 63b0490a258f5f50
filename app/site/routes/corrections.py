"""GET and POST /corrections: the public log of wrong facts, and a form to report one."""

from typing import Annotated

from fastapi import Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ValidationError
from sqlmodel import Session

from app.api.corrections import receive_report
from app.errors import (
    Fault,
    InvalidRequestError,
    ProblemError,
    TooManyRequestsError,
)
from app.http.dependencies import SessionDep
from app.http.faults import Contract, to_faults
from app.http.html import Form, wants_page
from app.http.policies import SITE_POLICY
from app.ledger import corrections
from app.schemas.corrections import (
    CorrectionRead,
    CorrectionRequest,
    CorrectionsQuery,
    CorrectionsVisit,
)
from app.schemas.site import VisitQuery
from app.site.pages.corrections import STATES, form_view, report_view, report_views
from app.site.pages.rendering import render
from app.site.pages.visits import Visit
from app.site.routes.page import VARY, show, site_router, visit_of, writer_of

router = site_router()

STARTS_WITH = ("collection", "key", "field")


@router.get("/corrections")
def show_corrections(
    request: Request, session: SessionDep, query: Annotated[CorrectionsVisit, Query()]
) -> Response:
    visit = visit_of(request, session, query)
    begun = query.model_dump(include=set(STARTS_WITH), exclude_none=True)
    answer = show(request, visit, "corrections", **_log(session, visit, query, begun))
    answer.headers["Cache-Control"] = "no-cache"  # whoever has just sent one looks for it
    return answer


@router.post("/corrections")
def send_correction(
    request: Request,
    session: SessionDep,
    query: Annotated[CorrectionsVisit, Query()],
    form: Form,
) -> Response:
    fields = dict(form)
    typed = {name: value for name, value in fields.items() if value.strip()}
    try:
        report, _ = receive_report(request, _to_report(typed))
    except ProblemError as error:
        if not wants_page(request):
            raise
        faults = error.faults or [Fault(error.detail)]
        visit = visit_of(request, session, query)
        return _refused(visit, _log(session, visit, query, fields, faults), error)
    visit = visit_of(request, session, query)
    return RedirectResponse(visit.to(f"/corrections/{report.id}"), 303)


@router.get("/corrections/{number}")
def show_correction(
    request: Request,
    session: SessionDep,
    number: Annotated[int, Path(ge=1, le=2**31 - 1)],
    query: Annotated[VisitQuery, Query()],
) -> Response:
    found = CorrectionRead.model_validate(corrections.get_correction(session, number))
    visit = visit_of(request, session, query)
    writer = writer_of(session, visit)
    answer = show(request, visit, "correction", report=report_view(writer, visit, found))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _to_report(typed: dict[str, str]) -> CorrectionRequest:
    """Return the report in a form, read as the interface for clients reads it.

    Raises:
        InvalidRequestError: It is none.
    """
    try:
        return CorrectionRequest.model_validate(typed)
    except ValidationError as error:
        found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        contract = Contract.of_body(CorrectionRequest)
        raise InvalidRequestError(to_faults(found, typed, contract)) from error


def _log(
    session: Session,
    visit: Visit,
    query: CorrectionsVisit,
    values: dict[str, str],
    faults: list[Fault] | None = None,
) -> dict[str, object]:
    """Return what the page of reports shows."""
    writer = writer_of(session, visit)
    asked = CorrectionsQuery(
        state=[query.state] if query.state else [],
        collection=query.collection,
        key=query.key,
        cursor=query.cursor,
    )
    page = corrections.list_corrections(session, asked)
    return {
        "form": form_view(writer, values, faults or ()),
        "reports_listed": report_views(writer, visit, page.items),
        "total": page.total,
        "following": visit.here(("cursor", page.next), without=["cursor"]) if page.next else None,
        "states": list(STATES),
        "state": query.state,
        "about": query.key,
        "action": visit.here(without=["cursor", "state"]),
    }


def _refused(visit: Visit, values: dict[str, object], error: ProblemError) -> Response:
    """Return the form with all that was typed and what is wrong with it."""
    headers = {
        **SITE_POLICY,
        "Content-Language": visit.lang,
        "Cache-Control": "no-store",
        "Vary": VARY,
    }
    if isinstance(error, TooManyRequestsError):
        headers["Retry-After"] = str(error.retry_after)
    return HTMLResponse(render(visit, "corrections", **values), error.status, headers)
