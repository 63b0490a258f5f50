"""What many programs share: their sources, the credentials they lead to, and prices of peers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.cost.prices import HeadlinePrice
from app.domain.cost.total_cost import Target
from app.domain.credentials.leads_to import ExamRules


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """Where a source is read, and who speaks in it."""

    url: str | None
    basis: str


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask, and whom."""

    ask: str
    whom: str


@dataclass(frozen=True, slots=True)
class CredentialRecord:
    """A credential as the cost of a program needs it.

    ``opened_by`` are the awards that a deciding route to its exam names; ``questions`` has, by the
    part of the total cost, what is kept on file to ask where nobody prices it.
    """

    issuer: str
    target: Target
    opened_by: frozenset[str]
    questions: Mapping[str, Question]


@dataclass(frozen=True, slots=True)
class Peers:
    """Bounds of the lowest fifth among programs of a kind; None where too few are known."""

    price_cents: int | None = None
    months: float | None = None


@dataclass(frozen=True, slots=True)
class PeerBounds:
    """The bounds of every kind of program: ``app.domain.peers``.

    Of prices by residency, kind, unit and level, of months by kind.

    Prices compare only with prices of the same unit and level that the same people pay.
    """

    price_bounds: Mapping[str, Mapping[str, Mapping[str, Mapping[str, int]]]] = field(
        default_factory=dict
    )
    months: Mapping[str, float] = field(default_factory=dict)

    def of(self, kind: str | None, price: HeadlinePrice | None, residency: str) -> Peers:
        """Return the bounds for a program of a kind and with a price, for a residency."""
        if kind is None:
            return Peers()
        by_unit = self.price_bounds.get(residency, {}).get(kind, {})
        return Peers(
            price_cents=by_unit.get(price.unit, {}).get(price.level) if price else None,
            months=self.months.get(kind),
        )


@dataclass(frozen=True, slots=True)
class SharedFacts:
    """Sources by key, credentials by code, the code of every folded name, and peers by award.

    ``exams`` are the rules of the exams that programs are judged by, by credential. ``boards`` has
    kind -> the places of its programs by score (``app.domain.peers``). ``field_programs`` has cell
    -> how many listed programs the figures of a field count together
    (``app.domain.field_outcomes``).
    """

    sources: Mapping[str, SourceRecord]
    credentials: Mapping[str, CredentialRecord]
    codes: Mapping[str, str]
    peers: PeerBounds = field(default_factory=PeerBounds)
    exams: Mapping[str, ExamRules] = field(default_factory=dict)
    boards: Mapping[str, Sequence[tuple[float, float, int]]] = field(default_factory=dict)
    field_programs: Mapping[str, int] = field(default_factory=dict)
