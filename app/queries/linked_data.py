"""What linked data draw on: whole records, one or all, and what they refer to by name."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from sqlmodel import Session, col, select

from app.queries import institutions
from app.queries.credentials import get_credential
from app.queries.details import get_details
from app.queries.dossiers import BY_ID, evidence_of, load_dossiers
from app.queries.kept import kept
from app.queries.shared_facts import load_shared_facts
from app.schemas.credentials import CredentialRead
from app.schemas.details import ProgramRead
from app.schemas.institutions import InstitutionRead
from app.schemas.linked_data import OccupationRef, References
from app.search.index import index_of
from app.store.tables.classifications import CipSoc
from app.store.tables.credentials import Credential, CredentialName
from app.store.tables.institutions import Institution
from app.store.tables.sources import Source

RECORDS_A_BATCH = 200

NO_OCCUPATION = "99-9999"
"""Stands in the crosswalk where a field of study leads to no occupation."""


@kept()
def load_references(session: Session, today: date) -> References:
    """Return publishers, names of credentials and the crosswalk: some hundred short texts."""
    codes = {code: code for code in session.exec(select(Credential.code))}
    names = session.exec(select(CredentialName.name, CredentialName.credential_code))
    shared, _ = load_shared_facts(session)
    occupations: dict[str, list[OccupationRef]] = {}
    for row in session.exec(select(CipSoc).order_by(col(CipSoc.cip_code), col(CipSoc.soc_code))):
        if row.soc_code != NO_OCCUPATION:
            occupations.setdefault(row.cip_code, []).append(
                OccupationRef(
                    soc_code=row.soc_code,
                    title=row.soc_title,
                    evidence=evidence_of(shared, row.source, None, today),
                )
            )
    return References(
        publishers=dict(session.exec(select(Source.key, Source.publisher)).all()),
        credentials={name: code for name, code in names} | codes,
        occupations=occupations,
    )


def every_program(session: Session, numbers: Iterable[int], today: date) -> Iterator[ProgramRead]:
    """Yield listed programs by their numbers in the index, a batch in memory."""
    index, wanted = index_of(session), iter(numbers)
    while ids := [index.programs[number] for number in islice(wanted, RECORDS_A_BATCH)]:
        found = load_dossiers(session, BY_ID, ids, today)
        dossiers = {dossier.program.id: dossier for dossier in found}
        yield from (get_details(dossiers[key]) for key in ids)


def every_institution(
    session: Session, places: Iterable[int] | None, today: date
) -> Iterator[InstitutionRead]:
    """Yield schools with a listed program by name: those at some places, all for None."""
    listed = institutions.list_ids(session)
    wanted = iter(listed if places is None else [listed[place] for place in places])
    while ids := list(islice(wanted, RECORDS_A_BATCH)):
        rows = session.exec(select(Institution).where(col(Institution.id).in_(ids)))
        schools = {school.id: school for school in rows}
        yield from institutions.read_institutions(session, [schools[key] for key in ids], today)


def every_credential(session: Session, today: date) -> Iterator[CredentialRead]:
    """Yield every listed credential, by code."""
    listed = select(Credential.code).where(col(Credential.retired_at).is_(None))
    for code in session.exec(listed.order_by(col(Credential.code))).all():
        yield get_credential(session, code, today)
