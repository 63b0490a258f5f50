"""What the catalogue knows and does not know, over the wire."""

from pydantic import BaseModel, Field

from app.domain.vocabulary import Finding
from app.schemas.pages import QueryModel, Stamp
from app.schemas.reader import State


class CompletenessQuery(QueryModel):
    """Query string of GET /v1/completeness."""

    state: State | None = Field(
        default=None,
        description="Two-letter code: of the programs and schools of this state only",
        examples=["OH"],
    )


class FieldCount(BaseModel):
    """How many records know one field."""

    field: str = Field(examples=["campus"])
    known: int
    total: int
    share: float | None = Field(
        description="known / total, to four decimals; null: there is no record", examples=[0.0137]
    )


class Collection(BaseModel):
    """One kind of record, field by field."""

    name: str = Field(examples=["programs"])
    meaning: str = Field(description="Which records are counted")
    total: int
    fields: list[FieldCount]


class CriterionCoverage(BaseModel):
    """How much of one criterion is known on average."""

    key: str = Field(description="Criterion of the rubric", examples=["cost_transparency"])
    label: str
    programs: int = Field(description="Listed programs to which it applies")
    mean_coverage: float | None = Field(
        description="Known share of its points, on average over them, 0-1; null: it applies to none"
    )


class FindingCount(BaseModel):
    """How many listed programs have one finding."""

    finding: Finding
    programs: int


class EmptyField(BaseModel):
    """A field that nothing fills, though records of its kind are there."""

    collection: str = Field(description="As in /v1/export", examples=["accreditation_claim"])
    field: str = Field(examples=["campus"])
    reason: str = Field(description="Why nobody tells it, as far as that is known")


class StateReading(BaseModel):
    """Programs of one state whose pages were read, or whose schools answered."""

    state: str
    read: int = Field(description="The reader has opened pages of the school for it")
    answered: int = Field(description="An answer of the school was accepted")
    checked: int = Field(
        description="Within a year an editor accepted a fact, or a page behind one was opened again"
    )


class ReadingRead(BaseModel):
    """Programs whose pages were read, or whose schools answered; as of the release."""

    read: int
    answered: int
    checked: int
    states: list[StateReading]


class CompletenessRead(Stamp):
    """What the catalogue does not know, in numbers."""

    collections: list[Collection]
    empty_fields: list[EmptyField] = Field(
        description="Fields of programs, and of claims on them and their schools, that are null in "
        "every record"
    )
    rubric: str = Field(description="Version that the coverage is by", examples=["2026.1"])
    criteria: list[CriterionCoverage]
    program_accredited: list[FindingCount] = Field(
        description="Listed programs by the finding of the check program_accredited"
    )
    reading: ReadingRead
