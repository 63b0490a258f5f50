"""The current claims on a program or a school as one document, ready to be decoded."""

from sqlalchemy import Text
from sqlmodel import Field, SQLModel


class ProgramFactsRow(SQLModel, table=True):
    """The claims on a program, without those on its school; no row where there are none.

    ``doc`` is what ``app.store.facts`` encodes and decodes, as JSON text.
    """

    __tablename__ = "program_facts"

    program_id: int = Field(foreign_key="program.id", primary_key=True)
    doc: str = Field(sa_type=Text)


class InstitutionFactsRow(SQLModel, table=True):
    """The same of the claims on a school."""

    __tablename__ = "institution_facts"

    institution_id: int = Field(foreign_key="institution.id", primary_key=True)
    doc: str = Field(sa_type=Text)
