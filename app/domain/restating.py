"""Several records on one program: which of their claims hold, and which are history."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date

from app.domain.claims import ProgramClaim, identity_of
from app.domain.evidence import to_span

EVIDENCE = frozenset(field.name for field in fields(ProgramClaim))


def day_of(claim: ProgramClaim) -> date:
    """Return the last day that a claim's date means; the first of all days where it has none."""
    try:
        span = to_span(claim.as_of)
    except ValueError:
        span = None
    return span.last if span else date.min


def restates(newer: ProgramClaim, older: ProgramClaim) -> bool:
    """Return whether one claim answers all that another of the same sayer answers."""
    if identity_of(newer) != identity_of(older) or newer.basis != older.basis:
        return False
    facts = [f.name for f in fields(older) if f.name not in EVIDENCE]
    return all(_is_told(newer, name) for name in facts if _is_told(older, name))


def _is_told(claim: ProgramClaim, name: str) -> bool:
    return getattr(claim, name) not in (None, [], False)


def settle(
    records: Sequence[Sequence[ProgramClaim]],
) -> list[tuple[list[ProgramClaim], list[ProgramClaim]]]:
    """Return, for each of several records on one program, its claims that hold and its history.

    A claim is history where another record restates it with a newer date, or with the same one if
    that record stands before its own.
    """
    settled = []
    for place, claims in enumerate(records):
        holding: list[ProgramClaim] = []
        history: list[ProgramClaim] = []
        for claim in claims:
            is_restated = any(
                restates(other, claim) and (day_of(other), -at) > (day_of(claim), -place)
                for at, others in enumerate(records)
                if at != place
                for other in others
            )
            (history if is_restated else holding).append(claim)
        settled.append((holding, history))
    return settled
