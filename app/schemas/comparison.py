"""Comparisons over the wire: aligned rows, checklists, and how sure the order is."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from typing_extensions import TypeAliasType

from app.domain.vocabulary import CellStatus, Finding, Section, Verdict
from app.schemas.briefs import VIEW_TOLD, BriefQuery, BriefView
from app.schemas.checklists import Answer, ChecklistQuery, ChecklistRead
from app.schemas.messages import Sentence
from app.schemas.pages import Day, Evidence, Stamp, Text, parted
from app.schemas.reader import ReaderQuery, ResidencyAsked
from app.schemas.served import served

MIN_PROGRAMS = 2
MAX_PROGRAMS = 8

A, B = "owens-community-college-510707-associate", "mercy-college-of-ohio-510707-associate"


class ComparisonQuery(ChecklistQuery):
    """Programs to compare, in a query string."""

    program: list[Text] = Field(
        description="Slugs of 2 to 8 different programs; repeat the parameter",
        examples=[[A, B]],
        json_schema_extra={
            "minItems": MIN_PROGRAMS,
            "maxItems": MAX_PROGRAMS,
            "uniqueItems": True,
        },
    )


class ComparisonViewQuery(ComparisonQuery, BriefQuery):
    """Query string of GET /v1/comparison."""

    view: Annotated[
        BriefView | None,
        Field(description=VIEW_TOLD.format(shape="BriefComparison"), examples=["brief"]),
    ] = None
    sections: Annotated[list[Section], BeforeValidator(parted)] = Field(
        default_factory=list,
        description="Only the rows of these sections, and `checklists` only if `checklist` is "
        "among them; parted by commas, or repeat the parameter. Default all",
        examples=[["cost", "accreditation"]],
    )


class ComparisonRequest(ReaderQuery):
    """A comparison with a counselor's own answers on top of the catalogue; nothing is stored."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "programs": [A, B],
                    "weights": {"accreditation": 40, "cost_transparency": 60},
                    "residency": "in_state",
                    "answers": {A: {"refund_policy": "met", "site_support": "not_met"}},
                }
            ]
        },
    )

    programs: list[Text] = Field(
        description="Slugs of 2 to 8 different programs",
        json_schema_extra={
            "minItems": MIN_PROGRAMS,
            "maxItems": MAX_PROGRAMS,
            "uniqueItems": True,
        },
    )
    weights: dict[str, float] | None = Field(
        default=None, max_length=20, description="Criterion -> weight; others weigh 0"
    )
    answers: dict[str, Annotated[dict[str, Answer], Field(max_length=40)]] = Field(
        default_factory=dict,
        max_length=MAX_PROGRAMS,
        description="Slug -> check -> finding, as the school answered. An answer takes the place "
        "of what the catalogue knows; `unknown` is no answer and changes nothing",
    )
    as_of: Day | None = Field(
        default=None,
        description="Day to judge age by; default today",
    )


@served
class RangeRead(BaseModel):
    """From low to high; null is open."""

    low: float | None
    high: float | None


@served
class TermsRead(BaseModel):
    """What a value holds for; values compare only where these agree. null: plays no part."""

    model_config = ConfigDict(from_attributes=True)

    year: str | None = Field(description="Academic year; `undated` compares with nothing")
    population: Sentence | None
    unit: str | None
    residency: str | None = Field(
        description="Whose price it is; `own`: what the reader pays, by `home_state`"
    )
    for_whom: Sentence | None = Field(
        default=None, description="Whose price it is, in words", examples=["for residents of Ohio"]
    )
    level: str | None = Field(description="program or institution")
    parts: Sentence | None = Field(default=None, description="What is counted into a total")


ValueKind = TypeAliasType("ValueKind", Literal["text", "yes_no", "number", "list", "range"])


@served
class ValueRead(BaseModel):
    """What is known of one program in one row."""

    program: str
    value: str | bool | int | float | list[str] | RangeRead | None = Field(
        description="null is unknown, withheld, without an amount or not applicable: see `status`"
    )
    kind: ValueKind | None = Field(
        default=None, description="What `value` is; null where it is null", examples=["number"]
    )
    display: Sentence = Field(description="The value in words", examples=["$4,950 a year"])
    status: CellStatus = Field(description="Only `known` values are compared")
    stale: bool = Field(description="Past its shelf life: shown, but counted as unknown")
    terms: TermsRead
    evidence: list[Evidence]


