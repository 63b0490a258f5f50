"""What renewing credentials takes, from the rules of their issuers."""

import logging
from collections.abc import Iterable, Sequence
from datetime import date

from pydantic import ValidationError
from sqlmodel import Session, col, select

from app.domain.credentials.cells import RENEWAL_FIELDS, basis_of
from app.domain.credentials.renewal import (
    Held,
    Renewal,
    RenewalRules,
    Said,
    YearlyFees,
    add_up_fees,
    plan_renewal,
    unknown_fields,
)
from app.domain.evidence import Age, Subject, age_of
from app.domain.messages import Message
from app.errors import Fault, InvalidRequestError, NotFoundError
from app.queries.credentials import ISSUER_WIDE, question_for, resolve_code, unknowns_of
from app.queries.releases import stamp
from app.schemas.pages import Evidence
from app.schemas.renewal import (
    RENEWAL_RULES,
    DuplicateRead,
    PortionRead,
    RemarkRead,
    RenewalCycle,
    RenewalFee,
    RenewalGap,
    RenewalLine,
    RenewalPlanRead,
    RenewalRequest,
    RenewedCredential,
    ReplacedRead,
    RivalRead,
    RuleStep,
    YearlyFeesRead,
    YearlyGapRead,
    YearlyPartRead,
)
from app.store.tables.credentials import Credential, CredentialRule

log = logging.getLogger(__name__)


def plan_renewals(session: Session, request: RenewalRequest, today: date) -> RenewalPlanRead:
    """Return one line an issuer for the credentials held, and what a year of them costs.

    Raises:
        InvalidRequestError: A code is not known, or a day makes no sense; names all of them.
    """
    found, duplicates = _find_held(session, request, today)
    by_issuer: dict[str, list[tuple[Credential, Held]]] = {}
    for credential, held in found:
        by_issuer.setdefault(credential.issuer, []).append((credential, held))
    rules = _rules(session, by_issuer)
    plans = {
        issuer: plan_renewal(rules[issuer], [held for _, held in pairs], today)
        if issuer in rules
        else None
        for issuer, pairs in sorted(by_issuer.items())
    }
    lines = [
        _to_line(session, by_issuer[issuer], rules.get(issuer), plan, today)
        for issuer, plan in plans.items()
    ]
    whose = {issuer: pairs[0][0] for issuer, pairs in by_issuer.items()}
    sources = {credential.source for credential, _ in found}
    sources |= {evidence.source for line in lines for evidence in _evidence_of(line)}
    return RenewalPlanRead(
        lines=lines,
        duplicates=duplicates,
        fees_per_year=[
            _to_yearly(session, add_up_fees(plans, "member", today), whose),
            _to_yearly(session, add_up_fees(plans, "non_member", today), whose),
        ],
        **stamp(session, sources, today),
    )


def _find_held(
    session: Session, request: RenewalRequest, today: date
) -> tuple[list[tuple[Credential, Held]], list[DuplicateRead]]:
    """Return the credentials named, by code, each once, and those that were named again."""
    credentials: dict[str, Credential] = {}
    days: dict[str, date] = {}
    names: dict[str, list[str]] = {}
    faults = []
    for at, one in enumerate(request.credentials):
        name, day = (one, None) if isinstance(one, str) else (one.code, one.certified_on)
        place = f"#/credentials/{at}"
        try:
            credential, _ = resolve_code(session, name)
        except NotFoundError as error:
            pointer = place if isinstance(one, str) else f"{place}/code"
            fault = Fault(error.detail, pointer=pointer, value=name, suggestion=error.suggestion)
            faults.append(fault)
            continue
        credentials[credential.code] = credential
        names.setdefault(credential.code, []).append(name)
        if day is None:
            continue
        words = None
        if day > today:
            words = f"certified_on lies after {today}, the day the plan is for."
        elif days.setdefault(credential.code, day) != day:
            words = f"{credential.code} is named with two days: {days[credential.code]} and {day}."
        if words:
            faults.append(Fault(words, pointer=f"{place}/certified_on", value=day.isoformat()))
    if faults:
        raise InvalidRequestError(faults)
    found = [(credentials[code], Held(code, days.get(code))) for code in sorted(credentials)]
    duplicates = [
        DuplicateRead(code=code, asked_as=sorted(asked))
        for code, asked in sorted(names.items())
        if len(asked) > 1
    ]
    return found, duplicates


def _rules(session: Session, issuers: Iterable[str]) -> dict[str, RenewalRules]:
    """Return issuer -> its rules, without those whose rules nobody has read.

    Rules of a catalogue filled by an earlier version have another shape: they count as not read
    until ``seed/authored`` is imported again.
    """
    rows = session.exec(
        select(CredentialRule).where(
            CredentialRule.kind == "renewal", col(CredentialRule.subject).in_(list(issuers))
        )
    )
    found = {}
    for row in rows:
        try:
            found[row.subject] = RENEWAL_RULES.validate_python(row.rules)
        except ValidationError:
            log.warning("rules of %s are of an earlier version: import seed/authored", row.subject)
    return found


