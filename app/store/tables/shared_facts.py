"""What many programs share, as one document."""

from sqlalchemy import Text
from sqlmodel import Field, SQLModel


class SharedFactsRow(SQLModel, table=True):
    """The one row of this table, made anew with the summaries of programs.

    ``doc`` is what ``app.queries.shared_facts`` encodes and decodes, as JSON text.
    """

    __tablename__ = "shared_facts"

    id: int = Field(default=1, primary_key=True)
    doc: str = Field(sa_type=Text)
