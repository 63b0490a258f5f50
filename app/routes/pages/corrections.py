"""GET and POST /programs/{slug}/correct: report a wrong fact of a program."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlmodel import Session

from app.errors import Fault, InvalidRequestError, NotFoundError
from app.exports import words
from app.exports.languages import Language
from app.exports.pages.visits import Visit
from app.exports.writing import Phrase, Writer
from app.queries.corrections import get_correction
from app.queries.programs import get_program
from app.routes.corrections import take_report
from app.routes.pages.page import show, site_router, visit_of
from app.routes.session import SessionDep, Slug
from app.schemas.corrections import CorrectionRead, CorrectionRequest
from app.schemas.site import CorrectionVisitQuery

router = site_router()

MOST_FIELDS = 10


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form that were filled in.

    Raises:
        InvalidRequestError: The body is not that of a form.
    """
    body = await request.body()
    try:
        pairs = parse_qsl(body.decode(), errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        detail = "The body is not that of the form on this page."
        raise InvalidRequestError([Fault(detail, pointer="#")]) from error
    return {name: value.strip() for name, value in pairs if value.strip()}


Form = Annotated[dict[str, str], Depends(read_form)]


@router.get("/programs/{slug}/correct")
def show_correction_form(
    request: Request,
    session: SessionDep,
    slug: Slug,
    query: Annotated[CorrectionVisitQuery, Query()],
) -> Response:
    visit = visit_of(request, session, query)
    return _form(request, session, visit, slug, sent=_sent(session, query.sent))


@router.post("/programs/{slug}/correct")
def send_correction(
    request: Request,
    session: SessionDep,
    slug: Slug,
    query: Annotated[CorrectionVisitQuery, Query()],
    form: Form,
) -> Response:
    visit = visit_of(request, session, query)
    try:
        asked = CorrectionRequest.model_validate({**form, "collection": "program", "key": slug})
    except ValidationError as error:
        faults = [_fault(visit.speech, one) for one in error.errors()]
        answer = _form(request, session, visit, slug, filled=form, faults=faults)
        answer.status_code = InvalidRequestError.status
        answer.headers["Cache-Control"] = "no-store"
        return answer
    get_program(session, slug)
    session.close()  # the report is written by a session of its own
    report, _ = take_report(request, asked)
    return RedirectResponse(visit.to(visit.path, ("sent", str(report.id))), 303)


def _sent(session: Session, number: int | None) -> CorrectionRead | None:
    """Return the report that was sent, if any.

    Raises:
        InvalidRequestError: There is none of this number.
    """
    if number is None:
        return None
    try:
        return CorrectionRead.model_validate(get_correction(session, number))
    except NotFoundError as error:
        fault = Fault(error.detail, parameter="sent", value=str(number))
        raise InvalidRequestError([fault]) from error


def _fault(speech: Language, one: ErrorDetails) -> tuple[str, Phrase]:
    """Return the field that is wrong, empty for the whole, and what is expected."""
    name = str(one["loc"][0]) if one["loc"] else ""
    if name in words.REPORT_FAULTS:
        return name, Phrase(speech.say(words.REPORT_FAULTS[name]))
    said = one["msg"].removeprefix("Value error, ")
    return "", Writer(speech, {}).english(f"{name} {said}".strip())


def _form(
    request: Request,
    session: Session,
    visit: Visit,
    slug: str,
    *,
    filled: Mapping[str, str] | None = None,
    faults: list[tuple[str, Phrase]] | None = None,
    sent: CorrectionRead | None = None,
) -> Response:
    program, school = get_program(session, slug)
    return show(
        request,
        visit,
        "corrections",
        slug=program.slug,
        name=program.name,
        school=school.name,
        fields=[(key, visit.speech.say(label)) for key, label in words.CORRECTABLE.items()],
        filled=dict.fromkeys(words.REPORT_FIELDS, "") | dict(filled or {}),
        labels={key: visit.speech.say(label) for key, label in words.REPORT_FIELDS.items()},
        faults=faults or [],
        sent=sent,
        state=visit.speech.say(words.CORRECTION_STATES[sent.state]) if sent else "",
    )
