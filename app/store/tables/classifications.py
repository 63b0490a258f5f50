"""Codes of other people's lists: fields of study (CIP) and where they lead (SOC)."""

from sqlmodel import Field, SQLModel

from app.store.tables.fields import SortableText


class Cip(SQLModel, table=True):
    """A CIP 2020 family ("51"), series ("51.07") or code ("51.0707")."""

    __tablename__ = "cip"

    code: str = Field(primary_key=True, sa_type=SortableText)
    title: str
    source: str = Field(foreign_key="source.key")


class CipSoc(SQLModel, table=True):
    """A field of study that prepares for an occupation, by the federal crosswalk.

    Neither code has to be in a table of its own: the crosswalk covers every occupation.
    """

    __tablename__ = "cip_soc"

    cip_code: str = Field(primary_key=True, sa_type=SortableText)
    soc_code: str = Field(primary_key=True, sa_type=SortableText, index=True)
    soc_title: str
    source: str = Field(foreign_key="source.key")
