"""Credentials: find by any name, with every claim."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from app.domain.credentials.cells import (
    FIELD_LABELS,
    Cell,
    asked_fields,
    asks_for_today,
    basis_of,
    differs,
    find_asserter,
    group_cells,
    may_speak_as,
    remark_on,
    remark_on_silence,
)
from app.domain.credentials.outlines import read_outline
from app.domain.evidence import Age, Subject, age_of, order_claims, to_span
from app.domain.messages import Listing, Message
from app.domain.text.addresses import is_sales_link
from app.domain.text.identifiers import fold
from app.domain.text.names import Names, bare
from app.domain.vocabulary import Basis, SayerKind, ValueStatus
from app.errors import Fault, InvalidRequestError, NotFoundError, unknown_faults
from app.queries.releases import stamp
from app.schemas.credentials import (
    ApprenticeRule,
    CellRead,
    CredentialItem,
    CredentialQuery,
    CredentialRead,
    DecisionLine,
    DomainRead,
    EligibilityRules,
    FactRead,
    MixedUp,
    OtherName,
    RouteRead,
    StatementRead,
)
from app.schemas.pages import Evidence, Page, aging, hash_of
from app.store.credential_names import load_credential_names
from app.store.tables.credentials import (
    Asserter,
    Credential,
    CredentialClaim,
    CredentialName,
    CredentialRule,
    CredentialUnknown,
)

EDITION = re.compile(r"\d{4}-\d\d(-\d\d)?$")
"""The day or month at the end of the name of a file of facts."""

NOTHING: Mapping[str, CredentialClaim] = {}

ISSUER_WIDE = "ALL-"
"""Prefix of the code of rules that hold for all exams of an issuer."""


def asserters_by_host(session: Session) -> dict[str, Asserter]:
    """Return host -> its entry on the list, refused ones too."""
    return {row.host: row for row in session.exec(select(Asserter))}


def why_refused(url: str, sayer: SayerKind, hosts: Mapping[str, Asserter]) -> str | None:
    """Return why a page is no evidence for what is said under a sayer; None if it is."""
    if is_sales_link(url):
        return "is a sales link"
    listed = find_asserter(url, hosts)
    if listed is None:
        return "is not on the allow-list"
    if listed.is_refused:
        return f"is of {listed.kind}"
    if not may_speak_as(listed.kind, sayer):
        return f"is listed as {listed.kind} and cannot speak as {sayer}"
    return None


def evidence_faults(content: Any, hosts: Mapping[str, Asserter], place: str = "") -> list[str]:
    """Return a fault for every date that is none and every page that may not be evidence."""
    faults = []
    if isinstance(content, dict):
        try:
            to_span(content.get("as_of"))
        except (TypeError, ValueError) as error:
            faults.append(f"{place}: as_of: {error}.")
        url, kind = content.get("source_url"), content.get("source_kind")
        sayer = SayerKind.ISSUER_TEST_HOST
        if isinstance(kind, str) and kind in set(SayerKind):
            sayer = SayerKind(kind)
        if url is not None and (why := why_refused(str(url), sayer, hosts)):
            faults.append(f"{place}: {url} {why}.")
    if isinstance(content, list):
        content = dict(enumerate(content))
    if isinstance(content, dict):
        for key, value in content.items():
            faults += evidence_faults(value, hosts, f"{place}.{key}" if place else str(key))
    return faults


def issuers_by_code(session: Session) -> dict[str, str]:
    """Return code -> issuer of every credential."""
    return dict(session.exec(select(Credential.code, Credential.issuer)).all())


def search_credentials(session: Session, query: CredentialQuery) -> Page[CredentialItem]:
    """Return credentials that match, by code.

    Raises:
        InvalidRequestError: Nobody issues credentials under a name asked for.
    """
    names = names_by_code(session)
    issuers = _issuers_asked(session, query.issuer)
    items = []
    listed = select(Credential).where(col(Credential.retired_at).is_(None))
    for credential in session.exec(listed.order_by(col(Credential.code))):
        other = names.get(credential.code, [])
        words = fold(" ".join([credential.code, credential.name, *(n.name for n in other)]))
        wanted = (
            all(word in words for word in fold(query.q or "").split())
            and (not issuers or credential.issuer in issuers)
            and (not query.level or credential.level in query.level)
            and (not query.focus or credential.focus in query.focus)
            and (not query.status or credential.status in query.status)
        )
        if wanted:
            items.append(_to_item(credential, other))
    sources = set(session.exec(select(Credential.source).distinct()))
    return Page(items=items, total=len(items), **stamp(session, sources))


def list_issuers(session: Session) -> list[str]:
    """Return who issues the credentials that are listed, by name."""
    issuers = select(Credential.issuer).where(col(Credential.retired_at).is_(None)).distinct()
    return sorted(session.exec(issuers))


def _issuers_asked(session: Session, asked: Sequence[str]) -> set[str]:
    """Return the issuers that words stand for: their initials or their whole names.

    Raises:
        InvalidRequestError: Nobody of this name issues a credential.
    """
    issuers = session.exec(select(Credential.issuer, Credential.issuer_name).distinct()).all()
    names = Names(((issuer, issuer) for issuer, _ in issuers), issuers)
    if faults := unknown_faults(names, "issuer", "issuer", asked):
        raise InvalidRequestError(faults)
    return {key for key in map(names.find, asked) if key}


def names_by_code(session: Session) -> dict[str, list[CredentialName]]:
    """Return credential -> its other codes and names."""
    names: dict[str, list[CredentialName]] = {}
    for name in session.exec(select(CredentialName).order_by(col(CredentialName.name))):
        names.setdefault(name.credential_code, []).append(name)
    return names


def _to_item(credential: Credential, names: Sequence[CredentialName]) -> CredentialItem:
    return CredentialItem(
        **credential.model_dump(include=set(CredentialItem.model_fields)),
        former_names=[name.name for name in names if name.relation == "former"],
    )


def resolve_code(session: Session, code: str) -> tuple[Credential, CredentialName | None]:
    """Return the credential a code or name stands for, and the former name or code if it is one.

    Raises:
        NotFoundError: No credential has, or had, this code or name.
    """
    names = load_credential_names(session)
    found = names.find(code)
    if found is None:
        raise NotFoundError("credential", code, names=names)
    credential = session.get_one(Credential, found)
    asked = bare(code)
    if bare(credential.name) in asked or asked == bare(credential.code):
        return credential, None
    others = session.exec(select(CredentialName).where(CredentialName.credential_code == found))
    return credential, max(
        (name for name in others if bare(name.name) in asked), key=lambda n: len(n.name)
    )


def credential_asked(session: Session, code: str) -> Credential:
    """Return the credential that the parameter ``credential`` names.

    Raises:
        InvalidRequestError: No credential has, or had, this code or name.
    """
    try:
        return resolve_code(session, code)[0]
    except NotFoundError as error:
        fault = Fault(error.detail, parameter="credential", value=code, suggestion=error.suggestion)
        raise InvalidRequestError([fault]) from error


def get_credential(session: Session, code: str, today: date) -> CredentialRead:
    """Return one credential, by any of its names, with every claim as known on a day.

    Raises:
        NotFoundError: No credential has, or had, this code or name.
    """
    credential, name = resolve_code(session, code)
    names = names_by_code(session).get(credential.code, [])
    claims = current_claims(session, credential.code)
    shared = current_claims(session, f"{ISSUER_WIDE}{credential.issuer}")
    rule = session.get(CredentialRule, ("eligibility", credential.code))
    eligibility = to_eligibility(rule.rules, today) if rule else None
    unknowns = unknowns_of(session, credential.code)
    shared_unknowns = unknowns_of(session, f"{ISSUER_WIDE}{credential.issuer}")
    told = order_claims(map(to_cell, shared), Subject.CREDENTIAL, today)
    asked = asked_fields(credential.status, unknowns, told)
    sources = {claim.source for claim in [*claims, *shared]} | {credential.source}
    if eligibility:
        sources |= {route.evidence.source for route in eligibility.any_of}
    silence = {
        c.field: c for c in [*shared, *claims] if c.value_status == ValueStatus.NOT_PUBLISHED
    }
    cells = _to_cells(claims, today, unknowns, asked, credential.issuer, silence)
    return CredentialRead(
        **_to_item(credential, names).model_dump(),
        resolved_from=name.name if name else None,
        is_apprentice=name is not None and name.relation == "apprentice",
        other_names=[OtherName.model_validate(n, from_attributes=True) for n in names],
        replaces=credential.replaces,
        related=credential.related,
        mixed_up_with=[MixedUp(**other) for other in credential.mixed_up_with],
        cells=cells,
        facts=_to_facts(cells),
        page_note=None if credential.page_url else _without_page(credential),
        issuer_rules=_to_cells(shared, today, shared_unknowns, shared_unknowns, credential.issuer),
        eligibility=eligibility,
        programs_url=f"/v1/credentials/{credential.code}/programs",
        **stamp(session, sources, today),
    )


def leading_cells(credential: CredentialRead, field: str) -> list[CellRead]:
    """Return what is told first of a field: of the exam, else of all exams of its issuer.

    Where neither is known, the cells that say so. Of pass rates it is the newest year.
    """
    own = [cell for cell in credential.cells if cell.field == field]
    known = [cell for cell in own if cell.current]
    shared = [cell for cell in credential.issuer_rules if cell.field == field and cell.current]
    cells = known or shared or own
    years = [cell.year for cell in cells if cell.year]
    if field == "first_time_pass_rate" and years:
        cells = [cell for cell in cells if cell.year == max(years)]
    return cells


def get_issuer_rules(session: Session, issuer: str, today: date) -> list[CellRead]:
    """Return the rules of all exams of an issuer, as known on a day."""
    wide = f"{ISSUER_WIDE}{issuer}"
    unknowns = unknowns_of(session, wide)
    return _to_cells(current_claims(session, wide), today, unknowns, unknowns, issuer)


def _without_page(credential: Credential) -> Message:
    return Message(
        "The address of the issuer's page on %(code)s is not known; the issuer is at %(url)s.",
        code=credential.code,
        url=credential.issuer_url,
    )


def _to_facts(cells: Sequence[CellRead]) -> dict[str, FactRead | None]:
    """Return what leads in each cell by "field", "field.qualifier" and year; None is unknown."""
    facts: dict[str, FactRead | None] = {}
    for cell in cells:
        if cell.current is None and cell.question is None:
            continue  # only history is left of it
        key = ".".join(str(part) for part in (cell.field, cell.qualifier, cell.year) if part)
        said = cell.current
        facts[key] = None
        if said is not None:
            facts[key] = FactRead(
                text=said.value_text,
                low=said.value_low,
                high=said.value_high,
                unit=said.unit,
                n=said.n,
                as_of=said.evidence.as_of,
                stale=said.evidence.stale,
                source=said.evidence.source,
                source_url=said.evidence.source_url,
                is_disputed=cell.remark is not None,
            )
    return facts


def list_cells(session: Session, field: str, today: date) -> dict[str, list[CellRead]]:
    """Return credential -> what is claimed of one field, as known on a day.

    A credential of which nothing is claimed there is left out.
    """
    statement = (
        select(CredentialClaim)
        .where(CredentialClaim.field == field, col(CredentialClaim.superseded_at).is_(None))
        .order_by(col(CredentialClaim.id))
    )
    claims: dict[str, list[CredentialClaim]] = {}
    for claim in session.exec(statement):
        claims.setdefault(claim.credential_code, []).append(claim)
    asked = select(CredentialUnknown).where(CredentialUnknown.field == field)
    unknowns = {row.credential_code: {field: row} for row in session.exec(asked)}
    issuers = issuers_by_code(session)
    return {
        code: _to_cells(found, today, unknowns.get(code, {}), (), issuers[code])
        for code, found in claims.items()
        if code in issuers
    }


def list_eligibility(session: Session, today: date) -> dict[str, EligibilityRules]:
    """Return credential -> the rules of its exam, of every credential that has some."""
    rules = session.exec(select(CredentialRule).where(CredentialRule.kind == "eligibility"))
    return {rule.subject: to_eligibility(rule.rules, today) for rule in rules}


def unknowns_of(session: Session, code: str) -> dict[str, CredentialUnknown]:
    """Return field -> open question on a credential, or on all of an issuer."""
    statement = select(CredentialUnknown).where(CredentialUnknown.credential_code == code)
    return {row.field: row for row in session.exec(statement)}


def current_claims(session: Session, code: str) -> list[CredentialClaim]:
    """Return the claims on a credential, or on all exams of an issuer, that are not superseded."""
    return list(
        session.exec(
            select(CredentialClaim)
            .where(
                CredentialClaim.credential_code == code,
                col(CredentialClaim.superseded_at).is_(None),
            )
            .order_by(col(CredentialClaim.id))
        )
    )


def to_cell(claim: CredentialClaim) -> Cell:
    """Return a claim as the rules see it."""
    return Cell(
        key=int(claim.id or 0),
        field=claim.field,
        qualifier=claim.qualifier,
        year=claim.year,
        low=claim.value_low,
        high=claim.value_high,
        unit=claim.unit,
        words=fold(claim.value_text),
        basis=claim.sayer_kind,
        as_of=claim.as_of,
        is_contradicted=claim.is_contradicted,
        domains=tuple(read_outline(claim.value_text)) if claim.field == "domains" else (),
    )


def _to_cells(
    claims: Sequence[CredentialClaim],
    today: date,
    unknowns: Mapping[str, CredentialUnknown],
    asked: Collection[str],
    issuer: str,
    silence: Mapping[str, CredentialClaim] = NOTHING,
) -> list[CellRead]:
    """Return the cells of claims, and an empty one for every field asked for and not among them.

    An open question stands with each cell of its field, for a statement may leave it open. Where
    only history is left of a cell, and the field is told otherwise, nothing is asked. Where
    figures of years are all old, what holds today is an empty cell beside them. ``silence`` is
    field -> who says that the issuer publishes none.
    """
    told = [claim for claim in claims if claim.value_status != ValueStatus.NOT_PUBLISHED]
    groups = group_cells(map(to_cell, told), today)
    by_key = {int(claim.id or 0): to_statement(claim, today) for claim in told}
    cells = []
    leading: dict[str, list[Cell]] = {}
    told_fields = {found[0].field for found in groups.values() if not found[0].is_contradicted}
    for (field, qualifier, year), found in groups.items():
        leader = None if found[0].is_contradicted else found[0]
        if leader:
            leading.setdefault(field, []).append(leader)
        statements = [(cell, by_key[cell.key]) for cell in (found[1:] if leader else found)]
        past = [said for _, said in statements if said.is_superseded]
        others = [(cell, said) for cell, said in statements if not said.is_superseded]
        remark = remark_on(leader, [cell for cell, _ in others], issuer) if leader else None
        is_past = leader is None and not others and field in told_fields
        is_open = (leader is None and not is_past) or remark is not None or field in unknowns
        question, whom = (
            to_question(field, unknowns.get(field), issuer) if is_open else (None, None)
        )
        against = {
            cell.key
            for cell, _ in others
            if leader is None or cell.is_contradicted or differs(cell, leader)
        }
        cells.append(
            CellRead(
                field=field,
                label=FIELD_LABELS[field],
                qualifier=qualifier,
                year=year,
                current=by_key[leader.key] if leader else None,
                agreeing=[said for cell, said in others if cell.key not in against],
                conflicts=[said for cell, said in others if cell.key in against],
                history=past,
                remark=remark,
                question=question,
                whom=whom,
            )
        )
    filled = {field for field, _, _ in groups}
    cells += [
        _to_unknown(field, unknowns.get(field), issuer, silence.get(field), today)
        for field in asked
        if field not in filled or asks_for_today(field, leading.get(field, ()), today)
    ]
    return cells


def question_for(session: Session, credential: Credential, field: str) -> tuple[str, str]:
    """Return what to ask about a field of a credential or of its issuer, and whom."""
    unknowns = unknowns_of(session, f"{ISSUER_WIDE}{credential.issuer}")
    unknowns |= unknowns_of(session, credential.code)
    return to_question(field, unknowns.get(field), credential.issuer)


def to_question(field: str, unknown: CredentialUnknown | None, issuer: str) -> tuple[str, str]:
    """Return what to ask about a field, and whom."""
    if unknown:
        return unknown.question, unknown.whom
    return Message("%(field)s: what holds today?", field=FIELD_LABELS[field]), issuer


def _to_unknown(
    field: str,
    unknown: CredentialUnknown | None,
    issuer: str,
    silence: CredentialClaim | None,
    today: date,
) -> CellRead:
    question, whom = to_question(field, unknown, issuer)
    remark, said, current = None, [], None
    if silence and age_of(silence.as_of, Subject.CREDENTIAL, today) is not Age.FUTURE:
        sayer = SayerKind(silence.sayer_kind)
        remark = remark_on_silence(sayer, silence.as_of, issuer)
        said = [to_statement(silence, today)]
        if basis_of(sayer) is Basis.STATED_BY_ISSUER:
            current, said = said[0], []
    return CellRead(
        field=field,
        label=FIELD_LABELS[field],
        qualifier=None,
        year=None,
        current=current,
        agreeing=[],
        conflicts=said,
        history=[],
        remark=remark,
        question=question,
        whom=whom,
    )


def to_statement(claim: CredentialClaim, today: date) -> StatementRead:
    """Return a claim as served on a day."""
    return StatementRead(
        value_text=claim.value_text,
        value_low=claim.value_low,
        value_high=claim.value_high,
        unit=claim.unit,
        n=claim.n,
        sayer=claim.sayer_kind,
        is_contradicted=claim.is_contradicted,
        is_superseded=claim.is_superseded,
        superseded_on=claim.superseded_on,
        in_force_from=claim.in_force_from,
        value_status=claim.value_status,
        seen_on=edition[0] if (edition := EDITION.search(claim.origin)) else None,
        domains=[
            DomainRead(name=domain.name, low=domain.low, high=domain.high)
            for domain in (read_outline(claim.value_text) if claim.field == "domains" else ())
        ],
        note=claim.note,
        evidence=Evidence(
            source=claim.source,
            source_url=claim.source_url,
            as_of=claim.as_of,
            basis=claim.basis,
            as_stated=claim.as_stated,
            words_sha256=hash_of(claim.as_stated),
            **aging(claim.as_of, Subject.CREDENTIAL, today),
        ),
    )


def to_eligibility(rules: Mapping[str, Any], today: date) -> EligibilityRules:
    """Return the rules of an exam as served on a day."""
    routes = [to_route(route, today) for route in rules.get("any_of", [])]
    is_closed = bool(rules.get("closed"))
    is_unknown = not is_closed and (
        bool(rules.get("unknown")) or not any(route.decides for route in routes)
    )
    apprentice = rules.get("apprentice")
    return EligibilityRules(
        said=_said_of(routes, is_closed=is_closed, is_unknown=is_unknown),
        any_of=routes,
        decision_order=[
            DecisionLine(
                line=at,
                answer=line["answer"],
                text=Message(str(line["text"])),
                answer_instead=line.get("answer_instead"),
            )
            for at, line in enumerate(rules.get("decision_order", []), start=1)
        ],
        is_closed=is_closed,
        is_unknown=is_unknown,
        question=rules.get("question"),
        early_testing=rules.get("early_testing"),
        never=rules.get("never", []),
        advice=rules.get("advice", []),
        documents=[document["text"] for document in rules.get("documents", [])],
        apprentice=ApprenticeRule(
            code=apprentice["code"],
            removed_by=apprentice["combinations"],
            credits=apprentice["credits"],
            evidence=_to_rule_evidence(apprentice, today),
        )
        if apprentice
        else None,
        note=rules.get("note"),
    )


def _said_of(routes: Sequence[RouteRead], *, is_closed: bool, is_unknown: bool) -> Message:
    """Return in a sentence who may sit an exam, or that nobody tells."""
    if is_closed:
        return Message("The exam is not offered to anybody any more.")
    if not is_unknown:
        ways = [Message(route.text) for route in routes if route.decides]
        return Listing(" / ", ways)
    if routes:
        return Message(
            "Nobody who may be relied on tells who may take this exam; what others say is listed "
            "and decides nothing. Ask the issuer."
        )
    return Message("Nobody who may be relied on tells who may take this exam. Ask the issuer.")


def to_route(route: dict[str, Any], today: date) -> RouteRead:
    """Return a route as served on a day."""
    return RouteRead(
        route=route["route"],
        text=route["text"],
        all_of=route.get("all_of", []),
        decides=route.get("decides", True),
        conflicting=route.get("conflicting", False),
        note=route.get("note"),
        sayer=route["source_kind"],
        evidence=_to_rule_evidence(route, today),
        agreeing=[_to_rule_evidence(other, today) for other in route.get("also", [])],
    )


def _to_rule_evidence(said: dict[str, Any], today: date) -> Evidence:
    return Evidence(
        source=said["source"],
        source_url=said["source_url"],
        as_of=said["as_of"],
        basis=basis_of(SayerKind(said["source_kind"])),
        as_stated=None,
        **aging(said["as_of"], Subject.CREDENTIAL, today),
    )
