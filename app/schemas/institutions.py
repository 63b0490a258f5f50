"""Schools over the wire."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from app.domain.claims import (
    AccreditationClaim,
    CostClaim,
    FieldOutcomeClaim,
    OutcomeClaim,
    ServiceClaim,
    StatusClaim,
    TransferClaim,
)
from app.domain.vocabulary import Control, InstitutionLevel, SchoolStatus
from app.schemas.claims import ClaimRead
from app.schemas.pages import DayQuery, PageParams, QueryModel, Stamp, Text
from app.schemas.programs import (
    Beyond,
    InstitutionBrief,
    InstitutionDetail,
    Miles,
    ProgramSummary,
    SearchPage,
    Whether,
    beyond,
    is_known,
    none_of,
)
from app.schemas.reader import NearText, ReaderQuery, State


class InstitutionItem(InstitutionBrief):
    """A school in a list."""

    level: InstitutionLevel | None
    program_count: int = Field(description="Programs of the catalogue it offers")
    distance_miles: float | None = Field(
        default=None, description="From `near`; null: not asked for, or not known"
    )


class InstitutionFilters(QueryModel):
    """Which schools; repeat a parameter to mean any of its values."""

    q: Text | None = Field(
        default=None,
        min_length=2,
        description="Its name, nickname or code, a place, a ZIP code; fields and awards put "
        "schools that have them first. Read as `q` of /v1/programs is",
        examples=["columbus"],
    )
    near: NearText | None = Field(
        default=None,
        description="ZIP code, latitude,longitude, or a city such as Macon, GA; see within_miles",
        examples=["45402"],
    )
    within_miles: Miles | None = Field(
        default=None, description="Miles around `near`; default 50", examples=[30]
    )
    state: list[State] = Field(
        default_factory=list, description="Two-letter code", examples=[["OH"]]
    )
    exclude_state: list[State] = none_of("OH")
    control: list[Control] = Field(
        default_factory=list, description="Who runs the school", examples=[["public"]]
    )
    exclude_control: list[Control] = none_of("private_for_profit")
    control_is: Whether | None = is_known("who runs the school")
    level: list[InstitutionLevel] = Field(
        default_factory=list, description="Its longest awards", examples=[["two_year"]]
    )
    exclude_level: list[InstitutionLevel] = none_of("four_year")
    level_is: Whether | None = is_known("its longest awards")
    status: list[SchoolStatus] = Field(
        default_factory=list,
        description="Whether it operates. Without this filter, schools that are closing, closed, "
        "merged or not operating are left out, and `left_out` counts them",
        examples=[["closed", "merged"]],
    )
    exclude_status: list[SchoolStatus] = none_of("closed")
    status_is: Whether | None = is_known("whether it operates")

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        if self.near is None and self.within_miles is not None:
            raise ValueError("within_miles needs near")
        return self


InstitutionFacet = StrEnum(  # type: ignore[misc]
    "InstitutionFacet", {name.upper(): name for name in ("state", "control", "level", "status")}
)
INSTITUTION_SORTS = {
    "name": "institution",
    "-name": "-institution",
    "programs": "programs",
    "-programs": "-programs",
    "distance": "distance",
    "-distance": "-distance",
    "relevance": "relevance",
}
"""Sort key of schools -> that of their programs."""

InstitutionSort = StrEnum(  # type: ignore[misc]
    "InstitutionSort",
    {
        f"{name.removeprefix('-')}{'_down' if name.startswith('-') else ''}".upper(): name
        for name in INSTITUTION_SORTS
    },
)


class HasPrograms(StrEnum):
    """Which schools by whether they offer a program of the catalogue."""

    TRUE = "true"
    FALSE = "false"
    ANY = "any"


class InstitutionQuery(InstitutionFilters, PageParams):
    """Query string of GET /v1/institutions."""

    has_programs: HasPrograms = Field(
        default=HasPrograms.TRUE,
        description="`false` finds the other schools of the federal directory, which report no "
        "program in the fields of the catalogue; `any` all schools, by former names too. With "
        "these, words of `q` are taken as they are spelled",
        examples=["any"],
    )
    facets: list[InstitutionFacet] = Field(
        default_factory=list,
        description="Closed-list filters to count the values of, each without its own filter",
        examples=[["state", "level"]],
    )
    sort: list[InstitutionSort] = Field(
        default_factory=list,
        max_length=3,
        description="Sort keys, first one first; - turns the order round. Default name; relevance "
        "with `q`, then distance with `near`",
        examples=[["-programs"]],
    )

    @model_validator(mode="after")
    def _can_sort(self) -> Self:
        if self.near is None and any(str(key).endswith("distance") for key in self.sort):
            raise ValueError("sort by distance needs near")
        if self.q is None and "relevance" in self.sort:
            raise ValueError("sort by relevance needs q")
        return self


class InstitutionsBeyond(Beyond):
    """Schools that meet the rest of `q`."""

    items: list[InstitutionItem] = Field(description="The first of them")


class InstitutionPage(SearchPage[InstitutionItem]):
    """A page of schools."""

    beyond: InstitutionsBeyond | None = beyond()


class InstitutionRecordQuery(DayQuery, ReaderQuery):
    """Query string of GET /v1/institutions/{unitid}."""


class InstitutionRead(InstitutionDetail, Stamp):
    """A school: where it is, what is claimed about it as a whole, and its programs."""

    accreditations: list[ClaimRead[AccreditationClaim]]
    costs: list[ClaimRead[CostClaim]]
    transfer: list[ClaimRead[TransferClaim]]
    outcomes: list[ClaimRead[OutcomeClaim]]
    field_outcomes: list[ClaimRead[FieldOutcomeClaim]] = Field(
        description="Earnings and debt by field of four digits and level"
    )
    services: list[ClaimRead[ServiceClaim]]
    statuses: list[ClaimRead[StatusClaim]]
    programs: list[ProgramSummary]
