"""GET and POST /editors: what pages and schools state, decided on with a key."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import ValidationError
from sqlmodel import Session

from app.clock import moment, today
from app.domain.keys import Actor, Scope
from app.errors import Fault, ForbiddenError, InvalidRequestError, ProblemError
from app.http.auth import check_typed_key
from app.http.dependencies import SessionDep
from app.http.html import Form, base_of
from app.ledger import answer_links, found_facts, publishing
from app.ledger.drafts import pending_edits
from app.ledger.found_facts import Decision
from app.queries.checklists import build_checklist
from app.queries.dossiers import get_dossier
from app.queries.found_facts import list_reviews, list_waiting
from app.queries.rubrics import current_rubric
from app.queries.sources import list_titles
from app.schemas.drafts import PublishRequest
from app.schemas.found_facts import AnswerLinkRequest, DeclineFactRequest, FoundFactsQuery
from app.schemas.site import EditorsVisit
from app.site.letters import letters_to
from app.site.pages.editors import Desk, changes_of
from app.site.routes.page import SitePage, site_router
from app.store.changes import Author
from app.store.database import write_session
from app.store.tables.reading import FoundFact

router = site_router()

PROGRAMS = 5
"""Programs shown at once."""

TOLD = ("refused", "done", "closed", "revoked", "published", "link")
"""What the page can tell of the button that was pressed."""

FILTERS = ("state", "check", "school", "about", "cursor")


@router.get("/editors")
def show_editors(
    request: Request, session: SessionDep, query: Annotated[EditorsVisit, Query()]
) -> Response:
    shown = {**dict.fromkeys(TOLD), "key": "", "actor": None, "asked": {"about": query.about}}
    return _show(SitePage(request, session, query), shown)


@router.post("/editors")
def decide(
    request: Request, session: SessionDep, query: Annotated[EditorsVisit, Query()], form: Form
) -> Response:
    fields = dict(form)
    page = SitePage(request, session, query)
    key = fields.get("key", "").strip()
    asked = {name: fields.get(name, "") for name in FILTERS}
    shown: dict[str, Any] = {**dict.fromkeys(TOLD), "key": ""}
    try:
        actor = check_typed_key(request, key, Scope.WRITE_FACTS)
    except ProblemError as error:
        shown |= {"actor": None, "asked": asked, "refused": [error.detail]}
        return page.refuse("editors", error, **shown)
    shown |= {"key": key, "actor": actor, "desk": Desk(page.write, today())}
    failed: ProblemError | None = None
    try:
        shown |= _act(request, page, actor, fields)
    except ProblemError as error:
        failed = error
        shown["refused"] = _said(error)
    try:
        shown |= _on_desk(request, asked)
    except ProblemError as error:
        failed = error
        shown["refused"] = _said(error)
        shown |= _on_desk(request, dict.fromkeys(asked, ""))
    if failed is not None:
        return page.refuse("editors", failed, **shown)
    return _show(page, shown)


def _show(page: SitePage, shown: dict[str, Any]) -> Response:
    """Return the page, which nothing may keep: it is made for who has a key."""
    answer = page.show("editors", **shown)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _said(error: ProblemError) -> list[str]:
    """Return what is wrong, in a sentence each."""
    return [fault.detail for fault in error.faults] or [error.detail]


def _act(
    request: Request, page: SitePage, actor: Actor, fields: Mapping[str, str]
) -> dict[str, Any]:
    """Do what a button of the page says; return what is to be told of it."""
    act, now, engine = fields.get("act", "show"), moment(), request.app.state.engine
    if act == "publish":
        return _publish(request, actor, fields)
    if act == "make_link":
        return _make_link(request, page, actor, fields)
    with write_session(engine) as session:
        if act == "close_review":
            why = _why(fields) or "Looked at"
            number = _number(fields, "review")
            found_facts.close_review(session, number, why, actor.name, now)
            return {"closed": number}
        if act == "revoke_link":
            return {"revoked": answer_links.revoke_link(session, _number(fields, "link"), now)}
        return _decide(session, act, actor, fields)


def _number(fields: Mapping[str, str], name: str) -> int:
    text = fields.get(name, "")
    if not text.isdigit() or len(text) > 9:
        raise InvalidRequestError([Fault(f"{text[:40]!r} is no number.", parameter=name)])
    return int(text)


def _why(fields: Mapping[str, str]) -> str:
    """Return the reason that was typed; nothing where none was.

    Raises:
        InvalidRequestError: It cannot be kept.
    """
    text = fields.get("why", "").strip()
    try:
        return DeclineFactRequest(why=text).why if text else ""
    except ValidationError as error:
        said = str(error.errors()[0]["msg"])
        raise InvalidRequestError([Fault(f"{said}.", parameter="why", value=text[:60])]) from error


def _decide(session: Session, act: str, actor: Actor, fields: Mapping[str, str]) -> dict[str, Any]:
    """Decide on the facts of one program, as they are marked, and on the rest by the button."""
    rest: dict[str, Decision] = {"accept_rest": "accept", "decline_rest": "decline"}
    decisions: dict[int, Decision] = {}
    marked: set[int] = set()
    changes: dict[int, dict[str, Any]] = {}
    for name, value in fields.items():
        number = name.removeprefix("fact-")
        if number == name or not number.isdigit() or len(number) > 9:
            continue
        if value in {"accept", "decline"}:
            marked.add(int(number))
            decisions[int(number)] = "accept" if value == "accept" else "decline"
        elif act in rest:
            decisions[int(number)] = rest[act]
        fact = session.get(FoundFact, int(number))
        if fact is not None:
            before = f"value-{number}-"
            typed = {n.removeprefix(before): v for n, v in fields.items() if n.startswith(before)}
            changes[int(number)] = changes_of(fact, typed)
    if not decisions:
        return {}
    why = _why(fields) or "Read on the page that is named"
    done = found_facts.decide_each(
        session, decisions, why, actor.name, moment(), changes=changes, one_by_one=marked
    )
    return {"done": done, "about_done": fields.get("program_name", "")}


def _publish(request: Request, actor: Actor, fields: Mapping[str, str]) -> dict[str, Any]:
    if not actor.may(Scope.PUBLISH):
        raise ForbiddenError(Scope.PUBLISH)
    try:
        asked = PublishRequest(note=fields.get("note", ""))
    except ValidationError as error:
        fault = Fault("Say in a few words what the release is about.", parameter="note")
        raise InvalidRequestError([fault]) from error
    with write_session(request.app.state.engine, takes_long=True) as session:
        author = Author(actor.name, asked.note)
        release = publishing.publish_draft(
            session, author, current_rubric(), accepted=(), now=moment()
        )
        return {"published": release.number}


def _make_link(
    request: Request, page: SitePage, actor: Actor, fields: Mapping[str, str]
) -> dict[str, Any]:
    """Make an address for a school, with the letters that name it."""
    try:
        asked = AnswerLinkRequest(program=fields.get("program", ""))
    except ValidationError as error:
        fault = Fault("Name the program by its slug.", parameter="program")
        raise InvalidRequestError([fault]) from error
    with write_session(request.app.state.engine) as session:
        link, secret = answer_links.make_link(
            session, asked.program, asked.days, actor.name, moment()
        )
        url = f"{base_of(request)}/answer/{secret}"
        dossier = get_dossier(session, asked.program, today())
        questions = build_checklist(dossier, None).questions
        base = page.visit.base
        letters = letters_to(list_titles(session), dossier, questions, base, url)
        made = answer_links.to_read(link, asked.program, url)
    return {"link": made, "letters": letters}


def _on_desk(request: Request, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return all that waits, as it is asked for."""
    given = {
        "limit": PROGRAMS,
        "program": asked["about"] or None,
        "school_state": [asked["state"]] if asked["state"] else [],
        "check": [asked["check"]] if asked["check"] else [],
        "school": asked["school"].strip() or None,
        "cursor": asked["cursor"] or None,
    }
    try:
        query = FoundFactsQuery.model_validate(given)
    except ValidationError as error:
        raise InvalidRequestError(
            [Fault(str(one["msg"]), parameter=str(one["loc"][0])) for one in error.errors()]
        ) from error
    checks = [check for one in current_rubric().criteria for check in one.checks]
    with Session(request.app.state.engine, expire_on_commit=False) as session:
        return {
            "asked": asked,
            "waiting": list_waiting(session, query, today()),
            "reviews": list_reviews(session).items,
            "links": answer_links.list_links(session),
            "pending": len(pending_edits(session)),
            "checks": checks,
            "questions": {
                f"{side}.{check.key}": check.question
                for side in ("school", "reader")
                for check in checks
            },
        }
