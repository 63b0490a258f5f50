"""Checklists and rubrics over the wire."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.domain.checklist.scoring import Interval
from app.domain.credentials.leads_to import GateCode
from app.domain.disclosure import Shown
from app.domain.vocabulary import Finding
from app.schemas.briefs import BriefQuery
from app.schemas.filters import AwardLevelFilter
from app.schemas.messages import Sentence
from app.schemas.occupations import CipCode
from app.schemas.online import OnlineCompletion
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


class ScoreFields(BaseModel):
    """An interval: the least and the most that the findings still leave possible."""

    low: float = Field(
        ge=0, le=100, description="What is verified, if nothing else turns out so", examples=[20.2]
    )
    likely: float = Field(
        default_factory=lambda told: told["low"],  # a snapshot of before: by 2026.1 they are one
        ge=0,
        le=100,
        description="As low, with what is said but unconfirmed counted at its word",
        examples=[27.9],
    )
    high: float = Field(
        ge=0,
        le=100,
        description="If all that is still open turned out well; only a no, or what is known to be "
        "half-way, takes points away for good",
        examples=[100.0],
    )
    coverage: float = Field(ge=0, le=1, description="Known share of the weight", examples=[0.28])


@served
class ScoreRead(ScoreFields):
    """An interval: the least and the most that the findings still leave possible."""


class SummaryScore(ScoreFields):
    """The score of a program in a list, and on how many of its checks it rests."""

    answered: int = Field(
        ge=0, description="Checks that apply and are known at least in part", examples=[5]
    )
    of: int = Field(ge=0, description="Checks that apply", examples=[17])


@served
class PossibleRead(BaseModel):
    """The points of one check that are still possible."""

    low: float = Field(examples=[0.5])
    likely: float = Field(examples=[0.5])
    high: float = Field(examples=[1])


@served
class PeerRankRead(BaseModel):
    """The place of a program by score among those of its kind, from 1; equals share it."""

    kind: Sentence = Field(
        description="The same family of fields and the same award, at schools that teach on",
        examples=["associate in health information"],
    )
    rank: int = Field(description="By the likely score, then by its low end", examples=[31])
    of: int = Field(description="How many there are", examples=[308])


@served
class CheckRead(BaseModel):
    """One check with its finding and the rule that gave it."""

    key: str = Field(examples=["program_accredited"])
    label: str
    finding: Finding = Field(
        description="`met`, `partly_met` (known to be half-way) and `not_met` are settled; "
        "`partly_known` is known for the school as a whole; `unconfirmed` is said, but without a "
        "date, too long ago, or without naming award and campus; `unknown`: nobody says"
    )
    said: Finding | None = Field(
        default=None, description="What an unconfirmed statement says; null beside other findings"
    )
    points: float | None = Field(
        description="Points earned; null while unknown, unconfirmed or not applicable"
    )
    possible: PossibleRead | None = Field(
        default=None, description="Points still possible; null where the check does not apply"
    )
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
    completion_online: OnlineCompletion | None = Field(
        default=None,
        description="Whether it can be completed online, by the newest federal survey that tells",
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
    rubric: str = Field(examples=["2026.2"])
    weights: dict[str, float] = Field(description="Shares asked for, summing to 1")
    summary: Sentence | None = Field(
        default=None,
        description="What is verified and what is known not to be so, in a sentence to read aloud",
    )
    score: ScoreRead
    gates: list[str]
    gate_notices: list[GateRead] = Field(
        default_factory=list, description="The gates, each with a sentence"
    )
    criteria: list[CriterionRead]
    questions: list[QuestionRead]
    warnings: list[CautionRead]
    extras: ExtrasRead | None = None
    peers: PeerRankRead | None = Field(
        default=None,
        description="The place of its score by the weights of the rubric among programs of its "
        "kind; null: by other weights, under answers, or of no kind that is compared",
    )
    note: str | None = None


RubricVersion = Annotated[str | None, Field(max_length=20)]
"""A version of the rubric; None: the newest."""


class ChecklistQuery(DayQuery, ReaderQuery):
    """Query string of a checklist."""

    rubric: RubricVersion = Field(
        default=None,
        description="Version of the rubric to score by; default the newest",
        examples=["2026.1"],
    )
    weights: str | None = Field(
        default=None,
        max_length=300,
        description="Criterion weights, criterion:number parted by commas; others weigh 0",
        examples=["accreditation:40,cost_transparency:20,transfer_credits:20,practicum_access:20"],
    )


class ProgramChecklistQuery(ChecklistQuery, BriefQuery):
    """Query string of GET /v1/programs/{slug}/checklist."""


class ChecklistRequest(ReaderQuery, BriefQuery):
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
    cip_code: CipCode | None = Field(
        default=None,
        description="Field of study (CIP 2020), which decides with the award what applies; not "
        "beside `program`",
        examples=["51.0707"],
    )
    rubric: RubricVersion = Field(
        default=None, description="Version of the rubric to score by; default the newest"
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


class RubricPolicy(BaseModel):
    """What a version makes of statements that fall short, and how it weighs criteria."""

    model_config = ConfigDict(from_attributes=True)

    undated: Finding = Field(description="A positive statement without a date")
    institution_wide: Finding = Field(description="What is known for the school as a whole")
    stale: Finding = Field(description="A statement past its shelf life")
    vague: Finding = Field(description="An accreditation that names neither award nor campus")
    dated_statements_lead: bool = Field(description="Whether what bears a date leads")
    keeps_running_terms: bool = Field(
        description="Whether an accreditation is fresh as long as its term runs"
    )
    asks_accreditor_of_field: bool = Field(
        description="Whether each field and award has its own accreditor, or none"
    )
    weighs_by_what_applies: bool = Field(
        description="Whether a criterion of which only a part applies weighs less"
    )


class RubricRead(BaseModel):
    """A published rubric; it never changes."""

    model_config = ConfigDict(from_attributes=True)

    version: str
    published_on: str
    title: str
    measures: str
    values: dict[str, float] = Field(description="Finding -> share of its points that it earns")
    possible: dict[str, Annotated[list[float], Field(min_length=2, max_length=2)]] = Field(
        description="Finding -> least and most share of its points that is still possible"
    )
    policy: RubricPolicy
    criteria: list[RubricCriterion]
    gates: list[RubricGate]


class RubricAnswer(RubricRead, Stamp):
    """A rubric with its stamp."""


def to_score(interval: Interval) -> ScoreRead:
    """Return an interval as served: points to one decimal, coverage to two."""
    low, likely, high, coverage = interval.rounded
    return ScoreRead(low=low, likely=likely, high=high, coverage=coverage)
