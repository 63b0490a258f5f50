"""Programs, how many finish them, and what is stored ready to serve."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.domain.vocabulary import CERTIFICATE, AwardLevel, Finding, Residency
from app.store.tables.fields import NullableJson, SortableText, one_of


class Program(SQLModel, table=True):
    """One award in one CIP code at one institution.

    ``award_level`` None with ``award_group`` "certificate": a certificate of unstated length.
    A retired program keeps its address and history and is left out of lists; ``moved_to`` is the
    slug of the one that has its facts now. ``curated_id`` is the record of a school's pages whose
    title it bears, ``joined_records`` are further records whose facts it carries.
    """

    __tablename__ = "program"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, sa_type=SortableText)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    name: str = Field(sa_type=SortableText)
    cip_code: str | None = Field(default=None, index=True)
    award_level: str | None = None
    award_group: str | None = None
    award_as_stated: str | None = None
    campus: str | None = None
    url: str | None = None
    curated_id: str | None = Field(default=None, unique=True)
    joined_records: list[str] | None = Field(default=None, sa_type=NullableJson)
    match_quality: str | None = None
    match_reason: str | None = None
    source: str = Field(foreign_key="source.key")
    retired_at: datetime | None = None
    retired_reason: str | None = None
    moved_to: str | None = None
    updated_at: datetime

    __table_args__ = (
        one_of("award_level", AwardLevel),
        one_of("award_group", [CERTIFICATE, *AwardLevel]),
        sa.UniqueConstraint("institution_id", "cip_code", "award_level", "campus", "curated_id"),
    )


class Completion(SQLModel, table=True):
    """Awards conferred in one academic year; 0 means on offer without an award that year."""

    __tablename__ = "completion"

    program_id: int = Field(foreign_key="program.id", primary_key=True)
    academic_year: str = Field(primary_key=True)
    count: int
    source: str = Field(foreign_key="source.key")

    __table_args__ = (sa.CheckConstraint("count >= 0", name="count_not_negative"),)


SUMMARY_SHAPE = 15
"""One more whenever the code makes other list items, tags or documents of the same facts."""


class ProgramSummary(SQLModel, table=True):
    """What lists filter, sort and serve; rebuilt in the transaction that changes a fact.

    ``doc`` is the list item as JSON text, served without parsing. Amounts are cents; ``practicum``
    is the finding of the check practicum_offered. Prices and totals are those of residents of the
    state; ``tuition_year_cents`` is the most that an academic year costs. The interval of each
    criterion stands in columns of its own, so that a caller's weights can be applied; null where
    the criterion does not apply.
    """

    __tablename__ = "program_summary"

    program_id: int = Field(foreign_key="program.id", primary_key=True)
    slug: str = Field(unique=True, sa_type=SortableText)
    name: str = Field(sa_type=SortableText)
    institution_id: int = Field(index=True)
    institution_name: str = Field(sa_type=SortableText)
    state: str = Field(index=True)
    control: str | None = None
    cip_code: str | None = Field(default=None, index=True)
    award_level: str | None = Field(default=None, index=True)
    award_group: str | None = None
    status: str | None = None
    school_status: str | None = None
    completion_online: str | None = None
    accreditation: str
    practicum: str = Field(
        default=Finding.UNKNOWN, sa_column_kwargs={"server_default": Finding.UNKNOWN}
    )
    tuition_and_fees_cents: int | None = None
    tuition_year_cents: int | None = None
    price_unit: str | None = None
    price_level: str | None = None
    total_cost_low_cents: int | None = None
    total_cost_high_cents: int | None = None
    months_low: float | None = None
    months_high: float | None = None
    completions: int | None = None
    net_price_cents: int | None = None
    field_earnings_1_year_usd: float | None = None
    field_earnings_4_years_usd: float | None = None
    field_debt_usd: float | None = None
    score_low: float
    score_likely: float = Field(default=0.0, sa_column_kwargs={"server_default": "0"})
    score_high: float
    coverage: float
    accreditation_low: float | None = None
    accreditation_likely: float | None = None
    accreditation_high: float | None = None
    accreditation_coverage: float | None = None
    accreditation_applies: float | None = None
    cost_transparency_low: float | None = None
    cost_transparency_likely: float | None = None
    cost_transparency_high: float | None = None
    cost_transparency_coverage: float | None = None
    cost_transparency_applies: float | None = None
    transfer_credits_low: float | None = None
    transfer_credits_likely: float | None = None
    transfer_credits_high: float | None = None
    transfer_credits_coverage: float | None = None
    transfer_credits_applies: float | None = None
    practicum_access_low: float | None = None
    practicum_access_likely: float | None = None
    practicum_access_high: float | None = None
    practicum_access_coverage: float | None = None
    practicum_access_applies: float | None = None
    updated_at: datetime
    doc: str


class ProgramPrice(SQLModel, table=True):
    """What a program costs people of another residency, where they pay otherwise than residents.

    Made with the summary. ``doc`` has those fields of the list item that differ, as JSON text.
    """

    __tablename__ = "program_price"

    program_id: int = Field(foreign_key="program.id", primary_key=True)
    residency: str = Field(primary_key=True)
    tuition_and_fees_cents: int | None = None
    tuition_year_cents: int | None = None
    price_unit: str | None = None
    price_level: str | None = None
    total_cost_low_cents: int | None = None
    total_cost_high_cents: int | None = None
    doc: str

    __table_args__ = (one_of("residency", [Residency.IN_DISTRICT, Residency.OUT_OF_STATE]),)


COMPLETION = "completion"
"""Kind of the tags that tell whether a program can be completed online."""

ONLINE_TODAY = "online_today"


class ProgramTag(SQLModel, table=True):
    """Closed-list facts of which a program can have several.

    Kinds: delivery, credential, topic (covered), transfer (kinds of credit or agreement offered),
    distance_only (of the school),
    completion (``online`` or ``not_online``, where no statement is newer than the survey that says
    so, and ``ONLINE_TODAY`` where its answer still counts).
    """

    __tablename__ = "program_tag"

    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    program_id: int = Field(foreign_key="program.id", primary_key=True, index=True)
