"""Whether a program can be completed at a distance, beside what its school says of the teaching."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.claims import OnlineCompletionClaim, ProgramClaim
from app.domain.evidence import Age, to_span
from app.domain.vocabulary import Delivery, OnlineAnswer


@dataclass(frozen=True, slots=True)
class OnlineCompletion:
    """What the newest survey says of a program, and how it stands to what its school says.

    ``leads`` is False where a newer statement tells where the teaching takes place, and
    ``is_contradicted`` says whether the two do not agree: both stand.
    """

    claim: OnlineCompletionClaim
    leads: bool
    is_contradicted: bool
    is_stale: bool

    @property
    def is_possible(self) -> bool:
        """Whether at least one program of its code and award could be completed online."""
        return self.claim.completion_online != OnlineAnswer.NONE


def find_online_completion(
    answers: Sequence[OnlineCompletionClaim],
    modes: Collection[str],
    told: Collection[ProgramClaim],
    day: date,
) -> OnlineCompletion | None:
    """Return the answer that leads; None: no survey has a row of the program.

    Args:
        answers: Of surveys, the leading one first.
        modes: How it is taught by the statements that still count.
        told: These statements.
        day: The day that ages are counted to.
    """
    if not answers:
        return None
    claim = answers[0]
    is_stale = claim.age_on(day) is Age.STALE
    possible = claim.completion_online != OnlineAnswer.NONE
    return OnlineCompletion(
        claim,
        leads=not modes or _is_newer(claim, told, is_stale=is_stale),
        is_contradicted=bool(modes) and possible != (Delivery.ONLINE in modes),
        is_stale=is_stale,
    )


def _is_newer(
    claim: OnlineCompletionClaim, told: Collection[ProgramClaim], *, is_stale: bool
) -> bool:
    """Return whether an answer is newer than statements; one past its shelf life is not."""
    asked = to_span(claim.as_of)
    if is_stale or asked is None:
        return False
    spans = [span for one in told if (span := to_span(one.as_of))]
    return all(asked.last > span.last for span in spans)
