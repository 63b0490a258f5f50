"""What was read on pages of schools or answered by schools, until an editor decides on it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.store.tables.fields import JsonColumn, SortableText, one_of

ORIGINS = ["page", "school", "reader"]
STATES = ["open", "accepted", "declined", "gone"]


class PageVisit(SQLModel, table=True):
    """An address that was opened last for a program at a moment, and what came of it.

    ``outcome`` is "read", "unchanged", or the code of a ``NotFetchedError``; ``sha256`` that of the
    bytes read last; ``links`` where it led on, as words and address. ``checked_at``: when the facts
    that rest on it were last looked for in it. Of visits before there were programs to them,
    ``program_id`` is None.
    """

    __tablename__ = "page_visit"

    id: int | None = Field(default=None, primary_key=True)
    program_id: int | None = Field(default=None, foreign_key="program.id")
    url: str = Field(sa_type=SortableText)
    visited_at: datetime
    outcome: str
    reason: str | None = None
    """Why it was not read, in a sentence."""
    title: str | None = None
    as_of: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    links: list[list[str]] | None = Field(default=None, sa_type=JsonColumn)
    checked_at: datetime | None = None

    __table_args__ = (
        sa.UniqueConstraint("program_id", "url", name="uq_page_visit_program_id_url"),
    )


class ProgramReading(SQLModel, table=True):
    """When the pages of a program were last read to the end, and what came of it.

    ``pages`` were opened, of them ``refused`` could not be read; ``facts`` were stated, of them
    ``new`` were not known. ``kinds`` are the kinds of pages found.
    """

    __tablename__ = "program_reading"

    program_id: int = Field(foreign_key="program.id", primary_key=True)
    read_at: datetime
    pages: int
    refused: int
    facts: int
    new: int
    kinds: list[str] = Field(default_factory=list, sa_type=JsonColumn)


class FoundFact(SQLModel, table=True):
    """A fact that a page seems to state, or a school has answered, for an editor to decide on.

    ``collection`` and ``record`` are what a proposed change would create. ``digest`` is equal for
    what says the same in the same words of the same program, so that a declined one does not come
    back. A fact whose page says it no longer is "gone" unless it was decided on before.
    """

    __tablename__ = "found_fact"

    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="program.id", index=True)
    collection: str
    record: dict[str, Any] = Field(sa_type=JsonColumn)
    digest: str = Field(unique=True)
    origin: str = Field(default="page")
    link_id: int | None = Field(default=None, foreign_key="answer_link.id", index=True)
    sentence: str
    headings: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    url: str | None = Field(default=None, sa_type=SortableText, index=True)
    sha256: str | None = None
    rule: str
    confidence: float
    found_at: datetime
    seen_at: datetime
    state: str = Field(default="open", index=True)
    reason: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    edit_id: int | None = Field(default=None, foreign_key="draft_edit.id")

    __table_args__ = (one_of("origin", ORIGINS), one_of("state", STATES))


class PageReview(SQLModel, table=True):
    """A page behind current facts that an editor is to look at: gone, moved, or saying otherwise.

    ``lost`` are the facts whose words it has no more, as kind and what was stated. Decided once an
    editor closes it, or the page says so again.
    """

    __tablename__ = "page_review"

    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="program.id", index=True)
    url: str = Field(sa_type=SortableText)
    outcome: str
    url_now: str | None = None
    lost: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    found_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None

    __table_args__ = (one_of("outcome", ["changed", "moved", "gone"]),)


class AnswerLink(SQLModel, table=True):
    """An address under which one school answers the open questions of one program.

    Only a hash of its secret part is kept. It works until ``expires_on``, unless it is revoked.
    """

    __tablename__ = "answer_link"

    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="program.id", index=True)
    secret_sha256: str = Field(unique=True)
    made_by: str
    made_at: datetime
    expires_on: datetime
    revoked_at: datetime | None = None
    opened_at: datetime | None = None
    answered_at: datetime | None = None
    contact: str | None = Field(default=None, sa_type=sa.Text)
    """Whom to ask back; never published."""
