"""The codes that a search can ask for: of credentials by all their names, of fields, of schools."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.domain.text.names import Names
from app.store.credential_names import load_credential_names
from app.store.tables.classifications import Cip
from app.store.tables.institutions import Institution


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """What there is, also where no listed program has it."""

    credentials: Names
    cip_codes: frozenset[str]
    unitids: frozenset[int]


def load_known_codes(session: Session) -> KnownCodes:
    """Return the codes of credentials, fields of study with families and series, and schools."""
    unitids = session.exec(select(Institution.unitid).where(col(Institution.unitid).is_not(None)))
    return KnownCodes(
        credentials=load_credential_names(session),
        cip_codes=frozenset(session.exec(select(Cip.code))),
        unitids=frozenset(unitid for unitid in unitids if unitid is not None),
    )
