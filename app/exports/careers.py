"""What the field's occupations pay as a table: a row an occupation in the country or an area."""

from collections.abc import Iterator

from app.domain.vocabulary import Measure, ValueStatus, in_words
from app.exports.tables import Row, Table
from app.schemas.areas import OccupationPay
from app.schemas.careers import CareerRead, CareersRead

HEAD = (
    *("Occupation", "SOC code", "Where", "Kind of area"),
    *("Median pay a year", "One in ten earns less than", "One in four earns less than"),
    *("One in four earns more than", "One in ten earns more than", "Jobs", "As of"),
    *("Credentials that its roles name", "Education usual at entry", "Who says so"),
)
MEASURES = (
    *(Measure.ANNUAL_MEDIAN, Measure.ANNUAL_P10, Measure.ANNUAL_P25),
    *(Measure.ANNUAL_P75, Measure.ANNUAL_P90, Measure.EMPLOYMENT),
)


def table_of(careers: CareersRead) -> Table:
    """Return a row for each occupation in each area; a wage printed as a least one says so."""
    return Table(
        title="Careers",
        head=HEAD,
        rows=[_row(career, pay) for career in careers.careers for pay in career.pay],
        widths=[40, 10, 30, 12, *([14] * 6), 10, 30, 30, 40],
        still=1,
        about=list(_about(careers)),
    )


def _row(career: CareerRead, pay: OccupationPay) -> Row:
    evidence, education = pay.evidence, career.education
    return [
        *(career.title, career.soc_code, pay.area.title, in_words(pay.area.kind)),
        *(_amount(pay, measure) for measure in MEASURES),
        pay.period,
        ", ".join(career.credentials),
        education.value_text if education else None,
        f"{evidence.source_url or evidence.source} ({evidence.as_of})" if evidence else None,
    ]


def _amount(pay: OccupationPay, measure: Measure) -> str | int | None:
    amount: int | None = getattr(pay, measure)
    if amount is None and pay.status is not ValueStatus.REPORTED:
        return in_words(pay.status)
    return f"at least {amount}" if measure in pay.open_upward else amount


def _about(careers: CareersRead) -> Iterator[Row]:
    yield ["As known on", str(careers.as_of)]
    yield ["Release", careers.release]
    for note in careers.notes:
        yield ["Note", str(note)]
