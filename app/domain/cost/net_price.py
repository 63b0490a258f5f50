"""What students of a school paid on average after grants: a figure to know, and no price.

It is of aided first-time students of the whole school, so it is never part of a total or a score.
"""

from datetime import date

from app.domain.claims import KnownFacts, OutcomeClaim
from app.domain.evidence import Age
from app.domain.messages import N_
from app.domain.vocabulary import GRADUATE, OutcomeMetric

AIDED = N_("aided undergraduates")
"""Whom the average is of: full-time first-time students with a grant, who at public schools pay as
residents."""

INCOMES = (
    N_("aided; family income 0-30000"),
    N_("aided; family income 30001-48000"),
    N_("aided; family income 48001-75000"),
    N_("aided; family income 75001-110000"),
    N_("aided; family income 110001 or more"),
)
"""The same by income. College Scorecard dictionary, NPT41 to NPT45."""


def find_net_price(facts: KnownFacts, day: date) -> OutcomeClaim | None:
    """Return the average net price at the school of a program; None: not told, or too old.

    No first-time student begins with an award for graduates of another, so it says nothing there.
    """
    if facts.award_level in GRADUATE:
        return None
    return next(
        (
            claim
            for claim in facts.outcomes
            if claim.metric == OutcomeMetric.NET_PRICE
            and claim.cohort == AIDED
            and claim.value is not None
            and claim.age_on(day) is not Age.STALE
        ),
        None,
    )
