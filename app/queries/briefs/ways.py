"""What a program takes, in short: its whole cost, its time, and whose exam it opens."""

from urllib.parse import quote, urlencode

from sqlmodel import Session

from app.domain.cost.amounts import money
from app.domain.vocabulary import in_words
from app.queries.briefs.sheet import NOT_KNOWN, OfSource, Sheet, answered, to_brief
from app.schemas.briefs import BriefRead
from app.schemas.eligibility import EligibilityRead
from app.schemas.timeline import MonthsRead, TimelineRead
from app.schemas.total_cost import AmountRead, TotalCostRead

COST_TOKENS, TIMELINE_TOKENS, ELIGIBILITY_TOKENS = 600, 600, 600


def amount(low: float | None, high: float | None) -> str:
    """Return a sum in words; without a low end it is not known, without a high one open."""
    if low is None:
        return NOT_KNOWN
    if high is None:
        return f"{money(low)} or more"
    return money(low) if low == high else f"{money(low)} to {money(high)}"


def months(read: MonthsRead) -> str:
    """Return a length in words."""
    low, high = read.low, read.high
    if low is None or high is None:
        return NOT_KNOWN
    return f"{low:g} months" if low == high else f"{low:g} to {high:g} months"


def brief_total_cost(session: Session, read: TotalCostRead, base: str) -> BriefRead:
    """Return what a program costs up to the credential, part by part, and what is missing."""
    upto = f" to {read.credential}" if read.credential else ""
    total = read.total
    says = f"{amount(total.low_usd, total.high_usd)} {read.for_whom}, before aid."
    if read.missing:
        says += (
            f" On top, not priced: {', '.join(in_words(one.component) for one in read.missing)}."
        )
    if total.is_length_assumed:
        says += " The usual length of the award is assumed."
    sheet = Sheet(
        title=f"Whole cost{upto}: {read.name}, {read.institution}",
        path=f"/programs/{quote(read.program, safe='')}",
        release=read.release,
        as_of=read.as_of,
        answer=says,
        note=read.note,
    )
    for line in read.components:
        label = " and ".join(in_words(one) for one in (line.component, *line.contains))
        says = f"{amount(line.low_usd, line.high_usd)}: {line.reason}"
        sheet.tell(label.capitalize(), says, line.evidence)
    for part in read.missing:
        sheet.tell(
            in_words(part.component).capitalize(), f"{NOT_KNOWN}: {part.reason}", part.evidence
        )
        sheet.ask.append((part.ask, part.whom))
    others: dict[str, AmountRead | None] = {
        "In the district": read.in_district,
        "In the state": read.in_state,
        "From elsewhere": read.out_of_state,
    }
    told = [f"{label}: {amount(one.low_usd, one.high_usd)}" for label, one in others.items() if one]
    if len(told) > 1:
        sheet.tell("By home", "; ".join(told))
    return to_brief(session, sheet, base, COST_TOKENS)


def brief_timeline(session: Session, read: TimelineRead, base: str) -> BriefRead:
    """Return how many months it takes to a first post, step by step."""
    award = in_words(read.award_level) or "program"
    pace = "full time" if read.pace == "full" else f"{read.credits_per_term} credits a term"
    says = f"{months(read.months_to_entry)} at {pace}, as far as steps have a known length."
    if read.is_open:
        says += " Steps without one come on top."
    sheet = Sheet(
        title=f"Time to a first post, {award}",
        path=f"/programs/{quote(read.program, safe='')}" if read.program else "/guide",
        release=read.release,
        as_of=read.as_of,
        answer=says,
    )
    for step in read.steps:
        told = f" {step.note}" if step.note else ""
        sheet.tell(step.label, f"{months(step.months)}.{told}", [OfSource(step.source)])
    for one in read.assumptions:
        sheet.tell("Assumed", one.text)
    return to_brief(session, sheet, base, TIMELINE_TOKENS)


def brief_eligibility(session: Session, read: EligibilityRead, base: str) -> BriefRead:
    """Return whether an exam is open, by which rule, and what would change the answer."""
    who = f" after {read.program_name}, {read.institution}" if read.program else ""
    page = f"/credentials/{quote(read.credential, safe='')}"
    sheet = Sheet(
        title=f"May one sit {read.credential}, {read.credential_name}{who}?",
        path=f"{page}?{urlencode({'studied': read.program})}" if read.program else page,
        release=read.release,
        as_of=read.as_of,
        answer=answered(read.answer, read.reason),
        note=read.note,
    )
    if read.standing:
        sheet.tell("Rule that decided", read.rule_text, read.standing.evidence)
    for route in read.routes:
        if route.decides:
            sheet.tell("Way to the exam", answered(route.answer, route.text), [route.evidence])
    if read.answer_instead:
        other = read.answer_instead
        sheet.tell(f"{other.credential} instead", answered(other.answer, other.reason))
    if read.early_testing:
        sheet.tell("Before graduation", read.early_testing)
    for never in read.never:
        sheet.tell("Does not open it", never)
    sheet.ask = [(one.text, one.whom) for one in read.what_would_change]
    return to_brief(session, sheet, base, ELIGIBILITY_TOKENS)
