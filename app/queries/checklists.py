"""The checklist of one program, from its claims on a given day."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypedDict

from sqlmodel import Session

from app.domain.checklist.results import NOT_ANSWERED, CheckResult, answered, findings_of, said_in
from app.domain.checklist.rubric import Check, Rubric
from app.domain.checklist.rules import find_all
from app.domain.checklist.scoring import Score, score
from app.domain.checklist.summary import summarise, to_ask
from app.domain.checklist.warnings import find_warnings
from app.domain.claims import ProgramFacts, known_on
from app.domain.credentials.eligibility import Candidate
from app.domain.credentials.leads_to import RaisedGate, find_opening, raised_gates
from app.domain.disclosure import accreditors_bound, find_duties
from app.domain.dossier import Dossier, made_once
from app.domain.messages import N_, Listing, Message
from app.domain.vocabulary import Finding, ServiceKind, Topic
from app.queries.accreditors import published_remits
from app.queries.dossiers import stamp_of
from app.queries.shared_facts import load_shared_facts
from app.queries.summaries import to_online_completion, to_peer_rank
from app.schemas.checklists import (
    CautionRead,
    ChecklistRead,
    ChecklistRequest,
    CheckRead,
    CriterionRead,
    DisclosureRead,
    ExtrasRead,
    GateRead,
    PossibleRead,
    QuestionRead,
    RecognitionRead,
    TopicState,
    to_score,
)
from app.schemas.claims import each_once, to_evidence

STATED = N_("As stated by each source on the day given; verify with the school before enrolling.")


def build_checklist(dossier: Dossier, weights: Mapping[str, float] | None) -> ChecklistRead:
    """Return the checklist of one program, under the answers of the reader if there are any."""
    return _build(dossier, weights) if weights else _usual_checklist(dossier)


@made_once
def _usual_checklist(dossier: Dossier) -> ChecklistRead:
    return _build(dossier, None)


def _build(dossier: Dossier, weights: Mapping[str, float] | None) -> ChecklistRead:
    rubric, results = dossier.rubric, dossier.results
    scored = dossier.score(weights)
    sources = {claim.source for result in results for claim in result.evidence}
    return ChecklistRead(
        program=dossier.program.slug,
        name=dossier.program.name,
        institution=dossier.school.name,
        rubric=rubric.version,
        weights=dict(weights or rubric.default_weights),
        summary=summarise(rubric, results),
        score=to_score(scored.whole),
        **_gates(dossier.gates, dossier.program.slug),
        criteria=_criteria(rubric, scored, results, dossier.day),
        questions=questions_of(rubric, results),
        warnings=[
            CautionRead(
                code=caution.code,
                message=caution.message,
                evidence=[to_evidence(claim, dossier.day) for claim in caution.evidence],
            )
            for caution in find_warnings(dossier)
        ],
        extras=_extras(dossier),
        peers=None if weights or dossier.answers else to_peer_rank(dossier.peer_rank),
        note=STATED,
        **stamp_of(dossier, sources),
    )


def score_answers(
    session: Session,
    request: ChecklistRequest,
    rubric: Rubric,
    weights: Mapping[str, float] | None,
    today: date,
) -> ChecklistRead:
    """Score a program that is not in the catalogue from a caller's answers; nothing is stored."""
    facts = ProgramFacts(award_level=request.award_level, cip_code=request.cip_code)
    known = find_all(known_on(facts, today), rubric, today, published_remits())
    results = [
        replace(result, reason=_not_answered(result))
        if result.finding is Finding.UNKNOWN
        else result
        for result in answered(known, request.answers)
    ]
    findings = findings_of(results)
    scored = score(rubric, findings, weights, said=said_in(results))
    candidate = Candidate(facts, remits=published_remits(), answers=request.answers)
    shared, release = load_shared_facts(session)
    opening = find_opening(shared.exams, facts.award_level, candidate, today)
    return ChecklistRead(
        program=None,
        rubric=rubric.version,
        weights=dict(weights or rubric.default_weights),
        summary=summarise(rubric, results),
        score=to_score(scored.whole),
        **_gates(raised_gates(rubric, findings, opening)),
        criteria=_criteria(rubric, scored, results, today),
        questions=questions_of(rubric, results),
        warnings=[],
        release=release,
        as_of=today,
        sources=[],
    )


def _not_answered(result: CheckResult) -> Message:
    if result.applies_if is None:
        return NOT_ANSWERED
    return Listing(" ", (NOT_ANSWERED, result.applies_if))


class _Gates(TypedDict):
    gates: list[str]
    gate_notices: list[GateRead]


