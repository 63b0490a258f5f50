"""The checks of all rubrics: from claims to findings, each with its rule in one sentence."""

from collections.abc import Callable, Mapping
from datetime import date

from app.domain.accreditors import Remits
from app.domain.checklist import accreditation, practicum, prices, transfer
from app.domain.checklist.accreditors import ProgramReading
from app.domain.checklist.results import CheckResult
from app.domain.checklist.rubric import Policy, Rubric
from app.domain.claims import KnownFacts

Rule = Callable[[ProgramReading, str], CheckResult]

RULES: Mapping[str, Rule] = {
    **accreditation.RULES,
    **prices.RULES,
    **transfer.RULES,
    **practicum.RULES,
}
"""Check key -> rule. One that is to change gets a key of its own: published scores rest on it."""


def find_all(facts: KnownFacts, rubric: Rubric, today: date, remits: Remits) -> list[CheckResult]:
    """Return the result of every check that a rubric has, in its order.

    Claims count by their age on ``today``: in full within shelf life, else as the policy of the
    rubric has it. Statements about the program lead those about the institution as a whole.
    """
    read = ProgramReading(facts, today, rubric.policy, remits)
    return [RULES[key](read, key) for key in rubric.check_keys]


def find_one(
    facts: KnownFacts, key: str, policy: Policy, today: date, remits: Remits
) -> CheckResult:
    """Return the result of one check, whether a rubric has it or not."""
    return RULES[key](ProgramReading(facts, today, policy, remits), key)


def require_rules(rubric: Rubric) -> Rubric:
    """Return a rubric that can be scored.

    Raises:
        ValueError: It has checks that no rule is known for.
    """
    if unknown := [key for key in rubric.check_keys if key not in RULES]:
        raise ValueError(f"rubric {rubric.version}: no rule is known for {', '.join(unknown)}")
    return rubric
