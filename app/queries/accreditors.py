"""Accreditors: who accredits what, as it ships with the service, and what is known of them."""

from datetime import date

from sqlmodel import Session, col, select

from app.domain.accreditors import Remit, Remits, load_remits
from app.domain.evidence import Subject
from app.domain.vocabulary import AwardLevel
from app.queries.credentials import ISSUER_WIDE, unknowns_of
from app.queries.releases import stamp
from app.schemas.accreditors import AccreditorFactRead, AccreditorsRead, OpenQuestion, RemitRead
from app.schemas.pages import Evidence, aging, hash_of
from app.settings import get_settings
from app.store.tables.credentials import AccreditorFact, CredentialRule

COMPILED = "hit-compare"
"""Source of what we compiled from the pages that each entry names."""


def published_remits() -> Remits:
    """Return who accredits, certifies or approves what."""
    return load_remits(get_settings().seed_dir / "accreditors.json")


def get_accreditors(session: Session, today: date) -> AccreditorsRead:
    """Return who accredits what, facts on accreditors, and the meaning of each status."""
    facts = list(
        session.exec(
            select(AccreditorFact).order_by(
                col(AccreditorFact.body), col(AccreditorFact.fact), col(AccreditorFact.value)
            )
        )
    )
    rules = list(
        session.exec(
            select(CredentialRule)
            .where(col(CredentialRule.kind).in_(["accreditation_status", "applicability"]))
            .order_by(col(CredentialRule.position))
        )
    )
    return AccreditorsRead(
        remits=[_to_remit(remit, today) for remit in published_remits()],
        facts=[AccreditorFactRead.model_validate(f, from_attributes=True) for f in facts],
        statuses=[rule.rules for rule in rules if rule.kind == "accreditation_status"],
        applicability=[rule.rules for rule in rules if rule.kind == "applicability"],
        questions=[
            OpenQuestion.model_validate(row, from_attributes=True)
            for row in unknowns_of(session, f"{ISSUER_WIDE}CAHIIM").values()
        ],
        **stamp(session, {COMPILED} | {f.source for f in facts} | {r.source for r in rules}, today),
    )


def _to_remit(remit: Remit, today: date) -> RemitRead:
    return RemitRead(
        body=remit.body,
        name=remit.name,
        other_names=list(remit.other_names),
        kind=remit.kind,
        field=remit.field,
        cip_codes=sorted(remit.cip_codes),
        award_levels=[level for level in AwardLevel if level in remit.award_levels],
        is_certain=remit.is_certain,
        began_on=remit.began_on,
        ended_on=remit.ended_on,
        note=remit.note,
        evidence=[
            Evidence(
                source=COMPILED,
                source_url=page.source_url,
                as_of=page.as_of,
                basis=page.basis,
                as_stated=page.as_stated,
                words_sha256=hash_of(page.as_stated),
                **aging(page.as_of, Subject.ACCREDITATION, today),
            )
            for page in remit.evidence
        ],
    )
