"""Roles, the graph between them and plans over the wire."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import TypeAliasType

from app.domain.advancement.levels import LEVELS
from app.domain.advancement.roles import Kind, Stage
from app.domain.credentials.eligibility import Answer, Education
from app.domain.messages import N_
from app.domain.vocabulary import Basis, Measure
from app.schemas.areas import PayRead, PlaceQuery
from app.schemas.briefs import BriefQuery
from app.schemas.eligibility import WouldChange
from app.schemas.filters import AwardLevelFilter
from app.schemas.messages import Sentence
from app.schemas.occupations import RelatedRead, TaskRead, TechnologyRead
from app.schemas.pages import Day, Evidence, Stamp, Text
from app.schemas.reader import ReaderParams
from app.schemas.statistics import ConflictRead, StatisticRead
from app.schemas.timeline import AssumptionRead, MonthsRead
from app.schemas.total_cost import CostLineRead


class RequirementFacts(BaseModel):
    """What employers look for in a role; ``statistic`` is the official figure that says so."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    any_of: list[str] | None = None
    at_least: str | None = None
    years_below: float | None = Field(default=None, gt=0, le=60)
    text: str
    statistic: str | None = None
    basis: Basis
    source: str | None = None
    ask: str
    whom: str

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.kind not in {Kind.CREDENTIAL, Kind.EDUCATION, Kind.EXPERIENCE}:
            raise ValueError(f"kind {str(self.kind)!r} is no requirement")
        if self.kind is Kind.EDUCATION and self.at_least not in LEVELS:
            raise ValueError(f"at_least must be one of {', '.join(LEVELS)}")
        if (self.source is None) == (self.statistic is None):
            raise ValueError("name a source or a statistic, one of the two")
        return self


class RequirementRead(BaseModel):
    """What employers look for in a role; no law asks for it."""

    kind: Kind = Field(description="credential, education or experience")
    any_of: list[str] | None = Field(
        description="Codes of /v1/credentials of which one does; null: unknown, or another kind"
    )
    at_least: str | None = Field(description="Least education", examples=["associate"])
    years_below: float | None = Field(
        description="Some years of work, fewer than these; null: unknown, or another kind"
    )
    text: str
    ask: str
    whom: str
    evidence: Evidence


class PathOccupation(BaseModel):
    """An occupation a path leads to; the first is the main one."""

    code: str = Field(pattern=r"^\d\d-\d{4}$", description="SOC 2018", examples=["11-9111"])
    title: str
    note: str | None


class PathRead(BaseModel):
    """A role to grow into; `filled` names the fields that hit-compare added to the source."""

    slug: str = Field(examples=["cdi-specialist"])
    position: int
    label: str
    stage: Stage = Field(description="entry: a first job; middle: on the way; target")
    aliases: list[str]
    named_in: list[str]
    summary: str | None
    best_for: str | None
    skills_to_build: list[str] | None = Field(description="null: unknown")
    credentials: list[str] | None = Field(description="Codes of /v1/credentials; null: unknown")
    education: str | None
    education_levels: list[str]
    soc_codes: list[PathOccupation]
    onet_code: str | None
    requirements: list[RequirementRead]
    statistics: list[str] = Field(description="Slugs of /v1/statistics the guide names")
    specialisations: list[str]
    filled: list[str]
    basis: str
    source: str


class FigureRead(BaseModel):
    """One official figure in short; all of it under `/v1/statistics/{slug}`."""

    slug: str = Field(examples=["oews_2025_05_11_9111_annual_median"])
    measure: Measure
    value: float | None = Field(description="null: withheld, or the value is text")
    value_text: str | None
    unit: str | None
    period: str | None
    horizon: str | None
    population: str
    evidence: Evidence


class OccupationFigures(PathOccupation):
    """An occupation of a path with its pay and outlook: median, percentiles, growth."""

    is_main: bool
    wages: list[FigureRead] = Field(description="From the survey of employers, newest edition")
    outlook: list[FigureRead] = Field(description="Projections, newest edition")
    url: str | None = Field(description="The occupation in full; null: not in the catalogue")


class WorkRead(BaseModel):
    """What is done in the occupation nearest to the role, as O*NET describes it."""

    onet_code: str
    title: str
    tasks: list[TaskRead] | None = Field(description="null: O*NET has published none")
    technology: list[TechnologyRead] | None = Field(
        description="What postings often ask for; null: O*NET has published none"
    )
    technology_total: int = Field(description="All that O*NET names, under `url`")
    related: list[RelatedRead] | None = Field(description="Nearest occupations first")
    attribution: str | None = Field(description="Words to show wherever this is shown")
    url: str


