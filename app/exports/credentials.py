"""Credentials and what is claimed of them as tables: a row a credential, and a row a claim."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session, col, select

from app.domain.credentials.cells import FIELD_LABELS
from app.exports.programs import quoted, to_cell
from app.queries.credentials import ISSUER_WIDE, search_credentials
from app.schemas.credentials import CredentialItem, CredentialQuery
from app.store.tables.credentials import Credential, CredentialClaim

Row = Mapping[str, Any]

CREDENTIALS = tuple(CredentialItem.model_fields)
"""Columns of the table of credentials: the fields of a list item."""

FACTS = (
    *("credential", "name", "issuer", "field", "label", "qualifier", "year"),
    *("value_text", "value_low", "value_high", "unit", "n", "sayer", "is_contradicted", "note"),
    *("source", "source_url", "as_of", "basis", "as_stated"),
)
"""Columns of the table of claims; a claim without a credential holds for all of the issuer's."""


def list_credentials(session: Session) -> Iterator[Row]:
    """Yield the credentials that are listed, by code."""
    for item in search_credentials(session, CredentialQuery()).items:
        yield item.model_dump(mode="json")


def list_facts(session: Session) -> Iterator[Row]:
    """Yield the claims on credentials that are not superseded, by credential and field."""
    known = {one.code: one for one in session.exec(select(Credential))}
    claims = session.exec(
        select(CredentialClaim)
        .where(col(CredentialClaim.superseded_at).is_(None))
        .order_by(
            col(CredentialClaim.credential_code),
            col(CredentialClaim.field),
            col(CredentialClaim.id),
        )
    )
    for claim in claims:
        code = claim.credential_code
        credential = known.get(code)
        told = {
            **claim.model_dump(include=set(FACTS)),
            "credential": code if credential else None,
            "name": credential.name if credential else None,
            "issuer": credential.issuer if credential else code.removeprefix(ISSUER_WIDE),
            "label": str(FIELD_LABELS[claim.field]),
            "sayer": claim.sayer_kind,
        }
        yield {column: told[column] for column in FACTS}


def to_line(row: Row) -> str:
    """Return a row as a line of a table; an empty cell is unknown."""
    return f"{','.join(quoted(to_cell(value)) for value in row.values())}\r\n"
