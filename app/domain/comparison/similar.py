"""Which programs are the nearest alternatives to one, and in which respect each is better."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from app.domain.checklist.scoring import Interval
from app.domain.messages import N_, Key, Message
from app.domain.places import Point, miles_between
from app.domain.vocabulary import CERTIFICATE, AwardLevel, CostUnit, Delivery, Finding

LADDER = (
    (CERTIFICATE,),
    (AwardLevel.ASSOCIATE,),
    (AwardLevel.BACHELOR,),
    (AwardLevel.POSTBACCALAUREATE_CERTIFICATE, AwardLevel.MASTER),
    (
        AwardLevel.POSTMASTER_CERTIFICATE,
        AwardLevel.DOCTORATE_RESEARCH,
        AwardLevel.DOCTORATE_PROFESSIONAL,
        AwardLevel.DOCTORATE_OTHER,
    ),
)
"""Award groups, step by step; those of one step and of the next are neighbours."""

BANDS = (25.0, 50.0, 100.0, 250.0, 500.0)
"""Miles up to which distances count alike, so that a mile more does not outweigh a price."""

NEARBY_MILES = 25.0
"""Up to here distance is not held against an alternative."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What decides how near an alternative is; None is unknown."""

    program_id: int
    slug: str
    institution_id: int
    cip_code: str | None
    award_level: str | None
    award_group: str | None
    point: Point | None
    delivery: frozenset[str]
    price_cents: int | None
    price_terms: tuple[str | None, str | None]

    @property
    def is_online(self) -> bool:
        """Whether it is known to be possible to take it online."""
        return Delivery.ONLINE in self.delivery


@dataclass(frozen=True, slots=True)
class Alternative:
    """A candidate with how near it is; ``miles`` is the true distance, None: unknown."""

    candidate: Candidate
    is_same_field: bool
    is_same_award: bool
    miles: float | None


def neighbours(award_group: str | None) -> list[str]:
    """Return the award groups of the same and of the next steps, the own one among them."""
    for at, step in enumerate(LADDER):
        if award_group in step:
            return [str(g) for near in LADDER[max(0, at - 1) : at + 2] for g in near]
    return []


def nearest_alternatives(
    to: Candidate, candidates: list[Candidate], limit: int
) -> list[Alternative]:
    """Return the nearest alternatives, at most one a school.

    Field comes first (the same code before its series), then the award (the same level before
    others), then distance in bands, delivery, price, and the miles themselves. Nobody
    has to go to an online program, so that it stands with the nearest. Nothing of the program's
    own school is an alternative.
    """
    best: dict[int, Candidate] = {}
    for candidate in _in_order(to, candidates):
        best.setdefault(candidate.institution_id, candidate)
        if len(best) == limit:
            break
    return [
        Alternative(
            candidate,
            is_same_field=to.cip_code is not None and candidate.cip_code == to.cip_code,
            is_same_award=to.award_level is not None and candidate.award_level == to.award_level,
            miles=_miles(to, candidate),
        )
        for candidate in best.values()
    ]


def _in_order(to: Candidate, candidates: list[Candidate]) -> Iterator[Candidate]:
    """Yield candidates, the nearest first; what few of them need is only found out of those."""
    groups: dict[tuple[bool, int, int], list[tuple[float, Candidate]]] = {}
    for other in candidates:
        if other.institution_id != to.institution_id:
            miles = 0.0 if other.is_online else _miles(to, other)
            place = (
                other.cip_code != to.cip_code,
                (other.award_level != to.award_level) + (other.award_group != to.award_group),
                len(BANDS) + 1 if miles is None else bisect_left(BANDS, miles),
            )
            groups.setdefault(place, []).append((inf if miles is None else miles, other))
    for _, group in sorted(groups.items()):
        group.sort(
            key=lambda pair: (
                _delivery_gap(to, pair[1]),
                _price_gap(to, pair[1]),
                pair[0],
                pair[1].slug,
            )
        )
        yield from (other for _, other in group)


def _miles(to: Candidate, other: Candidate) -> float | None:
    if to.point is None or other.point is None:
        return None
    return miles_between(to.point, other.point)


def _delivery_gap(to: Candidate, other: Candidate) -> int:
    if not to.delivery or not other.delivery:
        return 1
    return 0 if to.delivery & other.delivery else 2


