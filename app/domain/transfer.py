"""How many credits brought from elsewhere count towards an award, as far as is known."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.claims import KnownFacts, TransferClaim
from app.domain.credentials.timeline import Credits
from app.domain.evidence import Age, Subject, age_of
from app.domain.messages import Message
from app.domain.text.identifiers import fold
from app.domain.vocabulary import GRADUATE, TransferKind

AT_THE_SCHOOL = re.compile(
    r"at least (\d+)( percent)?\b.*?\b(?:at the (?:receiving |same )?(?:college|school|university)"
    r"|in residence|there)\b"
)
COMING_IN = re.compile(r"at least (\d+) (?:hours|credits)(?: of credit)? transfer")
AT_MOST = re.compile(r"(?:at most (\d+) percent|(\d+) percent (?:maximum|at most))")


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing that bears on how many credits count, and whose word it is."""

    topic: str
    text: Message
    claims: tuple[TransferClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class Transfer:
    """Bounds of the credits that count; ``most`` None where nothing bounds them.

    ``needed`` are the credits of the award. ``is_known``: a source bounds them.
    """

    counted_low: float
    counted_high: float | None
    needed: float | None
    is_known: bool
    grounds: tuple[Ground, ...]

    @property
    def left(self) -> Credits | None:
        """The credits that are left to earn; None where those of the award are not known."""
        if self.needed is None:
            return None
        high = self.needed if self.counted_high is None else self.counted_high
        most = max(self.needed - self.counted_low, 0)
        return Credits(round(max(self.needed - high, 0), 1), round(most, 1))


def find_transfer(
    facts: KnownFacts,
    agreements: Sequence[TransferClaim],
    *,
    sender: str,
    credits_: float | None,
    needed: float | None,
    today: date,
) -> Transfer:
    """Return how many credits count in a program.

    Args:
        facts: Of the program.
        agreements: Between the school where the credits come from and this one.
        sender: Name of that school; empty: not told.
        credits_: Semester credits that are brought; None: not told.
        needed: Semester credits of the award; None: not known.
        today: The day that ages are counted to.
    """
    own = _counting(facts.transfer, today)
    old = [c for c in (*facts.transfer, *agreements) if _is_stale(c, today)]
    grounds = [*_policies(own)]
    caps = [] if credits_ is None else [credits_]
    caps += [] if needed is None else [needed]
    limits: list[float] = []
    for claim in (c for c in own if c.kind == TransferKind.CREDITS_ACCEPTED):
        limit = _limit_of(claim, needed)
        if limit is not None:
            limits.append(limit)
        grounds.append(_limit_ground(claim, limit))
    low = 0.0
    for claim in _counting(agreements, today):
        least, most = _agreed(claim, needed)
        low = max(low, least)
        limits += [] if most is None else [most]
        grounds.append(_agreement_ground(claim, sender))
    if facts.award_level in GRADUATE:
        text = Message("As a rule only graduate credits count toward a graduate degree.")
        grounds.append(Ground("credits_accepted", text))
    if old:
        text = Message("What older pages say is past its time and bounds nothing here.")
        grounds.append(Ground("old", text, tuple(old)))
    bounds = [*caps, *limits]
    high = round(min(bounds), 1) if bounds else None
    return Transfer(
        counted_low=min(low, high) if high is not None else low,
        counted_high=high,
        needed=needed,
        is_known=bool(limits) or low > 0,
        grounds=tuple(grounds),
    )


def agreements_between(
    sending: Iterable[TransferClaim],
    receiving: Iterable[TransferClaim],
    *,
    sender: str,
    receiver: str,
) -> list[TransferClaim]:
    """Return the agreements of a school or program with another.

    Args:
        sending: Claims on the program where the credits come from.
        receiving: Claims on the program that they are brought to.
        sender: Name of the school or program where they come from.
        receiver: Name of the school they are brought to.
    """
    named = [c for c in sending if _is_named(c.receiving_institution, receiver)]
    named += [c for c in receiving if _is_named(c.sending_program, sender)]
    return [c for c in named if c.kind == TransferKind.ARTICULATION and c.is_offered is not False]


def _is_named(said: str | None, name: str) -> bool:
    one, other = fold(said or ""), fold(name)
    return bool(one and other) and (one in other or other in one)


def _is_stale(claim: TransferClaim, today: date) -> bool:
    return age_of(claim.as_of, Subject.TRANSFER, today) is Age.STALE


def _counting(claims: Iterable[TransferClaim], today: date) -> list[TransferClaim]:
    return [claim for claim in claims if not _is_stale(claim, today)]


def _policies(claims: Sequence[TransferClaim]) -> list[Ground]:
    policies = [c for c in claims if c.kind == TransferKind.POLICY]
    prior = {TransferKind.PRIOR_LEARNING, TransferKind.STACKABLE}
    learned = [c for c in claims if c.kind in prior and c.is_offered]
    grounds = []
    if policies:
        text = Message("The school publishes how it counts credits; the page decides.")
        if all(c.is_offered is False for c in policies):
            text = Message("A source says that no transfer policy is published.")
        grounds.append(Ground("transfer_policy", text, tuple(policies)))
    if learned:
        text = Message("Prior learning or a shorter certificate may count too.")
        grounds.append(Ground("prior_learning", text, tuple(learned)))
    return grounds


def _limit_of(claim: TransferClaim, needed: float | None) -> float | None:
    """Return the most credits that a statement lets in; None where it bounds nothing."""
    if claim.is_offered is False:
        return 0.0
    if claim.credits_max is not None:
        return claim.credits_max
    return _limit_in_words(f"{claim.as_stated or ''} {claim.note or ''}", needed)


def _limit_in_words(words: str, needed: float | None) -> float | None:
    if needed is None:
        return None
    if match := AT_THE_SCHOOL.search(words):
        number = float(match[1])
        return needed * (1 - number / 100) if match[2] else max(needed - number, 0)
    if match := AT_MOST.search(words):
        return needed * float(match[1] or match[2]) / 100
    return None


def _agreed(claim: TransferClaim, needed: float | None) -> tuple[float, float | None]:
    """Return the least and the most credits that an agreement names."""
    words = f"{claim.as_stated or ''} {claim.note or ''}"
    match = COMING_IN.search(words)
    most = claim.credits_max
    if most is None:
        most = _limit_in_words(words, needed)
    return float(match[1]) if match else 0.0, most


def _limit_ground(claim: TransferClaim, limit: float | None) -> Ground:
    if limit is None:
        text = Message("A limit is stated in words that bound nothing in figures.")
    elif claim.is_offered is False:
        text = Message("A source says that no credits are accepted.")
    else:
        text = Message("At most %(n)s credits are accepted, as a source says.", n=f"{limit:g}")
    return Ground("credits_accepted", text, (claim,))


def _agreement_ground(claim: TransferClaim, sender: str) -> Ground:
    text = Message("An agreement with %(other)s: ask which courses it covers.", other=sender)
    if claim.receiving_program:
        text = Message(
            "An agreement with %(other)s, into %(program)s: ask whether that is this program, and "
            "which courses it covers.",
            other=sender,
            program=claim.receiving_program,
        )
    return Ground("articulation", text, (claim,))
