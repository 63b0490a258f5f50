"""GET and POST /compare: programs side by side; POST /compare/hand-out: freeze them on paper."""

from collections.abc import Iterable, Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from app.api.rubrics import answer_faults, weights_of, weights_or_faults
from app.api.snapshots import freeze_and_store
from app.clock import moment, today
from app.domain.checklist.scoring import parse_weights, split_weights
from app.domain.comparison.answers import parse_answers, write_answers
from app.domain.messages import Message
from app.domain.text.addresses import is_address
from app.domain.vocabulary import Finding
from app.errors import Fault, InvalidRequestError, nearest
from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.http.guards import MAX_ADDRESS_BYTES
from app.http.html import Form, wants_page
from app.http.writes import count_write, midnight
from app.ledger import answer_links
from app.queries import checklists, comparison
from app.queries.dossiers import find_dossiers
from app.queries.eligibility import list_openings
from app.queries.programs import slugs_like
from app.queries.rubrics import current_rubric
from app.queries.school_questions import FIRST_ASKED
from app.queries.total_cost import get_total_cost
from app.schemas.comparison import MIN_PROGRAMS, ComparisonRequest
from app.schemas.site import CompareQuery
from app.schemas.total_cost import TotalCostQuery
from app.search.places import reader_of
from app.settings import get_settings
from app.site.hand_outs import page_address
from app.site.pages.comparison import ComparisonPage, unknown_programs
from app.site.pages.visits import Pair, in_order, to_address, to_pairs, with_home
from app.site.routes.page import SitePage, language_wanted, site_router
from app.site.rows import RowWriter
from app.store.database import write_session

router = site_router()

WEIGHT = "weights."
"""What the name of a slider begins with; the key of its criterion follows."""

Answers = dict[str, dict[str, Finding]]


