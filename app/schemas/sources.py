"""Sources over the wire."""

from pydantic import BaseModel, ConfigDict, Field


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
    basis: str
    row_count: int | None = Field(description="Rows of the source kept in the catalogue")
