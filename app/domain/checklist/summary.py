"""What a checklist comes to, in one sentence to read aloud, and what to ask first."""

from collections.abc import Sequence

from app.domain.checklist.results import CheckResult, findings_of
from app.domain.checklist.rubric import Rubric
from app.domain.checklist.scoring import points_at_stake
from app.domain.messages import Listing, Message
from app.domain.vocabulary import Finding


def summarise(rubric: Rubric, results: Sequence[CheckResult]) -> Message:
    """Return what is verified, what is known not to be so, and how much is left to ask."""
    labels: dict[Finding, list[Message]] = {finding: [] for finding in Finding}
    for criterion in rubric.criteria:
        for check in criterion.checks:
            found = next((r.finding for r in results if r.key == check.key), Finding.UNKNOWN)
            labels[found].append(Message(check.label))
    every = sum(len(named) for found, named in labels.items()) - len(labels[Finding.NOT_APPLICABLE])
    left = sum(len(labels[found]) for found in rubric.policy.open_findings)
    met = labels[Finding.MET]
    parts = [
        Message(
            "Verified: %(n)s of %(of)s checks (%(checks)s)",
            n=len(met),
            of=every,
            checks=Listing(", ", met),
        )
        if met
        else Message("Verified: none of %(of)s checks", of=every)
    ]
    if general := labels[Finding.PARTLY_KNOWN]:
        parts.append(Message("known for the school as a whole: %(checks)s", checks=_list(general)))
    if half := labels[Finding.PARTLY_MET]:
        parts.append(Message("partly so: %(checks)s", checks=_list(half)))
    if said := labels[Finding.UNCONFIRMED]:
        parts.append(Message("said, but not confirmed: %(checks)s", checks=_list(said)))
    if absent := labels[Finding.NOT_MET]:
        parts.append(Message("known not to be so: %(checks)s", checks=_list(absent)))
    else:
        parts.append(Message("nothing is known to be otherwise"))
    parts.append(
        Message("%(n)s still to be asked about", n=left)
        if left
        else Message("nothing is left to ask")
    )
    return Listing("", (Listing("; ", parts), "."))


def _list(labels: Sequence[Message]) -> Listing:
    return Listing(", ", labels)


def to_ask(rubric: Rubric, results: Sequence[CheckResult]) -> list[CheckResult]:
    """Return the results that leave something to ask: by the points that an answer can settle.

    Of equals, what somebody says already comes first, then the order of the rubric.
    """
    stakes = points_at_stake(rubric, findings_of(results))
    asked = [result for result in results if result.key in stakes]
    return sorted(
        asked,
        key=lambda result: (-round(stakes[result.key], 9), result.finding is Finding.UNKNOWN),
    )
