"""Who may sit an exam, over the wire."""

from pydantic import BaseModel, Field

from app.domain.accreditors import Coverage
from app.domain.credentials.eligibility import AccreditationState, Answer, AwardFit, Education
from app.domain.messages import N_
from app.schemas.briefs import BriefQuery
from app.schemas.credentials import RouteRead
from app.schemas.messages import Sentence
from app.schemas.pages import DayQuery, Evidence, Stamp, Text


class EligibilityQuery(DayQuery, BriefQuery):
    """Query string of GET /v1/eligibility; what is not told is unknown, never a no."""

    credential: Text = Field(
        max_length=100,
        description="Code in any case, or a former name",
        examples=["RHIT"],
    )
    program: Text | None = Field(
        default=None,
        description="Slug of the program that was completed or is meant to be",
        examples=["sinclair-community-college-510707-associate"],
    )
    education: Education | None = Field(
        default=None,
        description="Highest education completed; that of the program's graduates is known",
        examples=["high_school"],
    )
    holds: list[Text] = Field(
        default_factory=list,
        max_length=20,
        description="Credentials held; repeat the parameter",
        examples=[["RHIT"]],
    )
    experience_years: float | None = Field(
        default=None,
        ge=0,
        le=60,
        description="Years in the field that a route asks for",
        examples=[2],
    )


class ConditionAnswer(BaseModel):
    """One condition of a route."""

    kind: str = Field(examples=["completed_program"])
    answer: Answer
    text: Sentence


class RouteAnswerRead(RouteRead):
    """One route with its answer: all its conditions must hold."""

    answer: Answer
    conditions: list[ConditionAnswer]


class StandingRead(BaseModel):
    """The program as the decision order sees it, with the claim it rests on."""

    accreditation: AccreditationState
    status: str | None = Field(description="As the leading claim gives it; null: no claim")
    award_level: str | None
    award_fits: AwardFit
    covers: Coverage
    evidence: list[Evidence]


class WouldChange(BaseModel):
    """What would change the answer; `whom` to ask where a question is open."""

    text: Sentence
    whom: str | None


class InsteadRead(BaseModel):
    """Another credential whose routes name the program's award, and the answer for it."""

    credential: str
    answer: Answer
    reason: Sentence


class EligibilityRead(Stamp):
    """Whether the exam is open, the rule that decided, and what would change it."""

    credential: str
    credential_name: str
    program: str | None
    program_name: str | None
    institution: str | None
    answer: Answer
    rule: str = Field(
        description="What decided: a line of the decision order, a route, or what ended it",
        examples=["decision 4"],
    )
    rule_text: Sentence = Field(description="That line or route as the rules of the exam have it")
    rule_url: str = Field(description="Where all lines and routes stand, with their sources")
    reason: Sentence
    standing: StandingRead | None = Field(description="null where no decision order is used")
    routes: list[RouteAnswerRead]
    what_would_change: list[WouldChange]
    answer_instead: InsteadRead | None
    early_testing: str | None
    never: list[str] = Field(description="What does not open it, however often it is said")
    advice: list[str] = Field(description="Advised, never required")
    documents: list[str]
    claims_url: str = Field(description="Every claim on the exam, conflicting ones too")
    note: str = N_("Only the issuer decides: verify before paying for a program or an exam.")
