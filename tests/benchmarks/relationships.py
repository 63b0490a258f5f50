"""FastAPI and SQLModel as their tutorials read a record through relationships, lazily.

It answers all that ours holds on a program, from the same tables: the school, the claims of every
kind on both, the source of each, and the completions.
"""

import os
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from sqlalchemy import JSON
from sqlmodel import Field, Relationship, Session, SQLModel, col, create_engine, select

engine = create_engine(
    f"sqlite:///{os.environ['CATALOGUE']}", connect_args={"check_same_thread": False}
)
app = FastAPI()


class Source(SQLModel, table=True):
    """Where facts come from."""

    key: str = Field(primary_key=True)
    title: str
    publisher: str
    licence: str
    edition: str | None
    url: str | None


class Claim(SQLModel):
    """What claims of all kinds carry."""

    source_url: str | None
    as_of: str | None
    basis: str
    as_stated: str | None
    note: str | None
    value_status: str


class Stored(SQLModel):
    """How a claim is found."""

    id: int = Field(primary_key=True)
    program_id: int | None = Field(foreign_key="program.id")
    institution_id: int | None = Field(foreign_key="institution.id")
    source: str = Field(foreign_key="source.key")


class Accreditation(Claim):
    """An accreditor's decision."""

    scope: str
    accreditor: str
    status: str
    award_level: str | None
    campus: str | None
    through_year: int | None
    next_review: str | None
    began_on: str | None
    ended_on: str | None


class AccreditationClaim(Accreditation, Stored, table=True):
    __tablename__ = "accreditation_claim"
    told_by: Source = Relationship()


class AccreditationPublic(Accreditation):
    told_by: Source


class Cost(Claim):
    """A price."""

    component: str
    amount_low_cents: int | None
    amount_high_cents: int | None
    unit: str | None
    unit_as_stated: str | None
    residency: str | None
    student_level: str | None
    applies_to: str | None
    label: str | None
    contains: list[str] = Field(sa_type=JSON)
    contained_in: str | None
    is_institution_wide: bool


class CostClaim(Cost, Stored, table=True):
    __tablename__ = "cost_claim"
    told_by: Source = Relationship()


class CostPublic(Cost):
    told_by: Source


class Transfer(Claim):
    """What is said about credits."""

    kind: str
    is_offered: bool | None
    sending_program: str | None
    receiving_institution: str | None
    receiving_program: str | None
    credits_max: float | None


class TransferClaim(Transfer, Stored, table=True):
    __tablename__ = "transfer_claim"
    told_by: Source = Relationship()


class TransferPublic(Transfer):
    told_by: Source


class Practicum(Claim):
    """Practical training."""

    availability: str | None
    hours_low: float | None
    hours_high: float | None
    format: str | None
    is_site_arranged: bool | None
    components: list[dict[str, Any]] = Field(sa_type=JSON)


class PracticumClaim(Practicum, Stored, table=True):
    __tablename__ = "practicum_claim"
    told_by: Source = Relationship()


class PracticumPublic(Practicum):
    told_by: Source


class Topic(Claim):
    """A topic of the curriculum."""

    topic: str
    is_covered: bool


class TopicClaim(Topic, Stored, table=True):
    __tablename__ = "topic_claim"
    told_by: Source = Relationship()


class TopicPublic(Topic):
    told_by: Source


class Preparation(Claim):
    """A credential that a program prepares for."""

    credential_code: str


class PreparationClaim(Preparation, Stored, table=True):
    __tablename__ = "preparation_claim"
    told_by: Source = Relationship()


class PreparationPublic(Preparation):
    told_by: Source


class Outcome(Claim):
    """A measured result."""

    metric: str
    value: float | None
    unit: str
    credential_code: str | None
    cohort: str | None


class OutcomeClaim(Outcome, Stored, table=True):
    __tablename__ = "outcome_claim"
    told_by: Source = Relationship()


class OutcomePublic(Outcome):
    told_by: Source


class Offering(Claim):
    """How a program is offered."""

    delivery: list[str] = Field(sa_type=JSON)
    credits: float | None
    credit_unit: str | None
    months_low: float | None
    months_high: float | None
    enrollment_status: str | None
    campuses: list[str] = Field(sa_type=JSON)
    joint_with: str | None


class OfferingClaim(Offering, Stored, table=True):
    __tablename__ = "offering_claim"
    told_by: Source = Relationship()


class OfferingPublic(Offering):
    told_by: Source


class Service(Claim):
    """A service or mode of study."""

    service: str
    is_offered: bool


class ServiceClaim(Service, Stored, table=True):
    __tablename__ = "service_claim"
    told_by: Source = Relationship()


class ServicePublic(Service):
    told_by: Source


