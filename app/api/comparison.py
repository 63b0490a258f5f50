"""GET and POST /v1/comparison."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from app.api.readers import reader_or_faults
from app.api.rubrics import (
    answer_faults,
    weights_in_body,
    weights_of,
    weights_or_faults,
)
from app.clock import today
from app.domain.text.json_text import escape_part
from app.errors import Fault, InvalidRequestError
from app.http.answers import AnswerRoute, ReadRoute, send_json
from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.http.html import base_of
from app.queries import comparison
from app.queries.briefs.programs import brief_comparison
from app.queries.rubrics import current_rubric
from app.schemas.comparison import (
    ComparisonQuery,
    ComparisonRead,
    ComparisonRequest,
    ComparisonViewQuery,
)
from app.schemas.embeds import ComparisonCardQuery

router = APIRouter(prefix="/comparison", tags=["Compare"], route_class=AnswerRoute)
reads = APIRouter(prefix="/comparison", tags=["Compare"], route_class=ReadRoute)


@reads.get(
    "",
    summary="Compare 2 to 8 programs line by line, and say how sure their order is",
    description="Puts 2 to 8 programs side by side, such as those of Owens Community "
    "College and Mercy College of Ohio, and says how sure their order is.\n\n"
    "Programs that cannot be told apart share a [tie band](/docs/glossary#tie-band); "
    "[dominance](/docs/glossary#dominance) says which one is ahead whatever matters to "
    "the student.",
    response_model=ComparisonRead,
)
def compare_programs(
    request: Request, session: SessionDep, query: Annotated[ComparisonViewQuery, Query()]
) -> ComparisonRead | Response:
    read = compare_in_query(session, query)
    if query.view:
        return send_json(brief_comparison(session, read, base_of(request)))
    return comparison.only(read, query.sections) if query.sections else read


@router.post(
    "",
    summary="Compare with your own answers on top of the catalogue; nothing is stored",
    description="Compares programs again with what the schools told a student, which "
    "fills in what nobody knew.\n\n"
    "Nothing is stored.",
    dependencies=[NO_PARAMETERS],
)
def compare_with_answers(session: SessionDep, request: ComparisonRequest) -> ComparisonRead:
    return compare_request(session, request)


def compare_in_query(
    session: Session, query: ComparisonQuery | ComparisonCardQuery
) -> ComparisonRead:
    """Return the comparison that a query string asks for.

    Raises:
        InvalidRequestError: Programs or weights make no sense; names all of them.
    """
    faults: list[Fault] = []
    weights = weights_or_faults(faults, lambda: weights_of(query.weights))
    day = query.as_of or today()
    dossiers, wrong = comparison.choose_programs(session, query.program, day, pointer=None)
    faults += wrong
    reader = reader_or_faults(faults, query)
    if faults:
        raise InvalidRequestError(faults)
    return comparison.compare([dossier.asked_by(reader) for dossier in dossiers], weights)


def compare_request(session: Session, request: ComparisonRequest) -> ComparisonRead:
    """Return the comparison that a body asks for.

    Raises:
        InvalidRequestError: Programs, weights or answers make no sense; names all of them.
    """
    day = request.as_of or today()
    dossiers, faults = comparison.choose_programs(
        session, request.programs, day, pointer="#/programs"
    )
    weights = weights_or_faults(faults, lambda: weights_in_body(request.weights))
    for slug, answers in request.answers.items():
        pointer = f"#/answers/{escape_part(slug)}"
        if slug not in request.programs:
            words = f"{slug!r} is not among the programs compared."
            faults.append(Fault(words, pointer=pointer, value=slug))
        faults += answer_faults(answers, current_rubric(), pointer)
    reader = reader_or_faults(faults, request, pointer="#/near")
    if faults:
        raise InvalidRequestError(faults)
    dossiers = [dossier.asked_by(reader) for dossier in dossiers]
    return comparison.compare(dossiers, weights, request.answers)
