"""Facts of a program as cells of a comparison, where more than a line makes them."""

import re
from collections.abc import Callable, Sequence

from app.domain import messages
from app.domain.accreditors import accrediting_body
from app.domain.checklist.accreditation import FEDERAL_AID, naming_agency
from app.domain.checklist.reading import dated_first
from app.domain.checklist.results import CheckResult
from app.domain.checklist.scoring import Interval
from app.domain.claims import (
    AccreditationClaim,
    OfferingClaim,
    OutcomeClaim,
    PracticumClaim,
    ProgramClaim,
    ServiceClaim,
    TransferClaim,
)
from app.domain.comparison.cells import Cell, ComparableTerms, Range
from app.domain.comparison.columns import (
    Cells,
    Column,
    Shown,
    first_known,
    of_program,
    quantity,
    stated,
    to_cell,
    word,
    yes_or_no,
)
from app.domain.comparison.costs import academic_year
from app.domain.cost.amounts import money
from app.domain.dossier import SchoolRecord
from app.domain.field_outcomes import NO_FIGURE, population_of, status_of
from app.domain.messages import Listing, Message
from app.domain.vocabulary import (
    NO_FEDERAL_AID,
    AccreditationScope,
    AccreditationStatus,
    CellStatus,
    FigureStatus,
    Finding,
    OnlineAnswer,
    ProgramStatus,
    TransferKind,
    ValueStatus,
    in_words,
)


def field_of_study(column: Column) -> Sequence[Cell]:
    """Return the CIP code with its title."""
    title = column.dossier.cip_title or ""
    return of_program(lambda program: program.cip_code, lambda code: f"{code} {title}".strip())(
        column
    )


def place_of(school: SchoolRecord) -> str:
    """Return city and state of a school."""
    return ", ".join(filter(None, (school.city, school.state)))


CREDIT_UNITS = {
    "semester": Message("semester credits"),
    "quarter": Message("quarter credits"),
    "credit_hour": Message("credit hours"),
    "clock_hour": Message("clock hours"),
    "competency_unit": Message("competency units"),
}


def credits_of(claim: OfferingClaim) -> Shown | None:
    """Show how many credits a program has, in credits of which kind."""
    unit = CREDIT_UNITS.get(claim.credit_unit or "", Message("credits of a kind not stated"))
    terms = ComparableTerms(unit=unit)
    if claim.credits:
        return Shown(claim.credits, Listing(" ", (f"{claim.credits:g}", unit)), terms)
    shown = quantity(claim.credits_low, claim.credits_high, "")
    return shown and Shown(shown.value, Listing(" ", (shown.display.strip(), unit)), terms)


def operating_status(column: Column) -> list[Cell]:
    """Return whether the program takes students, or its school has closed."""
    status, claims = column.dossier.status
    if status is None:
        return []
    successor = column.dossier.operation.successor_name
    shown = in_words(status)
    if status is ProgramStatus.MERGED and successor:
        shown = Message("merged into %(school)s", school=successor)
    return [Cell(str(status), shown, CellStatus.KNOWN, tuple(claims))]


def delivery(column: Column) -> list[Cell]:
    """Return how the program is taught, as it was settled, else as a stale claim has it."""
    dossier = column.dossier
    ranked: Sequence[ProgramClaim] = column.claims(ServiceClaim)
    if any(claim.delivery for claim in dossier.facts.offerings):
        ranked = [claim for claim in column.claims(OfferingClaim) if claim.delivery]
    if dossier.delivery is not None:
        shown = ", ".join(dossier.delivery)
        return [Cell(tuple(dossier.delivery), shown, CellStatus.KNOWN, tuple(ranked[:1]))]
    if ranked and isinstance(ranked[0], OfferingClaim):
        modes = tuple(sorted(ranked[0].delivery))
        return [to_cell(column, ranked[0], Shown(modes, ", ".join(modes)))]
    return []


ANSWERS = {
    OnlineAnswer.ALL: Message("every program of this field and level"),
    OnlineAnswer.SOME: Message("at least one program of this field and level"),
    OnlineAnswer.NONE: Message("no program of this field and level; hybrid is not asked"),
}
"""What a survey says on how many programs can be completed online."""


def completion_online(column: Column) -> list[Cell]:
    """Return whether the program could be completed online in the year of a survey."""
    found = column.dossier.online_completion
    if found is None:
        return []
    answer = OnlineAnswer(found.claim.completion_online)
    terms = ComparableTerms(year=found.claim.as_of)
    return [to_cell(column, found.claim, Shown(str(answer), ANSWERS[answer], terms))]


