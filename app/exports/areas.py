"""Pay by area as a table, a row an occupation in an area; price levels, a row a state and year."""

from collections.abc import Iterator

from pydantic import BaseModel, Field
from sqlmodel import Session, col, select

from app.domain.areas import WAGE_MEASURES
from app.domain.vocabulary import STATE_NAMES, AreaKind
from app.exports.release_tables import (
    ROWS_A_BATCH,
    Item,
    Numbers,
    ReleaseTable,
    Source,
    in_batches,
)
from app.queries.areas import titles_of, wage_evidence
from app.queries.places import areas_by_code
from app.store.tables.areas import AreaWage, PriceLevel

PAY = "USD a year; null: withheld, or not surveyed"


class WageRow(BaseModel):
    """What an occupation pays in an area."""

    area: str = Field(description="Code of /v1/areas", examples=["18140"])
    title: str
    kind: AreaKind
    states: list[str]
    soc_code: str = Field(description="SOC 2018", examples=["29-2072"])
    occupation: str | None
    period: str = Field(description="Month of the survey", examples=["2025-05"])
    annual_mean: int | None = Field(description=PAY)
    annual_median: int | None = Field(description=PAY)
    annual_p10: int | None = Field(description=PAY)
    annual_p25: int | None = Field(description=PAY)
    annual_p75: int | None = Field(description=PAY)
    annual_p90: int | None = Field(description=PAY)
    employment: int | None = Field(description="Jobs")
    jobs_per_1000: float | None = Field(description="Jobs of a thousand in the area")
    location_quotient: float | None = Field(
        description="Share of jobs against the whole country, which is 1"
    )
    withheld: list[str] = Field(description="Columns whose number is not published")
    open_upward: list[str] = Field(description="Columns whose number is the least it can be")
    source: str = Field(description="Key of /v1/sources")
    source_url: str | None
    as_of: str | None
    basis: str


class PriceRow(BaseModel):
    """How dear living is in a state in a year: regional price parities, the country is 100."""

    state: str = Field(examples=["OH"])
    state_name: str | None
    year: int
    all_items: float | None
    goods: float | None
    housing: float | None
    utilities: float | None
    other_services: float | None
    source: str = Field(description="Key of /v1/sources")


def list_wages(source: Source, _numbers: Numbers | None) -> Iterator[list[Item]]:
    """Yield what occupations pay in areas, by area, occupation and year."""
    yield from in_batches(_wages(source.session))


def _wages(session: Session) -> Iterator[Item]:
    areas, titles = areas_by_code(session), titles_of(session)
    evidence = {
        year: wage_evidence(session, year)
        for year in session.exec(select(AreaWage.year).distinct())
    }
    statement = select(AreaWage).order_by(
        col(AreaWage.area_code), col(AreaWage.soc_code), col(AreaWage.year)
    )
    for wage in session.exec(statement.execution_options(yield_per=ROWS_A_BATCH)):
        area, said = areas[wage.area_code], evidence[wage.year]
        numbers = {str(measure): getattr(wage, measure) for measure in WAGE_MEASURES}
        yield {
            "area": area.code,
            "title": area.title,
            "kind": str(area.kind),
            "states": area.states,
            "soc_code": wage.soc_code,
            "occupation": titles.get(wage.soc_code),
            "period": f"{wage.year}-05",
            **numbers,
            "withheld": [name for name, number in numbers.items() if number is None],
            "open_upward": (wage.open_upward or "").split(),
            "source": said.source,
            "source_url": said.source_url,
            "as_of": said.as_of,
            "basis": str(said.basis),
        }


def list_prices(source: Source, _numbers: Numbers | None) -> Iterator[list[Item]]:
    """Yield price levels by state and year."""
    statement = select(PriceLevel).order_by(col(PriceLevel.state), col(PriceLevel.year))
    yield [
        {**level.model_dump(), "state_name": STATE_NAMES.get(level.state)}
        for level in source.session.exec(statement)
    ]


PRICES = ReleaseTable(
    name="price_levels",
    what="How dear living is in each state, a row a state and year; the country is 100.",
    model=PriceRow,
    find=list_prices,
    key=("state", "year"),
)

WAGES = ReleaseTable(
    name="area_wages",
    what="What occupations pay in states and areas, a row an occupation in an area.",
    model=WageRow,
    find=list_wages,
    key=("area", "soc_code", "period"),
    sought=("soc_code",),
)
