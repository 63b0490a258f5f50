"""Addresses under which a school answers the open questions of a program, and what it answers."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from app.domain.checklist.answers import answer_of
from app.domain.checklist.curation import begun_claim, level_of
from app.domain.checklist.scoring import points_at_stake
from app.domain.dossier import Dossier
from app.domain.messages import Message
from app.domain.text.addresses import is_on_site
from app.domain.vocabulary import Basis, Finding
from app.errors import ConflictError, Fault, InvalidRequestError, NotFoundError
from app.ledger.found_facts import Kept, keep_record, named
from app.queries.dossiers import BY_ID, find_dossiers, get_dossier, load_dossiers
from app.schemas.found_facts import AnswerLinkRead
from app.store.tables.changes import DraftEdit
from app.store.tables.programs import Program
from app.store.tables.reading import AnswerLink, FoundFact


def make_link(
    session: Session, slug: str, days: int, actor: str, now: datetime
) -> tuple[AnswerLink, str]:
    """Return a new address for the school of a program, and its secret part, which is kept nowhere.

    Raises:
        InvalidRequestError: There is no such program.
    """
    try:
        dossier = get_dossier(session, slug, now.date())
    except NotFoundError as error:
        raise InvalidRequestError([error.in_body("#/program")]) from error
    secret = secrets.token_urlsafe(24)
    forget_contacts(session, now)
    link = AnswerLink(
        program_id=dossier.program.id,
        secret_sha256=_digest(secret),
        made_by=actor,
        made_at=now,
        expires_on=now + timedelta(days=days),
    )
    session.add(link)
    session.flush()
    return link, secret


def forget_contacts(session: Session, now: datetime) -> None:
    """Forget whom schools said may be asked back, once their addresses have ended."""
    over = sa.or_(col(AnswerLink.expires_on) <= now, col(AnswerLink.revoked_at).is_not(None))
    session.execute(sa.update(AnswerLink).where(over).values(contact=None))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find_link(session: Session, secret: str, now: datetime) -> AnswerLink:
    """Return the link of an address.

    Raises:
        NotFoundError: There is none, it is revoked, or its time is over.
    """
    link = session.exec(
        select(AnswerLink).where(AnswerLink.secret_sha256 == _digest(secret))
    ).first()
    if link is None or link.revoked_at is not None or link.expires_on <= now:
        raise NotFoundError("address for answers", "…")
    return link


def list_links(session: Session) -> list[AnswerLinkRead]:
    """Return every link, the newest first; their secret parts are not known."""
    rows = session.exec(
        select(AnswerLink, Program.slug)
        .join(Program, col(Program.id) == AnswerLink.program_id)
        .order_by(col(AnswerLink.id).desc())
    )
    return [to_read(link, slug, None) for link, slug in rows]


def to_read(link: AnswerLink, program: str, url: str | None) -> AnswerLinkRead:
    """Return a link as editors see it."""
    return AnswerLinkRead.model_validate({**link.model_dump(), "program": program, "url": url})


def revoke_link(session: Session, number: int, now: datetime) -> AnswerLinkRead:
    """End a link.

    Raises:
        NotFoundError: There is none of this number.
        ConflictError: It is revoked already.
    """
    link = session.get(AnswerLink, number)
    if link is None:
        raise NotFoundError("answer link", str(number))
    if link.revoked_at is not None:
        raise ConflictError(f"The answer link {number} is revoked already.")
    link.revoked_at, link.contact = now, None
    session.add(link)
    session.flush()
    slug = session.exec(select(Program.slug).where(Program.id == link.program_id)).one()
    return to_read(link, slug, None)


def dossier_of(session: Session, link: AnswerLink, now: datetime) -> Dossier:
    """Return what is known of the program of a link."""
    return load_dossiers(session, BY_ID, [link.program_id], now.date())[0]


def open_checks(dossier: Dossier) -> list[str]:
    """Return the checks that a school can still settle, by the points that hang on them."""
    stakes = points_at_stake(dossier.rubric, dossier.findings)
    return sorted(stakes, key=lambda check: -stakes[check])


@dataclass(frozen=True, slots=True)
class Answer:
    """What a school says to one check, as it was typed into the form."""

    check: str
    finding: str
    url: str
    typed: Mapping[str, str]
    label: str


def take_answers(
    session: Session,
    link: AnswerLink,
    answers: Sequence[Answer],
    contact: str | None,
    now: datetime,
) -> Kept:
    """Keep what a school answers, as stated by it today, until an editor decides.

    Raises:
        InvalidRequestError: Nothing is answered, or an answer cannot be taken; every fault is told.
    """
    dossier = dossier_of(session, link, now)
    made, faults = [], []
    for answer in answers:
        try:
            made.append(
                (
                    answer,
                    answer_of(
                        answer.check,
                        answer.finding,
                        answer.typed,
                        dossier.program.award_level,
                        dossier.accreditors,
                    ),
                )
            )
        except ValueError as error:
            faults.append(Fault(error.args[0], parameter=answer.check))
    if not answers:
        faults.append(Fault(Message("Answer at least one question."), parameter="answers"))
    if faults:
        raise InvalidRequestError(faults)
    kept = Kept()
    _take_back(session, link, [answer.check for answer in answers], now)
    for answer, (collection, values) in made:
        record = {
            **named(dossier, level_of(answer.check)),
            **values,
            "source_url": answer.url or dossier.school.website,
            "as_of": now.date().isoformat(),
            "basis": str(Basis.STATED_BY_INSTITUTION),
        }
        kept.add(
            keep_record(
                session,
                dossier.program.id,
                collection,
                record,
                now,
                sentence=answer.label,
                rule=rule_of(answer.check),
                confidence=1.0,
                origin="school",
                link_id=link.id,
            )
        )
    link.answered_at = now
    link.contact = contact or link.contact
    session.add(link)
    session.flush()
    return kept


def _take_back(session: Session, link: AnswerLink, checks: Sequence[str], now: datetime) -> None:
    """Take what waits of earlier answers to the same questions: the school answers anew."""
    earlier = session.exec(
        select(FoundFact).where(
            FoundFact.link_id == link.id,
            FoundFact.state == "open",
            col(FoundFact.rule).in_([rule_of(check) for check in checks]),
        )
    )
    for fact in earlier:
        fact.state, fact.reason, fact.decided_at = "gone", "The school has answered anew", now
        session.add(fact)
    session.flush()


def rule_of(check: str) -> str:
    """Return the rule of a fact that is a school's answer to a check."""
    return f"{SCHOOL_RULE}{check}"


