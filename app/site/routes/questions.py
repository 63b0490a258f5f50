"""GET /docs and /docs/ask/{key}: the questions of a counselor, each a form and its answer."""

import re
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import Field as Declared
from pydantic import create_model
from sqlmodel import Session

from app.clock import today
from app.domain.messages import Message
from app.domain.vocabulary import REGIONS
from app.errors import Fault, InvalidRequestError, NotFoundError, ProblemError
from app.http.asking import Address, ask
from app.http.dependencies import SessionDep, get_session
from app.queries.advancement import get_graph
from app.queries.credentials import search_credentials
from app.schemas.credentials import CredentialQuery
from app.schemas.pages import Cursor, Text
from app.schemas.site import VisitQuery
from app.site import words
from app.site.languages import language
from app.site.pages.answered import to_csv, to_table
from app.site.pages.cells import part
from app.site.pages.faults import by_label
from app.site.pages.questions import GROUPS, QUESTIONS, Field, Kind, Question
from app.site.pages.search import suggestion_kinds
from app.site.pages.visits import CARRIED, PageContext, Pair, to_address, with_home
from app.site.routes.page import SitePage, site_router
from app.site.writing import Writer

router = site_router()

CSV = "text/csv; charset=utf-8"
OFFERED, LOOKED_AT = 6, 20
"""Programs to choose from where a name is that of several, and those it is looked for among."""

NAMED_BY = [("fields", one) for one in ("slug", "name", "institution", "award_level")]
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
MARK = " · "
"""Between a program, its degree or certificate, and its place."""

QuestionVisit = create_model(  # type: ignore[call-overload]
    "QuestionVisit",
    __doc__="Query string of a question: its fields, and what is taken along.",
    __base__=VisitQuery,
    cursor=(Cursor | None, None),
    **{
        one.key: (Text | None, Declared(default=None, description=one.label))
        for question in QUESTIONS.values()
        for one in question.fields
        if one.key not in VisitQuery.model_fields
    },
)
Key = Annotated[Text, Path(max_length=40)]


@dataclass(slots=True)
class Chosen:
    """The program that is taken for what was typed; a label is told by the language.

    ``others`` may be meant too, unless it ``is_named`` outright.
    """

    slug: str
    label: Mapping[str, str]
    others: Sequence[Mapping[str, str]] = ()
    is_named: bool = False


@dataclass(slots=True)
class Asked:
    """A question as somebody asks it: what is filled in, what is wrong with it, and the answer.

    ``address`` is that of the interface which answers; None: not enough is filled in.
    """

    question: Question
    typed: dict[str, str]
    chosen: dict[str, Chosen] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    status: int = 200
    address: Address | None = None
    answer: Any = None

    def blame(self, key: str, detail: str) -> None:
        """Note what is wrong with a field; "" is none of them."""
        self.faults.setdefault(key, []).append(detail)
        self.status = InvalidRequestError.status


@router.get("/docs")
def show_questions(
    request: Request, session: SessionDep, query: Annotated[VisitQuery, Query()]
) -> Response:
    return SitePage(request, session, query).show("questions", groups=GROUPS)


@router.get("/docs/ask/{key}.csv")
async def get_answer_as_csv(
    request: Request,
    key: Key,
    query: Annotated[QuestionVisit, Query()],
) -> Response:
    asked = await _asked(request, _find(key), query)
    if asked.address is None or asked.faults:
        faults = [Fault(one, parameter=name) for name in asked.faults for one in asked.faults[name]]
        raise InvalidRequestError(faults or [Fault(Message("Nothing is asked yet."))])
    if asked.question.csv:
        return RedirectResponse(_csv_address(asked.question, asked.address), 307)
    return await run_sync(_send_csv, request, query, asked)


@router.get("/docs/ask/{key}")
async def show_question(
    request: Request,
    key: Key,
    query: Annotated[QuestionVisit, Query()],
) -> Response:
    asked = await _asked(request, _find(key), query)
    return await run_sync(_show, request, query, asked)


