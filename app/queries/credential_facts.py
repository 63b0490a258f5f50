"""What is claimed of credentials as a flat sheet: a row a fact, with how it stands."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from sqlmodel import Session

from app.domain.credentials.cells import DOMAIN_WEIGHT, FIELD_LABELS, figure_of
from app.domain.credentials.outlines import Domain
from app.domain.vocabulary import ValueStatus
from app.queries.credentials import (
    get_credential,
    get_issuer_rules,
    list_issuers,
    search_credentials,
)
from app.schemas.credentials import (
    CellRead,
    CredentialQuery,
    CredentialRead,
    FactRow,
    FactSheet,
    FactStanding,
    StatementRead,
)

OF_THE_STATEMENT = {
    *("value_text", "value_low", "value_high", "unit", "n", "sayer", "is_contradicted", "note"),
    *("in_force_from", "superseded_on", "seen_on"),
}
OF_THE_EVIDENCE = {"source", "source_url", "as_of", "basis", "as_stated", "stale"}
OF_THE_CELL = {"field", "label", "qualifier", "year", "remark", "question", "whom"}
NOBODY = dict.fromkeys(OF_THE_STATEMENT | OF_THE_EVIDENCE) | {
    "is_contradicted": False,
    "stale": False,
}
"""The part of a row where nobody tells."""


def get_fact_sheet(
    session: Session,
    code: str,
    today: date,
    fields: Collection[str] = (),
    standings: Collection[str] = (),
) -> FactSheet:
    """Return one credential, by any of its names, as a flat sheet as known on a day.

    ``fields`` and ``standings``: only rows of these; none means all.

    Raises:
        NotFoundError: No credential has, or had, this code or name.
    """
    read = get_credential(session, code, today)
    rows = [*_rows(read), *_shared_rows(read.issuer, read.issuer_rules)]
    return FactSheet(
        code=read.code,
        name=read.name,
        issuer=read.issuer,
        rows=[
            row
            for row in rows
            if (not fields or row.field in fields) and (not standings or row.status in standings)
        ],
        sources=read.sources,
        release=read.release,
        as_of=read.as_of,
    )


def list_rows(session: Session, today: date) -> Iterator[FactRow]:
    """Yield the rows of all credentials that are listed by code, then those of their issuers."""
    for item in search_credentials(session, CredentialQuery()).items:
        yield from _rows(get_credential(session, item.code, today))
    for issuer in list_issuers(session):
        yield from _shared_rows(issuer, get_issuer_rules(session, issuer, today))


def _rows(read: CredentialRead) -> Iterator[FactRow]:
    for cell in read.cells:
        yield from _rows_of(cell, read.code, read.name, read.issuer)


def _shared_rows(issuer: str, cells: Iterable[CellRead]) -> Iterator[FactRow]:
    for cell in cells:
        yield from _rows_of(cell, None, None, issuer)


def _rows_of(cell: CellRead, code: str | None, name: str | None, issuer: str) -> Iterator[FactRow]:
    """Yield the rows of a cell: what leads or that nobody tells, then what others say."""
    shared = {
        **cell.model_dump(include=OF_THE_CELL),
        "credential": code,
        "name": name,
        "issuer": issuer,
        "conflicts": sum(not said.is_contradicted for said in cell.conflicts),
    }
    if cell.current is None and cell.question is not None:
        yield FactRow(**shared, **NOBODY, status=FactStanding.UNKNOWN, is_leading=False)
    for standing, statements in (
        (FactStanding.LEADING, [cell.current] if cell.current else []),
        (FactStanding.AGREEING, cell.agreeing),
        (FactStanding.CONFLICTING, cell.conflicts),
        (FactStanding.SUPERSEDED, cell.history),
    ):
        for said in statements:
            row = FactRow(
                **shared,
                **said.model_dump(include=OF_THE_STATEMENT),
                **{name: getattr(said.evidence, name) for name in OF_THE_EVIDENCE},
                status=_standing(said, standing),
                is_leading=standing is FactStanding.LEADING,
            )
            yield row
            yield from _weights(said, row)


def _standing(said: StatementRead, among: FactStanding) -> FactStanding:
    if said.value_status == ValueStatus.NOT_PUBLISHED:
        return FactStanding.NOT_PUBLISHED
    is_wrong = said.is_contradicted and among is FactStanding.CONFLICTING
    return FactStanding.CONTRADICTED if is_wrong else among


def _weights(said: StatementRead, outline: FactRow) -> Iterator[FactRow]:
    """Yield a row for each domain of an outline that has a weight."""
    for domain in said.domains:
        if domain.low is not None:
            weight = figure_of(Domain(domain.name, domain.low, domain.high))
            yield outline.model_copy(
                update={
                    "field": DOMAIN_WEIGHT,
                    "label": str(FIELD_LABELS["domains"]),
                    "qualifier": domain.name,
                    "value_text": f"{weight} {said.unit}" if said.unit else weight,
                    "value_low": domain.low,
                    "value_high": domain.high,
                    "note": None,
                    "remark": None,
                    "question": None,
                    "whom": None,
                }
            )