def institution_accreditation(column: Column) -> list[Cell]:
    """Return who accredits the school."""
    claims = [
        claim
        for claim in column.claims(AccreditationClaim)
        if claim.scope == AccreditationScope.INSTITUTION and claim.status not in NO_FEDERAL_AID
    ]
    if ordered := dated_first(claims, column.dossier.day):
        leader = naming_agency(ordered, column.dossier.day)
        words = Message(
            "%(body)s: %(status)s", body=leader.accreditor, status=messages.word(leader.status)
        )
        if leader.status == AccreditationStatus.TITLE_IV:
            words = FEDERAL_AID
        return [to_cell(column, leader, Shown(leader.accreditor, words))]
    return []


def program_accreditation(column: Column) -> list[Cell]:
    """Return how the program stands with an accreditor, that of its field first.

    Where nobody accredits programs of its kind, that is said.
    """
    result = column.results["program_accredited"]
    if result.finding is Finding.NOT_APPLICABLE:
        words = "No body accredits programs of this field and level"
        return [Cell(None, words, CellStatus.NOT_APPLICABLE)]
    remits, asked = column.dossier.remits, column.dossier.accreditors
    found = [
        (claim, body)
        for claim in column.claims(AccreditationClaim)
        if claim.scope == AccreditationScope.PROGRAM
        and (body := accrediting_body(remits, claim.accreditor))
    ]
    found.sort(key=lambda pair: pair[1] not in asked)
    for claim, body in found[:1]:
        if (shown := word(claim.status, f"{body}: ")) is not None:
            return [to_cell(column, claim, shown)]
    return []


def through_year_of(claim: AccreditationClaim) -> Shown | None:
    """Show until when a program is accredited."""
    year = claim.last_year
    if claim.scope != AccreditationScope.PROGRAM or not year:
        return None
    return Shown(year, f"through {claim.through_year or claim.expires_on}")


def has_transfer_policy(claim: TransferClaim) -> Shown | None:
    """Show whether a transfer policy is published."""
    is_policy = claim.kind == TransferKind.POLICY
    return yes_or_no(claim.is_offered is not False) if is_policy else None


def is_offered(kind: TransferKind) -> Cells:
    """Make cells of whether credit of a kind is given, by the program or by the school."""
    return stated(
        TransferClaim,
        lambda claim: (
            yes_or_no(claim.is_offered, level=claim.level) if claim.kind == kind else None
        ),
    )


def credit_limit(claim: TransferClaim) -> Shown | None:
    """Show how many credits are taken over at most."""
    if claim.kind != TransferKind.CREDITS_ACCEPTED or claim.credits_max is None:
        return None
    return Shown(claim.credits_max, f"at most {claim.credits_max:g} credits")


def credit_limit_in_words(column: Column) -> list[Cell]:
    """Return what is said of the credits taken over without a number."""
    claims = [c for c in column.claims(TransferClaim) if c.kind == TransferKind.CREDITS_ACCEPTED]
    return [
        Cell(None, claim.as_stated or "in words", CellStatus.PUBLISHED_WITHOUT_AMOUNT, (claim,))
        for claim in claims[:1]
    ]


has_practicum = stated(PracticumClaim, lambda claim: word(claim.availability))


def without_practicum(column: Column) -> list[Cell]:
    """Return that there is no practicum, where that is so."""
    if column.results["practicum_offered"].finding is not Finding.NOT_MET:
        return []
    evidence = tuple(claim for cell in has_practicum(column) for claim in cell.evidence)
    return [Cell(None, "no practicum", CellStatus.NOT_APPLICABLE, evidence)]


def of_practicum(show: Callable[[PracticumClaim], Shown | None]) -> Cells:
    """Make cells of a fact of the practicum, which does not apply where there is none."""
    return first_known(stated(PracticumClaim, show), without_practicum)


def agreements(column: Column) -> list[Cell]:
    """Return the colleges that the school has agreements with; that it has none can be known."""
    claims, status = column.counting(
        [c for c in column.claims(TransferClaim) if c.kind == TransferKind.ARTICULATION]
    )
    others = {
        claim.receiving_institution or claim.sending_program or "another college"
        for claim in claims
        if claim.is_offered is not False
    }
    found = tuple(sorted(others))
    words = ", ".join(found) or "none, as stated"
    return [Cell(found, words, status, tuple(claims))] if claims else []


