"""Programs over the wire: the list item, the whole record, the search query."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Generic, Literal, Optional, Self

from pydantic import BaseModel, ConfigDict, Field, create_model, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema
from typing_extensions import TypeAliasType

from app.domain.claims import (
    ProgramClaim,
)
from app.domain.credentials.leads_to import LED_TO, GateCode, LeadsTo
from app.domain.messages import either
from app.domain.text.identifiers import parse_cip_prefix
from app.domain.vocabulary import (
    AwardLevel,
    CbsaKind,
    Control,
    Delivery,
    Finding,
    InstitutionLevel,
    OnlineAnswer,
    ProgramStatus,
    SchoolStatus,
    Topic,
    TransferKind,
)
from app.schemas.briefs import VIEW_TOLD, BriefView
from app.schemas.checklists import PeerRankRead, SummaryScore
from app.schemas.claims import ClaimRead, Standing
from app.schemas.field_outcomes import FieldOutcomeBrief
from app.schemas.filters import (
    FACETS,
    AccreditationFilter,
    AwardLevelFilter,
    DeliveryFilter,
)
from app.schemas.messages import Sentence
from app.schemas.online import OnlineCompletion
from app.schemas.pages import (
    Day,
    DayQuery,
    Evidence,
    Item,
    Page,
    PageParams,
    Stamp,
    Text,
    sent_always,
)
from app.schemas.reader import NearText, ReaderParams, State
from app.schemas.served import served
from app.schemas.total_cost import ForWhom, TotalInDistrict, TotalInState, TotalOutOfState


class InstitutionBrief(BaseModel):
    """The school of a program."""

    unitid: int | None = Field(description="IPEDS key; null: not in the federal directory")
    slug: str
    name: str
    city: str | None
    state: str
    control: Control | None
    website: str | None
    status: SchoolStatus | None = Field(
        default=None, description="Whether it operates; null: nobody tells"
    )


class MonthsRange(BaseModel):
    """Length in months; equal when one figure is stated."""

    low: float
    high: float


class Price(BaseModel):
    """Tuition and fees together, and what exactly the amount is.

    The amounts for other residencies stand beside it where they are told on the same terms.
    """

    tuition_and_fees_usd: float
    basis: str = Field(
        description="What is paid for: the whole program, a year at full time, or a credit of the "
        "program"
    )
    level: str = Field(description="Whether the price is of this program or of the institution")
    residency: str | None = Field(
        description="For whom the price holds; `any`: one price for everybody; null: not stated"
    )
    for_whom: ForWhom
    academic_year: str | None
    source: str
    parts: list[str] = Field(
        description="What is in the amount: tuition and fees; a price of a credit may be without "
        "fees"
    )
    year_usd: float = Field(
        description="The most that an academic year costs at full time: a price of the whole "
        "program is parted over its years, and stays whole where it takes no longer than one. "
        "`sort=tuition` and `max_tuition_usd` go by this"
    )
    in_district_usd: float | None = Field(
        description="What residents of the school's district pay; null: no lower price is told"
    )
    in_district_academic_year: str | None = Field(
        description="Year of `in_district_usd`, which may be another"
    )
    in_state_usd: float | None = Field(
        description="What residents of the state pay; null: not told, or one price for everybody"
    )
    out_of_state_usd: float | None = Field(
        description="What people from outside the state pay; null: not told, or one price for "
        "everybody"
    )


class TotalCost(BaseModel):
    """What is known of the whole cost to the credential at full time."""

    low_usd: float
    high_usd: float | None = Field(description="null: open upward")
    is_complete: bool = Field(description="False: parts without a price come on top")
    is_length_assumed: bool = Field(
        description="The usual length of the award stands for the program's own, for none is stated"
    )
    residency: str | None = Field(
        description="For whom the total holds; `any`: for everybody; null: not stated"
    )
    for_whom: ForWhom
    in_district: TotalInDistrict
    in_state: TotalInState
    out_of_state: TotalOutOfState


class WholePrice(BaseModel):
    """What the whole program costs, books or more in one sum with tuition and fees.

    A total counts it once; none of what it contains is added to it.
    """

    low_usd: float
    high_usd: float | None = Field(description="null: open upward")
    contains: list[str]
    academic_year: str | None
    source: str


class NetPrice(BaseModel):
    """What a year at the school costs after grants, on average.

    It is of the school's aided students in all programs, living costs included: no price of this
    program, in no total and in no score. It can be below 0.
    """

    usd: float
    of_whom: str | None = Field(description="The students that the average is of")
    level: str = Field(description="Always `institution`: it is of the school as a whole")
    academic_year: str | None
    source: str


class CompletionCount(BaseModel):
    """Awards of one academic year; 0: on offer, no award that year."""

    academic_year: str
    count: int


class ProgramSummary(BaseModel):
    """An item of the list; null is unknown."""

    slug: str
    name: str
    cip_code: str | None = Field(description="CIP 2020", examples=["51.0707"])
    cip_title: str | None
    award_level: AwardLevel | None
    award_as_stated: str | None
    institution: InstitutionBrief
    delivery: list[Delivery] | None = Field(
        description="null: no source that still counts tells; see `completion_online`"
    )
    completion_online: OnlineCompletion | None = Field(
        default=None, description="null: no survey has a row of the program"
    )
    months: MonthsRange | None
    price: Price | None
    total_cost: TotalCost | None = Field(
        default=None, description="null: no tuition is known, or not how often it is paid"
    )
    whole_price: WholePrice | None = Field(
        default=None,
        description="A price of the whole program that holds more than tuition and fees; null: "
        "none is told. `price` may be told of an older year beside it",
    )
    net_price: NetPrice | None = Field(
        default=None,
        description="What aided students of the school pay on average; null: not told, or the "
        "award is none that a first-time student begins with",
    )
    field_outcome: FieldOutcomeBrief | None = Field(
        default=None,
        description="Earnings and debt of the field and level at the school; null: no source has "
        "a row of them",
    )
    accreditation: Finding = Field(description="Finding of the check program_accredited")
    prepares_for: list[str]
    leads_to: dict[str, LeadsTo] = Field(
        default_factory=dict,
        description="The credential that fits its award -> whether graduates may sit the exam, by "
        "its rules",
        examples=[{"RHIT": "not_known"}],
    )
    gates: list[GateCode] = Field(
        default_factory=list, description="What no points outweigh; see the checklist"
    )
    completions: CompletionCount | None
    score: SummaryScore
    findings: dict[Finding, list[str]] = Field(
        default_factory=dict,
        description="Finding -> the checks of the checklist that it is the answer to, in their "
        "order; together they are all checks",
        examples=[{"met": ["institution_accredited"], "unknown": ["refund_policy"]}],
    )
    status: ProgramStatus | None = Field(
        default=None,
        description="open, paused or discontinued, as told of the program; that of its school "
        "where the school is not open: closing, closed, merged, not_operating; null: nobody tells",
    )
    updated_at: datetime
    peers: PeerRankRead | None = Field(
        default=None,
        description="Its place by score, which compares only within one kind; null: its field or "
        "award is not known, or it is not on offer any more",
    )


SORTS = (
    *("institution", "name", "score", "coverage", "tuition", "total_cost", "completions"),
    *("length", "distance", "net_price"),
    *("field_earnings_1_year", "field_earnings_4_years", "field_debt"),
)
RELEVANCE = "relevance"
_SORT_KEYS = [key for name in SORTS for key in (name, f"-{name}")]
ProgramSort = StrEnum(  # type: ignore[misc]
    "ProgramSort",
    {
        (f"{key[1:]}_down" if key.startswith("-") else key).upper(): key
        for key in (*_SORT_KEYS, RELEVANCE)
    },
)
"""Sort keys; a minus turns the order round. Unknowns always come last."""

FacetName = StrEnum(  # type: ignore[misc]
    "FacetName", {name.upper(): name for name in FACETS}
)
"""Closed-list filters, each with its counts."""

ItemField = StrEnum(  # type: ignore[misc]
    "ItemField", {name.upper(): name for name in ProgramSummary.model_fields}
)
"""Fields of a list item."""

Whether = TypeAliasType("Whether", Literal["known", "unknown"])
Miles = Annotated[float, Field(gt=0, le=5_000)]
Dollars = Annotated[float, Field(ge=0, le=10_000_000)]
Codes = Annotated[list[Text], Field(max_length=50)]


YesOrNo = TypeAliasType("YesOrNo", Literal["yes", "no"])


def is_known(what: str) -> Any:
    """Return a parameter that asks whether anybody knows something."""
    return Field(
        default=None,
        description=f"`unknown` finds what nobody knows: {what}; `known` the rest",
        examples=["unknown"],
    )


def of_field(what: str, example: float) -> Any:
    """Return a parameter that bounds a figure of the field and level at the school."""
    return Field(
        default=None,
        description=f"{what}: of all programs of the field and level at the school together, see "
        "`field_outcome`",
        examples=[example],
    )


def none_of(example: str) -> Any:
    """Return a parameter that leaves values out."""
    return Field(default_factory=list, description="None of these", examples=[[example]])


def _regular_cip(text: str) -> str:
    """Return a code of a field, series or family in its regular spelling.

    One of too many or too few digits stays as it is: the search tells which code is near.

    Raises:
        ValueError: It is no code at all.
    """
    try:
        return parse_cip_prefix(text)
    except ValueError:
        if not text.replace(".", "").isdigit():
            raise
        return text


class ProgramFilters(ReaderParams):
    """What to look for; repeat a parameter to mean any of its values.

    Different parameters must all hold. A program of which nobody knows a fact is never found by a
    filter on it, only by ``…_is=unknown``. Prices and totals are those of the reader.
    """

    q: Text | None = Field(
        default=None,
        min_length=2,
        description="Everyday words, in English or Spanish: field, school or its nickname, place, "
        "ZIP code, credential, award, online, cheap. A place is its surroundings; `understood` "
        "tells how each word was read. A parameter given beside it wins over words",
        examples=["medical coding columbus"],
    )
    state: list[State] = Field(
        default_factory=list, description="Two-letter code", examples=[["OH"]]
    )
    exclude_state: list[State] = none_of("OH")
    near: NearText | None = Field(
        default=None,
        description="ZIP code, latitude,longitude, or a city such as Macon, GA; see within_miles. "
        "The state of a ZIP code or city is the reader's where `home_state` is not given",
        examples=["45402"],
    )
    within_miles: Miles | None = Field(
        default=None, description="Miles around `near`; default 50", examples=[30]
    )
    include_online: bool = Field(
        default=True,
        description="Keep programs known to be offered online, however far; with `near`",
        examples=[False],
    )
    award_level: list[AwardLevelFilter] = Field(
        default_factory=list,
        description="Award; `certificate` is every award below associate",
        examples=[["associate"]],
    )
    exclude_award_level: list[AwardLevelFilter] = none_of("certificate")
    award_level_is: Whether | None = is_known("what the school confers")
    cip_code: Codes = Field(
        default_factory=list,
        description="CIP code, or a series or family: 51.0707, 51.07, 51",
        examples=[["51.0707"]],
    )
    exclude_cip_code: Codes = none_of("51.0710")
    control: list[Control] = Field(
        default_factory=list, description="Who runs the school", examples=[["public"]]
    )
    exclude_control: list[Control] = none_of("private_for_profit")
    control_is: Whether | None = is_known("who runs the school")
    level: list[InstitutionLevel] = Field(
        default_factory=list,
        description="The longest awards of the school",
        examples=[["two_year"]],
    )
    exclude_level: list[InstitutionLevel] = none_of("four_year")
    level_is: Whether | None = is_known("the school's longest awards")
    delivery: list[DeliveryFilter] = Field(
        default_factory=list,
        description="Where teaching takes place. `online` finds programs that are taught so or, "
        "where nothing newer is told, could be completed so in the year of "
        "`completion_online.as_of`; `not_online` those that could not: they are taught on campus "
        "or hybrid, which is not told",
        examples=[["online"]],
    )
    exclude_delivery: list[DeliveryFilter] = none_of("online")
    delivery_is: Whether | None = is_known("where teaching takes place")
    completion_online: list[OnlineAnswer] = Field(
        default_factory=list,
        description="What the newest federal survey says of the programs of this code and award: "
        "`all`, `some` or `none` can be completed online, in the year of `completion_online.as_of`",
        examples=[["all", "some"]],
    )
    exclude_completion_online: list[OnlineAnswer] = none_of("none")
    completion_online_is: Whether | None = is_known("what that survey says")
    accreditation: list[AccreditationFilter] = Field(
        default_factory=list,
        description="Finding of the check program_accredited; `accredited` is every one by which "
        "somebody says so",
        examples=[["accredited"]],
    )
    exclude_accreditation: list[AccreditationFilter] = none_of("not_met")
    accreditation_is: Whether | None = is_known("whether the program is accredited")
    practicum: list[Finding] = Field(
        default_factory=list,
        description="Finding of the check practicum_offered: met is required, partly_met optional",
        examples=[["met"]],
    )
    exclude_practicum: list[Finding] = none_of("not_met")
    practicum_is: Whether | None = is_known("whether there is a practicum")
    transfer: list[TransferKind] = Field(
        default_factory=list,
        description="What is said to be offered about moving credits",
        examples=[["articulation"]],
    )
    exclude_transfer: list[TransferKind] = none_of("no_prior_credit")
    transfer_is: Whether | None = is_known("anything about moving credits")
    topic: list[Topic] = Field(
        default_factory=list,
        description="Curriculum topic said to be covered",
        examples=[["coding_systems"]],
    )
    exclude_topic: list[Topic] = none_of("data_analytics")
    topic_is: Whether | None = is_known("any topic covered")
    credential: Codes = Field(
        default_factory=list,
        description="Credential the program says it prepares for, by code or name",
        examples=[["RHIT"]],
    )
    exclude_credential: Codes = none_of("CCA")
    credential_is: Whether | None = is_known("any credential prepared for")
    leads_to: Codes = Field(
        default_factory=list,
        description=f"Credential whose exam graduates may sit by its rules, {either(LED_TO)}, by "
        "code or name; `none`: known not to lead to the one that fits the award",
        examples=[["RHIT"]],
    )
    exclude_leads_to: Codes = none_of("none")
    leads_to_is: Whether | None = is_known("whether it leads to the credential that fits its award")
    status: list[ProgramStatus] = Field(
        default_factory=list,
        description="Whether it takes students. Without this filter, programs of schools that are "
        "closing, closed, merged or not operating are left out, and `left_out` counts them",
        examples=[["closed", "merged"]],
    )
    exclude_status: list[ProgramStatus] = none_of("paused")
    status_is: Whether | None = is_known("whether it takes students")
    distance_only: list[YesOrNo] = Field(
        default_factory=list,
        description="Whether the school teaches at a distance only",
        examples=[["yes"]],
    )
    exclude_distance_only: list[YesOrNo] = none_of("yes")
    distance_only_is: Whether | None = is_known("whether the school teaches at a distance only")
    unitid: list[Annotated[int, Field(ge=1, le=999_999)]] = Field(
        default_factory=list,
        max_length=50,
        description="IPEDS key of the school",
        examples=[[202222]],
    )
    min_tuition_usd: Dollars | None = Field(
        default=None,
        description="Tuition and fees that the reader pays, of an academic year at full time or "
        "of a whole shorter program: `price.year_usd`, at least",
        examples=[1000],
    )
    max_tuition_usd: Dollars | None = Field(
        default=None,
        description="Tuition and fees that the reader pays, of an academic year at full time or "
        "of a whole shorter program: `price.year_usd`, at most",
        examples=[6000],
    )
    tuition_is: Whether | None = is_known("tuition and fees")
    min_total_cost_usd: Dollars | None = Field(
        default=None, description="Least known total to the credential", examples=[2000]
    )
    max_total_cost_usd: Dollars | None = Field(
        default=None,
        description="Most of the total; one that is open upward is not found",
        examples=[20000],
    )
    total_cost_is: Whether | None = is_known("the total")
    min_net_price_usd: Dollars | None = Field(
        default=None,
        description="What aided students of the school pay a year on average, at least",
        examples=[5000],
    )
    max_net_price_usd: Dollars | None = Field(
        default=None,
        description="What aided students of the school pay a year on average, living costs "
        "included, at most: `net_price.usd`, which is no price of the program",
        examples=[12000],
    )
    net_price_is: Whether | None = is_known("the average net price of the school")
    min_months: Annotated[float, Field(ge=0, le=240)] | None = Field(
        default=None, description="Stated length at full time, at least", examples=[6]
    )
    max_months: Annotated[float, Field(ge=0, le=240)] | None = Field(
        default=None, description="Stated length at full time, at most", examples=[24]
    )
    months_is: Whether | None = is_known("the length")
    min_score: Annotated[float, Field(ge=0, le=100)] | None = Field(
        default=None, description="Low end of the score, by default weights", examples=[20]
    )
    min_coverage: Annotated[float, Field(ge=0, le=1)] | None = Field(
        default=None, description="Known share of the checklist", examples=[0.3]
    )
    min_completions: Annotated[int, Field(ge=0, le=10_000_000)] | None = Field(
        default=None, description="Awards of the newest year, at least", examples=[10]
    )
    completions_is: Whether | None = is_known("how many finish")
    min_field_earnings_1_year_usd: Dollars | None = of_field(
        "Median earnings 1 year after completion, at least", 25000
    )
    max_field_earnings_1_year_usd: Dollars | None = of_field(
        "Median earnings 1 year after completion, at most", 60000
    )
    field_earnings_1_year_is: Whether | None = is_known("what graduates of the field earn then")
    min_field_earnings_4_years_usd: Dollars | None = of_field(
        "Median earnings 4 years after completion, at least", 30000
    )
    max_field_earnings_4_years_usd: Dollars | None = of_field(
        "Median earnings 4 years after completion, at most", 80000
    )
    field_earnings_4_years_is: Whether | None = is_known("what graduates of the field earn then")
    min_field_debt_usd: Dollars | None = of_field("Median debt at graduation, at least", 1000)
    max_field_debt_usd: Dollars | None = of_field("Median debt at graduation, at most", 15000)
    field_debt_is: Whether | None = is_known("what graduates of the field owe")
    updated_since: Day | None = Field(
        default=None,
        description="Changed on that day or later",
        examples=["2026-01-01"],
    )

    @field_validator("cip_code", "exclude_cip_code")
    @classmethod
    def _regular(cls, codes: list[str]) -> list[str]:
        return [_regular_cip(code) for code in codes]

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        if self.near is None and self.within_miles is not None:
            raise ValueError("within_miles needs near")
        return self

    def given(self) -> list[str]:
        """Return the names of the filters that narrow the search."""
        given = self.model_fields_set
        return [name for name in FILTERS if name in given and getattr(self, name) not in (None, [])]


FILTERS = tuple(
    name
    for name in ProgramFilters.model_fields
    if name not in ("within_miles", "include_online")  # they only say how `near` is meant
    and name not in ReaderParams.model_fields  # and these whose prices are meant
)


class ProgramSearch(ProgramFilters, PageParams):
    """What to look for, in which order, and how much of it."""

    sort: list[ProgramSort] = Field(
        default_factory=list,
        max_length=6,
        description="Sort keys, first one first; - turns the order round; unknowns last, and "
        "before them totals that are open upward. `tuition` is `price.year_usd`, the price of an "
        "academic year. Default "
        "relevance, -completions with `q`; then distance with `near`; else institution, name, "
        "which also break ties",
        examples=[["-score", "institution"]],
    )
    weights: str | None = Field(
        default=None,
        max_length=300,
        description="Criterion weights for scores shown and sorted by, as for the checklist",
        examples=["accreditation:40,cost_transparency:20,transfer_credits:20,practicum_access:20"],
    )

    @model_validator(mode="after")
    def _can_sort(self) -> Self:
        if self.near is None and any(str(key).endswith("distance") for key in self.sort):
            raise ValueError("sort by distance needs near")
        if self.q is None and RELEVANCE in self.sort:
            raise ValueError("sort by relevance needs q")
        return self


class ProgramQuery(ProgramSearch):
    """Query string of a list of programs."""

    facets: list[FacetName] = Field(
        default_factory=list,
        description="Closed-list filters to count the values of, each without its own filter",
        examples=[["state", "award_level"]],
    )
    fields: list[ItemField] = Field(
        default_factory=list,
        description="Fields of each item to send; default all. The others are left out, also those "
        "that the item is said to have always",
        examples=[["slug", "name", "score"]],
    )


class ProgramListQuery(ProgramQuery):
    """Query string of GET /v1/programs."""

    view: Annotated[
        BriefView | None,
        Field(description=VIEW_TOLD.format(shape="BriefPrograms"), examples=["brief"]),
    ] = None


class FacetCount(BaseModel):
    """One value of a filter, and how many programs the search would find with it."""

    value: str = Field(description="As the filter takes it; `unknown`: nobody knows")
    count: int


PartialSummary = create_model(  # type: ignore[call-overload]
    "PartialSummary",
    __doc__="Some fields of a list item, as `fields` asks for.",
    **{
        name: (Optional[info.annotation], Field(default=None))  # noqa: UP045 - at run time
        for name, info in ProgramSummary.model_fields.items()
    },
)


class Understood(BaseModel):
    """What words of `q` were read as; every word of it stands in one of these, in their order."""

    words: str = Field(description="As typed", examples=["medical coding"])
    read_as: list[str] = Field(description="The same as `query`, a parameter with a value each")
    because: str = Field(
        description="What kind of words they are, such as everyday word, place, credential or "
        "spelling; of those that are left out why: not known, means nothing here, cannot be told "
        "from the data, not a field of this catalogue, decided by a filter"
    )
    kind: str = Field(
        description="school, area, field, award, credential, delivery, control, accreditation, "
        "transfer, practicum, price, length, sort, page (a question), untold (a wish), foreign, "
        "filler, name (of nothing known) or word",
        examples=["field"],
    )
    used: str = Field(
        description="filter: what is found meets it; required: likewise, and what meets it best "
        "comes first; preferred: it decides what comes first, or what is known to fit; score: what "
        "has it comes first; left_out",
        examples=["required"],
    )
    query: dict[str, list[str]] = Field(
        description="Parameters of a search that mean the same; empty where there are none",
        examples=[{"cip_code": ["51.0713"]}],
    )
    without: str = Field(
        description="The same search without these words",
        examples=["/v1/programs?q=columbus"],
    )
    said: Sentence = Field(description="What the words were read as, in a sentence")


class OtherReading(BaseModel):
    """Something else that words of `q` may mean, or a name that is near one not known."""

    words: str = Field(description="As typed")
    said: Sentence = Field(description="What they may mean", examples=["Albany, OR"])
    href: str = Field(description="The search that asks for it")


class Loosened(BaseModel):
    """Something that `q` asks for and that nothing met, so that it was given up."""

    step: str = Field(
        description="radius, possible, state, family, country, field, credential, or the parameter "
        "that words stand for",
        examples=["radius"],
    )
    said: Sentence


FirstResultKind = TypeAliasType(
    "FirstResultKind",
    Literal["credential", "institution", "guide", "figure", "accreditor", "advancement_path"],
)


class FirstResult(BaseModel):
    """Something that answers `q` and is no program."""

    kind: FirstResultKind
    key: str = Field(examples=["CCS"])
    title: Sentence
    text: Sentence
    href: str = Field(description="Where it is as data", examples=["/v1/credentials/CCS"])
    page: str = Field(description="Where people read it", examples=["/credentials/CCS"])


class Relaxation(BaseModel):
    """What the search would find without one of its filters."""

    without: str = Field(description="Parameter to leave out", examples=["state"])
    total: int


class NotKnown(BaseModel):
    """A fact asked for that nobody tells of some programs, which may have it all the same."""

    filter: str = Field(description="The fact", examples=["accreditation"])
    count: int = Field(description="Programs that fit all else and of which it is not known")
    ask: dict[str, list[str]] = Field(
        description="What finds them: parameters of GET /v1/programs, to give in place of those on "
        "this fact and of the same name",
        examples=[{"accreditation_is": ["unknown"]}],
    )


class ProgramItem(ProgramSummary):
    """An item of the list, with its distance where a place was named."""

    model_config = ConfigDict(json_schema_extra=sent_always(ProgramSummary.model_fields))

    distance_miles: float | None = Field(
        default=None, description="From `near` to the school; null: not asked for, or not known"
    )
    is_only_online: bool | None = Field(
        default=None,
        description="With `near`: whether it is farther than asked, and here because it is taught "
        "online; null: no place was asked for",
    )


ListedProgram = ProgramItem | SkipJsonSchema[PartialSummary]
"""An item of a list: whole, unless `fields` asks for less, which few do."""


class Beyond(BaseModel):
    """What the rest of `q` finds, where nothing can meet all of it, and why nothing can."""

    said: Sentence
    nearest: list[OtherReading] = Field(
        default_factory=list, description="Names of schools and places near one not known"
    )
    total: int = Field(description="How many meet the rest; they are not counted as found")


def beyond() -> Any:
    """Return the field of a page that tells what the rest of a text finds."""
    return Field(
        default=None,
        description="With `q`, where nothing can meet all of it: a name in it is not known, a "
        "school or a place has no program, or a field is not held here",
    )


class SearchPage(Page[Item], Generic[Item]):
    """A page of what a search finds, with what was asked for beside it."""

    model_config = ConfigDict(json_schema_extra=sent_always(Page.model_fields))

    facets: dict[str, list[FacetCount]] = Field(
        default_factory=dict, description="Asked for by `facets`: field -> counts, largest first"
    )
    understood: list[Understood] = Field(
        default_factory=list, description="With `q`: how its words were read"
    )
    choices: list[OtherReading] = Field(
        default_factory=list, description="With `q`: what its words may mean otherwise"
    )
    loosened: list[Loosened] = Field(
        default_factory=list,
        description="With `q`: what was given up, for nothing met all of it; what is found meets "
        "the rest",
    )
    first: list[FirstResult] = Field(
        default_factory=list,
        description="With `q`, on the first page: what answers it beside programs",
    )
    order_note: Sentence | None = Field(
        default=None, description="What to know of the order asked for; in order of score"
    )
    not_known: int | None = Field(
        default=None,
        description="With a filter or a word on a fact that sources seldom tell, such as "
        "accreditation, delivery or length: programs beside `total` that fit all else and of which "
        "it is not known. They are not in `items`",
    )
    known_no: int | None = Field(
        default=None, description="Likewise: programs known not to fit, or to which it cannot apply"
    )
    cannot_apply: int | None = Field(
        default=None,
        description="Likewise: those of `known_no` to which it cannot apply, such as an "
        "accreditation where no accreditor exists",
    )
    not_known_by: list[NotKnown] = Field(
        default_factory=list, description="Likewise: each such fact, and how to find these programs"
    )
    left_out: dict[str, int] = Field(
        default_factory=dict,
        description="Status -> how many more would be found with `status=` it, where no filter "
        "asks for a status",
        examples=[{"closed": 3}],
    )
    relaxations: list[Relaxation] = Field(
        default_factory=list,
        description="Where nothing is found: the filters without which something is, the "
        "nearest first",
    )


NotCounted = TypeAliasType("NotCounted", Literal["not_known", "cannot_apply"])


class Below(BaseModel):
    """Programs that meet all else, but are not known to have a fact asked for."""

    kind: NotCounted = Field(
        description="It is not known of them; or it cannot apply to programs of their kind"
    )
    total: int
    items: list[ListedProgram] = Field(description="The first of them")


class ProgramsBeyond(Beyond):
    """Programs that meet the rest of `q`."""

    items: list[ListedProgram] = Field(description="The first of them")


class ProgramPage(SearchPage[ListedProgram]):
    """A page of programs."""

    beyond: ProgramsBeyond | None = beyond()
    below: list[Below] = Field(
        default_factory=list,
        description="With `q`, on the last page: programs that are not counted as found, for a "
        "fact asked for is not known of them",
    )


@served
class CompletionRead(CompletionCount):
    """Awards of one year with their evidence."""

    evidence: Evidence


@served
class RecordMatch(BaseModel):
    """How facts read on the school's pages were joined to the federal record."""

    quality: str = Field(description="exact, likely, or unmatched: a record of its own")
    reason: str | None


