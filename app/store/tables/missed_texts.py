"""Texts that searches found nothing for."""

from datetime import date

from sqlmodel import Field, SQLModel

from app.store.tables.fields import SortableText


class MissedText(SQLModel, table=True):
    """How often a text, in folded words, found nothing on a day (UTC); of who typed it nothing."""

    __tablename__ = "missed_text"

    text: str = Field(primary_key=True, sa_type=SortableText)
    day: date = Field(primary_key=True)
    times: int
