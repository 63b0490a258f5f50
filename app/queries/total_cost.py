"""The whole cost of one program, from its prices and those of the credential it leads to."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session

from app.domain.checklist.rubric import Rubric
from app.domain.claims import ProgramClaim, to_usd
from app.domain.cost.total_cost import LeftOut, Line, Missing, TotalCost
from app.domain.dossier import Dossier
from app.domain.messages import Message
from app.domain.reader import whose_price
from app.domain.shared_facts import CredentialRecord, Question
from app.domain.text.identifiers import fold
from app.domain.vocabulary import Pace, Residency
from app.queries.credentials import credential_asked, to_question
from app.queries.dossiers import stamp_of
from app.queries.summaries import totals_apart
from app.schemas.claims import to_evidence
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

WHICH_CREDENTIAL = Question(
    Message("For which credential does the program prepare, and may its students take the exam?"),
    "program director",
)
"""What to ask where the program names none."""


def get_total_cost(session: Session, dossier: Dossier, query: TotalCostQuery) -> TotalCostRead:
    """Return what is known of the whole cost of a program.

    Raises:
        InvalidRequestError: No credential has, or had, the code asked for.
    """
    today = dossier.day
    code = next(iter(dossier.credentials), None)
    if query.credential:
        code = dossier.shared.codes.get(fold(query.credential))
        code = code or credential_asked(session, query.credential).code

    def total_for(residency: Residency) -> TotalCost:
        return dossier.total(
            residency=residency,
            pace=query.pace,
            credits_per_term=query.term_load,
            credential=code,
        )

    def known_total_for(residency: Residency) -> TotalCost | None:
        total = total_for(residency)
        return total if total.is_known else None

    total, holds_for = total_for(dossier.residency), dossier.charged_as(dossier.residency)
    sources = {claim.source for line in total.lines for claim in line.claims}
    sources |= {claim.source for part in total.missing for claim in part.claims}
    sources |= {left.claim.source for left in total.left_out}
    credential = dossier.credential(code)
    return TotalCostRead(
        program=dossier.program.slug,
        name=dossier.program.name,
        institution=dossier.school.name,
        residency=dossier.residency.value,
        holds_for=holds_for,
        for_whom=whose_price(holds_for, dossier.school.state),
        **totals_apart(dossier, known_total_for),
        pace=query.pace.value,
        credits_per_term=query.term_load if query.pace is Pace.PART else None,
        credential=code,
        prepares_for=dossier.credentials,
        total=to_total(total),
        components=[to_line(line, today) for line in total.lines],
        missing=[to_missing(part, credential, dossier.rubric, today) for part in total.missing],
        left_out=[_to_left_out(left, today) for left in total.left_out],
        assumptions=[AssumptionRead(text=a.text, basis=a.basis) for a in total.assumptions],
        **stamp_of(dossier, sources),
    )


def to_total(total: TotalCost) -> TotalRead:
    """Return the sum in dollars; without the tuition it is unknown, not what the rest comes to."""
    return TotalRead(
        low_usd=to_usd(total.low_cents) if total.is_known else None,
        high_usd=to_usd(total.high_cents) if total.is_known else None,
        is_complete=total.is_complete,
        is_open=total.is_known and total.high_cents is None,
        is_length_assumed=total.is_known and total.is_length_assumed,
    )


def to_line(line: Line, today: date) -> CostLineRead:
    """Return a counted part as served on a day."""
    return CostLineRead(
        component=line.component,
        label=line.label,
        low_usd=line.low_cents / 100,
        high_usd=to_usd(line.high_cents),
        unit=line.unit,
        times=TimesRead(
            low=round(float(line.times.low), 2),
            high=round(float(line.times.high), 2),
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
    part: Missing, credential: CredentialRecord | None, rubric: Rubric, today: date
) -> MissingPartRead:
    """Return a part without a price, with what to ask and whom."""
    check = rubric.find_check(part.component)
    if check is not None:
        question = Question(check.question, check.whom)
    elif credential is None:
        question = WHICH_CREDENTIAL
    elif (on_file := credential.questions.get(part.component)) is not None:
        question = on_file
    else:
        question = Question(*to_question(f"{part.component}_fee", None, credential.issuer))
    return MissingPartRead(
        component=part.component,
        reason=part.reason,
        ask=question.ask,
        whom=question.whom,
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
