"""What can be taken away whole, over the wire."""

from datetime import datetime

from pydantic import BaseModel, Field


class ExportFile(BaseModel):
    """A whole collection as a file of the release."""

    name: str = Field(examples=["programs.csv"])
    collection: str = Field(
        description="What is in it; the same in every form", examples=["programs"]
    )
    form: str = Field(
        description="csv, ndjson, jsonld, parquet, xlsx, or db: a database of SQLite",
        examples=["csv"],
    )
    url: str
    sha256_url: str = Field(description="Its hash as `sha256sum --check` reads it")
    schema_url: str | None = Field(
        description="Shape of a line of it as NDJSON, as JSON Schema; null: it has no lines"
    )
    media_type: str
    description: str
    takes_filters: bool = Field(description="Whether the filters of its list narrow it")
    changed_at: datetime = Field(description="When it last changed")
    size_bytes: int | None = Field(description="Unpacked; null: the file is not made yet")
    rows: int | None = Field(description="null: the file is not made yet")
    sha256: str | None = Field(description="Of the file unpacked; null: it is not made yet")


class ExportList(BaseModel):
    """Every file of the newest release."""

    release: int = Field(description="Published state of the catalogue", examples=[1])
    published_at: datetime
    items: list[ExportFile]
