"""The rows of a comparison as a table: what each is called, and what it shows of a program.

A new row is one line of ``ROWS``, a new outcome one line of ``OUTCOMES``; its label is translated
for the pages in the language files. The rows of the checklist follow from the rubric.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.checklist.rubric import Rubric
from app.domain.claims import (
    AccreditationClaim,
    OfferingClaim,
    PreparationClaim,
    TopicClaim,
    TransferClaim,
)
from app.domain.comparison import costs, facts
from app.domain.comparison.cells import NOTHING, Better, Cell, Row, judge_options
from app.domain.comparison.columns import (
    Cells,
    Column,
    column_of,
    first_known,
    listed,
    listing,
    name_of_program,
    of_program,
    of_school,
    quantity,
    stated,
    word,
    yes_or_no,
)
from app.domain.dossier import Dossier
from app.domain.field_outcomes import FIGURES, figures_of
from app.domain.messages import Listing, Message, parts_of
from app.domain.vocabulary import (
    CostComponent,
    CostUnit,
    OutcomeMetric,
    Section,
    TransferKind,
    in_words,
)


@dataclass(frozen=True, slots=True)
class RowSpec:
    """A row: its key within its section, what it is called, and what it shows of each program.

    ``better`` says which value is better, if any is; ``unit`` is that of the row where its cells
    name none.
    """

    key: str
    label: str
    cells: Cells
    better: Better | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an outcome is called, and which value of it is better, if any is."""

    label: str
    better: Better | None = None


OUTCOMES: Mapping[str, Outcome] = {
    OutcomeMetric.EXAM_PASS_RATE: Outcome("Exam pass rate", Better.HIGHER),
    OutcomeMetric.PLACEMENT_RATE: Outcome("Placement rate", Better.HIGHER),
    OutcomeMetric.EMPLOYMENT_RATE: Outcome("Employment rate", Better.HIGHER),
    OutcomeMetric.GRADUATION_RATE: Outcome("Graduation rate", Better.HIGHER),
    OutcomeMetric.GRADUATION_RATE_100: Outcome("Graduation within normal time", Better.HIGHER),
    OutcomeMetric.GRADUATION_RATE_150: Outcome(
        "Graduation within 150 % of normal time", Better.HIGHER
    ),
    OutcomeMetric.GRADUATION_RATE_200: Outcome(
        "Graduation within 200 % of normal time", Better.HIGHER
    ),
    OutcomeMetric.AWARD_RATE_4_YEARS: Outcome(
        "Degree or certificate within 4 years", Better.HIGHER
    ),
    OutcomeMetric.AWARD_RATE_6_YEARS: Outcome(
        "Degree or certificate within 6 years", Better.HIGHER
    ),
    OutcomeMetric.RETENTION_RATE: Outcome("Retention, full-time", Better.HIGHER),
    OutcomeMetric.RETENTION_RATE_PART_TIME: Outcome("Retention, part-time", Better.HIGHER),
    OutcomeMetric.STUDENT_FACULTY_RATIO: Outcome("Students per member of faculty"),
    OutcomeMetric.TRANSFER_OUT_RATE: Outcome("Transfer out rate"),
    OutcomeMetric.EMPLOYER_SATISFACTION: Outcome("Employer satisfaction", Better.HIGHER),
    OutcomeMetric.GRADUATE_SATISFACTION: Outcome("Graduate satisfaction", Better.HIGHER),
    OutcomeMetric.STUDENT_SATISFACTION: Outcome("Student satisfaction", Better.HIGHER),
    OutcomeMetric.EARNINGS_6_YEARS: Outcome("Median earnings after 6 years"),
    OutcomeMetric.EARNINGS_10_YEARS: Outcome("Median earnings after 10 years"),
    OutcomeMetric.NET_PRICE: Outcome("Average net price of aided students, whole school"),
    OutcomeMetric.DISTANCE_ONLY_SHARE: Outcome("Students at a distance only"),
    OutcomeMetric.DISTANCE_SOME_SHARE: Outcome("Students partly at a distance"),
}
"""Outcomes in the order in which they are shown."""

NET_PRICE = OutcomeMetric.NET_PRICE
"""The outcome that stands among costs, as a figure beside them."""


