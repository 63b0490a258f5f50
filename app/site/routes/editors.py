"""GET and POST /editors: what pages and schools state, decided on with a key."""

from typing import Annotated, Any

from fastapi import Query, Request, Response
from sqlmodel import Session

from app.clock import moment
from app.domain.keys import Scope
from app.errors import ProblemError
from app.http.auth import check_typed_key
from app.http.dependencies import SessionDep
from app.http.html import Form
from app.ledger import found_facts
from app.schemas.found_facts import AcceptFactRequest, FoundFactsQuery
from app.schemas.site import EditorsVisit
from app.site.routes.page import SitePage, site_router
from app.store.database import write_session

router = site_router()

PAGE = 40
"""Facts shown at once."""


@router.get("/editors")
def show_editors(
    request: Request, session: SessionDep, query: Annotated[EditorsVisit, Query()]
) -> Response:
    answer = SitePage(request, session, query).show("editors", **_nothing(query))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post("/editors")
def decide(
    request: Request, session: SessionDep, query: Annotated[EditorsVisit, Query()], form: Form
) -> Response:
    fields = dict(form)
    page = SitePage(request, session, query)
    try:
        actor = check_typed_key(request, fields.get("key", ""), Scope.WRITE_FACTS)
    except ProblemError as error:
        return page.refuse("editors", error, **{**_nothing(query), "refused": error.detail})
    done: list[tuple[int, str]] = []
    refused: list[tuple[int, str]] = []
    for number, decision in _decisions(fields):
        try:
            with write_session(request.app.state.engine) as writing:
                if decision == "accept":
                    changes = _changes(fields, number)
                    asked = AcceptFactRequest(changes=changes)
                    found_facts.accept(writing, number, asked, actor.name, moment())
                else:
                    why = fields.get(f"why-{number}", "").strip() or "Not what the page says"
                    found_facts.decline(writing, number, why, actor.name, moment())
            done.append((number, decision))
        except ProblemError as error:
            said = "; ".join(fault.detail for fault in error.faults) or error.detail
            refused.append((number, said))
    answer = page.show(
        "editors",
        key=fields.get("key", ""),
        actor=actor.name,
        refused=None,
        done=done,
        not_done=refused,
        **_waiting(request, query),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _nothing(query: EditorsVisit) -> dict[str, Any]:
    return {
        "key": "",
        "actor": None,
        "refused": None,
        "done": [],
        "not_done": [],
        "found": None,
        "groups": [],
        "about": query.about,
    }


def _decisions(fields: dict[str, str]) -> list[tuple[int, str]]:
    return [
        (int(name.removeprefix("fact-")), value)
        for name, value in fields.items()
        if name.startswith("fact-")
        and name.removeprefix("fact-").isdigit()
        and len(name) < 15
        and value in {"accept", "decline"}
    ]


def _changes(fields: dict[str, str], number: int) -> dict[str, Any]:
    """Return the columns that were typed otherwise than they were found."""
    changes: dict[str, Any] = {}
    for name, value in fields.items():
        column = name.removeprefix(f"value-{number}-")
        if column == name or value == fields.get(f"was-{number}-{column}", ""):
            continue
        changes[column] = _typed(value.strip())
    return changes


def _typed(text: str) -> Any:
    """Return a number, yes or no, nothing, or the text itself."""
    if not text:
        return None
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and "." not in text else number


def _waiting(request: Request, query: EditorsVisit) -> dict[str, Any]:
    asked = FoundFactsQuery.model_validate(
        {"limit": PAGE, "program": query.about, "cursor": query.cursor}
    )
    with Session(request.app.state.engine) as session:
        found = found_facts.list_facts(session, asked)
    groups: dict[str, list[Any]] = {}
    for fact in found.items:
        groups.setdefault(fact.program, []).append(fact)
    return {"found": found, "groups": list(groups.items()), "about": query.about}
