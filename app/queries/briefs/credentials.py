"""Credentials in short: what one takes to earn and keep, and a plan to renew several."""

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from sqlmodel import Session

from app.domain.vocabulary import in_words
from app.queries.briefs.sheet import Sheet, to_brief
from app.queries.briefs.ways import amount
from app.schemas.briefs import BriefRead
from app.schemas.credentials import CellRead, CredentialRead
from app.schemas.renewal import RenewalCycle, RenewalLine, RenewalPlanRead

CREDENTIAL_TOKENS, RENEWAL_TOKENS = 1_200, 1_000

TOLD_FIRST: Sequence[str] = (
    *("exam_fee", "membership_fee", "ceu_per_cycle", "renewal_cycle_months", "renewal_fee"),
    *("first_time_pass_rate", "pass_rate", "exam_items", "exam_minutes", "pass_mark"),
    *("retest_wait_days", "early_testing", "exam_host"),
)
"""Fields of a credential that a short answer has, those first that most ask for."""

MOST_ASKED = 4
MOST_QUALIFIERS = 3
"""Cells told of one field: for members, for others, and one more."""


def brief_credential(session: Session, read: CredentialRead, base: str) -> BriefRead:
    """Return who may sit an exam, what it costs and how it is taken and kept up."""
    status = "" if read.status == "offered" else f" Status: {in_words(read.status)}."
    asked = f" ({read.resolved_from} is another name of it.)" if read.resolved_from else ""
    sheet = Sheet(
        title=f"{read.code}: {read.name}, of {read.issuer_name or read.issuer}",
        path=f"/credentials/{quote(read.code, safe='')}",
        release=read.release,
        as_of=read.as_of,
        answer=f"{read.summary or ''}{status}{asked}".strip() or None,
        note=f"{read.verify} Not known is never a no.",
    )
    if read.eligibility:
        routes = [route for route in read.eligibility.any_of if route.decides]
        said = [route.evidence for route in routes]
        sheet.tell("Who may sit the exam", read.eligibility.said, said)
    cells = [*read.cells, *read.issuer_rules]
    for field in TOLD_FIRST:
        own = [cell for cell in read.cells if cell.field == field]
        _tell(sheet, own or [cell for cell in cells if cell.field == field])
    if read.eligibility:
        for never in read.eligibility.never[:2]:
            sheet.tell("Does not open it", never)
    is_open = [one for one in cells if one.question and (one.conflicts or not one.current)]
    asks = {one.question: one.whom for field in TOLD_FIRST for one in is_open if one.field == field}
    sheet.ask = [(ask, whom) for ask, whom in asks.items() if ask][:MOST_ASKED]
    return to_brief(session, sheet, base, CREDENTIAL_TOKENS)


def _tell(sheet: Sheet, cells: Sequence[CellRead]) -> None:
    """Tell what leads of one field; that nobody tells only where nothing leads."""
    leading = [cell for cell in cells if cell.current]
    for cell in (leading or cells[:1])[:MOST_QUALIFIERS]:
        label = f"{cell.label}, {in_words(cell.qualifier)}" if cell.qualifier else cell.label
        current = cell.current
        if current is None:
            sheet.tell(label, None)
            continue
        says = current.value_text or ""
        says += " (too old to count)" if current.evidence.stale else ""
        says += f". Disputed: {cell.remark}" if cell.remark else ""
        sheet.tell(label, says, [current.evidence])


def brief_renewal(session: Session, read: RenewalPlanRead, base: str) -> BriefRead:
    """Return units, dates and fees that keep credentials up, an issuer at a time."""
    codes = [one.code for line in read.lines for one in line.credentials]
    sheet = Sheet(
        title=f"To renew {', '.join(codes)}",
        path="/renewal?" + urlencode([("held", code) for code in codes]),
        release=read.release,
        as_of=read.as_of,
        answer=" ".join(_units(line) for line in read.lines),
        note=read.note,
    )
    for line in read.lines:
        for step in line.path:
            sheet.tell(f"{line.issuer} units", step.text, step.evidence)
        if line.cycle:
            sheet.tell(f"{line.issuer} cycle", _dates(line.cycle), line.cycle.evidence)
    for yearly in read.fees_per_year:
        whole = "" if yearly.is_complete else ", and more that is not priced"
        known = amount(yearly.known_usd, yearly.known_usd)
        sheet.tell(f"Fees a year, {in_words(yearly.who)}", f"{known}{whole}")
    for line in read.lines:
        for conflict in line.conflicts:
            says = f"{conflict.text} Not applied: {conflict.why}"
            sheet.tell(f"{line.issuer}, said otherwise", says, conflict.evidence)
        for fee in line.fees:
            label = f"{line.issuer} {in_words(fee.covers)} fee, {in_words(fee.who)}"
            sheet.tell(label, fee.text, fee.evidence)
        for portion in line.portions:
            sheet.tell(f"{line.issuer} units of a kind", portion.text, portion.evidence)
        for remark in line.remarks:
            sheet.tell(f"{line.issuer} rule", remark.text, remark.evidence)
        sheet.ask += [(gap.question, gap.whom) for gap in line.unknown]
    return to_brief(session, sheet, base, RENEWAL_TOKENS)


def _units(line: RenewalLine) -> str:
    codes = ", ".join(one.code for one in line.credentials)
    often = f" every {line.cycle.months} months" if line.cycle and line.cycle.months else ""
    units = f"{line.units} units" if line.units is not None else "an unknown number of units"
    old = " The rule is past its shelf life: verify it first." if line.stale else ""
    return f"{codes} ({line.issuer}): {units}{often}.{old}"


def _dates(cycle: RenewalCycle) -> str:
    if cycle.starts_on and cycle.ends_on:
        grace = f", grace until {cycle.grace_until}" if cycle.grace_until else ""
        return f"{cycle.starts_on} to {cycle.ends_on}{grace}. {cycle.reason}"
    return cycle.reason