ROWS: Mapping[Section, Sequence[RowSpec]] = {
    Section.AWARD: (
        RowSpec("name", "Program", name_of_program),
        RowSpec("award_level", "Degree or certificate", of_program(lambda p: p.award, in_words)),
        RowSpec("cip_code", "Field of study (CIP 2020)", facts.field_of_study),
    ),
    Section.PLACE_AND_DELIVERY: (
        RowSpec("institution", "School", of_school(lambda s: s.name)),
        RowSpec("place", "Location", of_school(facts.place_of)),
        RowSpec("control", "Run by", of_school(lambda s: s.control, in_words)),
        RowSpec(
            "campus",
            "Campus",
            first_known(
                of_program(lambda p: p.campus or None),
                stated(OfferingClaim, lambda c: listing(c.campuses)),
            ),
        ),
        RowSpec("delivery", "Class format", facts.delivery),
        RowSpec("completion_online", "Can be completed online", facts.completion_online),
        RowSpec("status", "Open or closed", facts.operating_status),
        RowSpec(
            "enrollment_status",
            "New students",
            stated(OfferingClaim, lambda c: word(c.enrollment_status)),
        ),
    ),
    Section.LENGTH: (
        RowSpec(
            "months",
            "Length",
            stated(
                OfferingClaim,
                lambda c: quantity(c.months_low, c.months_high or c.months_low, "months"),
            ),
            unit="months",
        ),
        RowSpec("credits", "Credits", stated(OfferingClaim, facts.credits_of)),
    ),
    Section.COST: (
        RowSpec("tuition_and_fees", "Tuition and fees", costs.tuition_and_fees, Better.LOWER),
        RowSpec("tuition", "Tuition", costs.prices(CostComponent.TUITION), Better.LOWER),
        RowSpec("fees", "Fees", costs.prices(CostComponent.FEES), Better.LOWER),
        RowSpec("books", "Books and supplies", costs.prices(CostComponent.BOOKS), Better.LOWER),
        RowSpec("technology", "Technology", costs.prices(CostComponent.TECHNOLOGY), Better.LOWER),
        RowSpec(
            "tuition_per_credit",
            "Tuition for one credit",
            costs.prices(CostComponent.TUITION, CostUnit.CREDIT),
            Better.LOWER,
        ),
        RowSpec("total_cost", "Total to the credential", costs.total_cost, Better.LOWER),
        RowSpec(
            "whole_price",
            "Whole program, books in it",
            costs.prices(CostComponent.TOTAL),
            Better.LOWER,
        ),
        RowSpec("net_price", OUTCOMES[NET_PRICE].label, facts.net_price),
        RowSpec(
            "refund_policy",
            "Refund policy published",
            costs.is_published(CostComponent.REFUND_POLICY),
        ),
        RowSpec("payment_plan", "Payment plan", costs.is_published(CostComponent.PAYMENT_PLAN)),
    ),
    Section.ACCREDITATION: (
        RowSpec(
            "program_accreditation",
            "Program accreditation",
            facts.program_accreditation,
        ),
        RowSpec(
            "accredited_through",
            "Accredited through",
            stated(AccreditationClaim, facts.through_year_of),
            unit="year",
        ),
        RowSpec(
            "institution_accreditation", "School's accreditation", facts.institution_accreditation
        ),
    ),
    Section.TRANSFER: (
        RowSpec(
            "transfer_policy",
            "Transfer policy published",
            stated(TransferClaim, facts.has_transfer_policy),
        ),
        RowSpec("articulation", "Agreements with other colleges", facts.agreements),
        RowSpec(
            "credits_accepted",
            "Credits accepted",
            first_known(stated(TransferClaim, facts.credit_limit), facts.credit_limit_in_words),
            unit="credits",
        ),
        RowSpec(
            "prior_learning",
            "Credit for prior learning",
            facts.is_offered(TransferKind.PRIOR_LEARNING),
        ),
        RowSpec(
            "stackable",
            "A shorter certificate or degree counts toward it",
            facts.is_offered(TransferKind.STACKABLE),
        ),
    ),
    Section.PRACTICUM: (
        RowSpec("practicum", "Practicum", facts.has_practicum),
        RowSpec(
            "practicum_hours",
            "Practicum hours",
            facts.of_practicum(lambda c: quantity(c.hours_low, c.hours_high, "hours")),
            unit="hours",
        ),
        RowSpec(
            "practicum_format",
            "Where the hours are done",
            facts.of_practicum(lambda c: word(c.format)),
        ),
        RowSpec(
            "site_arranged",
            "School arranges or helps with the site",
            facts.of_practicum(lambda c: yes_or_no(c.is_site_arranged)),
        ),
    ),
    Section.CREDENTIALS: (
        RowSpec(
            "prepares_for",
            "School says it prepares for",
            listed(PreparationClaim, lambda c: c.credential_code),
        ),
        RowSpec(
            "topics",
            "Curriculum topics named",
            listed(TopicClaim, lambda c: c.topic if c.is_covered else None),
        ),
    ),
    Section.OUTCOMES: (RowSpec("completions", "Graduates per year", facts.completions),),
}
"""Rows that every comparison has; outcomes follow where some are known, then the checklist."""


