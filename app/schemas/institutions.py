"""Schools over the wire."""

from pydantic import Field

from app.domain.vocabulary import Control, InstitutionLevel, StateCode
from app.schemas.claims import AccreditationRead, CostRead, OutcomeRead, ServiceRead, TransferRead
from app.schemas.pages import PageParams, QueryModel, Stamp, Text
from app.schemas.programs import InstitutionBrief, InstitutionDetail, ProgramSummary


class InstitutionItem(InstitutionBrief):
    """A school in a list."""

    level: InstitutionLevel | None
    program_count: int = Field(description="Programs of the catalogue it offers")


class InstitutionFilters(QueryModel):
    """Which schools; repeat a parameter to mean any of its values."""

    q: Text | None = Field(
        default=None, min_length=2, description="Words in its name or city", examples=["columbus"]
    )
    state: list[StateCode] = Field(
        default_factory=list, description="Two-letter code", examples=[["OH"]]
    )
    control: list[Control] = Field(
        default_factory=list, description="Who runs the school", examples=[["public"]]
    )
    level: list[InstitutionLevel] = Field(
        default_factory=list, description="Its longest awards", examples=[["two_year"]]
    )


class InstitutionQuery(InstitutionFilters, PageParams):
    """Query string of GET /v1/institutions."""


class InstitutionRead(InstitutionDetail, Stamp):
    """A school: where it is, what is claimed about it as a whole, and its programs."""

    accreditations: list[AccreditationRead]
    costs: list[CostRead]
    transfer: list[TransferRead]
    outcomes: list[OutcomeRead]
    services: list[ServiceRead]
    programs: list[ProgramSummary]