@served
class RowRead(BaseModel):
    """One fact across programs."""

    section: Section
    key: str = Field(description="Unique within its section", examples=["tuition"])
    label: Sentence
    unit: str | None = Field(examples=["USD per year"])
    verdict: Verdict = Field(
        description="`unknown` as soon as one value is; `not_comparable` where values stand on "
        "different terms or the fact does not apply to all"
    )
    reason: Sentence | None = Field(
        description="Why unknown or not comparable", examples=["other year"]
    )
    values: list[ValueRead]
    best: list[str] = Field(
        description="Slugs certainly not worse than any other known, comparable value, in rows "
        "where better is defined (a lower price, a higher rate, a check met); empty where fewer "
        "than two are known, where all tie, and wherever unknowns could decide"
    )


@served
class DominanceRead(BaseModel):
    """`program` certainly scores at least as much as `over` under any weights."""

    program: str
    over: str


@served
class FlipRead(BaseModel):
    """The weighting nearest to the caller's under which the two tie."""

    weights: dict[str, float] = Field(description="Shares of the criteria both have")
    moved: float = Field(
        description="Share of all weight that changes its criterion; 0: they tie already",
        examples=[0.12],
    )
    turns_round: bool = Field(
        description="Whether a little more of the same change puts the other program first"
    )


@served
class StabilityRead(BaseModel):
    """How sure it is that `program` stands above `over`, over the criteria both have."""

    program: str
    over: str
    share: str | None = Field(
        description="Exact share of all weightings, drawn evenly, under which more is verified of "
        "`program` than of `over`: computed on the low end of each criterion, so that what is "
        "open counts as 0 on both sides. The rest is that "
        "of the opposite pair, except where they always tie. null: no criterion in common",
        examples=["16/35"],
    )
    share_decimal: float | None = Field(examples=[0.457142857])
    share_best_case: str | None = Field(
        description="The same if all that is open of `program` were met and of `over` not"
    )
    share_best_case_decimal: float | None
    share_worst_case: str | None = Field(
        description="The same if all that is open of `over` were met and of `program` not"
    )
    share_worst_case_decimal: float | None
    always_tied: bool = Field(description="As much is verified of both on every criterion")
    criteria: list[str] = Field(description="Criteria the shares are computed over")
    left_out: list[str] = Field(
        description="Criteria that do not apply to both, or not in the same measure"
    )
    flip: FlipRead | None = Field(
        description="Smallest change of the weights asked for that makes the two tie in what is "
        "verified. null: no weighting does, or none of the weights asked for applies to both"
    )


@served
class RankRead(BaseModel):
    """Best and worst place a program can have; equal where its place is certain."""

    program: str
    best: int
    worst: int


@served
class ComparisonRead(Stamp):
    """Programs side by side, and how sure their order is."""

    programs: list[str]
    rubric: str = Field(examples=["2026.1"])
    residency: ResidencyAsked | None = Field(
        description="Whose prices are compared; null: of each school what the reader pays there, "
        "by `home_state`"
    )
    home_state: str | None = Field(default=None, description="Where the reader lives, if told")
    for_whom: dict[str, Sentence] = Field(
        default_factory=dict, description="Program -> for whom its prices here hold, in words"
    )
    weights: dict[str, float] = Field(description="Shares asked for, summing to 1")
    answers: dict[str, dict[str, Finding]] = Field(
        description="Answers of the caller that took the place of what the catalogue knows"
    )
    rows: list[RowRead]
    checklists: list[ChecklistRead]
    dominance: list[DominanceRead] = Field(
        description="Only what is certain: on every criterion what is verified of the one is at "
        "least what is possible for the other, on some criterion more"
    )
    stability: list[StabilityRead] = Field(description="Every ordered pair")
    stability_counts: Sentence | None = Field(
        default=None, description="What the shares count, in one sentence"
    )
    ranks: list[RankRead] = Field(
        description="`best` counts those certainly above, `worst` those not certainly below"
    )
    tie_bands: list[list[str]] = Field(
        description="Largest groups in which every two score intervals overlap, so that nobody "
        "is above anybody; a program can be in two of them. The highest group comes first"
    )
    note: str
