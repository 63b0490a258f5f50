"""Claims on credentials that editors wrote, and how claims of any file are recorded."""

from typing import Any

from pydantic import Field, TypeAdapter, field_validator, model_validator

from app.domain.credentials.cells import FIELD_LABELS, basis_of
from app.domain.evidence import to_span
from app.domain.vocabulary import Basis, SayerKind, ValueStatus
from app.errors import ImportFileError
from app.importers.authored.credentials import ISSUERS, own_importer, sayer_source
from app.importers.authored.entries import Authored, read_entries
from app.importers.job import Job
from app.queries.credentials import asserters_by_host, issuers_by_code, why_refused
from app.store.rows import Tally, reconcile_rows, upsert_source
from app.store.tables.credentials import CredentialClaim
from app.store.tables.sources import Source


class AuthoredClaim(Authored):
    """An entry of credential_claims.json."""

    credential: str
    field: str
    value_text: str = Field(min_length=1)
    value_low: float | None
    value_high: float | None
    unit: str | None
    qualifier: str | None
    year: int | None
    n: int | None
    as_of: str | None
    as_of_text: str | None
    source_kind: SayerKind
    source_host: str
    source_url: str = Field(pattern=r"^https?://")
    basis: Basis
    contradicted: bool
    superseded: bool = False
    superseded_on: str | None = None
    in_force_from: str | None = None
    value_status: ValueStatus = ValueStatus.REPORTED
    note: str | None

    @field_validator("field")
    @classmethod
    def _is_field(cls, field: str) -> str:
        if field not in FIELD_LABELS:
            raise ValueError(f"{field!r} is not a field of a credential")
        return field

    @field_validator("as_of", "superseded_on", "in_force_from")
    @classmethod
    def _is_date(cls, as_of: str | None) -> str | None:
        to_span(as_of)
        return as_of

    @model_validator(mode="after")
    def _basis_fits_sayer(self) -> "AuthoredClaim":
        if self.basis != basis_of(self.source_kind):
            raise ValueError(f"the basis {self.basis} does not fit the sayer {self.source_kind}")
        return self

    @model_validator(mode="after")
    def _history_never_leads(self) -> "AuthoredClaim":
        if (self.superseded and not self.contradicted) or (
            self.superseded_on is not None and not self.superseded
        ):
            raise ValueError("what is superseded is contradicted too, and only that has a last day")
        return self


CLAIMS = TypeAdapter(list[AuthoredClaim])


def import_claims(job: Job, source: Source) -> Tally:
    """Add or update the authored claims; hosts off the allow-list are refused one by one."""
    entries: list[AuthoredClaim] = read_entries(job.file, CLAIMS)
    renamed = {"credential", "source_kind", "source_host", "as_of_text", "contradicted"}
    renamed |= {"superseded"}
    claims = [
        {
            **entry.model_dump(mode="json", exclude=renamed),
            "credential_code": entry.credential,
            "sayer_kind": str(entry.source_kind),
            "as_stated": entry.as_of_text,
            "is_contradicted": entry.contradicted,
            "is_superseded": entry.superseded,
        }
        for entry in entries
    ]
    return record_claims(job, "credential_claims", claims)


def record_claims(job: Job, origin: str, claims: list[dict[str, Any]]) -> Tally:
    """Record claims whose page may speak of credentials; refuse the others with the reason."""
    hosts = asserters_by_host(job.session)
    issuers = issuers_by_code(job.session)
    accepted, reasons = [], []
    sources: dict[str, Source] = {}
    unknown = []
    for at, claim in enumerate(claims, start=1):
        code = claim["credential_code"]
        issuer = code.removeprefix("ALL-") if code.startswith("ALL-") else issuers.get(code)
        if issuer is None or (issuer not in ISSUERS and issuer not in issuers.values()):
            unknown.append(f"{job.file.path.name}, entry {at}: {code!r} is not a known credential.")
            continue
        sayer = SayerKind(claim["sayer_kind"])
        if why := why_refused(claim["source_url"], sayer, hosts):
            reasons.append(f"entry {at}, {code} {claim['field']}: {claim['source_url']} {why}")
        else:
            page = sayer_source(issuer, sayer)
            sources[page.key] = page
            accepted.append({**claim, "source": page.key})
    if unknown:
        raise ImportFileError(unknown)
    for page in sources.values():
        upsert_source(job.session, page)
    said = [tuple(claim[name] for name in CLAIM_COLUMNS) for claim in accepted]
    once = dict.fromkeys(said)
    tally = reconcile_rows(
        job.session, CredentialClaim, {"origin": origin}, CLAIM_COLUMNS, once, now=job.now
    )
    tally.rows_read, tally.refused, tally.reasons = len(claims), len(reasons), reasons
    return tally


OF_THE_RECORD = {"id", "origin", "recorded_at", "superseded_at"}
CLAIM_COLUMNS = tuple(name for name in CredentialClaim.model_fields if name not in OF_THE_RECORD)


IMPORTER = own_importer(
    "credential-claims", "credential_claims", "Claims on credentials (authored)", 66, import_claims
)
