"""Whether a school operates, and a program takes students: one answer of all that sources say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.domain.claims import OfferingClaim, ProgramClaim, StatusClaim
from app.domain.evidence import Age, Subject, age_of, to_span
from app.domain.vocabulary import GONE, RUNNING, Level, ProgramStatus, SchoolStatus


class DirectoryEntry(Protocol):
    """A school as its directory has it."""

    @property
    def is_active(self) -> bool | None: ...  # noqa: D102
    @property
    def closed_on(self) -> str | None: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def as_of(self) -> str | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Operation:
    """How a school stands on a day; ``status`` None: nobody tells.

    ``claims`` are those that say so, the leading one first. ``closed_on`` is a day, a month or a
    year, and stands only beside a school that has closed, or will.
    """

    status: SchoolStatus | None = None
    closed_on: str | None = None
    successor_unitid: int | None = None
    successor_name: str | None = None
    claims: Sequence[StatusClaim] = ()

    @property
    def is_active(self) -> bool | None:
        """Whether it still teaches; None: nobody tells."""
        return None if self.status is None else self.status in RUNNING

    @property
    def is_gone(self) -> bool:
        """Whether no new student should choose it."""
        return self.status in GONE


def operation_of(
    claims: Sequence[StatusClaim], school: DirectoryEntry, basis: str, day: date
) -> Operation:
    """Return how a school stands by the claims known on a day, which come in their order.

    Where there are none, the entry of its directory speaks, on the word of ``basis``.

    An end outweighs any statement that the school is open, for directories keep a school that has
    closed for a year or more; it lasts until the source that told of it says otherwise. A
    statement that it is open counts within its shelf life.
    """
    claims = claims or _claims_of(school, basis)
    ends = [claim for claim in claims if claim.status in GONE]
    if not ends:
        fresh = [c for c in claims if age_of(c.as_of, Subject.STATUS, day) is not Age.STALE]
        return Operation(SchoolStatus.OPEN, claims=fresh) if fresh else Operation()
    leader = next((claim for claim in ends if claim.successor_unitid or claim.closed_on), ends[0])
    status = SchoolStatus(leader.status)
    closed_on = leader.closed_on or next((c.closed_on for c in ends if c.closed_on), None)
    last_day = last_day_of(closed_on)
    if last_day is not None and last_day > day:
        status = SchoolStatus.CLOSING
    elif last_day is not None and status is SchoolStatus.CLOSING:
        status = SchoolStatus.CLOSED
    return Operation(
        status,
        closed_on,
        leader.successor_unitid,
        leader.successor_name,
        [leader, *(claim for claim in ends if claim is not leader)],
    )


def _claims_of(school: DirectoryEntry, basis: str) -> list[StatusClaim]:
    status = SchoolStatus.OPEN if school.is_active else SchoolStatus.NOT_OPERATING
    if school.closed_on:
        status = SchoolStatus.CLOSED
    elif school.is_active is None:
        return []
    return [
        StatusClaim(
            level=Level.INSTITUTION,
            source=school.source,
            basis=basis,
            as_of=school.as_of,
            status=status,
            closed_on=school.closed_on,
        )
    ]


def last_day_of(closed_on: str | None) -> date | None:
    """Return the last day that a closing as printed can mean; None: it cannot be read."""
    try:
        span = to_span(closed_on)
    except ValueError:
        return None
    return span.last if span else None


def program_status(
    school: Operation, offerings: Sequence[OfferingClaim]
) -> tuple[ProgramStatus | None, Sequence[ProgramClaim]]:
    """Return whether a program takes students, and the claims that say so.

    No program is more open than its school. ``offerings`` are the claims on the program that
    still count, in their order.
    """
    for claim in () if school.is_gone else offerings:
        if claim.enrollment_status is not None:
            return ProgramStatus(claim.enrollment_status), [claim]
    return ProgramStatus(school.status) if school.status else None, school.claims