class School(SQLModel):
    """What its directory says of a school."""

    slug: str
    unitid: int | None
    opeid: str | None
    name: str
    aliases: list[str] = Field(sa_type=JSON)
    address: str | None
    city: str | None
    state: str
    zip_code: str | None
    latitude: float | None
    longitude: float | None
    control: str | None
    level: str | None
    website: str | None
    admissions_url: str | None
    financial_aid_url: str | None
    net_price_url: str | None
    is_active: bool | None
    closed_on: str | None


class Institution(School, table=True):
    id: int = Field(primary_key=True)
    accreditations: list[AccreditationClaim] = Relationship()
    costs: list[CostClaim] = Relationship()
    transfer: list[TransferClaim] = Relationship()
    practicum: list[PracticumClaim] = Relationship()
    topics: list[TopicClaim] = Relationship()
    preparation: list[PreparationClaim] = Relationship()
    outcomes: list[OutcomeClaim] = Relationship()
    offerings: list[OfferingClaim] = Relationship()
    services: list[ServiceClaim] = Relationship()


class CompletionBase(SQLModel):
    """Awards conferred in a year."""

    academic_year: str = Field(primary_key=True)
    count: int


class Completion(CompletionBase, table=True):
    program_id: int = Field(primary_key=True, foreign_key="program.id")
    source: str = Field(foreign_key="source.key")
    told_by: Source = Relationship()


class CompletionPublic(CompletionBase):
    told_by: Source


class ProgramBase(SQLModel):
    """What is known of a program itself."""

    slug: str
    name: str
    cip_code: str | None
    award_level: str | None
    award_as_stated: str | None
    campus: str | None
    url: str | None


class Program(ProgramBase, table=True):
    id: int = Field(primary_key=True)
    institution_id: int = Field(foreign_key="institution.id")
    institution: Institution = Relationship()
    completions: list[Completion] = Relationship()
    accreditations: list[AccreditationClaim] = Relationship()
    costs: list[CostClaim] = Relationship()
    transfer: list[TransferClaim] = Relationship()
    practicum: list[PracticumClaim] = Relationship()
    topics: list[TopicClaim] = Relationship()
    preparation: list[PreparationClaim] = Relationship()
    outcomes: list[OutcomeClaim] = Relationship()
    offerings: list[OfferingClaim] = Relationship()
    services: list[ServiceClaim] = Relationship()


class ClaimsPublic(SQLModel):
    """All claims on a program or on a school."""

    accreditations: list[AccreditationPublic]
    costs: list[CostPublic]
    transfer: list[TransferPublic]
    practicum: list[PracticumPublic]
    topics: list[TopicPublic]
    preparation: list[PreparationPublic]
    outcomes: list[OutcomePublic]
    offerings: list[OfferingPublic]
    services: list[ServicePublic]


class SchoolPublic(School, ClaimsPublic):
    """A school with its claims."""


class ProgramPublic(ProgramBase, ClaimsPublic):
    """A program with its claims, its school and its completions."""

    institution: SchoolPublic
    completions: list[CompletionPublic]


def get_session() -> Iterator[Session]:
    """Open a session for a request."""
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def find_program(session: Session, slug: str) -> Program:
    """Return a program, or answer 404."""
    program = session.exec(select(Program).where(Program.slug == slug)).first()
    if program is None:
        raise HTTPException(404)
    return program


@app.get("/programs/{slug}", response_model=ProgramPublic)
def get_program(session: SessionDep, slug: str) -> Program:
    return find_program(session, slug)


@app.get("/compare", response_model=list[ProgramPublic])
def compare(session: SessionDep, slug: Annotated[list[str], Query()]) -> list[Program]:
    return list(session.exec(select(Program).where(col(Program.slug).in_(slug))).all())


PAGE = Environment(autoescape=True).from_string(
    """<!doctype html>
<html lang="en"><head><title>{{ program.name }}</title></head><body>
<h1>{{ program.name }}</h1>
{% set school = program.institution %}
<p>{{ school.name }}, {{ school.city }}, {{ school.state }}</p>
<h2>Completions</h2>
<ul>{% for row in program.completions %}
<li>{{ row.academic_year }}: {{ row.count }}</li>
{% endfor %}</ul>
{% for owner in (program, school) %}{% for kind in kinds %}
<h2>{{ kind }}</h2>
{% for claim in owner[kind] %}<dl>
{% for name, value in claim.items() if name != "told_by" %}
<dt>{{ name }}</dt><dd>{{ value }}</dd>
{% endfor %}
<dt>source</dt>
<dd><a href="{{ claim.source_url or claim.told_by.url }}">{{ claim.told_by.title }}</a></dd>
</dl>{% endfor %}
{% endfor %}{% endfor %}
</body></html>
"""
)


@app.get("/pages/{slug}", response_class=HTMLResponse)
def show_program(session: SessionDep, slug: str) -> str:
    record = ProgramPublic.model_validate(find_program(session, slug)).model_dump()
    return PAGE.render(program=record, kinds=ClaimsPublic.model_fields)
