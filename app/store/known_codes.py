"""What a search can ask for by name or code: credentials by all names, fields, schools, paths."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import Session, col, select

from app.domain.text.names import Names
from app.store.credential_names import load_credential_names
from app.store.tables.advancement import AdvancementPath
from app.store.tables.classifications import Cip
from app.store.tables.credentials import Credential
from app.store.tables.institutions import Institution


class KnownSchool(NamedTuple):
    """How a school is called, and where it is."""

    name: str
    city: str | None
    state: str

    @property
    def place(self) -> str:
        """City and state as people write them."""
        return ", ".join(part for part in (self.city, self.state) if part)


class Titled(NamedTuple):
    """A name with a sentence on what has it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """What there is, also where no listed program has it.

    ``cip_codes`` have their titles, families and series among them; ``schools`` go by unitid.
    """

    credentials: Names
    credential_titles: Mapping[str, Titled]
    cip_codes: Mapping[str, str]
    schools: Mapping[int, KnownSchool]
    paths: Mapping[str, Titled]


def load_known_codes(session: Session) -> KnownCodes:
    """Return what there is in the catalogue of a session."""
    schools = select(Institution.unitid, Institution.name, Institution.city, Institution.state)
    credentials = select(Credential.code, Credential.name, Credential.summary)
    paths = select(AdvancementPath.slug, AdvancementPath.label, AdvancementPath.summary)
    offered = col(AdvancementPath.retired_at).is_(None)
    return KnownCodes(
        credentials=load_credential_names(session),
        credential_titles={code: Titled(*told) for code, *told in session.exec(credentials)},
        cip_codes=dict(session.exec(select(Cip.code, Cip.title)).all()),
        schools={
            unitid: KnownSchool(*told)
            for unitid, *told in session.exec(schools.where(col(Institution.unitid).is_not(None)))
            if unitid is not None
        },
        paths={slug: Titled(*told) for slug, *told in session.exec(paths.where(offered))},
    )