def _price_gap(to: Candidate, other: Candidate) -> float:
    """Return how far prices are apart as a share of the larger one; unknown is half-way."""
    known = to.price_cents is not None and other.price_cents is not None
    if not known or to.price_terms != other.price_terms:
        return 0.5
    low, high = sorted((to.price_cents or 0, other.price_cents or 0))
    return 1 - low / high if high else 0.0


@dataclass(frozen=True, slots=True)
class Price:
    """Tuition and fees with the terms on which they compare."""

    dollars: float
    unit: str
    terms: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a program offers, where it is known."""

    price: Price | None
    accreditation: Finding
    score: Interval
    practicum: Interval | None
    delivery: frozenset[str]


@dataclass(frozen=True, slots=True)
class Aspect:
    """One respect in which an alternative differs, with the figures."""

    key: str
    detail: Message


def weigh_up(one: Offer, other: Offer, miles: float | None) -> tuple[list[Aspect], list[Aspect]]:
    """Return in which respects ``other`` is better than ``one``, and in which worse.

    Only facts known of both and on the same terms count; what is unknown is in neither list.
    """
    better: list[Aspect] = []
    worse: list[Aspect] = []
    _weigh_price(one, other, better, worse)
    _weigh_accreditation(one, other, better, worse)
    low, high = one.score.rounded[0], other.score.rounded[0]
    if low != high:
        words = Message(
            "%(high)s of 100 is verified, against %(low)s.",
            high=f"{high:g}",
            low=f"{low:g}",
        )
        (better if high > low else worse).append(Aspect("verified", words))
    if one.practicum and other.practicum:
        if other.practicum.low > one.practicum.high:
            better.append(
                Aspect("practicum", Message("Its practicum certainly meets more checks."))
            )
        elif one.practicum.low > other.practicum.high:
            worse.append(
                Aspect("practicum", Message("Its practicum certainly meets fewer checks."))
            )
    online = [Delivery.ONLINE in offer.delivery for offer in (one, other)]
    if one.delivery and other.delivery and online[0] != online[1]:
        words = Message("It is not offered online.")
        if online[1]:
            words = Message("It can be taken online.")
        (better if online[1] else worse).append(Aspect("delivery", words))
    is_far = miles is not None and miles > NEARBY_MILES and not online[1]
    if is_far:
        worse.append(Aspect("distance", Message("It is %(n)s miles away.", n=f"{miles:,.0f}")))
    return better, worse


def _weigh_price(one: Offer, other: Offer, better: list[Aspect], worse: list[Aspect]) -> None:
    if not one.price or not other.price or one.price.terms != other.price.terms:
        return
    saved = one.price.dollars - other.price.dollars
    if saved:
        unit = Message("a %(unit)s", unit=Key(one.price.unit))
        if one.price.unit == CostUnit.PROGRAM:
            unit = Message("for the program")
        pattern = N_("%(saved)s more %(unit)s: %(price)s against %(other)s.")
        if saved > 0:
            pattern = N_("%(saved)s less %(unit)s: %(price)s against %(other)s.")
        words = Message(
            pattern,
            saved=f"${abs(saved):,.0f}",
            unit=unit,
            price=f"${other.price.dollars:,.0f}",
            other=f"${one.price.dollars:,.0f}",
        )
        (better if saved > 0 else worse).append(Aspect("price", words))


def _weigh_accreditation(
    one: Offer, other: Offer, better: list[Aspect], worse: list[Aspect]
) -> None:
    said = {
        Finding.NOT_MET: Message("known not to be accredited"),
        Finding.PARTLY_MET: Message("partly so (a candidate, or stated without a date)"),
        Finding.MET: Message("accredited by the field's accreditor"),
    }
    if one.accreditation == other.accreditation or not {one.accreditation, other.accreditation} <= (
        said.keys()
    ):
        return
    ranks = [list(said).index(offer.accreditation) for offer in (one, other)]
    words = Message(
        "It is %(this)s; the other is %(that)s.",
        this=said[other.accreditation],
        that=said[one.accreditation],
    )
    (better if ranks[1] > ranks[0] else worse).append(Aspect("accreditation", words))
