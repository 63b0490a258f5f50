"""Credentials over the wire: every cell a claim."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field

from app.domain.credentials.cells import DOMAIN_WEIGHT, FIELD_LABELS
from app.domain.messages import N_
from app.domain.vocabulary import (
    CredentialFocus,
    CredentialLevel,
    CredentialStatus,
    ValueStatus,
)
from app.schemas.areas import PayRead, PlaceDayQuery
from app.schemas.briefs import VIEW_TOLD
from app.schemas.messages import Sentence
from app.schemas.pages import DayQuery, Evidence, PartParams, QueryModel, Stamp, Text
from app.schemas.programs import Beyond, ListedProgram, SearchPage, beyond


class CredentialItem(BaseModel):
    """A credential in a list."""

    code: str = Field(examples=["RHIT"])
    name: str
    issuer: str = Field(examples=["AHIMA"])
    issuer_name: str
    issuer_url: str
    level: CredentialLevel
    focus: CredentialFocus
    summary: str
    status: CredentialStatus
    former_names: list[str]
    page_url: str | None


class DomainRead(BaseModel):
    """A domain of an exam's outline and its weight, in the unit of the statement."""

    name: str = Field(examples=["Revenue Cycle Management"])
    low: float | None = Field(description="null: the weight is not told")
    high: float | None


class StatementRead(BaseModel):
    """What one sayer states of a cell."""

    value_text: str
    value_low: float | None
    value_high: float | None
    unit: str | None
    n: int | None = Field(description="How many the figure is about")
    sayer: str = Field(description="issuer, issuer_test_host, copy_of_issuer, third_party, …")
    is_contradicted: bool = Field(description="Contradicted or replaced; shown, never leads")
    is_superseded: bool = Field(description="It was true once; what replaced it leads")
    superseded_on: str | None = Field(
        description="Day, month or year from which it holds no more; null: not known",
        examples=["2023-10-01"],
    )
    in_force_from: str | None = Field(
        description="Day from which the rule or the outline holds; null: not told",
        examples=["2023-10-01"],
    )
    value_status: ValueStatus = Field(description="not_published: that the issuer tells none")
    seen_on: str | None = Field(
        description="Day or month in which the page was read, where its file tells it",
        examples=["2026-11"],
    )
    domains: list[DomainRead] = Field(
        description="Of an outline of the exam: its domains; several outlines are several "
        "statements, told apart by `in_force_from` and `as_of`"
    )
    note: str | None
    evidence: Evidence


class CellRead(BaseModel):
    """One cell: the leading statement, those that agree and those that conflict."""

    field: str = Field(examples=["exam_fee"])
    label: str
    qualifier: str | None = Field(examples=["member"])
    year: int | None = Field(description="Year the figure is about")
    current: StatementRead | None = Field(
        description="null: unknown, or, without a `question`, only history is left of it"
    )
    agreeing: list[StatementRead]
    conflicts: list[StatementRead]
    history: list[StatementRead] = Field(description="What held before: no disagreement of today")
    remark: Sentence | None = Field(
        description="What to know where sayers differ: the issuer's own figure is older, or both "
        "figures; null: they agree"
    )
    question: Sentence | None = Field(
        description="What to ask: the cell is unknown, or what is said of it leaves this open"
    )
    whom: str | None


class FactRead(BaseModel):
    """What leads in one cell, without who else says what."""

    text: str
    low: float | None
    high: float | None
    unit: str | None
    n: int | None = Field(description="How many the figure is about")
    as_of: str | None
    stale: bool
    source: str
    source_url: str | None
    is_disputed: bool = Field(description="Sayers differ; see `remark` of the cell")


class RouteRead(BaseModel):
    """One way to become eligible: all its conditions must hold."""

    route: str
    text: str
    all_of: list[dict[str, Any]] = Field(description="Conditions as data; each has a kind")
    decides: bool = Field(description="False: a conflicting claim that settles nothing")
    conflicting: bool
    note: str | None
    sayer: str
    evidence: Evidence
    agreeing: list[Evidence] = Field(description="Others who state the same route")


class ApprenticeRule(BaseModel):
    """The mark of holders without experience, and what removes it."""

    code: str = Field(examples=["CPC-A"])
    removed_by: list[str] = Field(description="Any one of these")
    credits: list[dict[str, Any]] = Field(description="What counts as experience, as data")
    evidence: Evidence