@served
class Links(BaseModel):
    """Where more is said."""

    checklist: str
    claims: str
    institution: str
    program_page: str | None


class Successor(BaseModel):
    """The school that another goes on as a part of."""

    unitid: int
    name: str | None
    link: str = Field(examples=["/v1/institutions/131803"])


class FormerName(BaseModel):
    """A name that a school had."""

    name: Text
    until: Text = Field(description="The last edition of the federal directory that has it")


class InstitutionDetail(InstitutionBrief):
    """The school, as the federal directory has it, and whether it operates by all sources."""

    opeid: str | None
    aliases: list[str]
    former_names: list[FormerName] | None = Field(
        default=None,
        description="Names of older editions of the directory, newest first; null: none is known",
    )
    system_name: str | None = Field(
        default=None, description="System or owner that the school is part of"
    )
    address: str | None
    zip_code: str | None
    county_code: str | None = Field(default=None, description="FIPS code of the county")
    county_name: str | None = None
    cbsa_code: str | None = Field(
        default=None,
        description="Metropolitan or micropolitan statistical area; null: outside of any, or not "
        "told",
    )
    cbsa_kind: CbsaKind | None = None
    latitude: float | None
    longitude: float | None
    level: str | None
    admissions_url: str | None
    financial_aid_url: str | None
    net_price_url: str | None
    is_active: bool | None = Field(description="By `status`: whether it still teaches")
    closed_on: str | None = Field(
        description="Day, month or year of the closing, by `status`; null: not told, or not closed"
    )
    merged_into: Successor | None = Field(
        default=None, description="School that it goes on as a part of"
    )
    status_evidence: list[Evidence] = Field(
        default_factory=list, description="Who says `status`, the leading one first"
    )
    evidence: Evidence = Field(description="Where name, place and control come from")


class ClaimsQuery(DayQuery):
    """Query string of GET /v1/programs/{slug}/claims."""

    standing: list[Standing] = Field(
        default_factory=list,
        description="current, unconfirmed, agreeing, conflicting or superseded",
        examples=[["current", "conflicting"]],
    )


@served
class ProgramClaims(Stamp):
    """All claims on one program, oldest history included."""

    program: str
    items: list[ClaimRead[ProgramClaim]]
    total: int
