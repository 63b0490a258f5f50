"""Credentials and what is claimed of them as tables: a row a credential, and a row a fact."""

from collections.abc import Iterable, Iterator

from app.exports.cells import to_line
from app.exports.release_tables import Item, Numbers, ReleaseTable, Source
from app.queries.credential_facts import list_rows
from app.queries.credentials import search_credentials
from app.schemas.credentials import CredentialItem, CredentialQuery, FactRow


def list_credentials(source: Source, _numbers: Numbers | None) -> Iterator[list[Item]]:
    """Yield the credentials that are listed, by code."""
    found = search_credentials(source.session, CredentialQuery()).items
    yield [item.model_dump(mode="json") for item in found]


def list_facts(source: Source, _numbers: Numbers | None) -> Iterator[list[Item]]:
    """Yield what is claimed of credentials and what nobody tells, as known on a day."""
    yield [row.model_dump(mode="json") for row in list_rows(source.session, source.day)]


CREDENTIALS = ReleaseTable(
    name="credentials",
    what="Credentials that are listed, as lists serve them.",
    model=CredentialItem,
    find=list_credentials,
    key=("code",),
)

FACTS = ReleaseTable(
    name="credential_facts",
    what="What is claimed of credentials, by whom, and what nobody tells: a row a fact.",
    model=FactRow,
    find=list_facts,
    links={"credential": ("credentials", "code")},
    sought=("credential", "field"),
    is_dated=True,
)
"""A row without a credential holds for all of its issuer's."""


def to_table(rows: Iterable[FactRow]) -> str:
    """Return facts as a table with a head."""
    head = to_line(column.name for column in FACTS.columns)
    return head + "".join(to_line(row.model_dump(mode="json").values()) for row in rows)
