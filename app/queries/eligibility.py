"""Who may sit an exam, from the rules of the credential and what is known of a program."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from app.domain.credentials.eligibility import (
    Candidate,
    Decision,
    Standing,
    StatusRule,
    find_eligibility,
)
from app.domain.vocabulary import BELOW_ASSOCIATE, GRADUATE, AwardLevel
from app.errors import Fault, InvalidRequestError, NotFoundError
from app.queries.claims import load_facts
from app.queries.credentials import credential_asked, resolve_code, to_eligibility, to_route
from app.queries.programs import program_asked
from app.queries.releases import stamp
from app.schemas.claims import to_evidence
from app.schemas.eligibility import (
    ConditionAnswer,
    EligibilityQuery,
    EligibilityRead,
    InsteadRead,
    RouteAnswerRead,
    StandingRead,
    WouldChange,
)
from app.store.tables.credentials import Credential, CredentialRule
from app.store.tables.programs import Program

MOST_NAMED = 4
"""Credentials told of that a program names itself."""

POINTS_TO: Mapping[str, tuple[str, ...]] = {
    AwardLevel.ASSOCIATE: ("RHIT",),
    **dict.fromkeys(BELOW_ASSOCIATE, ("CCA", "RHIT")),
    **dict.fromkeys((AwardLevel.BACHELOR, *GRADUATE), ("RHIA",)),
}
"""Award -> credentials that its students ask about first, whatever the program says of them."""


def get_eligibility(session: Session, query: EligibilityQuery, today: date) -> EligibilityRead:
    """Return whether graduates of a program, or somebody, may sit an exam on a day.

    Raises:
        InvalidRequestError: A credential or the program is not known, or the credential has no
            rules.
    """
    credential = credential_asked(session, query.credential)
    found = program_asked(session, query.program) if query.program else None
    candidate = Candidate(
        facts=load_facts(session, [found[0]])[int(found[0].id or 0)] if found else None,
        education=query.education,
        holds=_held(session, query.holds),
        experience_years=query.experience_years,
    )
    rules = rules_of(session, credential)
    decision = find_eligibility(rules, statuses_of(session, credential.code), candidate, today)
    shown = to_eligibility(rules, today)
    answers = {route.route: route for route in decision.routes}
    routes = [
        RouteAnswerRead(
            **dict(to_route(route, today)),
            answer=answers[route["route"]].answer,
            conditions=[
                ConditionAnswer(kind=w.kind, answer=w.answer, text=w.text)
                for w in answers[route["route"]].conditions
            ],
        )
        for route in rules.get("any_of", [])
    ]
    sources = {route.evidence.source for route in routes} | {credential.source}
    standing = decision.standing
    if standing and standing.claim:
        sources.add(standing.claim.source)
    return EligibilityRead(
        credential=credential.code,
        credential_name=credential.name,
        program=found[0].slug if found else None,
        program_name=found[0].name if found else None,
        institution=found[1].name if found else None,
        answer=decision.answer,
        rule=decision.rule,
        reason=decision.reason,
        standing=_to_standing(standing, found[0], today) if standing and found else None,
        routes=routes,
        what_would_change=[WouldChange(text=c.text, whom=c.whom) for c in decision.changes],
        answer_instead=_instead(session, decision, candidate, today),
        early_testing=shown.early_testing,
        never=shown.never,
        advice=shown.advice,
        documents=shown.documents,
        claims_url=f"/v1/credentials/{credential.code}",
        **stamp(session, sources, today),
    )


def codes_to_tell(session: Session, award_level: str | None, named: Sequence[str]) -> list[str]:
    """Return the credentials to tell graduates of: those named, then those its award points to."""
    codes = dict.fromkeys([*named[:MOST_NAMED], *POINTS_TO.get(award_level or "", ())])
    known = set(session.exec(select(Credential.code).where(col(Credential.code).in_(codes))))
    return [code for code in codes if code in known]


def _held(session: Session, codes: list[str]) -> frozenset[str] | None:
    """Return the codes of credentials held; None where none is told."""
    if not codes:
        return None
    held, faults = set(), []
    for code in codes:
        try:
            held.add(resolve_code(session, code)[0].code)
        except NotFoundError as error:
            faults.append(
                Fault(error.detail, parameter="holds", value=code, suggestion=error.suggestion)
            )
    if faults:
        raise InvalidRequestError(faults)
    return frozenset(held)


UNTOLD: dict[str, Any] = {"any_of": [], "unknown": True, "never": [], "advice": []}
"""The rules of a credential that nothing is written about."""


def rules_of(session: Session, credential: Credential) -> dict[str, Any]:
    """Return who may sit the exam of a credential, as its rules tell."""
    rule = session.get(CredentialRule, ("eligibility", credential.code))
    return rule.rules if rule else UNTOLD


def statuses_of(session: Session, code: str) -> dict[str, StatusRule]:
    """Return accreditation status -> what it is worth for one exam."""
    rows = session.exec(
        select(CredentialRule).where(col(CredentialRule.kind) == "accreditation_status")
    )
    return {row.rules["status"]: _to_status(row.rules, code) for row in rows}


def _to_status(rules: Mapping[str, Any], code: str) -> StatusRule:
    counts = rules["counts_to_sit"].get(code)
    return StatusRule(
        counts=counts["value"] if counts else None,
        question=rules["question"],
    )


def _to_standing(standing: Standing, program: Program, today: date) -> StandingRead:
    claim = standing.claim
    return StandingRead(
        accreditation=standing.accreditation,
        status=claim.status if claim else None,
        award_level=program.award_level or program.award_group,
        award_fits=standing.award_fits,
        covers=standing.covers,
        evidence=[to_evidence(claim, today)] if claim else [],
    )


def _instead(
    session: Session, decision: Decision, candidate: Candidate, today: date
) -> InsteadRead | None:
    """Return the answer for the credential that the deciding rule points to, if any."""
    if decision.instead is None:
        return None
    other, _ = resolve_code(session, decision.instead)
    found = find_eligibility(
        rules_of(session, other), statuses_of(session, other.code), candidate, today
    )
    return InsteadRead(credential=other.code, answer=found.answer, reason=found.reason)