def _find(key: str) -> Question:
    if key not in QUESTIONS:
        raise NotFoundError("question", key, known=list(QUESTIONS))
    return QUESTIONS[key]


async def _asked(request: Request, question: Question, query: Any) -> Asked:
    """Return what is asked, answered where enough is filled in and nothing is wrong."""
    asked = Asked(question, _typed(question, query))
    for one in question.fields:
        if one.kind is Kind.PROGRAM and asked.typed[one.key]:
            await _choose(request, asked, one.key)
    is_filled = any(getattr(query, one.key) for one in question.fields if one.key not in CARRIED)
    missing = [one for one in question.fields if one.is_needed and not asked.typed[one.key]]
    for one in missing if is_filled else ():
        asked.blame(one.key, Message("Please fill this in."))
    if missing or asked.faults:
        return asked
    filled: dict[str, str] = {}
    pairs: list[Pair] = list(question.fixed)
    for one in question.fields:
        if value := _value(asked, one):
            if f"{{{one.parameter}}}" in question.address:
                filled[one.parameter] = value
            else:
                pairs.append((one.parameter, value))
    if query.residency and any(one.key == "home_state" for one in question.fields):
        pairs.append(("residency", query.residency))
    if query.cursor:
        pairs.append(("cursor", query.cursor))
    asked.address = Address(question.address, filled, pairs)
    try:
        asked.answer = await ask(request, asked.address)
    except (InvalidRequestError, NotFoundError) as error:
        _tell(asked, error)
    return asked


def _typed(question: Question, query: Any) -> dict[str, str]:
    """Return field -> what is filled in, else what is known of the reader, else what is usual."""
    programs, home = iter(query.program), with_home(query).home_state
    typed = {}
    for one in question.fields:
        known = None
        if one.kind is Kind.STATE and (one.is_needed or one.key in CARRIED):
            known = home
        elif one.kind is Kind.PLACE:
            known = query.near
        elif one.kind is Kind.PROGRAM:
            known = next(programs, None)
        typed[one.key] = str(getattr(query, one.key) or known or one.usual)
    return typed


def _value(asked: Asked, one: Field) -> str:
    """Return what the interface is asked for with a field."""
    if one.key in asked.chosen:
        return asked.chosen[one.key].slug
    typed = asked.typed[one.key]
    return re.sub(r"[$,\s]", "", typed) if one.kind is Kind.NUMBER else typed


async def _choose(request: Request, asked: Asked, key: str) -> None:
    """Take what is typed in a field for a program: its slug, what it is called, or words."""
    typed = asked.typed[key]
    if SLUG.fullmatch(typed) and (read := await _read(request, typed)):
        asked.chosen[key] = Chosen(part(read, "slug"), _labels(read), is_named=True)
        return
    found = await _search(request, typed)
    if not found:
        asked.blame(key, Message("No program is found by %(words)s.", words=repr(typed)))
        return
    meant = [one for one in found if typed in _labels(one).values()]
    best = (meant or found)[0]
    others = [_labels(one) for one in found[:OFFERED] if one is not best]
    asked.chosen[key] = Chosen(best["slug"], _labels(best), others, is_named=bool(meant))


def _labels(program: Any) -> dict[str, str]:
    """Return language -> what a program is called to tell it from all others."""
    award = words.AWARDS.get(part(program, "award_level") or "")
    city, state = part(program, "institution.city"), part(program, "institution.state")
    place = ", ".join(filter(None, (city, state)))
    name = f"{part(program, 'institution.name')}: {part(program, 'name')}"
    return {
        code: MARK.join([name, *([language(code).say(award)] if award else []), place])
        for code in REGIONS
    }


async def _read(request: Request, slug: str) -> Any:
    try:
        return await ask(request, Address("/v1/programs/{slug}", {"slug": slug}, ()))
    except NotFoundError:
        return None


async def _search(request: Request, typed: str) -> list[Any]:
    """Return the programs that some words find, the best first."""
    asked = [("q", typed.partition(MARK)[0]), ("limit", str(LOOKED_AT))]
    try:
        found = await ask(request, Address("/v1/programs", {}, [*asked, *NAMED_BY]))
    except InvalidRequestError:  # too short for a search
        return []
    return list(found["items"])