class DecisionLine(BaseModel):
    """A line of the order in which it is decided whether a program's graduates may sit."""

    line: int = Field(description="Its number from 1, as `rule` of /v1/eligibility names it")
    answer: str
    text: Sentence
    answer_instead: str | None = Field(description="Credential to ask about instead")


class EligibilityRules(BaseModel):
    """Any one of the routes opens the exam."""

    said: Sentence = Field(description="Who may sit the exam, or that nobody tells")
    any_of: list[RouteRead]
    decision_order: list[DecisionLine] = Field(
        default_factory=list,
        description="The first line that a program matches answers; empty: its routes are weighed",
    )
    is_closed: bool = Field(description="The exam is not offered to anybody any more")
    is_unknown: bool = Field(description="No route is known that decides")
    question: str | None
    early_testing: str | None
    never: list[str] = Field(description="What does not open it, however often it is said")
    advice: list[str] = Field(description="Advised, never required")
    documents: list[str] = Field(description="What must be handed in")
    apprentice: ApprenticeRule | None = Field(description="null: there is no apprentice form")
    note: str | None


class OtherName(BaseModel):
    """Another code or name of the credential."""

    name: str
    relation: str = Field(description="former or apprentice")
    until: str | None
    note: str | None


class MixedUp(BaseModel):
    """Another credential that this one is taken for."""

    name: str = Field(examples=["Certified in Healthcare Privacy and Security"])
    issuer: str = Field(examples=["AHIMA"])
    code: str | None = Field(description="In this catalogue; null: it is not in it")
    text: Sentence = Field(description="How they are told apart")


class CredentialRead(CredentialItem, Stamp):
    """Everything claimed about one credential."""

    resolved_from: str | None = Field(description="The other name it was asked by")
    is_apprentice: bool = Field(description="Asked by the code of its apprentice form")
    other_names: list[OtherName]
    replaces: list[str]
    related: list[str]
    mixed_up_with: list[MixedUp] = Field(
        description="Others of the same letters, or of nearly the same name, by another issuer"
    )
    cells: list[CellRead]
    facts: dict[str, FactRead | None] = Field(
        description="`cells` flat: field, qualifier and year -> what leads; null: unknown",
        examples=[{"exam_fee.member": None}],
    )
    page_note: Sentence | None = Field(description="Why there is no `page_url`; null: there is")
    issuer_rules: list[CellRead] = Field(description="Rules of all the issuer's exams")
    eligibility: EligibilityRules | None
    programs_url: str
    pay: PayRead | None = Field(
        default=None,
        description="What the occupations of the roles that name the credential pay in the place "
        "asked for by `state` or `near`; null: none is asked for",
    )
    verify: str = N_("Fees and rules move: verify with the issuer before relying on them.")


MIN_CREDENTIALS, MAX_CREDENTIALS = 2, 6


class CredentialComparisonQuery(PlaceDayQuery):
    """Query string of GET /v1/credentials/comparison."""

    credential: list[Text] = Field(
        description="Codes or names of 2 to 6 different credentials; repeat the parameter",
        examples=[["RHIT", "CCS", "CPC"]],
        json_schema_extra={
            "minItems": MIN_CREDENTIALS,
            "maxItems": MAX_CREDENTIALS,
            "uniqueItems": True,
        },
    )


class ComparedCredential(CredentialItem):
    """One credential of a comparison: what stands in no cell."""

    eligibility: EligibilityRules | None = Field(
        description="Who may sit the exam; null: nobody tells"
    )
    programs: int = Field(description="Listed programs that say they prepare for it")
    programs_url: str
    pay: PayRead = Field(
        description="What the occupations of the roles that name it pay in the whole country, and "
        "in the place asked for by `state`, `near` or `home_state`"
    )


class CredentialRow(BaseModel):
    """One field of all credentials compared."""

    field: str = Field(examples=["exam_fee"])
    label: Sentence
    values: list[list[CellRead]] = Field(
        description="Of each credential, in their order, the cells that lead: its own, else the "
        "rules of its issuer for all exams; an empty list, or a cell whose `current` is null: not "
        "known"
    )


class CredentialComparison(Stamp):
    """Credentials side by side."""

    credentials: list[ComparedCredential]
    rows: list[CredentialRow]
    verify: str = "Fees and rules move: verify with the issuer before relying on them."


