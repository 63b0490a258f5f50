"""How claims are read: which counts on a day, which leads, and what it comes to by a policy."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import methodcaller
from typing import TypeVar

from app.domain.accreditors import Remits
from app.domain.checklist.results import CheckResult
from app.domain.checklist.rubric import Policy
from app.domain.claims import AccreditationClaim, CostClaim, KnownFacts, ProgramClaim
from app.domain.evidence import Age, age_of
from app.domain.messages import Message
from app.domain.vocabulary import Finding, Level

Claim = TypeVar("Claim", bound=ProgramClaim)


UNDATED = Message("(undated, so at most partly met)")

WITHOUT_DATE = Message("(undated)")


@dataclass(frozen=True)
class Reading:
    """The claims on one program on one day, read by the policy of a version of the rubric."""

    facts: KnownFacts
    day: date
    policy: Policy
    remits: Remits

    def age(self, claim: ProgramClaim) -> Age:
        """Return how far a claim can be trusted."""
        if self.policy.keeps_running_terms:
            return claim.age_on(self.day)
        through = claim.through_year if isinstance(claim, AccreditationClaim) else None
        if through is not None and through < self.day.year:
            return Age.STALE
        return age_of(claim.as_of, claim.subject, self.day)

    def is_undated(self, claim: ProgramClaim) -> bool:
        """Return whether nothing tells when a claim was made."""
        return self.age(claim) is Age.UNDATED

    def part(self, claims: Sequence[Claim]) -> tuple[list[Claim], list[Claim]]:
        """Part claims that a check may rest on from stale ones, the leading ones first in both.

        Where a version still tells what is past its shelf life, a check rests on it if there is
        nothing else.
        """
        usable, stale = _sort(claims, self.age)
        if self.policy.dated_statements_lead:
            usable.sort(key=self.is_undated)
        if not usable and self.policy.stale is not Finding.UNKNOWN:
            return sorted(stale, key=is_wide), []
        return usable, stale

    def weigh(
        self,
        key: str,
        said: Finding,
        leader: ProgramClaim,
        reason: Message,
        evidence: Sequence[ProgramClaim],
    ) -> CheckResult:
        """Return the result of a check by what a claim says and how far it can be trusted.

        A no is a no without a date, too; leaving a date out never pays.
        """
        age, finding = self.age(leader), said
        if age is Age.STALE:
            finding = self.policy.stale
        elif age is Age.UNDATED and said is not Finding.NOT_MET:
            finding = self.policy.undated
        is_open = finding is Finding.UNCONFIRMED
        said = Finding.MET if said is Finding.UNCONFIRMED else said
        return CheckResult(
            key, finding, reason, list(evidence), age is Age.STALE, said if is_open else None
        )

    def dated(self, claim: ProgramClaim) -> str:
        """Return the date of a claim in brackets, and whether it counts for less for it."""
        age = self.age(claim)
        if age is Age.STALE:
            return Message(
                "(%(as_of)s, too old to count in full)", as_of=claim.as_of or _term(claim)
            )
        if claim.as_of is not None:
            return f"({claim.as_of})"
        if age is Age.FRESH:
            return f"({_term(claim)})"
        return UNDATED if self.policy.undated is Finding.PARTLY_MET else WITHOUT_DATE


def _term(claim: ProgramClaim) -> str:
    """Return the years that an accreditation names, where its page bears no date."""
    if not isinstance(claim, AccreditationClaim):
        return ""
    ends = claim.ended_on or claim.through_year or claim.expires_on or claim.next_review or ""
    return f"{claim.began_on or claim.awarded_on or claim.effective_on or ''}–{ends}"


def _sort(
    claims: Sequence[Claim], age: Callable[[ProgramClaim], Age]
) -> tuple[list[Claim], list[Claim]]:
    """Part claims that count from stale ones, both in order, those on the program itself first."""
    usable: list[Claim] = []
    stale: list[Claim] = []
    for claim in claims:
        (stale if age(claim) is Age.STALE else usable).append(claim)
    if len(usable) > 1:
        usable.sort(key=is_wide)
    return usable, stale


def leading_first(claims: Sequence[Claim], today: date) -> list[Claim]:
    """Return claims of one kind, known on a day and in order, as the checklist takes them.

    Fresh ones stand before stale ones, and among either the program's before the school's.
    """
    usable, stale = _sort(claims, methodcaller("age_on", today))
    return [*usable, *sorted(stale, key=is_wide)]


def dated_first(claims: Iterable[Claim], today: date) -> list[Claim]:
    """Return claims that stand leading first with fresh dated ones before undated ones.

    So a dated statement outweighs an undated one of a better-placed sayer, whatever its level.
    """
    ages = [Age.FRESH, Age.UNDATED, Age.STALE, Age.FUTURE]
    return sorted(claims, key=lambda claim: ages.index(claim.age_on(today)))


def is_stale(claim: ProgramClaim, today: date) -> bool:
    """Return whether a claim is too old to count, or speaks of an accreditation run out."""
    return claim.age_on(today) is Age.STALE


def is_wide(claim: ProgramClaim) -> bool:
    """Whether a claim speaks of the whole institution."""
    return claim.level == Level.INSTITUTION or (
        isinstance(claim, CostClaim) and claim.is_institution_wide
    )


def none_usable(key: str, what: Message, stale: Sequence[ProgramClaim]) -> CheckResult:
    """Return that a check is unknown: nobody tells it, or only stale claims do."""
    if stale:
        newest = stale[0]
        when = f" ({newest.as_of})" if newest.as_of else ""
        return CheckResult(
            key,
            Finding.UNKNOWN,
            Message("What is known of %(what)s is too old to count%(when)s.", what=what, when=when),
            list(stale[:3]),
            is_stale=True,
        )
    return CheckResult(
        key, Finding.UNKNOWN, Message("No source in the catalog tells %(what)s.", what=what)
    )