class RoleStepRead(BaseModel):
    """An edge of the graph: whoever held one role can come into another."""

    sending_role: str
    receiving_role: str
    reason: str
    experience: str | None = Field(description="What the source says of it; null: nothing")
    months: MonthsRead = Field(description="How long one stays before; null: nobody tells")
    related: RelatedRead | None = Field(
        description="How O*NET relates the two main occupations; null: not among the related, "
        "or the same occupation"
    )
    is_same_occupation: bool = Field(description="Both roles are counted in one occupation")
    evidence: Evidence


class PathAnswer(PathRead, Stamp):
    """One role: pay, outlook, work, and the ways to it.

    ``wages_and_outlook`` is on the main occupation, ``occupations`` on all.
    """

    wages_and_outlook: list[StatisticRead]
    occupations: list[OccupationFigures]
    work: WorkRead | None = Field(description="null: no occupation of the catalogue is near")
    comes_from: list[RoleStepRead] = Field(description="Roles that lead to it")
    leads_to: list[RoleStepRead] = Field(description="Roles it leads to")
    ways: list[list[str]] = Field(description="Every chain of roles from a first job to it")
    stated: list[StatisticRead] = Field(description="Figures the guide's source gives")
    conflicts: list[ConflictRead] = Field(description="Statements others contradict")
    pay: PayRead | None = Field(
        default=None,
        description="What `occupations` pay in the place asked for by `state` or `near`; null: "
        "none is asked for",
    )


class RoleQuery(PlaceQuery, BriefQuery):
    """Query string of GET /v1/advancement-paths/{slug}."""


class RoleGraph(Stamp):
    """All roles, first jobs included, and the steps between them."""

    roles: list[PathRead]
    steps: list[RoleStepRead]


Years = Annotated[float, Field(ge=0, le=60)]
Credits = Annotated[float, Field(ge=0, le=300)]


class PlanQuery(ReaderParams, BriefQuery):
    """What is held and what is aimed at; what is not told is not counted, and never a no."""

    target: Text = Field(
        description="Role of /v1/advancement-paths or credential of /v1/credentials; other names "
        "they go by are understood",
        examples=["cdi-specialist"],
    )
    credentials: list[Text] = Field(
        default_factory=list,
        max_length=30,
        description="Credentials held, by code or former name",
        examples=[["RHIT"]],
    )
    education: Education | None = Field(
        default=None,
        description="Highest education completed; what credentials show need not be told",
        examples=["certificate"],
    )
    education_field: Text | None = Field(
        default=None,
        max_length=200,
        description="Field of that education: a CIP code, its title, or words such as "
        "medical coding",
        examples=["51.0713"],
    )
    credits_earned: Credits | None = Field(
        default=None,
        description="Semester credits earned so far; how many count is the next school's affair, "
        "so lengths stay open between none and all",
        examples=[45],
    )
    credits_transferred: Credits | None = Field(
        default=None,
        description="Semester credits that the next school counts, if it has said so",
        examples=[30],
    )
    awards: list[AwardLevelFilter] = Field(
        default_factory=list,
        max_length=20,
        description="Awards held that `education` does not tell, such as a certificate",
        examples=[["certificate"]],
    )
    programs: list[Text] = Field(
        default_factory=list,
        max_length=10,
        description="Slugs of programs completed: what is known of their accreditation counts",
        examples=[["owens-community-college-510707-associate"]],
    )
    next_program: Text | None = Field(
        default=None,
        description="Slug of a program you mean to take: its own length and price then count",
        examples=["owens-community-college-510707-associate"],
    )
    roles: list[Text] = Field(
        default_factory=list,
        max_length=20,
        description="Roles held, today or before",
        examples=[["medical-coder"]],
    )
    experience_years: Years | None = Field(
        default=None, description="Years of health information work in all", examples=[2]
    )
    skills: list[Text] = Field(
        default_factory=list,
        max_length=60,
        description="Skills you have, of those the role asks for",
        examples=[["clinical indicators"]],
    )
    prefer: list[Text] = Field(
        default_factory=list,
        max_length=10,
        description="Credentials to plan for where a role takes one of several",
        examples=[["CCDS"]],
    )
    as_of: Day | None = Field(
        default=None,
        description="Day to judge age by; default today",
        examples=["2026-11-24"],
    )


class PlanRequest(PlanQuery):
    """The same in a body, with years in fields of work."""

    model_config = ConfigDict(
        extra="forbid",
        allow_inf_nan=False,
        json_schema_extra={
            "examples": [
                {
                    "target": "cdi-specialist",
                    "credentials": ["RHIT"],
                    "education": "associate",
                    "experience_years": 2,
                }
            ]
        },
    )

    experience_in: dict[str, Years] = Field(
        default_factory=dict,
        max_length=20,
        description="Field of work that an exam asks years of -> years in it",
        examples=[{"healthcare privacy or security management": 2}],
    )


class PlanMissing(BaseModel):
    """What nobody tells, what to ask and whom."""

    what: str = Field(description="months, cost, or what an exam or role asks for")
    reason: Sentence
    ask: Sentence | None
    whom: str | None


