"""Rules of credentials, written by editors as JSON: eligibility, renewal, accreditation."""

from typing import Any

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from app.domain.accreditors import Coverage
from app.domain.credentials.eligibility import (
    AccreditationState,
    Answer,
    AwardFit,
    AwardKind,
)
from app.domain.credentials.renewal import broken_cases, codes_of
from app.domain.vocabulary import SayerKind
from app.errors import ImportFileError
from app.importers.authored.credentials import ISSUERS, own_importer, sayer_source
from app.importers.authored.entries import Authored, read_object
from app.importers.job import Job
from app.importers.odd_cells import MAX_COMPLAINTS
from app.queries.credentials import asserters_by_host, evidence_faults, issuers_by_code
from app.schemas.renewal import ACROSS_ISSUERS, RENEWAL_RULES
from app.store.rows import Tally, upsert_source
from app.store.tables.credentials import CredentialRule
from app.store.tables.sources import Source


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


ELIGIBILITY = TypeAdapter(dict[str, AuthoredEligibility])


def import_rules(job: Job, source: Source) -> Tally:
    """Add or update eligibility, renewal and accreditation rules."""
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


IMPORTER = own_importer(
    "credential-rules",
    "credential_rules",
    "Eligibility and renewal rules (authored)",
    67,
    import_rules,
)
