"""Claims on programs and institutions, one table a kind; columns mirror app/domain/claims.py.

Nothing is overwritten: a newer statement of the same source supersedes the older row.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from app.domain import claims as domain
from app.domain.vocabulary import (
    AccreditationScope,
    AccreditationStatus,
    Availability,
    CostComponent,
    CostUnit,
    OutcomeMetric,
    PracticumFormat,
    Residency,
    ServiceKind,
    Topic,
    TransferKind,
)
from app.store.tables.fields import EvidenceColumns, JsonColumn, evidence_checks, one_of


class ClaimColumns(EvidenceColumns):
    """Exactly one of ``program_id`` and ``institution_id`` is set."""

    id: int | None = Field(default=None, primary_key=True)
    program_id: int | None = Field(default=None, foreign_key="program.id")
    institution_id: int | None = Field(default=None, foreign_key="institution.id")
    recorded_at: datetime
    superseded_at: datetime | None = None


def _rules(*more: sa.CheckConstraint) -> tuple[sa.CheckConstraint | sa.Index, ...]:
    return (
        _index_of_known("program_id"),
        _index_of_known("institution_id"),
        sa.CheckConstraint("(program_id IS NULL) <> (institution_id IS NULL)", name="one_subject"),
        *evidence_checks(),
        *more,
    )


def _index_of_known(column: str) -> sa.Index:
    """Return an index of the rows that have a value.

    In a whole one the many without would make a planner believe that any value is frequent, and
    read the table instead.
    """
    known = sa.text(f"{column} IS NOT NULL")
    return sa.Index(None, column, sqlite_where=known, postgresql_where=known)


class AccreditationClaim(ClaimColumns, table=True):
    """See app.domain.claims.AccreditationClaim."""

    __tablename__ = "accreditation_claim"

    scope: str
    accreditor: str
    status: str
    award_level: str | None = None
    campus: str | None = None
    through_year: int | None = None
    next_review: str | None = None
    began_on: str | None = None
    ended_on: str | None = None

    __table_args__ = _rules(
        one_of("scope", AccreditationScope), one_of("status", AccreditationStatus)
    )


class CostClaim(ClaimColumns, table=True):
    """See app.domain.claims.CostClaim."""

    __tablename__ = "cost_claim"

    component: str
    amount_low_cents: int | None = None
    amount_high_cents: int | None = None
    unit: str | None = None
    unit_as_stated: str | None = None
    residency: str | None = None
    student_level: str | None = None
    applies_to: str | None = None
    label: str | None = None
    cip_code: str | None = None
    contains: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    contained_in: str | None = None
    is_institution_wide: bool = False

    __table_args__ = _rules(
        one_of("component", CostComponent),
        one_of("unit", CostUnit),
        one_of("residency", Residency),
        sa.CheckConstraint("amount_low_cents >= 0", name="amount_not_negative"),
        sa.CheckConstraint("amount_high_cents >= amount_low_cents", name="range_in_order"),
    )


class TransferClaim(ClaimColumns, table=True):
    """See app.domain.claims.TransferClaim."""

    __tablename__ = "transfer_claim"

    kind: str
    is_offered: bool | None = None
    sending_program: str | None = None
    receiving_institution: str | None = None
    receiving_program: str | None = None
    credits_max: float | None = None

    __table_args__ = _rules(one_of("kind", TransferKind))


class PracticumClaim(ClaimColumns, table=True):
    """See app.domain.claims.PracticumClaim."""

    __tablename__ = "practicum_claim"

    availability: str | None = None
    hours_low: float | None = None
    hours_high: float | None = None
    format: str | None = None
    is_site_arranged: bool | None = None
    components: list[dict[str, object]] = Field(default_factory=list, sa_type=JsonColumn)

    __table_args__ = _rules(one_of("availability", Availability), one_of("format", PracticumFormat))


class TopicClaim(ClaimColumns, table=True):
    """See app.domain.claims.TopicClaim."""

    __tablename__ = "topic_claim"

    topic: str
    is_covered: bool

    __table_args__ = _rules(one_of("topic", Topic))


class PreparationClaim(ClaimColumns, table=True):
    """See app.domain.claims.PreparationClaim."""

    __tablename__ = "preparation_claim"

    credential_code: str = Field(index=True)

    __table_args__ = _rules()


class OutcomeClaim(ClaimColumns, table=True):
    """See app.domain.claims.OutcomeClaim."""

    __tablename__ = "outcome_claim"

    metric: str
    value: float | None = None
    unit: str
    credential_code: str | None = None
    cohort: str | None = None

    __table_args__ = _rules(one_of("metric", OutcomeMetric))


class OfferingClaim(ClaimColumns, table=True):
    """See app.domain.claims.OfferingClaim."""

    __tablename__ = "offering_claim"

    delivery: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    credits: float | None = None
    credit_unit: str | None = None
    months_low: float | None = None
    months_high: float | None = None
    enrollment_status: str | None = None
    campuses: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    joint_with: str | None = None

    __table_args__ = _rules()


class ServiceClaim(ClaimColumns, table=True):
    """See app.domain.claims.ServiceClaim."""

    __tablename__ = "service_claim"

    service: str
    is_offered: bool

    __table_args__ = _rules(one_of("service", ServiceKind))


TABLES: dict[type[domain.ProgramClaim], type[ClaimColumns]] = {
    domain.AccreditationClaim: AccreditationClaim,
    domain.CostClaim: CostClaim,
    domain.TransferClaim: TransferClaim,
    domain.PracticumClaim: PracticumClaim,
    domain.TopicClaim: TopicClaim,
    domain.PreparationClaim: PreparationClaim,
    domain.OutcomeClaim: OutcomeClaim,
    domain.OfferingClaim: OfferingClaim,
    domain.ServiceClaim: ServiceClaim,
}
"""Kind of claim -> its table."""
