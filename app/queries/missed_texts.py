"""Texts that found nothing."""

from datetime import date, timedelta

from sqlmodel import Session, col, func, select

from app.store.tables.missed_texts import MissedText

DAYS_KEPT = 30
"""Days that a text is kept."""


def list_missed(session: Session, today: date) -> dict[str, int]:
    """Return the texts that are kept with how often they found nothing, the most asked first."""
    times = func.sum(MissedText.times)
    kept = col(MissedText.day) > today - timedelta(days=DAYS_KEPT)
    rows = select(MissedText.text, times).where(kept).group_by(col(MissedText.text))
    return dict(session.exec(rows.order_by(times.desc(), col(MissedText.text))).all())