@router.get("/compare")
def show_comparison(
    request: Request, session: SessionDep, query: Annotated[CompareQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    visit = page.visit
    rubric, day = current_rubric(), today()
    answers = _answers_of(query)
    found = find_dossiers(session, query.program, day)
    near = {
        slug: nearest(slug, slugs_like(session, slug))
        for slug in query.program
        if slug not in found
    }
    unknown = unknown_programs(visit, near)
    slugs = [slug for slug in query.program if slug in found]
    if len(slugs) < MIN_PROGRAMS:
        return page.show("comparison_choose", unknown=unknown)
    faults: list[Fault] = []
    weights = weights_or_faults(faults, lambda: weights_of(query.weights))
    if faults and not wants_page(request):
        raise InvalidRequestError(faults)
    given = {slug: answers[slug] for slug in slugs if slug in answers}
    reader = reader_of(query, query.near)
    found = {slug: found[slug].asked_by(reader) for slug in slugs}
    now = comparison.compare(list(found.values()), weights, given)
    before = {checklist.program or "": checklist for checklist in now.checklists} | {
        slug: checklists.build_checklist(found[slug], weights) for slug in given
    }
    told = {slug: found[slug].under(given.get(slug)) for slug in slugs}
    shown = ComparisonPage(
        write=RowWriter(visit.speech, page.write.sources),
        now=now,
        unanswered=before,
        rubric=rubric,
        given=_as_given(query.weights),
        retired=frozenset(slug for slug in slugs if found[slug].program.retired_at),
        only_differing=query.rows == "differ",
        dossiers=told,
        costs={slug: get_total_cost(session, one, TotalCostQuery()) for slug, one in told.items()},
        exams={slug: list_openings(session, one) for slug, one in told.items()},
    )
    asked = [
        *(("program", slug) for slug in slugs),
        *to_pairs(with_home(query), "home_state", "residency"),
        *([("weights", query.weights)] if query.weights and not faults else []),
    ]
    answer = page.show(
        "comparison",
        canonical=visit.canonical(None, *(("program", slug) for slug in slugs)),
        oembed=page.oembed("program", "home_state", "residency", "weights", "lang"),
        shown=shown,
        comparison=now,
        unknown=unknown,
        kept_answers=[
            text for text in write_answers(answers) if text.partition(":")[0] not in given
        ],
        sources=[page.write.sources.get(key, (key, None)) for key in now.sources],
        first_asked=FIRST_ASKED,
        faults=faults,
        query=query,
        json_address=to_address("/v1/comparison", asked),
        csv_address=to_address("/v1/export/comparison.csv", asked),
        xlsx_address=to_address("/v1/export/comparison.xlsx", asked),
        mail_address=_mail(page, shown.shorts.values()),
        card_address=to_address("/embed/comparison", [*asked, ("lang", visit.lang)]),
    )
    if faults:
        answer.status_code = InvalidRequestError.status
        answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post("/compare", dependencies=[NO_PARAMETERS])
def settle(form: Form) -> Response:
    """Answer the page's form with the address that says the same."""
    query = _to_query(form)
    _answers_of(query)
    return _see(_address_of(query))


@router.post("/compare/hand-out", dependencies=[NO_PARAMETERS])
def keep_hand_out(request: Request, session: SessionDep, form: Form) -> Response:
    query = _to_query(form)
    wanted = ComparisonRequest(
        programs=query.program,
        weights=_weights_given(query.weights),
        home_state=with_home(query).home_state,
        residency=query.residency,
        answers=_answers_of(query),
    )
    frozen, _ = freeze_and_store(request, session, wanted)
    return _see(page_address(frozen.hash, query.lang or language_wanted(request)))


@router.post("/compare/answers", dependencies=[NO_PARAMETERS])
def send_answers(request: Request, form: Form) -> Response:
    """Send on what schools answered, with the page that shows it; an editor decides."""
    url = dict(form).get("source_url", "").strip()
    query = _to_query([pair for pair in form if pair[0] != "source_url"])
    answers = _answers_of(query)
    if not is_address(url):
        raise InvalidRequestError(
            [
                Fault(
                    Message("Name the page that shows the answers."),
                    parameter="source_url",
                    value=url,
                )
            ]
        )
    settings, now, engine = get_settings(), moment(), request.app.state.engine
    with write_session(engine) as session:
        count_write(
            request,
            "answers",
            rate=settings.corrections,
            daily_limit=settings.corrections_per_day,
            written=answer_links.count_today(session, midnight(now)),
            now=now,
        )
        answer_links.take_findings(session, answers, url, now)
    return _see(f"{_address_of(query.model_copy(update={'sent': True}))}#questions")


def _mail(page: SitePage, names: Iterable[str]) -> str:
    """Return what opens a mail with the address of the page in it."""
    visit = page.visit
    subject = visit.speech.say("Programs compared: %(names)s", names=", ".join(names))
    return f"mailto:?subject={quote(subject)}&body={quote(f'{visit.base}{visit.here()}', safe='')}"


def _see(where: str) -> Response:
    return RedirectResponse(where, 303, {"Cache-Control": "no-store"})


def _answers_of(query: CompareQuery) -> Answers:
    """Return what schools answered.

    Raises:
        InvalidRequestError: An answer is of no program chosen, to no check, or no finding.
    """
    try:
        answers = parse_answers(query.answers)
    except ValueError as error:
        raise InvalidRequestError([Fault(f"{error}.", parameter="answers")]) from error
    faults = []
    for slug, given in answers.items():
        if slug not in query.program:
            words = f"{slug!r} is not among the programs compared."
            faults.append(Fault(words, parameter="answers", value=slug))
        for fault in answer_faults(given, current_rubric(), ""):
            near = f" Did you mean {fault.suggestion!r}?" if fault.suggestion else ""
            words = f"{fault.detail}{near}"
            faults.append(Fault(words, None, "answers", fault.value, fault.suggestion))
    if faults:
        raise InvalidRequestError(faults)
    return answers


def _as_given(text: str | None) -> dict[str, float]:
    """Return weights as a reader gave them, where they can be read."""
    try:
        return split_weights(text) if text else {}
    except ValueError:
        return {}


def _weights_given(text: str | None) -> dict[str, float] | None:
    """Return weights as a reader gave them; None where none are given.

    Raises:
        InvalidRequestError: They make no sense.
    """
    if text is None:
        return None
    weights_of(text)
    return split_weights(text)


def _to_query(form: Iterable[Pair]) -> CompareQuery:
    """Return what a form asks for: sliders as weights, one answer for each program.

    Raises:
        RequestValidationError: A field is unknown, or its value is not accepted.
        InvalidRequestError: An answer cannot be read.
    """
    fields: dict[str, str | list[str]] = {}
    weights: dict[str, str] = {}
    lists: dict[str, list[str]] = {"program": [], "answers": []}
    for name, value in form:
        if name.startswith(WEIGHT):
            weights[name.removeprefix(WEIGHT)] = value
        elif name in lists:
            lists[name] += [value] if value else []
        else:
            fields[name] = value
    if weights and not _is_as_published(weights):
        fields["weights"] = ",".join(f"{key}:{value}" for key, value in weights.items())
    try:
        answers = write_answers(parse_answers(lists["answers"]))
    except ValueError as error:
        raise InvalidRequestError([Fault(f"{error}.", parameter="answers")]) from error
    try:
        return CompareQuery.model_validate(
            {**fields, "program": lists["program"], "answers": answers}
        )
    except ValidationError as error:
        errors = [{**one, "loc": ("query", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(errors) from error


def _is_as_published(weights: Mapping[str, str]) -> bool:
    """Return whether sliders stand as the rubric weighs, so that an address need not say so."""
    rubric = current_rubric()
    text = ",".join(f"{key}:{value}" for key, value in weights.items())
    try:
        return parse_weights(text, rubric) == rubric.default_weights
    except ValueError:
        return False


def _address_of(query: CompareQuery) -> str:
    """Return the address of the page that a form asks for.

    Raises:
        InvalidRequestError: It is longer than this service reads.
    """
    asked = in_order(query.model_dump(mode="json", exclude_defaults=True))
    pairs = [
        (name, str(one))
        for name, value in asked.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    where = to_address("/compare", pairs)
    if len(where) > MAX_ADDRESS_BYTES:
        words = (
            f"The address would have {len(where)} characters; at most {MAX_ADDRESS_BYTES} are "
            "read. Compare fewer programs, or take back some answers."
        )
        raise InvalidRequestError([Fault(words, parameter="answers")])
    return where
