"""Programs in short: one, several side by side, and what a search found."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from sqlmodel import Session

from app.domain.cost.amounts import money
from app.domain.dossier import Dossier
from app.domain.messages import Message
from app.domain.vocabulary import CellStatus, Section, Verdict, in_words
from app.queries.briefs.sheet import (
    NOT_KNOWN,
    Line,
    Sheet,
    answered,
    to_brief,
    to_brief_comparison,
)
from app.queries.checklists import build_checklist
from app.queries.comparison import compare
from app.queries.details import get_details
from app.queries.school_questions import FIRST_ASKED, questions_to_school
from app.schemas.briefs import (
    BriefComparison,
    BriefProgram,
    BriefPrograms,
    BriefRead,
    FoundProgram,
)
from app.schemas.checklists import ChecklistRead, QuestionRead
from app.schemas.comparison import ComparisonRead, RowRead, ValueRead

LIST_TOKENS, PROGRAM_TOKENS, COMPARISON_TOKENS, CHECKLIST_TOKENS = 1_200, 1_200, 1_500, 800

DECIDING: Sequence[tuple[Section, str]] = (
    (Section.COST, "total_cost"),
    (Section.ACCREDITATION, "program_accreditation"),
    (Section.CREDENTIALS, "prepares_for"),
    (Section.PLACE_AND_DELIVERY, "place"),
    (Section.PLACE_AND_DELIVERY, "delivery"),
    (Section.LENGTH, "months"),
    (Section.COST, "tuition_and_fees_same_terms"),
    (Section.COST, "tuition_and_fees"),
    (Section.PRACTICUM, "practicum"),
    (Section.PRACTICUM, "site_arranged"),
    (Section.TRANSFER, "credits_accepted"),
    (Section.TRANSFER, "articulation"),
    (Section.OUTCOMES, "completions"),
    (Section.OUTCOMES, "field_earnings_4_years_usd"),
    (Section.OUTCOMES, "graduation_rate_150"),
    (Section.COST, "net_price"),
    (Section.CHECKLIST, "gates"),
    (Section.AWARD, "award_level"),
    (Section.PLACE_AND_DELIVERY, "control"),
    (Section.ACCREDITATION, "institution_accreditation"),
    (Section.LENGTH, "credits"),
)
"""Rows of a comparison that a short answer has, those first that decide most."""

ASKED_OF_EACH = 3
"""Questions looked at of each program compared."""


def brief_program(session: Session, dossier: Dossier, base: str) -> BriefRead:
    """Return what decides about one program, and what to ask its school first."""
    read, checklist = get_details(dossier), build_checklist(dossier, None)
    alone = compare([dossier], None)
    program, school = dossier.program, dossier.school
    sheet = Sheet(
        title=f"{program.name}, {school.name}",
        path=f"/programs/{program.slug}",
        release=read.release,
        as_of=read.as_of,
        answer=" ".join([_score_in_words(checklist), *_notices(checklist)]),
    )
    if read.moved_to:
        sheet.answer = f"Its facts moved to {read.moved_to.slug}. {sheet.answer}"
    for one in read.leads_to_reasons:
        sheet.tell(f"May graduates sit {one.credential}", answered(one.leads_to, one.reason))
    for row in _deciding(alone):
        sheet.tell(row.label, _words(row.values[0]), row.values[0].evidence)
    sheet.tell("Prices are", alone.for_whom[program.slug])
    first = questions_to_school(dossier, checklist.questions)[:FIRST_ASKED]
    sheet.ask = [_question(one) for one in first]
    return to_brief(session, sheet, base, PROGRAM_TOKENS)


def brief_comparison(session: Session, read: ComparisonRead, base: str) -> BriefComparison:
    """Return the rows of a comparison that decide, and how sure the order is."""
    numbers = {slug: n for n, slug in enumerate(read.programs, 1)}
    sheet = Sheet(
        title="Programs side by side",
        path="/compare?" + urlencode([("program", slug) for slug in read.programs]),
        release=read.release,
        as_of=read.as_of,
        answer=_order_in_words(read, numbers),
    )
    for row in _deciding(read):
        verdict = in_words(row.verdict)
        if row.best:
            verdict += f", better: {', '.join(str(numbers[slug]) for slug in row.best)}"
        says = [_words(value) for value in row.values]
        said = [one for value in row.values for one in value.evidence[:1]]
        sheet.lines.append(Line(row.label, says, said, verdict))
        if row.key == "total_cost":
            whose = list(read.for_whom.values())
            verdict = in_words(Verdict.SAME if len(set(whose)) == 1 else Verdict.DIFFERS)
            sheet.lines.append(Line("Prices are", whose, (), verdict))
    sheet.ask = _questions_of_all(read, numbers)
    programs = [
        BriefProgram(
            n=n,
            name=one.name or "",
            school=one.institution or "",
            page=_page(base, one.program or ""),
        )
        for n, one in enumerate(read.checklists, 1)
    ]
    return to_brief_comparison(session, sheet, programs, base, COMPARISON_TOKENS)


def brief_checklist(session: Session, read: ChecklistRead, base: str) -> BriefRead:
    """Return a checklist as its summary, what is known of accreditation, and what to ask first."""
    title = f"{read.name}, {read.institution}" if read.program else "A program of your own answers"
    sheet = Sheet(
        title=f"What can be verified of: {title}",
        path=f"/programs/{read.program}" if read.program else "/method",
        release=read.release,
        as_of=read.as_of,
        answer=" ".join([_score_in_words(read), *_notices(read)]),
    )
    first, *others = read.criteria
    for check in first.checks:
        sheet.tell(check.label, f"{in_words(check.finding)}: {check.reason}", check.evidence)
    for criterion in others:
        found = [f"{check.label}: {in_words(check.finding)}" for check in criterion.checks]
        said = [one for check in criterion.checks for one in check.evidence]
        sheet.tell(criterion.label, "; ".join(found), said)
    sheet.ask = [_question(one) for one in read.questions[:FIRST_ASKED]]
    return to_brief(session, sheet, base, CHECKLIST_TOKENS)


def brief_programs(
    found: Mapping[str, Any], base: str, asked: Sequence[tuple[str, str]], today: date
) -> BriefPrograms:
    """Return a page of a search in short.

    Args:
        found: The page as its address answers it.
        base: Address of the service.
        asked: What is asked, as parameters.
        today: The day the answer stands for.
    """
    total, not_known = found["total"], found.get("not_known") or 0
    answer = f"{total} programs are found." if total != 1 else "1 program is found."
    if not_known:
        answer += f" Of {not_known} more it is not known whether they fit."
    items, beyond = found["items"], found.get("beyond")
    if not items and beyond:
        items = beyond["items"]
        answer = f"Nothing is found. {beyond['said']} Shown is what meets the rest."
    if loosened := found.get("loosened"):
        answer += " " + " ".join(one["said"] for one in loosened)
    return BriefPrograms(
        answer=answer,
        programs=[_found(item, base) for item in items],
        total=total,
        read_as=[one["said"] for one in found.get("understood") or () if one["said"]],
        page=f"{base}/?{urlencode(asked)}",
        note="Costs are before aid, tuition to exam; not known is never a no. Sources: each page.",
        release=found["release"],
        as_of=str(today),
    )


ACCREDITED = {"accredited": "yes", "unknown": NOT_KNOWN}


def _found(item: Mapping[str, Any], base: str) -> FoundProgram:
    school, cost, delivery = item["institution"], item["total_cost"], item["delivery"]
    says = NOT_KNOWN
    if cost and cost["low_usd"] is not None:
        high = cost["high_usd"]
        upto = f" to {money(high)}" if high else " or more"
        says = f"{money(cost['low_usd'])}{upto}, {cost['for_whom']}"
    online = NOT_KNOWN
    if delivery:
        online = "yes" if "online" in delivery else ", ".join(map(in_words, delivery))
    return FoundProgram(
        name=item["name"],
        school=school["name"],
        place=", ".join(filter(None, (school["city"], school["state"]))),
        award=in_words(item["award_level"]),
        cost=says,
        accredited=ACCREDITED.get(item["accreditation"], in_words(item["accreditation"])),
        online=online,
        page=_page(base, item["slug"]),
    )


def _page(base: str, slug: str) -> str:
    return f"{base}/programs/{quote(slug, safe='')}"


def _deciding(read: ComparisonRead) -> list[RowRead]:
    rows = {(row.section, row.key): row for row in read.rows}
    if (Section.COST, "tuition_and_fees_same_terms") in rows:
        rows.pop((Section.COST, "tuition_and_fees"), None)
    return [rows[key] for key in DECIDING if key in rows]


def _words(value: ValueRead) -> str:
    if value.status is CellStatus.UNKNOWN:
        return NOT_KNOWN
    return f"{value.display} (too old to count)" if value.stale else value.display


def _score_in_words(read: ChecklistRead) -> str:
    score = read.score
    place = f" It is {read.peers.rank} of {read.peers.of} of its kind." if read.peers else ""
    return (
        f"{score.low:g} of 100 points are verified; {score.high:g} are possible once what is open "
        f"is answered ({score.coverage:.0%} of it is known).{place}"
    )


def _notices(read: ChecklistRead) -> list[str]:
    return [gate.message for gate in read.gate_notices]


def _order_in_words(read: ComparisonRead, numbers: Mapping[str, int]) -> str:
    scores = {one.program: one.score for one in read.checklists}
    told = "; ".join(
        f"{n}: {scores[slug].low:g} to {scores[slug].high:g}" for slug, n in numbers.items()
    )
    points = f"Points verified to points possible, of 100: {told}."
    ahead = [f"{numbers[one.program]} over {numbers[one.over]}" for one in read.dominance]
    if ahead:
        return f"Certainly ahead under any weights: {', '.join(ahead)}. {points}"
    if all(rank.best == rank.worst for rank in read.ranks):
        ranked = sorted(read.ranks, key=lambda rank: rank.best)
        order = ", ".join(str(numbers[rank.program]) for rank in ranked)
        return f"By these weights the order is certain: {order}. {points}"
    return f"Which is better is open: unanswered questions decide the order. {points}"


def _question(one: QuestionRead) -> tuple[str, str | None]:
    """Return a question without what is known so far, which stands among the facts."""
    ask = one.ask
    if isinstance(ask, Message) and isinstance(plain := ask.params.get("question"), str):
        ask = plain
    return ask, one.whom


def _questions_of_all(
    read: ComparisonRead, numbers: Mapping[str, int]
) -> list[tuple[str, str | None]]:
    """Return what to ask about which programs, what most schools are to be asked first."""
    asked: dict[tuple[str, str | None], list[int]] = {}
    for checklist in read.checklists:
        for one in checklist.questions[:ASKED_OF_EACH]:
            asked.setdefault(_question(one), []).append(numbers[checklist.program or ""])
    ordered = sorted(asked.items(), key=lambda pair: -len(pair[1]))
    return [
        (ask, f"{whom} of {' and '.join(map(str, of))}")
        for (ask, whom), of in ordered[:FIRST_ASKED]
    ]
