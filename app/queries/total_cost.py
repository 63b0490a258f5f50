"""The whole cost of one program, from its prices and those of the credential it leads to."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from app.domain.checklist.rubric import Rubric
from app.domain.claims import ProgramClaim, ProgramFacts
from app.domain.cost.total_cost import (
    CredentialFee,
    LeftOut,
    Line,
    Missing,
    Target,
    TotalCost,
    find_total_cost,
)
from app.domain.evidence import Subject, order_claims
from app.domain.vocabulary import Pace
from app.errors import NotFoundError
from app.queries.claims import load_facts
from app.queries.credentials import (
    ISSUER_WIDE,
    credential_asked,
    current_claims,
    question_for,
    resolve_code,
)
from app.queries.releases import stamp
from app.schemas.claims import to_evidence, to_usd
from app.schemas.pages import Evidence
from app.schemas.timeline import AssumptionRead
from app.schemas.total_cost import (
    CostLineRead,
    LeftOutRead,
    MissingPartRead,
    TimesRead,
    TotalCostQuery,
    TotalCostRead,
    TotalRead,
)
from app.store.tables.credentials import Credential, CredentialClaim, CredentialRule
from app.store.tables.institutions import Institution
from app.store.tables.programs import Program

FEES = ("exam_fee", "membership_fee")


def get_total_cost(
    session: Session,
    program: Program,
    institution: Institution,
    rubric: Rubric,
    query: TotalCostQuery,
    today: date,
) -> TotalCostRead:
    """Return what is known of the whole cost of a program on a day.

    Raises:
        InvalidRequestError: No credential has, or had, the code asked for.
    """
    facts = load_facts(session, [program])[int(program.id or 0)]
    named = named_credentials(session, facts, today)
    credential = (
        credential_asked(session, query.credential) if query.credential else next(iter(named), None)
    )
    target = load_target(session, credential) if credential else None
    total = find_total_cost(
        facts,
        target,
        residency=query.residency,
        pace=query.pace,
        credits_per_term=query.term_load,
        today=today,
    )
    sources = {claim.source for line in total.lines for claim in line.claims}
    sources |= {claim.source for part in total.missing for claim in part.claims}
    sources |= {left.claim.source for left in total.left_out}
    return TotalCostRead(
        program=program.slug,
        name=program.name,
        institution=institution.name,
        residency=query.residency,
        pace=query.pace.value,
        credits_per_term=query.term_load if query.pace is Pace.PART else None,
        credential=credential.code if credential else None,
        prepares_for=[other.code for other in named],
        total=to_total(total),
        components=[to_line(line, today) for line in total.lines],
        missing=[to_missing(session, part, credential, rubric, today) for part in total.missing],
        left_out=[_to_left_out(left, today) for left in total.left_out],
        assumptions=[AssumptionRead(text=a.text, basis=a.basis) for a in total.assumptions],
        **stamp(session, sources, today),
    )


def named_credentials(session: Session, facts: ProgramFacts, today: date) -> list[Credential]:
    """Return the credentials that a program names, those its award opens first."""
    found: dict[str, Credential] = {}
    for claim in order_claims(facts.preparation, Subject.PREPARATION, today):
        try:
            credential, _ = resolve_code(session, claim.credential_code)
        except NotFoundError:
            continue
        found.setdefault(credential.code, credential)
    return sorted(
        found.values(),
        key=lambda c: (not _is_opened_by(session, c.code, facts.award_level), c.code),
    )


def _is_opened_by(session: Session, code: str, award_level: str | None) -> bool:
    return any(
        award_level in condition.get("award_levels", [])
        for route in _routes(session, code)
        for condition in route["all_of"]
    )


def _routes(session: Session, code: str) -> list[dict[str, Any]]:
    rule = session.get(CredentialRule, ("eligibility", code))
    return [r for r in rule.rules.get("any_of", []) if r.get("decides")] if rule else []


def find_target(session: Session, facts: ProgramFacts, today: date) -> Target | None:
    """Return the credential that a program's total is counted to; None where it names none."""
    named = named_credentials(session, facts, today)
    return load_target(session, named[0]) if named else None


def load_target(session: Session, credential: Credential) -> Target:
    """Return what is claimed of the fees of a credential and of its issuer's membership."""
    claims = [
        claim
        for code in (credential.code, f"{ISSUER_WIDE}{credential.issuer}")
        for claim in current_claims(session, code)
    ]
    return Target(
        code=credential.code,
        fees=list(_to_fees(claims)),
        is_membership_required=any(
            condition["kind"] == "membership"
            for route in _routes(session, credential.code)
            for condition in route["all_of"]
        ),
    )


def _to_fees(claims: Sequence[CredentialClaim]) -> Iterable[CredentialFee]:
    for claim in claims:
        if claim.field in FEES and claim.unit == "USD" and claim.value_low is not None:
            high = claim.value_low if claim.value_high is None else claim.value_high
            yield CredentialFee(
                level="credential",
                source=claim.source,
                basis=claim.basis,
                source_url=claim.source_url,
                as_of=claim.as_of,
                as_stated=claim.as_stated,
                note=claim.note,
                field=claim.field,
                qualifier=claim.qualifier,
                amount_low_cents=round(claim.value_low * 100),
                amount_high_cents=round(high * 100),
                is_contradicted=claim.is_contradicted,
            )


def to_total(total: TotalCost) -> TotalRead:
    """Return the sum in dollars; without any counted part it is unknown, not 0."""
    return TotalRead(
        low_usd=to_usd(total.low_cents) if total.lines else None,
        high_usd=to_usd(total.high_cents) if total.lines else None,
        is_complete=total.is_complete,
        is_open=total.high_cents is None,
    )


def to_line(line: Line, today: date) -> CostLineRead:
    """Return a counted part as served on a day."""
    high = line.times.high
    return CostLineRead(
        component=line.component,
        label=line.label,
        low_usd=line.low_cents / 100,
        high_usd=to_usd(line.high_cents),
        unit=line.unit,
        times=TimesRead(
            low=round(float(line.times.low), 2),
            high=None if high is None else round(float(high), 2),
            is_nominal=line.is_nominal,
        ),
        contains=list(line.contains),
        reason=line.reason,
        evidence=_evidence(line.claims, today),
    )


def _evidence(claims: Iterable[ProgramClaim], today: date) -> list[Evidence]:
    found: list[Evidence] = []
    for claim in claims:
        if (evidence := to_evidence(claim, today)) not in found:
            found.append(evidence)
    return found


def to_missing(
    session: Session, part: Missing, credential: Credential | None, rubric: Rubric, today: date
) -> MissingPartRead:
    """Return a part without a price, with what to ask and whom."""
    check = rubric.find_check(part.component)
    if check is not None:
        ask, whom = check.question, check.whom
    elif credential is None:
        ask = "For which credential does the program prepare, and may its students sit the exam?"
        whom = "program director"
    else:
        ask, whom = question_for(session, credential, f"{part.component}_fee")
    return MissingPartRead(
        component=part.component,
        reason=part.reason,
        ask=ask,
        whom=whom,
        evidence=_evidence(part.claims, today),
    )


def _to_left_out(left: LeftOut, today: date) -> LeftOutRead:
    return LeftOutRead(
        component=left.component,
        label=left.label,
        low_usd=to_usd(left.claim.amount_low_cents),
        high_usd=to_usd(left.claim.amount_high_cents),
        reason=left.reason,
        evidence=[to_evidence(left.claim, today)],
    )
