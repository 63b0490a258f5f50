"""Files of public facts on credentials: a row a fact, whoever states it; one bad row costs itself.

Every file of these columns is taken, ``credential_facts.csv`` and later editions beside it. What a
page states that editors have entered already, or that another file has, comes in once.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from app.domain.credentials.cells import BY_YEAR, basis_of, differs
from app.domain.messages import N_
from app.domain.text.names import Names
from app.domain.vocabulary import CredentialFocus, CredentialLevel, CredentialStatus, SayerKind
from app.errors import nearest
from app.importers.authored.credential_claims import record_claims
from app.importers.authored.credentials import ISSUERS, own_importer
from app.importers.authored.fact_values import Part, take_apart
from app.importers.job import Job
from app.importers.reading import Column, read_rows
from app.queries.credentials import ISSUER_WIDE, asserters_by_host, to_cell, why_refused
from app.store.credential_names import load_credential_names
from app.store.rows import Tally
from app.store.tables.credentials import Asserter, Credential, CredentialClaim
from app.store.tables.sources import Source

SAYERS = {  # source_kind of the file -> who speaks
    "issuer page": SayerKind.ISSUER,
    "issuer test host": SayerKind.ISSUER_TEST_HOST,
    "copy of issuer page": SayerKind.COPY_OF_ISSUER,
    "third party": SayerKind.THIRD_PARTY,
    "aggregator": SayerKind.AGGREGATOR,
}

COLUMNS = (
    Column("credential_code", "credential_code"),
    Column("issuer", "issuer"),
    Column("fact", "fact"),
    Column("value", "value"),
    Column("unit", "unit"),
    Column("as_of", "as_of"),
    Column("source_kind", "source_kind"),
    Column("source_url", "source_url"),
    Column("note", "note"),
)

FIELDS: Mapping[str, tuple[str, str | None, str | None]] = {  # fact -> field, qualifier, unit
    "eligibility": ("eligibility", None, None),
    "early_testing": ("early_testing", None, None),
    "exam_minutes": ("exam_minutes", None, "minutes"),
    "exam_questions": ("exam_items", None, "items"),
    "exam_domains": ("domains", None, None),
    "books": ("books", None, None),
    "passing_score": ("pass_mark", None, None),
    "ceu_per_cycle": ("ceu_per_cycle", None, "units"),
    "first_time_pass_rate": ("first_time_pass_rate", None, "percent"),
    "first_time_testers": ("first_time_testers", None, "persons"),
    "pass_rate": ("pass_rate", None, "percent"),
    "exam_price": ("exam_fee", None, "USD"),
    "exam_price_member": ("exam_fee", "member", "USD"),
    "exam_price_non_member": ("exam_fee", "non_member", "USD"),
    "exam_price_student": ("exam_fee", "student", "USD"),
    "exam_price_one_attempt": ("exam_fee", "one_attempt", "USD"),
    "exam_price_two_attempts": ("exam_fee", "two_attempts", "USD"),
    "retake_fee": ("retake_fee", None, "USD"),
    "membership_fee": ("membership_fee", "member", "USD"),
    "certified_count": ("certified_count", None, "persons"),
    "schedule_window": ("schedule_window_days", None, "days"),
    "eligibility_window": ("schedule_window_days", None, "days"),
    "retest_wait_days": ("retest_wait_days", None, "days"),
    "reschedule_rule": ("reschedule_rule", None, None),
    "transcript_rule": ("transcript_rule", None, None),
    "renewal_cycle_months": ("renewal_cycle_months", None, "months"),
    "renewal_rule": ("renewal_rule", None, None),
    "renewal_fee": ("renewal_fee", None, "USD"),
    "recertification_fee_member": ("renewal_fee", "member", "USD"),
    "recertification_fee_non_member": ("renewal_fee", "non_member", "USD"),
    "reinstatement_rule": ("reinstatement_rule", None, None),
    "ceu_multiple_credentials": ("ceu_multiple_credentials", None, "units"),
    "ceu_domain_share": ("ceu_domain_share", None, "percent"),
    "ceu_source_share": ("ceu_source_share", None, "percent"),
    "apprentice_status": ("apprentice_status", None, None),
    "offered": ("offered", None, None),
    "name": ("name", None, None),
    "issuer_page": ("page_url", None, None),
}

NOT_DESCRIBED = N_("A file of facts brought this credential in; nobody has described it yet.")


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
    years = _years_in(bare)
    return max(years) if years else None


def _years_in(text: str) -> list[str]:
    return re.findall(r"\b(?:19|20)\d\d\b", text)


def _bound_of(text: str) -> int | None:
    """Return the year that a page is older than, where only that is known."""
    match = re.match(r"before (\d{4})\b", text.strip())
    return int(match[1]) if match else None


@dataclass
class Known:
    """What the catalogue knows when a file comes in; credentials of the file are added.

    ``with_cycle`` are the codes for all exams of those issuers whose renewal cycle is told.
    """

    names: Names
    issuer_of: dict[str, str]
    issuers: Names
    issuer_urls: dict[str, str]
    hosts: dict[str, Asserter]
    with_cycle: frozenset[str]
    refused: list[str] = field(default_factory=list)

    def find_code(self, row: Mapping[str, Any]) -> str | None:
        """Return the code that a row is about, ALL- and the issuer for all exams of one."""
        told = str(row["credential_code"])
        if told.upper().startswith(ISSUER_WIDE):
            issuer = self.issuers.find(told[len(ISSUER_WIDE) :])
            return f"{ISSUER_WIDE}{issuer}" if issuer else None
        return told if told in self.issuer_of else self.names.find(told)


def _load_known(session: Session) -> Known:
    credentials = session.exec(
        select(Credential.code, Credential.issuer, Credential.issuer_name, Credential.issuer_url)
    ).all()
    names = {**ISSUERS, **{issuer: name for _, issuer, name, _ in credentials}}
    return Known(
        names=load_credential_names(session),
        issuer_of={code: issuer for code, issuer, _, _ in credentials},
        issuers=Names(((issuer, issuer) for issuer in names), names.items()),
        issuer_urls={issuer: url for _, issuer, _, url in credentials},
        hosts=asserters_by_host(session),
        with_cycle=frozenset(
            session.exec(
                select(CredentialClaim.credential_code).where(
                    col(CredentialClaim.credential_code).startswith(ISSUER_WIDE),
                    CredentialClaim.field == "renewal_cycle_months",
                    col(CredentialClaim.superseded_at).is_(None),
                )
            )
        ),
    )


def import_facts(job: Job, source: Source) -> Tally:
    """Add or update the facts of one file, with compound values split."""
    rows = list(read_rows(job.file, COLUMNS, progress=job.progress))
    known = _load_known(job.session)
    added = _add_credentials(job, rows, known, source)
    claims = []
    for row in rows:
        if why := _why_unusable(row, known):
            known.refused.append(f"line {row['line']}: {why}")
            continue
        row["code"] = code = known.find_code(row)
        wide = f"{ISSUER_WIDE}{known.issuer_of.get(str(code))}"
        claims += [
            claim
            for claim in _to_claims(row)
            # units "per 2 years" tell the cycle too, where it is not told for all of an issuer
            if claim["field"] == FIELDS[str(row["fact"])][0] or wide not in known.with_cycle
        ]
    _restate(claims)
    _date_by_page(job.session, claims)
    origin = f"credential_facts{job.match.get('edition', '')}"
    fresh, told = _told_once(job.session, origin, claims)
    tally = record_claims(job, origin, fresh)
    tally.rows_read = len(rows)
    tally.refused += len(known.refused)
    tally.reasons = [*known.refused, *tally.reasons]
    tally.unchanged += told
    tally.added += added
    return tally


def _why_unusable(row: Mapping[str, Any], known: Known) -> str | None:
    """Return why a row cannot come in, with the nearest word that could; None if it can."""
    code, fact, kind = row["credential_code"], row["fact"], row["source_kind"]
    if fact not in FIELDS:
        return f"column fact: {fact!r} is not a known fact{_hint(nearest(fact, FIELDS))}."
    if kind not in SAYERS:
        return f"column source_kind: {kind!r} is not known{_hint(nearest(kind, SAYERS))}."
    found = known.find_code(row)
    if found is None:
        near = known.names.nearest(code) or nearest(code, known.issuer_of)
        return f"column credential_code: {code!r} is not a known credential{_hint(near)}."
    issuer = known.issuers.find(row["issuer"])
    holder = known.issuer_of.get(found, found.removeprefix(ISSUER_WIDE))
    if issuer != holder:
        return (
            f"column issuer: {found} here is of {holder}; another one of the same letters, by "
            f"{row['issuer']!r}, would need an entry of its own."
        )
    if why := why_refused(row["source_url"], SAYERS[kind], known.hosts):
        near = nearest(_host(row["source_url"]), known.hosts)
        hint = _hint(near) if "not on the allow-list" in why else ""
        return f"{found} {fact}: {row['source_url']} {why}{hint}."
    if not row["value"]:
        return f"column value: {found} {fact} is empty."
    return None


def _hint(near: str | None) -> str:
    return f"; the nearest is {near!r}" if near else ""


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _add_credentials(
    job: Job, rows: Sequence[Mapping[str, Any]], known: Known, source: Source
) -> int:
    """Add the credentials that a file brings in by a row with their name; return how many.

    Their level, focus and status stay unknown until somebody describes them.
    """
    fresh = []
    for row in rows:
        code = str(row["credential_code"])
        is_new = row["fact"] == "name" and known.find_code(row) is None
        if not is_new or not re.fullmatch(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*", code):
            continue
        sayer = SAYERS.get(str(row["source_kind"]))
        if sayer is None or why_refused(str(row["source_url"]), sayer, known.hosts):
            continue  # the row itself is refused, with the reason
        issuer = known.issuers.find(str(row["issuer"])) or str(row["issuer"])
        url = known.issuer_urls.get(issuer)
        if url is None:
            own = next(
                (
                    r["source_url"]
                    for r in rows
                    if r["issuer"] == row["issuer"]
                    and SAYERS.get(str(r["source_kind"])) is SayerKind.ISSUER
                ),
                None,
            )
            if own is None or not issuer:
                known.refused.append(
                    f"line {row['line']}, column issuer: {row['issuer']!r} is new and no page of "
                    "its own is named, so nobody could be asked."
                )
                continue
            url = f"https://{_host(str(own))}/"
        page = next(
            (
                r["value"]
                for r in rows
                if r["fact"] == "issuer_page" and r["credential_code"] == code
            ),
            None,
        )
        fresh.append(
            {
                "code": code,
                "name": row["value"],
                "issuer": issuer,
                "issuer_name": ISSUERS.get(issuer, issuer),
                "issuer_url": url,
                "level": CredentialLevel.UNKNOWN,
                "focus": CredentialFocus.UNKNOWN,
                "status": CredentialStatus.UNKNOWN,
                "summary": NOT_DESCRIBED,
                "apprentice_code": None,
                "replaces": [],
                "related": [],
                "mixed_up_with": [],
                "page_url": page,
                "source": source.key,
            }
        )
        known.issuer_of[code], known.issuer_urls[issuer] = issuer, url
        known.issuers |= Names([(issuer, issuer)])
    return job.upsert(Credential, ("code",), fresh).added


def _to_claims(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    value, note, told_at = str(row["value"]), str(row["note"]), str(row["as_of"])
    sayer = SAYERS[str(row["source_kind"])]
    about, qualifier, unit = FIELDS[str(row["fact"])]
    years = _years_in(told_at) if about in BY_YEAR else []
    if edition := re.search(r"\((first published|restated)\)", told_at):
        qualifier = edition[1].replace(" ", "_")
    elif len(years) > 1:
        qualifier = f"{years[0]}-{years[-1]}"  # one figure for several years
    is_contradicted = re.search(r"\bload as contradicted\b", note) is not None
    printed = str(row["unit"])
    parts = (
        [Part(about, qualifier, value, None, None, None)]
        if is_contradicted
        else take_apart(about, qualifier, unit, value, printed)
    )
    since = re.search(r"\b(?:in force|in use|in effect) since (\d{4}(?:-\d\d(?:-\d\d)?)?)", note)
    return [
        {
            "credential_code": row["code"],
            "field": part.field,
            "qualifier": part.qualifier,
            "value_text": part.words,
            "value_low": part.low,
            "value_high": part.high,
            "unit": part.unit,
            # a figure is dated by the year it is about; the page that gives it bears none
            "year": int(years[-1]) if years else None,
            "n": _count_in(value, note),
            "sayer_kind": str(sayer),
            "is_contradicted": is_contradicted,
            "is_superseded": False,
            "superseded_on": None,
            "in_force_from": since[1] if since else None,
            "source_url": str(row["source_url"]),
            "as_of": parse_loose_date(told_at),
            "basis": str(basis_of(sayer)),
            "as_stated": told_at or None,
            "note": _note_for_readers(note),
            "value_status": "reported",
        }
        for part in parts
    ]


FOR_LOADERS = re.compile(
    r"\bnot used\b|\bin the catalogue\b|\b(?:the|next) row\b|\b[Rr]ow above\b|\bnow shown\b"
)
"""What a sentence of a note says to whoever loads the file, not to readers."""


def _note_for_readers(note: str) -> str | None:
    """Return a note without what it says on loading, such as which figure was left out, or None."""
    told = re.sub(r"[:;] load as \w+[^.]*", "", note)
    sentences = re.split(r"(?<=[.!?]) (?=[A-Z\d])", told)
    return " ".join(one for one in sentences if not FOR_LOADERS.search(one)) or None


def _count_in(value: str, note: str) -> int | None:
    """Return how many people a figure is about, as its note or its own words tell."""
    found = re.search(
        r"(\d[\d,]*) (?:first-time testers|candidates|testers|exams)\b", note
    ) or re.match(r"(\d[\d,]*) tested", value)
    return int(found[1].replace(",", "")) if found else None


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
            is_first = claim["qualifier"] == "first_published"
            claim |= {"is_contradicted": is_first, "is_superseded": is_first, "qualifier": None}


def _told_once(
    session: Session, origin: str, claims: Sequence[dict[str, Any]]
) -> tuple[list[dict[str, Any]], int]:
    """Return the claims that no other file has from the same page, and how many of them one has.

    So what editors say of a statement, such as that it is contradicted, stands.
    """
    others: dict[tuple[Any, ...], list[CredentialClaim]] = {}
    current = select(CredentialClaim).where(
        col(CredentialClaim.superseded_at).is_(None), CredentialClaim.origin != origin
    )
    for claim in session.exec(current):
        others.setdefault(_question(claim.model_dump()), []).append(claim)
    fresh = [
        claim
        for claim in claims
        if all(
            differs(to_cell(CredentialClaim(**claim)), to_cell(other))
            for other in others.get(_question(claim), ())
        )
    ]
    return fresh, len(claims) - len(fresh)


def _question(claim: Mapping[str, Any]) -> tuple[Any, ...]:
    year = claim["year"] if claim["field"] in BY_YEAR else None
    page = claim["source_url"]
    return claim["credential_code"], claim["field"], claim["qualifier"], year, page


IMPORTER = own_importer(
    "credential-facts",
    r"credential_facts(?P<edition>.*)",
    "Public facts on credentials",
    67,
    import_facts,
    suffix="csv",
)
