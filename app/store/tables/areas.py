"""Areas of the country: what occupations pay there, and how dear living is."""

from sqlmodel import Field, SQLModel

from app.domain.vocabulary import AreaKind
from app.store.tables.fields import JsonColumn, SortableText, one_of


class Area(SQLModel, table=True):
    """A state, metropolitan or nonmetropolitan area that wages are surveyed for.

    ``code`` is the USPS code of a state or territory, the five-digit code of a metropolitan area
    (CBSA), or the seven-digit code of BLS of a nonmetropolitan one. ``source`` is the newest survey
    that names it.
    """

    __tablename__ = "area"

    code: str = Field(primary_key=True, sa_type=SortableText)
    title: str
    kind: str
    states: list[str] = Field(sa_type=JsonColumn)
    source: str = Field(foreign_key="source.key")

    __table_args__ = (one_of("kind", AreaKind),)


class AreaWage(SQLModel, table=True):
    """Jobs and yearly pay (USD) in one occupation in one area, as surveyed in May of a year.

    The source is that of the survey of the year. A number that is missing was withheld.
    ``open_upward`` names measures, parted by blanks, of which the number is the least they can be.
    """

    __tablename__ = "area_wage"

    area_code: str = Field(primary_key=True, foreign_key="area.code", sa_type=SortableText)
    soc_code: str = Field(primary_key=True, sa_type=SortableText, index=True)
    year: int = Field(primary_key=True)
    employment: int | None = None
    annual_mean: int | None = None
    annual_p10: int | None = None
    annual_p25: int | None = None
    annual_median: int | None = None
    annual_p75: int | None = None
    annual_p90: int | None = None
    jobs_per_1000: float | None = None
    location_quotient: float | None = None
    open_upward: str | None = None


class PriceLevel(SQLModel, table=True):
    """How dear living in a state was in a year: regional price parities, the country = 100."""

    __tablename__ = "price_level"

    state: str = Field(primary_key=True, sa_type=SortableText)
    year: int = Field(primary_key=True)
    all_items: float | None = None
    goods: float | None = None
    housing: float | None = None
    utilities: float | None = None
    other_services: float | None = None
    source: str = Field(foreign_key="source.key")
