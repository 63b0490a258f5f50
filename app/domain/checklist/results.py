"""Results of checks: the finding of each, why, and answers of a caller in their place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.domain.claims import ProgramClaim
from app.domain.messages import Message
from app.domain.vocabulary import Finding


@dataclass(slots=True)
class CheckResult:
    """The finding of one check, the rule that gave it, and the claims it rests on."""

    key: str
    finding: Finding
    reason: Message
    evidence: list[ProgramClaim] = field(default_factory=list)
    is_stale: bool = False
    said: Finding | None = None
    """What an unconfirmed statement would come to if it were confirmed."""
    question: Message | None = None
    """What to ask of this program, where that is not the question of the rubric as it stands."""
    applies_if: Message | None = None
    """On what it depends whether the check applies at all, where that is not known."""


def findings_of(results: Iterable[CheckResult]) -> dict[str, Finding]:
    """Return check key -> finding."""
    return {result.key: result.finding for result in results}


def said_in(results: Iterable[CheckResult]) -> dict[str, Finding]:
    """Return check key -> what is said, of those checks on which a statement is unconfirmed."""
    return {result.key: result.said for result in results if result.said is not None}


ANSWERED = Message("Answered by the caller.")

NOT_ANSWERED = Message("Not answered.")


def answered(
    results: Iterable[CheckResult], answers: Mapping[str, Finding] | None
) -> list[CheckResult]:
    """Return results with a caller's answers in the place of what the catalogue knows.

    An answer of unknown is none: it takes nothing away that is known. Nor does a no where the
    school as a whole publishes something: that stays as it is.
    """
    given = answers or {}
    return [_answered(result, given.get(result.key, Finding.UNKNOWN)) for result in results]


def _answered(result: CheckResult, answer: Finding) -> CheckResult:
    if answer is Finding.UNKNOWN:
        return result
    if result.finding is Finding.PARTLY_KNOWN and answer is Finding.NOT_MET:
        reason = Message(
            "Answered by the caller; what is known of the whole school holds: %(reason)s",
            reason=result.reason,
        )
        return CheckResult(result.key, Finding.PARTLY_MET, reason, result.evidence)
    said = Finding.MET if answer is Finding.UNCONFIRMED else None
    return CheckResult(result.key, answer, ANSWERED, said=said)
