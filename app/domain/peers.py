"""Programs that a score compares with: those of the same family of fields and the same award."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.checklist.scoring import Interval
from app.domain.messages import N_, Message, word
from app.domain.vocabulary import GONE

ORDER_NOTE = N_(
    "A score says how much can be verified before enrolling, and compares only within one kind "
    "of program: the same field and level."
)
"""What is to be said of an order by score."""

FAMILIES: Mapping[str, tuple[Message, frozenset[str]]] = {
    "health-information": (Message("health information"), frozenset({"51.0706", "51.0707"})),
    "coding-and-billing": (
        Message("medical coding and billing"),
        frozenset({"51.0713", "51.0714"}),
    ),
    "medical-office": (
        Message("medical office work"),
        frozenset({"51.0705", "51.0709", "51.0710", "51.0711", "51.0712", "51.0716"}),
    ),
    "health-administration": (
        Message("health administration"),
        frozenset({"51.0701", "51.0702", "51.0718"}),
    ),
}
"""Family -> what it is called, and its CIP 2020 codes; any other code is a family of its own."""

FAMILY_OF = {code: family for family, (_, codes) in FAMILIES.items() for code in codes}

Place = tuple[float, float]
"""What decides between peers: the likely score, then its low end, as they are shown."""

Board = Sequence[tuple[float, float, int]]
"""The places of programs of one kind, the lowest first, each with how many programs have it."""


@dataclass(frozen=True, slots=True)
class PeerRank:
    """The place of a program among those of its kind, from 1; equals share it."""

    kind: Message
    rank: int
    of: int


CLOSED_TO_NEW = frozenset(map(str, GONE))
"""Statuses of programs that lists leave out, and that nothing is ranked among."""


def kind_of(cip_code: str | None, award_level: str | None) -> str | None:
    """Return the key of the kind that a program is compared within; None: it is not known."""
    if cip_code is None or award_level is None:
        return None
    return f"{FAMILY_OF.get(cip_code, cip_code)}/{award_level}"


def codes_in(kind: str) -> tuple[frozenset[str], str]:
    """Return the CIP codes of a kind, and its award."""
    family, _, award_level = kind.partition("/")
    return FAMILIES[family][1] if family in FAMILIES else frozenset({family}), award_level


def to_place(likely: float, low: float) -> Place:
    """Return what decides the place of a score among its peers."""
    return round(likely, 1), round(low, 1)


def place_of(interval: Interval) -> Place:
    """Return what decides the place of a score among its peers."""
    return to_place(interval.likely, interval.low)


def to_board(places: Iterable[Place]) -> Board:
    """Return the places of programs, each once."""
    counts: dict[Place, int] = {}
    for place in places:
        counts[place] = counts.get(place, 0) + 1
    return [(likely, low, counts[likely, low]) for likely, low in sorted(counts)]


def rank_in(board: Board, place: Place, kind: str, field: str | None) -> PeerRank:
    """Return the rank of a place on the board of its kind; ``field`` is the title of its code."""
    family, _, award_level = kind.partition("/")
    above = bisect_left(board, (*place, float("inf")), key=lambda one: one)
    named = FAMILIES[family][0] if family in FAMILIES else field or family
    return PeerRank(
        kind=Message("%(award)s in %(field)s", award=word(award_level), field=named),
        rank=1 + sum(count for _, _, count in board[above:]),
        of=sum(count for _, _, count in board),
    )
