"""What renewing credentials takes, over the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, TypeAdapter
from typing_extensions import TypeAliasType

from app.domain.credentials.renewal import Applies, RenewalRules
from app.domain.vocabulary import CredentialStatus
from app.schemas.briefs import BriefQuery
from app.schemas.messages import Sentence
from app.schemas.pages import Day, Evidence, IsoDate, Stamp, Text

RENEWAL_RULES = TypeAdapter(RenewalRules)
"""Reads and checks what the rules of an issuer say of renewal."""

ACROSS_ISSUERS = "across_issuers"
"""Subject of the one rule on renewal that is of no issuer."""

Code = Annotated[Text, Field(min_length=1, max_length=100)]


class HeldCredential(BaseModel):
    """A credential held, with the day its exam was passed."""

    model_config = ConfigDict(extra="forbid")

    code: Code = Field(description="Code in any case, or a former name", examples=["RHIT"])
    certified_on: IsoDate | None = Field(
        default=None,
        ge=date(1930, 1, 1),
        le=date(2100, 1, 1),
        description="Day the exam was passed; without it no cycle is dated",
        examples=["2025-03-10"],
    )


def _form(value: object) -> str:
    return "plain" if isinstance(value, str) else "dated"


class RenewalRequest(BriefQuery):
    """The credentials held; nothing is stored."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"credentials": ["CCS", "CCS-P"]},
                {"credentials": [{"code": "RHIT", "certified_on": "2025-03-10"}, "CPC", "CTR"]},
            ]
        },
    )

    credentials: list[
        Annotated[
            Annotated[Code, Tag("plain")] | Annotated[HeldCredential, Tag("dated")],
            Discriminator(_form),
        ]
    ] = Field(
        min_length=1,
        max_length=40,
        description="Codes in any case or former names, or objects with the day of the exam",
    )
    as_of: Day | None = Field(
        default=None,
        description="Day to plan for and to judge age by; default today",
    )


class RenewedCredential(BaseModel):
    """A credential of the plan."""

    code: str = Field(examples=["RHIT"])
    name: str
    status: CredentialStatus
    certified_on: date | None
    claims_url: str = Field(description="Every claim on it, conflicting ones too")


class DuplicateRead(BaseModel):
    """A credential that was named more than once; it counts once."""

    code: str
    asked_as: list[str]


class ReplacedRead(BaseModel):
    """A credential that is not kept up any more, because another one is held."""

    code: str
    because_of: str
    text: str
    evidence: list[Evidence]


class RuleStep(BaseModel):
    """One rule that was applied, in order, and the units after it."""

    rule: str = Field(description="replaced, base, further, cap or by_count", examples=["further"])
    text: Sentence
    units: int | None = Field(description="Units after this rule; null: it changes none")
    evidence: list[Evidence]


class RenewalCycle(BaseModel):
    """The cycle: its length, and from when to when as far as a rule and a date tell."""

    months: int | None = Field(description="null: unknown")
    number: int | None = Field(description="The first cycle is 1; null: not dated")
    starts_on: date | None
    ends_on: date | None = Field(
        description="The next cycle starts on this day, so earn the units before it"
    )
    ends_each: str | None = Field(
        description="Month and day on which cycles end, where only that is known",
        examples=["12-31"],
    )
    apply_from: date | None
    grace_until: date | None
    is_shared: bool | None = Field(
        description="Whether several credentials of the issuer are renewed in one cycle; "
        "null: unknown"
    )
    rule: str = Field(description="What the issuer says of the cycle")
    reason: Sentence = Field(description="How the dates were found, or why there are none")
    question: str | None = Field(description="What to ask the issuer; null: the cycle is dated")
    evidence: list[Evidence]


Bound = TypeAliasType("Bound", Literal["at_least", "at_most"])


class PortionRead(BaseModel):
    """A part of the units that must, or may at most, be of one kind."""

    key: str = Field(examples=["issuer"])
    bound: Bound
    of: str
    units: int | None = Field(description="null: the whole is unknown")
    percent: int | None = Field(description="Share of the whole; null: a number of units")
    applies: Applies = Field(description="unknown: the cycle began before the rule did")
    text: str
    question: str | None
    evidence: list[Evidence]


Payer = TypeAliasType("Payer", Literal["member", "non_member", "everybody"])


PaidFor = TypeAliasType("PaidFor", Literal["renewal", "membership"])


PaidPer = TypeAliasType("PaidPer", Literal["cycle", "year"])


class RenewalFee(BaseModel):
    """What the credentials of the plan cost to renew."""

    who: Payer
    covers: PaidFor
    per: PaidPer
    usd: float | None = Field(description="null: a part is unknown and comes on top")
    at_least_usd: float
    text: str
    evidence: list[Evidence]


class RemarkRead(BaseModel):
    """Another rule in force on the day."""

    text: str
    evidence: list[Evidence]


class RivalRead(BaseModel):
    """A claim on the units that is shown and not applied."""

    text: str
    why: Sentence
    evidence: list[Evidence]


class RenewalGap(BaseModel):
    """What nobody who was read tells, and whom to ask."""

    field: str = Field(examples=["renewal_fee"])
    question: Sentence
    whom: str


class RenewalLine(BaseModel):
    """The plan for all credentials of one issuer."""

    issuer: str = Field(examples=["AHIMA"])
    issuer_name: str
    credentials: list[RenewedCredential]
    replaced: list[ReplacedRead]
    units: int | None = Field(description="Units a cycle; null: unknown, which is not 0")
    at_least: int = Field(description="What is known of the units; the same where all is known")
    stale: bool = Field(description="A rule that decided is past its shelf life: verify first")
    path: list[RuleStep] = Field(description="The rules applied, in order")
    cycle: RenewalCycle | None = Field(description="null: no rule of this issuer was read")
    portions: list[PortionRead]
    fees: list[RenewalFee]
    remarks: list[RemarkRead]
    conflicts: list[RivalRead]
    unknown: list[RenewalGap]


class YearlyPartRead(BaseModel):
    """A known part of the yearly sum."""

    issuer: str
    covers: PaidFor
    usd: float
    stale: bool


class YearlyGapRead(BaseModel):
    """A part of the yearly sum that nobody tells; it comes on top, and is never 0."""

    issuer: str
    field: str = Field(examples=["membership_fee"])
    reason: Sentence
    ask: Sentence
    whom: str


Membership = TypeAliasType("Membership", Literal["member", "non_member"])


class YearlyFeesRead(BaseModel):
    """What renewing costs a year over all issuers, as far as it is known."""

    who: Membership = Field(description="Of the issuers where that makes a difference")
    known_usd: float | None = Field(description="Sum of `parts`; null: none is known")
    is_complete: bool = Field(description="False: what is in `missing` comes on top")
    parts: list[YearlyPartRead]
    missing: list[YearlyGapRead]


class RenewalPlanRead(Stamp):
    """One line an issuer; units are never added over issuers, for their cycles differ."""

    lines: list[RenewalLine]
    duplicates: list[DuplicateRead]
    fees_per_year: list[YearlyFeesRead]
    note: str = (
        "One line an issuer; units of different issuers are not added, for cycles differ. Rules "
        "past their shelf life are shown and marked: verify with the issuer."
    )
