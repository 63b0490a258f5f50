"""Sources over the wire."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field


class Freshness(BaseModel):
    """How a source stands in the row of editions that its publisher brings out."""

    publication: str = Field(
        description="What it is an edition of; `hit-compare refresh --only` takes the same key",
        examples=["ipeds-directory"],
    )
    is_newest: bool = Field(description="Whether the catalogue has no newer edition of it")
    looked_for_at: datetime | None = Field(
        description="When the publisher was last asked for a newer one; null: never from here"
    )
    looked_for: str | None = Field(
        description="What was found then; null: never asked",
        examples=["HD2026.zip is not out yet."],
    )
    published_edition: str | None = Field(
        description="Newest edition that the publisher had then", examples=["2025"]
    )
    next_edition: str | None = Field(
        description="The edition that follows the newest of the catalogue; null: it bears no name "
        "beforehand, or none follows",
        examples=["2025"],
    )
    next_due_on: date | None = Field(
        description="Last day by which that is usually out, by what earlier ones did; null: none "
        "follows",
        examples=["2026-09-30"],
    )
    is_overdue: bool = Field(description="Whether that day is past")
    page: str = Field(description="Where it is published")


class SourceRead(BaseModel):
    """One edition of one publication that facts are drawn from."""

    model_config = ConfigDict(from_attributes=True)

    key: str = Field(examples=["ipeds-hd2024"])
    title: str
    publisher: str
    licence: str
    attribution: str | None = Field(description="Words to show when the data is used")
    edition: str | None
    url: str | None
    retrieved_on: str | None
    is_revised: bool | None = Field(
        default=None, description="Whether its file is a revised release; null: nothing tells"
    )
    basis: str
    row_count: int | None = Field(description="Rows of the source kept in the catalogue")
    age_days: int | None = Field(
        default=None,
        description="Age of the edition in days; an academic year counts from its end. Null: the "
        "source bears no date",
    )
    freshness: Freshness | None = Field(
        default=None,
        description="How it stands among the editions of its publisher; null: it does not come "
        "out in editions, as what is read on pages",
    )