def _tell(asked: Asked, error: ProblemError) -> None:
    """Note what the interface refuses, each beside its field and in the words of its label."""
    fields = asked.question.fields
    for fault in error.faults or [Fault(error.detail)]:
        meant = [one for one in fields if one.parameter == fault.parameter]
        meant = [one for one in meant if asked.typed[one.key] == fault.value] or meant
        if not error.faults:  # of what the path names
            meant = [one for one in fields if f"{{{one.parameter}}}" in asked.question.address]
        label = meant[0].label if meant else ""
        detail = by_label(fault.detail, Message(label), fault.parameter) if label else fault.detail
        asked.blame(meant[0].key if meant else "", detail)
    asked.status = error.status


def _csv_address(question: Question, address: Address) -> str:
    return to_address(question.csv, [one for one in address.query if one[0] in question.csv_takes])


def _send_csv(request: Request, query: Any, asked: Asked) -> Response:
    with contextmanager(get_session)(request) as session:
        page = SitePage(request, session, query)
    table = to_csv(to_table(page.write, asked.question, asked.answer))
    headers = {"Content-Disposition": f'attachment; filename="{asked.question.key}.csv"'}
    return Response(table, headers=headers, media_type=CSV)


def _show(request: Request, query: Any, asked: Asked) -> Response:
    with contextmanager(get_session)(request) as session:
        page = SitePage(request, session, query)
        values = {
            "question": asked.question,
            "asked": asked,
            "options": _options(session, page.write, asked.question),
            "kinds": suggestion_kinds(page.write.speech),
            "example": page.visit.to(page.visit.path, *asked.question.examples.items()),
        }
    if asked.answer is None or asked.address is None:
        if asked.faults:
            return page.refuse("question", InvalidRequestError([]), **values, table=None)
        return page.show("question", **values, table=None)
    table = to_table(page.write, asked.question, asked.answer)
    return page.show(
        "question", **values, table=table, ways=_ways(page.visit, asked.question, asked.address)
    )


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways out of an answer: the page that shows it, and the addresses of the same as data."""

    page: str
    csv: str
    json: str
    curl: str


def _ways(visit: PageContext, question: Question, address: Address) -> Ways:
    takes = question.page_takes
    shown = {**dict(address.query), **address.filled}
    path = re.sub(r"\{(\w+)\}", lambda at: shown[at[1]], question.page)
    pairs = [
        (takes[name], value)
        for name, value in (*address.query, *address.filled.items())
        if name in takes and name not in ("limit", "cursor")
    ]
    own = {name for name, _ in pairs}
    along = [pair for pair in visit.carried if pair[0] not in own]
    csv = (
        _csv_address(question, address)
        if question.csv
        else visit.here(without=["cursor"]).replace(visit.path, f"{visit.path}.csv", 1)
    )
    return Ways(
        page=to_address(path, [*pairs, *along]),
        csv=csv,
        json=str(address),
        curl=f"curl '{visit.base}{address}'",
    )


def _options(
    session: Session, write: Writer, question: Question
) -> dict[str, list[tuple[str, str]]]:
    """Return field -> what can be chosen in it."""
    kinds = {one.kind for one in question.fields}
    known: dict[Kind, list[tuple[str, str]]] = {Kind.STATE: list(words.STATES.items())}
    if kinds & {Kind.CREDENTIAL, Kind.ROLE}:
        credentials = search_credentials(session, CredentialQuery()).items
        known[Kind.CREDENTIAL] = [(one.code, f"{one.code}: {one.name}") for one in credentials]
    if Kind.ROLE in kinds:
        roles = get_graph(session, today()).roles
        named = sorted((write.told(one.label).text, one.slug) for one in roles)
        known[Kind.ROLE] = [*((slug, label) for label, slug in named), *known[Kind.CREDENTIAL]]
    return {
        one.key: write.choices(one.choices, one.choices) if one.choices else known[one.kind]
        for one in question.fields
        if one.choices or one.kind in known
    }
