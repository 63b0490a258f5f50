"""Claims on credentials: the authored ones, and the file of public facts."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import Field, TypeAdapter, field_validator, model_validator
from sqlmodel import Session, col, select

from app.domain.credentials.cells import BY_YEAR, FIELD_LABELS, basis_of, words_of
from app.domain.evidence import to_span
from app.domain.vocabulary import Basis, SayerKind
from app.errors import ImportFileError
from app.importers.authored.credentials import ISSUERS, own_importer, sayer_source
from app.importers.authored.entries import Authored, read_entries
from app.importers.job import Job
from app.importers.reading import Column, read_rows
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
    note: str | None

    @field_validator("field")
    @classmethod
    def _is_field(cls, field: str) -> str:
        if field not in FIELD_LABELS:
            raise ValueError(f"{field!r} is not a field of a credential")
        return field

    @field_validator("as_of")
    @classmethod
    def _is_date(cls, as_of: str | None) -> str | None:
        to_span(as_of)
        return as_of

    @model_validator(mode="after")
    def _basis_fits_sayer(self) -> "AuthoredClaim":
        if self.basis != basis_of(self.source_kind):
            raise ValueError(f"the basis {self.basis} does not fit the sayer {self.source_kind}")
        return self


CLAIMS = TypeAdapter(list[AuthoredClaim])


def import_claims(job: Job, source: Source) -> Tally:
    """Add or update the authored claims; hosts off the allow-list are refused one by one."""
    entries: list[AuthoredClaim] = read_entries(job.file, CLAIMS)
    renamed = {"credential", "source_kind", "source_host", "as_of_text", "contradicted"}
    claims = [
        {
            **entry.model_dump(mode="json", exclude=renamed),
            "credential_code": entry.credential,
            "sayer_kind": str(entry.source_kind),
            "as_stated": entry.as_of_text,
            "is_contradicted": entry.contradicted,
            "value_status": "reported",
        }
        for entry in entries
    ]
    return _record(job, "credential_claims", claims)


def _record(job: Job, origin: str, claims: list[dict[str, Any]]) -> Tally:
    """Record claims whose page may speak of credentials; refuse the others with the reason."""
    hosts = asserters_by_host(job.session)
    issuers = issuers_by_code(job.session)
    accepted, reasons = [], []
    sources: dict[str, Source] = {}
    unknown = []
    for at, claim in enumerate(claims, start=1):
        code = claim["credential_code"]
        issuer = code.removeprefix("ALL-") if code.startswith("ALL-") else issuers.get(code)
        if issuer not in ISSUERS:
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


SAYERS = {  # source_kind of the facts file -> who speaks
    "issuer page": SayerKind.ISSUER,
    "issuer test host": SayerKind.ISSUER_TEST_HOST,
    "copy of issuer page": SayerKind.COPY_OF_ISSUER,
    "third party": SayerKind.THIRD_PARTY,
}

FACT_COLUMNS = (
    Column("credential_code", "credential_code"),
    Column("issuer", "issuer"),
    Column("fact", "fact"),
    Column("value", "value"),
    Column("unit", "unit"),
    Column("as_of", "as_of"),
    Column("source_kind", "sayer", lambda text: SAYERS[text.strip()]),
    Column("source_url", "source_url"),
    Column("note", "note"),
)

FACT_FIELDS = {  # fact of the file -> field, qualifier, unit
    "eligibility": ("eligibility", None, None),
    "early_testing": ("early_testing", None, None),
    "exam_minutes": ("exam_minutes", None, "minutes"),
    "exam_questions": ("exam_items", None, "items"),
    "passing_score": ("pass_mark", None, None),
    "ceu_per_cycle": ("ceu_per_cycle", None, "units"),
    "first_time_pass_rate": ("first_time_pass_rate", None, "percent"),
    "first_time_testers": ("first_time_testers", None, "persons"),
    "exam_price_member": ("exam_fee", "member", "USD"),
    "exam_price_non_member": ("exam_fee", "non_member", "USD"),
    "exam_price": ("exam_fee", None, "USD"),
    "certified_count": ("certified_count", None, "persons"),
    "schedule_window": ("schedule_window_days", None, "days"),
    "retest_wait_days": ("retest_wait_days", None, "days"),
    "eligibility_window": ("schedule_window_days", None, "days"),
    "transcript_rule": ("transcript_rule", None, None),
    "recertification_fee_non_member": ("renewal_fee", "non_member", "USD"),
    "ceu_multiple_credentials": ("ceu_multiple_credentials", None, "units"),
    "ceu_domain_share": ("ceu_domain_share", None, "percent"),
    "ceu_source_share": ("ceu_source_share", None, "percent"),
    "apprentice_status": ("apprentice_status", None, None),
}


def parse_loose_date(text: str) -> str | None:
    """Return the latest year or date that words give: "about 2020-2021" -> "2021".

    The year before a bound ("before 2024" -> "2023"). None where they give none ("undated").
    """
    bare = text.strip()
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", bare):
        return bare
    if bound := _bound_of(bare):
        return str(bound - 1)
    dates: list[str] = re.findall(r"\d{4}-\d\d-\d\d", bare)
    if dates:
        return max(dates)
    years: list[str] = re.findall(r"\b(?:19|20)\d\d\b", bare)
    return max(years) if years else None


def _bound_of(text: str) -> int | None:
    """Return the year that a page is older than, where only that is known."""
    match = re.match(r"before (\d{4})\b", text.strip())
    return int(match[1]) if match else None


def _date_by_page(session: Session, claims: Iterable[dict[str, Any]]) -> None:
    """Give claims of which only a bound is known the date that others give to the same page."""
    dated = select(CredentialClaim.source_url, CredentialClaim.as_of).where(
        col(CredentialClaim.as_of).is_not(None), CredentialClaim.origin == "credential_claims"
    )
    dates: dict[str, set[str]] = {}
    for url, as_of in session.exec(dated):
        dates.setdefault(str(url), set()).add(str(as_of))
    for claim in claims:
        bound = _bound_of(claim["as_stated"] or "")
        older = [d for d in dates.get(claim["source_url"], ()) if bound and int(d[:4]) < bound]
        if older:
            claim["as_of"] = max(older)


def _restate(claims: Sequence[dict[str, Any]]) -> None:
    """Let a figure that was restated lead; what was first published is history."""
    restated = {
        (claim["credential_code"], claim["field"], claim["year"])
        for claim in claims
        if claim["qualifier"] == "restated"
    }
    for claim in claims:
        key = claim["credential_code"], claim["field"], claim["year"]
        if key in restated and claim["qualifier"] in {"first_published", "restated"}:
            claim["is_contradicted"] = claim["qualifier"] == "first_published"
            claim["qualifier"] = None


def import_facts(job: Job, source: Source) -> Tally:
    """Add or update the public credential facts, with compound values split."""
    claims = []
    for row in read_rows(job.file, FACT_COLUMNS, progress=job.progress):
        fact = str(row["fact"])
        if fact not in FACT_FIELDS:
            raise ImportFileError(
                [
                    f"{job.file.path.name}, line {row['line']}, column fact: {fact!r} is not a "
                    f"known fact; they are {', '.join(FACT_FIELDS)}."
                ]
            )
        claims += _to_claims(row, *FACT_FIELDS[fact])
    _restate(claims)
    _date_by_page(job.session, claims)
    return _record(job, "credential_facts", claims)


def _to_claims(
    row: dict[str, Any], field: str, qualifier: str | None, unit: str | None
) -> list[dict[str, Any]]:
    value, sayer = str(row["value"]), row["sayer"]
    # a figure is dated by the year it is about; the page that gives it bears none
    year = re.match(r"\d{4}", str(row["as_of"])) if field in BY_YEAR else None
    if edition := re.search(r"\((first published|restated)\)", str(row["as_of"])):
        qualifier = edition[1].replace(" ", "_")
    tester_count = re.search(r"([\d,]+) first-time testers", str(row["note"])) or re.match(
        r"(\d+) tested", value
    )
    shared = {
        "credential_code": str(row["credential_code"]),
        "field": field,
        "unit": unit or ("points" if "scale" in value else str(row["unit"]) or None),
        "year": int(year[0]) if year else None,
        "n": int(tester_count[1].replace(",", "")) if tester_count else None,
        "sayer_kind": str(sayer),
        "is_contradicted": False,
        "source_url": str(row["source_url"]),
        "as_of": parse_loose_date(str(row["as_of"])),
        "basis": str(basis_of(sayer)),
        "as_stated": str(row["as_of"]) or None,
        "note": str(row["note"]) or None,
        "value_status": "reported",
    }
    return [
        {
            **shared,
            "qualifier": part_qualifier or qualifier,
            "value_text": words_of(text, str(shared["unit"]), part_qualifier or qualifier),
            **_bounds(text),
        }
        for text, part_qualifier in _parts(field, value)
    ]


def _parts(field: str, value: str) -> list[tuple[str, str | None]]:
    """Return the statements inside a value: "105 (90 scored, 15 pretest)" makes three."""
    if field == "exam_items" and (
        match := re.fullmatch(r"(\d+) \((\d+) scored, (\d+) pretest\)", value)
    ):
        return [(match[1], None), (match[2], "scored"), (match[3], "pretest")]
    if field == "exam_fee" and (
        match := re.fullmatch(r"(\d+) one attempt \(.*?\), (\d+) two attempts \(.*?\)", value)
    ):
        return [(match[1], "one_attempt"), (match[2], "two_attempts")]
    return [(value, None)]


def _bounds(text: str) -> dict[str, float | None]:
    if match := re.match(r"(\d+) on a [\d-]+ scale", text):
        return {"value_low": float(match[1]), "value_high": float(match[1])}
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?", text):
        return {"value_low": float(match[1]), "value_high": float(match[2] or match[1])}
    if match := re.fullmatch(r"(\d+) tested, \d+ passed", text):
        return {"value_low": float(match[1]), "value_high": float(match[1])}
    return {"value_low": None, "value_high": None}


FACTS_IMPORTER = own_importer(
    "credential-facts",
    "credential_facts",
    "Public facts on credentials",
    67,
    import_facts,
    suffix="csv",
)
CLAIMS_IMPORTER = own_importer(
    "credential-claims", "credential_claims", "Claims on credentials (authored)", 66, import_claims
)
