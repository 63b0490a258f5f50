"""Credentials: the authored list, open questions and allowed hosts, and facts on accreditors."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from pydantic import Field, TypeAdapter, field_validator, model_validator

from app.domain.credentials.cells import FIELD_LABELS
from app.domain.vocabulary import (
    Basis,
    CredentialFocus,
    CredentialLevel,
    CredentialStatus,
    SayerKind,
)
from app.errors import ImportFileError
from app.importers.authored.entries import (
    OWN,
    Authored,
    authored_importer,
    read_entries,
    read_object,
)
from app.importers.job import Job
from app.importers.reading import Column, read_rows
from app.store.rows import Tally, upsert_rows, upsert_source
from app.store.tables.credentials import (
    AccreditorFact,
    Asserter,
    Credential,
    CredentialName,
    CredentialUnknown,
)
from app.store.tables.sources import Source

ISSUERS = {
    "AHIMA": "American Health Information Management Association",
    "AAPC": "AAPC",
    "HIMSS": "Healthcare Information and Management Systems Society",
    "NCRA": "National Cancer Registrars Association",
    "CCB": "Compliance Certification Board",
    "ACDIS": "Association of Clinical Documentation Integrity Specialists",
    "NHA": "National Healthcareer Association",
    "ISC2": "ISC2",
    "CAHIIM": "Commission on Accreditation for Health Informatics and Information Management "
    "Education",
}

FACTS_ONLY = "Facts only, in our own words; names are trademarks of their owners"


def sayer_source(issuer: str, kind: SayerKind) -> Source:
    """Return the source of claims on an issuer's credentials by one kind of sayer.

    An issuer that only a file of facts names is called as there.
    """
    match kind:
        case SayerKind.ISSUER | SayerKind.ISSUER_TEST_HOST:
            return Source(
                key=f"{issuer.lower()}-pages",
                title=f"Pages of {issuer}, some on its test hosts",
                publisher=ISSUERS.get(issuer, issuer),
                licence=FACTS_ONLY,
                basis=Basis.STATED_BY_ISSUER,
            )
        case SayerKind.COPY_OF_ISSUER:
            key, title = "copies-of-issuer-pages", "Copies of issuers' pages on other hosts"
        case SayerKind.THIRD_PARTY:
            key, title = "third-party-credential-pages", "Pages of third parties on credentials"
        case SayerKind.AGGREGATOR:
            key, title = "credential-aggregators", "Collections that name no source of their own"
    return Source(
        key=key,
        title=title,
        publisher="Several; each claim names its page",
        licence=FACTS_ONLY,
        basis=Basis.THIRD_PARTY,
    )


class OtherName(Authored):
    """Another code or name of a credential: a former one, or one that sites write."""

    code: str | None
    name: str | None
    until: str | None
    note: str | None


class AuthoredMixedUp(Authored):
    """Another credential that one is taken for."""

    name: str
    issuer: str
    code: str | None
    text: str


class AuthoredCredential(Authored):
    """An entry of credentials.json."""

    code: str = Field(pattern=r"^[A-Z]+(-[A-Z]+)*$")
    name: str
    issuer: str
    issuer_name: str
    issuer_url: str = Field(pattern=r"^https://")
    level: CredentialLevel
    focus: CredentialFocus
    summary: str
    status: CredentialStatus
    former_names: list[OtherName]
    spellings: list[str] = []
    apprentice_code: str | None
    replaces: list[str]
    related: list[str]
    mixed_up_with: list[AuthoredMixedUp] = []
    page_url: str | None

    @field_validator("issuer")
    @classmethod
    def _known(cls, issuer: str) -> str:
        if issuer not in ISSUERS:
            raise ValueError(f"{issuer!r} is not a known issuer")
        return issuer


class AuthoredUnknown(Authored):
    """An entry of credential_unknowns.json; the field of an accreditor is free."""

    credential: str
    field: str
    question: str
    whom: str

    @model_validator(mode="after")
    def _is_field(self) -> "AuthoredUnknown":
        if self.credential != "ALL-CAHIIM" and self.field not in FIELD_LABELS:
            raise ValueError(f"{self.field!r} is not a field of a credential")
        return self


CREDENTIALS = TypeAdapter(list[AuthoredCredential])
UNKNOWNS = TypeAdapter(list[AuthoredUnknown])


def import_credentials(job: Job, source: Source) -> Tally:
    """Add or update the list of credentials and their other names."""
    entries: list[AuthoredCredential] = read_entries(job.file, CREDENTIALS)
    rows = [
        {
            **entry.model_dump(mode="json", exclude={"former_names", "spellings"}),
            "source": source.key,
        }
        for entry in entries
    ]
    tally = job.upsert(Credential, ("code",), rows)
    names = _names(entries, source.key)
    tally.add(upsert_rows(job.session, CredentialName, ("name",), names))
    return tally


def _names(entries: Iterable[AuthoredCredential], source: str) -> Iterator[dict[str, Any]]:
    for entry in entries:
        shared = {"credential_code": entry.code, "source": source}
        for former in entry.former_names:
            for name, is_code in ((former.code, True), (former.name, False)):
                if name is not None and name != entry.name:
                    yield {
                        "name": name,
                        "relation": "former",
                        "is_code": is_code,
                        "until": former.until,
                        "note": former.note,
                        **shared,
                    }
        for spelling in entry.spellings:
            yield {
                "name": spelling,
                "relation": "spelling",
                "is_code": False,
                "until": None,
                "note": None,
                **shared,
            }
        if entry.apprentice_code:
            yield {
                "name": entry.apprentice_code,
                "relation": "apprentice",
                "is_code": True,
                "until": None,
                "note": f"Holders of {entry.code} whose experience is not yet proven.",
                **shared,
            }


def import_unknowns(job: Job, source: Source) -> Tally:
    """Add or update the open questions."""
    entries: list[AuthoredUnknown] = read_entries(job.file, UNKNOWNS)
    rows = [
        {
            **entry.model_dump(exclude={"credential"}),
            "credential_code": entry.credential,
            "source": source.key,
        }
        for entry in entries
    ]
    return job.upsert(CredentialUnknown, ("credential_code", "field"), rows)


def import_asserters(job: Job, source: Source) -> Tally:
    """Add or update the allow-list of hosts."""
    listed = read_object(job.file, ("matching", "ranks", "refused"))
    rows = [
        {
            "host": host,
            "rank": rank["rank"],
            "kind": rank["asserter"],
            "may_assert": rank["may_assert"],
            "is_refused": False,
            "source": source.key,
        }
        for rank in listed["ranks"]
        for host in rank["hosts"]
    ]
    rows += [
        {
            "host": host,
            "rank": None,
            "kind": "a host whose statements on credentials are refused",
            "may_assert": None,
            "is_refused": True,
            "source": source.key,
        }
        for host in listed["refused"]["hosts"]
    ]
    return job.upsert(Asserter, ("host",), rows)


ACCREDITOR_COLUMNS = (
    Column("body", "body"),
    Column("fact", "fact"),
    Column("value", "value"),
    Column("source_url", "source_url"),
    Column("note", "note"),
)


def import_accreditors(job: Job, source: Source) -> Tally:
    """Add or update facts on accrediting and approving bodies."""
    rows = []
    for row in read_rows(job.file, ACCREDITOR_COLUMNS, progress=job.progress):
        row.pop("line")
        body = str(row["body"])
        if body not in ISSUERS:
            raise ImportFileError([f"{job.file.path.name}: {body!r} is not a known body."])
        page = sayer_source(body, SayerKind.ISSUER)
        upsert_source(job.session, page)
        rows.append({**row, "note": row["note"] or None, "source": page.key})
    return job.upsert(AccreditorFact, ("body", "fact", "value"), rows)


own_importer = partial(authored_importer, source=OWN)

ASSERTERS = own_importer(
    "asserters", "asserters", "Hosts that may speak of credentials (authored)", 63, import_asserters
)
CREDENTIALS_IMPORTER = own_importer(
    "credentials", "credentials", "Credentials and their names (authored)", 64, import_credentials
)
UNKNOWNS_IMPORTER = own_importer(
    "credential-unknowns",
    "credential_unknowns",
    "Open questions on credentials (authored)",
    68,
    import_unknowns,
)
ACCREDITORS = own_importer(
    "accreditor-facts",
    "accreditor_facts",
    "Public facts on accreditors",
    69,
    import_accreditors,
    suffix="csv",
)
