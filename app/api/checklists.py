"""POST /v1/checklists."""

from fastapi import APIRouter, Request, Response

from app.api.readers import reader_or_faults
from app.api.rubrics import (
    answer_faults,
    rubric_or_faults,
    weights_in_body,
    weights_or_faults,
)
from app.clock import today
from app.errors import Fault, InvalidRequestError, NotFoundError
from app.http.answers import AnswerRoute, send_json
from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.http.html import base_of
from app.queries import checklists
from app.queries.briefs.programs import brief_checklist
from app.queries.dossiers import get_dossier
from app.schemas.checklists import ChecklistRead, ChecklistRequest

router = APIRouter(
    prefix="/checklists", tags=["Score it"], dependencies=[NO_PARAMETERS], route_class=AnswerRoute
)


@router.post(
    "",
    summary="Score any program, of the catalogue or not, from your own answers",
    description="Scores a program from what a student was told by the school, whether "
    "or not we know the program.\n\n"
    "Nothing is stored. Answers are [findings](/docs/glossary#finding) such as `met` or "
    "`unknown`.",
    response_model=ChecklistRead,
)
def score_answers(
    http: Request, session: SessionDep, request: ChecklistRequest
) -> ChecklistRead | Response:
    faults: list[Fault] = []
    rubric = rubric_or_faults(faults, request.rubric, pointer="#/rubric")
    faults += answer_faults(request.answers, rubric, "#/answers")
    found = None
    if request.program is not None:
        try:
            found = get_dossier(session, request.program, today())
        except NotFoundError as error:
            faults.append(error.in_body("#/program"))
        for name in ("award_level", "cip_code"):
            if (given := getattr(request, name)) is not None:
                words = f"{name} is that of the program; leave out one of the two."
                faults.append(Fault(words, pointer=f"#/{name}", value=given))
    weights = weights_or_faults(faults, lambda: weights_in_body(request.weights))
    reader = reader_or_faults(faults, request, pointer="#/near")
    if faults:
        raise InvalidRequestError(faults)
    if found is None:
        read = checklists.score_answers(session, request, rubric, weights, today())
    else:
        dossier = found.by(rubric).under(request.answers).asked_by(reader)
        read = checklists.build_checklist(dossier, weights)
    return send_json(brief_checklist(session, read, base_of(http))) if request.view else read
