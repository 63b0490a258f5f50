"""What many programs share: gathered from its tables, or read back from the row that keeps it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, case, func, literal, outerjoin
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, or_, select

from app.domain.cost.total_cost import EXAM, MEMBERSHIP, RENEWAL, CredentialFee, Target
from app.domain.credentials.eligibility import status_rules
from app.domain.credentials.leads_to import LED_TO, ExamRules
from app.domain.field_outcomes import count_programs, reported_by
from app.domain.peers import CLOSED_TO_NEW, FAMILIES, Board, Place, kind_of, to_board, to_place
from app.domain.shared_facts import (
    CredentialRecord,
    PeerBounds,
    Question,
    SharedFacts,
    SourceRecord,
)
from app.domain.text.identifiers import fold
from app.domain.vocabulary import Residency
from app.queries.credentials import ISSUER_WIDE
from app.queries.kept import edition_of, kept
from app.store.records import inner_table
from app.store.tables.credentials import (
    Credential,
    CredentialClaim,
    CredentialName,
    CredentialRule,
    CredentialUnknown,
)
from app.store.tables.institutions import Institution
from app.store.tables.programs import Program, ProgramPrice, ProgramSummary
from app.store.tables.shared_facts import SharedFactsRow
from app.store.tables.sources import Source

FEES = {f"{part}_fee": part for part in (EXAM, MEMBERSHIP, RENEWAL)}
"""Field of a claim on a credential -> the part of the total cost that it prices."""

LEAST_PEERS = 10
"""Known values of an award below which there is no lowest fifth."""


def load_shared_facts(session: Session) -> tuple[SharedFacts, int]:
    """Return what programs share, and the number of the newest release (0: there is none)."""
    return _load(session), edition_of(session).number


@kept()
def _load(session: Session) -> SharedFacts:
    if doc := session.execute(select_columns(inner_table(SharedFactsRow).c.doc)).scalar():
        return msgspec.json.decode(doc, type=SharedFacts)
    return replace(
        gather_shared_facts(session), peers=find_peers(session), boards=find_boards(session)
    )


def encode_shared_facts(shared: SharedFacts) -> str:
    """Return the text that a row keeps."""
    return msgspec.json.encode(shared).decode()


def gather_shared_facts(session: Session) -> SharedFacts:
    """Return what programs share, without prices of peers, from sources and credentials."""
    credentials = list(session.exec(select(Credential)))
    named = [(credential.code, credential.code) for credential in credentials]
    named += session.exec(select(CredentialName.name, CredentialName.credential_code)).all()
    codes: dict[str, str] = {}
    for name, code in named:
        codes.setdefault(fold(name), code)
    kinds = ("eligibility", "accreditation_status")
    rules = list(session.exec(select(CredentialRule).where(col(CredentialRule.kind).in_(kinds))))
    eligibility = {rule.subject: rule.rules for rule in rules if rule.kind == "eligibility"}
    statuses = [rule.rules for rule in rules if rule.kind == "accreditation_status"]
    return SharedFacts(
        sources={
            key: SourceRecord(url, basis)
            for key, url, basis in session.exec(select(Source.key, Source.url, Source.basis))
        },
        credentials=_credentials(session, credentials, eligibility),
        codes=codes,
        exams={
            code: ExamRules(eligibility[code], status_rules(statuses, code))
            for code in LED_TO
            if code in eligibility
        },
        field_programs=_field_programs(session),
    )


def _field_programs(session: Session) -> dict[str, int]:
    """Return how many listed programs the figures of each field and level count together."""
    listed = (
        select_columns(
            col(Institution.opeid),
            col(Institution.slug),
            col(Program.cip_code),
            func.coalesce(col(Program.award_level), col(Program.award_group)),
        )
        .join(Institution, col(Institution.id) == col(Program.institution_id))
        .where(col(Program.retired_at).is_(None))
    )
    return count_programs(
        (reported_by(opeid, slug), cip_code, award)
        for opeid, slug, cip_code, award in session.execute(listed)
    )


def find_peers(session: Session) -> PeerBounds:
    """Return the lowest fifth of prices and lengths of each kind, from the stored summaries."""
    return PeerBounds(_prices(session), _months(session))


PLACE = (col(ProgramSummary.score_likely), col(ProgramSummary.score_low))
"""What decides the place of a program among its peers: ``app.domain.peers``."""

RANKED = or_(col(ProgramSummary.status).is_(None), col(ProgramSummary.status).not_in(CLOSED_TO_NEW))
"""Programs that are ranked among their peers."""


def find_boards(session: Session) -> dict[str, Board]:
    """Return kind -> the places of its programs by score, from the stored summaries."""
    terms = (col(ProgramSummary.cip_code), col(ProgramSummary.award_level))
    places: dict[str, list[Place]] = {}
    for cip_code, award_level, likely, low in session.execute(
        select_columns(*terms, *PLACE).where(RANKED)
    ):
        if kind := kind_of(cip_code, award_level):
            places.setdefault(kind, []).append(to_place(likely, low))
    return {kind: to_board(found) for kind, found in places.items()}


def read_boards(session: Session) -> Mapping[str, Board]:
    """Return the places as the row keeps them, also while it is being made anew."""
    doc = session.execute(select_columns(inner_table(SharedFactsRow).c.doc)).scalar()
    return msgspec.json.decode(doc, type=SharedFacts).boards if doc else {}


def _credentials(
    session: Session,
    credentials: Iterable[Credential],
    eligibility: Mapping[str, Mapping[str, Any]],
) -> dict[str, CredentialRecord]:
    claims: dict[str, list[CredentialClaim]] = {}
    stated = select(CredentialClaim).where(
        col(CredentialClaim.field).in_(FEES), col(CredentialClaim.superseded_at).is_(None)
    )
    for claim in session.exec(stated.order_by(col(CredentialClaim.id))):
        claims.setdefault(claim.credential_code, []).append(claim)
    unknowns = {
        (unknown.credential_code, unknown.field): unknown
        for unknown in session.exec(
            select(CredentialUnknown).where(col(CredentialUnknown.field).in_(FEES))
        )
    }
    routes = {
        code: [route for route in rules.get("any_of", []) if route.get("decides")]
        for code, rules in eligibility.items()
    }
    found = {}
    for credential in credentials:
        places = (credential.code, f"{ISSUER_WIDE}{credential.issuer}")
        conditions = [c for route in routes.get(credential.code, []) for c in route["all_of"]]
        found[credential.code] = CredentialRecord(
            issuer=credential.issuer,
            target=Target(
                code=credential.code,
                fees=[fee for place in places for fee in _fees(claims.get(place, []))],
                is_membership_required=any(c["kind"] == "membership" for c in conditions),
            ),
            opened_by=frozenset(level for c in conditions for level in c.get("award_levels", [])),
            questions={
                part: Question(unknown.question, unknown.whom)
                for field, part in FEES.items()
                for unknown in [unknowns.get((place, field)) for place in reversed(places)]
                if unknown
            },
        )
    return found


def _fees(claims: Iterable[CredentialClaim]) -> Iterable[CredentialFee]:
    for claim in claims:
        if claim.is_contradicted:
            continue
        if claim.unit == "USD" and claim.value_low is not None:
            high = claim.value_low if claim.value_high is None else claim.value_high
            yield CredentialFee(
                level="credential",
                source=claim.source,
                basis=claim.basis,
                source_url=claim.source_url,
                as_of=claim.as_of,
                as_stated=claim.as_stated,
                note=claim.note,
                field=claim.field,
                qualifier=claim.qualifier,
                amount_low_cents=round(claim.value_low * 100),
                amount_high_cents=round(high * 100),
            )


def _prices(session: Session) -> dict[str, dict[str, dict[str, dict[str, int]]]]:
    """Return residency -> kind -> unit -> level -> the bound of what these people pay."""
    return {
        residency: _prices_of(session, residency)
        for residency in (Residency.IN_DISTRICT, Residency.IN_STATE, Residency.OUT_OF_STATE)
    }


def _prices_of(session: Session, residency: Residency) -> dict[str, dict[str, dict[str, int]]]:
    bounds: dict[str, dict[str, dict[str, int]]] = {}
    for kind, unit, level, cents in session.execute(_lowest_prices(residency)):
        bounds.setdefault(kind, {}).setdefault(unit, {})[level] = cents
    return bounds


@cache
def _lowest_prices(residency: Residency) -> Select[Any]:
    is_theirs = (col(ProgramPrice.program_id) == col(ProgramSummary.program_id)) & (
        col(ProgramPrice.residency) == residency
    )

    def paid(name: str) -> Any:
        has_own = col(ProgramPrice.program_id).is_not(None)
        return case((has_own, getattr(ProgramPrice, name)), else_=getattr(ProgramSummary, name))

    same = [_kind(), paid("price_unit"), paid("price_level")]
    programs = outerjoin(ProgramSummary, ProgramPrice, is_theirs)
    return _lowest_fifths(paid("tuition_and_fees_cents"), same, programs)


def _months(session: Session) -> dict[str, float]:
    return {kind: months for kind, months in session.execute(_shortest())}


@cache
def _shortest() -> Select[Any]:
    return _lowest_fifths(col(ProgramSummary.months_low), [_kind()])


def _kind() -> ColumnElement[str]:
    """Return the kind of a program as ``app.domain.peers`` has it; null where it is not known."""
    cip_code = col(ProgramSummary.cip_code)
    families = [(cip_code.in_(sorted(codes)), literal(key)) for key, (_, codes) in FAMILIES.items()]
    return case(*families, else_=cip_code) + "/" + col(ProgramSummary.award_level)


def _lowest_fifths(column: Any, same: list[Any], programs: Any = ProgramSummary) -> Select[Any]:
    """Select, of every group of programs, its terms and the value that a fifth are not above."""
    placed = (
        select_columns(
            *same,
            column.label("value"),
            func.row_number().over(partition_by=same, order_by=column).label("place"),
            func.count().over(partition_by=same).label("known"),
        )
        .select_from(programs)
        .where(column.is_not(None), *(term.is_not(None) for term in same))
        .subquery()
    )
    *terms, value, place, known = placed.c
    return select_columns(*terms, value).where(known >= LEAST_PEERS, place == known // 5)
