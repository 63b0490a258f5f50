"""Published states of the catalogue, numbered from 1."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel


class Release(SQLModel, table=True):
    """One published state.

    ``scored_on`` is the day the stored scores stand for; they hold until the day before
    ``scores_change_on``, when the next claim passes its shelf life (None: never).
    """

    __tablename__ = "release"

    number: int = Field(primary_key=True)
    published_at: datetime
    note: str
    scored_on: date
    scores_change_on: date | None = None
