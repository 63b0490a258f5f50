"""How many credits count in a program and what is left, from the claims on it."""

from sqlmodel import Session

from app.domain.credentials.timeline import Credits, Length
from app.domain.dossier import Dossier
from app.domain.messages import Message
from app.domain.transfer import Transfer, agreements_between, find_transfer
from app.queries.dossiers import find_dossiers, stamp_of
from app.queries.timeline import length_of_program
from app.schemas.claims import to_evidence
from app.schemas.timeline import AssumptionRead, MonthsRead
from app.schemas.transfer import (
    AwardCredits,
    BoundsRead,
    TransferEstimate,
    TransferGround,
    TransferQuery,
    TransferQuestion,
)

REGISTRAR = "registrar"

QUESTIONS = (
    Message(
        "How many of my credits count toward this degree or certificate, and which courses "
        "do they replace?"
    ),
    Message("How many credits must be earned at your school at least?"),
    Message("How old may courses be, and which grades do you accept?"),
)


def get_transfer(session: Session, dossier: Dossier, query: TransferQuery) -> TransferEstimate:
    """Return how many credits count in a program, and what is left to earn."""
    length, sources = length_of_program(dossier.facts, dossier.day)
    sender, sending = query.brought_from, None
    if query.brought_from is not None:
        found = find_dossiers(session, [query.brought_from], dossier.day)
        sending = found.get(query.brought_from)
        if sending is not None:
            sender = sending.school.name
    agreements = (
        agreements_between(
            sending.known.transfer if sending else (),
            dossier.known.transfer,
            sender=sender,
            receiver=dossier.school.name,
        )
        if sender
        else []
    )
    transfer = find_transfer(
        dossier.known,
        agreements,
        sender=sender or "",
        credits_=query.credits,
        needed=length.credits,
        today=dossier.day,
    )
    left = transfer.left
    claims = [claim for ground in transfer.grounds for claim in ground.claims]
    return TransferEstimate(
        program=dossier.program.slug,
        institution=dossier.school.name,
        award_level=dossier.program.award_level,
        credits=query.credits,
        brought_from=sender,
        is_known=transfer.is_known,
        summary=_summary(transfer, query.credits),
        counted=BoundsRead(low=transfer.counted_low, high=transfer.counted_high),
        needed=AwardCredits(
            value=length.credits,
            is_assumed=length.credits is not None
            and not any(claim.credits or claim.credits_high for claim in dossier.offerings),
        ),
        left=None if left is None else BoundsRead(low=left.low, high=left.high),
        months_left=_months_left(length, left),
        grounds=[
            TransferGround(
                topic=ground.topic,
                text=ground.text,
                evidence=[to_evidence(claim, dossier.day) for claim in ground.claims],
            )
            for ground in transfer.grounds
        ],
        assumptions=[AssumptionRead(text=length.assumption.text, basis=length.assumption.basis)],
        questions=[TransferQuestion(ask=ask, whom=REGISTRAR) for ask in QUESTIONS],
        **stamp_of(dossier, {*sources, *(claim.source for claim in claims)}),
    )


def _months_left(length: Length, left: Credits | None) -> MonthsRead:
    """Return the months of full-time study in proportion to the credits that are left."""
    low, high = length.months.low, length.months.high
    if left is None or not length.credits:
        return MonthsRead(low=None, high=high)
    return MonthsRead(
        low=None if low is None else round(low * left.low / length.credits, 1),
        high=None if high is None else round(high * left.high / length.credits, 1),
    )


def _summary(transfer: Transfer, credits_: float | None) -> Message:
    low, high = f"{transfer.counted_low:g}", transfer.counted_high
    if high is None:
        return Message("No source says how many credits count here: none to all. Ask the school.")
    if transfer.is_known:
        return Message(
            "Between %(low)s and %(high)s credits count, as far as sources tell; the school "
            "decides.",
            low=low,
            high=f"{high:g}",
        )
    if credits_ is None:
        return Message(
            "No source says how many credits count here: none, or as many as the award takes, "
            "%(high)s. Ask the school.",
            high=f"{high:g}",
        )
    return Message(
        "No source says how many of your %(n)s credits count here: none to %(high)s. Ask the "
        "school.",
        n=f"{credits_:g}",
        high=f"{high:g}",
    )
