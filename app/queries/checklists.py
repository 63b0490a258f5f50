"""The checklist of one program, from its claims on a given day."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from app.domain.checklist.rubric import Rubric
from app.domain.checklist.rules import (
    ANSWERED,
    CheckResult,
    answered,
    find_all,
    find_one,
    findings_of,
)
from app.domain.checklist.scoring import Score, score
from app.domain.checklist.warnings import find_warnings
from app.domain.claims import AccreditationClaim, ProgramFacts
from app.domain.cost.prices import headline_price
from app.domain.evidence import Age, Subject, age_of, order_claims
from app.domain.vocabulary import Finding, ServiceKind, Topic
from app.queries.claims import load_facts
from app.queries.programs import peers_of
from app.queries.releases import stamp
from app.queries.summaries import months_of
from app.schemas.checklists import (
    CautionRead,
    ChecklistRead,
    ChecklistRequest,
    CheckRead,
    CriterionRead,
    ExtrasRead,
    QuestionRead,
    TopicState,
    to_score,
)
from app.schemas.claims import to_evidence
from app.schemas.pages import Evidence
from app.store.tables.institutions import Institution
from app.store.tables.programs import Program

STATED = "As stated by each source on the day given; verify with the school before enrolling."


def get_checklist(
    session: Session,
    program: Program,
    institution: Institution,
    rubric: Rubric,
    weights: Mapping[str, float] | None,
    today: date,
    answers: Mapping[str, Finding] | None = None,
) -> ChecklistRead:
    """Score one program of the catalogue as known on a day, under a caller's answers if any."""
    facts = load_facts(session, [program])[int(program.id or 0)]
    results = answered(find_all(facts, rubric, today), answers)
    return build_checklist(session, program, institution, facts, results, rubric, weights, today)


def build_checklist(
    session: Session,
    program: Program,
    institution: Institution,
    facts: ProgramFacts,
    results: Sequence[CheckResult],
    rubric: Rubric,
    weights: Mapping[str, float] | None,
    today: date,
) -> ChecklistRead:
    """Return the checklist of one program from what was found out about each check."""
    findings = findings_of(results)
    scored = score(rubric, findings, weights)
    price = headline_price(facts, today)
    months = months_of(facts, today)
    cautions = find_warnings(
        facts,
        findings,
        price=price,
        months=months.low if months else None,
        peers=peers_of(session, program.award_level, price),
        is_closed=institution.is_active is False or institution.closed_on is not None,
        today=today,
    )
    sources = {claim.source for result in results for claim in result.evidence}
    return ChecklistRead(
        program=program.slug,
        name=program.name,
        institution=institution.name,
        rubric=rubric.version,
        weights=dict(weights or rubric.default_weights),
        score=to_score(scored.whole),
        gates=list(scored.gates),
        criteria=_criteria(rubric, scored, results, today),
        questions=questions_of(rubric, results),
        warnings=[CautionRead(code=c.code, message=c.message) for c in cautions],
        extras=_extras(facts, today),
        note=STATED,
        **stamp(session, sources, today),
    )


SHOWN_IN_LISTS = ("program_accredited", "institution_accredited")


def accreditation_of(
    session: Session, program_ids: Sequence[int], today: date
) -> dict[int, dict[str, tuple[Finding, list[Evidence]]]]:
    """Return program id -> check of accreditation -> its finding and what it rests on.

    One statement for the programs and one for their claims, however many they are.
    """
    wanted = list(session.exec(select(Program).where(col(Program.id).in_(program_ids))))
    facts = load_facts(session, wanted, [AccreditationClaim])
    return {
        key: {
            result.key: (result.finding, [to_evidence(claim, today) for claim in result.evidence])
            for result in (find_one(facts[key], check, today) for check in SHOWN_IN_LISTS)
        }
        for key in facts
    }


def score_answers(
    session: Session,
    request: ChecklistRequest,
    rubric: Rubric,
    weights: Mapping[str, float] | None,
    today: date,
) -> ChecklistRead:
    """Score a program that is not in the catalogue from a caller's answers; nothing is stored."""
    findings = {key: request.answers.get(key, Finding.UNKNOWN) for key in rubric.check_keys}
    results = [
        CheckResult(
            key,
            finding,
            ANSWERED if key in request.answers else "Not answered.",
        )
        for key, finding in findings.items()
    ]
    scored = score(rubric, findings, weights)
    return ChecklistRead(
        program=None,
        rubric=rubric.version,
        weights=dict(weights or rubric.default_weights),
        score=to_score(scored.whole),
        gates=list(scored.gates),
        criteria=_criteria(rubric, scored, results, today),
        questions=questions_of(rubric, results),
        warnings=[],
        **stamp(session, [], today),
    )


def _criteria(
    rubric: Rubric, scored: Score, results: Sequence[CheckResult], today: date
) -> list[CriterionRead]:
    by_key = {result.key: result for result in results}
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
                CheckRead(
                    key=check.key,
                    label=check.label,
                    finding=by_key[check.key].finding,
                    points=(
                        check.points * rubric.values[by_key[check.key].finding]
                        if by_key[check.key].finding in rubric.values
                        else None
                    ),
                    max_points=check.points,
                    reason=by_key[check.key].reason,
                    evidence=[to_evidence(claim, today) for claim in by_key[check.key].evidence],
                    question=check.question if by_key[check.key].needs_question else None,
                )
                for check in criterion.checks
            ],
        )
        for criterion in rubric.criteria
    ]


def questions_of(rubric: Rubric, results: Sequence[CheckResult]) -> list[QuestionRead]:
    """Return what is left to ask the school, in the order of the rubric."""
    questions = []
    for result in results:
        check = rubric.find_check(result.key)
        if check is None or not result.needs_question:
            continue
        known = f" (Known so far: {result.reason})" if result.evidence else ""
        questions.append(
            QuestionRead(check=check.key, ask=f"{check.question}{known}", whom=check.whom)
        )
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


def _extras(facts: ProgramFacts, today: date) -> ExtrasRead:
    services: dict[str, bool | None] = {}
    for service in order_claims(facts.services, Subject.SERVICE, today):
        if age_of(service.as_of, Subject.SERVICE, today) is not Age.STALE:
            services.setdefault(service.service, service.is_offered)
    topics: dict[str, bool | None] = {}
    for topic in order_claims(facts.topics, Subject.TOPIC, today):
        if age_of(topic.as_of, Subject.TOPIC, today) is not Age.STALE:
            topics.setdefault(topic.topic, topic.is_covered)
    return ExtrasRead(
        certification_alignment=sorted({c.credential_code for c in facts.preparation}),
        curriculum_topics=[TopicState(topic=t, is_covered=topics.get(t)) for t in Topic],
        career_services={key: services.get(key) for key in CAREER_SERVICES},
        online_options={key: services.get(key) for key in ONLINE_OPTIONS},
    )