SCHOOL_RULE = "school."


def answered(session: Session, link: AnswerLink) -> list[tuple[FoundFact, int | None]]:
    """Return what was answered under a link, and the release that publishes each.

    What the school has answered anew since is left out.
    """
    statement = (
        select(FoundFact, DraftEdit.published_in)
        .outerjoin(DraftEdit, col(DraftEdit.id) == FoundFact.edit_id)
        .where(FoundFact.link_id == link.id, FoundFact.state != "gone")
        .order_by(col(FoundFact.id))
    )
    return [(fact, release) for fact, release in session.exec(statement)]


def take_findings(
    session: Session,
    answers: Mapping[str, Mapping[str, Finding]],
    source_url: str,
    now: datetime,
) -> Kept:
    """Keep what a reader was told by schools, with the page or mail that shows it, for an editor.

    Who sends it is not kept. What a finding alone does not tell, such as an amount, an editor adds.

    Args:
        session: In a transaction that writes.
        answers: Program -> check -> what its school answered.
        source_url: Where it can be seen.
        now: The moment.
    """
    kept = Kept()
    for dossier in find_dossiers(session, list(answers), now.date()).values():
        for check, finding in answers[dossier.program.slug].items():
            try:
                collection, values = begun_claim(
                    check, finding, dossier.program.award_level, dossier.accreditors
                )
            except ValueError:  # "unknown": nothing is said
                continue
            about = named(dossier, level_of(check))
            evidence = {
                "source_url": source_url,
                "as_of": now.date().isoformat(),
                "basis": str(_basis(dossier, source_url)),
            }
            kept.add(
                keep_record(
                    session,
                    dossier.program.id,
                    collection,
                    {**about, **values, **evidence},
                    now,
                    sentence=f"{check}: {finding}",
                    rule=f"reader.{check}",
                    confidence=0.5,
                    origin="reader",
                )
            )
    return kept


def _basis(dossier: Dossier, source_url: str) -> Basis:
    """Return whose word a page is: the school's own, where it is on its website."""
    website = dossier.school.website
    is_own = website is not None and is_on_site(source_url, website)
    return Basis.STATED_BY_INSTITUTION if is_own else Basis.THIRD_PARTY


def count_today(session: Session, since: datetime) -> int:
    """Return how many facts readers have sent since a moment."""
    count = select(func.count()).select_from(FoundFact)
    return session.exec(
        count.where(FoundFact.origin == "reader", col(FoundFact.found_at) >= since)
    ).one()
