"""Credentials and what is claimed of them as tables: a row a credential, and a row a fact."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from app.exports.programs import to_line
from app.queries.credential_facts import list_rows
from app.queries.credentials import search_credentials
from app.schemas.credentials import CredentialItem, CredentialQuery, FactRow

Row = Mapping[str, Any]

CREDENTIALS = tuple(CredentialItem.model_fields)
"""Columns of the table of credentials: the fields of a list item."""

FACTS = tuple(FactRow.model_fields)
"""Columns of the table of facts; one without a credential holds for all of the issuer's."""


def list_credentials(session: Session, _today: date) -> Iterator[Row]:
    """Yield the credentials that are listed, by code."""
    for item in search_credentials(session, CredentialQuery()).items:
        yield item.model_dump(mode="json")


def list_facts(session: Session, today: date) -> Iterator[Row]:
    """Yield what is claimed of credentials and what nobody tells, as known on a day."""
    for row in list_rows(session, today):
        yield row.model_dump(mode="json")


def to_table(rows: Iterable[FactRow]) -> str:
    """Return facts as a table with a head."""
    lines = (to_line(row.model_dump(mode="json").values()) for row in rows)
    return f"{','.join(FACTS)}\r\n{''.join(lines)}"