class PlanCost(BaseModel):
    """What a step, or the whole plan, costs as far as is known; null is unknown, never 0."""

    low_usd: float | None
    high_usd: float | None = Field(description="null: unknown, or open upward")
    is_complete: bool = Field(description="False: parts listed as missing come on top")


class PlanPrices(BaseModel):
    """What programs of the catalogue that a step may be cost in all, by what is known of each.

    Totals are those of the reader, by the low end of each, as the list of programs has them.
    """

    programs: int = Field(description="Programs listed, as under the `url` of the step")
    priced: int = Field(description="Of these, programs with a known total")
    low_usd: int = Field(description="A quarter of the priced programs cost less")
    high_usd: int = Field(description="A quarter of the priced programs cost more")
    for_whom: Sentence


class PlanCredits(BaseModel):
    """Semester credits brought into an award, as far as is known how many count."""

    needed: float | None = Field(description="Of the whole award; null: not known")
    counted_low: float
    counted_high: float


class ShownEducation(BaseModel):
    """Education that a credential held shows, so that no step asks for it again."""

    credential: str
    education: Education = Field(description="At least; see `accredited_by`")
    accredited_by: str | None = Field(description="Who accredits the program it takes")
    text: Sentence


class PlanStep(BaseModel):
    """One step; everything before it is done when it comes."""

    position: int
    kind: Kind
    key: str = Field(description="Credential, role, level of education or field of work")
    label: Sentence
    role: str | None = Field(description="Role it is for; null: the credential aimed at")
    credential: str | None = Field(description="Exam whose rules ask for it; null: the role does")
    route: str | None = Field(description="Route of that exam, or of this one")
    answer: Answer = Field(description="yes: allowed when it comes; unknown: ask before")
    reason: Sentence
    may_be_met: bool = Field(description="You did not tell: what it brings may be there already")
    award_level: str | None
    accredited_by: str | None
    program: str | None = Field(description="Slug of the program you mean to take")
    years: float | None = Field(description="Years of work there must be in the end")
    skills: list[str]
    months: MonthsRead
    credits: PlanCredits | None = Field(description="null: nothing to bring in, as far as is told")
    cost: PlanCost | None = Field(description="null: the step has no price of its own")
    cost_parts: list[CostLineRead]
    prices: PlanPrices | None = Field(
        description="Of programs that the step may be, where it names none; null: another kind of "
        "step, or too few are priced. No sum counts them"
    )
    missing: list[PlanMissing]
    assumptions: list[AssumptionRead]
    evidence: list[Evidence]
    url: str | None = Field(description="Where to read on")


class PlanOpen(BaseModel):
    """Something the role asks for that stays open at the end of the plan."""

    role: str
    kind: Kind
    text: Sentence
    reason: Sentence
    ask: Sentence | None
    whom: str | None


class PlanBlocker(BaseModel):
    """A requirement that no step can meet; `role` is null where the credential aimed at is."""

    role: str | None
    kind: Kind
    text: str
    reason: Sentence
    ask: str
    whom: str


class PlanOption(BaseModel):
    """A credential that a role on the way takes, and how its exam stands for you today."""

    role: str
    credential: str
    is_held: bool
    is_planned: bool
    answer: Answer = Field(
        description="Whether its exam is open to you: when its step comes if it is planned, else "
        "as you stand"
    )
    answer_today: Answer = Field(description="Whether its exam is open to you as you stand")
    reason: Sentence = Field(description="Of `answer`")
    what_would_change: list[WouldChange]
    url: str


TargetKind = TypeAliasType("TargetKind", Literal["role", "credential"])


class PlanRead(Stamp):
    """Ordered steps to the aim, each allowed when it comes, and all that is not known."""

    target: str
    target_kind: TargetKind
    target_label: str
    is_reachable: bool
    roles: list[str] = Field(description="Roles the plan goes through, a target last")
    shown: list[ShownEducation] = Field(
        description="What credentials held tell of your education; it is counted as told"
    )
    steps: list[PlanStep] = Field(description="Empty: nothing is missing, or something blocks")
    blocked_by: list[PlanBlocker]
    open: list[PlanOpen]
    options: list[PlanOption]
    months: MonthsRead = Field(description="Sum of what is known, one step after another")
    months_is_open: bool = Field(description="Steps of unknown length come on top")
    cost: PlanCost
    cost_text: Sentence | None = Field(
        description="`cost` with what it leaves out, in one sentence; null: nothing costs"
    )
    not_priced: list[Sentence] = Field(
        description="Steps whose price no source states; they come on top of `cost`"
    )
    missing: list[PlanMissing]
    assumptions: list[AssumptionRead]
    target_url: str
    note: str = N_(
        "Employers, schools and issuers decide. What is said of roles is no law: it is what "
        "official figures, the career guide and we give, each with its source."
    )
