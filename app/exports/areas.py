"""Pay by area as a table, a row an occupation in an area; price levels, a row a state and year."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from app.domain.areas import WAGE_MEASURES
from app.domain.vocabulary import STATE_NAMES
from app.queries.areas import titles_of, wage_evidence
from app.queries.places import areas_by_code
from app.store.tables.areas import AreaWage, PriceLevel

Row = Mapping[str, Any]

WAGES = (
    *("area", "title", "kind", "states", "soc_code", "occupation", "period"),
    *map(str, WAGE_MEASURES),
    *("withheld", "open_upward", "source", "source_url", "as_of", "basis"),
)
"""Columns of the table of wages; ``withheld`` and ``open_upward`` name others of its columns."""

PRICES = ("state", "state_name", *list(PriceLevel.model_fields)[1:])
"""Columns of the table of price levels."""


def list_wages(session: Session, _today: date) -> Iterator[Row]:
    """Yield what occupations pay in areas, by area, occupation and year."""
    areas, titles = areas_by_code(session), titles_of(session)
    evidence = {
        year: wage_evidence(session, year)
        for year in session.exec(select(AreaWage.year).distinct())
    }
    statement = select(AreaWage).order_by(
        col(AreaWage.area_code), col(AreaWage.soc_code), col(AreaWage.year)
    )
    for wage in session.exec(statement.execution_options(yield_per=1_000)):
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


def list_prices(session: Session, _today: date) -> Iterator[Row]:
    """Yield price levels by state and year."""
    statement = select(PriceLevel).order_by(col(PriceLevel.state), col(PriceLevel.year))
    for level in session.exec(statement):
        told = {**level.model_dump(), "state_name": STATE_NAMES.get(level.state)}
        yield {column: told[column] for column in PRICES}
