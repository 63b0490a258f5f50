"""Credentials, what is claimed about them, the rules that open them, and who may speak of them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.domain.vocabulary import CredentialFocus, CredentialLevel, CredentialStatus, SayerKind
from app.store.tables.fields import (
    EvidenceColumns,
    JsonColumn,
    SortableText,
    evidence_checks,
    one_of,
)


class Credential(SQLModel, table=True):
    """What a third party certifies."""

    __tablename__ = "credential"

    code: str = Field(primary_key=True, sa_type=SortableText)
    name: str
    issuer: str = Field(index=True)
    issuer_name: str
    issuer_url: str
    level: str
    focus: str
    summary: str
    status: str
    apprentice_code: str | None = None
    replaces: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    related: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    mixed_up_with: list[dict[str, str | None]] = Field(
        default_factory=list, sa_type=JsonColumn, sa_column_kwargs={"server_default": "[]"}
    )
    retired_at: datetime | None = None
    page_url: str | None = None
    source: str = Field(foreign_key="source.key")

    __table_args__ = (
        one_of("level", CredentialLevel),
        one_of("focus", CredentialFocus),
        one_of("status", CredentialStatus),
    )


class CredentialName(SQLModel, table=True):
    """Another code or name of a credential; ``relation`` former, spelling or apprentice."""

    __tablename__ = "credential_name"

    name: str = Field(primary_key=True)
    credential_code: str = Field(foreign_key="credential.code", index=True)
    relation: str
    is_code: bool
    until: str | None = None
    note: str | None = None
    source: str = Field(foreign_key="source.key")

    __table_args__ = (one_of("relation", ["former", "spelling", "apprentice"]),)


class CredentialClaim(EvidenceColumns, table=True):
    """One cell as one sayer gives it.

    ``credential_code`` is a code, or ALL-AHIMA, ALL-AAPC for rules of all an issuer's exams. A
    contradicted claim is kept to be shown, and never leads; one that is also superseded was true
    once, until ``superseded_on`` where that is known. ``in_force_from`` is the day from which a
    rule or an outline holds. ``origin`` is the file.
    """

    __tablename__ = "credential_claim"

    id: int | None = Field(default=None, primary_key=True)
    credential_code: str = Field(index=True)
    field: str
    qualifier: str | None = None
    value_text: str
    value_low: float | None = None
    value_high: float | None = None
    unit: str | None = None
    year: int | None = None
    n: int | None = None
    sayer_kind: str
    is_contradicted: bool = False
    is_superseded: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    superseded_on: str | None = None
    in_force_from: str | None = None
    origin: str
    recorded_at: datetime
    superseded_at: datetime | None = None

    __table_args__ = (one_of("sayer_kind", SayerKind), *evidence_checks())


class CredentialRule(SQLModel, table=True):
    """Rules as data: ``eligibility`` of a credential, ``renewal`` of an issuer, and the like."""

    __tablename__ = "credential_rule"

    kind: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    position: int = 0
    rules: dict[str, Any] = Field(sa_type=JsonColumn)
    source: str = Field(foreign_key="source.key")


class CredentialUnknown(SQLModel, table=True):
    """A cell nobody on the allow-list fills, with the question that would."""

    __tablename__ = "credential_unknown"

    credential_code: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    question: str
    whom: str
    source: str = Field(foreign_key="source.key")


class Asserter(SQLModel, table=True):
    """A host whose pages may, or may not, be evidence on credentials."""

    __tablename__ = "asserter"

    host: str = Field(primary_key=True)
    rank: int | None = None
    kind: str
    may_assert: str | None = None
    is_refused: bool = False
    source: str = Field(foreign_key="source.key")

    __table_args__ = (sa.CheckConstraint("is_refused = (rank IS NULL)", name="ranked_or_refused"),)


class AccreditorFact(SQLModel, table=True):
    """A fact on an accreditor or approving body, with the page that states it."""

    __tablename__ = "accreditor_fact"

    id: int | None = Field(default=None, primary_key=True)
    body: str
    fact: str
    value: str
    source_url: str
    note: str | None = None
    source: str = Field(foreign_key="source.key")