def _gates(raised: Sequence[RaisedGate], program: str | None = None) -> _Gates:
    """Return gates as codes and as sentences with the address of the rules behind them."""
    notices = []
    for gate in raised:
        url = f"/v1/credentials/{gate.credential}"
        if program:
            url = f"/v1/eligibility?program={program}&credential={gate.credential}"
        notices.append(GateRead(code=gate.code, message=gate.message, url=url))
    return {"gates": [str(gate.code) for gate in raised], "gate_notices": notices}


def _criteria(
    rubric: Rubric, scored: Score, results: Sequence[CheckResult], today: date
) -> list[CriterionRead]:
    by_key = {result.key: result for result in results}
    asked = {result.key for result in to_ask(rubric, results)}
    return [
        CriterionRead(
            key=criterion.key,
            label=criterion.label,
            weight=round(scored.weights.get(criterion.key, 0.0), 4),
            score=(
                to_score(scored.criteria[criterion.key])
                if criterion.key in scored.criteria
                else None
            ),
            checks=[
                _to_check(rubric, check, by_key[check.key], today, is_asked=check.key in asked)
                for check in criterion.checks
            ],
        )
        for criterion in rubric.criteria
    ]


def _to_check(
    rubric: Rubric, check: Check, result: CheckResult, today: date, *, is_asked: bool
) -> CheckRead:
    earned = rubric.values.get(result.finding)
    ends = rubric.possible.get(result.finding)
    likely = rubric.values.get(result.said or result.finding, 0.0)
    return CheckRead(
        key=check.key,
        label=check.label,
        finding=result.finding,
        said=result.said,
        points=None if earned is None else check.points * earned,
        possible=(
            PossibleRead(
                low=check.points * ends[0],
                likely=check.points * likely,
                high=check.points * ends[1],
            )
            if ends
            else None
        ),
        max_points=check.points,
        reason=result.reason,
        evidence=each_once(to_evidence(claim, today) for claim in result.evidence),
        question=(result.question or check.question) if is_asked else None,
    )


def questions_of(rubric: Rubric, results: Sequence[CheckResult]) -> list[QuestionRead]:
    """Return what is left to ask the school, that on which most points hang first."""
    questions = []
    for result in to_ask(rubric, results):
        check = rubric.find_check(result.key)
        if check is None:
            continue
        ask = result.question or Message(check.question)
        if result.evidence:
            ask = Message(
                "%(question)s (Known so far: %(reason)s)", question=ask, reason=result.reason
            )
        questions.append(QuestionRead(check=check.key, ask=ask, whom=check.whom))
    return questions


CAREER_SERVICES = (
    ServiceKind.RESUME_BUILDING,
    ServiceKind.MOCK_INTERVIEWS,
    ServiceKind.INTERNSHIP_PLACEMENT,
    ServiceKind.CAREER_SERVICES,
    ServiceKind.EMPLOYMENT_SERVICES,
    ServiceKind.PLACEMENT_SERVICES,
)
ONLINE_OPTIONS = (
    ServiceKind.DISTANCE_COURSES,
    ServiceKind.DISTANCE_PROGRAMS,
    ServiceKind.ALL_PROGRAMS_DISTANCE,
)


WHO_KNOWS_IT = Message(
    "Which employers have hired your graduates lately, and do employers advise the program?"
)


def _extras(dossier: Dossier) -> ExtrasRead:
    services: dict[str, bool | None] = {}
    for service in dossier.counting(dossier.known.services):
        services.setdefault(service.service, service.is_offered)
    topics: dict[str, bool | None] = {}
    for topic in dossier.counting(dossier.known.topics):
        topics.setdefault(topic.topic, topic.is_covered)
    return ExtrasRead(
        certification_alignment=sorted({c.credential_code for c in dossier.facts.preparation}),
        curriculum_topics=[TopicState(topic=t, is_covered=topics.get(t)) for t in Topic],
        career_services={key: services.get(key) for key in CAREER_SERVICES},
        online_options={key: services.get(key) for key in ONLINE_OPTIONS},
        completion_online=to_online_completion(dossier),
        disclosures=[
            DisclosureRead(
                accreditor=accreditor,
                key=duty.key,
                shown=duty.shown,
                text=duty.text,
                evidence=[to_evidence(claim, dossier.day) for claim in duty.claims],
            )
            for accreditor in accreditors_bound(dossier.known)
            for duty in find_duties(dossier.known, accreditor, dossier.day)
        ],
        employer_recognition=RecognitionRead(
            named_employers=None, advisory_board=None, ask=WHO_KNOWS_IT
        ),
    )
