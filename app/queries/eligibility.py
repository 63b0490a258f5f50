"""Who may sit an exam, from the rules of the credential and what is known of a program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from app.domain.credentials.eligibility import (
    Candidate,
    Decision,
    Standing,
    StatusRule,
    find_eligibility,
    status_rules,
)
from app.domain.credentials.leads_to import FITTING
from app.domain.dossier import Dossier
from app.domain.messages import Message
from app.domain.vocabulary import BELOW_ASSOCIATE
from app.errors import Fault, InvalidRequestError, NotFoundError
from app.queries.credentials import credential_asked, resolve_code, to_eligibility, to_route
from app.queries.dossiers import dossier_asked, stamp_of
from app.queries.kept import kept
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
from app.schemas.pages import StampFields
from app.store.tables.credentials import Credential, CredentialRule

MOST_NAMED = 4
"""Credentials told of that a program names itself."""

OF_CERTIFICATES = "CCA"
"""The credential that students of a certificate below an associate degree ask about as well."""

UNTOLD: dict[str, Any] = {"any_of": [], "unknown": True, "never": [], "advice": []}
"""The rules of a credential that nothing is written about."""


@dataclass(frozen=True, slots=True)
class Exams:
    """All credentials by code, the rules of their exams, and those of accreditation statuses."""

    credentials: Mapping[str, Credential]
    rules: Mapping[str, dict[str, Any]]
    statuses: Sequence[Mapping[str, Any]]

    def rules_of(self, code: str) -> dict[str, Any]:
        """Return who may sit the exam of a credential, as its rules tell."""
        return self.rules.get(code, UNTOLD)

    def statuses_of(self, code: str) -> dict[str, StatusRule]:
        """Return accreditation status -> what it is worth for one exam."""
        return status_rules(self.statuses, code)

    def decide(self, code: str, candidate: Candidate, today: date) -> Decision:
        """Return whether somebody may sit the exam of a credential on a day."""
        return find_eligibility(self.rules_of(code), self.statuses_of(code), candidate, today)


@kept()
def load_exams(session: Session) -> Exams:
    """Return the rules of all exams; two statements."""
    kinds = ("eligibility", "accreditation_status")
    rules: dict[str, dict[str, Any]] = {}
    statuses = []
    for rule in session.exec(select(CredentialRule).where(col(CredentialRule.kind).in_(kinds))):
        if rule.kind == "eligibility":
            rules[rule.subject] = rule.rules
        else:
            statuses.append(rule.rules)
    credentials = {credential.code: credential for credential in session.exec(select(Credential))}
    for credential in credentials.values():
        session.expunge(credential)
    return Exams(credentials, rules, statuses)


def get_eligibility(session: Session, query: EligibilityQuery, today: date) -> EligibilityRead:
    """Return whether graduates of a program, or somebody, may sit an exam on a day.

    Raises:
        InvalidRequestError: A credential or the program is not known, or the credential has no
            rules.
    """
    exams = load_exams(session)
    credential = exams.credentials.get(query.credential) or credential_asked(
        session, query.credential
    )
    dossier = dossier_asked(session, query.program, today) if query.program else None
    candidate = replace(
        dossier.candidate if dossier else Candidate(),
        education=query.education,
        holds=_held(session, query.holds),
        experience_years=query.experience_years,
    )
    stamped = stamp_of(dossier, ()) if dossier else stamp(session, (), today)
    return _to_answer(exams, credential, candidate, dossier, stamped)


def list_openings(session: Session, dossier: Dossier) -> list[EligibilityRead]:
    """Return whether graduates may sit the exams they ask about first: those named lead."""
    exams = load_exams(session)
    return [_opening(exams, code, dossier) for code in _asked_first(exams, dossier)]


def find_opening(
    session: Session, dossier: Dossier, credential: str | None
) -> EligibilityRead | None:
    """Return whether graduates may sit one exam, by default the first that they ask about.

    None: nothing is asked for, and their award opens none.

    Raises:
        InvalidRequestError: No credential has, or had, this code or name.
    """
    exams = load_exams(session)
    if credential is not None:
        code = credential if credential in exams.credentials else None
        return _opening(exams, code or credential_asked(session, credential).code, dossier)
    code = next(iter(_asked_first(exams, dossier)), None)
    return None if code is None else _opening(exams, code, dossier)


def _asked_first(exams: Exams, dossier: Dossier) -> list[str]:
    award = dossier.program.award or ""
    fitting = [FITTING[award]] if award in FITTING else []
    if award in BELOW_ASSOCIATE:
        fitting = [OF_CERTIFICATES, *fitting]
    codes = dict.fromkeys([*dossier.credentials[:MOST_NAMED], *fitting])
    return [code for code in codes if code in exams.credentials]


def _opening(exams: Exams, code: str, dossier: Dossier) -> EligibilityRead:
    stamped = stamp_of(dossier, ())
    return _to_answer(exams, exams.credentials[code], dossier.candidate, dossier, stamped)


def _to_answer(
    exams: Exams,
    credential: Credential,
    candidate: Candidate,
    dossier: Dossier | None,
    stamped: StampFields,
) -> EligibilityRead:
    today, rules = stamped["as_of"], exams.rules_of(credential.code)
    decision = exams.decide(credential.code, candidate, today)
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
        program=dossier.program.slug if dossier else None,
        program_name=dossier.program.name if dossier else None,
        institution=dossier.school.name if dossier else None,
        answer=decision.answer,
        rule=decision.rule,
        rule_text=_rule_text(rules, decision),
        rule_url=f"/v1/credentials/{credential.code}",
        reason=decision.reason,
        standing=_to_standing(standing, dossier) if standing and dossier else None,
        routes=routes,
        what_would_change=[WouldChange(text=c.text, whom=c.whom) for c in decision.changes],
        answer_instead=_instead(exams, decision, candidate, today),
        early_testing=shown.early_testing,
        never=shown.never,
        advice=shown.advice,
        documents=shown.documents,
        claims_url=f"/v1/credentials/{credential.code}",
        release=stamped["release"],
        as_of=today,
        sources=sorted(sources),
    )


def _rule_text(rules: Mapping[str, Any], decision: Decision) -> Message:
    """Return what decided, as it stands in the rules; else the reason that ended it."""
    kind, _, name = decision.rule.partition(" ")
    if kind == "decision":
        return Message(str(rules["decision_order"][int(name) - 1]["text"]))
    routes = [route for route in rules.get("any_of", []) if kind == "route"]
    told = next((str(route["text"]) for route in routes if route["route"] == name), None)
    return Message(told) if told else decision.reason


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


def _to_standing(standing: Standing, dossier: Dossier) -> StandingRead:
    claim, program = standing.claim, dossier.program
    return StandingRead(
        accreditation=standing.accreditation,
        status=claim.status if claim else None,
        award_level=program.award_level or program.award_group,
        award_fits=standing.award_fits,
        covers=standing.covers,
        evidence=[to_evidence(claim, dossier.day)] if claim else [],
    )


def _instead(
    exams: Exams, decision: Decision, candidate: Candidate, today: date
) -> InsteadRead | None:
    """Return the answer for the credential that the deciding rule points to, if any."""
    if decision.instead is None:
        return None
    found = exams.decide(decision.instead, candidate, today)
    return InsteadRead(credential=decision.instead, answer=found.answer, reason=found.reason)
