"""Facts read on pages or answered by schools: what waits for an editor, and deciding on it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from sqlmodel import Session

from app.clock import moment, today
from app.domain.keys import Actor, Scope
from app.http.auth import require
from app.http.dependencies import NO_PARAMETERS
from app.http.html import base_of
from app.ledger import answer_links, found_facts
from app.queries.checklists import build_checklist
from app.queries.dossiers import get_dossier
from app.queries.found_facts import list_facts, list_reviews
from app.queries.sources import list_titles
from app.schemas.found_facts import (
    AcceptFactRequest,
    AnswerLinkRead,
    AnswerLinkRequest,
    AnswerLinksRead,
    DecideAllRequest,
    DecidedAllRead,
    DeclineFactRequest,
    FactDecisionRead,
    FoundFactsPage,
    FoundFactsQuery,
    LinkLetter,
    PageReviewsRead,
)
from app.site.letters import letters_to
from app.store.database import write_session

router = APIRouter(prefix="/admin", tags=["Keep it true"])

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number", examples=[1])]
Writer = Annotated[Actor, require(Scope.WRITE_FACTS)]


@router.get(
    "/found-facts",
    summary="List the facts that pages and schools state, waiting for an editor",
    description="Lists what was read on schools' pages or answered by schools, each with the "
    "sentence and the address it rests on.",
)
def list_found_facts(
    request: Request,
    query: Annotated[FoundFactsQuery, Query()],
    _actor: Annotated[Actor, require(Scope.READ_DRAFTS)],
) -> FoundFactsPage:
    with Session(request.app.state.engine) as session:
        return list_facts(session, query)


@router.post(
    "/found-facts/{number}/accept",
    summary="Accept a fact: it becomes a proposed change with its page as evidence",
    description="Lets an editor follow what a page says, as it was found or with changes.",
    dependencies=[NO_PARAMETERS],
)
def accept_found_fact(
    request: Request, number: Number, body: AcceptFactRequest, actor: Writer
) -> FactDecisionRead:
    with write_session(request.app.state.engine) as session:
        return found_facts.accept(session, number, body, actor.name, moment())


@router.post(
    "/found-facts/{number}/decline",
    summary="Decline a fact: it does not come back while its page says the same",
    description="Lets an editor turn down what was read on a page, with the reason.",
    dependencies=[NO_PARAMETERS],
)
def decline_found_fact(
    request: Request, number: Number, body: DeclineFactRequest, actor: Writer
) -> FactDecisionRead:
    with write_session(request.app.state.engine) as session:
        return found_facts.decline(session, number, body.why, actor.name, moment())


@router.post(
    "/found-facts/decisions",
    summary="Accept or decline all that waits of one program",
    description="Lets an editor who has looked at every fact of a program decide on them at once.",
    dependencies=[NO_PARAMETERS],
)
def settle_found_facts(request: Request, body: DecideAllRequest, actor: Writer) -> DecidedAllRead:
    with write_session(request.app.state.engine) as session:
        return found_facts.decide_all(session, body, actor.name, moment())


@router.get(
    "/page-reviews",
    summary="List the pages behind facts that are gone, moved, or say otherwise",
    description="Lists pages that facts rest on and that do not say so any more, for an editor "
    "to look at.",
    dependencies=[NO_PARAMETERS],
)
def list_page_reviews(
    request: Request, _actor: Annotated[Actor, require(Scope.READ_DRAFTS)]
) -> PageReviewsRead:
    with Session(request.app.state.engine) as session:
        return list_reviews(session)


@router.post(
    "/page-reviews/{number}/close",
    summary="Close the review of a page, once what was to change is proposed",
    description="Tells that an editor has looked at a page that does not say so any more.",
    status_code=204,
    dependencies=[NO_PARAMETERS],
)
def settle_page_review(
    request: Request, number: Number, body: DeclineFactRequest, actor: Writer
) -> None:
    with write_session(request.app.state.engine) as session:
        found_facts.close_review(session, number, body.why, actor.name, moment())


@router.post(
    "/answer-links",
    summary="Make an address under which a school answers a program's open questions",
    description="Makes an address to send to a school: behind it stand the open questions of one "
    "of its programs.\n\nThe address is shown once. What is answered waits for an editor.",
    status_code=201,
    dependencies=[NO_PARAMETERS],
)
def create_answer_link(request: Request, body: AnswerLinkRequest, actor: Writer) -> AnswerLinkRead:
    with write_session(request.app.state.engine) as session:
        link, secret = answer_links.make_link(
            session, body.program, body.days, actor.name, moment()
        )
        base = base_of(request)
        url = f"{base}/answer/{secret}"
        dossier = get_dossier(session, body.program, today())
        asked = build_checklist(dossier, None).questions
        letters = letters_to(list_titles(session), dossier, asked, base, url)
        made = answer_links.to_read(link, body.program, url)
        made.letters = [LinkLetter.model_validate(letter) for letter in letters]
        return made


@router.get(
    "/answer-links",
    summary="List the addresses made for schools, and what came of them",
    description="Lists the addresses that were made for schools to answer questions under.",
    dependencies=[NO_PARAMETERS],
)
def list_answer_links(
    request: Request, _actor: Annotated[Actor, require(Scope.READ_DRAFTS)]
) -> AnswerLinksRead:
    with Session(request.app.state.engine) as session:
        return AnswerLinksRead(items=answer_links.list_links(session))


@router.post(
    "/answer-links/{number}/revoke",
    summary="End an address made for a school",
    description="Ends an address that was made for a school: nobody can answer under it any more.",
    dependencies=[NO_PARAMETERS],
)
def retire_answer_link(request: Request, number: Number, _actor: Writer) -> AnswerLinkRead:
    with write_session(request.app.state.engine) as session:
        return answer_links.revoke_link(session, number, moment())