class FactStanding(StrEnum):
    """How a statement stands among those on the same question."""

    LEADING = "leading"
    AGREEING = "agreeing"
    CONFLICTING = "conflicting"
    CONTRADICTED = "contradicted"
    SUPERSEDED = "superseded"
    NOT_PUBLISHED = "not_published"
    UNKNOWN = "unknown"


class FactRow(BaseModel):
    """One fact as a row: what somebody states, or that nobody tells."""

    credential: str | None = Field(
        description="null: it holds for all of the issuer's", examples=["RHIT"]
    )
    name: str | None
    issuer: str = Field(examples=["AHIMA"])
    field: str = Field(examples=["exam_fee"])
    label: str
    qualifier: str | None = Field(
        description="For whom or of which part; of `domain_weight` the domain", examples=["member"]
    )
    year: int | None
    value_text: str | None = Field(description="null: nobody tells")
    value_low: float | None
    value_high: float | None
    unit: str | None
    n: int | None
    sayer: str | None
    is_contradicted: bool
    note: str | None
    source: str | None
    source_url: str | None
    as_of: str | None
    basis: str | None
    as_stated: str | None
    status: FactStanding
    is_leading: bool
    stale: bool
    in_force_from: str | None
    superseded_on: str | None
    seen_on: str | None = Field(description="Day or month in which the page was read")
    conflicts: int = Field(description="Statements of today that say otherwise")
    remark: Sentence | None
    question: Sentence | None = Field(description="What to ask where it is open")
    whom: str | None


class FactSheet(Stamp):
    """One credential as a flat sheet: a row a fact, then the rules of all its issuer's exams."""

    code: str = Field(examples=["RHIT"])
    name: str
    issuer: str
    rows: list[FactRow]


FactField = StrEnum(  # type: ignore[misc]
    "FactField", {name.upper(): name for name in (*FIELD_LABELS, DOMAIN_WEIGHT)}
)
"""Fields of a fact sheet."""


class View(StrEnum):
    """Another shape of a record."""

    FACTS = "facts"
    BRIEF = "brief"


class FactsQuery(DayQuery):
    """Query string of GET /v1/credentials/{code}/facts."""

    field: list[FactField] = Field(
        default_factory=list,
        description="Of the flat sheet the rows of these fields only",
        examples=[["exam_fee", "renewal_fee"]],
    )
    standing: list[FactStanding] = Field(
        default_factory=list,
        description="Of the flat sheet the rows that stand so only",
        examples=[["leading", "unknown"]],
    )


class CredentialDayQuery(PlaceDayQuery, FactsQuery):
    """Query string of GET /v1/credentials/{code}."""

    view: View | None = Field(
        default=None,
        description="facts: the flat sheet of /v1/credentials/{code}/facts, as JSON or, by "
        "`Accept: text/csv`, as a table. " + VIEW_TOLD.format(shape="BriefRead"),
        examples=["facts"],
    )


class CredentialQuery(QueryModel):
    """What credentials to list; repeat a parameter to mean any of its values."""

    q: Text | None = Field(
        default=None, min_length=2, description="Words in code or name", examples=["coding"]
    )
    issuer: list[Text] = Field(
        default_factory=list,
        max_length=20,
        description="Issuer, by initials or name",
        examples=[["AHIMA"]],
    )
    level: list[CredentialLevel] = Field(
        default_factory=list, description="For whom it is meant", examples=[["entry"]]
    )
    focus: list[CredentialFocus] = Field(
        default_factory=list, description="What it certifies", examples=[["coding"]]
    )
    status: list[CredentialStatus] = Field(
        default_factory=list, description="Whether it is offered", examples=[["offered"]]
    )


class CredentialListQuery(CredentialQuery, PartParams):
    """Query string of GET /v1/credentials."""


class CredentialProgram(BaseModel):
    """A program that says it prepares for the credential, and who says so."""

    program: ListedProgram
    evidence: list[Evidence]


class CredentialProgramsBeyond(Beyond):
    """Programs that meet the rest of `q`."""

    items: list[CredentialProgram] = Field(description="The first of them")


class CredentialProgramPage(SearchPage[CredentialProgram]):
    """A page of programs that say they prepare for a credential."""

    beyond: CredentialProgramsBeyond | None = beyond()
