"""Checklists and rubrics over the wire."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.domain.checklist.scoring import Interval
from app.domain.credentials.leads_to import GateCode
from app.domain.disclosure import Shown
from app.domain.vocabulary import Finding
from app.schemas.filters import AwardLevelFilter
from app.schemas.messages import Sentence
from app.schemas.pages import DayQuery, Evidence, Stamp, Text
from app.schemas.reader import ReaderQuery
from app.schemas.served import served

SAID_OTHERWISE = {
    "yes": Finding.MET,
    "true": Finding.MET,
    "no": Finding.NOT_MET,
    "false": Finding.NOT_MET,
    "partly": Finding.PARTLY_MET,
    "n/a": Finding.NOT_APPLICABLE,
    "none": Finding.UNKNOWN,
}
"""What people answer -> the finding that says so."""


def _in_our_words(answer: object) -> object:
    meant = SAID_OTHERWISE.get(str(answer).strip().lower())
    if meant is None:
        return answer
    raise PydanticCustomError(
        "said_otherwise",
        "must be one of {findings}",
        {"findings": ", ".join(Finding), "suggestion": str(meant)},
    )


Answer = Annotated[Finding, BeforeValidator(_in_our_words)]
"""A finding; everyday words for one are refused with the finding that they mean."""


@served
class ScoreRead(BaseModel):
    """An interval: unknown counts as 0 in low and as met in high."""

    low: float = Field(ge=0, le=100, examples=[16.9])
    high: float = Field(ge=0, le=100, examples=[89.4])
    coverage: float = Field(ge=0, le=1, description="Known share of the weight", examples=[0.28])


@served
class CheckRead(BaseModel):
    """One check with its finding and the rule that gave it."""

    key: str = Field(examples=["program_accredited"])
    label: str
    finding: Finding
    points: float | None = Field(description="Points earned; null while unknown or not applicable")
    max_points: int
    reason: Sentence = Field(description="The rule that gave the finding, in one sentence")
    evidence: list[Evidence]
    question: str | None = Field(description="What to ask the school; null when settled")


@served
class CriterionRead(BaseModel):
    """One criterion; a null score means that none of its checks applies."""

    key: str = Field(examples=["accreditation"])
    label: str
    weight: float = Field(description="Share of the whole used here, after reweighting")
    score: ScoreRead | None
    checks: list[CheckRead]


@served
class QuestionRead(BaseModel):
    """A question to ask before enrolling, and whom."""

    check: str
    ask: Sentence
    whom: str


@served
class GateRead(BaseModel):
    """A consequence that no points outweigh."""

    code: GateCode = Field(examples=["not_eligible_rhit"])
    message: Sentence
    url: str = Field(description="Where the rule that decided is told")


@served
class CautionRead(BaseModel):
    """A common mistake that this program invites."""

    code: str = Field(examples=["dated_prices"])
    message: Sentence
    evidence: list[Evidence] = Field(
        default_factory=list, description="What it rests on, beside the checks"
    )


@served
class TopicState(BaseModel):
    """Whether a curriculum topic is covered; null: no source tells."""

    topic: str
    is_covered: bool | None


@served
class DisclosureRead(BaseModel):
    """Something an accreditor makes its programs publish, and whether this school does."""

    accreditor: str = Field(examples=["CAHIIM"])
    key: str = Field(description="next_review, graduation_rate, employment_rate or one_more")
    shown: Shown = Field(description="not_known: nobody has found it, which is no no")
    text: Sentence
    evidence: list[Evidence]


@served
class RecognitionRead(BaseModel):
    """What shows that employers know the program; null: no source read tells, so ask."""

    named_employers: list[str] | None
    advisory_board: bool | None = Field(description="Whether employers advise the program")
    ask: Sentence


@served
class ExtrasRead(BaseModel):
    """Shown beside the score and never scored."""

    certification_alignment: list[str] = Field(description="Credentials the program names")
    curriculum_topics: list[TopicState] = Field(description="The seven topics to ask for")
    disclosures: list[DisclosureRead] = Field(
        default_factory=list,
        description="What the program's accreditor makes it publish; empty where none is known",
    )
    career_services: dict[str, bool | None] = Field(
        description="Service -> whether it is offered; null: no source tells. What is told of "
        "`employment_services` and `placement_services` the school reports of itself as a whole to "
        "the government; it is not asked about the others"
    )
    online_options: dict[str, bool | None] = Field(
        description="As reported of the school as a whole; null: no source tells"
    )
    employer_recognition: RecognitionRead | None = Field(
        default=None, description="null: frozen before it was told"
    )


@served
class ChecklistRead(Stamp):
    """The score, every check, and what to ask."""

    program: str | None
    name: str | None = None
    institution: str | None = None
    rubric: str = Field(examples=["2026.1"])
    weights: dict[str, float] = Field(description="Shares asked for, summing to 1")
    score: ScoreRead
    gates: list[str]
    gate_notices: list[GateRead] = Field(
        default_factory=list, description="The gates, each with a sentence"
    )
    criteria: list[CriterionRead]
    questions: list[QuestionRead]
    warnings: list[CautionRead]
    extras: ExtrasRead | None = None
    note: str | None = None


class ChecklistQuery(DayQuery, ReaderQuery):
    """Query string of a checklist."""

    weights: str | None = Field(
        default=None,
        max_length=300,
        description="Criterion weights, criterion:number parted by commas; others weigh 0",
        examples=["accreditation:40,cost_transparency:20,transfer_credits:20,practicum_access:20"],
    )


class ChecklistRequest(BaseModel):
    """Answers to checks, for a program of the catalogue or for any other; nothing is stored."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "award_level": "associate",
                    "answers": {"tuition": "met", "refund_policy": "unknown"},
                    "weights": {"accreditation": 40, "cost_transparency": 60},
                }
            ]
        },
    )

    program: Text | None = Field(
        default=None,
        description="Slug of a program of the catalogue: the answers then take the place of what "
        "is known of it, except `unknown`, which changes nothing",
    )
    award_level: AwardLevelFilter | None = Field(
        default=None,
        description="What the school confers; `certificate` is any below associate; not beside "
        "`program`",
    )
    answers: dict[str, Answer] = Field(
        default_factory=dict,
        max_length=100,
        description="Check key -> finding; others unknown, or as the catalogue has them",
    )
    weights: dict[str, float] | None = Field(
        default=None, max_length=20, description="Criterion -> weight; others weigh 0"
    )


class RubricCheck(BaseModel):
    """A check of a rubric."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    label: str
    points: int
    reason: str
    rule: str
    question: str
    whom: str


class RubricCriterion(BaseModel):
    """A criterion of a rubric."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    label: str
    weight: float
    reason: str
    checks: list[RubricCheck]


class RubricGate(BaseModel):
    """A consequence no points outweigh."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    check: str
    finding: str
    reason: str


class RubricRead(BaseModel):
    """A published rubric; it never changes."""

    model_config = ConfigDict(from_attributes=True)

    version: str
    published_on: str
    title: str
    measures: str
    values: dict[str, float]
    criteria: list[RubricCriterion]
    gates: list[RubricGate]


class RubricAnswer(RubricRead, Stamp):
    """A rubric with its stamp."""


def to_score(interval: Interval) -> ScoreRead:
    """Return an interval as served: points to one decimal, coverage to two."""
    low, high, coverage = interval.rounded
    return ScoreRead(low=low, high=high, coverage=coverage)
