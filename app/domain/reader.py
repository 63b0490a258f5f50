"""Who asks, and for whose price of a school that is."""

from dataclasses import dataclass

from app.domain.messages import Message, state_name
from app.domain.vocabulary import Residency


@dataclass(frozen=True, slots=True)
class Reader:
    """What a reader tells: the state of home, by USPS code, and a residency asked for outright."""

    home_state: str | None = None
    residency: Residency | None = None

    @property
    def pays_as_resident(self) -> bool:
        """Whether prices of residents are the reader's everywhere."""
        return residency_for(self, "") is Residency.IN_STATE


ANYBODY = Reader()
"""A reader of whom nothing is told."""


def residency_for(reader: Reader, school_state: str) -> Residency:
    """Return as whom a reader pays at the schools of a state.

    A residency asked for outright wins over the state of home. Who tells neither is shown the
    price of residents.
    """
    if reader.residency is not None:
        return reader.residency
    if reader.home_state in (None, school_state):
        return Residency.IN_STATE
    return Residency.OUT_OF_STATE


def whose_price(residency: str | None, school_state: str) -> Message:
    """Return in words for whom a price of a school of a state holds."""
    state = state_name(school_state)
    match residency:
        case Residency.ANY:
            return Message("one price for everybody")
        case Residency.IN_DISTRICT:
            return Message("for residents of the school's district")
        case Residency.IN_STATE:
            return Message("for residents of %(state)s", state=state)
        case Residency.OUT_OF_STATE:
            return Message("for people from outside %(state)s", state=state)
        case _:
            return Message("for whom it holds is not stated")
