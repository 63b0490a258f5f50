"""GET /v1/programs/{slug}/letter: the open questions of a program, ready to be sent."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from app.clock import today
from app.http.dependencies import SessionDep, Slug
from app.http.html import base_of
from app.queries.checklists import build_checklist
from app.queries.dossiers import get_dossier, stamp_of
from app.queries.school_questions import FIRST_ASKED, questions_to_school
from app.queries.sources import list_titles
from app.schemas.letters import LetterQuery, LetterRead
from app.site.languages import language
from app.site.letters import write_letter
from app.site.writing import Writer

router = APIRouter(prefix="/programs", tags=["Score it"])


@router.get(
    "/{slug}/letter",
    summary="Write the open questions of a program as a letter to its school",
    description="Gives a student the open questions of a program as a letter, in English or "
    "Spanish, and as an address that opens it in a mail program.",
)
def get_letter(
    request: Request, session: SessionDep, slug: Slug, query: Annotated[LetterQuery, Query()]
) -> LetterRead:
    dossier = get_dossier(session, slug, today())
    asked = questions_to_school(dossier, build_checklist(dossier, None).questions)
    write = Writer(language(query.lang), list_titles(session))
    letter = write_letter(write, dossier, asked, base_of(request), first=FIRST_ASKED)
    return LetterRead(
        program=slug,
        language=letter.language,
        subject=letter.subject,
        to=letter.to,
        text=letter.text,
        mailto=letter.mailto,
        questions=len(asked),
        **stamp_of(dossier, []),
    )