# outcomes


def completions(column: Column) -> list[Cell]:
    """Return the awards conferred, year by year."""
    return [
        Cell(
            year.count,
            f"{year.count} in {year.academic_year}",
            CellStatus.KNOWN,
            (column.record(year.source, year.academic_year),),
            ComparableTerms(year=year.academic_year, unit="awards"),
        )
        for year in column.dossier.completions
    ]


def outcomes(metric: str, credential: str | None) -> Cells:
    """Make cells of what is measured, of a credential or of none."""
    return lambda column: [
        _outcome_cell(column, claim) for claim in column.outcomes.get((metric, credential), ())
    ]


def net_price(column: Column) -> list[Cell]:
    """Return what aided students of the school pay on average, where that says something."""
    claim = column.dossier.net_price
    return [_outcome_cell(column, claim)] if claim else []


def _outcome_cell(column: Column, claim: OutcomeClaim) -> Cell:
    if claim.value is None:
        withheld = claim.value_status == ValueStatus.WITHHELD
        status = CellStatus.WITHHELD if withheld else CellStatus.UNKNOWN
        return Cell(None, "withheld for privacy" if withheld else "not known", status, (claim,))
    named = claim.cohort if claim.cohort and re.search(r"[a-z]{3}", claim.cohort) else None
    terms = ComparableTerms(
        year=academic_year(claim.as_of),
        population=named,
        unit=in_words(claim.unit),
        level=claim.level,
    )
    shown = Shown(claim.value, _measured(claim.value, claim.unit), terms)
    return to_cell(column, claim, shown)


def field_outcome(figure: str) -> Cells:
    """Make cells of a figure of the field and level of a program at its school."""

    def cells(column: Column) -> list[Cell]:
        found = column.dossier.field_outcome
        if found is None:
            return []
        claim = found.claim
        value = getattr(claim, figure)
        if value is None:
            status = status_of(claim, figure)
            told = CellStatus.WITHHELD if status is FigureStatus.WITHHELD else CellStatus.UNKNOWN
            return [Cell(None, Message(NO_FIGURE[status]), told, (claim,))]
        terms = ComparableTerms(
            year=academic_year(claim.as_of),
            population=population_of(claim),
            unit="USD",
            level=claim.level,
        )
        return [to_cell(column, claim, Shown(value, money(value), terms))]

    return cells


def _measured(value: float, unit: str) -> str:
    if unit == "USD":
        return money(value)
    return f"{value:g} %" if unit == "percent" else f"{value:g} {in_words(unit)}"


# the checklist


NO_ANSWER = {Finding.UNKNOWN: "not known", Finding.NOT_APPLICABLE: "does not apply"}
SHOWN_EVIDENCE = 2
"""Claims shown beside a check of the comparison; the checklist itself shows them all."""


def whole_score(column: Column) -> list[Cell]:
    """Return the score of the whole checklist."""
    return [_score_cell(column.scored.whole)]


def criterion_score(key: str) -> Cells:
    """Make cells of the score of a criterion."""
    return lambda column: [_score_cell(column.scored.criteria.get(key))]


def _score_cell(interval: Interval | None) -> Cell:
    if interval is None:
        return Cell(None, NO_ANSWER[Finding.NOT_APPLICABLE], CellStatus.NOT_APPLICABLE)
    low, _, high, coverage = interval.rounded
    words = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    display = f"{words} of 100, {coverage:.0%} of it known"
    return Cell(Range(low, high), display, CellStatus.KNOWN)


def check_finding(key: str) -> Cells:
    """Make cells of the finding of a check."""
    return lambda column: [_finding_cell(column.results[key])]


def _finding_cell(result: CheckResult) -> Cell:
    status = {
        Finding.NOT_APPLICABLE: CellStatus.NOT_APPLICABLE,
        Finding.UNKNOWN: CellStatus.STALE if result.is_stale else CellStatus.UNKNOWN,
    }.get(result.finding, CellStatus.KNOWN)
    evidence = tuple(result.evidence[:SHOWN_EVIDENCE])
    value = str(result.finding) if status is CellStatus.KNOWN else None
    words = NO_ANSWER.get(result.finding, in_words(result.finding))
    return Cell(value, words, status, evidence)


def gates(column: Column) -> list[Cell]:
    """Return the gates that are raised."""
    raised = tuple(str(gate.code) for gate in column.dossier.gates)
    return [Cell(raised, ", ".join(raised) or "none raised", CellStatus.KNOWN)]
