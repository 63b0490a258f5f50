"""Careers in short: what a role pays and asks for, and the steps to it."""

from urllib.parse import quote, urlencode

from sqlmodel import Session

from app.domain.cost.amounts import money
from app.domain.vocabulary import Measure, in_words
from app.queries.briefs.sheet import Sheet, answered, to_brief
from app.queries.briefs.ways import amount, months
from app.schemas.advancement import FigureRead, PathAnswer, PlanQuery, PlanRead, PlanStep
from app.schemas.areas import OccupationPay
from app.schemas.briefs import BriefRead

ROLE_TOKENS, PLAN_TOKENS = 800, 1_200

PAY_TOLD = (Measure.ANNUAL_MEDIAN, Measure.ANNUAL_P10, Measure.ANNUAL_P90)
OUTLOOK_TOLD = {
    Measure.EMPLOYMENT_CHANGE_PCT: "Projected change of jobs",
    Measure.OPENINGS: "Projected openings",
}


def brief_role(session: Session, read: PathAnswer, base: str) -> BriefRead:
    """Return what a role pays, in the country and the place asked for, its outlook and demands."""
    sheet = Sheet(
        title=read.label,
        path=f"/advancement-paths/{quote(read.slug, safe='')}",
        release=read.release,
        as_of=read.as_of,
        answer=read.summary,
        note="Pay is of everybody in an occupation, whatever they studied: no program's graduates. "
        "Not known is never a no.",
    )
    for pay in read.pay.occupations if read.pay else ():
        said = [pay.evidence] if pay.evidence else []
        sheet.tell(f"Pay a year, {pay.occupation}, {pay.area.title}", _pay_there(pay), said)
    for one in sorted(read.occupations, key=lambda one: not one.is_main):
        wages = {figure.measure: figure for figure in one.wages}
        told = [wages[measure] for measure in PAY_TOLD if measure in wages]
        if told:
            says = ", ".join(f"{PAY_WORDS[one.measure]} {_value(one)}" for one in told)
            sheet.tell(f"Pay a year, {one.title}, country", says, [told[0].evidence])
        outlook = {figure.measure: figure for figure in one.outlook}
        for measure, label in OUTLOOK_TOLD.items():
            if figure := outlook.get(measure):
                says = f"{_value(figure)} ({figure.horizon or figure.period})"
                sheet.tell(f"{label}, {one.title}", says, [figure.evidence])
    for need in read.requirements:
        sheet.tell(f"Asked for: {need.kind}", need.text, [need.evidence])
    ways = [" > ".join(map(in_words, way)) for way in read.ways]
    sheet.tell("Ways to it", "; ".join(way.replace("-", " ") for way in ways))
    sheet.ask = [(need.ask, need.whom) for need in read.requirements]
    return to_brief(session, sheet, base, ROLE_TOKENS)


PAY_WORDS = {
    Measure.ANNUAL_MEDIAN: "half earn less than",
    Measure.ANNUAL_P10: "a tenth less than",
    Measure.ANNUAL_P90: "a tenth more than",
}


def _pay_there(pay: OccupationPay) -> str | None:
    if pay.annual_median is None:
        return None
    jobs = f", {pay.employment:,} jobs" if pay.employment else ""
    return f"half earn less than {money(pay.annual_median)}{jobs} ({pay.period})"


def _value(figure: FigureRead) -> str:
    if figure.value is None:
        return figure.value_text or "withheld"
    if (figure.unit or "").startswith("USD"):
        return money(figure.value)
    return f"{figure.value:,g} {figure.unit or ''}".strip()


def brief_plan(session: Session, read: PlanRead, asked: PlanQuery, base: str) -> BriefRead:
    """Return the steps to a role or credential, with their months and cost."""
    says = f"{len(read.steps)} steps" if read.is_reachable else "Not reachable as told"
    known = months(read.months)
    more = " and more" if read.months_is_open else ""
    cost = f" Cost: {read.cost_text}" if read.cost_text else ""
    told = [("target", read.target), *(("held", code) for code in asked.credentials)]
    told += [("education", str(asked.education))] if asked.education else []
    if asked.experience_years is not None:
        told.append(("experience_years", f"{asked.experience_years:g}"))
    sheet = Sheet(
        title=f"From what you hold to {read.target_label}",
        path=f"/advancement-plans?{urlencode(told)}",
        release=read.release,
        as_of=read.as_of,
        answer=f"{says}. Time: {known}{more}.{cost}",
        note=read.note,
    )
    for blocker in read.blocked_by:
        sheet.tell("Blocked", f"{blocker.text} {blocker.reason}")
        sheet.ask.append((blocker.ask, blocker.whom))
    for step in read.steps:
        sheet.tell(f"Step {step.position}: {step.label}", _step(step), step.evidence)
    for one in read.open:
        sheet.tell(f"Open: {one.text}", one.reason)
    for shown in read.shown:
        sheet.tell("Counted as held", shown.text)
    for assumed in read.assumptions:
        sheet.tell("Assumed", assumed.text)
    sheet.ask += [(one.ask, one.whom) for one in read.missing if one.ask]
    return to_brief(session, sheet, base, PLAN_TOKENS)


def _step(step: PlanStep) -> str:
    parts = [answered(step.answer, step.reason)]
    if step.months.low is not None:
        parts.append(f"{months(step.months)}.")
    if step.cost and step.cost.low_usd is not None:
        parts.append(f"{amount(step.cost.low_usd, step.cost.high_usd)}.")
    if step.prices:
        of = step.prices
        parts.append(
            f"Half of {of.priced} priced programs: {amount(of.low_usd, of.high_usd)} {of.for_whom}."
        )
    return " ".join(parts)
