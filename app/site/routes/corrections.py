"""GET and POST /corrections: the public log of wrong facts, and a form to report one."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from sqlmodel import Session

from app.api.corrections import receive_report
from app.clock import today
from app.errors import Fault, InvalidRequestError, ProblemError
from app.http.dependencies import SessionDep
from app.http.faults import Contract, to_faults
from app.http.html import Form, wants_page
from app.ledger import corrections
from app.schemas.corrections import (
    CorrectionRead,
    CorrectionRequest,
    CorrectionsQuery,
    CorrectionsVisit,
)
from app.schemas.site import VisitQuery
from app.site.pages.corrections import FIELDS, PLACES, as_typed, faults_by_field
from app.site.pages.visits import PageContext
from app.site.routes.page import SitePage, page_context, site_router
from app.site.words import REPORTED

router = site_router()

STARTS_WITH = ("collection", "key", "field")


@router.get("/corrections")
def show_corrections(
    request: Request, session: SessionDep, query: Annotated[CorrectionsVisit, Query()]
) -> Response:
    page = SitePage(request, session, query)
    begun = query.model_dump(include=set(STARTS_WITH), exclude_none=True)
    answer = page.show("corrections", **_log(session, page.visit, query, begun))
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
    try:
        report, _ = receive_report(request, _to_report(as_typed(fields)))
    except ProblemError as error:
        if not wants_page(request):
            raise
        page = SitePage(request, session, query)
        faults = error.faults or [Fault(error.detail)]
        values = _log(session, page.visit, query, fields, faults)
        return page.refuse("corrections", error, **values)
    visit = page_context(request, session, query)
    return RedirectResponse(visit.to(f"/corrections/{report.id}"), 303)


@router.get("/corrections/{number}")
def show_correction(
    request: Request,
    session: SessionDep,
    number: Annotated[int, Path(ge=1, le=2**31 - 1)],
    query: Annotated[VisitQuery, Query()],
) -> Response:
    report = CorrectionRead.model_validate(corrections.get_correction(session, number))
    answer = SitePage(request, session, query).show(
        "correction",
        report=report,
        places=PLACES,
        names=corrections.name_records(session, [(report.collection, report.key)]),
        became=corrections.find_outcome(session, report.edit_id),
    )
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
    visit: PageContext,
    query: CorrectionsVisit,
    values: dict[str, str],
    faults: Sequence[Fault] = (),
) -> dict[str, object]:
    """Return what the page of reports shows."""
    asked = CorrectionsQuery.model_validate(
        {
            "state": [query.state] if query.state else [],
            "collection": query.collection if query.collection in REPORTED else None,
            "key": query.key,
            "cursor": query.cursor,
        }
    )
    by_field, others = faults_by_field(faults)
    found = corrections.list_corrections(session, asked)
    typed = {name: values.get(name, "") for name in FIELDS}
    about = (typed["collection"], typed["key"])
    shown = [(one.collection, one.key) for one in found.items]
    return {
        "typed": typed,
        "fields": FIELDS,
        "names": corrections.name_records(session, [*shown, *([about] if all(about) else [])]),
        "faults_of": by_field,
        "other_faults": others,
        "found": found,
        "places": PLACES,
        "state": query.state,
        "about": query.key,
        "today": today(),
    }
