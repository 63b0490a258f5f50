"""Credentials: the authored list, claims, rules and questions, and the files of public facts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from pydantic import Field, TypeAdapter, ValidationError, field_validator, model_validator
from sqlalchemy import select
from sqlmodel import Session, col

from app.domain.credentials.cells import (
    BY_YEAR,
    FIELD_LABELS,
    basis_of,
)
from app.domain.credentials.eligibility import (
    AccreditationState,
    Answer,
    AwardFit,
    AwardKind,
    Coverage,
)
from app.domain.credentials.renewal import broken_cases, codes_of
from app.domain.evidence import to_span
from app.domain.vocabulary import (
    Basis,
    CredentialFocus,
    CredentialLevel,
    CredentialStatus,
    SayerKind,
)
from app.errors import ImportFileError
from app.importers.authored.entries import OWN, Authored, read_entries, read_object
from app.importers.job import Importer, Job
from app.importers.reading import MAX_COMPLAINTS, Column, read_rows
from app.queries.credentials import (
    asserters_by_host,
    evidence_faults,
    issuers_by_code,
    why_refused,
)
from app.schemas.renewal import ACROSS_ISSUERS, RENEWAL_RULES
from app.store.rows import Tally, insert_rows, supersede_rows, upsert_rows, upsert_source
from app.store.tables.credentials import (
    AccreditorFact,
    Asserter,
    Credential,
    CredentialClaim,
    CredentialName,
    CredentialRule,
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
    "CAHIIM": "Commission on Accreditation for Health Informatics and Information Management "
    "Education",
}

FACTS_ONLY = "Facts only, in our own words; names are trademarks of their owners"


def sayer_source(issuer: str, kind: SayerKind) -> Source:
    """Return the source of claims on an issuer's credentials by one kind of sayer."""
    match kind:
        case SayerKind.ISSUER | SayerKind.ISSUER_TEST_HOST:
            return Source(
                key=f"{issuer.lower()}-pages",
                title=f"Pages of {issuer}, some on its test hosts",
                publisher=ISSUERS[issuer],
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


class FormerName(Authored):
    """Another code or name of a credential."""

    code: str | None
    name: str | None
    until: str | None
    note: str | None


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
    former_names: list[FormerName]
    apprentice_code: str | None
    replaces: list[str]
    related: list[str]
    page_url: str | None

    @field_validator("issuer")
    @classmethod
    def _known(cls, issuer: str) -> str:
        if issuer not in ISSUERS:
            raise ValueError(f"{issuer!r} is not a known issuer")
        return issuer


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


class Said(Authored):
    """Who says a rule, where and as of when."""

    source_kind: SayerKind
    source_url: str = Field(pattern=r"^https?://")
    as_of: str | None


class AuthoredRoute(Said):
    """One way to become eligible."""

    route: str
    all_of: list[dict[str, Any]] = Field(min_length=1)
    text: str
    conflicting: bool
    decides: bool
    also: list[Said] = []
    note: str | None = None


class AuthoredDocument(Said):
    """What must be handed in."""

    text: str


class AuthoredApprentice(Said):
    """The mark of holders without experience, and what removes it."""

    code: str
    given_when: dict[str, Any]
    removed_when: str
    credits: list[dict[str, Any]]
    combinations: list[str]


class AuthoredWhen(Authored):
    """What a line of a decision order asks of a program; all of it must hold."""

    award: list[AwardKind] | None = None
    accreditation: list[AccreditationState] | None = None
    award_fits: list[AwardFit] | None = None
    covers: list[Coverage] | None = None


class AuthoredDecision(Authored):
    """One line of a decision order."""

    when: AuthoredWhen
    answer: Answer
    text: str
    answer_instead: str | None = None


class AuthoredEligibility(Authored):
    """The eligibility of one credential in credential_rules.json."""

    any_of: list[AuthoredRoute]
    unknown: bool = False
    closed: bool = False
    question: str | None = None
    early_testing: str | None
    early_testing_sources: list[Said] = []
    never: list[str]
    never_sources: list[Said] = []
    advice: list[str]
    advice_sources: list[Said] = []
    documents: list[AuthoredDocument] = []
    decision_order: list[AuthoredDecision] = []
    apprentice: AuthoredApprentice | None = None
    note: str | None

    @model_validator(mode="after")
    def _always_decides(self) -> "AuthoredEligibility":
        if self.decision_order and self.decision_order[-1].when != AuthoredWhen():
            raise ValueError("the last line of a decision order must match every program")
        return self


CREDENTIALS = TypeAdapter(list[AuthoredCredential])
CLAIMS = TypeAdapter(list[AuthoredClaim])
UNKNOWNS = TypeAdapter(list[AuthoredUnknown])
ELIGIBILITY = TypeAdapter(dict[str, AuthoredEligibility])


def import_credentials(job: Job, source: Source) -> Tally:
    """Bring the list of credentials and their other names in step."""
    entries: list[AuthoredCredential] = read_entries(job.file, CREDENTIALS)
    rows = [
        {**entry.model_dump(mode="json", exclude={"former_names"}), "source": source.key}
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
        if entry.apprentice_code:
            yield {
                "name": entry.apprentice_code,
                "relation": "apprentice",
                "is_code": True,
                "until": None,
                "note": f"Holders of {entry.code} whose experience is not yet proven.",
                **shared,
            }


def import_claims(job: Job, source: Source) -> Tally:
    """Bring the authored claims in step; hosts off the allow-list are refused one by one."""
    entries: list[AuthoredClaim] = read_entries(job.file, CLAIMS)
    claims = [
        {
            "credential_code": entry.credential,
            "field": entry.field,
            "qualifier": entry.qualifier,
            "value_text": entry.value_text,
            "value_low": entry.value_low,
            "value_high": entry.value_high,
            "unit": entry.unit,
            "year": entry.year,
            "n": entry.n,
            "sayer_kind": str(entry.source_kind),
            "is_contradicted": entry.contradicted,
            "source_url": entry.source_url,
            "as_of": entry.as_of,
            "basis": str(entry.basis),
            "as_stated": entry.as_of_text,
            "note": entry.note,
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
    tally = reconcile_credential_claims(job.session, origin, accepted, now=job.now)
    tally.rows_read, tally.refused, tally.reasons = len(claims), len(reasons), reasons
    return tally


CLAIM_COLUMNS = (
    "credential_code",
    "field",
    "qualifier",
    "value_text",
    "value_low",
    "value_high",
    "unit",
    "year",
    "n",
    "sayer_kind",
    "is_contradicted",
    "source",
    "source_url",
    "as_of",
    "basis",
    "as_stated",
    "note",
    "value_status",
)


def reconcile_credential_claims(
    session: Session, origin: str, rows: Sequence[dict[str, Any]], *, now: datetime
) -> Tally:
    """Make the current claims of one file kind equal to what the file says today.

    A claim seen before is left alone; what is gone is superseded and stays readable.
    """
    columns = [col(getattr(CredentialClaim, name)) for name in CLAIM_COLUMNS]
    current = {
        tuple(values): key
        for key, *values in session.execute(
            select(col(CredentialClaim.id), *columns).where(
                col(CredentialClaim.origin) == origin, col(CredentialClaim.superseded_at).is_(None)
            )
        )
    }
    wanted = {tuple(row[name] for name in CLAIM_COLUMNS): row for row in rows}
    fresh = [row for values, row in wanted.items() if values not in current]
    gone = [key for values, key in current.items() if values not in wanted]
    supersede_rows(session, CredentialClaim, gone, now)
    insert_rows(
        session, CredentialClaim, [{**r, "origin": origin, "recorded_at": now} for r in fresh]
    )
    return Tally(added=len(fresh), retired=len(gone), unchanged=len(wanted) - len(fresh))


def import_unknowns(job: Job, source: Source) -> Tally:
    """Bring the open questions in step."""
    entries: list[AuthoredUnknown] = read_entries(job.file, UNKNOWNS)
    rows = [
        {
            "credential_code": entry.credential,
            "field": entry.field,
            "question": entry.question,
            "whom": entry.whom,
            "source": source.key,
        }
        for entry in entries
    ]
    return job.upsert(CredentialUnknown, ("credential_code", "field"), rows)


def import_rules(job: Job, source: Source) -> Tally:
    """Bring eligibility, renewal and accreditation rules in step."""
    rules = read_object(
        job.file,
        ("eligibility", "renewal", "accreditation_statuses", "accreditation_applicability"),
    )
    complaints = _eligibility_faults(job, rules["eligibility"])
    complaints += _renewal_faults(job, rules["renewal"])
    complaints += evidence_faults(rules, asserters_by_host(job.session))
    if complaints:
        name = job.file.path.name
        raise ImportFileError([f"{name}, at {fault}" for fault in complaints[:MAX_COMPLAINTS]])
    _name_sources(job, rules["eligibility"])
    _name_renewal_sources(job, rules["renewal"])
    rows = [
        {"kind": kind, "subject": subject, "position": at, "rules": content}
        for kind in ("eligibility", "renewal")
        for at, (subject, content) in enumerate(rules[kind].items())
    ]
    rows += [
        {
            "kind": "accreditation_status",
            "subject": status["status"],
            "position": at,
            "rules": status,
        }
        for at, status in enumerate(rules["accreditation_statuses"])
    ]
    rows += [
        {"kind": "applicability", "subject": str(at), "position": at, "rules": rule}
        for at, rule in enumerate(rules["accreditation_applicability"])
    ]
    return job.upsert(
        CredentialRule, ("kind", "subject"), [{**row, "source": source.key} for row in rows]
    )


def _eligibility_faults(job: Job, eligibility: Any) -> list[str]:
    try:
        entries = ELIGIBILITY.validate_python(eligibility)
    except ValidationError as error:
        return [
            f"eligibility.{'.'.join(map(str, fault['loc']))}: {fault['msg']}."
            for fault in error.errors()
        ]
    known = issuers_by_code(job.session)
    return [f"eligibility.{code}: not a known credential." for code in entries if code not in known]


def _renewal_faults(job: Job, renewal: Any) -> list[str]:
    """Return a fault for every rule that does not fit, or that an issuer's own case belies."""
    issuer_of = issuers_by_code(job.session)
    faults = []
    for issuer, content in renewal.items():
        if issuer == ACROSS_ISSUERS:
            continue
        try:
            rules = RENEWAL_RULES.validate_python(content)
        except ValidationError as error:
            faults += [
                f"renewal.{issuer}.{'.'.join(map(str, fault['loc']))}: {fault['msg']}."
                for fault in error.errors()
            ]
            continue
        if issuer not in ISSUERS:
            faults.append(f"renewal.{issuer}: not a known issuer.")
        faults += [
            f"renewal.{issuer}: {code} is not a credential of {issuer}."
            for code in codes_of(rules)
            if issuer_of.get(code) != issuer
        ]
        faults += [
            f"renewal.{issuer}.cases: {fault}." for fault in broken_cases(rules, job.now.date())
        ]
    return faults


def _name_sources(job: Job, eligibility: dict[str, Any]) -> None:
    """Put beside every statement of eligibility the key of the source its page belongs to."""
    issuers = issuers_by_code(job.session)
    pages: dict[str, Source] = {}
    for code, rules in eligibility.items():
        apprentice = [rules["apprentice"]] if rules.get("apprentice") else []
        for said in [*rules["any_of"], *apprentice]:
            for one in (said, *said.get("also", [])):
                page = sayer_source(issuers[code], SayerKind(one["source_kind"]))
                pages[page.key] = page
                one["source"] = page.key
    for page in pages.values():
        upsert_source(job.session, page)


def _name_renewal_sources(job: Job, renewal: dict[str, Any]) -> None:
    """Put beside every statement on renewal the key of the source its page belongs to."""
    pages: dict[str, Source] = {}

    def name(issuer: str, content: Any) -> None:
        if isinstance(content, dict):
            if "source_kind" in content:
                page = sayer_source(issuer, SayerKind(content["source_kind"]))
                pages[page.key] = page
                content["source"] = page.key
            content = list(content.values())
        if isinstance(content, list):
            for part in content:
                name(issuer, part)

    for issuer, rules in renewal.items():
        if issuer != ACROSS_ISSUERS:
            name(issuer, rules)
    for page in pages.values():
        upsert_source(job.session, page)


def import_asserters(job: Job, source: Source) -> Tally:
    """Bring the allow-list of hosts in step."""
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

    None where they give none, or only a bound ("before 2024", "undated").
    """
    bare = text.strip()
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", bare):
        return bare
    if bare.startswith("before"):
        return None
    dates: list[str] = re.findall(r"\d{4}-\d\d-\d\d", bare)
    if dates:
        return max(dates)
    years: list[str] = re.findall(r"\b(?:19|20)\d\d\b", bare)
    return max(years) if years else None


def import_facts(job: Job, source: Source) -> Tally:
    """Bring the public credential facts in step, compound values taken apart."""
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
    return _record(job, "credential_facts", claims)


def _to_claims(
    row: dict[str, Any], field: str, qualifier: str | None, unit: str | None
) -> list[dict[str, Any]]:
    value, sayer = str(row["value"]), row["sayer"]
    # a figure is dated by the year it is about; the page that gives it bears none
    year = re.match(r"\d{4}", str(row["as_of"])) if field in BY_YEAR else None
    if edition := re.search(r"\((first published|restated)\)", str(row["as_of"])):
        qualifier = edition[1].replace(" ", "_")
    tester_count = re.search(r"([\d,]+) first-time testers", str(row["note"]))
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
        {**shared, "qualifier": part_qualifier or qualifier, "value_text": text, **_bounds(text)}
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
    return {"value_low": None, "value_high": None}


ACCREDITOR_COLUMNS = (
    Column("body", "body"),
    Column("fact", "fact"),
    Column("value", "value"),
    Column("source_url", "source_url"),
    Column("note", "note"),
)


def import_accreditors(job: Job, source: Source) -> Tally:
    """Bring facts on accrediting and approving bodies in step."""
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


def _importer(key: str, title: str, order: int, run: Any, suffix: str = "json") -> Importer:
    return Importer(
        key=key.replace("_", "-"),
        title=title,
        pattern=key,
        order=order,
        source=OWN,
        run=run,
        suffix=suffix,
    )


IMPORTERS = (
    _importer("asserters", "Hosts that may speak of credentials (authored)", 63, import_asserters),
    _importer("credentials", "Credentials and their names (authored)", 64, import_credentials),
    _importer("credential_facts", "Public facts on credentials", 65, import_facts, "csv"),
    _importer("credential_claims", "Claims on credentials (authored)", 66, import_claims),
    _importer("credential_rules", "Eligibility and renewal rules (authored)", 67, import_rules),
    _importer(
        "credential_unknowns", "Open questions on credentials (authored)", 68, import_unknowns
    ),
    _importer("accreditor_facts", "Public facts on accreditors", 69, import_accreditors, "csv"),
)
