"""GET and POST /answer/{secret}: a school answers the open questions of one of its programs."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from app.clock import moment, today
from app.domain.checklist.answers import DETAILS, choices_of
from app.domain.checklist.curation import needs_accreditor
from app.domain.dossier import Dossier
from app.domain.messages import Message
from app.domain.text.addresses import is_address
from app.errors import Fault, InvalidRequestError, ProblemError
from app.http.dependencies import SessionDep
from app.http.html import Form
from app.ledger import answer_links
from app.ledger.answer_links import Answer
from app.queries.checklists import build_checklist
from app.queries.found_facts import claim_of
from app.schemas.site import VisitQuery
from app.site.pages.editors import Desk
from app.site.routes.page import SitePage, page_context, site_router
from app.store.database import write_session
from app.store.tables.reading import AnswerLink

router = site_router()

Secret = Annotated[str, Path(min_length=8, max_length=60, pattern=r"^[\w-]+$")]


@router.get("/answer/{secret}")
def show_questions(
    request: Request, session: SessionDep, secret: Secret, query: Annotated[VisitQuery, Query()]
) -> Response:
    now = moment()
    with write_session(request.app.state.engine) as writing:
        link = answer_links.find_link(writing, secret, now)
        if link.opened_at is None:
            link.opened_at = now
            writing.add(link)
    page = SitePage(request, session, query)
    link = answer_links.find_link(session, secret, now)
    answer = page.show("answer", **_form(session, page, link, {}))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post("/answer/{secret}")
def take_answers(
    request: Request,
    session: SessionDep,
    secret: Secret,
    query: Annotated[VisitQuery, Query()],
    form: Form,
) -> Response:
    fields, now = dict(form), moment()
    link = answer_links.find_link(session, secret, now)
    checks = answer_links.open_checks(answer_links.dossier_of(session, link, now))
    try:
        answers = _read(fields, checks)
        with write_session(request.app.state.engine) as writing:
            own = answer_links.find_link(writing, secret, now)
            contact = fields.get("contact", "").strip()[:200] or None
            answer_links.take_answers(writing, own, answers, contact, now)
    except ProblemError as error:
        page = SitePage(request, session, query)
        faults = error.faults or [Fault(error.detail)]
        return page.refuse("answer", error, **_form(session, page, link, fields, faults))
    return RedirectResponse(page_context(request, session, query).to(f"/answer/{secret}"), 303)


def _read(fields: dict[str, str], checks: Sequence[str]) -> list[Answer]:
    """Return the answers in a form.

    Raises:
        InvalidRequestError: An address in it is none.
    """
    answers, faults = [], []
    for check in checks:
        finding = fields.get(f"finding-{check}", "")
        if not finding:
            continue
        url = fields.get(f"url-{check}", "").strip()
        if url and not is_address(url):
            faults.append(
                Fault(Message("That is no address of a page."), parameter=check, value=url[:200])
            )
        typed = {
            name.removeprefix(f"{check}-"): value
            for name, value in fields.items()
            if name.startswith(f"{check}-")
        }
        said = ", ".join(f"{name} {value}" for name, value in typed.items() if value.strip())
        words = f"{check}: {finding}" + (f" ({said[:200]})" if said else "")
        answers.append(Answer(check, finding, url, typed, words))
    if faults:
        raise InvalidRequestError(faults)
    return answers


def _form(
    session: Session,
    page: SitePage,
    link: AnswerLink,
    typed: dict[str, str],
    faults: Sequence[Fault] = (),
) -> dict[str, Any]:
    dossier = answer_links.dossier_of(session, link, moment())
    asks = {one.check: one.ask for one in build_checklist(dossier, None).questions}
    asked = []
    for key in answer_links.open_checks(dossier):
        check = dossier.rubric.find_check(key)
        if check is None:
            continue
        asked.append(
            {
                "key": key,
                "ask": asks.get(key, check.question),
                "result": dossier.result(key),
                "choices": choices_of(key),
                "details": DETAILS.get(key, ()),
                "needs_accreditor": needs_accreditor(key, dossier.accreditors),
            }
        )
    by_check: dict[str, list[str]] = {}
    for fault in faults:
        by_check.setdefault(fault.parameter or "", []).append(fault.detail)
    return {
        "dossier": dossier,
        "asked": asked,
        "typed": typed,
        "faults": by_check,
        "link": link,
        "answered": _answered(session, page, link, dossier),
    }


def _answered(
    session: Session, page: SitePage, link: AnswerLink, dossier: Dossier
) -> list[dict[str, Any]]:
    """Return what a school has answered, in words, and what became of it."""
    desk, told = Desk(page.write, today()), []
    for fact, release in answer_links.answered(session, link):
        check = dossier.rubric.find_check(fact.rule.removeprefix(answer_links.SCHOOL_RULE))
        claim = claim_of(fact.collection, fact.record)
        told.append(
            {
                "fact": fact,
                "question": check.question if check else fact.sentence,
                "line": desk.line(claim) if claim else None,
                "release": release,
            }
        )
    return told