def _to_line(
    session: Session,
    pairs: Sequence[tuple[Credential, Held]],
    rules: RenewalRules | None,
    plan: Renewal | None,
    today: date,
) -> RenewalLine:
    """Return the line of one issuer; without rules everything in it is unknown."""
    issuer = pairs[0][0]
    kept = plan.kept if plan else [credential.code for credential, _ in pairs]
    return RenewalLine(
        issuer=issuer.issuer,
        issuer_name=issuer.issuer_name,
        credentials=[
            RenewedCredential(
                code=credential.code,
                name=credential.name,
                status=credential.status,
                certified_on=held.certified_on,
                claims_url=f"/v1/credentials/{credential.code}",
            )
            for credential, held in pairs
            if credential.code in kept
        ],
        replaced=[
            ReplacedRead(
                code=drop.drops,
                because_of=drop.held,
                text=drop.text,
                evidence=_to_evidence(drop.said, today),
            )
            for drop in (plan.dropped if plan else ())
        ],
        units=plan.units if plan else None,
        at_least=plan.at_least if plan else 0,
        stale=plan.is_stale if plan else False,
        path=[
            RuleStep(
                rule=step.rule,
                text=step.text,
                units=step.units,
                evidence=_to_evidence(step.said, today),
            )
            for step in (plan.steps if plan else ())
        ],
        cycle=_to_cycle(rules, plan, today) if rules and plan else None,
        portions=[
            PortionRead(
                key=due.portion.key,
                bound=due.portion.bound,
                of=due.portion.of,
                units=due.units,
                percent=due.portion.percent,
                applies=due.applies,
                text=due.portion.text,
                question=due.portion.question,
                evidence=_to_evidence(due.portion.said, today),
            )
            for due in (plan.portions if plan else ())
        ],
        fees=[
            RenewalFee(
                who=due.fee.who,
                covers=due.fee.covers,
                per=due.fee.per,
                usd=due.usd,
                at_least_usd=due.at_least,
                text=due.fee.text,
                evidence=_to_evidence(due.fee.said, today),
            )
            for due in (plan.fees if plan else ())
        ],
        remarks=[
            RemarkRead(text=remark.text, evidence=_to_evidence(remark.said, today))
            for remark in (plan.remarks if plan else ())
        ],
        conflicts=[
            RivalRead(text=rival.text, why=rival.why, evidence=_to_evidence(rival.said, today))
            for rival in (plan.rivals if plan else ())
        ],
        unknown=_to_gaps(session, pairs, plan),
    )


def _to_cycle(rules: RenewalRules, plan: Renewal, today: date) -> RenewalCycle:
    cycle, dates = rules.cycle, plan.dates
    if dates is None:
        reason = plan.why_no_dates or Message("No day of an exam is given, so no cycle is dated.")
    elif dates.number == 1:
        reason = Message("Counted from the day of the exam by the issuer's rule.")
    else:
        reason = Message(
            "The first cycle is counted from the day of the exam by the issuer's rule; that this "
            "is cycle %(number)s supposes that each followed the one before without a gap.",
            number=dates.number,
        )
    return RenewalCycle(
        months=plan.months,
        number=dates.number if dates else None,
        starts_on=dates.starts_on if dates else None,
        ends_on=dates.ends_on if dates else None,
        ends_each=cycle.ends_on,
        apply_from=dates.apply_from if dates else None,
        grace_until=dates.grace_until if dates else None,
        is_shared=cycle.is_shared,
        rule=cycle.text,
        reason=reason,
        question=None if dates else cycle.question,
        evidence=_to_evidence(cycle.said, today),
    )


def _to_gaps(
    session: Session, pairs: Sequence[tuple[Credential, Held]], plan: Renewal | None
) -> list[RenewalGap]:
    """Return what is open on renewal: questions kept on file, and fields the plan leaves empty."""
    first = pairs[0][0]
    on_file = list(unknowns_of(session, f"{ISSUER_WIDE}{first.issuer}").values())
    for credential, _ in pairs:
        on_file += unknowns_of(session, credential.code).values()
    asked = {due.portion.question for due in plan.portions} if plan else set()
    gaps = [
        RenewalGap(field=row.field, question=row.question, whom=row.whom)
        for row in on_file
        if row.field in RENEWAL_FIELDS and row.question not in asked
    ]
    for field in unknown_fields(plan):
        if field not in {gap.field for gap in gaps}:
            question, whom = question_for(session, first, field)
            gaps.append(RenewalGap(field=field, question=question, whom=whom))
    return gaps


def _to_yearly(session: Session, fees: YearlyFees, whose: dict[str, Credential]) -> YearlyFeesRead:
    missing = []
    for gap in fees.missing:
        ask, whom = question_for(session, whose[gap.issuer], gap.field)
        missing.append(
            YearlyGapRead(issuer=gap.issuer, field=gap.field, reason=gap.reason, ask=ask, whom=whom)
        )
    return YearlyFeesRead(
        who=fees.who,
        known_usd=fees.known_usd,
        is_complete=not missing,
        parts=[
            YearlyPartRead(issuer=p.issuer, covers=p.covers, usd=p.usd, stale=p.is_stale)
            for p in fees.parts
        ],
        missing=missing,
    )


def _to_evidence(said: Iterable[Said], today: date) -> list[Evidence]:
    """Return those who had said it by a day."""
    shown = []
    for one in said:
        age = age_of(one.as_of, Subject.CREDENTIAL, today)
        if age is not Age.FUTURE:
            shown.append(
                Evidence(
                    source=one.source or "hit-compare",
                    source_url=one.source_url,
                    as_of=one.as_of,
                    basis=basis_of(one.source_kind),
                    as_stated=None,
                    stale=age is Age.STALE,
                )
            )
    return shown


def _evidence_of(line: RenewalLine) -> list[Evidence]:
    found = list(line.cycle.evidence) if line.cycle else []
    for parts in (line.replaced, line.path, line.portions, line.fees, line.remarks, line.conflicts):
        for part in parts:
            found += part.evidence
    return found