def build_rows(columns: Sequence[Column]) -> Iterator[Row]:
    """Yield every row of a comparison of programs, in the order asked for, section by section."""
    dossiers = [column.dossier for column in columns]
    table = {
        **ROWS,
        Section.OUTCOMES: [
            *ROWS[Section.OUTCOMES],
            *_field_rows(dossiers),
            *_outcome_rows(dossiers),
        ],
        Section.CHECKLIST: _checklist_rows(dossiers[0].rubric),
    }
    for section, specs in table.items():
        for spec in specs:
            options = {
                column.dossier.program.slug: column.cells(section, spec.key, spec.cells)
                for column in columns
            }
            rows = judge_options(
                section, spec.key, spec.label, options, better=spec.better, unit=spec.unit
            )
            yield from (_telling_shared(row, dossiers) for row in rows)


def leading_cells(
    dossier: Dossier,
    weights: Mapping[str, float] | None,
    keys: Collection[tuple[Section, str]],
) -> dict[tuple[Section, str], tuple[str, Cell]]:
    """Return what leads of one program in some rows: section and key -> label and cell."""
    column = column_of(dossier, weights)
    return {
        (section, spec.key): (
            spec.label,
            next(iter(column.cells(section, spec.key, spec.cells)), NOTHING),
        )
        for section, specs in ROWS.items()
        for spec in specs
        if (section, spec.key) in keys
    }


SHARED = "some share one figure, which counts them together"
"""Why a figure of a field is the same for programs."""

OF_FIELDS = {f"field_{figure}": figure for figure in FIGURES}
"""Row -> the figure of the field and level of a program that it shows."""


def _field_rows(dossiers: Sequence[Dossier]) -> Iterator[RowSpec]:
    """Yield a row for each figure of the fields of the programs that one of them has."""
    found = [dossier.field_outcome for dossier in dossiers]
    told = {figure for one in found if one for figure in figures_of(one.claim)}
    for key, figure in OF_FIELDS.items():
        if figure in told:
            yield RowSpec(key, FIGURES[figure], facts.field_outcome(figure))


def _telling_shared(row: Row, dossiers: Sequence[Dossier]) -> Row:
    """Return a row, with a reason more where programs share one figure of their field."""
    if row.key not in OF_FIELDS:
        return row
    counted = [
        dossier.field_outcome.cell
        for dossier in dossiers
        if dossier.field_outcome and row.cells[dossier.program.slug].value is not None
    ]
    if len(set(counted)) == len(counted):
        return row
    return replace(row, reason=Listing("; ", [*parts_of(row.reason), SHARED]))


def _outcome_rows(dossiers: Sequence[Dossier]) -> Iterator[RowSpec]:
    """Yield a row for each outcome of the programs, and for each credential it is measured of."""
    claims = [claim for dossier in dossiers for claim in dossier.facts.outcomes]
    for metric, spec in OUTCOMES.items():
        if metric == NET_PRICE:
            continue
        for credential in dict.fromkeys(c.credential_code for c in claims if c.metric == metric):
            key, label = str(metric), spec.label
            if credential:
                key = f"{key}_{credential.lower().replace('-', '_')}"
                label = Message(
                    "%(outcome)s, %(credential)s", outcome=Message(label), credential=credential
                )
            yield RowSpec(key, label, facts.outcomes(metric, credential), spec.better)


def _checklist_rows(rubric: Rubric) -> Iterator[RowSpec]:
    """Yield the score, and each criterion of a rubric with its checks."""
    unit = "points of 100"
    yield RowSpec("score", "Score under these weights", facts.whole_score, Better.INTERVAL, unit)
    for criterion in rubric.criteria:
        score = facts.criterion_score(criterion.key)
        yield RowSpec(criterion.key, criterion.label, score, Better.INTERVAL, unit)
        for check in criterion.checks:
            finding = facts.check_finding(check.key)
            yield RowSpec(check.key, check.label, finding, Better.FINDING)
    yield RowSpec("gates", "Deal breakers, whatever the score", facts.gates)
